"""The contact sheet of a shooting card: its frames in order, each with the small picture in its file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.audit.small import small_of
from fifthfloor.cards.image import open_card
from fifthfloor.cards.reading import open_raw_to_read
from fifthfloor.cards.volume import VisibleFile
from fifthfloor.metadata.endings import JPEGS, ending_of, is_picture
from fifthfloor.tasks.floors.releases import Frame, frames_of

_SHEET_PIECE_BYTES = 128 << 10  # the head of a photograph, with its thumbnail, is nearly always in the first


@dataclass(frozen=True, slots=True)
class CardSheet:
    """A card's frames as they were when it was read.

    Args:
        path: the card.
        frames: by folder and name.
    """

    path: Path
    frames: tuple[Frame, ...]


def sheet_of(path: Path) -> CardSheet:
    """Read which frames are on a card; directories alone are read. Raises like `open_card`."""
    with open_card(path) as card:
        return CardSheet(path, tuple(frames_of(card)))


def small_frame(sheet: CardSheet, number: int) -> bytes:
    """Return a small JPEG of a frame; nothing where it has none.

    The card is opened for this alone, so that it is free for a sweep at any other moment.

    Raises:
        DeviceRefused: it is being written.
        IndexError: there is no such frame.
    """
    files = sorted(sheet.frames[number].files, key=_preferred)
    with open_raw_to_read(sheet.path) as device:
        for file in files:
            if not is_picture(file.path):
                continue
            extents = [(extent.offset_bytes, extent.length_bytes) for extent in file.extents]
            space = FreeSpace(device, extents, piece_bytes=_SHEET_PIECE_BYTES, kept_pieces=2)
            if small := small_of(_Within(space, file)):
                return small
    return b""


def _preferred(file: VisibleFile) -> tuple[bool, int]:
    return ending_of(file.path) not in JPEGS, file.size_bytes


class _Within:
    """A file on an open device, no byte behind its end."""

    def __init__(self, space: FreeSpace, file: VisibleFile) -> None:
        written = file.size_bytes if file.written_bytes is None else file.written_bytes
        self.size_bytes = min(written, sum(extent.length_bytes for extent in file.extents))
        self._space = space

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        return self._space.read(offset_bytes, max(0, min(length_bytes, self.size_bytes - offset_bytes)))
