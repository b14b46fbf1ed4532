"""Every error that can be raised has its sentence, and every sentence has its facts."""

from __future__ import annotations

import ast
import errno
import os
import re
import string
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

import fifthfloor_theatre
from fifthfloor import words
from fifthfloor.audit.finding import STATES, Finding, Place
from fifthfloor.audit.page import page
from fifthfloor.audit.report import Report, document
from fifthfloor.errors import reason_of
from fifthfloor.metadata.brands import KIND_OF_BRAND
from fifthfloor.metadata.endings import KIND_OF
from fifthfloor.words import essay, finding, review, verify
from fifthfloor.words.lines.audit import lines

SOURCE = Path(__file__).parent.parent / "src" / "fifthfloor"
THEATRE = Path(fifthfloor_theatre.__file__).parent
MANUAL = Path(__file__).parent.parent / "tools/release/man.py"
# Two small words beside each other: English for a person, or one of the allowed below.
PROSE = re.compile(r"(?<![\w/<.=-])[A-Za-z'’]{2,},? [a-z]{2,}(?![\w=/])")
OWN_MISTAKES = {"ValueError", "TypeError", "RuntimeError", "AssertionError", "NotImplementedError", "LookupError"}
# file of `src/fifthfloor` -> why its text is not for a translator
ALLOWED = {
    "audit/accounts.py": "what programs write into unused parts of films",
    "audit/asserted.py": "what programs call the parts of a manifest",
    "audit/card_names.py": "a folder that has no name any more, in the `path` of the report, which programs read",
    "audit/catalogues.py": "SQL",
    "audit/film_words.py": "names of texts in films, and what programs write there",
    "audit/of_programs.py": "endings of source texts, and folders of programs",
    "audit/page.py": "HTML and style",
    "audit/profile_texts.py": "words of colour profiles",
    "audit/property_kinds.py": "what programs call their properties",
    "audit/written_by_itself.py": "what cameras and programs write of themselves",
    "cli/formatter.py": "what click writes, to say it in our words",
    "cli/usage.py": "what click says, to find what was typed",
    "essay/caution.py": "patterns of what essays say, in many languages",
    "essay/style.py": "style",
    "essay/written_xmp.py": "XMP",
    "fifthfloor_theatre/journey/shot_exif.py": "what the drawn photographs' software calls itself, in Exif",
    "fifthfloor_theatre/journey/scenes.py": "captions in the sidecars of drawn photographs, and XMP",
    "floor/raptor/decoder.py": "an error of ours, under a name of its own",
    "identity.py": "the first line of a format (spec/statement.md)",
    "jpeg/canonical.py": "names of colours in code",
    "jpeg/frame.py": "names of colours in code",
    "metadata/editors.py": "what programs write of themselves",
    "metadata/endings.py": "the name of a folder that Windows makes",
    "metadata/parts.py": "what files call their parts, in the `note` of the report, which programs read",
    "metadata/text.py": "what Python's decoder says",
    "redact/hidden_parts.py": "a state's name in review.html and the file of boxes",
    "redact/prepare.py": "a fact in the statement, signed",
    "statement/c2pa.py": "a text in the manifest, signed",
    "statement/claims.py": "words of the format (spec/statement.md)",
    "statement/timestamp.py": "the first line of a format (spec/statement.md)",
    "tasks/trace/store.py": "SQL",
    "tasks/people/approve.py": "a word of the format (spec/statement.md)",
    "tasks/phrase_lists.py": "words that passphrases are made of, in many languages",
}
PHRASE = re.compile(r"[a-z_]+\.what\.[a-z0-9_]+")
# Lists of the two tables of the trade, and the kinds that one of them gives to names.
LISTED = {*KIND_OF, *(brand.decode().strip() for brand in KIND_OF_BRAND)}
KINDS_OF_NAMES = {*KIND_OF.values()}
KINDS = {"BadInput", "NothingFound", "NoRoom", "DeviceRefused"}


