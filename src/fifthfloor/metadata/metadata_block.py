"""A block of metadata, whatever container it lies in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fifthfloor.metadata.tiff import Read

BlockKind = Literal["exif", "xmp", "iptc", "c2pa", "flir", "gopro", "sealed"]


@dataclass(frozen=True, slots=True)
class MetadataBlock:
    """One block of metadata.

    Args:
        kind: "exif" is a TIFF structure (the whole file where the file is one), "xmp" a packet, "iptc" image resources
            or bare records, "c2pa" a manifest's boxes, "flir" a thermal camera's file, "gopro" an action camera's
            records; "sealed" is metadata that is there and that nothing here unpacks.
        offset_bytes: of it in the file, where it lies there in one piece; else 0.
        length_bytes: of it.
        read: gives its bytes, offset 0 at its first.
    """

    kind: BlockKind
    offset_bytes: int
    length_bytes: int
    read: Read

    def content(self, limit_bytes: int = 8 << 20) -> bytes:
        """Read it, at most `limit_bytes` of it."""
        return self.read(0, min(self.length_bytes, limit_bytes))
