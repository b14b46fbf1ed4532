"""Runs mutants inside one pytest process that has imported and collected everything: a forked child for each.

What a mutant costs is then the tests that reach its line and nothing else. A change inside a function is made by
putting the changed code object into the functions that are already there; a change of what runs at import (constants,
defaults) makes the child import the package again and collect the tests it needs. Started by `bench/mutants.py`.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import shutil
import signal
import string
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import coverage
import hypothesis
import pytest
from mutant_operators import Mutant, mutants_of, mutated

EXAMPLES = 20
CHILDREN = int(os.environ.get("MUTANT_CHILDREN", "2"))
BUDGET_SECONDS = float(os.environ.get("MUTANT_BUDGET", "20"))  # of tests a mutant, fastest first
LONGEST_TEST_SECONDS = 12.0
EXTRA_SECONDS, TIMES = 3.0, 8  # a test may take so much more CPU than without the mutant
MEMORY_BYTES, FILE_BYTES = 3 << 30, 9 << 30
KILLED, SURVIVED = 1, 0
KINDS_OF_ERROR = {"BadInput", "NothingFound", "NoRoom", "DeviceRefused"}
QUIETLY = ("-W", "ignore::pytest.PytestAssertRewriteWarning")  # hypothesis is imported here before it is a plugin


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """What one test costs and which lines of the mutated files it goes through."""

    seconds: float
    lines: dict[str, list[int]]

    @property
    def width(self) -> int:
        """Of how many lines it says something."""
        return sum(map(len, self.lines.values()))


class Engine:
    """The pytest plugin; `pytest_runtestloop` is its main function."""

    def __init__(self, files: Sequence[str], folder: Path, order: Callable[[list[Mutant]], list[Mutant]]) -> None:
        self.files, self.folder, self.order = files, folder, order
        self.items: dict[str, pytest.Item] = {}
        self.limits: dict[str, float] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not item.get_closest_marker("real_kdf")]
        for item in items:
            fewer_examples(item)
        self.items = {item.nodeid: item for item in items}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Measure what each test reaches (once), then run the mutants that have no result yet."""
        reach = self.measured(session)
        self.limits = {test: EXTRA_SECONDS + TIMES * found.seconds for test, found in reach.items()}
        functions = functions_by_place()
        gc.freeze()  # children then leave the pages of what is here alone
        results = self.folder / "results.jsonl"
        done = {json.loads(line)["name"] for line in results.read_text().splitlines()} if results.exists() else set()
        listed = [m for file in self.files for m in mutants_of(file, Path(file).read_text(encoding="utf-8"))]
        (self.folder / "mutants.json").write_text(
            json.dumps([dataclasses.asdict(m) | {"name": m.name} for m in listed])
        )
        jobs = (
            (mutant, self.job(session, mutant, reach, functions))
            for mutant in self.order(listed)
            if mutant.name not in done
        )
        with results.open("a", encoding="utf-8") as out:
            for mutant, outcome in in_children(jobs, self.folder):
                out.write(json.dumps({"name": mutant.name, **outcome}) + "\n")
                out.flush()
        return True

    def measured(self, session: pytest.Session) -> dict[str, Reach]:
        """Return what each test reaches; a test that fails without a mutant, or takes too long, judges nothing."""
        path = self.folder / "reach.json"
        found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        todo = [(item, self.trace(session, item)) for item in self.items.values() if item.nodeid not in found]
        for item, outcome in in_children(iter(todo), self.folder):
            found[item.nodeid] = outcome
            print(len(found), item.nodeid, outcome["outcome"], outcome["seconds"], file=sys.stderr, flush=True)
        path.write_text(json.dumps(found))
        idle = min(one["seconds"] for one in found.values())  # what a child costs without a test
        return {
            test: Reach(max(0.002, one["seconds"] - idle), one["lines"])
            for test, one in found.items()
            if one["outcome"] == "survived" and one["seconds"] <= LONGEST_TEST_SECONDS and test in self.items
        }

    def trace(self, session: pytest.Session, item: pytest.Item) -> Job:
        """Return a job that runs one test under coverage."""

        def run(report: Callable[[dict[str, Any]], None]) -> None:
            cover = coverage.Coverage(
                data_file=None, config_file=False, include=[str(Path(f).resolve()) for f in self.files]
            )
            cover.start()
            run_items(session, [item], {}, report)
            cover.stop()
            data = cover.get_data()
            reached = {f: sorted(data.lines(str(Path(f).resolve())) or []) for f in self.files}
            report({"lines": {f: lines for f, lines in reached.items() if lines}})

        return Job(run, 120.0)

    def job(
        self,
        session: pytest.Session,
        mutant: Mutant,
        reach: dict[str, Reach],
        functions: dict[tuple[str, str, int], list[FunctionType]],
    ) -> Job | None:
        """Return the job of one mutant; None where no test reaches it."""
        whole_file = mutant.function is None
        tests = [
            (found.width, found.seconds, test)
            for test, found in reach.items()
            if mutant.file in found.lines and (whole_file or mutant.line in found.lines[mutant.file])
        ]
        if not tests and not whole_file:  # a statement of several lines
            first = max(
                (n for found in reach.values() for n in found.lines.get(mutant.file, []) if n < mutant.line), default=0
            )
            tests = [
                (f.width, f.seconds, t)
                for t, f in reach.items()
                if first in f.lines.get(mutant.file, []) and mutant.line - first < 12
            ]
        if not tests:  # a function that runs at import alone
            whole_file = True
            tests = [(f.width, f.seconds, t) for t, f in reach.items() if mutant.file in f.lines]
        chosen = within_budget(tests)
        if not chosen:
            return None
        tree = mutated(Path(mutant.file).read_text(encoding="utf-8"), mutant.number)
        code = compile(tree, str(Path(mutant.file).resolve()), "exec", dont_inherit=True)
        speechless = without_words(tree)

        def run(report: Callable[[dict[str, Any]], None]) -> None:
            report({"tests": len(chosen), "of": len(tests)})
            if speechless:
                report({"at": "tests/test_words.py"})
                raise Stop
            if not whole_file and replace(code, mutant, functions):
                run_items(session, [self.items[test] for test in chosen], self.limits, report)
            else:
                run_afresh(mutant.file, code, chosen, self.limits, report)

        return Job(run, 60 + 3 * sum(self.limits[test] for test in chosen))