def raised() -> dict[str, set[str]]:
    """Map each error key in the source to the facts every raiser of it gives."""
    found: dict[str, set[str]] = {}
    for file in (*SOURCE.rglob("*.py"), *THEATRE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or file.name == "bearing.py":  # it hands on what `fault` was given
                continue
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called not in KINDS | {"fault", "light_fault"}:
                continue
            first = node.args[0]
            assert isinstance(first, ast.Constant), f"{file}:{node.lineno}: the key must be written out"
            assert isinstance(first.value, str), f"{file}:{node.lineno}"
            facts = {keyword.arg for keyword in node.keywords if keyword.arg}
            found[first.value] = found.get(first.value, facts) & facts
    return found


def test_every_error_has_words_and_gives_the_facts_they_name() -> None:
    for key, facts in raised().items():
        assert key in words.ERRORS, f"{key} has no words"
        named = {field for text in words.ERRORS[key] for _, field, _, _ in string.Formatter().parse(text) if field}
        assert named <= facts, f"{key} names {named - facts}, which a raiser does not give"


def test_every_error_sentence_is_raised_and_written_as_the_rule_says() -> None:
    said = raised()
    for key, (cause, hint) in words.ERRORS.items():
        assert key in said or key in ("cli.system", "cli.mistake", "cli.extra_missing"), f"nobody raises {key}"
        for text in (cause, hint):
            assert text, key
            assert not text.endswith("."), key
            assert text[0] == "{" or text[0] == text[0].lower(), key


def test_every_phrase_that_is_a_fact_has_its_words_and_they_name_what_is_given() -> None:
    """`what="jpeg.what.no_picture"`: the sentence about a fault has no English in its facts."""
    used = set()
    for file in SOURCE.rglob("*.py"):
        if "words" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and PHRASE.fullmatch(node.value):
                used.add(node.value)
            if isinstance(node, ast.Call) and ast.unparse(node.func) in KINDS | {"broken", "_odd"}:
                given = {keyword.arg for keyword in node.keywords}
                for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                    key = argument.value if isinstance(argument, ast.Constant) else None
                    if isinstance(key, str) and PHRASE.fullmatch(key):
                        named = {field for _, field, _, _ in string.Formatter().parse(words.SENTENCES[key]) if field}
                        assert named <= given, f"{file}:{node.lineno}: {key} names {named - given}"
    assert used == {key for key in words.SENTENCES if PHRASE.fullmatch(key)}


# Facts that are what a person typed or may type, and what a library calls a fault.
TYPED = {"field", "given", "line", "device", "extra"}
LIBRARY_SAYS = {"FloatingPoint"}


def english_in(call: ast.Call) -> list[str]:
    """Find words that a raiser gives as facts, and that no translator would see."""
    values = [keyword.value for keyword in call.keywords if keyword.arg not in TYPED]
    words_of = [text for value in values for text in texts_of(value, {}) if re.search(r"[A-Za-z]{3}", text)]
    return [text for text in words_of if text not in words.SENTENCES and text not in LIBRARY_SAYS]


Bound = dict[str, list[ast.expr]]


def texts_of(value: ast.expr, bound: Bound, seen: frozenset[str] = frozenset()) -> list[str]:
    """Return the texts that an expression may be, or be made of: what a condition or a key is made of is none."""
    if isinstance(value, ast.Constant):
        return [value.value] if isinstance(value.value, str) else []
    if isinstance(value, ast.Name) and value.id not in seen:
        return [text for one in bound.get(value.id, []) for text in texts_of(one, bound, seen | {value.id})]
    return [text for one in _made_of(value) for text in texts_of(one, bound, seen)]


def _made_of(value: ast.expr) -> Sequence[ast.expr]:
    match value:
        case ast.IfExp():
            return [value.body, value.orelse]
        case ast.BoolOp() | ast.JoinedStr() | ast.Dict():
            return value.values
        case ast.BinOp():
            return [value.left, value.right]
        case ast.List() | ast.Tuple() | ast.Set():
            return value.elts
        case ast.FormattedValue() | ast.NamedExpr() | ast.Starred() | ast.Subscript() | ast.DictComp():
            return [value.value]
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp():
            return [value.elt]
        case ast.Call(func=ast.Attribute(attr="join" | "lower" | "upper" | "format", value=text)):
            return [text, *value.args]
        case ast.Call(func=ast.Attribute(attr="get"), args=[_, otherwise]):
            return [otherwise]
        case ast.Call(func=ast.Name(id="str" | "sorted" | "set" | "list" | "next")):
            return value.args
    return []


def _bound_in(tree: ast.AST) -> Bound:
    """Map each name to what is put into it."""
    bound: Bound = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.NamedExpr) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                bound.setdefault(ast.unparse(target), []).append(node.value)
        elif isinstance(node, ast.For):
            bound.setdefault(ast.unparse(node.target), []).append(node.iter)
    return bound


