"""`tidy`: scrubs deleted names and directory slack, and, only where it is asked to, sweeps what belongs to no file.

Lost clusters are somebody's: a deletion that was stopped leaves them, and so does a camera that loses power while it
writes a photograph. `recover` brings back what begins there, `audit` rates it, and this leaves it.

Safe at any moment (`cards.remove`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.cards.deleted import deleted_entries, emptied_slots
from fifthfloor.cards.gaps import plan_closing
from fifthfloor.cards.image import Card, CardIdentity, open_card
from fifthfloor.cards.remove import lost_extents, plan_reclaim, plan_scrub, reclaim_lost, scrub_deleted
from fifthfloor.metadata.endings import is_shot
from fifthfloor.tasks.floors.remove import close_gaps, lost_bytes, sweep_lost


@dataclass(frozen=True, slots=True)
class Untidy:
    """What a card's directories still say, before they are scrubbed.

    Args:
        identity: what a person is shown of the card.
        names: deleted entries that name something.
        photographs: those of photographs and films.
        recoverable: of these, whose contents may still be there; without the name only carving brings them back.
        slots: whether there is anything to scrub at all, names or not.
        emptied: slots between names that an earlier `tidy` left, as `Tidied` has them.
        lost_bytes: of clusters that belong to no file: a deletion was stopped, or a camera lost power.
        lost_forms: of the photographs and films that begin there, one each.
        unfinished: whether the tables are as a stopped deletion leaves them, lost clusters or not.
        cut_clusters: that the file systems count at their ends and that have no room there.
    """

    identity: CardIdentity
    names: int
    photographs: int
    recoverable: int
    slots: bool
    emptied: int
    lost_bytes: int
    lost_forms: tuple[str, ...]
    unfinished: bool
    cut_clusters: int = 0


@dataclass(frozen=True, slots=True)
class Tidied:
    """What `tidy` did: so many names are gone, so many sectors of tables were written, so many lost bytes swept.

    Args:
        emptied: slots between names that say nothing now, which no camera leaves (decision 152).
    """

    names: int
    sectors: int
    swept_bytes: int
    emptied: int


def look(path: Path, serial: str | None = None) -> Untidy:
    """See what there is to scrub; opens the card as `tidy` will, and writes nothing.

    Args:
        path: a card, device or image.
        serial: allows a device that is not removable.

    Raises:
        BadInput: a card that cannot be understood whole.
        DeviceRefused: mounted, not removable, in use.
    """
    with open_card(path, writable=True, serial=serial, mending=True) as card:
        entries = [entry for volume in card.volumes for entry in deleted_entries(volume)]
        photographs = [entry for entry in entries if is_shot(entry.path) and not entry.is_directory]
        recoverable = sum(entry.state not in ("gone", "unplaced") and entry.size_bytes > 0 for entry in photographs)
        lost, unfinished = lost_bytes(card), any(plan_reclaim(card))
        forms = _forms_in_lost(card)
        slots, emptied = any(plan_scrub(card)) or any(plan_closing(card)), _emptied(card)
        cut = sum(volume.geometry.lost_clusters for volume in card.volumes)
        return Untidy(
            card.identity, len(entries), len(photographs), recoverable, slots, emptied, lost, forms, unfinished, cut
        )


def _emptied(card: Card) -> int:
    return sum(count for volume in card.volumes for _, _, count in emptied_slots(volume))


def _forms_in_lost(card: Card) -> tuple[str, ...]:
    extents = [(int(offset), int(length)) for volume in card.volumes for offset, length in lost_extents(volume)]
    return tuple(item.found.form for item in carve(FreeSpace(card.device, extents)))


def tidy(path: Path, serial: str | None = None, *, lost: bool = False) -> Tidied:
    """Scrub every deleted entry and all directory slack.

    Visible files keep every byte; stopped at any moment the card opens again, some names scrubbed and some not.

    Args:
        path, serial: as for `look`.
        lost: first sweep and free the clusters that belong to no file; else they stay as they are.

    Raises:
        BadInput: as `look`; or the tables differ, as a stopped deletion leaves them, and `lost` is not given.
        NoRoom, DeviceRefused: as `look`.
    """
    swept = 0
    with open_card(path, writable=True, serial=serial, mending=lost) as card:
        if lost:
            swept = sweep_lost(card)
        else:
            reclaim_lost(card, np.empty((0, 2), np.int64))  # the count of free clusters alone
    with open_card(path, writable=True, serial=serial) as card:
        names = sum(1 for volume in card.volumes for _ in deleted_entries(volume))
        sectors = scrub_deleted(card)
    close_gaps(path, serial)
    with open_card(path, serial=serial) as card:
        emptied = _emptied(card)
    return Tidied(names, sectors, swept, emptied)
