"""Makes exFAT cards without a kernel or FUSE, for tests: `fsck.exfat` finds them clean, and every field can be bent."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from fifthfloor.cards.exfat_boot import boot_checksum, table_checksum
from fifthfloor.cards.exfat_entries import name_hash, set_checksum
from fifthfloor_theatre.cards.record_packing import pack_time

MOMENT = datetime(2026, 3, 1, 12, 30, 44)
_FAT_SECTOR = 128


def ascii_upcase() -> bytes:
    """The smallest lawful up-case table: ASCII letters, everything else stays (a run of 0xFFFF and a count)."""
    letters = [*range(0x61), *range(0x41, 0x5B)]
    return struct.pack(f"<{len(letters)}H", *letters) + struct.pack("<HH", 0xFFFF, 65536 - len(letters))


@dataclass
class Node:
    """A file or directory of the card; `clusters` in order of contents."""

    name: str
    is_directory: bool = False
    clusters: list[int] = field(default_factory=list)
    size_bytes: int = 0
    written_bytes: int = 0
    no_chain: bool = True
    deleted: bool = False
    moment: datetime = MOMENT
    children: list[Node] = field(default_factory=list)


class ExfatBuilder:
    """Builds one volume in a sparse file.

    Args:
        path: made anew.
        size_bytes: of the volume.
        offset_bytes: where it starts in the file (0: the whole card).
    """

    def __init__(
        self,
        path: Path,
        size_bytes: int,
        *,
        cluster_bytes: int = 32768,
        sector_bytes: int = 512,
        label: str = "EOS_DIGITAL",
        offset_bytes: int = 0,
    ) -> None:
        self.path, self.offset, self.cluster, self.sector, self.label = (
            path,
            offset_bytes,
            cluster_bytes,
            sector_bytes,
            label,
        )
        self.sectors = size_bytes // sector_bytes
        per_cluster = cluster_bytes // sector_bytes
        guess = self.sectors // per_cluster
        self.fat_sectors = -(-(guess + 2) * 4 // sector_bytes)
        self.heap_sector = -(-(_FAT_SECTOR + self.fat_sectors) // per_cluster) * per_cluster
        self.count = (self.sectors - self.heap_sector) // per_cluster
        if not path.exists():
            path.touch()
        with path.open("r+b") as image:
            image.truncate(max(path.stat().st_size, offset_bytes + self.sectors * sector_bytes))
        self.bitmap = bytearray(-(-self.count // 8))
        self.fat: dict[int, int] = {0: 0xFFFFFFF8, 1: 0xFFFFFFFF}
        self.root = Node("", is_directory=True)
        self.upcase = ascii_upcase()
        self.extra_root = b""
        self.writes_bitmap = True
        self.lies: list[int] = []  # clusters in use that the bitmap on the card calls free
        self.bitmap_clusters = self.take(-(-len(self.bitmap) // cluster_bytes))
        self.upcase_clusters = self.take(-(-len(self.upcase) // cluster_bytes))
        self.chain(self.bitmap_clusters)
        self.chain(self.upcase_clusters)

    def place(self, cluster: int) -> int:
        return self.offset + self.heap_sector * self.sector + (cluster - 2) * self.cluster

    def is_free(self, cluster: int) -> bool:
        return not self.bitmap[(cluster - 2) // 8] >> (cluster - 2) % 8 & 1

    def mark(self, cluster: int, taken: bool = True) -> None:
        bit = 1 << (cluster - 2) % 8
        self.bitmap[(cluster - 2) // 8] = self.bitmap[(cluster - 2) // 8] & ~bit | (bit if taken else 0)

    def take(self, count: int, *, stride: int = 1, start: int = 2) -> list[int]:
        """Take the first free clusters, every `stride`-th only."""
        found: list[int] = []
        at = start
        while len(found) < count:
            if self.is_free(at):
                self.mark(at)
                found.append(at)
                at += stride
            else:
                at += 1
        return found

    def chain(self, clusters: list[int]) -> None:
        for here, following in zip(clusters, [*clusters[1:], 0xFFFFFFFF], strict=True):
            self.fat[here] = following

    def add(self, path: str, data: bytes, *, stride: int = 1, written: int | None = None, start: int = 2) -> Node:
        """Add a file; with a stride above 1 it lies in pieces and has a chain in the table."""
        clusters = self.take(-(-len(data) // self.cluster), stride=stride, start=start)
        straight = clusters == list(range(clusters[0], clusters[0] + len(clusters))) if clusters else True
        node = Node(path.rpartition("/")[2], False, clusters, len(data), len(data) if written is None else written)
        node.no_chain = straight
        if not straight:
            self.chain(clusters)
        with self.path.open("r+b") as image:
            for index, cluster in enumerate(clusters):
                image.seek(self.place(cluster))
                image.write(data[index * self.cluster : (index + 1) * self.cluster])
        self.directory(path.rpartition("/")[0]).children.append(node)
        return node

    def delete(self, node: Node) -> None:
        """Delete as systems do: the bits go, everything else stays."""
        node.deleted = True
        for cluster in node.clusters:
            self.mark(cluster, taken=False)

    def directory(self, path: str) -> Node:
        node = self.root
        for name in path.split("/") if path else []:
            found = next((child for child in node.children if child.name == name and child.is_directory), None)
            if found is None:
                found = Node(name, is_directory=True, no_chain=False)
                node.children.append(found)
            node = found
        return node

    def finish(self, *, flags: int = 0, fats: int = 1) -> None:
        """Write directories, tables and both boot regions."""
        self._write_directory(self.root)
        for cluster in self.lies:
            self.mark(cluster, taken=False)
        with self.path.open("r+b") as image:
            for index, cluster in enumerate(self.bitmap_clusters if self.writes_bitmap else ()):
                image.seek(self.place(cluster))
                image.write(self.bitmap[index * self.cluster : (index + 1) * self.cluster])
            image.seek(self.place(self.upcase_clusters[0]))
            image.write(self.upcase)
            for cluster, value in self.fat.items():
                image.seek(self.offset + _FAT_SECTOR * self.sector + cluster * 4)
                image.write(struct.pack("<I", value))
            region = self._boot_region(flags, fats)
            for copy in (0, 12):
                image.seek(self.offset + copy * self.sector)
                image.write(region)

    def _boot_region(self, flags: int, fats: int) -> bytes:
        shift, cluster_shift = self.sector.bit_length() - 1, (self.cluster // self.sector).bit_length() - 1
        used = sum(byte.bit_count() for byte in self.bitmap)
        boot = struct.pack(
            "<3s8s53xQQIIIIIIHHBBBBB7x390s2s",
            b"\xeb\x76\x90",
            b"EXFAT   ",
            self.offset // self.sector,
            self.sectors,
            _FAT_SECTOR,
            self.fat_sectors,
            self.heap_sector,
            self.count,
            self.root.clusters[0],
            0x1234ABCD,
            0x100,
            flags,
            shift,
            cluster_shift,
            fats,
            0x80,
            used * 100 // self.count,
            b"",
            b"\x55\xaa",
        ).ljust(self.sector, b"\0")
        extended = (bytes(self.sector - 4) + b"\0\0\x55\xaa") * 8
        region = boot + extended + bytes(2 * self.sector)
        return region + struct.pack("<I", boot_checksum(region)) * (self.sector // 4)

    def _write_directory(self, node: Node) -> None:
        for child in node.children:
            if child.is_directory and not child.deleted:
                self._write_directory(child)
        entries = b"".join(self.entry_set(child) for child in node.children)
        if node is self.root:
            entries = self._root_entries() + entries + self.extra_root
        if not node.clusters:
            node.clusters = self.take(max(1, -(-len(entries) // self.cluster)))
            self.chain(node.clusters)
        node.size_bytes = node.written_bytes = len(node.clusters) * self.cluster
        with self.path.open("r+b") as image:
            for index, cluster in enumerate(node.clusters):
                image.seek(self.place(cluster))
                # Zeros to the end of a sector are the end mark; a sparse 32 MiB cluster need not be filled.
                piece = entries[index * self.cluster : (index + 1) * self.cluster]
                image.write(piece.ljust(min(self.cluster, len(piece) + 65536), b"\0"))

    def _root_entries(self) -> bytes:
        label = self.label.encode("utf-16-le")
        return (
            struct.pack("<BB30s", 0x83, len(self.label), label)
            + struct.pack("<BB18xIQ", 0x81, 0, self.bitmap_clusters[0], len(self.bitmap))
            + struct.pack("<BxxxI12xIQ", 0x82, table_checksum(self.upcase), self.upcase_clusters[0], len(self.upcase))
        )

    def entry_set(self, node: Node) -> bytes:
        """The entries of a node, checksum and name hash right."""
        date, time = pack_time(node.moment)
        stamp = date << 16 | time
        units = node.name.encode("utf-16-le", "surrogatepass")
        names = [units[at : at + 30] for at in range(0, len(units), 30)]
        if node.is_directory and not node.size_bytes:
            node.size_bytes = node.written_bytes = len(node.clusters) * self.cluster
        primary = struct.pack(
            "<BBHHHIIIBBBBB7x",
            0x85,
            1 + len(names),
            0,
            0x10 if node.is_directory else 0x20,
            0,
            stamp,
            stamp,
            stamp,
            0,
            0,
            0,
            0,
            0,
        )
        stream = struct.pack(
            "<BBxBHxxQIIQ",
            0xC0,
            1 | (2 if node.no_chain and node.clusters else 0),
            len(units) // 2,
            name_hash("".join(c.upper() if c.isascii() else c for c in node.name)),
            node.written_bytes,
            0,
            node.clusters[0] if node.clusters else 0,
            node.size_bytes,
        )
        raw = primary + stream + b"".join(b"\xc1\0" + name.ljust(30, b"\0") for name in names)
        raw = raw[:2] + struct.pack("<H", set_checksum(raw)) + raw[4:]
        if node.deleted:
            raw = b"".join(bytes([raw[at] & 0x7F]) + raw[at + 1 : at + 32] for at in range(0, len(raw), 32))
        return raw
