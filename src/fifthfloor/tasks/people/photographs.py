"""Which photographs are meant: from what a person names to one task a frame.

Rule 1: what cannot be taken is said by name and stops nothing else.
Rule 2: a JPEG and the raw of the same name in the same folder are one frame: the JPEG is published,
        the raw's hash is signed.
Rule 3: links inside folders are not followed; the folder that is written to is not searched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.errors import BadInput, Fact, FifthFloorError
from fifthfloor.redact.raw import raw_kind_of

# Enough to tell a JPEG, a TIFF, an ISO medium and a Fujifilm raw.
HEAD_BYTES = 16
# Part of a frame, and nothing but what is told of it: left behind without a word where a folder is given.
SIDECAR = ".xmp"


@dataclass(frozen=True, slots=True)
class Frame:
    """A photograph to be protected.

    Args:
        name: what it will be called, "DSC_0001.jpg".
        path: the JPEG, or the raw where there is no JPEG.
        raw: the raw of the same frame, where there is a JPEG too.
    """

    name: str
    path: Path
    raw: Path | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not done, and why: a key of `fifthfloor.words` and its facts."""

    path: Path
    key: str
    facts: Mapping[str, Fact]
    exit_code: int

    @classmethod
    def because(cls, path: Path, error: FifthFloorError) -> Refused:
        return cls(path, error.key, error.facts, error.exit_code)

    @classmethod
    def by_system(cls, path: Path, error: OSError) -> Refused:
        reason = (error.strerror or "it cannot be read").lower()
        return cls.because(path, BadInput("protect.system", reason=reason))


def frames(files: Sequence[Path], out: Path) -> tuple[tuple[Frame, ...], tuple[Refused, ...]]:
    """Find the photographs in files and folders.

    Args:
        files: as the person gave them.
        out: where will be written; not searched.

    Returns:
        Frames in the order given (a folder's by name), and what cannot be taken.
    """
    found: dict[str, Frame] = {}
    refused: list[Refused] = []
    for path in _walk(files, out, refused):
        try:
            frame = Frame(f"{path.stem}.jpg", path)
            is_raw = _is_raw(path)
            other = found.get(frame.name.casefold())
            if other is None:
                found[frame.name.casefold()] = frame
            elif other.path.parent == path.parent and other.raw is None and _is_raw(other.path) != is_raw:
                jpeg, raw = (other.path, path) if is_raw else (path, other.path)
                found[frame.name.casefold()] = Frame(f"{jpeg.stem}.jpg", jpeg, raw)
            else:
                raise BadInput("protect.same_name", name=frame.name, first=str(other.path), second=str(path))
        except FifthFloorError as error:
            refused.append(Refused.because(path, error))
        except OSError as error:
            refused.append(Refused.by_system(path, error))
    return tuple(found.values()), tuple(refused)


def _walk(files: Sequence[Path], out: Path, refused: list[Refused]) -> Iterator[Path]:
    written = out.resolve()
    for given in files:
        if not given.is_dir():
            yield given
            continue

        def failed(error: OSError, given: Path = given) -> None:
            refused.append(Refused.by_system(Path(error.filename or given), error))

        for folder, inside, names in os.walk(given, onerror=failed):
            here = Path(folder)
            if here.resolve() == written:
                inside.clear()
                refused.append(Refused.because(here, BadInput("protect.inside", path=str(here))))
                continue
            inside.sort()
            yield from (here / name for name in sorted(names) if not name.lower().endswith(SIDECAR))


def _is_raw(path: Path) -> bool:
    """Tell a raw from a JPEG by its first bytes. Raises BadInput for anything else."""
    if not path.is_file():
        # A missing file gives the system's own reason; a device or pipe must not be opened.
        path.stat()
        raise BadInput("protect.not_a_file")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise BadInput("protect.empty")
    if head[:3] == b"\xff\xd8\xff":
        return False
    if raw_kind_of(head) is None:
        raise BadInput("protect.not_a_photograph")
    return True
