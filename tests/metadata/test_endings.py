"""The one list of endings, and that histories and cards know every ending in it."""

from __future__ import annotations

import ast
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.audit.traces import names_in
from fifthfloor.metadata.beginnings import _BEGINNINGS
from fifthfloor.metadata.endings import (
    KIND_OF,
    TELLING_IN_TEXT,
    ending_of,
    is_of_a_frame,
    is_picture,
    is_shot,
    kind_of_name,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DCIM/100MEDIA/IMG_0001.JPG", "photograph"),
        ("a.3fr", "raw"),
        ("A.NRW", "raw"),
        ("MVI_0001.MOV", "film"),
        ("GX010001.LRV", "low-resolution copy"),
        ("MVI_0001.THM", "thumbnail"),
        ("SND_0001.WAV", "sound"),
        ("IMG_0001.CR3.XMP", "sidecar"),
        ("M0100.CTG", "system file"),
        ("MOV001.TOD", "film"),
        ("PRG001/MOV00A.MOD", "film"),
        ("00012.TS", "film"),
        ("go.mod", "other"),
        ("es/index.d.ts", "other"),
        ("clip.qt", "film"),
        ("notes.txt", "document"),
        ("notes.doc", "other"),
        ("jpg", "other"),
    ],
)
def test_the_kind_of_a_name(name: str, kind: str) -> None:
    assert kind_of_name(name) == kind


@given(
    st.text("aB._", min_size=1, max_size=6).filter(lambda name: name.strip(".")), st.sampled_from(["", "DCIM/", "a.b/"])
)
def test_an_ending_is_what_paths_call_a_suffix(name: str, folder: str) -> None:
    assert ending_of(folder + name) == PurePosixPath(folder + name).suffix[1:].lower()


def test_each_ending_has_one_kind_and_each_question_its_kinds() -> None:
    assert all(ending == ending.lower() and "." not in ending for ending in KIND_OF)
    assert is_picture("a.dng")
    assert not is_picture("a.mov")
    assert is_shot("a.mov")
    assert not is_shot("a.wav")
    assert is_of_a_frame("a.wav")
    assert not is_of_a_frame("a.txt")


@pytest.mark.parametrize("ending", TELLING_IN_TEXT)
def test_histories_and_caches_know_every_ending(ending: str) -> None:
    line = f"cp /media/card/DSC_0001.{ending.upper()} /tmp"
    assert names_in("home/me/.bash_history", line.encode()) == [line]
    name = f"DSC_0001.{ending}"
    assert names_in("thumbs.db", b"\0" + name.encode() + b"\0") == [name]
    assert names_in("thumbs.db", b"\0\0" + name.encode("utf-16-le") + b"\0\0") == [name]


@pytest.mark.parametrize("line", ["cp go.mod /tmp", "cat index.ts app.d.ts auth2.ts"])
def test_endings_of_programs_tell_of_no_film(line: str) -> None:
    assert names_in("home/me/.bash_history", line.encode()) == []
    assert names_in("thumbs.db", b"\0\0" + line.encode("utf-16-le") + b"\0\0") == []


def test_what_is_known_by_its_beginning_is_known_by_its_ending() -> None:
    assert {ending for endings in _BEGINNINGS for ending in endings.split()} <= KIND_OF.keys()


SOURCE = Path(__file__).parent.parent.parent / "src" / "fifthfloor"
# Where endings, or what is written like them, stand beside each other all the same, and why.
LITERAL = {
    "metadata/endings.py": "the list",
    "metadata/beginnings.py": "how each begins; all of them stand in the list (above)",
    "audit/documents.py": "office documents and packed files, which no camera makes",
    "tasks/trace/page_folder.py": "pages of the web",
    "tasks/site/editions.py": "the files that `publish` writes",
    # Names of forms, told by the bytes.
    "audit/carve_boxes.py": "forms", "audit/carved.py": "forms",
    "essay/pictures.py": "forms to write",
    "metadata/blocks.py": "containers", "metadata/brands.py": "forms",
    "metadata/xmp.py": "prefixes", "redact/converting.py": "Pillow's names",
    "redact/named_colours.py": "Pillow's names",
    "redact/raw.py": "forms", "tasks/search/recover.py": "forms, and what they are called here",
    "audit/accounts.py": "containers", "audit/inner_lengths.py": "forms",
    "audit/understood.py": "forms", "audit/written_by_itself.py": "texts that cameras write themselves",
    "metadata/naming.py": "of one maker's stills", "trace/saved.py": "forms, told by the bytes",
    "tasks/people/photographs.py": "forms, told by the bytes", "trace/grey.py": "Pillow's names",
}  # fmt: skip


def endings_beside_each_other(tree: ast.Module) -> list[str]:
    """Find collections with two endings or more, lists of them in one text, and questions whether a name ends so."""

    def is_ending(text: str) -> bool:
        return text.lower().removeprefix(".") in KIND_OF

    def named(node: ast.AST, *, least: int) -> bool:
        texts = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
        return sum(isinstance(text, str) and is_ending(text) for text in texts) >= least

    stray = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            pairs = [*node.keys, *node.values] if isinstance(node, ast.Dict) else node.elts
            found = [one for one in pairs if isinstance(one, ast.Constant) and named(one, least=1)]
            stray += [ast.unparse(node)] if len(found) > 1 else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 1:
            stray += [node.value] if all(map(is_ending, node.value.split())) else []
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith((".endswith", ".glob", ".rglob")):
            stray += [ast.unparse(node)] if any(named(one, least=2) for one in node.args) else []
        elif isinstance(node, ast.Compare) and "suffix" in ast.unparse(node.left):
            stray += [ast.unparse(node)] if any(named(one, least=1) for one in node.comparators) else []
    return stray


def test_no_other_module_has_a_list_of_endings() -> None:
    found = {}
    for file in sorted(SOURCE.rglob("*.py")):
        if stray := endings_beside_each_other(ast.parse(file.read_text("utf-8"))):
            found[file.relative_to(SOURCE).as_posix()] = stray
    assert {name: stray for name, stray in found.items() if name not in LITERAL} == {}
    assert not LITERAL.keys() - found.keys(), "allowed, and nothing is there"


@pytest.mark.parametrize(
    "line",
    ["JPEGS = ('.JPG', '.jpeg')", "FILMS = {'mov': 1, 'mp4': 2}", "RAWS = 'nef cr2 arw'.split()",
     "path.suffix.lower() == '.jpg'", "pure.suffix in OWN | {'.tif'}", "[*OTHERS, '.xml', '.json']"],
)  # fmt: skip
def test_a_list_of_endings_is_found(line: str) -> None:
    assert endings_beside_each_other(ast.parse(line))
