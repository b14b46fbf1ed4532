"""The floors on some carriers that one secret opens: a passphrase's, or those that are sealed to an identity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from fifthfloor.cards.device import Readable
from fifthfloor.cards.opening import is_folder
from fifthfloor.cards.reading import open_raw_to_read
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.carriers.capsules import capsule_places, find_capsules, places_before_formatting
from fifthfloor.carriers.collection import Collection, FloorFacts, Index, scan, scan_for
from fifthfloor.errors import NothingFound
from fifthfloor.floor.capsule import Entrusted
from fifthfloor.floor.grid import STRIDE_BYTES
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.seal import FloorKeys, keys_of_master
from fifthfloor.floor.slot import SLOT_BYTES, SlotCipher
from fifthfloor.tasks.floors.roll_reading import read_roll
from fifthfloor.tasks.floors.sealed_shots import ShotKeys
from fifthfloor.tasks.progress import Progress
from fifthfloor.unreadable import take_the_place_of_what_was_let_go


@dataclass(frozen=True, slots=True, repr=False)
class ByIdentity:
    """What opens sealed floors. Has no repr, so that no traceback or log can show it.

    Args:
        key: of the recipient.
        label: as typed, often empty.
        shots: what opens sealed shots in these floors.
        passing: how many of the keys that are found are passed over, of those with the most copies.
        left: told how many keys there are and how many have been passed or tried, where that is not all.
    """

    key: RecipientKey
    label: str
    shots: ShotKeys = field(default_factory=ShotKeys)
    passing: int = 0
    left: Callable[[int, int], None] = lambda _keys, _passing: None


# Keys for which cards are read in one go (spec/sealed.md, section 5).
MOST_KEYS = 64

Opener = FloorKeys | ByIdentity


@dataclass(frozen=True, slots=True)
class Here:
    """One floor.

    Args:
        collection: that it is in.
        facts: of it.
        told: what its capsule says; None for a floor with a passphrase.
        capsule: one of its capsules as it stands; None as before.
    """

    collection: Collection
    facts: FloorFacts
    told: Entrusted | None = None
    capsule: bytes | None = None


@contextmanager
def collected(paths: Sequence[Path], keys: FloorKeys, progress: Progress) -> Iterator[tuple[Collection, int]]:
    """Read carriers whole and index what the keys recognise; gives the collection and the number of slots."""
    with ExitStack() as stack:
        devices: list[Readable] = [
            read_roll(path, keys, progress) if is_folder(path) else stack.enter_context(open_raw_to_read(path))
            for path in paths
        ]
        collection, index = _scanned(devices, keys, progress)
        yield collection, len(index)


@contextmanager
def floors_here(paths: Sequence[Path], opener: Opener, progress: Progress) -> Iterator[list[Here]]:
    """Give every floor that opens, none where nothing does.

    With an identity only the places of capsules are read, until one is found: so a wrong identity is the same work on
    an empty card and on one that holds a floor.
    """
    if isinstance(opener, FloorKeys):
        with collected(paths, opener, progress) as (collection, found), _telling(lambda: collection.unreadable_bytes):
            yield [Here(collection, facts) for facts in (collection.floors() if found else ())]
        return
    with ExitStack() as stack:
        devices = [stack.enter_context(open_raw_to_read(path)) for path in paths]
        capsules = _capsules(devices, opener, progress)
        if len(capsules) > opener.passing + MOST_KEYS:
            opener.left(len(capsules), opener.passing + MOST_KEYS)
        with _telling(lambda: sum(length for device in devices for _, length in device.unreadable)):
            tried = capsules[opener.passing :][:MOST_KEYS]
            here = _sealed_here(devices, tried, progress)
            if tried and not here:
                raise NothingFound("sealed.keys_alone", count=len(tried))
            yield here


@contextmanager
def _telling(unreadable_bytes: Callable[[], int]) -> Iterator[None]:
    """Where nothing comes back, say too how much of the cards could not be read: it may be why."""
    try:
        yield
    except NothingFound as error:
        if size := unreadable_bytes():
            error.also = (*error.also, NothingFound("open.passed_over", size=size))
        raise


def _capsules(
    devices: Sequence[SkippingDevice], opener: ByIdentity, progress: Progress
) -> list[tuple[Entrusted, int, int]]:
    """Look where the file systems say, and only if nothing is there, where others may have been before."""
    with progress("work.capsules", sum(device.size_bytes for device in devices)) as advance:
        places = [capsule_places(device) for device in devices]
        if found := find_capsules(devices, places, opener.key, opener.label, advance):
            return found
    more = [places_before_formatting(device, tried) for device, tried in zip(devices, places, strict=True)]
    with progress("work.capsules_before", STRIDE_BYTES * sum(map(len, more))) as advance:
        return find_capsules(devices, more, opener.key, opener.label, advance)


def _sealed_here(
    devices: Sequence[SkippingDevice], capsules: Sequence[tuple[Entrusted, int, int]], progress: Progress
) -> list[Here]:
    """Read the devices once for all keys together, whoever planted them."""
    if not capsules:
        return []
    ciphers = [SlotCipher(keys_of_master(told.master)) for told, _number, _offset in capsules]
    with progress("work.scan", sum(device.size_bytes for device in devices)) as advance:
        indexes = scan_for(devices, ciphers, advance)
    here: list[Here] = []
    for (told, number, offset), cipher, index in zip(capsules, ciphers, indexes, strict=True):
        collection = Collection(devices, cipher, index)
        capsule = devices[number].read(offset, SLOT_BYTES)
        here += [Here(collection, facts, told, capsule) for facts in collection.floors()]
    return here


def raise_nothing(opener: Opener) -> NoReturn:
    """Say that nothing opens: the same for a wrong secret, an empty and a wiped card."""
    if isinstance(opener, ByIdentity):
        raise NothingFound("sealed.nothing")
    raise NothingFound("open.nothing")


def _scanned(devices: Sequence[Readable], keys: FloorKeys, progress: Progress) -> tuple[Collection, Index]:
    cipher = SlotCipher(keys)
    take_the_place_of_what_was_let_go()
    with progress("work.scan", sum(device.size_bytes for device in devices)) as advance:
        index = scan(devices, cipher, advance)
    return Collection(devices, cipher, index), index
