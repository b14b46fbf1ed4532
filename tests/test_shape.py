"""How long functions are and how many parameters they take (CONTRIBUTING.md, "Shape")."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.outside import REPOSITORY

SOURCES = (REPOSITORY / "src" / "fifthfloor", REPOSITORY / "theatre" / "src" / "fifthfloor_theatre")
MOST_LINES, NINE_IN_TEN_LINES, MOST_PARAMETERS = 65, 25, 7

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[str, Function]]:
    """Yield each function of the program and of the theatre with where it stands."""
    for file in sorted(file for source in SOURCES for file in source.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                yield f"{file.relative_to(REPOSITORY).as_posix()}: {node.name}", node


def lines_of(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def parameters_of(function: Function) -> int:
    """Count what a caller may give; the object that a method is of is given by nobody."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
    return sum(one.arg not in ("self", "cls") for one in named)


def is_kernel(function: Function) -> bool:
    """Say whether numba compiles it: it hands over no record of arrays cheaply, so they go one by one."""
    return any("njit" in ast.unparse(one) for one in function.decorator_list)


def said(pattern: str) -> int:
    """Return a number of CONTRIBUTING.md."""
    found = re.search(pattern, (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert found, pattern
    return int(found[1])


def test_no_function_is_long() -> None:
    found = {where: lines for where, function in functions() if (lines := lines_of(function)) > MOST_LINES}
    assert not found
    lengths = sorted(lines_of(function) for _, function in functions())
    assert lengths[len(lengths) * 9 // 10] < NINE_IN_TEN_LINES
    assert said(r"none above (\d+)\s") == MOST_LINES
    assert said(r"nine in ten below (\d+)") == NINE_IN_TEN_LINES


def test_no_function_takes_more_than_seven_parameters() -> None:
    counted = {where: parameters_of(function) for where, function in functions() if not is_kernel(function)}
    assert not {where: count for where, count in counted.items() if count > MOST_PARAMETERS}
    assert said(r"(\d) parameters at most") == MOST_PARAMETERS


def test_what_is_long_is_counted() -> None:
    (function,) = ast.parse("def f(self, a, /, b, *c, d, **e):\n    pass\n    pass").body
    assert isinstance(function, Function)
    assert (lines_of(function), parameters_of(function), is_kernel(function)) == (3, 5, False)