@dataclasses.dataclass(frozen=True, slots=True)
class Job:
    """What a child does, and after how many seconds (of the parent being awake) it is ended."""

    run: Callable[[Callable[[dict[str, Any]], None]], None]
    seconds: float


def within_budget(tests: Sequence[tuple[int, float, str]]) -> list[str]:
    """Choose tests up to the budget: half of it those that reach least else, the rest from every function one by one.

    Args:
        tests: lines reached in all mutated files, CPU seconds, id. Cases of one function are much alike, so the second
            half goes round the functions, the fastest case of each first.
    """
    cases: dict[str, list[tuple[float, str]]] = {}
    for _lines, seconds, test in tests:
        cases.setdefault(test.partition("[")[0], []).append((seconds, test))
    turns = sorted((rank, *one) for listed in cases.values() for rank, one in enumerate(sorted(listed)))
    chosen: dict[str, None] = {}
    total = 0.0
    special = [(seconds, test) for _lines, seconds, test in sorted(tests)]
    for budget, order in ((BUDGET_SECONDS / 2, special), (BUDGET_SECONDS, [turn[1:] for turn in turns])):
        for seconds, test in order:
            if test not in chosen and (not chosen or total + seconds <= budget):
                chosen[test] = None
                total += seconds
    return list(chosen)


def fewer_examples(item: pytest.Item) -> None:
    """Make a property cheap and the same each time: few examples, no shrinking of what failed."""
    function = getattr(item, "obj", None)
    inner = getattr(function, "__func__", function)
    before = getattr(inner, "_hypothesis_internal_use_settings", None)
    if inner is not None and before is not None:
        inner._hypothesis_internal_use_settings = hypothesis.settings(
            before,
            max_examples=min(EXAMPLES, before.max_examples),
            derandomize=True,
            database=None,
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
        )


