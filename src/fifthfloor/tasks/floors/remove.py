"""`--remove`: the originals go, after the floor has come back in a fresh process and every hash was the same.

Rule: at any moment every frame is in the floor, or on the card, or in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.extents import merged
from fifthfloor.cards.free_writer import LostWriter
from fifthfloor.cards.gaps import plan_closing
from fifthfloor.cards.image import Card, open_card
from fifthfloor.cards.remove import lost_extents, reclaim_lost, remove_names
from fifthfloor.cards.sector_plan import execute
from fifthfloor.errors import BadInput, reason_of
from fifthfloor.floor.noise import NoiseMaker
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.frames import Taken
from fifthfloor.tasks.floors.sources import FolderReader, Sources
from fifthfloor.tasks.floors.verifying import hashes_apart
from fifthfloor.tasks.progress import Progress, silent

_REMOVED_PIECE_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Removed:
    """What was removed.

    Args:
        files: how many.
        size_bytes: what they held.
        from_cards: whether their clusters were swept too; False when the operating system deleted them.
        lost_bytes: of clusters on the card that belong to no file, from an earlier deletion that was stopped.
        card: they were removed from; None when the operating system deleted them.
    """

    files: int
    size_bytes: int
    from_cards: bool
    lost_bytes: int = 0
    card: Path | None = None


def check_came_back(
    sources: Sources,
    file_hashes: Sequence[str],
    carriers: Sequence[Path],
    keys: FloorKeys,
    floor_id: bytes,
    progress: Progress = silent,
) -> None:
    """Open the floor again in a fresh process and compare it with what was read.

    Args:
        sources: what was hidden.
        file_hashes: SHA-256 of every entry, from the first pass.
        carriers: where it was hidden.
        keys, floor_id: of the floor.
        progress: shown while that process reads.

    Raises:
        BadInput: anything differs; nothing may be removed.
    """
    expected = {
        entry.name: digest for entry, digest in zip(sources.entries, file_hashes, strict=True) if not entry.is_directory
    }
    if hashes_apart(carriers, keys, floor_id, progress) != expected:
        raise BadInput("remove.differs", count=len(expected))


def remove_originals(sources: Sources, taken: Sequence[Taken], serial: str | None = None) -> list[Removed]:
    """Delete what was hidden where it came from; call `check_came_back` first.

    Args:
        sources: what was hidden.
        taken: the frames, where it came from cards; else files are deleted by the operating system.
        serial: of `--device`.

    Returns:
        for each card what was removed, or one for all files.

    Raises:
        as `remove_from_card` and `remove_sources`.
    """
    return [remove_from_card(one, serial) for one in taken] or [remove_sources(sources)]


def as_document(removed: Sequence[Removed]) -> dict[str, Any]:
    """Return what was removed, for --json."""
    document = {
        "files": sum(one.files for one in removed),
        "bytes": sum(one.size_bytes for one in removed),
        "clusters_swept": all(one.from_cards for one in removed),
    }
    if document["clusters_swept"]:
        document["lost_bytes"] = sum(one.lost_bytes for one in removed)
    return document


def remove_from_card(taken: Taken, serial: str | None = None) -> Removed:
    """Delete frames from their card: names scrubbed, then their clusters swept, and only then freed.

    In this order what is not swept yet is taken and belongs to no file, and is found again after a stop (`tidy`).

    Raises:
        BadInput, DeviceRefused: as `open_card`; the frames are then still there.
    """
    files = taken.files
    if not files:
        return Removed(0, 0, from_cards=True, card=taken.path)  # the other slot held all that was asked for
    with open_card(taken.path, writable=True, serial=serial) as card:
        remove_names(card, [file.path for file in files])
    extents = np.array(taken.places, np.int64)
    # The card is opened again: only what its tables now give to no file may be written.
    with open_card(taken.path, writable=True, serial=serial, mending=True) as card:
        sweep_lost(card, extents.reshape(-1, 2))
    close_gaps(taken.path, serial)
    with open_card(taken.path, serial=serial) as card:
        left = lost_bytes(card)
    size = sum(file.size_bytes for file in files)
    return Removed(len(files), size, from_cards=True, lost_bytes=left, card=taken.path)


def lost_bytes(card: Card) -> int:
    """Count the bytes of clusters that are taken and belong to no file."""
    return sum(int(lost_extents(volume)[:, 1].sum()) for volume in card.volumes)


def sweep_lost(card: Card, within: NDArray[np.int64] | None = None) -> int:
    """Fill clusters that belong to no file with noise, then free them.

    Args:
        card: opened writable, with `mending`; it must be opened again to be read.
        within: extents, shape (n, 2), that must be lost wholly; None for all that is lost.

    Returns:
        how many bytes.
    """
    if within is None:
        within = merged([lost_extents(volume) for volume in card.volumes])
    writer = LostWriter(card)
    noise = NoiseMaker(_REMOVED_PIECE_BYTES, secret.RANDOM)
    buffer = memoryview(bytearray(_REMOVED_PIECE_BYTES))
    for offset, length in within.tolist():
        for start in range(0, length, _REMOVED_PIECE_BYTES):
            piece = buffer[: min(_REMOVED_PIECE_BYTES, length - start)]
            noise.fill(piece)
            writer.write(offset + start, piece)
            writer.flush()
    reclaim_lost(card, within)
    return int(within[:, 1].sum())


def close_gaps(path: Path, serial: str | None = None) -> None:
    """Close the gaps of scrubbed names, directory by directory, where that can be done safely (`cards.gaps`).

    Raises:
        BadInput, DeviceRefused: as `open_card`; or the card loses writes.
    """
    while True:
        with open_card(path, writable=True, serial=serial, mending=True) as card:
            plan = plan_closing(card)
            if not plan:
                return
            execute(card.device, plan)


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
            reason = reason_of(error)
            raise BadInput("remove.refused", path=str(path), reason=reason) from error
        count, size = count + 1, size + length
    return Removed(count, size, from_cards=False)
