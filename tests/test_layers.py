"""The shape of the program: who may import whom, and who may hold a power (CONTRIBUTING.md, "Layers")."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from fifthfloor.cli.group import COMMANDS

SOURCE = Path(__file__).parent.parent / "src" / "fifthfloor"
THEATRE = Path(__file__).parent.parent / "theatre" / "src" / "fifthfloor_theatre"

LAYER = {
    "errors": 0,
    "unreadable": 0,
    "argon": 0,
    "files": 1,
    "metadata": 1,
    "floor": 1,
    "cards": 1,
    "jpeg": 1,
    "identity": 1,
    "engine": 1,
    "carriers": 2,
    "audit": 2,
    "redact": 2,
    "statement": 2,
    "essay": 3,
    "trace": 3,
    "tasks": 4,
    "words": 4,
    "cli": 5,
    "desk": 5,
}
# Beyond "only what is below": exceptions, and limits.
SIDEWAYS = {("redact", "statement"), ("cards", "metadata"), ("jpeg", "metadata"), ("cli", "desk")}
ONLY = {
    "cli": {"tasks", "words", "errors", "cli", "unreadable"},
    "desk": {"tasks", "words", "errors", "desk"},
    "metadata": {"metadata", "errors"},
    "audit": {"cards", "jpeg", "metadata", "engine", "errors", "audit"},
    "words": {"words", "errors"},
    "essay": {"redact.admission", "jpeg.segments", "metadata", "engine", "errors", "essay"},
    "trace": {"redact.converting", "jpeg.segments", "jpeg.bits", "metadata", "engine", "errors", "trace"},
}
# power -> (modules that give it, parts of the program that may hold it)
POWERS: dict[str, tuple[set[str], set[str]]] = {
    "encryption and keys": (
        {"cryptography", "nacl", "hmac"},
        {"argon", "floor", "identity", "statement", "redact.sealed_originals"},
    ),
    "writing to a card": (
        {"fifthfloor.cards.free_writer", "fifthfloor.cards.sector_plan"},
        {"cards", "carriers.free_space", "tasks.floors.sweep", "tasks.floors.remove"},
    ),
    "network": (
        {"socket", "socketserver", "asyncio", "http", "urllib.request", "xmlrpc", "ssl", "ftplib", "smtplib"}
        | {"imaplib", "poplib", "requests", "httpx", "aiohttp", "urllib3", "distributed", "dask", "fsspec", "s3fs"},
        {
            "statement.timestamp",
            "desk.app",  # waits with asyncio, in the server's loop
            "desk.server",
            "engine.cluster",
            "engine.keeper",
            "tasks.trace.remote",
            "desk.helper",
            "desk.helped",
        },  # the last two: AF_UNIX alone
    ),
    "a second program": ({"subprocess", "pty", "webbrowser"}, {"cli.desk"}),
    # Whoever reads where chance comes from reads one file.
    "chance": (
        {"secrets", "random", "numpy.random", "os.urandom", "os.getrandom", "uuid", "tempfile"},
        {"tasks.secret"},
    ),
    # Below them everything takes a moment, or a callable that gives it; three wait: for schedulers, workers, readers.
    "the clock": ({"time", "sched"}, {"tasks", "cli", "desk", "engine.cluster", "engine.many", "cards.windows"}),
    "another process": ({"multiprocessing", "concurrent"}, {"engine"}),
    # With it everything of this table can be had.
    "calls of the system": (
        {"ctypes"},
        {"unreadable", "cards.windows_calls", "desk.pipes", "essay.pictures", "cli.terminal"},
    ),
}
# What needs no import of its own: attributes of modules that are everywhere, and who may ask for them.
ATTRIBUTES: dict[str, tuple[re.Pattern[str], set[str]]] = {
    "chance": (
        re.compile(r"os\.(urandom|getrandom)|(np|numpy)\.random|\w*Key\.generate|\w+\.generate_key"),
        {"tasks.secret"},
    ),
    "the clock": (re.compile(r"datetime\.(now|utcnow|today)|date\.today"), {"tasks", "cli", "desk"}),
    "a second program": (re.compile(r"os\.(system|popen|startfile|exec\w+|spawn\w+|posix_spawn\w*)"), set()),
    "another process": (re.compile(r"os\.(fork|forkpty)"), {"engine"}),
    # What no reader of imports sees: the list of commands, the files of words, and two libraries of extras.
    "imports by name": (
        re.compile(r"importlib\.(import_module|util\.\w+|reload)"),
        {"cli.group", "words", "engine.cluster", "engine.keeper", "tasks.trace.remote"},
    ),
    "printing and asking": (re.compile(r"sys\.(std(out|err|in)|__std\w+|exit)"), {"cli"}),
}
# What may be known to nobody who looks at a card as a stranger does, however many modules lie between.
KEYS = {"floor", "carriers", "identity", "statement", "tasks.secret", "tasks.floors", "tasks.people"}
# Wing of tasks -> what it takes from another wing.
CROSSINGS = {("tasks.search.tidy", "tasks.floors.remove")}

# Who opens files and folders beside `files.py`, and why it is not that.
OPENERS = {
    "cards.descriptor": "the door to cards, which are devices",
    "cards.device": "a card's flush",
    "cards.past_cache": "a card once more, past the system's cache",
    "cards.linux": "what the kernel says of a device, under /sys",
    "cli.outcome": "nowhere, in place of a pipe that nobody reads",
    "desk.app": "what came with the program",
    "desk.helper": "the folder of a socket, under /run, as long as it runs",
    "essay.labels": "what came with the program",
    "essay.site": "what came with the program",
    "jpeg.bits": "what came with the program",
    "statement.verify_page": "what came with the program",
    "tasks.one_writer": "a folder, to lock it",
    "words.installed": "what the installer noted of this program",
    "tasks.search.targets": "catalogues of programs, which are databases; read only",
    "tasks.trace.arrays": "tables of an archive, as memory that is read where it is asked for",
    "tasks.trace.point_tables": "tables of an archive, as memory that is read where it is asked for",
    "tasks.trace.store": "the record of an archive, which is a database and flushes itself",
    "tasks.floors.frames": "a card, in the process that makes symbols: an open device cannot be sent there",
    "tasks.floors.open": "folders of its own, thrown away when their floor does not come back",
    "tasks.floors.received": "the folder of what only its owner may read, removed at the end",
    "tasks.floors.restore": "folders of its own, made anew on the medium by `move_whole`",
    "tasks.people.approve": "a folder of its own, from which `rename_all` places",
    "tasks.people.protect": "a folder of its own, from which `rename_all` places",
    "tasks.people.reviewing": "the folder of what only its owner may read",
}
# Ways to open, read, write, copy or name a file.
_WAYS = {"read_bytes", "read_text", "write_bytes", "write_text", "rename", "mkdir", "makedirs", "touch", "copyfile"}
_WAYS |= {"copy2", "copytree", "move", "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryDirectory", "fsync"}
_WAYS |= {"memmap", "fromfile", "savez", "savetxt", "loadtxt", "copyfileobj", "hardlink_to", "symlink_to"}
_OF_MODULES = {"os.replace", "os.rename", "os.link", "np.save", "np.load", "sqlite3.connect", "filecmp.cmp", "io.open"}
_OF_MODULES |= {"io.FileIO", "io.open_code", "os.truncate", "os.symlink", "os.mkfifo"}
# Taken out of their modules, calls of them would not be known by their names.
_MUST_BE_CALLED_BY_MODULE = {"os", "shutil", "io", "filecmp", "sqlite3", "tempfile"}
_MODES = ("r", "rb", "w", "wb", "xb", "a", "ab", "r+b")
# Readers and writers of formats that take a path as they take bytes: of them only a stream, which `files.py` opened or
# which is in memory, and never whatever a name may stand for.
_OF_FORMATS = {"ZipFile", "TarFile", "GzipFile", "BZ2File", "LZMAFile", "PdfReader", "PdfWriter", "Canvas", "save"}
_OF_FORMATS |= {"InferenceSession", "new_from_file", "write_to_file", "tofile", "fdopen", "FileHandler", "mmap", "open"}
_STREAMS = {"BytesIO", "Unpacking", "_TarFile", "placed", "flushed", "beside", "growing", "reading", "for_decoder"}
_STREAM_TYPES = {"BinaryIO", "BytesIO", "BufferedReader"}
# `X.open(...)` and `X.save(...)` of no file: parts of a file that was read, an address, a caller of the system, slots.
_NO_FILES = {"Tiff", "webbrowser", "archive", "holder", "kernel", "slots"}
# What came with the program is no file of a person.
_RESOURCE = re.compile(r"resources\.files\(")


FILES = sorted(SOURCE.rglob("*.py"))


def part(file: Path) -> str:
    """Return the dotted name below `fifthfloor`, e.g. `cards.fat32`."""
    names = list(file.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            for alias in node.names:
                yield f"{node.module}.{alias.name}"


def ways_to_files(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield each call that opens, reads, writes or names a file, but those of what came with the program."""
    for function, node in _calls(tree):
        called = ast.unparse(node.func)
        last = called.rpartition(".")[2]
        bare = "." in called and not node.args and not node.keywords  # `path.open()`
        mode = next((one.value for one in node.args if isinstance(one, ast.Constant)), None)
        opens = last == "open" and (called in ("open", "os.open") or mode in _MODES or bare)
        # Of a text, `replace` takes two; of a date or a dataclass, names.
        moves = last == "replace" and "." in called and len(node.args) == 1 and not node.keywords
        named = ("." in called and last in _WAYS) or called in _OF_MODULES
        of_a_format = last in _OF_FORMATS and not _is_of_a_stream(node, function)
        if (opens or named or moves or of_a_format) and not _RESOURCE.search(called):
            yield node.lineno, called


