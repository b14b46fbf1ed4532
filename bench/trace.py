"""How surely copies are found in an archive: `python -m bench.trace PHOTOGRAPHS [COPIED ABSENT ARCHIVED]`.

PHOTOGRAPHS is a folder of real photographs that no threshold was chosen on. Each named change is made of the first
ones; the archive holds all but as many, which are looked for too: whatever is found for those is false.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run

import numpy as np
from PIL import Image
from tests.trace.scenes import CHANGES, jpeg

from fifthfloor.tasks.trace.ingest import Added, add, waiting
from fifthfloor.tasks.trace.look import Finder
from fifthfloor.tasks.trace.store import Store
from fifthfloor.trace.candidates import PDQ_MATCH, searched
from fifthfloor.trace.record import record_of

COPIED, ABSENT, ARCHIVED = (int(word) for word in sys.argv[2:] or (25, 25, 250))


def main() -> int:
    files = sorted(Path(sys.argv[1]).glob("*"), key=lambda path: hashlib.sha256(path.name.encode()).digest())
    known, absent = files[:ARCHIVED], files[ARCHIVED : ARCHIVED + ABSENT]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "pictures"
        place.mkdir()
        for path in known:
            (place / f"{path.stem}.jpg").symlink_to(path)
        copies = [place / f"{path.stem}.jpg" for path in known]
        archive = Path(folder) / "archive"
        added = sum(isinstance(one, Added) for one in add([path.resolve() for path in copies], archive))
        begun = time.process_time()
        for path in known[:10]:
            record_of(path.read_bytes())
        print(f"{added} added, {100 * (time.process_time() - begun):.0f} CPU ms a photograph")
        print(f"{len(waiting([path.resolve() for path in copies], archive).files)} left")
        with Store(archive) as store:
            _report(Finder(store), known[:COPIED], absent)
    return 0


def _report(finder: Finder, known: list[Path], absent: list[Path]) -> None:
    found: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    false, spent = 0, 0.0
    for number, path in enumerate(known + absent):
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        own = searched(jpeg(image)).pdq[0]
        for change, make in CHANGES.items():
            data = jpeg(make(image, Random(f"{path.name} {change}")), 30)
            begun = time.process_time()
            traced = finder.find(change, data)
            spent += time.process_time() - begun
            names = [Path(place).stem for one in traced.similar for place in one.places]
            false += sum(name != path.stem for name in names)
            if number < len(known):
                alone = min(_distance(own, one) for one in searched(data).pdq) <= PDQ_MATCH
                copy = bool(traced.similar) and traced.similar[0].is_copy
                found[change].append((names[:1] == [path.stem], copy, alone))
    for change, rows in found.items():
        recall, copy, alone = np.mean(rows, axis=0)
        print(f"| {change} | {len(rows)} | {recall:.2f} | {copy:.2f} | {alone:.2f} |", flush=True)
    looked = (len(known) + len(absent)) * len(CHANGES)
    pairs = looked * ARCHIVED
    print(f"{false} false in {pairs} pairs (at most {3 / pairs:.1e} each, 95 %)")
    print(f"{1000 * spent / looked:.0f} CPU ms a picture")


def _distance(first: bytes, second: bytes) -> int:
    return (int.from_bytes(first, "big") ^ int.from_bytes(second, "big")).bit_count()


if __name__ == "__main__":
    sys.exit(main())
