"""Writes the first seeds of `corpus/`: one hostile idea a file. `python -m tests.hostile.make_seeds`."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path

from tests.cards.cards_made import MOMENT
from tests.cards.exfat_builder import ExfatBuilder, Node
from tests.cards.test_partitions import gpt, mbr
from tools.vectors import build
from tools.vectors.build import CONTENT_KEY, HEADER

from fifthfloor.cards.exfat_entries import set_checksum
from fifthfloor.cards.fat_entries import DIRECTORY
from fifthfloor.floor.header import OldTerms, SlotHeader, Terms
from fifthfloor_theatre.cards.boot_packing import pack_boot, plan
from fifthfloor_theatre.cards.record_packing import pack_record, pack_short

CORPUS = Path(__file__).parent / "corpus"
MIB = 1 << 20


def seeds() -> dict[str, bytes]:
    """Path below the corpus, and bytes."""
    return {**partition_seeds(), **fat_seeds(), **exfat_seeds(), **slot_seeds(), **archive_seeds()}


def partition_seeds() -> dict[str, bytes]:
    chain = bytearray(mbr((5, 1, 100)).ljust(8 * 512, b"\0"))
    chain[512:1024] = mbr((7, 1, 1), (5, 1, 100))
    chain[1024:1536] = mbr((7, 1, 1), (5, 0, 100))
    return {
        "partitions/extended_circular": bytes(chain),
        "partitions/extended_in_itself": mbr((5, 1, 1)) + mbr((5, 1, 1)),
        "partitions/overlapping_mbr": mbr((7, 1, 20), (7, 10, 20)).ljust(40 * 512, b"\0"),
        "partitions/overlapping_gpt": gpt(512, [(40, 60), (50, 70)], 200 * 512)[: 16 * 1024],
        "partitions/gpt_of_4096": gpt(4096, [(40, 60)], MIB)[: 16 * 1024],
        "partitions/gpt_with_4e9_entries": _with_count(gpt(512, [(40, 60)], 200 * 512), 0xFFFFFFFF),
        "partitions/all_bits": b"\xff" * 510 + b"\x55\xaa",
    }


def _with_count(table: bytes, count: int) -> bytes:
    return table[: 512 + 80] + struct.pack("<I", count) + table[512 + 84 : 4096]


def fat_seeds() -> dict[str, bytes]:
    boot = pack_boot(plan(0, 64 * MIB, 512, 512, 7, "CARD"))
    names = [
        pack_record(f"a long name {n}.jpg", pack_short(f"a long name {n}.jpg", set()), 32, n, 9, MOMENT)
        for n in range(9)
    ]
    dots = pack_record(".", b".          ", DIRECTORY, 5, 0, MOMENT) + pack_record(
        "..", b"..         ", DIRECTORY, 0, 0, MOMENT
    )
    return {
        "fat_boot/sound": boot,
        "fat_boot/no_sectors_a_cluster": boot[:13] + b"\0" + boot[14:],
        "fat_boot/more_tables_than_volume": boot[:36] + b"\xff" * 4 + boot[40:],
        "fat_boot/fat16_fields": boot[:17] + b"\0\2" + boot[19:22] + b"\x20\0" + boot[24:],
        "fat_directory/sound": dots + b"".join(names) + bytes(64),
        "fat_directory/only_long": b"".join(name[:32] for name in names) * 4,
        "fat_directory/long_without_end": (names[0][:12] + b"\0" + names[0][13:32]) * 40,
        "fat_directory/deleted_between": dots + names[0][:32] + b"\xe5" + names[0][33:] + names[1],
        "fat_directory/impossible_time": names[0][:-10] + b"\xff" * 10,
    }


def exfat_seeds() -> dict[str, bytes]:
    blank = ExfatBuilder.__new__(ExfatBuilder)
    one = ExfatBuilder.entry_set(blank, Node("IMG_0001.JPG", clusters=[9], size_bytes=70_000, written_bytes=70_000))
    long = ExfatBuilder.entry_set(blank, Node("x" * 255))
    folder = ExfatBuilder.entry_set(blank, Node("DCIM", is_directory=True, clusters=[7], size_bytes=4096))
    return {
        "exfat_directory/sound": one + folder + long + bytes(64),
        "exfat_directory/count_too_large": one[:1] + b"\xff" + one[2:] + long,
        "exfat_directory/cut_short": long[:-32],
        "exfat_directory/name_longer_than_its_entries": sealed(one[:35] + b"\xff" + one[36:]),
        "exfat_directory/no_name": sealed(one[:35] + b"\0" + one[36:]),
        "exfat_directory/half_a_surrogate": sealed(one[:66] + b"\0\xd8" + one[68:]),
        "exfat_directory/secondaries_alone": one[32:] + long[32:],
        "exfat_directory/not_in_use": bytes([one[0] & 0x7F]) + one[1:],
        "exfat_directory/critical_after_names": sealed(one[:1] + b"\3" + one[2:] + b"\xc2" + bytes(31)),
    }


def slot_seeds() -> dict[str, bytes]:
    def record(place: int, header: bytes, bend: int = 0) -> bytes:
        return bytes([place, bend]) + header

    def symbol(number: int, sources: int = 3, group: int = 0, groups: int = 1) -> bytes:
        return replace(HEADER, symbol=number, group=group, old=OldTerms(3, 2, groups, sources)).pack()

    terms = Terms(1, 1, 6, 1, 3, 0, 4).seal(CONTENT_KEY, 9)

    def second(number: int, said: bytes = terms, x: int = 9, group: int = 0) -> bytes:
        return SlotHeader(x, HEADER.floor_id, group, number, CONTENT_KEY, said).pack()

    three = b"".join(record(11 * n, symbol(n)) for n in range(3))
    return {
        "slots/a_whole_group": three,
        "slots/version_2": b"".join(record(11 * at, second(n)) for at, n in enumerate((5, 0, 2, 63))),
        "slots/version_2_without_terms": record(0, second(1, bytes(32))) + record(11, second(2, terms, 8)),
        "slots/both_versions": record(0, second(1)) + record(11, symbol(1)) + record(22, second(2, terms, 9, 7)),
        "slots/repair_only": b"".join(record(11 * n, symbol(n + 3)) for n in range(4)),
        "slots/two_counts_in_a_group": record(0, symbol(0)) + record(11, symbol(1, 2)) + record(22, symbol(5, 1)),
        "slots/as_many_as_fit": record(0, symbol(0, 3200)) + record(11, symbol((1 << 20) - 1, 3200)),
        "slots/many_groups": record(0, symbol(0, 1, 0, 1 << 20)) + record(11, symbol(0, 1, (1 << 20) - 1, 1 << 20)),
        "slots/over_each_other": b"".join(record(n, symbol(n)) for n in range(6)),
        "slots/bent": b"".join(record(11 * n, symbol(n), 200 + n) for n in range(5)),
        "slots/unlawful": record(0, b"\1\0\0\0" + bytes(92)) + record(11, b"\xff" * 96) + three,
    }


def archive_seeds() -> dict[str, bytes]:
    """What stands in each is a tar; the target makes its checksums, length and hash right."""
    sparse = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 50)}
    bomb = bytearray(build.member("files/bomb.jpg", b"x" * 512))
    bomb[124:136] = b"77777777777\0"
    tricks = ("/tmp/evil", "../evil", "a/../../evil", "a//evil", "C:\\evil", "./evil")
    return {
        "archives/plain": build.tar(),
        "archives/bomb_of_8_gib": bytes(bomb),
        "archives/sparse_bomb": build.tar(build.member("files/s", b"1\n0\n512\n".ljust(512, b"\0"), pax=sparse)),
        "archives/old_sparse": build.tar(build.member("files/s", b"x", kind=b"S")),
        "archives/paths": build.tar(b"".join(build.member("files/" + name, b"evil") for name in tricks)),
        "archives/path_in_pax": build.tar(build.member("files/a", b"x", pax={"path": "files/../evil"})),
        "archives/links": build.tar(build.member("files/l", kind=b"2") + build.member("files/h", kind=b"1")),
        "archives/long_name_of_gnu": build.tar(build.member("././@LongLink", b"files/" + b"x" * 300, kind=b"L")),
        "archives/global_header": build.tar(build.member("g", b"22 path=files/../evil\n", kind=b"g")),
        "archives/manifest_of_everything": build.tar(listed=b'{"version": 1, "hidden": [[[[', tail=bytes(512)),
    }


def sealed(raw: bytes) -> bytes:
    return raw[:2] + struct.pack("<H", set_checksum(raw)) + raw[4:]


if __name__ == "__main__":
    for name, data in seeds().items():
        (CORPUS / name).parent.mkdir(parents=True, exist_ok=True)
        (CORPUS / name).write_bytes(data)