# What is the same in every language: names of files and the command's own.
NO_WORDS = {"fifthfloor", "review.html"}


def small_words(tree: ast.Module) -> list[str]:
    """Find words that are handed to `sentence(...)`, said as they are, or the title of a step in a bar."""
    top = _bound_in(ast.Module([one for one in tree.body if not isinstance(one, ast.FunctionDef | ast.ClassDef)], []))
    found = []
    for room in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        bound = {**top, **_bound_in(room)}
        for call in [node for node in ast.walk(room) if isinstance(node, ast.Call)]:
            called = ast.unparse(call.func).rpartition(".")[2]
            handed = [keyword.value for keyword in call.keywords] if called in ("sentence", "error") else []
            said = call.args[:1] if called in ("note", "detail", "again", "echo", "confirm", "progress", "step") else []
            found += [text for value in (*handed, *said) for text in texts_of(value, bound)]
    letters = [text for text in found if re.search(r"[^\W\d_]{2}", text) and text not in NO_WORDS]
    return [text for text in letters if "." not in text or not any(key.startswith(text) for key in words.SENTENCES)]


def test_no_small_word_is_handed_to_a_sentence() -> None:
    """ "{path}: {what}" is no translation where `what` is "image"."""
    found = {}
    for file in sorted([*SOURCE.rglob("*.py"), *THEATRE.rglob("*.py")]):
        if stray := small_words(ast.parse(file.read_text(encoding="utf-8"))):
            found[file.name] = stray
    assert not found


@pytest.mark.parametrize(
    "line",
    ["sentence('a.b', what='image')", "sentence('a.b', what=maker or 'image')", "x = 'image'; sentence('a.b', what=x)",
     "sentence('a.b', **{'what': 'image'})", "sentence('a.b', names=f'{first} to {last}')", "note(f'{n} cards')",
     "sentence('a.b', kind=KINDS.get(kind, 'card'))", "progress('photographs', 3)", "KIND = 'card'; say.note(KIND)"],
)  # fmt: skip
def test_a_small_word_is_found(line: str) -> None:
    assert small_words(ast.parse(f"def f():\n    {line}\n"))


def test_what_a_system_refuses_with_has_words() -> None:
    """Python hands on what the system calls it, in the language of the system."""
    for number in (errno.ENOENT, errno.EACCES, errno.EISDIR, errno.ENOSPC, errno.EIO, errno.EROFS, errno.EBUSY):
        key = reason_of(OSError(number, "GESAGT"))
        assert words.SENTENCES[key] == os.strerror(number).lower()
        assert words.error("cli.system", {"reason": key})[0] == f"the system refused: {os.strerror(number).lower()}"
    assert reason_of(OSError(9999, "GESAGT")) == "gesagt"
    of_windows = OSError(errno.EACCES, "Die Datei wird benutzt")
    of_windows.winerror = 32  # type: ignore[attr-defined,unused-ignore]
    assert reason_of(of_windows) == "die datei wird benutzt"


