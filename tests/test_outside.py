"""The machinery that keeps judges honest is itself judged, on small suites run by pytest inside pytest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.outside import REPOSITORY, missing

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

def test_plain():
    pass
"""


def run_suite(tmp_path: Path, *, ci: bool, photos: Path | None) -> tuple[int, str]:
    """Run SUITE with the project's own conftest, in a process of its own."""
    tests = tmp_path / "project" / "tests"
    tests.mkdir(parents=True)
    for name in ("conftest.py", "outside.py"):
        (tests / name).write_text((REPOSITORY / "tests" / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tests / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (tmp_path / "project" / "pyproject.toml").write_bytes((REPOSITORY / "pyproject.toml").read_bytes())
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "FIFTHFLOOR_PHOTOS")}
    environment |= {"CI": "true"} if ci else {}
    environment |= {"FIFTHFLOOR_PHOTOS": str(photos)} if photos else {}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:xdist"],
        cwd=tmp_path / "project",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


def test_at_home_a_missing_judge_is_skipped_and_counted(tmp_path: Path) -> None:
    code, said = run_suite(tmp_path, ci=False, photos=None)
    assert code == 0, said
    assert "judge: 0 ran, 3 skipped" in said
    assert "1 x this machine has no no-such-program-7" in said
    assert "kernel: 0 ran, 1 refused by the kernel" in said
    assert "1 x the kernel refused: no loop device" in said
    assert "photos: 0 ran, 1 skipped" in said
    assert said.strip().splitlines()[-1].startswith("1 passed, 4 skipped in")


def test_in_ci_a_missing_judge_fails_and_a_kernel_refusal_is_counted(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    code, said = run_suite(tmp_path, ci=True, photos=tmp_path / "photos")
    assert code == 1, said
    assert "a judge may not be skipped in CI: this machine has no no-such-program-7" in said
    assert "a judge may not be skipped in CI: no fsck" in said
    assert "photos: 1 ran, 0 skipped" in said
    assert said.strip().splitlines()[-1].startswith("1 failed, 2 passed, 1 skipped, 1 error in")


@pytest.mark.parametrize(("program", "absent"), [("sh", []), ("no-such-program-7", ["no-such-program-7"])])
def test_missing_names_what_is_not_there(program: str, absent: list[str]) -> None:
    assert missing(program) == absent
