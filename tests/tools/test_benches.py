"""Every bench starts where it is asked what it measures, and measures nothing then."""

from __future__ import annotations

import subprocess
import sys

from tests.outside import REPOSITORY

BENCHES = sorted(
    path.name
    for path in (REPOSITORY / "bench").glob("*.py")
    if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
)
# One process for all: most of a start is the imports that they share.
START = """if True:
    import contextlib, io, runpy, sys
    sys.path.insert(0, "bench")
    for name in sys.argv[1:]:
        sys.argv = ["bench/" + name, "--help"]
        said = io.StringIO()
        try:
            with contextlib.redirect_stdout(said):
                runpy.run_path(sys.argv[0], run_name="__main__")
        except SystemExit as end:
            print(name, end.code or 0, "python" in said.getvalue() or len(said.getvalue()) > 60)
        except BaseException as error:
            print(name, repr(error), False)
        else:
            print(name, "went on", False)
"""


def test_every_bench_says_what_it_measures() -> None:
    assert len(BENCHES) > 40
    said = subprocess.run(
        [sys.executable, "-c", START, *BENCHES], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert said.stdout.splitlines() == [f"{name} 0 True" for name in BENCHES], said.stderr[-2000:]