def test_no_fact_of_an_error_is_an_english_word() -> None:
    """ "{path} may not be opened for {doing}" needs `doing` to be a phrase, or a translation says "writing" in it."""
    found = {}
    for file in (*SOURCE.rglob("*.py"), *THEATRE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            raises = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in KINDS | {
                "fault",
                "light_fault",
                "broken",
            }
            if isinstance(node, ast.Call) and raises and (stray := english_in(node)):
                found[f"{file}:{node.lineno}"] = stray
    assert not found


def test_a_phrase_is_filled_with_the_facts_of_its_sentence() -> None:
    facts: dict[str, str | int | float] = {"what": "jpeg.what.width", "width": 0, "components": 3}
    assert words.error("jpeg.broken", facts)[0] == "the file is broken: 0 pixels wide, 3 components"
    assert words.error("cli.system", {"reason": "disk\x1b[2J full"})[0] == "the system refused: disk\\x1b[2J full"


def test_each_prefix_of_keys_has_one_file_of_its_name() -> None:
    files = {file.stem for file in (SOURCE / "words").glob("*.py")} - {"__init__", "form", "installed"}
    folders = {file.parent.name for file in (SOURCE / "words").glob("*/__init__.py")} - {"lines"}
    assert files | folders == set(words.AREAS)
    for area in words.AREAS:
        module = import_module(f"fifthfloor.words.{area}")
        for key in (*module.ERRORS, *module.SENTENCES):
            assert key.partition(".")[0] == area, f"words/{area}.py: {key}"


def test_each_kind_of_finding_has_one_file_of_its_name() -> None:
    assert {file.stem for file in (SOURCE / "words/finding").glob("*.py")} == {"__init__", *finding.SUBJECTS}
    for kind in finding.SUBJECTS:
        for key in import_module(f"fifthfloor.words.finding.{kind}").SAID:
            assert key.partition(".")[0] == kind, f"words/finding/{kind}.py: {key}"


def strays(tree: ast.Module) -> list[ast.Constant]:
    """Find text for people outside of the words: not docstrings, nor what our own mistakes say to us."""
    nobody_reads: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            nobody_reads.add(id(node.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in OWN_MISTAKES:
            nobody_reads.update(map(id, ast.walk(node)))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and PROSE.search(node.value)
        if id(node) not in nobody_reads
        if node.value not in KINDS_OF_NAMES and not LISTED.issuperset(node.value.split())
    ]


def test_no_sentence_for_a_person_stands_outside_of_the_words() -> None:
    found: dict[str, list[tuple[int, object]]] = {}
    for file in sorted([*SOURCE.rglob("*.py"), *THEATRE.rglob("*.py"), MANUAL]):
        if "words" not in file.parts and file != THEATRE / "words.py":
            for node in strays(ast.parse(file.read_text(encoding="utf-8"))):
                where = next(
                    file.relative_to(root)
                    for root in (SOURCE, THEATRE.parent, MANUAL.parent)
                    if file.is_relative_to(root)
                )
                found.setdefault(where.as_posix(), []).append((node.lineno, node.value))
    assert {name: said for name, said in found.items() if name not in ALLOWED} == {}
    assert not ALLOWED.keys() - found.keys(), "allowed, and nothing is there"


# Names that no language writes otherwise, as one word: systems, makers and programs, and words of formats.
NAMES = {
    "Linux", "Windows", "Android", "Btrfs", "Canon", "Lightroom", "Shotwell", "Firefox", "Chromium", "Safari",
    "Person", "Place", "City",  # schema.org
    "Valid", "Trusted",  # states of C2PA
    "Options", "Commands",  # what click writes, to say it in our words
}  # fmt: skip
WORD = re.compile(r"\s*[A-Z][a-z]{2,}[.:!?…]?\s*")
TYPES = ("Literal", "TypeVar", "ParamSpec", "NamedTuple")


def single_words(tree: ast.Module) -> list[str]:
    """Find texts that are one word with a capital, as a heading, an answer or a title would be."""
    no_texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        of = node.value if isinstance(node, ast.Subscript) else node.func if isinstance(node, ast.Call) else None
        if of is not None and ast.unparse(of).rpartition(".")[2] in TYPES:
            no_texts.update(map(id, ast.walk(node)))
    # Names of types in quotes, as they stand where one is not defined yet.
    own = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    own |= {one.asname or one.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for one in node.names}
    own |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WORD.fullmatch(node.value)
        if id(node) not in no_texts and node.value not in own and node.value not in NAMES
    ]


def test_no_single_word_for_a_person_stands_outside_of_the_words() -> None:
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        if "words" not in file.parts and (stray := single_words(ast.parse(file.read_text(encoding="utf-8")))):
            found[file.relative_to(SOURCE).as_posix()] = stray
    assert not found


@pytest.mark.parametrize("line", ["title = name or 'Untitled'", "say('Done.')", "rows = [('Photograph', 1)]"])
def test_a_stray_word_is_found(line: str) -> None:
    assert single_words(ast.parse(line))


FILLED = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
NOT_SHOWN = re.compile(r"<script.*?</script>|<style.*?</style>|<!--.*?-->|<code>.*?</code>|<[^>]*>", re.DOTALL)
OWN_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
READ_ALOUD = re.compile(r"""\b(?:aria-label|alt|title|placeholder|lang|data-[a-z]+)=(?:"([^"{]+)"|'([^'{]+)')""")
KEY_NAMES = {"Esc"}
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?:^|\s)//[^\n]*", re.DOTALL)
# What a script throws is a mistake of ours, or goes by its `key`; none shows its text (below).
THROWN = re.compile(r'new (?:Error|TypeError)\("[^"]*"\)')
SAID_IN_SCRIPT = re.compile(r'"([^"\\\n]*)"|`([^`]*)`')
# Words of browsers and of formats: states in a statement (spec/statement.md) and in the file of boxes.
NO_SPEECH = {
    "use strict", "main form:not(.piece)", "#parts input[name=0]", "verdict open", "fifthfloor review",
    "taken back", "looked at", "not yet approved", "looked at by nobody", "cmyk adobe", "cmyk plain",
    "fifthfloor statement 1", "fifthfloor statement 2", "fifthfloor statement 3",
}  # fmt: skip


