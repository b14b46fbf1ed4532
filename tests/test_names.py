"""One name, one meaning: public classes, constants and files of the program."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "fifthfloor"
FILES = sorted(path for path in SOURCE.rglob("*.py") if path.name not in ("__init__.py", "__main__.py"))

# Files that a command, its task and its words share by name; beyond these a name may stand once.
WITH_A_COMMAND = ("cli", "desk", "tasks", "words")
# Tables that every file of words has, and type variables, which mean nothing.
MEANT_ALIKE = {"ERRORS", "SENTENCES", "SAID", "WAYS", "T", "R", "P", "G"}


def where(file: Path) -> str:
    return file.relative_to(SOURCE).as_posix()


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
    found = defaultdict(list)
    for file in FILES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(where(file))
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
        if where(file).split("/", 1)[0] not in WITH_A_COMMAND:
            found[file.stem].append(where(file))
    assert not {name: places for name, places in found.items() if len(places) > 1}
