"""Frames of a shooting card (`tasks.floors.releases`): chosen, and read straight from its clusters."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from fifthfloor.cards.image import open_card
from fifthfloor.cards.volume import VisibleFile
from fifthfloor.errors import BadInput
from fifthfloor.floor.archive import Entry, check_name
from fifthfloor.tasks.floors.releases import Frame, frames_of, same_release
from fifthfloor.tasks.floors.sources import Sources, read_exactly

_DCF_NAME = re.compile(r"^(?P<letters>.*?)(?P<number>[0-9]+)$")
_COMMENT = re.compile(r"(?:^|\s)#")
_PIECE_BYTES = 1 << 20
_MOST_IN_A_RANGE = 100_000  # a mistyped range is an error and not a million names


def choose(frames: Sequence[Frame], wanted: str) -> list[Frame]:
    """Choose frames by what a person wrote after `--only`.

    Args:
        frames: of the card.
        wanted: names and ranges ("DSC_0041-0057"), separated by commas or white space, or the path of a file of
            them (one a line, # begins a comment), such as `audit --pick` writes.

    Raises:
        BadInput: a name is on no frame, or nothing is asked for.
    """
    words = _words(wanted)
    if not words:
        raise BadInput("frames.nothing_asked", count=len(frames))
    chosen: set[Frame] = set()
    for word in words:
        found = _matching(frames, word)
        if not found:
            raise BadInput("frames.not_there", name=word, count=len(frames))
        chosen.update(found)
    return [frame for frame in frames if frame in chosen]


def _words(wanted: str) -> list[str]:
    path = Path(wanted)
    try:
        if path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            # A picking list may hold paths with spaces, so a line is one name; a # within a name is part of it.
            return [word for line in lines if (word := _COMMENT.split(line, maxsplit=1)[0].strip())]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("frames.list_unreadable", path=wanted) from error
    return [word for word in re.split(r"[,\s]+", wanted) if word]


def _matching(frames: Sequence[Frame], word: str) -> list[Frame]:
    path = PurePosixPath(word)
    stem = path.name.split(".", 1)[0].upper()
    if len(path.parts) > 1:
        named = [f for f in frames if f.stem == stem and f.folder.upper() == str(path.parent).upper()]
        # A whole path names the frame that has this file, where a folder has two frames of one name.
        holding = [f for f in named if f.alone or any(file.path.upper() == word.upper() for file in f.files)]
        return holding or named
    exact = [f for f in frames if f.stem == stem]
    return exact or [f for f in frames if f.stem in _range(stem)]


def _range(word: str) -> set[str]:
    first, dash, last = word.partition("-")
    match = _DCF_NAME.match(first)
    end = last.removeprefix(match["letters"]) if match else ""
    if not (dash and match and end.isdigit()):
        return set()
    low, high, width = int(match["number"]), int(end), len(match["number"])
    if high < low or high - low > _MOST_IN_A_RANGE:
        raise BadInput("frames.bad_range", name=word)
    return {f"{match['letters']}{number:0{width}d}" for number in range(low, high + 1)}


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


def take_from(paths: Sequence[Path], wanted: str) -> list[Taken]:
    """Find the frames that a person chose on the cards of one camera; nothing is read but directories.

    Args:
        paths: cards; one that was full or changed earlier than the other need not hold every name.
        wanted: as for `choose`; each name must be on one of the cards.

    Raises:
        BadInput: as `choose` and `open_card`.
    """
    on_card: list[list[Frame]] = []
    for path in paths:
        with open_card(path) as card:
            on_card.append(frames_of(card))
    chosen = choose([frame for frames in on_card for frame in frames], wanted)
    return [_taken(path, frames, chosen) for path, frames in zip(paths, on_card, strict=True)]


def take(path: Path, wanted: str) -> Taken:
    """Do `take_from` with one card."""
    return take_from([path], wanted)[0]


def _taken(path: Path, frames: Sequence[Frame], chosen: Sequence[Frame]) -> Taken:
    """Take what was chosen, and what is another folder's or slot's part of the same release."""
    named: dict[str, list[Frame]] = {}
    for frame in chosen:
        named.setdefault(frame.stem, []).append(frame)
    mine = {f for f in frames if any(f == one or same_release(f, one) for one in named.get(f.stem, ()))}
    return Taken(path, tuple(f for f in frames if f in mine), tuple(f for f in frames if f not in mine))


@dataclass(frozen=True, slots=True)
class CardReader:
    """Reads entries from clusters; goes to the worker process, so it holds places and nothing open.

    Args:
        places: stored name -> (device or image, extents as (offset, length), bytes written, size).
    """

    places: dict[str, tuple[Path, tuple[tuple[int, int], ...], int, int]] = field(default_factory=dict)

    def __call__(self, entry: Entry) -> Iterator[bytes]:
        for start in range(0, entry.size_bytes, _PIECE_BYTES):
            piece = bytearray(min(_PIECE_BYTES, entry.size_bytes - start))
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
            reason = (error.strerror or "it cannot be read").lower()
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
    names = [PurePosixPath(file.path).name for _path, file in everything]
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


def _digest(path: Path, places: tuple[tuple[int, int], ...], written: int, size: int) -> str:
    digest = hashlib.sha256()
    for piece in CardReader({"": (path, places, written, size)})(Entry("", size, 0.0)):
        digest.update(piece)
    return digest.hexdigest()