def _calls(tree: ast.AST, function: ast.AST | None = None) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Yield each call with the innermost function around it."""
    here = function or tree
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield here, node
        yield from _calls(node, node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else here)


def _is_of_a_stream(call: ast.Call, function: ast.AST) -> bool:
    """Say whether what a reader of a format is given is a stream, a number, or bytes of the program's own."""
    if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).rpartition(".")[2] in _NO_FILES:
        return True
    given = [*call.args, *(word.value for word in call.keywords if word.arg in ("fileobj", "file"))]
    if not given:
        return isinstance(call.func, ast.Attribute) and call.func.attr == "save"  # a canvas, to where it was made for
    if ast.unparse(given[0]) == "-1":
        return True  # memory
    return _makes_a_stream(given[0]) or (isinstance(given[0], ast.Name) and given[0].id in _streams_of(function))


def _makes_a_stream(value: ast.expr | None) -> bool:
    """Say whether an expression is a call that makes a stream, or reads what came with the program."""
    if not isinstance(value, ast.Call):
        return False
    called = ast.unparse(value.func)
    return called.rpartition(".")[2] in _STREAMS or bool(_RESOURCE.search(called))


def _streams_of(function: ast.AST) -> set[str]:
    """Return the names that a function binds to streams alone: by their types, by `=`, or by `with`."""
    bound: dict[str, list[bool]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.arg):
            types = set(re.findall(r"\w+", ast.unparse(node.annotation))) if node.annotation else {""}
            bound.setdefault(node.arg, []).append(types <= _STREAM_TYPES)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                bound.setdefault(ast.unparse(target), []).append(_makes_a_stream(node.value))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            bound.setdefault(ast.unparse(node.optional_vars), []).append(_makes_a_stream(node.context_expr))
    return {name for name, streams in bound.items() if all(streams)}


