"""Large pictures are brought to a fraction of their size in strips: the same picture, and no second copy of it."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from tests.trace.scenes import scene

from fifthfloor.trace import grey


def picture(mode: str) -> Image.Image:
    drawn = scene(3, 800, 500)
    if mode == "RGBA":
        drawn.putalpha(Image.linear_gradient("L").resize(drawn.size))
        return drawn
    if mode == "I;16":
        return Image.fromarray(np.asarray(drawn.convert("L"), np.uint16) * 256)
    return drawn.quantize(64) if mode == "P" else drawn.convert(mode)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "I;16"])
@pytest.mark.parametrize("orientation", [1, 6, 7])
def test_a_large_picture_in_strips_is_the_same_one(
    mode: str, orientation: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    picture(mode).save(out, "PNG", exif=exif)
    whole = grey.scaled(grey.opened(out.getvalue(), 100), 512)
    monkeypatch.setattr(grey, "LARGE_PIXELS", 1000)
    monkeypatch.setattr(grey, "_STRIP_PIXELS", 30_000)
    small = grey.opened(out.getvalue(), 100)
    assert sorted(small.size) == [125, 200]
    strips = grey.scaled(small, 512)
    assert strips.size == whole.size
    apart = np.abs(np.asarray(strips, np.int16) - np.asarray(whole, np.int16))
    assert apart.mean() < 6


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux how much memory it was")
def test_of_a_large_picture_no_copy_is_made() -> None:
    line = (
        "import io, resource; from PIL import Image; from fifthfloor.trace.record import record_of; out = io.BytesIO();"
        "Image.new('P', (6000, 6000), 9).save(out, 'PNG', compress_level=1);"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10; before = peak();"
        "record_of(out.getvalue()); print(peak() - before)"
    )
    said = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True, check=True)
    assert int(said.stdout) < 150, "36 million pixels of a byte; in colour and at once they were 470 MB"
