"""One name, one meaning: classes, public constants and files of the program."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "fifthfloor"
FILES = sorted(path for path in SOURCE.rglob("*.py") if path.name not in ("__init__.py", "__main__.py"))

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
# Tables that every file of words has, and type variables, which mean nothing.
MEANT_ALIKE = {"ERRORS", "SENTENCES", "SAID", "WAYS", "T", "R", "P", "G"}


def where(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


def part_of(file: Path) -> str:
    """Return the part of the program a file is of; of the words, their folder, as each has files of its own."""
    path = file.relative_to(SOURCE).with_suffix("")
    return path.parent.as_posix() if path.parts[0] == "words" else path.parts[0]


def constants(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the public constants of a module, each with the text of its value."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign):
            targets, value = node.targets, node.value
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets, value = [node.target], node.value
        else:
            continue
        for target in targets:
            alone = not (isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple))
            pairs = [(target, value)] if alone else zip(target.elts, value.elts, strict=True)  # type: ignore[attr-defined]
            for one, its in pairs:
                if isinstance(one, ast.Name) and not one.id.startswith("_"):
                    yield one.id, ast.unparse(its)


def test_no_two_classes_have_one_name() -> None:
    """Those that a module keeps to itself count too: they stand in tracebacks, and people search for them."""
    found = defaultdict(list)
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name.lstrip("_")].append(where(file))
    assert not {name: places for name, places in found.items() if len(places) > 1}


def test_no_two_constants_have_one_name_and_two_values() -> None:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for file in FILES:
        for name, value in constants(file):
            found[name][value].append(where(file))
    assert not {name: dict(values) for name, values in found.items() if len(values) > 1 and name not in MEANT_ALIKE}


def test_no_two_files_have_one_name_and_two_meanings() -> None:
    found = defaultdict(list)
    for file in FILES:
        found[file.stem].append(part_of(file))
    assert {name: " ".join(sorted(parts)) for name, parts in found.items() if len(parts) > 1} == SHARED
