"""Keeps the rules of `tests/outside.py`, and prints at the end what was left out and why."""

from __future__ import annotations

import contextlib
import gc
import os
from collections.abc import Generator, Iterator
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from tests.leftovers import base_of, watch_over
from tests.outside import (
    IN_CI,
    KERNEL_REFUSED,
    NO_PHOTOS,
    PATH,
    TOGETHER,
    bare_path,
    missing,
    named,
    photos_demanded,
    photos_dir,
)

BARE_PATH = pytest.StashKey[str]()

# Noisy shared cores: a deadline would fail for the neighbour's work. No database: tests leave nothing where they stand.
settings.register_profile(
    "workshop", deadline=None, max_examples=60, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("workshop")


@pytest.hookimpl(trylast=True)  # the temporary folder is chosen before
def pytest_configure(config: pytest.Config) -> None:
    if watch_over(config):
        config.stash[BARE_PATH] = bare_path(base_of(config) / "bin")


def pytest_collection_finish() -> None:
    """Look no more for garbage among 16,000 collected tests: each long look went through all of them, 4 % of a run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def let_go_as_it_is() -> Iterator[None]:
    """Memory that was let go is not written over in pytest's own process, whose heap is large.

    It took a second a sweep there, a third of the whole run. What it does is tested in processes of their own.
    """
    from fifthfloor.tasks.floors import here, keep, sweep

    with contextlib.ExitStack() as patched:
        for module in (here, keep, sweep):
            patched.enter_context(mock.patch.object(module, "take_the_place_of_what_was_let_go"))
        yield


@pytest.fixture(scope="session", name="photos_dir")
def photographs() -> Path:
    """The folder of real photographs; a test that asks for it is skipped aloud where there is none."""
    found = photos_dir()
    if found is None:
        pytest.skip(NO_PHOTOS)
    return found


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Ask for the programs named in `@pytest.mark.judge("fsck.fat", "mcopy")`, and for the photographs."""
    programs = [str(program) for mark in item.iter_markers("judge") for program in mark.args]
    named.clear()
    named.update(programs, *(package for package in TOGETHER if package & set(programs)))
    os.environ["PATH"] = PATH if item.get_closest_marker("judge") else item.config.stash[BARE_PATH]
    absent = missing(*programs)
    if absent:
        # In CI the report hook below makes a failure of this.
        pytest.skip(f"this machine has no {', '.join(absent)}")
    if item.get_closest_marker("photos") and photos_dir() is None:
        pytest.skip(NO_PHOTOS)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, a judge that is skipped for want of its program has failed; so have photographs that were demanded."""
    report = yield
    if not report.skipped or hasattr(report, "wasxfail"):
        return report
    why = reason(report)
    if NO_PHOTOS in why:
        fault = "FIFTHFLOOR_PHOTOS is no folder" if photos_demanded() else ""
    elif item.get_closest_marker("kernel") and KERNEL_REFUSED in why:
        fault = ""
    else:
        fault = "a judge may not be skipped in CI" if IN_CI and item.get_closest_marker("judge") else ""
    if fault:
        report.outcome = "failed"
        report.longrepr = f"{fault}: {why}"
    return report


def reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test was skipped."""
    place = report.longrepr
    return str(place[2]).removeprefix("Skipped: ") if isinstance(place, tuple) else str(place)


def kept_by(report: pytest.TestReport | pytest.CollectReport) -> set[str]:
    """Return the marks under which a skipped test is counted: what it needs, or the photographs alone."""
    if isinstance(report, pytest.CollectReport):
        return {"judge"}  # a whole file, because what it imports has no wheel for this machine
    return {"photos"} if NO_PHOTOS in reason(report) else {"judge", "kernel", "photos"} & report.keywords.keys()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print, above pytest's own last line, how many tests of each outside kind ran and what kept the others."""
    stats = terminalreporter.stats
    for mark in ("judge", "kernel", "photos"):
        ran = sum(
            1
            for outcome in ("passed", "failed")
            for report in stats.get(outcome, [])
            if mark in report.keywords and report.when == "call"
        )
        kept = [report for report in stats.get("skipped", []) if mark in kept_by(report)]
        word = "refused by the kernel" if mark == "kernel" else "skipped"
        terminalreporter.write_line(f"{mark}: {ran} ran, {len(kept)} {word}")
        for why in sorted({reason(report) for report in kept}):
            count = sum(1 for report in kept if reason(report) == why)
            terminalreporter.write_line(f"    {count} x {why}")
