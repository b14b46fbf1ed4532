"""Deletes a file from a virtual card as a camera does: marks its entries, frees its clusters, touches no contents.

For the journey and the tests, like `format.py`; what it leaves behind is what `recover` brings back and `tidy` scrubs.
"""

from __future__ import annotations

from pathlib import Path

from fifthfloor.cards import fat_entries
from fifthfloor.cards.extents import read_extents
from fifthfloor.cards.fat32 import Fat32Volume
from fifthfloor.cards.image import open_card
from fifthfloor.errors import BadInput


def delete_like_a_camera(path: Path, path_in_card: str) -> None:
    """Delete a file of the first volume of a FAT32 image.

    Args:
        path: the image.
        path_in_card: of a visible file.

    Raises:
        BadInput: as `open_card`, the volume is not FAT32, or there is no such file.
    """
    with open_card(path, writable=True) as card:
        volume = card.volumes[0]
        if not isinstance(volume, Fat32Volume):
            raise BadInput("cards.not_fat32", path=str(path))
        files = {file.path: file for file in volume.files()}
        file = files.get(path_in_card)
        parent, _, name = path_in_card.rpartition("/")
        if file is None or file.is_directory:
            raise BadInput("cards.no_such_file", path=str(path), name=path_in_card)
        directory = files[parent].extents if parent else volume.root_extents
        places = [extent.offset_bytes + at for extent in directory for at in range(0, extent.length_bytes, 32)]
        data = b"".join(read_extents(card.device, directory, 32 * len(places)))
        slots = [(place, data[32 * index : 32 * index + 32]) for index, place in enumerate(places)]
        record = next(record for record in fat_entries.records(slots) if record.name == name)
        for offset in record.offsets_bytes:
            card.device.write(offset, bytes([fat_entries.DELETED]))
        geometry = volume.geometry
        for extent in file.extents:
            first = (extent.offset_bytes - geometry.heap_offset_bytes) // geometry.cluster_bytes + 2
            for copy in range(geometry.fat_count):
                place = geometry.fat_offset_bytes + copy * geometry.fat_bytes + 4 * first
                card.device.write(place, bytes(4 * (extent.length_bytes // geometry.cluster_bytes)))
        card.device.flush()
