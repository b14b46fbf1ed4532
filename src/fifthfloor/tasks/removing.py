"""`--remove`: the originals go, after the floor has come back in a fresh process and every hash was the same.

Rule: at any moment every frame is in the floor, or on the card, or in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card
from fifthfloor.cards.remove import remove_files
from fifthfloor.errors import BadInput
from fifthfloor.floor.noise import NoiseMaker
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks import secret
from fifthfloor.tasks.frames import Taken
from fifthfloor.tasks.sources import FolderReader, Sources
from fifthfloor.tasks.verifying import hashes_apart

_PIECE_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed.

    Args:
        files: how many.
        size_bytes: what they held.
        from_cards: whether their clusters were swept too; False when the operating system deleted them.
    """

    files: int
    size_bytes: int
    from_cards: bool


def check_came_back(
    sources: Sources, file_hashes: Sequence[str], carriers: Sequence[Path], keys: FloorKeys, floor_id: bytes
) -> None:
    """Open the floor again in a fresh process and compare it with what was read.

    Args:
        sources: what was hidden.
        file_hashes: SHA-256 of every entry, from the first pass.
        carriers: where it was hidden.
        keys, floor_id: of the floor.

    Raises:
        BadInput: anything differs; nothing may be removed.
    """
    expected = {
        entry.name: digest for entry, digest in zip(sources.entries, file_hashes, strict=True) if not entry.is_directory
    }
    if hashes_apart(carriers, keys, floor_id) != expected:
        raise BadInput("remove.differs", count=len(expected))


def remove_from_card(taken: Taken, serial: str | None = None) -> Removed:
    """Delete frames from their card (entries scrubbed, clusters freed) and sweep the clusters they were in.

    Raises:
        BadInput, DeviceRefused: as `open_card`; the frames are then still there.
    """
    files = taken.files
    with open_card(taken.path, writable=True, serial=serial) as card:
        remove_files(card, [file.path for file in files])
    extents = sorted((e.offset_bytes, e.length_bytes) for file in files for e in file.extents)
    # The card is opened again: only what its tables now call free may be written.
    with open_card(taken.path, writable=True, serial=serial) as card:
        writer = FreeWriter(card)
        noise = NoiseMaker(_PIECE_BYTES, secret.RANDOM)
        buffer = memoryview(bytearray(_PIECE_BYTES))
        for offset, length in extents:
            for start in range(0, length, _PIECE_BYTES):
                piece = buffer[: min(_PIECE_BYTES, length - start)]
                noise.fill(piece)
                writer.write(offset + start, piece)
                writer.flush()
    return Removed(len(files), sum(file.size_bytes for file in files), from_cards=True)


def remove_sources(sources: Sources) -> Removed:
    """Delete hidden files through the operating system, which scrubs nothing.

    Raises:
        BadInput: one cannot be deleted; those before it are gone, and all are in the floor.
    """
    count = size = 0
    paths = sources.reader.paths if isinstance(sources.reader, FolderReader) else {}
    for entry in sources.entries:
        path = paths[entry.name]
        if entry.is_directory:
            continue
        try:
            length = path.stat().st_size
            path.unlink()
        except OSError as error:
            reason = (error.strerror or "it cannot be deleted").lower()
            raise BadInput("remove.refused", path=str(path), reason=reason) from error
        count, size = count + 1, size + length
    return Removed(count, size, from_cards=False)