def is_under(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


@pytest.mark.parametrize("file", FILES, ids=lambda f: part(f) or "fifthfloor")
def test_imports_point_down(file: Path) -> None:
    here = part(file)
    top = here.split(".", 1)[0]
    if top in ("", "__main__"):
        return
    assert top in LAYER, f"{here} is in no layer"
    for name in imports(file):
        assert not is_under(name, "fifthfloor_theatre"), f"{here} travels, and the theatre does not"
        if not is_under(name, "fifthfloor") or name == "fifthfloor":
            continue
        there = name.removeprefix("fifthfloor.")
        target = there.split(".", 1)[0]
        if target in ("__version__", "words") and top in ("cli", "desk", "words"):
            continue
        if target == top or (top, target) in SIDEWAYS:
            continue
        assert LAYER[target] < LAYER[top], f"{here} imports {there}: the direction is down only"
        if top in ONLY:
            assert any(is_under(there, allowed) for allowed in ONLY[top]), f"{here} may not import {there}"


@pytest.mark.parametrize("file", FILES, ids=lambda f: part(f) or "fifthfloor")
@pytest.mark.parametrize("power", POWERS)
def test_powers_are_held_by_few(file: Path, power: str) -> None:
    modules, holders = POWERS[power]
    here = part(file)
    if any(is_under(here, holder) for holder in holders):
        return
    for name in imports(file):
        assert not [m for m in modules if is_under(name, m)], f"{here} imports {name}: {power} is not its business"


def test_the_map_gives_each_power_to_the_holders_of_this_test() -> None:
    map_ = (SOURCE.parents[1] / "docs/architecture.md").read_text("utf-8")
    for power, (_modules, holders) in POWERS.items():
        row = re.search(rf"^\| {power} \| (.*) \|$", map_, re.MULTILINE)
        assert row, f"the map has no row for {power}"
        named = {name.removesuffix(".py") for name in re.findall(r"`([\w/.]+)`", row[1])}
        named = {name for name in named if (SOURCE / name).is_dir() or (SOURCE / f"{name}.py").is_file()}
        assert {name.replace("/", ".") for name in named} == holders, power


@pytest.mark.parametrize("file", FILES, ids=lambda f: part(f) or "fifthfloor")
def test_powers_are_not_held_past_their_holders(file: Path) -> None:
    here = part(file)
    tree = ast.parse(file.read_text(encoding="utf-8"))
    asked = [(node.lineno, ast.unparse(node)) for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    for power, (pattern, holders) in ATTRIBUTES.items():
        if not any(is_under(here, holder) for holder in holders):
            found = [f"{line}: {name}" for line, name in asked if pattern.fullmatch(name)]
            found += [name for name in imports(file) if pattern.fullmatch(name)]
            assert not found, f"{here} {found}: {power} is not its business"


def graph_of(files: Iterable[Path]) -> dict[str, set[str]]:
    """Map each module to those of ours that it imports."""
    known = {part(file) for file in files}
    graph: dict[str, set[str]] = {name: set() for name in known}
    for file in files:
        for name in imports(file):
            there = name.removeprefix("fifthfloor.")
            while there and there not in known:
                there = there.rpartition(".")[0]
            if there:
                graph[part(file)].add(there)
    return graph


@pytest.mark.parametrize("start", ["tasks.search.audit", "tasks.search.recover"])
def test_who_searches_meets_no_key_on_any_way(start: str) -> None:
    graph, ways, waiting = graph_of(FILES), {start: start}, [start]
    while waiting:
        here = waiting.pop()
        for there in graph[here] - ways.keys():
            ways[there] = f"{ways[here]} -> {there}"
            waiting.append(there)
    met = [way for name, way in ways.items() if any(is_under(name, key) for key in KEYS)]
    assert not met


def test_wings_of_tasks_cross_where_it_is_said() -> None:
    wings = {name: name.split(".")[1] for name in graph_of(FILES) if name.startswith("tasks.") and name.count(".") > 1}
    found = {
        (here, there)
        for here, inner in graph_of(FILES).items()
        for there in inner
        if here in wings and there in wings and wings[here] != wings[there]
    }
    assert found == CROSSINGS
    named = re.search(
        r"`tasks` has (\w+) wings: ([\w, ]+) and (\w+);",
        (SOURCE.parents[1] / "docs/architecture.md").read_text("utf-8"),
    )
    assert named
    assert {*named[2].split(", "), named[3]} == set(wings.values())
    assert named[1] == ("no", "one", "two", "three", "four", "five", "six")[len(set(wings.values()))]


@pytest.mark.parametrize("file", FILES, ids=lambda f: part(f) or "fifthfloor")
def test_only_the_command_line_prints_asks_and_exits(file: Path) -> None:
    if is_under(part(file), "cli"):
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "input", "exit", "quit"), f"{file}:{node.lineno}"
            assert node.func.id not in ("__import__", "eval", "exec"), f"{file}:{node.lineno}: nobody reads that"
        assert not (isinstance(node, ast.Name) and node.id == "SystemExit"), f"{file}:{node.lineno}"


def theatre_part(file: Path) -> str:
    return ".".join(file.relative_to(THEATRE).with_suffix("").parts)


@pytest.mark.parametrize("file", sorted(THEATRE.rglob("*.py")), ids=theatre_part)
def test_the_theatre_plays_by_the_same_laws(file: Path) -> None:
    here = theatre_part(file)
    for name in imports(file):
        for power, (modules, _holders) in POWERS.items():
            if power == "the clock":
                continue  # a story has hours
            assert not any(is_under(name, m) for m in modules), f"{here} imports {name}: {power} is not its business"
        if is_under(here, "cards") and is_under(name, "fifthfloor"):
            assert any(is_under(name, f"fifthfloor.{lower}") for lower in ("cards", "errors")), f"{here} imports {name}"
        if is_under(here, "journey"):  # drawn with what it draws itself, played with the tasks
            allowed = [f"fifthfloor.{lower}" for lower in ("tasks", "words", "errors")]
            assert not is_under(name, "fifthfloor") or any(is_under(name, a) for a in allowed), f"{here} imports {name}"


def test_no_import_cycles() -> None:
    # A package that gathers its own modules is no cycle; a module importing back through it would be.
    graph = {here: {there for there in inner if not is_under(here, there)} for here, inner in graph_of(FILES).items()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"import cycle: {' -> '.join((*trail, name))}"
        if name in done:
            return
        for after in graph[name]:
            visit(after, (*trail, name))
        done.add(name)

    for name in graph:
        visit(name, ())


def test_no_file_is_named_for_nothing_and_none_is_too_long() -> None:
    for file in (*FILES, *THEATRE.rglob("*.py")):
        assert file.stem not in ("utils", "helpers", "common", "core"), file
        lines = file.read_text(encoding="utf-8").count("\n")
        assert lines <= 400, f"{file} has {lines} lines"


def test_each_command_has_a_file_of_its_own() -> None:
    modules = [module for module, _attribute in COMMANDS.values()]
    assert sorted(modules) == sorted(COMMANDS), "cli/NAME.py holds the command NAME"


@pytest.mark.parametrize("file", FILES, ids=lambda f: part(f) or "fifthfloor")
def test_files_are_opened_and_placed_in_one_way(file: Path) -> None:
    """A reader with no limit, or a file that has its name before it is on the medium, is written once too often."""
    here = part(file)
    found = list(ways_to_files(ast.parse(file.read_text(encoding="utf-8"))))
    found += [(0, name) for name in imports(file) if name.count(".") == 1 and _taken_out(name)]
    if here in OPENERS:
        assert found, f"{here} opens nothing"
    elif here != "files":
        assert not found, f"{here}: {found}: `fifthfloor.files` does it"


@pytest.mark.parametrize(
    ("line", "is_seen"),
    [("ZipFile(path)", True), ("Image.open(path)", True), ("Image.open(fp=path)", True), ("tarfile.open(path)", True),
     ("gzip.open(path)", True), ("lzma.open(path)", True), ("codecs.open(path)", True), ("open(path)", True),
     ("path.open()", True), ("PdfReader(path)", True), ("image.save(path)", True), ("Canvas(path)", True),
     ("onnxruntime.InferenceSession(path)", True), ("pyvips.Image.new_from_file(path)", True), ("path.touch()", True),
     ("logging.FileHandler(path)", True), ("mmap.mmap(descriptor, 0)", True), ("array.tofile(path)", True),
     ("name = io.BytesIO(); name = path; Image.open(name)", True), ("Image.open(io.BytesIO(data))", False),
     ("with placed(path) as file: ZipFile(file, 'w')", False), ("mmap.mmap(-1, 4096)", False),
     ("out = io.BytesIO(); image.save(out, 'JPEG')", False), ("tarfile.open(fileobj=file)", False)],
)  # fmt: skip
def test_a_way_past_the_one_reader_is_seen(line: str, is_seen: bool) -> None:
    tree = ast.parse(f"def read(path: Path, data: bytes, file: BinaryIO) -> None:\n    {line}\n")
    assert bool(list(ways_to_files(tree))) == is_seen


def _taken_out(name: str) -> bool:
    module, _, way = name.partition(".")
    return module in _MUST_BE_CALLED_BY_MODULE and (way in _WAYS | {"open", "replace", "link"} or name in _OF_MODULES)
