"""Clusters that were used again: of several names for one place one is right, and what is written over is in part."""

from __future__ import annotations

import struct
from datetime import datetime
from pathlib import Path

import pytest
from tests.audit.carriers_of_places import full
from tests.audit.carvable import drawn, jxl
from tests.audit.made import box, directory, film, photograph, picture, raw, text
from tests.cards.cards_made import bend, noise
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.audit.filling import is_filling
from fifthfloor.metadata.beginnings import begins_as
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover

FOLDER = "DCIM/100CANON/"
MAY, JUNE, NEXT_DAY = datetime(2026, 5, 1, 12), datetime(2026, 6, 3, 12), datetime(2026, 5, 2, 12)


def card(path: Path, *files: tuple[str, bytes, int, datetime]) -> Path:
    """An exFAT card on which each of the files was written at a cluster, and deleted, one after the other."""
    builder = ExfatBuilder(path, 24 << 20, cluster_bytes=4096)
    for name, data, start, moment in files:
        node = builder.add(FOLDER + name, data, start=start)
        node.moment = moment
        builder.delete(node)
    builder.finish()
    return path


def states(path: Path) -> dict[str, str]:
    """What `audit` says of each name."""
    (found,) = [item for item in audit([path], None).report.findings if item.kind == "card.deleted"]
    return {place.path.rpartition("/")[2]: place.note for place in found.places}


@pytest.mark.parametrize("outer", ["IMG_0001.NEF", "IMG_0001.MP4"])
def test_a_raw_or_film_with_a_newer_photograph_in_it_is_partial(outer: str, tmp_path: Path) -> None:
    """Nothing in a raw is coded so that it breaks off, and a film's boxes are all there: another name tells."""
    whole, inner = raw(1) if outer.endswith("NEF") else film(1, length=300_000), photograph(2, b"", width=320)
    path = card(tmp_path / "c.img", (outer, whole, 500, MAY), ("IMG_0002.JPG", inner, 520, MAY))
    assert states(path) == {outer: "part", "IMG_0002.JPG": "whole"}
    back = {file.path.name: (file.whole, file.path.read_bytes()) for file in recover(path, tmp_path / "out").files}
    assert back["IMG_0002.JPG"] == (True, inner)
    assert not back[outer.replace(".", ".partial.")][0]
    path = card(tmp_path / "d.img", (outer, whole, 500, MAY), ("IMG_0002.JPG", inner, 700, MAY))
    assert states(path) == {outer: "whole", "IMG_0002.JPG": "whole"}


def nal_units(seed: int, count: int) -> bytes:
    return b"".join((900).to_bytes(4, "big") + b"A" + noise(900, seed + at)[1:] for at in range(count))


def tiles(seed: int) -> bytes:
    """A HEIF of eight pictures, each of units with their lengths before them."""
    parts = [nal_units(seed + 100 * index, 20) for index in range(8)]

    def head(at: int) -> bytes:
        rows = [struct.pack(">HHHII", n + 1, 0, 1, at + n * len(parts[0]), len(parts[0])) for n in range(len(parts))]
        places = full(b"iloc", b"\x44\0" + struct.pack(">H", len(parts)) + b"".join(rows))
        return box(b"ftyp", b"heic\0\0\0\0mif1heic") + full(b"meta", full(b"hdlr", bytes(20)) + places)

    return head(len(head(0)) + 8) + box(b"mdat", b"".join(parts))


CODED = {
    "NEF": raw(1),
    "PNG": drawn(1, "PNG", 2),
    "WEBP": drawn(1, "WEBP", 3, quality=98),
    "JXL": jxl(1, 3),
    "HEIC": tiles(1),
}


@pytest.mark.parametrize(
    ("form", "over"),
    [*((form, "picture") for form in CODED), *((form, "zeros") for form in CODED if form != "NEF"),
     ("PNG", "noise"), ("HEIC", "noise")],
)  # fmt: skip
def test_what_was_written_over_without_a_name_is_partial(form: str, over: str, tmp_path: Path) -> None:
    """A cluster in the middle of coded data: another file's beginning, a sweep's zeros or noise."""
    whole, name = CODED[form], f"IMG_0001.{form}"
    path = card(tmp_path / "c.img", (name, whole, 500, MAY))
    assert states(path) == {name: "whole"}
    at = path.read_bytes().index(whole[:4096]) + len(whole) // 2 // 4096 * 4096
    bend(
        path, at, {"picture": picture(2, 160, 120), "zeros": b"", "noise": noise(4096)}[over][:4096].ljust(4096, b"\0")
    )
    assert states(path) == {name: "part"}
    assert not any(file.whole and file.name for file in recover(path, tmp_path / "out").files)


