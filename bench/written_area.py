"""Grey to faces in the files that `protect` writes, decoded from their statements: rows for docs/performance/people.md.

python bench/written_area.py [--faces | --tiles | --packages FOLDER]

Over the labelled photographs of ../shared/photos/cameras that have a face, and those without: `protect` with the turned
looks, then what is grey in each written picture (hidden intervals; in a rendition also what its full size hides)
against the labelled faces with a quarter of their width and height
around them. `--faces`: only the photographs that have a face, which is half of the work.
`--packages`: instead of these the labelled pictures of packages, as `labelled_faces` says where to get them.
`--tiles`: for the first of them, size and grey by MCUs an interval (what jpeg/canonical.py chose from).
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from labelled_faces import COVERED, OVERLOOKED, PHOTOS, Labelled, interval, photographs
from measure import helped
from numpy.typing import NDArray

from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.redact.boxes import Box, as_shown, runs_of
from fifthfloor.redact.metadata import rebuild
from fifthfloor.statement.claims import FACTS
from fifthfloor.statement.hidden_runs import rectangles
from fifthfloor.statement.sign import Fact, Original, sign
from fifthfloor.statement.verify import Verified, verify
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signer

AROUND = 0.25
LEAST_PX = 16
FULL, WEB = ".jpg", ".2048.jpg"
TILES = (1, 2, 4, 8, 16)
SIGNER = Signer(SigningKey(bytes(32)), "once")

Marks = NDArray[np.bool_]


def hidden_pixels(found: Verified) -> Marks:
    """Return (height, width) bool as the picture is shown: what is grey in it."""
    header = found.picture.header
    stored_box = np.zeros((header.height, header.width), np.bool_)
    across, down = 8 * max(h for h, _ in header.sampling), 8 * max(v for _, v in header.sampling)
    for left, top, right, bottom in rectangles(found.hidden, header):
        stored_box[top * down : bottom * down, left * across : right * across] = True
    upside_down, mirrored = header.orientation in (3, 4, 6, 7), header.orientation in (2, 3, 7, 8)
    turned = stored_box[:: -1 if upside_down else 1, :: -1 if mirrored else 1]
    return turned.T if header.orientation > 4 else turned


def grey_pixels(marks: Marks, full: Marks) -> Marks:
    """Return what is grey in a rendition: what it hides, and what was grey in the full size that it was made of."""
    rows, columns = (
        (np.arange(small) + 0.5) * large / small for small, large in zip(marks.shape, full.shape, strict=True)
    )
    made: Marks = marks | full[rows.astype(int)][:, columns.astype(int)]
    return made


def labelled_pixels(photo: Labelled, marks: Marks) -> Marks:
    """Return what the labelled faces take with a quarter around them, at the size of `marks`."""
    height, width = marks.shape
    scale_y, scale_x = height / photo.pixels.shape[0], width / photo.pixels.shape[1]
    taken = np.zeros_like(marks)
    for face in photo.faces:
        left, top, right, bottom = face.box
        x, y = AROUND * (right - left), AROUND * (bottom - top)
        rows = slice(max(0, round((top - y) * scale_y)), round((bottom + y) * scale_y))
        taken[rows, max(0, round((left - x) * scale_x)) : round((right + x) * scale_x)] = True
    return taken


def recall(photo: Labelled, marks: Marks) -> list[bool]:
    """Say of each face of 16 px and more that is no doubtful one whether it is grey."""
    height, width = marks.shape
    scale_y, scale_x = height / photo.pixels.shape[0], width / photo.pixels.shape[1]
    hits = []
    for face in photo.faces:
        if face.doubtful or face.kind in (OVERLOOKED, "picture") or face.height_px < LEAST_PX:
            continue
        left, top, right, bottom = face.box
        part = marks[
            round(top * scale_y) : max(round(top * scale_y) + 1, round(bottom * scale_y)),
            round(left * scale_x) : max(round(left * scale_x) + 1, round(right * scale_x)),
        ]
        hits.append(bool(part.mean() >= COVERED))
    return hits


def main(packages: Path | None, *, only_faces: bool) -> None:
    ratios: dict[str, list[float]] = {FULL: [], WEB: []}
    grey, faces = {FULL: 0, WEB: 0}, {FULL: 0, WEB: 0}
    hits: dict[str, list[bool]] = {FULL: [], WEB: []}
    empty: list[float] = []
    begun, megapixels = time.process_time(), 0.0
    for photo in photographs(packages, empty=packages is None):
        if photo.name.startswith(("cameras/", "roll/") if packages else "roll/") or (only_faces and not photo.faces):
            continue
        with tempfile.TemporaryDirectory() as folder:
            (done,) = protect([(packages or PHOTOS) / photo.name], ProtectIntent(Path(folder)), SIGNER)
            if not isinstance(done, Protected):
                continue
            megapixels += photo.pixels.size / 3e6
            for ending in (FULL, WEB):
                path = Path(folder) / (Path(done.name).stem + ending)
                if not path.exists():
                    continue
                found = verify(path.read_bytes(), path.with_name(path.name + ".statement.json").read_bytes())
                marks = hidden_pixels(found)
                if ending == FULL:
                    full = marks
                else:
                    marks = grey_pixels(marks, full)
                taken = int(labelled_pixels(photo, marks).sum())
                hits[ending] += recall(photo, marks)
                if taken:
                    ratios[ending].append(int(marks.sum()) / taken)
                    grey[ending], faces[ending] = grey[ending] + int(marks.sum()), faces[ending] + taken
                elif ending == FULL:
                    empty.append(float(marks.mean()))
    for ending in (FULL, WEB):
        if not ratios[ending]:
            continue
        low, high = interval(sum(hits[ending]), len(hits[ending]))
        print(
            f"{ending}: {len(ratios[ending])} photographs with a face: recall {sum(hits[ending])}/{len(hits[ending])} "
            f"({low:.2f} to {high:.2f}), grey to faces together {grey[ending] / faces[ending]:.2f}, "
            f"median {statistics.median(ratios[ending]):.2f}, worst {max(ratios[ending]):.1f}, "
            f"below: 90 % of them {sorted(ratios[ending])[int(0.9 * len(ratios[ending]))]:.2f}"
        )
    if empty:
        print(f"{len(empty)} without: grey median {statistics.median(empty):.3f}, largest {max(empty):.3f}")
    print(f"{megapixels:.0f} MP, {megapixels / (time.process_time() - begun):.2f} MP a CPU second")


def tiles() -> None:
    """Print, for one photograph and a box of 100 pixels: bytes of picture and statement, and grey beyond the box."""
    path = next(path for path in sorted((PHOTOS / "cameras").glob("*.jpg")) if path.stat().st_size > 2_000_000)
    data = rebuild(path.read_bytes()).data
    print(path.name, len(data), "bytes")
    for mcus in TILES:
        picture = canonicalise(data, mcus)
        width, height = as_shown(picture.header)
        boxes = [Box(x, y, x + 100, y + 100) for x in (301, width // 2) for y in (211, height // 2)]
        runs = runs_of(picture, boxes)
        facts = {name: Fact("", bytes(32)) for name in FACTS}
        (made,) = sign(SIGNER.key, [Original(picture, bytes(32), runs)], facts, key_life="once")
        marks = hidden_pixels(verify(made.picture, made.statement))
        print(
            f"{mcus} MCUs: picture {len(picture.to_bytes()) / len(data):.3f} of the file, statement "
            f"{len(made.statement):,} bytes, grey {marks.sum() / (4 * 100 * 100):.2f} of the boxes"
        )


if __name__ == "__main__":
    helped(__doc__)
    given = Path(sys.argv[sys.argv.index("--packages") + 1]) if "--packages" in sys.argv else None
    tiles() if "--tiles" in sys.argv else main(given, only_faces="--faces" in sys.argv)
