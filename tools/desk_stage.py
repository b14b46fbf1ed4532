"""A folder for `make desk`: virtual cards, one of a camera with photographs deleted on it, and photographs to hide.

python tools/desk_stage.py --out DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.journey.props import STAGE_MARKER, set_stage

DELETED = 2


def make(out: Path) -> Path:
    """Make it anew; two of the camera's photographs are deleted as a camera deletes."""
    stage = set_stage(out, None)
    for path in stage.today[-DELETED:]:
        delete_like_a_camera(stage.shooting, path)
    return out


def main() -> None:
    """Make the folder, unless it is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
    if not (out / STAGE_MARKER).exists():
        make(out)


if __name__ == "__main__":
    main()
