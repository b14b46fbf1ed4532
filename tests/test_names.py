"""One name, one meaning: classes, constants and files of the program."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "fifthfloor"
THEATRE = Path(__file__).parent.parent / "theatre" / "src" / "fifthfloor_theatre"
MODULES = sorted([*SOURCE.rglob("*.py"), *THEATRE.rglob("*.py")])
FILES = [path for path in MODULES if path.name not in ("__init__.py", "__main__.py")]

# A noun that several parts of the program have a file of, and the parts: there it is one thing, seen as a command, a
# page, a task, sentences or a format. A file of that name in another part is a second meaning until it stands here.
SHARED = {
    # a command, and what it does
    "approve": "cli tasks words", "audit": "cli desk tasks words words/lines", "cards": "cli desk words",
    "desk": "cli desk words", "essay": "cli desk words", "health": "cli tasks words words/lines",
    "hide": "cli desk tasks words", "identity": "cli identity tasks words", "list": "cli words",
    "open": "cli desk tasks words", "passphrase": "cli words", "plan": "cli floor words",
    "protect": "cli desk tasks words", "publish": "cli tasks", "recover": "cli desk tasks words",
    "sign": "cli statement", "stamp": "cli tasks", "tidy": "cli desk tasks words", "trace": "cli desk tasks words",
    "verify": "cli statement words", "walk": "cli words", "wipe": "cli desk tasks words",
    # a task, and its sentences
    "before": "tasks words words/lines", "frames": "tasks words", "keep": "tasks words", "looking": "tasks words",
    "prove": "tasks words", "quick": "tasks words", "remove": "cards tasks words", "review": "redact words",
    "sweep": "tasks words", "earlier": "cli tasks", "screen": "cli words/lines", "similar": "cli tasks",
    # what is read or written, and its sentences
    "c2pa": "statement words", "card": "audit words words/finding", "card_sets": "audit tasks",
    "cluster": "engine words", "files": "files words", "gate": "redact words", "laptop": "audit words/finding",
    "likeness": "trace words/lines", "photo": "audit words/finding", "recipient": "floor words",
    "roll": "words words/lines", "shot": "floor words", "statement": "statement words", "verdict": "statement words",
}  # fmt: skip
# Constants that several modules define all the same, and why; type variables mean nothing and are not counted.
TABLES = {"ERRORS", "SENTENCES", "SAID"}  # that each file of words has, and
TABLES |= {"WAYS"}  # each page of the desk: what is collected from all of them
ONE_VALUE = {
    "FACTS": "a command offers them before what signs is imported, which takes a second",
    "HIDDEN": "the same, of what hides",
    "SECTOR_BYTES": "of every disk: whoever searches may not know the floor",
    "SIDES": "of a box: words take nothing from below",
    "MAX_LIKENESS_BYTES": "of the format: what is signed and what finds again know nothing of each other",
}


def where(file: Path) -> str:
    return file.relative_to(SOURCE if file.is_relative_to(SOURCE) else THEATRE.parent).as_posix()


def part_of(file: Path) -> str:
    """Return the part of the program a file is of; of the words, their folder, as each has files of its own."""
    if file.is_relative_to(THEATRE):
        return "theatre"
    path = file.relative_to(SOURCE).with_suffix("")
    return path.parent.as_posix() if path.parts[0] == "words" else path.parts[0]


def constants(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the constants of a module, its own ones too, each with the text of its value."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        if isinstance(value, ast.Call) and ast.unparse(value.func) in ("TypeVar", "ParamSpec"):
            continue
        for target in targets:
            alone = not (isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple))
            pairs = [(target, value)] if alone else zip(target.elts, value.elts, strict=True)  # type: ignore[attr-defined]
            for one, its in pairs:
                names = one.elts if isinstance(one, ast.Tuple) else [one]
                yield from ((name.id, ast.unparse(its)) for name in names if isinstance(name, ast.Name))


def classes(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef):
            yield node.name.lstrip("_")


def bare(name: str) -> str:
    return name.lstrip("_")


def test_no_two_classes_have_one_name() -> None:
    """Those that a module keeps to itself count too: they stand in tracebacks, and people search for them."""
    found = defaultdict(list)
    for file in MODULES:
        for name in classes(file):
            found[name].append(where(file))
    assert not {name: places for name, places in found.items() if len(places) > 1}


def test_no_two_modules_define_a_constant_of_one_name() -> None:
    """Not even of one value, which one can import from the other; and no type is called like a class of another."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for file in MODULES:
        for name, value in constants(file):
            if name not in TABLES and not name.startswith("__"):
                found[bare(name)][f"{where(file)} {name}"] = value
    assert not found.keys() & {name for file in MODULES for name in classes(file)}, "called like a class"
    several = {name: places for name, places in found.items() if len(places) > 1}
    assert {name: places for name, places in several.items() if name not in ONE_VALUE} == {}
    assert several.keys() == ONE_VALUE.keys(), "allowed, and nothing is there"
    assert not {name: places for name, places in several.items() if len(set(places.values())) > 1}


def test_no_two_files_have_one_name_and_two_meanings() -> None:
    found = defaultdict(list)
    for file in FILES:
        found[file.stem].append(part_of(file))
    assert {name: " ".join(sorted(parts)) for name, parts in found.items() if len(parts) > 1} == SHARED
