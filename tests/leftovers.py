"""What tests leave in the temporary folder, and how much the run holds there at once.

Rule 1: nothing of a passed test stays: its own folder goes when it ends, that of a fixture when the fixture ends.
Rule 2: what tests and the programs they start lay elsewhere in the temporary folder goes with the run.
Rule 3: the run holds at most `MOST_BYTES` at once, counted in blocks of the disk (cards are sparse), and says how much.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

MOST_BYTES = 3_000_000_000
# Sockets may lie there, and their paths have at most about a hundred characters.
_LONGEST_PLACE = 70
_SECONDS_BETWEEN = 0.5


def held(folder: Path) -> Counter[str]:
    """Count the bytes that the files in a folder take on the disk, by the name of the test or fixture they are of."""
    found: Counter[str] = Counter()
    for place, folders, files in os.walk(folder):
        # A card that a test has mounted is not held here, and any look at it may keep it from being unmounted.
        mounted = _mounted() if folders else set()
        folders[:] = [name for name in folders if str(Path(place, name)) not in mounted]
        inside = Path(place).relative_to(folder).parts
        owner = next((part for part in inside if not part.startswith("popen-gw")), "")
        for name in files:
            try:
                facts = Path(place, name).lstat()
                found[owner] += getattr(facts, "st_blocks", -(-facts.st_size // 512)) * 512  # Windows does not say
            except OSError:
                continue  # gone since
    return found


def _mounted() -> set[str]:
    try:
        return {line.split(" ")[4] for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()}
    except OSError:
        return set()  # not Linux, where our tests mount nothing


class Watch:
    """Looks twice a second at what a run holds, and remembers the most it saw."""

    def __init__(self, folder: Path) -> None:
        self.most: Counter[str] = Counter()
        self._folder = folder
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_SECONDS_BETWEEN):
            now = held(self._folder)
            if now.total() > self.most.total():
                self.most = now


def base_of(config: pytest.Config) -> Path:
    """Return the folder in which this process's tests have theirs; pytest-xdist takes it from there as well."""
    base: Path = config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    return base


class Total:
    """The hooks in the process that sees all of the run: it looks on, says what it saw, and fails what is too much."""

    def __init__(self, config: pytest.Config) -> None:
        self.watch = Watch(base_of(config))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.watch.stop()
        if self.watch.most.total() > MOST_BYTES and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        most = self.watch.most
        largest = ", ".join(f"{name} {size / 1e6:.0f} MB" for name, size in most.most_common(3) if name)
        limit = "" if most.total() <= MOST_BYTES else f": TOO MUCH, the limit is {MOST_BYTES / 1e6:.0f} MB"
        said = f"temporary files: at most {most.total() / 1e6:.0f} MB at once{limit}"
        terminalreporter.write_line(f"{said} ({largest})" if largest else said)


class Leftovers:
    """The hooks in each process that runs tests."""

    def __init__(self, config: pytest.Config) -> None:
        self.base = base_of(config)
        self.elsewhere = self.base / "t"
        if len(str(self.elsewhere)) <= _LONGEST_PLACE:
            self.elsewhere.mkdir()
            os.environ["TMPDIR"] = str(self.elsewhere)
            tempfile.tempdir = None  # asks the environment again
        self.folders: dict[int, list[Path]] = {}
        self.failed: set[str] = set()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """Remember which folders a fixture of more than one test makes (`tmp_path` cleans up for itself)."""
        before = set(self._folders())
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                made = [path for path in self._folders() if path not in before]
                inner = {path for paths in self.folders.values() for path in paths}
                self.folders.setdefault(id(fixturedef), []).extend(path for path in made if path not in inner)

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> None:
        paths = self.folders.pop(id(fixturedef), [])
        if not any(name.startswith(request.node.nodeid) for name in self.failed):
            for path in paths:
                shutil.rmtree(path, ignore_errors=True)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        for place in (self.elsewhere, self.base / "bin"):
            shutil.rmtree(place, ignore_errors=True)

    def _folders(self) -> list[Path]:
        return [path for path in self.base.iterdir() if path.name not in ("t", "bin") and not path.is_symlink()]


def watch_over(config: pytest.Config) -> bool:
    """Register the hooks that this process needs: pytest-xdist's workers run tests, and another sees them all.

    Returns:
        whether this process runs tests.
    """
    is_worker = hasattr(config, "workerinput")
    if not is_worker:
        config.pluginmanager.register(Total(config))
    runs_tests = is_worker or config.getoption("dist", "no") == "no"
    if runs_tests:
        config.pluginmanager.register(Leftovers(config))
    return runs_tests