@pytest.mark.parametrize("order", [1, -1], ids=["older first", "newer first"])
def test_of_two_names_of_one_length_the_newer_is_right(order: int, tmp_path: Path) -> None:
    """Raws of one camera are all of one length: that it fits says nothing of which it is."""
    second = raw(2)
    names = [("IMG_0001.NEF", MAY), ("IMG_0002.NEF", JUNE)][::order]
    path = card(tmp_path / "c.img", *((name, second, 500, moment) for name, moment in names))
    assert states(path) == {"IMG_0001.NEF": "gone", "IMG_0002.NEF": "whole"}
    (file,) = recover(path, tmp_path / "out").files
    assert (file.path.name, file.path.read_bytes()) == ("IMG_0002.NEF", second)


def test_of_two_names_of_one_length_the_pictures_own_time_decides(tmp_path: Path) -> None:
    """A computer copied an old file with its date onto a card of newer ones; of a file renamed both names are right."""
    picture = photograph(1, taken=MAY)
    path = card(tmp_path / "c.img", ("A.JPG", picture, 500, MAY), ("B.JPG", picture, 500, JUNE))
    assert states(path) == {"A.JPG": "whole", "B.JPG": "gone"}
    path = card(tmp_path / "d.img", ("A.JPG", picture, 500, MAY), ("B.JPG", picture, 500, NEXT_DAY))
    assert states(path) == {"A.JPG": "gone", "B.JPG": "whole"}
    path = card(tmp_path / "e.img", ("A.JPG", picture, 500, MAY), ("B.JPG", picture, 500, MAY))
    assert states(path) == {"A.JPG": "whole", "B.JPG": "whole"}


def test_a_raw_that_says_that_it_is_newer_is_another(tmp_path: Path) -> None:
    """The entry that it had is gone; the older one of the same length is not its."""
    strip = noise(300_000)

    def head(offset: int) -> bytes:
        values = {0x100: 500, 0x101: 600, 0x111: offset, 0x117: len(strip)}
        numbers = [(tag, 4, value.to_bytes(4, "little")) for tag, value in values.items()]
        return b"II*\0\x08\0\0\0" + directory([*numbers, (0x132, 2, text("2031:01:01 12:00:00"))], 8)

    taken = head(len(head(0))) + strip
    path = card(tmp_path / "c.img", ("IMG_0001.NEF", taken, 500, MAY))
    assert states(path) == {"IMG_0001.NEF": "gone"}
    (file,) = recover(path, tmp_path / "out").files
    assert (file.path.parent.name, file.path.read_bytes()) == ("carved", taken)


_UNTOLD = "THM RAW CAP MOS IIQ ARI MCRAW H264 DAV PTX RWZ BAY XMP SRT VRD AAE NKSC MP3 DR4 ON1 COS LOG AAC"
FILLINGS = {
    "a byte": b"\xaa",
    "two": b"\x55\xaa",
    "three": b"\x92\x49\x24",
    "all": bytes(range(256)),
    "a text": b"The quick brown fox. ",
}


@pytest.mark.parametrize("kind", FILLINGS)
def test_a_filling_is_no_photograph(kind: str, tmp_path: Path) -> None:
    filling = (FILLINGS[kind] * 70_000)[:70_000]
    endings = _UNTOLD.split()
    files = [(f"IMG_{index:04d}.{ending}", filling, 200 + 20 * index, MAY) for index, ending in enumerate(endings)]
    path = card(tmp_path / "c.img", *files)
    (file,) = recover(card(tmp_path / "d.img", *files, ("A.JPG", photograph(1), 2000, MAY)), tmp_path / "out").files
    assert file.path.name == "A.JPG"
    kinds = {item.kind: item for item in audit([path], None).report.findings}
    assert kinds["card.deleted"].facts["whole"] == kinds["card.deleted"].facts["part"] == 0


def test_what_is_no_filling() -> None:
    """Texts are texts where a sidecar is one, and what is long and uneven is believed."""
    subtitles = b"".join(
        b"%d\r\n00:00:%02d,000 --> 00:00:%02d,500\r\n[iso: %d]\r\n\r\n" % (n, n, n, 100 * n) for n in range(60)
    )
    assert not is_filling(subtitles, "DJI_0001.SRT")
    assert is_filling(subtitles, "IMG_0001.RAW")
    assert not is_filling(bytes(range(256)) + bytes(range(255, 0, -1)) * 9 + b"\0", "IMG_0001.RAW")
    assert begins_as("A.SRT", subtitles) is None
    assert begins_as("A.SRT", b"\xef\xbb\xbf1\r\n") is True
    for name, head, begins in (
        ("A.XMP", b"<x:xmpmeta", None), ("A.XMP", b"\xff\xfe<\0?\0", True), ("A.XMP", b"\x55\xaa\x55", False),
        ("A.AAE", b"bplist00", True), ("A.MP3", b"ID3\3", True), ("A.MP3", b"\xff\xfb\x90", True),
        ("A.THM", b"\xff\xd8\xff\xe1", True), ("A.THM", b"\xaa" * 9, False), ("A.H264", b"\0\0\0\1\x67", True),
        ("A.H264", b"\xaa" * 9, None),
    ):  # fmt: skip
        assert begins_as(name, head.ljust(16, b"\0")) is begins, name
