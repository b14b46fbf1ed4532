"""What programs append to a picture belongs to it, where no directory says how long the file was."""

from __future__ import annotations

import struct
from pathlib import Path

from tests.audit.made import photograph, raw
from tests.cards.cards_made import bend, noise
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.tasks.search.recover import recover

CAPTION = b"\x1c\x02\x78\0\x18a caption with a place, 60" * 40
VRD = b"CANON OPTIONAL DATA\0"


def vrd(contents: bytes) -> bytes:
    length = struct.pack(">I", len(contents))
    return VRD + b"\0\1\0\0" + length + contents + VRD + length + bytes(38) + b"\xff\xd9"


def afcp(start: int, contents: bytes) -> bytes:
    """Its places count from the beginning of the file; programs that moved it leave them as they were."""
    table = b"AXS!" + struct.pack(">HHI", 0x0100, 1, 0) + b"IPTC" + struct.pack(">II", len(contents), start + 24)
    return table + contents + b"AXS!" + struct.pack(">II", start, 0)


def fotostation(contents: bytes) -> bytes:
    return contents + struct.pack(">HI", 1, len(contents) + 10) + bytes.fromhex("a1b2c3d4")


def photo_mechanic(contents: bytes) -> bytes:
    return contents + struct.pack(">I", len(contents)) + b"cbipcbbl"


def mie(contents: bytes, wide: bool = False) -> bytes:
    inside = b"~\x10\x04\xfe0MIE" + contents + b"~\0\x04\0zmie"
    if wide:
        return inside + b"~\0\0\x0a" + struct.pack("<Q", len(inside) + 14) + b"\x18\x08"
    return inside + b"~\0\0\x06" + struct.pack(">I", len(inside) + 10) + b"\x10\x04"


def made() -> dict[str, bytes]:
    pictures = [photograph(seed, width=160, height=120) for seed in range(12)]
    return {
        "VRD": pictures[0] + vrd(noise(3000)),
        "AFCP": pictures[1] + afcp(len(pictures[1]), CAPTION),
        "AFCP, moved": pictures[2] + afcp(99, CAPTION),
        "FotoStation": pictures[3] + fotostation(CAPTION) + fotostation(b"\0\0\2\0" + noise(9000)),
        "Photo Mechanic": pictures[4] + photo_mechanic(CAPTION),
        "MIE": pictures[5] + mie(noise(2000)),
        "MIE, long": pictures[6] + mie(noise(70_000), wide=True),
        "Vivo": pictures[7] + b"streamdata" + noise(2000) + b'vivo{"a":1}\xff\xff\xff\xff\x1b*9HWfu\x84\x93\xa2\xb1',
        "two": pictures[8] + fotostation(CAPTION) + vrd(noise(100)),
        "raw": raw(1, "Canon") + vrd(noise(3000)),
    }


def lies(data: dict[str, bytes], path: Path) -> Path:
    """A card on which these lie one behind the other, and no directory names them."""
    builder = ExfatBuilder(path, 24 << 20, cluster_bytes=4096)
    at = 600
    builder.finish()
    for contents in data.values():
        bend(path, builder.place(at), contents)
        at += -(-len(contents) // 4096)
    return path


def test_what_programs_append_comes_back_with_the_picture(tmp_path: Path) -> None:
    files = made()
    back = [file for file in recover(lies(files, tmp_path / "c.img"), tmp_path / "out").files if file.whole]
    found = {file.path.read_bytes() for file in back}
    assert {name for name, data in files.items() if data not in found} == set()
    assert len(back) == len(files)


def test_a_length_that_does_not_lead_to_the_end_mark_is_another_files(tmp_path: Path) -> None:
    """Remains of an older file in the last cluster: what ends there began before."""
    picture = photograph(1, width=160, height=120)
    remains = {
        "FotoStation": picture + fotostation(CAPTION)[7:],
        "Photo Mechanic": picture + photo_mechanic(CAPTION)[7:],
        "MIE": picture + mie(noise(2000))[7:],
        "VRD": picture + vrd(noise(3000))[:-80],
        "AFCP": picture + afcp(99, CAPTION)[:-40],
    }
    back = recover(lies(remains, tmp_path / "c.img"), tmp_path / "out").files
    assert [file.path.read_bytes() for file in back] == [picture] * len(remains)
