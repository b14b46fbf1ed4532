"""How surely copies are found in an archive.

`PYTHONPATH=bench python -m bench.trace LINES SECONDS HALF COPIED FOLDER...`

Every photograph of the folders is in the archive but one in ten, which are looked for too: whatever is found for those
is false. Of the first COPIED of each folder in a half (`a`: thresholds may be chosen on it, `b`: they may not) each
named change is made, saved at JPEG quality 30 and looked for. Each picture looked for is a line of the file LINES, and
the archive lies beside it: what was stopped after SECONDS goes on with the same command. With LINES
alone it prints the tables.
"""

from __future__ import annotations

import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from measure import helped

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run
sys.path.insert(0, str(Path(__file__).parent))

from photographs import SCENES, drawn, half_of, opened, photographs, scene_of
from PIL import Image
from scipy.stats import beta
from tests.trace.scenes import CHANGES, jpeg

from fifthfloor.tasks.trace.ingest import add, waiting
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.trace import Finder, Traced
from fifthfloor.trace.candidates import PDQ_MATCH
from fifthfloor.trace.differing import MOST_MISFIT
from fifthfloor.trace.grey import REFERENCE_PX, scaled
from fifthfloor.trace.grey import opened as opened_grey
from fifthfloor.trace.hashes import pdq


def is_absent(name: str) -> bool:
    return not SCENES.match(name) and drawn(name) % 10 == 0


def run(lines: Path, seconds: float, half: str, copied: int, folders: Sequence[Path]) -> None:
    begun, archive = time.monotonic(), lines.with_suffix(".archive")
    found = list(photographs(folders))
    for looked in add(
        waiting([path for few in found for path in few if not is_absent(path.name)], archive).files, archive
    ):
        del looked
        if time.monotonic() - begun > seconds:
            print("not all are added yet")
            return
    done = {(one["photograph"], one["change"]) for one in told(lines)}
    chosen = [path for few in found for path in [path for path in few if half_of(path.name) == half][:copied]]
    with Store(archive) as store, lines.open("a") as out:
        finder = Finder(store)
        for path in chosen:
            left = [change for change in CHANGES if (path.name, change) not in done]
            if not left:
                continue
            image = opened(path)
            own = hashed(jpeg(image))[0]
            for change in left:
                if time.monotonic() - begun > seconds:
                    print("stopped; the same command goes on")
                    return
                out.write(json.dumps(looked_for(finder, path.name, change, image, own), allow_nan=False) + "\n")
                out.flush()
    print("all are done")


def looked_for(finder: Finder, name: str, change: str, image: Image.Image, own: int) -> dict[str, Any]:
    data = jpeg(CHANGES[change](image, Random(f"{name} {change}")), 30)
    begun = time.process_time()
    traced = finder.find(change, data)
    spent_ms = 1000 * (time.process_time() - begun)
    return {
        "photograph": name,
        "change": change,
        "half": half_of(name),
        "absent": is_absent(name),
        "found": [similar_of(traced, at) for at in range(len(traced.similar))],
        "alike": traced.alike,
        "pdq_alone": min((own ^ one).bit_count() for one in hashed(data)),
        "ms": spent_ms,
    }


def hashed(data: bytes) -> tuple[int, ...]:
    """Return PDQ of a picture in all ways to lay it."""
    return tuple(int.from_bytes(one, "big") for one in pdq(scaled(opened_grey(data, REFERENCE_PX), REFERENCE_PX)))


def similar_of(traced: Traced, at: int) -> dict[str, Any]:
    one = traced.similar[at]
    told = {
        "names": [Path(place).name for place in one.places],
        "points": one.shared,
        "pdq": one.pdq,
        "copy": one.is_copy,
    }
    found = one.differences
    return (
        told
        if found is None
        else told | {"misfit": found.misfit, "differing": found.differing, "compared": found.compared}
    )


def told(lines: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.read_text().splitlines()] if lines.exists() else []


def least(found: int, of: int) -> float:
    """Return the least share that so many found support (Clopper and Pearson, one side, 95 %)."""
    return float(beta.ppf(0.05, found, of - found + 1)) if found else 0.0


def report(lines: Path) -> None:
    for half in "ab":
        rows = defaultdict[str, list[dict[str, Any]]](list)
        for one in told(lines):
            if one["half"] == half:
                rows[one["change"]].append(one)
        print(f"half {half}")
        for change, ones in rows.items():
            known = [one for one in ones if not one["absent"]]
            first = [one for one in known if one["found"] and one["photograph"] in one["found"][0]["names"]]
            copies = [one for one in first if is_copy(one["found"][0])]
            alone = sum(one["pdq_alone"] <= PDQ_MATCH for one in known)
            shares = [len(first) / len(known), least(len(first), len(known)), len(copies) / len(known)]
            told_shares = " | ".join(f"{share:.3f}" for share in [*shares, alone / len(known)])
            print(f"| {change} | {len(known)} | {told_shares} |")
            for one in known:
                if one not in first:
                    print(
                        "   missed:",
                        one["photograph"],
                        [(f["names"], f["points"], f.get("misfit")) for f in one["found"]][:2],
                    )
        every = [one for ones in rows.values() for one in ones]
        false = [(one["photograph"], one["change"], f) for one in every for f in one["found"] if is_false(one, f)]
        frames = sum(
            scene_of(one["photograph"]) == scene_of(f["names"][0]) and one["photograph"] not in f["names"]
            for one in every
            for f in one["found"]
            if is_copy(f)
        )
        print(f"{len(false)} false of {len(every)} pictures looked for; {frames} other frames of a scene called copies")
        for wrong in false:
            print("  ", *wrong)
        if every:
            print(f"{sum(one['ms'] for one in every) / len(every):.0f} CPU ms a picture")


def is_copy(found: dict[str, Any]) -> bool:
    """Judge by the limit as it is now, whatever it was when the picture was looked for."""
    return bool(found["misfit"] <= MOST_MISFIT if "misfit" in found else found["copy"])


def is_false(one: dict[str, Any], found: dict[str, Any]) -> bool:
    return all(scene_of(name) != scene_of(one["photograph"]) for name in found["names"])


def main() -> int:
    lines = Path(sys.argv[1])
    if len(sys.argv) > 2:
        run(lines, float(sys.argv[2]), sys.argv[3], int(sys.argv[4]), [Path(word) for word in sys.argv[5:]])
    else:
        report(lines)
    return 0


if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
