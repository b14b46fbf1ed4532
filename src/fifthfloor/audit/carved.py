"""What carving finds: a photograph or film by its own structure, with no help from the file system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from fifthfloor.cards.extents import Extent

# Forms of what begins as a JPEG.
JPEG_FORMS = frozenset(["jpeg", "insp", "mpo"])
# Forms whose parts each lead to the next one.
STREAM_FORMS = frozenset(["ts", "mts", "mpg", "flv", "mkv", "webm", "ogv", "dv"])
Where = Literal["free", "lost", "slack", "outside"]


@dataclass(frozen=True, slots=True)
class Found:
    """What one carver says of one start.

    Args:
        length_bytes: from the start to its end, or to where it breaks off.
        form: what it is, as the ending of a file name: "jpeg", "nef", "mov" ...
        whole: nothing is missing, as far as its structure tells.
        thumbnail: (offset_bytes, length_bytes) of an embedded JPEG, from the start; None where there is none, and
            of films (`carve_boxes.small_in_film`).
        open_end: its last part reaches "to the end of the file", and only a directory's entry knows where that is.
    """

    length_bytes: int
    form: str
    whole: bool
    thumbnail: tuple[int, int] | None = None
    open_end: bool = False

    @property
    def is_followed(self) -> bool:
        """Whether its end was reached part by part: a length in the head alone fits across whatever lies between."""
        return self.form in JPEG_FORMS or self.form in STREAM_FORMS


@dataclass(frozen=True, slots=True)
class Carved:
    """A photograph or film in free space.

    Args:
        start: position in the sequence of free bytes.
        runs: where it lies on the device, in order.
        found: what it is.
        where: in free space, in lost clusters, in slack, or outside of every heap (`grounds`).
    """

    start: int
    runs: tuple[Extent, ...]
    found: Found
    where: Where = "free"

    @property
    def offset_bytes(self) -> int:
        """Where it starts on the device."""
        return self.runs[0].offset_bytes
