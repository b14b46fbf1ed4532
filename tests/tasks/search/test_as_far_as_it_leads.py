"""A deleted raw or film is whole only as far as its own structure was followed to the length of its entry."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest
from tests.audit.carvable import avi, drawn, mxf, stream
from tests.audit.made import photograph
from tests.audit.other_forms import flash, matroska, program
from tests.cards.exfat_builder import ExfatBuilder, Node

from fifthfloor.audit import named_pieces
from fifthfloor.metadata.own_length import ends_as_it_says
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover

CLUSTER = 4096


def chance(seed: int, length: int) -> bytes:
    return random.Random(seed).randbytes(length)


def directory_behind(seed: int, make: bytes) -> bytes:
    """A raw whose only directory stands behind its pixels."""
    pixels = make.ljust(8, b"\0") + chance(seed, 120_000)
    rows = (
        (0x100, 4, 1, 300),
        (0x101, 4, 1, 200),
        (0x10F, 2, len(make) + 1, 8),
        (0x111, 4, 1, 16),
        (0x117, 4, 1, 120_000),
    )
    directory = struct.pack("<H", len(rows)) + b"".join(struct.pack("<HHII", *row) for row in rows) + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(pixels)) + pixels + directory


def sound(seed: int) -> bytes:
    body = b"WAVEfmt \x10\0\0\0" + bytes(16) + b"JUNK" + struct.pack("<I", 4000) + bytes(4000)
    body += b"data" + struct.pack("<I", 50_000) + chance(seed, 50_000) + b"LIST\4\0\0\0INFO"
    return b"RIFF" + struct.pack("<I", len(body)) + body


def foveon(seed: int) -> bytes:
    body = b"FOVb" + chance(seed, 60_000)
    return body + b"SECd" + bytes(20) + struct.pack("<I", len(body))


def ciff(seed: int) -> bytes:
    heap = chance(seed, 60_000)
    directory = struct.pack("<HHII", 1, 0x2005, 60_000, 0)
    return struct.pack("<2sI8s12x", b"II", 26, b"HEAPCCDR") + heap + directory + struct.pack("<I", len(heap))


FORMS = {
    "NEF": directory_behind(1, b"NIKON"),
    "CR2": directory_behind(2, b"Canon"),
    "TIF": directory_behind(3, b"Scan"),
    "MTS": stream(4, times=True),
    "TS": stream(5, times=False),
    "PNG": drawn(6, "PNG"),
    "MXF": mxf(7),
    "MKV": matroska(8, b"matroska"),
    "MPG": program(9),
    "FLV": flash(10),
    "WAV": sound(11),
    "X3F": foveon(12),
    "CRW": ciff(13),
}
TOLD_AT_ITS_END = sorted(FORMS.keys() - {"MKV", "MXF"})  # of these the last frame may be anything


def deleted(tmp_path: Path, stride: int) -> tuple[ExfatBuilder, list[Node]]:
    """A card with one of each, deleted."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=CLUSTER)
    rows = [(f"DCIM/100CANON/IMG_0001.{form}", data) for form, data in FORMS.items()]
    nodes = [builder.add(path, data, stride=stride, start=100) for path, data in rows]
    for node in nodes:
        builder.delete(node)
    builder.finish()
    return builder, nodes


def states(tmp_path: Path, *, kept_bytes: int | None, stride: int = 1) -> dict[str, tuple[str, bool]]:
    """Put noise over all but the first bytes of each, or over its last cluster, and ask audit and recover."""
    builder, nodes = deleted(tmp_path, stride)
    with builder.path.open("r+b") as image:
        for index, node in enumerate(nodes):
            for number, cluster in enumerate(node.clusters):
                at = max(0, (kept_bytes or 0) - number * CLUSTER) if kept_bytes is not None else -1
                at = at if at >= 0 else 0 if number == len(node.clusters) - 1 else CLUSTER
                if at < CLUSTER:
                    image.seek(builder.place(cluster) + at)
                    image.write(chance(100 + index, CLUSTER - at))
    return judged(builder.path, tmp_path)


def judged(card: Path, tmp_path: Path) -> dict[str, tuple[str, bool]]:
    findings = [one for one in audit([card], None).report.findings if one.kind.startswith("card.deleted")]
    noted = {place.path.rpartition(".")[2]: place.note for found in findings for place in found.places}
    back = {file.path.name: file for file in recover(card, tmp_path / "out").files}
    whole = {form: f"IMG_0001.{form}" in back and back[f"IMG_0001.{form}"].whole for form in noted}
    return {form: (noted[form], whole[form]) for form in noted}


