"""Figures of the statement at 24 MP 4:2:0, best of five, in CPU seconds, and memory.

python bench/prove.py [PHOTO.jpg]      without a photograph: a made one of 6000 x 4000
"""

from __future__ import annotations

import functools
import io
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `tests`, from whatever folder this is run

import numpy as np
from measure import PROGRAM, cost_of, helped, row
from PIL import Image
from tests.jpeg.rewriting import rewritten

from fifthfloor.identity import SigningKey
from fifthfloor.jpeg import coefficients
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.jpeg.frame import PROGRESSIVE
from fifthfloor.redact.boxes import Box, as_shown, runs_of
from fifthfloor.statement import tree
from fifthfloor.statement.claims import FACTS
from fifthfloor.statement.sign import Fact, Original, fill, sign
from fifthfloor.statement.verify import verify

T = TypeVar("T")
VERIFY_JS = Path(__file__).parents[1] / "src" / "fifthfloor" / "statement" / "verify.js"
NODE = """
const fs = require("fs"), F = require(process.argv[1]);
const [p, s] = [process.argv[2], process.argv[3]].map((name) => new Uint8Array(fs.readFileSync(name)));
(async () => {
  let best = 9;
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    await F.verify(p, s);
    const used = process.cpuUsage(before);
    best = Math.min(best, (used.user + used.system) / 1e6);
  }
  console.log(best);
})();
"""
CANONICALISE = """
import pathlib, sys
from fifthfloor.jpeg.canonical import canonicalise
canonicalise(pathlib.Path(sys.argv[1]).read_bytes())
"""


def best(work: Callable[[], T]) -> tuple[float, T]:
    """Return the least CPU time of five, and the result."""
    took = 1e9
    for _ in range(5):
        before = time.process_time()
        result = work()
        took = min(took, time.process_time() - before)
    return took, result


def made(width: int, height: int) -> bytes:
    """Make a picture with detail at every scale, at about 2 bits a pixel like a camera's."""
    chance = np.random.default_rng(1)
    total = np.zeros((height, width, 3))
    for power in range(2, 11):
        coarse = chance.normal(0, 1.6**power, (-(-height >> power) + 1, -(-width >> power) + 1, 3))
        total += np.kron(coarse, np.ones((1 << power, 1 << power, 1)))[:height, :width]
    out = io.BytesIO()
    pixels = np.clip(128 + total / 2 + chance.normal(0, 3, total.shape), 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(out, "JPEG", quality=93, subsampling="4:2:0")
    return out.getvalue()


def boxes_in(width: int, height: int) -> list[Box]:
    """Return five boxes of a twentieth by a tenth of the picture, spread over it, whatever its size and shape."""
    corners = ((0.08, 0.12), (0.33, 0.22), (0.58, 0.18), (0.17, 0.55), (0.5, 0.62))
    wide, high = max(1, width // 20), max(1, height // 10)
    places = [(int(x * width), int(y * height)) for x, y in corners]
    return [Box(x, y, min(width, x + wide), min(height, y + high)) for x, y in places]


def main() -> None:
    source = Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else made(6000, 4000)
    read_s, decoded = best(lambda: coefficients.read(source))
    megapixels = decoded.frame.width * decoded.frame.height / 1e6
    row("decode", f"{megapixels / read_s:.0f} MP a CPU second", "100", megapixels / read_s >= 100)
    if decoded.frame.process != PROGRESSIVE and not decoded.is_cut:  # others are not written as they are
        write_s, _ = best(functools.partial(rewritten, decoded))
        row("encode", f"{megapixels / write_s:.0f} MP a CPU second", "100", megapixels / write_s >= 100)
    del decoded
    canonical_s, picture = best(lambda: canonicalise(source))
    row(f"canonicalise {megapixels:.0f} MP", f"{canonical_s:.2f} s", "1.0 s", canonical_s <= 1.0)
    more = 100 * (len(picture.to_bytes()) / len(source) - 1)
    row("size of the canonical picture", f"{more:+.2f} %", "1.5 % (median of real ones)", None)
    header, seed = picture.header, bytes(32)
    whole = tree.whole(seed)
    commit_s, _ = best(lambda: tree.root(whole, header.intervals, picture.interval))
    row(f"commit to {header.intervals} intervals", f"{commit_s:.3f} s", "0.1 s", commit_s <= 0.1)
    hidden = runs_of(picture, boxes_in(*as_shown(header)))
    redact_s, _ = best(
        lambda: (tree.narrow(whole, header.intervals, picture.interval, hidden), fill(picture, hidden).to_bytes())
    )
    row("redact 5 boxes, with proof", f"{redact_s:.3f} s", "0.05 s", redact_s <= 0.05)
    facts = {name: Fact("", bytes(32)) for name in FACTS}
    found = sign(SigningKey(seed), [Original(picture, seed, hidden)], facts, key_life="once")[0]
    verify_s, _ = best(lambda: verify(found.picture, found.statement))
    row("verify in Python", f"{verify_s:.3f} s", "0.15 s", verify_s <= 0.15)
    row("statement", f"{len(found.statement) / 1e3:.1f} kB", "-", None)
    outside(source, found.picture, found.statement)


def outside(source: bytes, picture: bytes, statement: bytes) -> None:
    """Rows that other processes are measured for."""
    import subprocess

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "source.jpg").write_bytes(source)
        (place / "p.jpg").write_bytes(picture)
        (place / "p.json").write_bytes(statement)
        command = ["node", "--no-warnings", "-e", NODE, str(VERIFY_JS), str(place / "p.jpg"), str(place / "p.json")]
        node_s = float(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))
        row("verify in JavaScript (Node)", f"{node_s:.2f} s", "0.6 s", node_s <= 0.6)
        peer = min(cost_of(["jpegtran", "-copy", "none", "-restart", "8B", "-outfile", str(place / "o"), str(place / "source.jpg")]).cpu for _ in range(3))  # fmt: skip # noqa: E501
        row("jpegtran, the same work as canonicalise", f"{peer:.2f} s", "-", None)
        alone = cost_of([sys.executable, "-c", CANONICALISE, str(place / "source.jpg")])
        row("memory of canonicalising", f"{alone.peak_mb:.0f} MB", "400 MB", alone.peak_mb <= 400)
        whole = cost_of([PROGRAM, "sign", str(place / "source.jpg"), "--out", str(place / "out")])
        row("memory of `sign` with its rendition", f"{whole.peak_mb:.0f} MB", "400 MB", whole.peak_mb <= 400)


if __name__ == "__main__":
    helped(__doc__)
    main()
