"""Scrubs deleted names out of directories, and deletes visible files, safely at any moment.

Nothing here marks the card as "in use" while it works: a card that is pulled must open again, and every state it can
be left in is one that a file system allows:

Scrubbing touches slots that no file uses, so a stop leaves some scrubbed and some not.
Deleting goes entry first, then chain:
  1. the sector with a file's short entry (FAT32) or first entry (exFAT): the file is gone, whole, at once;
  2. what the name left in neighbouring sectors: until then a piece of a long name that belongs to nobody; then, where
     nothing stands behind it, zeros, so that the directory ends with what is still there;
  3. the tables (both of FAT32, which may differ until both are written) or the bitmap, then exFAT's table: until then
     clusters that belong to no file, with the deleted contents still in them, which no sweep reaches;
  4. FSInfo or PercentInUse: hints, wrong until then.
`plan_reclaim` on a card opened with `mending=True` finishes an interrupted deletion. No file that stays is touched.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards import exfat, exfat_entries, fat32, fat_entries
from fifthfloor.cards.deleted import Descent, dead_slots, deleted_entries
from fifthfloor.cards.exfat import ExfatVolume
from fifthfloor.cards.extents import Extent, runs_of
from fifthfloor.cards.fat32 import Fat32Volume
from fifthfloor.cards.fat_boot import ENTRY_MASK, FSINFO_LEAD
from fifthfloor.cards.fat_entries import ENTRY_BYTES
from fifthfloor.cards.image import Card
from fifthfloor.cards.sector_plan import Planner, Stages, execute
from fifthfloor.cards.volume import VisibleFile, Volume
from fifthfloor.errors import BadInput

_EMPTY = bytes(ENTRY_BYTES)
FAT_SCRUBBED = bytes([fat_entries.DELETED]) + bytes(ENTRY_BYTES - 1)
EXFAT_SCRUBBED = bytes([exfat_entries.FILE & ~exfat_entries.IN_USE]) + bytes(ENTRY_BYTES - 1)
_EXFAT_NO_LABEL = bytes([exfat_entries.LABEL & ~exfat_entries.IN_USE]) + bytes(ENTRY_BYTES - 1)
_AT_ONCE_BYTES = 64 << 10
_PERCENT_AT = 112  # PercentInUse in exFAT's boot sector, outside its checksum

AnyVolume = Fat32Volume | ExfatVolume


def scrub_deleted(card: Card) -> int:
    """Plan and do `plan_scrub`; returns the number of sectors written. The card must be opened again to be read."""
    return _do(card, plan_scrub(card))


def reclaim_lost(card: Card, within: NDArray[np.int64] | None = None) -> int:
    """Plan and do `plan_reclaim`; returns the number of sectors written. The card must be opened again to be read."""
    return _do(card, plan_reclaim(card, within))


def remove_names(card: Card, paths: Iterable[str]) -> int:
    """Plan and do `plan_unnaming`; returns the number of sectors written. The card must be opened again to be read."""
    return _do(card, plan_unnaming(card, paths))


def plan_scrub(card: Card) -> Stages:
    """Plan to overwrite every directory slot that no visible file uses, to the end of each directory's clusters.

    Slots between others are marked as deleted and emptied; those after the last one in use become empty. Deleted
    directories that still stand in free clusters are emptied first, while a name leads to them.
    """
    plan: Stages = ()
    for volume in card.volumes:
        planner = planner_of(card, volume)
        known = known_volume(volume)
        _empty_deleted_directories(planner, known)
        directories = [("", known.root_extents), *((f.path, f.extents) for f in known.files() if f.is_directory)]
        for path, extents in directories:
            _scrub_directory(planner, known, path, extents)
        plan += planner.plan()
    return plan


def plan_unnaming(card: Card, paths: Iterable[str]) -> Stages:
    """Plan the first half of a deletion: the names go, the clusters stay taken and are lost until reclaimed.

    What is lost can be found again after a stop (`lost_extents`), and swept before it is free.

    Args:
        card: opened writable.
        paths: as `VisibleFile.path`; each must be a file, and on one volume only.

    Raises:
        BadInput: a path that is not there, there twice, or a directory.
    """
    chosen = [_find(card, path) for path in dict.fromkeys(paths)]
    plan: Stages = ()
    for volume in card.volumes:
        files = [file for where, file in chosen if where is volume]
        if files:
            planner, known = planner_of(card, volume), known_volume(volume)
            slots = _slots_of(known, files)
            _remove_names(planner, known, slots)
            _move_ends(planner, known, {offset for offsets in slots for offset in offsets})
            plan += planner.plan()
    return plan


def _clusters_in(known: AnyVolume, extents: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say which clusters of a volume lie in some of the extents."""
    clusters = np.zeros(known.cluster_count, np.bool_)
    for offset, length in extents.tolist():
        first = (offset - known.heap_offset_bytes) // known.cluster_bytes
        if 0 <= first < known.cluster_count:
            clusters[first : first + length // known.cluster_bytes] = True
    return clusters


def plan_reclaim(card: Card, within: NDArray[np.int64] | None = None) -> Stages:
    """Plan to free every cluster that is allocated and belongs to no file, as an interrupted deletion leaves them.

    FSInfo is put right as well.

    Args:
        card: opened writable, with `mending`.
        within: extents, shape (n, 2); None for the whole card. Lost clusters elsewhere stay lost.
    """
    plan: Stages = ()
    for volume in card.volumes:
        known = known_volume(volume)
        lost = known.chains.lost()
        if within is not None:
            lost &= _clusters_in(known, within)
        hint, free = known.facts.free_clusters_hint, int(np.count_nonzero(~known.chains.allocated))
        if lost.any() or (hint is not None and not free <= hint <= free + known.geometry.lost_clusters):
            planner = planner_of(card, volume)
            _free_clusters(planner, known, lost)
            plan += planner.plan()
    return plan


def lost_extents(volume: Volume) -> NDArray[np.int64]:
    """Find clusters that are allocated and belong to no file: a sweep does not reach them.

    Returns:
        Shape (n, 2): offset_bytes and length_bytes on the device, rising.
    """
    return volume.lost


def _do(card: Card, plan: Stages) -> int:
    execute(card.device, plan)
    return sum(len(stage) for stage in plan)


def known_volume(volume: Volume) -> AnyVolume:
    if not isinstance(volume, Fat32Volume | ExfatVolume):
        raise TypeError(f"{type(volume).__name__} is neither FAT32 nor exFAT")
    return volume


def planner_of(card: Card, volume: Volume) -> Planner:
    return Planner(card.device, max(card.device.sector_bytes, volume.sector_bytes))


def _find(card: Card, path: str) -> tuple[Volume, VisibleFile]:
    found = [(volume, file) for volume in card.volumes for file in volume.files() if file.path == path]
    if len(found) != 1 or found[0][1].is_directory:
        raise BadInput("cards.not_removable_file", path=path, count=len(found))
    return found[0]


def live_sets(volume: AnyVolume, path: str, extents: Sequence[Extent]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Every name in use in a directory, with the offsets of its slots; entries without a name have the name ""."""
    place = volume.device.path
    if isinstance(volume, Fat32Volume):
        slots = list(fat32.directory_slots(volume.device, tuple(extents), path, place))
        for record in fat_entries.records(slots):
            yield "" if record.attributes & fat_entries.VOLUME_LABEL else record.name, record.offsets_bytes
        for offset, entry in slots[:2]:
            if fat_entries.is_dot(entry):
                yield "", (offset,)
        return
    for item in exfat_entries.entry_sets(
        exfat.directory_slots(volume.device, tuple(extents), path, place), place, path
    ):
        if isinstance(item, exfat_entries.FileSet):
            yield item.name, item.offsets_bytes
        else:
            yield "", (item[0],)


def _scrub_directory(planner: Planner, volume: AnyVolume, path: str, extents: tuple[Extent, ...]) -> None:
    live = {offset for _, offsets in live_sets(volume, path, extents) for offset in offsets}
    slots = list(dead_slots(volume, extents, everything=True))
    last = max((index for index, (offset, _) in enumerate(slots) if offset in live), default=-1)
    scrubbed = FAT_SCRUBBED if isinstance(volume, Fat32Volume) else EXFAT_SCRUBBED
    for index, (offset, entry) in enumerate(slots):
        wanted = scrubbed if index < last else _EMPTY
        if volume.file_system == "exfat" and entry[0] == _EXFAT_NO_LABEL[0]:
            wanted = _EXFAT_NO_LABEL  # a card without a label has this (section 7.3), and nothing was deleted
        if offset not in live and entry != wanted:
            planner.put(offset, wanted)


def _empty_deleted_directories(planner: Planner, volume: AnyVolume) -> None:
    """Empty free clusters that hold a deleted directory; those that hold anything else by now stay as they are.

    A cluster that a sweep has filled must not get a hole of zeros, which would tell where a directory was.
    """
    descent = Descent(volume)
    for entry in deleted_entries(volume):
        if not descent.enters(entry) or entry.state != "whole":
            continue
        if _holds_directory(volume, entry.extents[0].offset_bytes):
            for offset, _ in dead_slots(volume, entry.extents, everything=True):
                planner.put(offset, _EMPTY)
    planner.end_stage()


def _holds_directory(volume: AnyVolume, offset_bytes: int) -> bool:
    if isinstance(volume, Fat32Volume):
        first = volume.device.read(offset_bytes, ENTRY_BYTES)
        return fat_entries.is_dot(first) and first[11] == fat_entries.DIRECTORY
    slots = list(dead_slots(volume, [Extent(offset_bytes, min(volume.cluster_bytes, 1024))], everything=True))
    return exfat_entries.first_set(slots) is not None


def _slots_of(volume: AnyVolume, files: Sequence[VisibleFile]) -> list[tuple[int, ...]]:
    """The slots of each file's name, found again in its directory."""
    wanted: dict[str, set[str]] = {}
    for file in files:
        parent, _, name = file.path.rpartition("/")
        wanted.setdefault(parent, set()).add(name)
    places = {"": volume.root_extents, **{file.path: file.extents for file in volume.files() if file.is_directory}}
    return [
        offsets
        for parent, names in wanted.items()
        for name, offsets in live_sets(volume, parent, places[parent])
        if name in names
    ]


def _remove_names(planner: Planner, volume: AnyVolume, slots: Sequence[tuple[int, ...]]) -> None:
    """First the sector that decides (short entry, or first entry of a set), then what is left of the name."""
    is_fat = isinstance(volume, Fat32Volume)
    scrubbed = FAT_SCRUBBED if is_fat else EXFAT_SCRUBBED
    unit = max(volume.device.sector_bytes, volume.sector_bytes)
    tails: list[int] = []
    for offsets in slots:
        deciding = (offsets[-1] if is_fat else offsets[0]) // unit
        for offset in offsets:
            if offset // unit == deciding:
                planner.put(offset, scrubbed)
            else:
                tails.append(offset)
    planner.end_stage()
    for offset in tails:
        planner.put(offset, scrubbed)
    planner.end_stage()


def _move_ends(planner: Planner, volume: AnyVolume, removed: set[int]) -> None:
    """Empty scrubbed slots at the end of a directory, as if nothing had stood there: only once all of them are dead.

    An end mark before a name in use would hide it from some systems; before a deleted name it would be odd. So this
    stops at the first slot from the end that is neither removed now nor was scrubbed before.
    """
    scrubbed = FAT_SCRUBBED if isinstance(volume, Fat32Volume) else EXFAT_SCRUBBED
    for extents in (volume.root_extents, *(file.extents for file in volume.files() if file.is_directory)):
        if not any(e.offset_bytes <= at < e.offset_bytes + e.length_bytes for at in removed for e in extents):
            continue
        for offset, entry in _from_the_end(volume, extents):
            if offset in removed or entry == scrubbed:
                planner.put(offset, _EMPTY)
            elif entry != _EMPTY:
                break
    planner.end_stage()


def _from_the_end(volume: AnyVolume, extents: Sequence[Extent]) -> Iterator[fat_entries.Slot]:
    """Every slot of a directory, the last first, as the card has them now."""
    for extent in reversed(extents):
        for start in reversed(range(0, extent.length_bytes, _AT_ONCE_BYTES)):
            data = volume.device.read(extent.offset_bytes + start, min(_AT_ONCE_BYTES, extent.length_bytes - start))
            for at in reversed(range(0, len(data), ENTRY_BYTES)):
                yield extent.offset_bytes + start + at, data[at : at + ENTRY_BYTES]


def _free_clusters(planner: Planner, volume: AnyVolume, clusters: NDArray[np.bool_]) -> None:
    if isinstance(volume, Fat32Volume):
        _free_fat32(planner, volume, clusters)
    else:
        _free_exfat(planner, volume, clusters)


def _free_fat32(planner: Planner, volume: Fat32Volume, clusters: NDArray[np.bool_]) -> None:
    geometry = volume.geometry
    for first, count in runs_of(clusters).tolist():
        for copy in range(geometry.fat_count):
            at = geometry.fat_offset_bytes + copy * geometry.fat_bytes + (first + 2) * 4
            entries = np.frombuffer(planner.read(at, count * 4), "<u4") & np.uint32(0xFFFFFFFF ^ ENTRY_MASK)
            planner.put(at, entries.astype("<u4").tobytes())
    planner.end_stage()
    if geometry.fsinfo_offset_bytes is not None:
        info = planner.read(geometry.fsinfo_offset_bytes, 512)
        if struct.unpack_from("<I", info) == (FSINFO_LEAD,):
            taken = np.flatnonzero(volume.chains.allocated & ~clusters)
            following = int(taken[-1]) + 3 if taken.size else 2
            # A cluster that is cut counts as free, as drivers count it.
            free = volume.cluster_count + geometry.lost_clusters - taken.size
            hints = struct.pack("<II", free, min(following, volume.cluster_count + 1))
            planner.put(geometry.fsinfo_offset_bytes + 488, hints)
    planner.end_stage()


def _free_exfat(planner: Planner, volume: ExfatVolume, clusters: NDArray[np.bool_]) -> None:
    after = volume.chains.allocated & ~clusters
    before = b"".join(planner.read(extent.offset_bytes, extent.length_bytes) for extent in volume.bitmap_extents)
    # What lies behind the last cluster stays as it is: a cluster that is cut has a bit and is not ours.
    every = np.unpackbits(np.frombuffer(before, np.uint8), bitorder="little", count=-(-after.size // 8) * 8)
    every[: after.size] = after
    bits = np.packbits(every, bitorder="little").tobytes()
    at = 0
    for extent in volume.bitmap_extents:
        piece = bits[at : at + extent.length_bytes]
        changed = np.flatnonzero(
            np.frombuffer(piece, np.uint8) != np.frombuffer(planner.read(extent.offset_bytes, len(piece)), np.uint8)
        )
        for index in changed.tolist():
            planner.put(extent.offset_bytes + index, piece[index : index + 1])
        at += len(piece)
    planner.end_stage()
    for first, count in runs_of(clusters).tolist():
        planner.put(volume.geometry.fat_offset_bytes + (first + 2) * 4, bytes(count * 4))
    planner.end_stage()
    if volume.facts.percent_used_hint is not None:
        percent = int(np.count_nonzero(after)) * 100 // volume.cluster_count
        planner.put(volume.offset_bytes + _PERCENT_AT, bytes([percent]))
    planner.end_stage()