@pytest.mark.parametrize("stride", [1, 2])
def test_what_is_there_to_its_end_is_whole(stride: int, tmp_path: Path) -> None:
    builder, _nodes = deleted(tmp_path, stride)
    assert judged(builder.path, tmp_path) == dict.fromkeys(FORMS, ("whole", True))
    for form, data in FORMS.items():
        assert (tmp_path / f"out/DCIM/100CANON/IMG_0001.{form}").read_bytes() == data


@pytest.mark.parametrize("stride", [1, 2])
def test_a_beginning_alone_is_not_whole(stride: int, tmp_path: Path) -> None:
    assert states(tmp_path, kept_bytes=512, stride=stride) == dict.fromkeys(FORMS, ("part", False))


def test_an_end_that_is_noise_is_not_whole(tmp_path: Path) -> None:
    found = states(tmp_path, kept_bytes=None)
    assert {form: found[form] for form in TOLD_AT_ITS_END} == dict.fromkeys(TOLD_AT_ITS_END, ("part", False))


def test_chunks_of_a_film_lead_to_its_end() -> None:
    for data in (avi(1), sound(2)):
        assert ends_as_it_says(lambda at, length, data=data: data[at : at + length], len(data))  # type: ignore[misc]
        spoilt = data[: len(data) // 2]
        assert not ends_as_it_says(lambda at, length, spoilt=spoilt: spoilt[at : at + length], len(data) + 2)  # type: ignore[misc]


@pytest.mark.parametrize("used_again", [False, True])
def test_a_photograph_in_pieces_is_to_audit_what_it_is_to_recover(used_again: bool, tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=CLUSTER)
    broken, other = photograph(1, width=1280, height=960), photograph(2, width=1600, height=1200)
    node = builder.add("DCIM/100CANON/IMG_0001.JPG", broken, start=100)
    length = len(node.clusters)
    with builder.path.open("r+b") as image:
        # Two thirds of it lie forty clusters further on, foreign data between: no chain is left to say so.
        pieces = [100 + at if at < length // 3 else 140 + at for at in range(length)]
        for at in range(100, 140 + length):
            image.seek(builder.place(at))
            image.write(chance(at, CLUSTER))
        for at, cluster in enumerate(pieces):
            image.seek(builder.place(cluster))
            image.write(broken[at * CLUSTER : (at + 1) * CLUSTER])
        if used_again:
            image.seek(builder.place(100))
            image.write(other)
    builder.delete(node)
    builder.finish()
    assert judged(builder.path, tmp_path) == {"JPG": ("gone", False) if used_again else ("whole", True)}
    if not used_again:
        assert (tmp_path / "out/DCIM/100CANON/IMG_0001.JPG").read_bytes() == broken


@pytest.mark.parametrize("over", ["middle", "start"])
def test_a_photograph_that_was_written_over_is_to_audit_what_it_is_to_recover(over: str, tmp_path: Path) -> None:
    """A cluster of zeros in its middle, or another's beginning instead of its own: its length still fits its name."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=CLUSTER)
    node = builder.add("DCIM/100CANON/IMG_0001.JPG", photograph(1, width=1280, height=960), start=100)
    builder.delete(node)
    builder.finish()
    assert judged(builder.path, tmp_path) == {"JPG": ("whole", True)}
    with builder.path.open("r+b") as image:
        image.seek(builder.place(100 + (len(node.clusters) // 2 if over == "middle" else 0)))
        image.write(bytes(CLUSTER) if over == "middle" else photograph(2, width=1600, height=1200)[: 4 * CLUSTER])
    (tmp_path / "again").mkdir()
    assert judged(builder.path, tmp_path / "again") == {"JPG": ("part", False)}


def test_photographs_that_were_too_many_to_decode_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=CLUSTER)
    nodes = [
        builder.add(f"DCIM/100CANON/IMG_000{number}.JPG", photograph(number), start=100 * number) for number in (1, 2)
    ]
    for node in nodes:
        builder.delete(node)
    builder.finish()
    assert "undecoded" not in {one.what for one in audit([builder.path], None).report.unchecked}
    monkeypatch.setattr(named_pieces, "MOST_FOLLOWED_BYTES", 0)
    assert {one.what: one.count for one in audit([builder.path], None).report.unchecked}["undecoded"] == 2


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_a_visible_file_lies_in_the_middle_of_is_not_whole(form: str, tmp_path: Path) -> None:
    """A length in the head fits across any gap: what is passed over and what follows were put in its place."""
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=CLUSTER)
    node = builder.add(f"DCIM/100CANON/IMG_0001.{form}", drawn(6, form), start=100)
    builder.delete(node)
    builder.add("DCIM/100CANON/NOTE.BIN", chance(7, 2 * CLUSTER), start=node.clusters[len(node.clusters) // 2])
    builder.finish()
    assert judged(builder.path, tmp_path) == {form: ("part", False)}
    assert not any(file.whole for file in recover(builder.path, tmp_path / "again").files)