class Stop(BaseException):
    """Raised when a mutant is noticed without running a test."""


def without_words(tree: ast.Module) -> bool:
    """Say what `tests/test_words.py` finds in the source: an error without a sentence, or without its facts."""
    from fifthfloor import words

    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS_OF_ERROR:
            key = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
            texts = words.ERRORS.get(str(key))
            facts = {keyword.arg for keyword in node.keywords}
            if texts is None or not {f for t in texts for _, f, _, _ in string.Formatter().parse(t) if f} <= facts:
                return True
    return False


def run_items(
    session: pytest.Session,
    items: Sequence[pytest.Item],
    limits: dict[str, float],
    report: Callable[[dict[str, Any]], None],
) -> None:
    """Run tests in this process until one fails, each within its limit of CPU time."""
    watch = Watch(limits, report)
    session.config.pluginmanager.register(watch)
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)


class Watch:
    """Plugin of a child: ends it at the first failure, and by a signal when a test takes too much CPU time."""

    def __init__(self, limits: dict[str, float], report: Callable[[dict[str, Any]], None]) -> None:
        self.limits, self.report = limits, report

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        signal.setitimer(signal.ITIMER_PROF, self.limits.get(nodeid, 90.0))
        self.report({"at": nodeid})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.report({"why": str(report.longrepr)[-300:]})
            os._exit(KILLED)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.report({"why": str(report.longrepr)[-300:]})
            os._exit(KILLED)


def functions_by_place() -> dict[tuple[str, str, int], list[FunctionType]]:
    """Index the functions of this process by the file, name and line of their code."""
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if type(one) is FunctionType and "fifthfloor" in one.__code__.co_filename:
            code = one.__code__
            found.setdefault((code.co_filename, code.co_qualname, code.co_firstlineno), []).append(one)
    return found


def replace(code: CodeType, mutant: Mutant, functions: dict[tuple[str, str, int], list[FunctionType]]) -> bool:
    """Put the mutant's code into the functions of this process; False where there is none to put it into."""
    if mutant.function is None:
        return False
    name, line = mutant.function
    old = functions.get((code.co_filename, name, line), [])
    new = [c for c in codes(code) if c.co_qualname == name and c.co_firstlineno == line]
    if not old or len(new) != 1 or any(len(f.__code__.co_freevars) != len(new[0].co_freevars) for f in old):
        return False
    for function in old:
        function.__code__ = new[0]
    return True


def codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes(constant)


class Changed(importlib.abc.MetaPathFinder):
    """Finds one module of the package as the mutant has it."""

    def __init__(self, file: str, code: CodeType) -> None:
        self.path = str(Path(file).resolve())
        self.name = file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.code = code

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        code = self.code

        class Loader(importlib.machinery.SourceFileLoader):
            def get_code(self, _fullname: str) -> CodeType:
                return code

        return importlib.util.spec_from_file_location(name, self.path, loader=Loader(name, self.path))


def run_afresh(
    file: str, code: CodeType, tests: Sequence[str], limits: dict[str, float], report: Callable[[dict[str, Any]], None]
) -> None:
    """Forget the package and the tests, import the package with the mutant in it, and run the tests."""
    for name in [n for n in sys.modules if n.split(".")[0] in ("fifthfloor", "tests", "tools")]:
        del sys.modules[name]
    sys.meta_path.insert(0, Changed(file, code))
    signal.setitimer(signal.ITIMER_PROF, 90.0)

    class Fewer:
        def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
            at = {test: number for number, test in enumerate(tests)}
            items[:] = sorted((i for i in items if i.nodeid in at), key=lambda i: at[i.nodeid])
            for item in items:
                fewer_examples(item)

    basetemp = Path(os.environ["MUTANT_TEMP"])
    arguments = [
        "-n0",
        "-x",
        "-s",
        *QUIETLY,
        f"--basetemp={basetemp / 'afresh'}",
        *{test.split("::")[0]: 0 for test in tests},
    ]
    if pytest.main(arguments, plugins=[Fewer(), Watch(limits, report)]) != 0:
        os._exit(KILLED)


