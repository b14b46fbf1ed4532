"""What lies beside photographs and is none: films, sidecars, and what operating systems leave.

Rule 1: in a folder these are left where they are and named in one line in all; given by name they are refused.
Rule 2: a picture with a statement beside it was written by `sign` or `protect`; it too is left, and counted.
Rule 3: folders of systems (an index, a bin, a NAS's small copies) are not looked into, and counted.
Rule 4: a film is told by its bytes, or by its name where the bytes are of no kind we know.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from fifthfloor.metadata.brands import FILMS, form_of
from fifthfloor.metadata.endings import SYSTEM_FILES, SYSTEM_FOLDERS, kind_of_name
from fifthfloor.redact.admission import STATEMENT_ENDING
from fifthfloor.tasks.called import LIST

_Beside = Literal["film", "sidecar"]

SYSTEM_NAMES = SYSTEM_FILES | {".nomedia", ".picasa.ini"}
# What `protect`, `sign` and the desk leave beside their pictures.
OUR_LISTS = {LIST, "boxes.json"}
# AppleDouble: what macOS leaves beside a file on a card, under its name.
APPLE_DOUBLE = "._"
_BESIDE_OF_KIND: dict[str, _Beside] = {
    "film": "film",
    "low-resolution copy": "film",
    "thumbnail": "sidecar",
    "sound": "sidecar",
    "sidecar": "sidecar",
    "system file": "sidecar",
    "document": "sidecar",
}
# The review page of an earlier run, whose pictures are called by the hash of a name.
REVIEW_PAGE, REVIEW_FOLDER = "review.html", "review"
_REVIEW_FILE = re.compile(r"[0-9a-f]{16}\.(js|json|key)")


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """What a folder had beside its photographs, and stays where it is.

    Args:
        raws: each is of the frame of a photograph that was taken, and its hash is signed.
        folders: of systems (`SYSTEM_FOLDERS`); not looked into.
    """

    films: tuple[Path, ...] = ()
    sidecars: tuple[Path, ...] = ()
    signed: tuple[Path, ...] = ()
    raws: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()

    @property
    def paths(self) -> tuple[Path, ...]:
        """All of them."""
        return (*self.films, *self.sidecars, *self.signed, *self.raws, *self.folders)

    def __bool__(self) -> bool:
        return bool(self.paths)


def is_system_folder(path: Path) -> bool:
    """Tell by its name whether a folder within a folder is a system's own: it holds copies and what was deleted."""
    return path.name.lower() in SYSTEM_FOLDERS


def is_signed(path: Path) -> bool:
    """Tell whether a statement lies beside a file: it is a picture that we wrote, and no photograph to start from."""
    try:
        return path.with_name(path.name + STATEMENT_ENDING).is_file()
    except (OSError, ValueError):  # a name so long that none can lie beside it
        return False


def by_name(path: Path) -> _Beside | None:
    """Tell by its name whether a file of a folder is nothing to protect."""
    name = path.name.lower()
    if name == REVIEW_PAGE or (path.parent.name == REVIEW_FOLDER and _REVIEW_FILE.fullmatch(name)):
        return "sidecar"
    if name.startswith(APPLE_DOUBLE) or name in SYSTEM_NAMES | OUR_LISTS:
        return "sidecar"
    return _BESIDE_OF_KIND.get(kind_of_name(name))


def is_film(head: bytes) -> bool:
    """Tell by its first bytes (at least 16) whether a file is a film."""
    form = form_of(head)
    if form is not None:
        return form in FILMS
    if head[:4] == b"RIFF":
        return head[8:12] == b"AVI "
    matroska, programme_stream = b"\x1a\x45\xdf\xa3", b"\0\0\1\xba"
    return head[:4] in (matroska, programme_stream) or _is_transport_stream(head)


def _is_transport_stream(head: bytes) -> bool:
    """ISO 13818-1: packets of 188 bytes that begin 0x47; AVCHD puts a time of 4 bytes before each."""
    return any(
        head[at : at + 1] == b"G" and head[at + step : at + step + 1] == b"G" for at, step in ((0, 188), (4, 192))
    )
