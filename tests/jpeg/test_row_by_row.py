"""A sequential picture read some rows at a time is the picture read whole, and holds no more than those rows."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tests.jpeg.pictures import jpeg
from tests.jpeg.test_canonical import SOURCES
from tests.jpeg.test_leniency import ODD

from fifthfloor.errors import BadInput
from fifthfloor.jpeg import row_by_row
from fifthfloor.jpeg.canonical import CanonicalPicture, canonicalise
from fifthfloor.jpeg.coefficients import read

PEAK = """
import sys
from fifthfloor.jpeg.canonical import canonicalise
def now(name):
    return next(int(line.split()[1]) << 10 for line in open("/proc/self/status") if line.startswith(name))
small, large = (open(name, "rb").read() for name in sys.argv[1:])
canonicalise(small)
open("/proc/self/clear_refs", "w").write("5")
before = now("VmRSS")
canonicalise(large)
print(now("VmHWM") - before)
"""


def by_rows(data: bytes, tile: int | None, monkeypatch: pytest.MonkeyPatch, blocks: int = 1) -> CanonicalPicture:
    with monkeypatch.context() as patched:
        patched.setattr(row_by_row, "_ROW_BLOCKS_AT_ONCE", blocks)
        return canonicalise(data, tile)


def equal(one: CanonicalPicture, other: CanonicalPicture) -> bool:
    places = np.array_equal(one.starts, other.starts) and np.array_equal(one.ends, other.ends)
    return one.to_bytes() == other.to_bytes() and one.is_cut == other.is_cut and places


@pytest.mark.parametrize("name", [name for name in SOURCES if "progressive" not in name])
@pytest.mark.parametrize("tile", [1, 3, None])
def test_row_by_row_is_the_whole(name: str, tile: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    data = jpeg(**{"width": 107, "height": 150, **SOURCES[name]})
    assert equal(by_rows(data, tile, monkeypatch), canonicalise(data, tile))


@pytest.mark.parametrize("name", [name for name in ODD if "progressive" not in name])
def test_what_viewers_bear_is_borne_row_by_row(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert equal(by_rows(ODD[name](), 1, monkeypatch), canonicalise(ODD[name](), 1))


@pytest.mark.parametrize("restart", [0, 1, 5, 20])
@pytest.mark.parametrize("missing", [1, 2, 3, 50, 400, 1500])
def test_a_file_cut_anywhere_is_cut_at_the_same_block(
    restart: int, missing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = jpeg(160, 160, restart_marker_blocks=restart)[:-missing]
    whole = canonicalise(data, 1)
    assert whole.is_cut == (missing > 2)
    assert equal(by_rows(data, 1, monkeypatch), whole)
    assert whole.to_bytes() == canonicalise(whole.to_bytes(), 1).to_bytes()


def test_the_whole_is_what_the_coefficients_say() -> None:
    source = jpeg(107, 150, subsampling=2)
    assert np.array_equal(read(source).coefficients, read(canonicalise(source).to_bytes()).coefficients)


def test_a_break_in_a_later_row_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = jpeg(160, 160, restart_marker_blocks=1)
    at = whole.rindex(b"\xff\xd3")
    broken = whole[: at + 1] + b"\xd5" + whole[at + 2 :]
    with pytest.raises(BadInput) as refused:
        by_rows(broken, 1, monkeypatch)
    assert refused.value.facts["what"] == "jpeg.what.restart_turn"


@pytest.mark.skipif(sys.platform != "linux", reason="the peak is read from /proc")
def test_a_sequential_picture_never_takes_the_memory_of_its_coefficients(tmp_path: Path) -> None:
    for name, size in (("small.jpg", (100, 80)), ("large.jpg", (4000, 4000))):
        out = io.BytesIO()
        Image.new("RGB", size, (120, 130, 140)).save(out, "JPEG", quality=75, subsampling="4:4:4")
        (tmp_path / name).write_bytes(out.getvalue())
    command = [sys.executable, "-c", PEAK, str(tmp_path / "small.jpg"), str(tmp_path / "large.jpg")]
    peak = int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    # A band of 4 MB, what is read and what is written; the coefficients would be 96 MB.
    assert peak < 30 << 20