def in_children(jobs: Iterator[tuple[Any, Job | None]], folder: Path) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Run jobs, so many at a time, each in a forked child with a temporary folder of its own; yields as they end."""
    running: dict[int, tuple[Any, Job, float, Path, list[float]]] = {}
    waiting, more = iter(jobs), True
    while more or running:
        while more and len(running) < CHILDREN:
            subject, job = next(waiting, (None, None))
            if subject is None:
                more = False
            elif job is None:
                yield subject, {"outcome": "no test", "seconds": 0.0}
            else:
                started(subject, job, folder, running)
        if not running:
            continue
        pid, status, usage = os.wait4(-1, os.WNOHANG)
        if pid in running:
            subject, _, begun, temporary, _ = running.pop(pid)
            yield subject, ended(status, usage.ru_utime + usage.ru_stime, time.monotonic() - begun, temporary)
            continue
        time.sleep(0.005)
        for pid, (_, job, _, _, awake) in running.items():
            awake[0] += 0.005  # the parent's own ticks: a machine that froze us both has not used up our time
            if awake[0] > job.seconds:
                os.kill(pid, signal.SIGKILL)


def started(
    subject: Any, job: Job, folder: Path, running: dict[int, tuple[Any, Job, float, Path, list[float]]]
) -> None:
    temporary = folder / "temporary" / f"{time.monotonic_ns()}"
    temporary.mkdir(parents=True)
    pid = os.fork()
    if pid == 0:
        child(job, temporary)
    running[pid] = (subject, job, time.monotonic(), temporary, [0.0])


def child(job: Job, temporary: Path) -> None:
    """Run one job in this forked process and leave it."""
    notes = (temporary / "notes.jsonl").open("a", encoding="utf-8")
    sink = os.open(os.environ.get("MUTANT_LOG", os.devnull), os.O_WRONLY | os.O_APPEND)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    os.environ["MUTANT_TEMP"] = str(temporary)
    os.environ["TMPDIR"] = str(temporary)
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def report(facts: dict[str, Any]) -> None:
        notes.write(json.dumps(facts) + "\n")
        notes.flush()

    code = KILLED
    try:
        import tempfile

        tempfile.tempdir = None
        use_temporary(temporary)
        job.run(report)
        code = SURVIVED
    except BaseException as error:
        with contextlib.suppress(BaseException):
            report({"why": repr(error)[-300:]})
    finally:
        os._exit(code)


_sessions: list[pytest.Session] = []


def use_temporary(temporary: Path) -> None:
    """Let `tmp_path` of the collected tests be made below the child's own folder."""
    for session in _sessions:
        factory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        below = temporary / "paths"
        below.mkdir()
        factory._basetemp = below


def ended(status: int, cpu: float, wall: float, temporary: Path) -> dict[str, Any]:
    """Return the outcome of a child that has ended, and remove its folder."""
    facts: dict[str, Any] = {}
    with contextlib.suppress(OSError):
        for line in (temporary / "notes.jsonl").read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError):
                facts |= json.loads(line)
    shutil.rmtree(temporary, ignore_errors=True)
    if os.WIFSIGNALED(status):
        late = os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGKILL)
        outcome = "timeout" if late else f"signal {os.WTERMSIG(status)}"
    else:
        outcome = "survived" if os.WEXITSTATUS(status) == SURVIVED else "killed"
    return {"outcome": outcome, "seconds": round(cpu, 3), "wall": round(wall, 3), **facts}


def run(files: Sequence[str], tests: Sequence[str], folder: Path, order: Callable[[list[Mutant]], list[Mutant]]) -> int:
    """Collect the tests in this process and run the mutants; the working directory is the copied tree."""
    engine = Engine(files, folder, order)

    class Remember:
        def pytest_sessionstart(self, session: pytest.Session) -> None:
            _sessions.append(session)

    return int(
        pytest.main(
            ["-n0", "-s", "-q", *QUIETLY, f"--basetemp={folder / 'base'}", *tests], plugins=[engine, Remember()]
        )
    )
