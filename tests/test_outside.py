"""The machinery that keeps judges honest is itself judged, on small suites run by pytest inside pytest."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.cards import judges
from tests.leftovers import held
from tests.outside import REPOSITORY, TOGETHER, missing, named, program_at

SUITE = """
import pytest
from tests.outside import kernel_refused

@pytest.mark.judge("no-such-program-7")
def test_without_its_program():
    raise AssertionError("never reached")

@pytest.mark.judge
def test_that_skips_itself():
    pytest.skip("no fsck")

@pytest.mark.kernel
@pytest.mark.judge("sh")
def test_that_the_kernel_refuses():
    kernel_refused("no loop device")

@pytest.mark.photos
def test_on_photographs(photos_dir):
    assert photos_dir.is_dir()

@pytest.mark.photos
@pytest.mark.judge("sh")
def test_judged_on_photographs(photos_dir):
    assert photos_dir.is_dir()

def test_plain():
    pass
"""
ABROAD = """
import pytest
pytest.importorskip("no_such_module_7", reason="has wheels for no machine")

def test_that_is_never_collected():
    pass
"""
LEAVING = """
import tempfile
from pathlib import Path
import pytest

@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    (folder / "file").write_bytes(bytes(100_000))
    return folder

def test_that_passes(tmp_path, shared):
    (tmp_path / "passed").write_bytes(bytes(100_000))
    Path(tempfile.mkdtemp(), "elsewhere").write_bytes(bytes(100_000))

def test_that_may_fail(tmp_path):
    (tmp_path / "own").write_bytes(bytes(100_000))
    assert FINE
"""


def run_suite(
    tmp_path: Path,
    *,
    ci: bool,
    photos: Path | None,
    suites: Sequence[str] = (SUITE,),
    more: Sequence[str] = (),
    temp: Path | None = None,
) -> tuple[int, str]:
    """Run suites with the project's own conftest, in a process of its own."""
    tests = tmp_path / "project" / "tests"
    tests.mkdir(parents=True)
    for name in ("conftest.py", "leftovers.py", "outside.py"):
        (tests / name).write_text((REPOSITORY / "tests" / name).read_text(encoding="utf-8"), encoding="utf-8")
    for number, suite in enumerate(suites):
        (tests / f"test_suite_{number}.py").write_text(suite, encoding="utf-8")
    (tmp_path / "project" / "pyproject.toml").write_bytes((REPOSITORY / "pyproject.toml").read_bytes())
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "FIFTHFLOOR_PHOTOS")}
    environment |= {"CI": "true"} if ci else {}
    environment |= {"FIFTHFLOOR_PHOTOS": str(photos)} if photos else {}
    environment |= {"TMPDIR": str(temp)} if temp else {}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *(more or ("-p", "no:xdist"))],
        cwd=tmp_path / "project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


def test_at_home_a_missing_judge_is_skipped_and_counted(tmp_path: Path) -> None:
    code, said = run_suite(tmp_path, ci=False, photos=None, suites=(SUITE, ABROAD))
    assert code == 0, said
    assert "judge: 0 ran, 4 skipped" in said
    assert "1 x has wheels for no machine" in said
    assert "1 x this machine has no no-such-program-7" in said
    assert "kernel: 0 ran, 1 refused by the kernel" in said
    assert "1 x the kernel refused: no loop device" in said
    assert "photos: 0 ran, 2 skipped" in said
    assert "2 x no ../shared/photos and no FIFTHFLOOR_PHOTOS" in said
    assert said.strip().splitlines()[-1].startswith("1 passed, 6 skipped in")


