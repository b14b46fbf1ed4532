"""Crops that stand in something else, and bars laid over whole frames that have neighbours, looked for in an archive.

`PYTHONPATH=bench python -m bench.trace_beside COUNT COPIED FOLDER...`

The first COUNT photographs of each folder are in the archive, and all views of one place. Of the first COPIED of each
folder in half b (`photographs.py`) a random crop of 0.6 is looked for alone and in each of the settings of
`tests/trace/scenes.py`, at JPEG quality 60, and again with a box laid into it; then beside what a statement says of the
photograph. Over each view of the place a bar is laid, over 18 and over 25 % of its height.
"""

from __future__ import annotations

import hashlib
import math
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from measure import helped

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run
sys.path.insert(0, str(Path(__file__).parent))

from photographs import SCENES, half_of, opened, photographs, scene_of
from PIL import Image
from tests.trace.scenes import SETTINGS, jpeg, on_a_phone

from fifthfloor.tasks.trace.ingest import add, waiting
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.trace import Finder, Traced
from fifthfloor.trace.candidates import searched
from fifthfloor.trace.differing import Differences, differences
from fifthfloor.trace.likeness import likeness_of, read_likeness
from fifthfloor.trace.matching import match

Box = tuple[float, float, float, float]
KEPT, QUALITY, NEAR_ENOUGH = 0.6, 60, 0.05
# Of the screen of `on_a_phone`, what a picture has that begins highest and lowest.
SCREEN = 1080, 1690
VIEWS = "openMVG"


def crop_of(image: Image.Image, chance: Random) -> tuple[Image.Image, Box]:
    """Return a random crop and where it is, in shares."""
    wide = min(1.0, math.sqrt(KEPT) * math.exp(chance.uniform(-0.25, 0.25)))
    high = min(1.0, KEPT / wide)
    left, top = chance.uniform(0, 1 - wide), chance.uniform(0, 1 - high)
    box = left, top, left + wide, top + high
    edges = [round(share * edge) for share, edge in zip(box, image.size * 2, strict=True)]
    return image.crop((edges[0], edges[1], edges[2], edges[3])), box


def boxed(image: Image.Image, chance: Random) -> tuple[Image.Image, Box]:
    """Lay a box into a picture, and say where, in shares; it is lighter or darker than what was there."""
    out = image.copy()
    left, top = chance.uniform(0.1, 0.7), chance.uniform(0.1, 0.6)
    edges = [
        round(share * edge) for share, edge in zip((left, top, left + 0.2, top + 0.25), image.size * 2, strict=True)
    ]
    box = edges[0], edges[1], edges[2], edges[3]
    mean = image.convert("L").crop(box).resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    out.paste((235, 235, 235) if isinstance(mean, int) and mean < 128 else (25, 25, 25), box)
    return out, (left, top, left + 0.2, top + 0.25)


def judged(found: Differences, box: Box, laid: Box | None, row: Counter[str]) -> None:
    """Count what is said of a crop; `laid` is a box in it, in shares of the crop."""
    kept = (box[2] - box[0]) * (box[3] - box[1])
    row["same frame"] += found.is_this_frame
    row["percent"] += abs(found.kept - kept) <= NEAR_ENOUGH
    if laid is None:
        row["areas"] += bool(found.areas)
        return
    x = box[0] + (laid[0] + laid[2]) / 2 * (box[2] - box[0])
    y = box[1] + (laid[1] + laid[3]) / 2 * (box[3] - box[1])
    row["told"] += any(area.left < x < area.right and area.top < y < area.bottom for area in found.areas)


def looked_for(finder: Finder, path: Path, rows: dict[str, Counter[str]]) -> None:
    """Look for a photograph's crops, in the archive and among signed pictures."""
    image = opened(path)
    signed = read_likeness(likeness_of(jpeg(image)))
    frame = signed.points.width, signed.points.height
    plain: dict[str, Callable[[Image.Image, Random], Image.Image]] = {"alone": lambda given, _: given}
    for name, put in (plain | SETTINGS).items():
        crop, box = crop_of(image, Random(path.name))
        if put is on_a_phone and crop.height * SCREEN[0] > SCREEN[1] * crop.width:
            continue  # the screen would cut it once more
        changed, laid = boxed(crop, Random(path.name))
        for given, where in ((crop, None), (changed, laid)):
            data = jpeg(put(given, Random(path.name + name)), QUALITY)
            row = rows[name]
            row["boxed" if where else "crops"] += 1
            traced = finder.find(name, data)
            first = [one for one in traced.similar[:1] if path.name in _names(one.places)]
            if where is None:
                row["first"] += len(first)
                for wrong in false_in(path.name, traced):
                    row["false"] += 1
                    print("false:", path.name, name, wrong)
            for one in first:
                if one.differences is not None:
                    judged(one.differences, box, where, row)
            row = rows[name + ", signed"]
            row["boxed" if where else "crops"] += 1
            picture = searched(data)
            placement = match(signed.points, picture.points)
            if placement is not None:
                row["first"] += where is None
                judged(differences(signed.tiles, frame, placement, picture.image), box, where, row)


def is_in(store: Store, path: Path) -> bool:
    """Say whether a photograph could be added."""
    return store.number_of(hashlib.sha256(path.read_bytes()).digest()) is not None


def _names(places: tuple[str, ...]) -> list[str]:
    return [Path(place).name for place in places]


def false_in(name: str, traced: Traced) -> Iterator[list[str]]:
    """Yield what is called a copy, and is of another scene."""
    for one in traced.similar:
        names = _names(one.places)
        if one.is_copy and all(scene_of(other) != scene_of(name) for other in names):
            yield names


def bars(finder: Finder, views: list[Path]) -> None:
    row: Counter[str] = Counter()
    for path in views:
        for share in (0.18, 0.25):
            image = opened(path)
            image.paste((255, 255, 255), (0, round(image.height * (1 - share)), image.width, image.height))
            traced = finder.find(path.name, jpeg(image, QUALITY))
            told = [path.name in _names(one.places) for one in traced.similar[: traced.alike]]
            row["named" if told == [True] else "alike" if any(told) else "another" if told else "nothing"] += 1
    print("a bar over whole frames with neighbours:", dict(row))


def main() -> int:
    count, copied = int(sys.argv[1]), int(sys.argv[2])
    found = list(photographs([Path(word) for word in sys.argv[3:]]))
    views = [path for few in found for path in few if path.name.startswith(VIEWS)]
    kept = [[path for path in few if not SCENES.match(path.name)] for few in found]
    rows: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as made:
        archive = Path(made) / "archive"
        for _ in add(waiting([path for few in kept for path in few[:count]] + views, archive).files, archive):
            pass
        with Store(archive) as store:
            finder = Finder(store)
            bars(finder, views)
            for few in kept:
                own = [path for path in few[:count] if half_of(path.name) == "b" and is_in(store, path)]
                for path in own[:copied]:
                    looked_for(finder, path, rows)
    for name, row in rows.items():
        print(f"| {name} | " + " | ".join(f"{key} {row[key]}" for key in (*_COUNTED, "false")) + " |")
    return 0


_COUNTED = ("crops", "first", "same frame", "percent", "areas", "boxed", "told")

if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
