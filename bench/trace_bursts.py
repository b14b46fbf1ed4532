"""Which frame of a burst a copy was made of.

`PYTHONPATH=bench python -m bench.trace_bursts PHOTOGRAPHS COUNT [SECONDS LINES]`

Of each of COUNT photographs three bursts of five frames are made, each frame with grain of its own and saved anew: on a
tripod; in the hand (each frame a few pixels beside); on a tripod while something in the picture moves. And the
neighbouring views of one place among PHOTOGRAPHS are a burst each, as they are. Copies of some frames are looked for:
the frame is named, or said not to be told apart from others of which it is one, or another one is named.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from random import Random

from measure import helped

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run
sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
from photographs import drawn, opened
from PIL import Image
from tests.trace.scenes import CHANGES, jpeg

from fifthfloor.tasks.trace.ingest import add
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.trace import Finder

COPIES = ("400 px", "colour", "watermark", "hidden", "half", "turned")
KINDS = ("tripod", "hand", "moving")
FRAMES = 5
# Of 255, at the size at which frames are made: what ISO 400 to 800 leaves.
GRAIN = 4.0
SHAKE_PX = 12
_VIEWS = re.compile(r"(alicevision|openMVG)")


def frames_of(image: Image.Image, kind: str, seed: str) -> list[Image.Image]:
    """Make a burst of a photograph of about 1,600 pixels."""
    chance = Random(f"{seed} {kind}")
    grain = np.random.default_rng(chance.randrange(1 << 32))
    wide, high = image.width - 2 * SHAKE_PX, image.height - 2 * SHAKE_PX
    size = round(0.1 * wide), round(0.2 * high)
    taken = chance.randrange(wide - size[0]), chance.randrange(high - size[1])
    moved = image.crop((*taken, taken[0] + size[0], taken[1] + size[1]))
    place = chance.uniform(0.1, 0.7) * wide, chance.uniform(0.1, 0.7) * high
    found = []
    for number in range(FRAMES):
        here = image.copy()
        if kind == "moving":
            here.paste(moved, (round(place[0] + 0.015 * number * wide), round(place[1])))
        at = (SHAKE_PX, SHAKE_PX)
        if kind == "hand":
            at = chance.randint(0, 2 * SHAKE_PX), chance.randint(0, 2 * SHAKE_PX)
        pixels = np.asarray(here.crop((*at, at[0] + wide, at[1] + high)), np.float32)
        noisy = pixels + grain.normal(0, GRAIN, pixels.shape)
        found.append(Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)))
    return found


def looked_for(frames: list[Image.Image], kind: str, name: str, copied: list[int]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        paths = [folder / f"{number}.jpg" for number in range(len(frames))]
        for path, frame in zip(paths, frames, strict=True):
            path.write_bytes(jpeg(frame, 92))
        list(add(paths, folder / "archive"))
        with Store(folder / "archive") as store:
            finder = Finder(store)
            for number in copied:
                for change in COPIES:
                    data = jpeg(CHANGES[change](frames[number], Random(f"{name} {number} {change}")), 30)
                    found = finder.find(change, data)
                    told = [int(Path(one.places[0]).stem) for one in found.similar[: found.alike]]
                    copies = bool(found.similar) and found.similar[0].is_copy
                    rows.append(
                        {"kind": kind, "name": name, "frame": number, "change": change, "told": told, "copy": copies}
                    )
    return rows


def report(rows: list[dict[str, object]]) -> None:
    by = defaultdict[tuple[object, object], list[dict[str, object]]](list)
    for one in rows:
        by[one["kind"], one["change"]].append(one)
        by[one["kind"], "all"].append(one)
    for (kind, change), ones in by.items():
        told = [(one["frame"], one["told"]) for one in ones]
        named = sum(seen == [frame] for frame, seen in told)
        alike = sum(isinstance(seen, list) and len(seen) > 1 and frame in seen for frame, seen in told)
        nothing = sum(not seen for _, seen in told)
        wrong = len(ones) - named - alike - nothing
        print(f"| {kind} | {change} | {len(ones)} | {named} | {alike} | {wrong} | {nothing} |")


def main() -> int:
    photographs, count = Path(sys.argv[1]), int(sys.argv[2])
    begun, seconds = time.monotonic(), float(sys.argv[3]) if len(sys.argv) > 3 else 1e9
    lines = Path(sys.argv[4]) if len(sys.argv) > 4 else Path(tempfile.mkdtemp()) / "bursts.jsonl"
    rows = [json.loads(line) for line in lines.read_text().splitlines()] if lines.exists() else []
    done = {(one["kind"], one["name"]) for one in rows}
    files = sorted(photographs.iterdir(), key=lambda path: (drawn(path.name), path.name))
    single = [path for path in files if not _VIEWS.match(path.name)][:count]
    tasks = [(kind, path.name, [path]) for path in single for kind in KINDS]
    for place in ("alicevision", "openMVG"):
        views = [path for path in sorted(photographs.iterdir()) if path.name.startswith(place)]
        tasks += [("views", f"{place} {first}", views[first : first + FRAMES]) for first in range(0, len(views) - 4, 3)]
    for kind, name, paths in tasks:
        if (kind, name) in done:
            continue
        if time.monotonic() - begun > seconds:
            print("stopped; the same command goes on")
            break
        images = [opened(path) for path in paths]
        if min(images[0].size) < 400:
            continue
        frames = images if kind == "views" else frames_of(images[0], kind, name)
        found = looked_for(frames, kind, name, [1, 3])
        with lines.open("a") as out:
            out.writelines(json.dumps(one) + "\n" for one in found)
        rows += found
    report(rows)
    return 0


if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
