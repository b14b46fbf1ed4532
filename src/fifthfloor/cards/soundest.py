"""FAT32 keeps its boot sector and its table twice: which of them a reader takes, where the first does not hold.

Every driver reads the first of each and looks at the other one never, or only for repair. A reader of a damaged card
wants what is there: it reads the first, and where names are left without their clusters, the others too.
"""

from __future__ import annotations

from dataclasses import replace

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.device import Device
from fifthfloor.cards.fat32 import CopiesRead, Fat32Volume, load
from fifthfloor.cards.fat_boot import backup_boot, read_geometry
from fifthfloor.errors import BadInput

# What a walk meets in a table that is not the card's own.
_BROKEN_FAULTS = frozenset(
    f"cards.{fault}"
    for fault in ("chain_broken", "chain_leaves", "chain_loops", "chain_short", "cross_linked", "no_chain", "uses_free")
)


def load_soundest(device: Device, offset_bytes: int, limit_bytes: int) -> Fat32Volume:
    """Load a FAT32 volume to be read, by those copies of its structures in which most names have their clusters.

    Arguments and errors as `fat32.load`; which copies were taken stands in the volume's `bearing`.
    """
    best = load(device, offset_bytes, limit_bytes, bearing=Bearing(lenient=True))
    if not (_faults(best) or best.chains.lost().any()):
        return best
    for way in _others(device, best, limit_bytes):
        bearing = Bearing(lenient=True)
        try:
            other = load(device, offset_bytes, limit_bytes, bearing=bearing, way=way)
        except BadInput:
            continue
        if _soundness(other) > _soundness(best):
            if way.table:
                place = f"{device.path}@{offset_bytes}" if offset_bytes else device.path
                bearing.fault("cards.table_copy", path=place, first=_faults(best), second=_faults(other))
            best = other
    return best


def _others(device: Device, volume: Fat32Volume, limit_bytes: int) -> list[CopiesRead]:
    """Say what else could be read: other tables that differ, and the copy of a boot sector that says otherwise."""
    borne = volume.bearing.borne
    tables = range(1, volume.geometry.fat_count) if "cards.mirrors_differ" in borne else range(0)
    ways = [CopiesRead(table=table) for table in tables]
    if "cards.boot_copy" in borne or (copy := backup_boot(device, volume.offset_bytes, limit_bytes)) is None:
        return ways
    try:
        said = read_geometry(copy, device.path, volume.offset_bytes, limit_bytes, Bearing(lenient=True))
    except BadInput:
        return ways
    own = volume.geometry
    same = replace(said, serial=own.serial, formatter=own.formatter, boot_label=own.boot_label, state=own.state)
    if same != own:
        ways += [CopiesRead(boot_copy=True, table=table) for table in range(said.fat_count)]
    return ways


def _soundness(volume: Fat32Volume) -> tuple[int, int, int]:
    """More is sounder: names that have all their clusters, then fewer faults, then fewer clusters of nobody."""
    short = {lost.path for lost in volume.bearing.unchained}
    whole = sum(1 for file in volume.files() if file.path not in short)
    return whole, -_faults(volume), -int(volume.chains.lost().sum())


def _faults(volume: Fat32Volume) -> int:
    return sum(fault.count for key, fault in volume.bearing.borne.items() if key in _BROKEN_FAULTS)
