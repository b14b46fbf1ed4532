"""Frames of a shooting card (`tasks.floors.releases`): chosen, and read straight from its clusters."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from fifthfloor.cards.image import open_card
from fifthfloor.cards.volume import VisibleFile
from fifthfloor.errors import BadInput, reason_of
from fifthfloor.floor.tar_stream import Entry, check_name
from fifthfloor.tasks.floors.releases import Frame, frames_of, same_release
from fifthfloor.tasks.floors.selection import choose
from fifthfloor.tasks.floors.sources import Sources, read_exactly

_FRAME_PIECE_BYTES = 1 << 20
_LONGEST_NAME_BYTES = 230  # of 255, with room for what is put before a name while it is written
_LONGEST_ENDING = 10


@dataclass(frozen=True, slots=True)
class Taken:
    """Frames taken from one card.

    Args:
        path: the card.
        frames: chosen, in order.
        left: the other frames of the card.
    """

    path: Path
    frames: tuple[Frame, ...]
    left: tuple[Frame, ...]

    @property
    def files(self) -> list[VisibleFile]:
        return [file for frame in self.frames for file in frame.files]

    @property
    def places(self) -> list[tuple[int, int]]:
        """Where the frames lie on the card: offset and length of each extent, in bytes, rising."""
        return sorted((extent.offset_bytes, extent.length_bytes) for file in self.files for extent in file.extents)


@dataclass(frozen=True, slots=True)
class Picked:
    """What was chosen on all cards of one camera.

    Args:
        cards: what is taken from each, in the order they were given.
        missing: names of ranges that no card has, and how many frames each stands for.
    """

    cards: tuple[Taken, ...]
    missing: tuple[tuple[str, int], ...] = ()


def take_from(paths: Sequence[Path], wanted: str) -> Picked:
    """Find the frames that a person chose on the cards of one camera; nothing is read but directories.

    Args:
        paths: cards; one that was full or changed earlier than the other need not hold every name.
        wanted: as for `selection.choose`; each name must be on one of the cards.

    Raises:
        BadInput: as `choose` and `open_card`.
    """
    on_card: list[list[Frame]] = []
    for path in paths:
        with open_card(path) as card:
            on_card.append(frames_of(card))
    chosen = choose([frame for frames in on_card for frame in frames], wanted)
    taken = (_taken(path, frames, chosen.frames) for path, frames in zip(paths, on_card, strict=True))
    return Picked(tuple(taken), tuple(zip(chosen.missing, chosen.missing_frames, strict=True)))


def take_chosen(paths: Sequence[Path], chosen: Callable[[Path, Frame], bool]) -> Picked:
    """Find the frames that a person picked by looking; arguments and errors else as `take_from`.

    Args:
        paths: cards of one camera.
        chosen: whether a frame of a card was picked.

    Raises:
        BadInput: none was.
    """
    on_card: list[list[Frame]] = []
    for path in paths:
        with open_card(path) as card:
            on_card.append(frames_of(card))
    picked = [frame for path, frames in zip(paths, on_card, strict=True) for frame in frames if chosen(path, frame)]
    if not picked:
        raise BadInput("frames.nothing_asked", count=sum(map(len, on_card)))
    return Picked(tuple(_taken(path, frames, picked) for path, frames in zip(paths, on_card, strict=True)))


def _taken(path: Path, frames: Sequence[Frame], chosen: Sequence[Frame]) -> Taken:
    """Take what was chosen, and what is another folder's or slot's part of the same release."""
    named: dict[str, list[Frame]] = {}
    for frame in chosen:
        named.setdefault(frame.released_as, []).append(frame)
    mine = {f for f in frames if any(f == one or same_release(f, one) for one in named.get(f.released_as, ()))}
    return Taken(path, tuple(f for f in frames if f in mine), tuple(f for f in frames if f not in mine))


@dataclass(frozen=True, slots=True)
class CardReader:
    """Reads entries from clusters; goes to the worker process, so it holds places and nothing open.

    Args:
        places: stored name -> (device or image, extents as (offset, length), bytes written, size).
    """

    places: dict[str, tuple[Path, tuple[tuple[int, int], ...], int, int]] = field(default_factory=dict)

    def __call__(self, entry: Entry) -> Iterator[bytes]:
        for start in range(0, entry.size_bytes, _FRAME_PIECE_BYTES):
            piece = bytearray(min(_FRAME_PIECE_BYTES, entry.size_bytes - start))
            self.read_into(entry, start, memoryview(piece))
            yield bytes(piece)

    def read_into(self, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        path, extents, written, _size = self.places[entry.name]
        there = max(0, min(len(buffer), written - offset_bytes))
        # exFAT: what was allocated and never written reads as zeros.
        buffer[there:] = bytes(len(buffer) - there)
        buffer = buffer[:there]
        try:
            with path.open("rb", buffering=0) as device:
                for offset, length in extents:
                    here = buffer[: max(0, length - offset_bytes)]
                    if here:
                        read_exactly(device, offset + offset_bytes, here)
                        buffer = buffer[len(here) :]
                    offset_bytes = max(0, offset_bytes - length)
        except OSError as error:
            reason = reason_of(error)
            raise BadInput("hide.unreadable", path=str(path), reason=reason) from error
        if buffer:
            raise BadInput("hide.changed")


def sources_of(taken: Sequence[Taken]) -> Sources:
    """Turn taken frames into what is hidden; what two slots of one camera both hold is stored once.

    Files keep their base names; where two different files have one name, their folder goes before it.

    Raises:
        BadInput: a name that cannot be stored.
    """
    reader = CardReader()
    entries: list[Entry] = []
    hashes: dict[tuple[str, int, str], str] = {}
    everything = [(one.path, file) for one in taken for file in one.files]
    names = [_storable(PurePosixPath(file.path).name) for _path, file in everything]
    often = Counter(names)
    for (path, file), base in zip(everything, names, strict=True):
        places = tuple((extent.offset_bytes, extent.length_bytes) for extent in file.extents)
        written = file.size_bytes if file.written_bytes is None else file.written_bytes
        name = base
        if often[base] > 1:
            digest = _digest(path, places, written, file.size_bytes)
            if (base, file.size_bytes, digest) in hashes:
                continue
            hashes[base, file.size_bytes, digest] = name
            folder = PurePosixPath(file.path).parent.name
            name = base if name not in reader.places else f"{folder}/{base}"
            number = 2
            while name in reader.places:
                name, number = f"{folder}-{number}/{base}", number + 1
        if not check_name(name):
            raise BadInput("hide.bad_name", path=file.path)
        reader.places[name] = (path, places, written, file.size_bytes)
        moment = file.modified.timestamp() if file.modified else 0.0
        entries.append(Entry(name, file.size_bytes, moment))
    return Sources(tuple(entries), reader)


def _storable(name: str) -> str:
    """Return a name under which a file can be stored: a lawful name of a card may hold what no other system writes.

    Such are a backslash, which is half of a Shift-JIS letter in an old short name, and half of a surrogate pair. And
    255 letters of a card may be more bytes than Linux and macOS have for a name: it could not be brought back there.
    """
    name = "".join("_" if letter == "\\" or "\ud800" <= letter <= "\udfff" else letter for letter in name)
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = _LONGEST_NAME_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + ending


def _digest(path: Path, places: tuple[tuple[int, int], ...], written: int, size: int) -> str:
    digest = hashlib.sha256()
    for piece in CardReader({"": (path, places, written, size)})(Entry("", size, 0.0)):
        digest.update(piece)
    return digest.hexdigest()