def test_in_ci_a_missing_judge_fails_and_a_kernel_refusal_is_counted(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    code, said = run_suite(tmp_path, ci=True, photos=tmp_path / "photos")
    assert code == 1, said
    assert "a judge may not be skipped in CI: this machine has no no-such-program-7" in said
    assert "a judge may not be skipped in CI: no fsck" in said
    assert "photos: 2 ran, 0 skipped" in said
    assert said.strip().splitlines()[-1].startswith("1 failed, 3 passed, 1 skipped, 1 error in")


def test_a_strangers_ci_counts_what_needs_the_photographs(tmp_path: Path) -> None:
    _code, said = run_suite(tmp_path, ci=True, photos=None)
    assert "photos: 0 ran, 2 skipped" in said
    assert "FIFTHFLOOR_PHOTOS is no folder" not in said
    assert said.strip().splitlines()[-1].startswith("1 failed, 1 passed, 3 skipped, 1 error in"), (
        "only for the programs"
    )


@pytest.mark.parametrize("ci", [True, False])
def test_photographs_that_are_demanded_may_not_be_left_out(tmp_path: Path, ci: bool) -> None:
    code, said = run_suite(tmp_path, ci=ci, photos=tmp_path / "nowhere")
    assert code == 1
    assert "FIFTHFLOOR_PHOTOS is no folder" in said
    assert "photos: 0 ran, 0 skipped" in said


@pytest.fixture
def short() -> Iterator[Path]:
    """A temporary folder of its own with a short name: sockets may lie in it, and ours are deep."""
    with tempfile.TemporaryDirectory(prefix="ff", dir=Path("/tmp").resolve()) as folder:
        yield Path(folder)


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")])
def test_nothing_of_a_passed_test_stays(tmp_path: Path, short: Path, workers: tuple[str, str]) -> None:
    suites = [LEAVING.replace("FINE", "True")] * 2
    code, said = run_suite(tmp_path, ci=False, photos=None, suites=suites, more=workers, temp=short)
    assert (code, [path for path in short.rglob("*") if path.is_file()]) == (0, []), said
    assert "temporary files: at most " in said


@pytest.mark.parametrize("workers", [("-p", "no:xdist"), ("-n", "2")])
def test_what_a_failed_test_had_is_kept_and_no_more(tmp_path: Path, short: Path, workers: tuple[str, str]) -> None:
    suites = [LEAVING.replace("FINE", "True"), LEAVING.replace("FINE", "False")]
    code, said = run_suite(tmp_path, ci=False, photos=None, suites=suites, more=workers, temp=short)
    kept = sorted(path.name for path in short.rglob("*") if path.is_file() and path.name != ".lock")
    assert (code, kept) in ((1, ["own"]), (1, ["file", "own"])), said


def test_a_run_that_holds_too_much_has_failed(tmp_path: Path) -> None:
    watching = """
import time
import pytest
import tests.leftovers
tests.leftovers.MOST_BYTES = 1000

def test_that_holds_much(tmp_path, pytestconfig):
    (tmp_path / "much").write_bytes(bytes(100_000))
    (total,) = [one for one in pytestconfig.pluginmanager.get_plugins() if type(one).__name__ == "Total"]
    while total.watch.most.total() < 100_000:
        time.sleep(0.05)
"""
    code, said = run_suite(tmp_path, ci=False, photos=None, suites=[watching])
    assert code == 1, said
    assert "TOO MUCH" in said
    assert "test_that_holds_much0 0 MB" in said


def test_a_test_that_names_no_judge_finds_none() -> None:
    for package in TOGETHER:
        for program in package:
            assert shutil.which(program) is None, program
            assert program_at(program) is None, "nor beside the PATH, in /sbin"
    assert shutil.which("sh")


@pytest.mark.judge("fsck.fat")
def test_where_there_are_no_judges_their_tests_are_skipped_aloud_and_the_others_pass() -> None:
    """As `make test-without-judges` does with all files that name some: here the file that failed on a bare Debian."""
    assert program_at("fsck.fat")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist", "tests/cards/test_remove.py"],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if name != "CI"} | {"FIFTHFLOOR_NO_JUDGES": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    said = done.stdout
    assert done.returncode == 0, said
    counted = re.fullmatch(r"(\d+) passed, (\d+) skipped in .*", said.strip().splitlines()[-1])
    assert counted, said
    assert int(counted[1]) >= 5
    assert int(counted[2]) >= 5
    assert re.search(r"judge: 0 ran, (\d+) skipped", said)[1] == counted[2], said  # type: ignore[index]
    assert "x this machine has no fsck.fat" in said


@pytest.mark.judge("mcopy")
def test_a_test_that_names_a_judge_runs_it_and_what_comes_with_it() -> None:
    assert shutil.which("mdel")
    assert judges.run("mdel", "--version").returncode == 0
    with pytest.raises(AssertionError, match="mark it"):
        judges.run("fls", "-V")


def test_sparse_files_count_by_what_they_hold(tmp_path: Path) -> None:
    with (tmp_path / "card.img").open("wb") as card:
        card.truncate(1 << 30)
        card.write(bytes(100_000))
    assert 100_000 <= held(tmp_path).total() < 1_000_000


@pytest.mark.parametrize(("program", "absent"), [("sh", []), ("no-such-program-7", ["no-such-program-7"])])
def test_missing_names_what_is_not_there(program: str, absent: list[str]) -> None:
    named.add(program)
    assert missing(program) == absent
