"""What every viewer shows is read: each oddity of real cameras, with the pixels of a decoder that bears it too."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageFile
from tests.jpeg.pictures import jpeg, pixels
from tests.jpeg.rewriting import plane, rewritten

from fifthfloor.errors import BadInput
from fifthfloor.jpeg import coefficients
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.jpeg.segments import DHT, DQT, segment, split
from fifthfloor.words import ERRORS

GUIDE = Path(__file__).parents[2] / "docs/guide"
RESTARTS: dict[str, Any] = {"restart_marker_blocks": 3}


def rst_behind_the_end(data: bytes, markers: bytes = b"") -> bytes:
    """Casio EX-S1, Lightroom 5.3: one more restart marker, behind the last MCU."""
    count = len([at for at in range(len(data) - 1) if data[at] == 0xFF and 0xD0 <= data[at + 1] <= 0xD7])
    return data[:-2] + (markers or bytes([0xFF, 0xD0 + count % 8])) + data[-2:]


def samsung(data: bytes, said: bytes = b"\0\0\0") -> bytes:
    """A sequential scan whose three last parameters say nothing that makes sense."""
    at = data.index(b"\xff\xda") + 2 + 3 + 2 * data[data.index(b"\xff\xda") + 4]
    return data[:at] + said + data[at + 3 :]


def told_at_the_end(data: bytes) -> bytes:
    """T.81 B.2.5: the frame header says 0 lines, a DNL segment behind the scan says how many."""
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + b"\0\0" + data[at + 2 : -2] + b"\xff\xdc\0\x04" + data[at : at + 2] + b"\xff\xd9"


def without_tables(data: bytes) -> bytes:
    """MJPEG: the typical Huffman tables are left out."""
    return b"".join(piece.raw for piece in split(data) if piece.marker != DHT)


def sixteen_bits(data: bytes, factor: int = 1) -> bytes:
    """Quantisation tables of 16 bits; with a factor they say more than 8 bits can."""
    made = []
    for piece in split(data):
        if piece.marker != DQT:
            made.append(piece.raw)
            continue
        for at in range(0, len(piece.payload), 65):
            table = np.frombuffer(piece.payload[at + 1 : at + 65], np.uint8).astype(np.uint32) * factor
            made.append(segment(DQT, bytes([0x10 | piece.payload[at]]) + table.astype(">u2").tobytes()))
    joined = b"".join(made)
    at = joined.index(b"\xff\xc0") + 1
    return joined[:at] + b"\xc1" + joined[at + 1 :]


SOURCE = jpeg(100, 60)
ODD: dict[str, Callable[[], bytes]] = {
    "a restart marker behind the end": lambda: rst_behind_the_end(jpeg(**RESTARTS)),
    "two of them": lambda: rst_behind_the_end(jpeg(**RESTARTS), b"\xff\xd1\xff\xd2"),
    "one with fill bytes": lambda: rst_behind_the_end(jpeg(**RESTARTS), b"\xff\xff\xff\xd3"),
    "one with bytes behind it": lambda: rst_behind_the_end(jpeg(**RESTARTS), b"\xff\xd7\0\0abc\xff\xd1"),
    "a progressive one with bytes behind it": lambda: rst_behind_the_end(
        jpeg(progressive=True, **RESTARTS), b"\xff\xd3\0\0"
    ),
    "one where there are no restarts": lambda: rst_behind_the_end(SOURCE, b"\xff\xd0"),
    "a progressive one": lambda: rst_behind_the_end(jpeg(progressive=True, **RESTARTS)),
    "Samsung's zeros": lambda: samsung(SOURCE),
    "Samsung's others": lambda: samsung(SOURCE, b"\x01\x05\x21"),
    "typical tables left out": lambda: without_tables(jpeg(optimize=False)),
    "tables of 16 bits": lambda: sixteen_bits(SOURCE),
    "tables beyond 8 bits": lambda: sixteen_bits(jpeg(quality=30), 5),
}


@pytest.mark.parametrize("name", ODD)
def test_what_viewers_bear_is_read_with_the_same_pixels(name: str) -> None:
    data = ODD[name]()
    picture = canonicalise(data)
    assert np.array_equal(pixels(picture.to_bytes()), pixels(data))
    assert not picture.is_cut


@pytest.mark.parametrize("name", [name for name in ODD if "progressive" not in name and name != "tables beyond 8 bits"])
def test_such_a_file_is_written_again_byte_for_byte(name: str) -> None:
    data = ODD[name]()
    if name != "one with fill bytes":
        assert rewritten(coefficients.read(data)) == data


def test_restart_markers_where_none_belong_are_no_cut() -> None:
    whole = jpeg(**RESTARTS)
    at = whole.index(b"\xff\xdd")
    with pytest.raises(BadInput) as refused:
        canonicalise(whole[:at] + whole[at + 6 :])
    assert refused.value.facts["what"] == "jpeg.what.restart_many"


def test_a_height_told_at_the_end_is_read() -> None:
    assert canonicalise(told_at_the_end(SOURCE)).to_bytes() == canonicalise(SOURCE).to_bytes()


def test_entries_beyond_a_byte_keep_every_product() -> None:
    source = coefficients.read(sixteen_bits(jpeg(quality=30), 5))
    again = coefficients.read(canonicalise(sixteen_bits(jpeg(quality=30), 5)).to_bytes())
    for number in range(3):
        before, after = plane(source, number).astype(int), plane(again, number).astype(int)
        high, wide = source.frame.components[number].blocks_high, source.frame.components[number].blocks_wide
        quantisers = source.header.quantisers[source.frame.components[number].quantiser].astype(int)
        made = again.header.quantisers[again.frame.components[number].quantiser].astype(int)
        assert int(made.max()) <= 255
        assert np.array_equal((before * quantisers)[:high, :wide], (after * made)[:high, :wide])


@pytest.mark.parametrize("options", [{}, RESTARTS, {"progressive": True}])
@pytest.mark.parametrize("share", [0.45, 0.7, 0.95])
def test_of_a_cut_file_what_is_there_is_read(
    options: dict[str, Any], share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    whole = jpeg(320, 240, **options)
    start = whole.index(b"\xff\xda") + 14
    cut = whole[: start + int((len(whole) - start) * share)]
    picture = canonicalise(cut)
    assert picture.is_cut
    shown, judged = pixels(picture.to_bytes()).astype(int), np.asarray(Image.open(io.BytesIO(cut))).astype(int)
    assert shown.shape == judged.shape
    # A decoder shows some of the block in which the file ends; all above it is equal.
    rows = int(240 * share * 0.5) if "progressive" not in options else 0
    assert np.array_equal(shown[:rows], judged[:rows])
    with pytest.raises(ValueError, match="whole"):
        rewritten(coefficients.read(cut))


def test_a_cut_file_cannot_ask_for_much_memory() -> None:
    at = SOURCE.index(b"\xff\xc0") + 5
    huge = SOURCE[:at] + (12_000).to_bytes(2, "big") * 2 + SOURCE[at + 4 :]
    with pytest.raises(BadInput) as refused:
        canonicalise(huge)
    assert refused.value.key == "jpeg.damaged"


def test_a_file_without_its_end_is_no_cut_one() -> None:
    assert canonicalise(SOURCE[:-2]).to_bytes() == canonicalise(SOURCE).to_bytes()
    assert not canonicalise(jpeg(progressive=True)[:-2]).is_cut


# --- hints ---------------------------------------------------------------------------------------


def transformed(data: bytes, *options: str) -> bytes:
    done = subprocess.run(["jpegtran", *options], input=data, capture_output=True, check=False)
    assert done.returncode in (0, 2), "2 is a warning: some data is damaged"
    return done.stdout


def many_scans(data: bytes, script: str) -> bytes:
    """Let jpegtran write the scans that a script names."""
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(script)
        file.flush()
        return transformed(data, "-copy", "all", "-scans", file.name)


def exif_turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Maker"
    return exif.tobytes()


def turned() -> bytes:
    return jpeg(64, 48, exif=exif_turned())


def damaged_inside(data: bytes) -> bytes:
    """Put forty wrong bytes into the middle of the scan."""
    at = (data.index(b"\xff\xda") + len(data)) // 2
    return data[:at] + bytes(40) + data[at + 40 :]


def told_behind_the_first_scan(data: bytes, frame: bytes) -> bytes:
    """As `told_at_the_end`, in any coding and with any number of scans."""
    at, first = data.index(frame) + 5, data.index(b"\xff\xda")
    end = data.find(b"\xff\xda", first + 2)
    end = data.rindex(b"\xff\xd9") if end < 0 else end
    return data[:at] + b"\0\0" + data[at + 2 : end] + b"\xff\xdc\0\x04" + data[at : at + 2] + data[end:]


@pytest.mark.judge("jpegtran")
@pytest.mark.parametrize("coding", ["arithmetic", "scans"])
def test_a_height_told_later_in_a_coding_that_is_not_read_is_sent_to_no_program_that_refuses_it(coding: str) -> None:
    data = (
        told_behind_the_first_scan(transformed(turned(), "-arithmetic"), b"\xff\xc9")
        if coding == "arithmetic"
        else told_behind_the_first_scan(many_scans(turned(), "0;\n1;\n2;\n"), b"\xff\xc0")
    )
    with pytest.raises(BadInput) as refused:
        canonicalise(data)
    assert refused.value.key == "jpeg.dnl_coding"
    judge = subprocess.run(["jpegtran", "-copy", "all"], input=data, capture_output=True, check=False)
    assert judge.returncode == 1


COMMAND = "jpegtran -copy all FILE > NEW"
BY_JPEGTRAN: dict[str, Callable[[], bytes]] = {
    "jpeg.arithmetic": lambda: transformed(turned(), "-copy", "all", "-arithmetic"),
    "jpeg.damaged": lambda: damaged_inside(jpeg(640, 424, exif=exif_turned())),
    "jpeg.non_interleaved": lambda: many_scans(turned(), "0;\n1;\n2;\n"),
    "jpeg.too_many_scans": lambda: many_scans(
        turned(),
        "0 1 2: 0-0, 0, 0;\n"
        + "".join(f"{c}: {k}-{k}, 0, 0;\n" for c, most in ((0, 64), (1, 30)) for k in range(1, most)),
    ),
}


def test_every_hint_that_names_jpegtran_is_tried_here() -> None:
    assert {key for key, (_, hint) in ERRORS.items() if "jpegtran" in hint} == set(BY_JPEGTRAN)


@pytest.mark.judge("jpegtran")
@pytest.mark.parametrize("key", BY_JPEGTRAN)
def test_a_hint_that_names_jpegtran_works_and_keeps_how_the_picture_stands(key: str) -> None:
    data = BY_JPEGTRAN[key]()
    with pytest.raises(BadInput) as refused:
        canonicalise(data)
    assert refused.value.key == key
    hint = ERRORS[key][1]
    assert hint.startswith(COMMAND)
    options = COMMAND.removeprefix("jpegtran ").removesuffix(" FILE > NEW").split()
    mended = canonicalise(transformed(data, *options))
    if key == "jpeg.damaged":
        # All above the damage is as it was.
        whole = pixels(canonicalise(jpeg(640, 424, exif=exif_turned())).to_bytes())
        assert np.array_equal(pixels(mended.to_bytes())[:150], whole[:150])
    elif key != "jpeg.too_many_scans":  # that script leaves coefficients out
        assert mended.to_bytes() == canonicalise(turned()).to_bytes()
    assert mended.header.orientation == 6


@pytest.mark.judge("jpegtran")
def test_the_line_of_the_guide_does_what_it_says(tmp_path: Path) -> None:
    told = re.findall(r"`(jpegtran [^`]*)`", (GUIDE / "prove.md").read_text("utf-8"))
    assert told == [COMMAND]
    (tmp_path / "FILE").write_bytes(BY_JPEGTRAN["jpeg.arithmetic"]())
    subprocess.run(["sh", "-c", told[0]], cwd=tmp_path, check=True)
    assert canonicalise((tmp_path / "NEW").read_bytes()).to_bytes() == canonicalise(turned()).to_bytes()


def no_entry(data: bytes) -> bytes:
    at = data.index(b"\xff\xdb") + 30
    return data[:at] + b"\0" + data[at + 1 :]


def test_saving_again_helps_where_the_hint_says_so() -> None:
    data = no_entry(SOURCE)
    with pytest.raises(BadInput) as refused:
        canonicalise(data)
    assert refused.value.key == "jpeg.quantiser"
    assert "save it again as an ordinary JPEG" in ERRORS[refused.value.key][1]
    again = io.BytesIO()
    Image.open(io.BytesIO(data)).save(again, "JPEG")
    assert not canonicalise(again.getvalue()).is_cut
