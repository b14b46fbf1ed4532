"""What is not read is refused by name, and every layout that is read comes back the same."""

from __future__ import annotations

import importlib
import re
import subprocess
from typing import Any

import pytest
from tests.jpeg.pictures import jpeg
from tests.jpeg.rewriting import rewritten

from fifthfloor.errors import BadInput
from fifthfloor.jpeg import coefficients, segments
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.metadata.exif import orientation_of, taken_of
from fifthfloor.metadata.jpeg_head import exif_in, profile_in
from fifthfloor.words import error

SOURCE = jpeg(64, 48, subsampling=2)
FRAME = SOURCE.index(b"\xff\xc0")
SCAN = SOURCE.index(b"\xff\xda")
LAYOUTS: list[tuple[str, tuple[tuple[int, int], ...]]] = [
    ("grey", ((1, 1),)),
    ("ycbcr", ((1, 1), (1, 1), (1, 1))),
    ("ycbcr", ((2, 1), (1, 1), (1, 1))),
    ("ycbcr", ((1, 2), (1, 1), (1, 1))),
    ("ycbcr", ((2, 2), (1, 1), (1, 1))),
    ("ycbcr", ((2, 2), (1, 2), (1, 2))),
    ("ycbcr", ((4, 1), (1, 1), (1, 1))),
    ("ycbcr", ((3, 1), (1, 1), (1, 1))),
    ("rgb", ((1, 1), (1, 1), (1, 1))),
    ("cmyk adobe", ((1, 1),) * 4),
    ("ycck", ((2, 2), (1, 1), (1, 1), (2, 2))),
    ("cmyk plain", ((1, 1),) * 4),
]


def patched(at: int, new: bytes) -> bytes:
    return SOURCE[:at] + new + SOURCE[at + len(new) :]


REFUSED = {
    "arithmetic": (patched(FRAME + 1, b"\xc9"), "jpeg.arithmetic"),
    "progressive arithmetic": (patched(FRAME + 1, b"\xca"), "jpeg.arithmetic"),
    "lossless": (patched(FRAME + 1, b"\xc3"), "jpeg.process"),
    "hierarchical": (patched(FRAME + 1, b"\xc5"), "jpeg.process"),
    "12 bits": (patched(FRAME + 4, b"\x0c"), "jpeg.precision"),
    "height at the end": (patched(FRAME + 5, b"\0\0"), "jpeg.dnl"),
    "no width": (patched(FRAME + 7, b"\0\0"), "jpeg.broken"),
    "two components": (patched(FRAME + 9, b"\x02"), "jpeg.broken"),
    "non-interleaved": (SOURCE[:SCAN] + b"\xff\xda\0\x08\1\1\0\0\x3f\0" + SOURCE[SCAN + 14 :], "jpeg.non_interleaved"),
    "no coded data": (SOURCE[: SCAN + 14] + b"\x01", "jpeg.damaged"),
    "segment cut": (SOURCE[: FRAME + 6], "jpeg.segment_cut"),
    "no scan": (SOURCE[:SCAN] + b"\xff\xd9", "jpeg.broken"),
    "no tables": (SOURCE[:20] + SOURCE[FRAME:], "jpeg.broken"),
    "two frames": (SOURCE[:FRAME] + SOURCE[FRAME : FRAME + 19] + SOURCE[FRAME:], "jpeg.broken"),
    "restarts out of turn": (jpeg(restart_marker_blocks=1).replace(b"\xff\xd1", b"\xff\xd3", 1), "jpeg.damaged"),
    "text": (b"hello", "jpeg.not_jpeg"),
    "nothing": (b"", "jpeg.not_jpeg"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_is_refused_by_name(name: str) -> None:
    data, key = REFUSED[name]
    with pytest.raises(BadInput) as caught:
        canonicalise(data)
    assert caught.value.key == key
    cause, _ = error(key, caught.value.facts)
    assert not re.search(r" [,;.:]|  |: *$|,$", cause)


@pytest.mark.judge("jpegtran")
@pytest.mark.parametrize(("colour", "sampling"), LAYOUTS)
def test_every_layout_comes_back_and_agrees_with_jpegtran(colour: str, sampling: tuple[tuple[int, int], ...]) -> None:
    made: Any = importlib.import_module("tools.vectors.statement").made
    for width, height in ((100, 60), (33, 17), (8, 8)):
        picture = made(width, height, colour, sampling)
        data = picture.to_bytes()
        assert canonicalise(data, picture.header.interval_mcus).to_bytes() == data
        assert rewritten(coefficients.read(data)) == data
        command = ["jpegtran", "-copy", "none", "-restart", f"{picture.header.interval_mcus}B"]
        ran = subprocess.run(command, input=data, capture_output=True, check=True)
        judged = [piece.raw for piece in segments.split(ran.stdout) if piece.marker == segments.CODED]
        assert judged == [picture.data]


def test_a_coefficient_without_a_code_is_refused() -> None:
    picture = coefficients.read(SOURCE)
    picture.coefficients[0, 5] = 2000
    with pytest.raises(BadInput) as caught:
        rewritten(picture)
    assert caught.value.key == "jpeg.range"


def test_metadata_is_read_or_counts_as_not_there() -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = 6, "Leica", "T \x1b(Typ 701)"
    exif.get_ifd(0x8769)[0x9003] = "2013:03:01 10:00:00"
    exif.get_ifd(0x8825).update({1: "S", 2: (39.0, 1.0, 30.0), 3: "E", 4: (125.0, 45.0, 0.0)})
    data = jpeg(exif=exif.tobytes())
    pieces = segments.split(data)
    assert orientation_of(exif_in(pieces)) == 6
    taken = taken_of(exif_in(pieces))
    assert (taken.camera, taken.captured, taken.place) == (
        *("Leica T (Typ 701)", "2013:03:01 10:00:00"),
        "-39.025000,125.750000",
    )
    for at in range(20, 300):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        try:
            pieces = segments.split(bytes(broken))
        except BadInput:
            continue
        assert 1 <= orientation_of(exif_in(pieces)) <= 8
        assert isinstance(taken_of(exif_in(pieces)).camera, str)
        assert profile_in(pieces) == b""
