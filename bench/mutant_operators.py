"""The small ways in which `bench/mutants.py` breaks a module: one node of its syntax tree changed at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
NAMES = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "sorted": "list",
    "minimum": "maximum",
    "maximum": "minimum",
    "startswith": "endswith",
    "floor": "ceil",
    "ceil": "floor",
}
# Not mutated: what has no behaviour (annotations, docstrings, Protocols) and decorators (`frozen=True`).
UNTOUCHED_FIELDS = {"annotation", "returns", "decorator_list", "bases", "format_spec", "keywords_of_class"}
Where = tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file.

    Args:
        file: path below the repository.
        number: index among the mutants of the file, in the order of the tree.
        line: of the changed node in the original.
        kind: name of the operator.
        function: qualified name and first line of the outermost function around it; None for what runs at import.
        before: source of the changed statement or expression.
        after: the same, changed.
    """

    file: str
    number: int
    line: int
    kind: str
    function: Where
    before: str
    after: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.line}:{self.number}"


def mutants_of(file: str, source: str) -> list[Mutant]:
    """List every mutant of a module; counterpart of `mutated`."""
    found: list[Mutant] = []
    for number, (place, kind, new, where, around) in enumerate(_sites(ast.parse(source))):
        old = place.get()
        before = ast.unparse(around)
        place.put(new)
        after = ast.unparse(around) if around is not old else ast.unparse(new)
        place.put(old)
        found.append(Mutant(file, number, _line(old, around), kind, where, _first(before), _first(after)))
    return found


def mutated(source: str, number: int) -> ast.Module:
    """Return the tree of a module with one mutant in it."""
    tree = ast.parse(source)
    for at, (place, _, new, _, around) in enumerate(_sites(tree)):
        if at == number:
            ast.copy_location(new, place.get() if hasattr(place.get(), "lineno") else around)
            place.put(new)
            return ast.fix_missing_locations(tree)
    raise ValueError("no such mutant")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node hangs: a field of its parent, or one of a list there."""

    parent: ast.AST
    field: str
    index: int | None

    def get(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        return value if self.index is None else value[self.index]  # type: ignore[no-any-return]

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


Site = tuple[Place, str, ast.AST, Where, ast.AST]


def _sites(tree: ast.Module) -> Iterator[Site]:
    yield from _below(tree, None, "", tree)


def _below(node: ast.AST, where: Where, path: str, statement: ast.AST) -> Iterator[Site]:
    """Walk the children of a node, with the function and the statement they stand in."""
    for field, value in ast.iter_fields(node):
        if field in UNTOUCHED_FIELDS or (isinstance(node, ast.ClassDef) and field == "keywords"):
            continue
        listed = value if isinstance(value, list) else [value]
        for index, child in enumerate(listed):
            if not isinstance(child, ast.AST) or _untouched(child):
                continue
            place = Place(node, field, index if isinstance(value, list) else None)
            around = child if isinstance(child, (ast.stmt, ast.ExceptHandler)) else statement
            shown = around if not isinstance(around, (ast.FunctionDef, ast.ClassDef, ast.Module)) else child
            inside = where
            if inside is None and isinstance(node, ast.FunctionDef) and field == "body":
                inside = (path, min([node.lineno, *(d.lineno for d in node.decorator_list)]))
            for kind, new in _replacements(child, node):
                yield place, kind, new, inside, shown
            named = isinstance(child, (ast.FunctionDef, ast.ClassDef)) and where is None
            deeper = f"{path}.{child.name}".lstrip(".") if named else path  # type: ignore[attr-defined]
            yield from _below(child, inside, deeper, around)


def _untouched(node: ast.AST) -> bool:
    if isinstance(node, ast.ClassDef):
        return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _replacements(node: ast.AST, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    elif isinstance(node, ast.ExceptHandler):
        yield "handler", ast.ExceptHandler(node.type, node.name, [ast.Raise()])
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node, parent)
    elif isinstance(node, ast.Slice):
        for bound in ("lower", "upper"):
            if getattr(node, bound) is not None:
                yield "slice", _with(node, bound, None)
    elif isinstance(node, ast.comprehension):
        for index, test in enumerate(node.ifs):
            if _plain(test):
                yield "condition", _with(node, "ifs", [*node.ifs[:index], _negated(test), *node.ifs[index + 1 :]])
    elif isinstance(node, ast.expr):
        yield from _of_expression(node)


def _of_statement(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    removed = isinstance(node, (ast.AugAssign, ast.Raise, ast.Delete)) or (
        isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Yield, ast.YieldFrom))
    )
    if isinstance(node, ast.Assign):
        removed = all(isinstance(target, (ast.Attribute, ast.Subscript)) for target in node.targets)
    if removed:
        yield "removed", ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield "arithmetic", _with(node, "op", ARITHMETIC[type(node.op)]())
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return", _with(node, "value", ast.Constant(None))
    if isinstance(node, (ast.If, ast.While)) and _plain(node.test):
        yield "condition", _with(node, "test", _negated(node.test))
    if isinstance(node, ast.Break):
        yield "jump", ast.Continue()
    if isinstance(node, ast.Continue):
        yield "jump", ast.Break()


def _of_expression(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Compare):
        for index, sign in enumerate(node.ops):
            for other in COMPARISONS[type(sign)]:
                yield "comparison", _with(node, "ops", [*node.ops[:index], other(), *node.ops[index + 1 :]])
    elif isinstance(node, ast.BinOp) and type(node.op) in ARITHMETIC:
        yield "arithmetic", _with(node, "op", ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.BoolOp):
        yield "boolean", _with(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp):
        yield "sign", node.operand
    elif isinstance(node, ast.IfExp) and _plain(node.test):
        yield "condition", _with(node, "test", _negated(node.test))
    elif isinstance(node, ast.Name) and node.id in NAMES and isinstance(node.ctx, ast.Load):
        yield "name", _with(node, "id", NAMES[node.id])
    elif isinstance(node, ast.Attribute) and node.attr in NAMES and isinstance(node.ctx, ast.Load):
        yield "name", _with(node, "attr", NAMES[node.attr])
    elif isinstance(node, ast.Call):
        for index, keyword in enumerate(node.keywords):
            if keyword.arg is not None:
                yield "argument", _with(node, "keywords", [*node.keywords[:index], *node.keywords[index + 1 :]])


def _of_constant(node: ast.Constant, parent: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    value = node.value
    if isinstance(value, bool):
        yield "constant", ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield "constant", ast.Constant(value + 1)
    elif isinstance(value, bytes):
        yield "constant", ast.Constant(b"XX" + value)
    elif isinstance(value, str):
        yield ("words" if _only_words(parent) else "constant"), ast.Constant("XX" + value)


def _only_words(parent: ast.AST) -> bool:
    """Is this the text of a `ValueError`, which is read by the maker of a bug and by nobody else?"""
    return isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id == "ValueError"


def _plain(test: ast.expr) -> bool:
    """Is negating this condition no other operator's work already?"""
    return not isinstance(test, (ast.Compare, ast.Constant)) and not (
        isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    )


def _negated(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _with(node: ast.AST, field: str, value: object) -> ast.AST:
    changed = copy.copy(node)
    setattr(changed, field, value)
    return changed


def _line(node: ast.AST, around: ast.AST) -> int:
    return int(getattr(node, "lineno", getattr(around, "lineno", 1)))


def _first(source: str) -> str:
    """Return the head of a statement, without the block below it."""
    return source.split("\n")[0]
