"""`make windows`: what can be tried of Windows under wine. No part of `.ci/run`: it needs root and 1.5 GB."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.windows.judge import Judge
from tools.windows.trials import TRIALS

UNTESTED = """\
Not tried here, for want of a real Windows: what a reader answers on geometry and length (wine answers neither, so the
end of a card is found by reading); a volume that Explorer or another program has open (wine grants every lock); the
prompt of a user who is no administrator, and the question by which the desk's helper gets its rights; a card that is
pulled; what Windows itself writes to a card when it looks.
"""


def main() -> None:
    """Set the judge up where it is not, and run the trials."""
    parser = argparse.ArgumentParser(prog="windows", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the judge lies, or is made")
    parser.add_argument("--only", nargs="+", choices=[trial.__name__ for trial in TRIALS], help="these trials")
    asked = parser.parse_args()
    judge = Judge(asked.folder)
    failed = 0
    try:
        judge.set_up()
        judge.install()
        for trial in TRIALS:
            if asked.only and trial.__name__ not in asked.only:
                continue
            try:
                print(f"  ok      {trial(judge)}", flush=True)
            except AssertionError as error:
                failed += 1
                print(f"  FAILED  {trial.__name__}: {error}", flush=True)
    finally:
        judge.close()
    print(UNTESTED, end="")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