def spoken_by(script: str) -> list[str]:
    """Return the prose that stands in a script as a text."""
    bare = THROWN.sub("", SCRIPT_COMMENT.sub("", script))
    texts = [re.sub(r"\$\{[^}]*\}", "0", "".join(found)) for found in SAID_IN_SCRIPT.findall(bare)]
    return [one for one in texts if PROSE.search(one) and one not in NO_SPEECH]


def said_on(page: Path) -> list[str]:
    """Return what stands in a template or in a script and a person would read, or hear."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".js":
        return spoken_by(text)
    own = FILLED.sub(" ", text)
    shown = [word for word in re.findall(r"[^\W\d_]{2,}", NOT_SHOWN.sub(" ", own)) if word not in KEY_NAMES]
    heard = ["".join(found) for found in READ_ALOUD.findall(own)]
    return (
        shown
        + [one for one in heard if re.search(r"[^\W\d_]{2}", one) and "/" not in one]  # an address is not read
        + [one for script in OWN_SCRIPT.findall(text) for one in spoken_by(script)]
    )


@pytest.mark.parametrize("page", sorted([*SOURCE.rglob("*.html"), *SOURCE.rglob("*.js")]), ids=lambda page: page.name)
def test_no_sentence_stands_in_a_template_or_a_script(page: Path) -> None:
    assert said_on(page) == []
    assert not re.search(r"\berror\.message|\.stack\b", page.read_text(encoding="utf-8")), "what is thrown is shown"


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.html", "<p>Save</p>"), ("a.html", '<p aria-label="tools"></p>'), ("a.html", '<html lang="en">'),
     ("a.html", '<script>say("It could not be checked.");</script>'), ("a.js", 'say("two files are needed")'),
     ("a.js", "say(`${count} questions open`, `of the ${name} here`)")],
)  # fmt: skip
def test_a_stray_sentence_on_a_page_is_found(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    assert said_on(tmp_path / name)


@pytest.mark.parametrize(
    ("said", "files"),
    [(review.on_the_page(), ("redact/review.html", "redact/page/review.js")),
     (verify.on_the_page(), ("statement/verify_page.html", "statement/verify.js", "statement/likeness.js"))],
    ids=["review.html", "verify.html"],
)  # fmt: skip
def test_a_page_that_is_handed_out_alone_has_the_words_that_it_names(
    said: dict[str, str], files: Sequence[str]
) -> None:
    text = "".join((SOURCE / name).read_text(encoding="utf-8") for name in files)
    named = set(re.findall(r"\{\{([a-z_.]+)\}\}", text)) | set(
        re.findall(r'"((?:page|review|looking)\.[a-z_.]+[a-z])"', text)
    )
    named |= {f"jpeg.what.{what}" for what in re.findall(r'odd\("(\w+)"', text)}
    assert named - said.keys() == set()
    own = {key for key in said if key.startswith(("page.", "review.", "jpeg.what."))}
    by_hand = ("page.fact.", "page.limit.")  # put together in the script, or named in the page alone
    assert {key for key in own - named if not key.startswith(by_hand)} == set(), "said nowhere"


def test_no_word_of_a_command_line_stands_in_the_command() -> None:
    """A help or an answer of one word is a sentence, too."""
    for file in (SOURCE / "cli").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                helps = [keyword.value for keyword in node.keywords if keyword.arg in ("help", "short_help", "prompt")]
                said = node.args[:1] if ast.unparse(node.func).rpartition(".")[2] in ("echo", "confirm", "note") else []
                for value in (*helps, *said):
                    assert not isinstance(value, ast.Constant) or not value.value, f"{file}:{node.lineno}"


@pytest.mark.parametrize(
    "line",
    ["option('--x', help='Where it goes.')", "BadInput('a.b', what='a second header')", "say(f'{n} more cards')",
     "raise click.UsageError('give files to hide')"],
)  # fmt: skip
def test_a_stray_sentence_is_found(line: str) -> None:
    assert strays(ast.parse(line))


def test_commands_take_their_help_from_the_words() -> None:
    """A docstring below `@click.command()` would be read by people."""
    for file in sorted((SOURCE / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith((".command", ".group")):
                    helps = [keyword for keyword in call.keywords if keyword.arg == "help"]
                    assert helps, f"{file.name}:{node.lineno}: {node.name}"


# Said with --verbose alone, where a maker or a curious person wants the numbers behind.
DETAILS = {
    "hide.done_detail", "hide.small_clusters", "quick.done_detail", "keep.found", "keep.health", "health.detail",
}  # fmt: skip
ROAD = ("ask", "before", "hide", "quick", "keep", "open", "list", "plan", "health", "wipe", "remove", "recover", "tidy")
JARGON = re.compile(r"\b(carriers?|shards?|slots?|groups?|symbols?)\b", re.IGNORECASE)


@pytest.mark.parametrize("area", ROAD)
def test_on_the_road_it_is_photographs_cards_and_minutes(area: str) -> None:
    said = {key: text for key, text in words.SENTENCES.items() if key.startswith(f"{area}.")}
    said |= {key: " ".join(pair) for key, pair in words.ERRORS.items() if key.startswith(f"{area}.")}
    read = {key: re.sub(r"\{(\w+)[^}|]*", "{", text) for key, text in said.items() if key not in DETAILS}
    assert not {key: text for key, text in read.items() if JARGON.search(text)}


def test_what_a_person_wrote_in_an_essay_stands_in_quotes() -> None:
    """It may be nothing, or a blank, and the sentence would have a hole."""
    causes = {key: cause for key, (cause, _) in essay.ERRORS.items() if "{given}" in cause}
    bare, quoted = set(causes), {key for key in causes if re.search(r"`[^`{]*{given}`", causes[key])}
    assert len(quoted) > 8
    assert bare == quoted


def test_states_in_notes_are_said_by_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs read "whole"; a person reads what the words say."""
    for state in STATES:
        monkeypatch.setitem(words.SENTENCES, f"audit.state.{state}", f"<{state}>")
    monkeypatch.setitem(words.SENTENCES, "audit.line.cluster", "<at {cluster}>")
    facts: dict[str, str | int | float] = {"count": 1, "whole": 0, "part": 1, "size": 9, "forms": "jpeg"}
    place = Place(cluster=7, note="jpeg, partial")
    report = Report(targets=(), findings=(Finding("card.slack", "high", "certain", facts, (place,)),))
    shown = page(report, words.sentence)
    assert "jpeg, &lt;partial&gt;" in shown
    assert "&lt;at 7&gt;" in shown
    found = document(report, words.sentence)
    assert found["findings"][0]["places"][0]["note"] == "jpeg, partial"
    assert any("jpeg, <partial>, <at 7>" in line for line in lines(found, None))
