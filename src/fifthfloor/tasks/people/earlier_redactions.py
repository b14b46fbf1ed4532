"""What lies in the folder already: redactions that may have been published must not be undone by later ones."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.files import read_whole
from fifthfloor.jpeg.canonical import CanonicalPicture
from fifthfloor.jpeg.grammar import parse
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.admission import (
    MAX_STATEMENT_BYTES,
    STATEMENT_ENDING,
    statement_path_of,
    web_path_of,
)
from fifthfloor.redact.union import is_same_photograph, shows_more
from fifthfloor.statement.claims import NOT_YET
from fifthfloor.statement.hidden_runs import HiddenRuns, to_marks
from fifthfloor.statement.statement import Statement, read
from fifthfloor.statement.verify import verify

# Enough that two photographs with the same sky are told apart.
PROBES = 6


@dataclass(frozen=True, slots=True)
class ApprovedEarlier:
    """A full-size picture in the folder that was approved, by a person or as looked at by nobody.

    Args:
        picture: where it lies.
        probe: a few intervals that it shows: number and SHA-256. A photograph without these is another one.
    """

    picture: Path
    probe: tuple[tuple[int, bytes], ...]

    def may_be(self, picture: CanonicalPicture) -> bool:
        """Tell quickly whether a picture with nothing hidden may be the same photograph."""
        count = picture.header.intervals
        return all(number < count and _hash(picture.interval(number)) == value for number, value in self.probe)


def statement_of(picture: Path) -> Statement | None:
    """Read the statement beside a picture without checking it; None where there is none or it is no statement."""
    try:
        return read(read_whole(statement_path_of(picture), MAX_STATEMENT_BYTES))
    except FifthFloorError:
        return None


def refuse_link(path: Path) -> None:
    """Refuse a link in a folder that `protect` wrote: we make none, and it leads to files nobody meant."""
    if path.is_symlink():
        raise BadInput("looking.link", name=path.name)


def pictures_in(folder: Path) -> list[Path]:
    """Return the full-size pictures of a folder that have a statement, by name. Raises BadInput where one is a link."""
    return [picture for picture, _ in told_in(folder)]


@dataclass(frozen=True, slots=True)
class StatementTold:
    """What a picture's statement, which is not checked, tells a grid.

    Args:
        is_full_size: it is of the full size, not of the rendition.
        looked_at: it says that a person looked.
    """

    is_full_size: bool
    looked_at: bool


def told_of(picture: Path) -> StatementTold | None:
    """Return what the statement beside a picture tells; read again only where it changed (0.2 ms, 5,000 a grid)."""
    try:
        stat = statement_path_of(picture).stat()
    except OSError:
        return None
    return _told(picture, (stat.st_mtime_ns, stat.st_size, stat.st_ino))


@lru_cache(maxsize=20_000)
def _told(picture: Path, _stamp: tuple[int, int, int]) -> StatementTold | None:
    statement = statement_of(picture)
    if statement is None:
        return None
    return StatementTold(statement.picture == 0, bool(statement.claims.approval.by))  # nobody else has a name


def told_in(folder: Path) -> list[tuple[Path, StatementTold]]:
    """Return the pictures of `pictures_in`, each with what its statement tells. Raises BadInput as `pictures_in`."""
    found = []
    for path in sorted(folder.glob("*.jpg" + STATEMENT_ENDING)):
        picture = path.with_name(path.name.removesuffix(STATEMENT_ENDING))
        refuse_link(path)
        refuse_link(picture)
        told = told_of(picture)
        if told is not None and told.is_full_size:
            found.append((picture, told))
    return found


def earlier_in(folder: Path) -> tuple[ApprovedEarlier, ...]:
    """Return the approved pictures of a folder; those that are no pictures any more cannot be told from others."""
    found = []
    for picture in pictures_in(folder):
        statement = statement_of(picture)
        if statement is not None and statement.claims.approval != NOT_YET:
            try:
                found.append(ApprovedEarlier(picture, _probe(picture, statement)))
            except FifthFloorError:
                continue
    return tuple(found)


def _probe(picture: Path, statement: Statement) -> tuple[tuple[int, bytes], ...]:
    parsed = parse(read_whole(picture, MAX_PICTURE_BYTES))
    shown = (~to_marks(statement.proof.hidden, parsed.header.intervals)).nonzero()[0]
    chosen = shown[:: max(1, len(shown) // PROBES)][:PROBES]
    return tuple((int(number), _hash(parsed.interval(int(number)))) for number in chosen)


def _hash(interval: bytes) -> bytes:
    return hashlib.sha256(interval).digest()


def refuse_union(
    target: Path, picture: CanonicalPicture, hidden: HiddenRuns, earlier: Sequence[ApprovedEarlier]
) -> bool:
    """Refuse a redaction that would show what an approved one hides, or overwrite what is not its own earlier self.

    Args:
        target: where the new full-size picture goes.
        picture: the new one, nothing hidden yet.
        hidden: what it will hide.
        earlier: approved pictures in the same folder.

    Returns:
        True if the very same redaction lies at `target`, approved: then there is nothing to do.

    Raises:
        BadInput: an earlier redaction hides more, or `target` is another photograph.
    """
    as_before = False
    for one in earlier:
        is_target = one.picture == target
        if not is_target and not one.may_be(picture):
            continue
        beside = statement_path_of(one.picture)
        found = verify(read_whole(one.picture, MAX_PICTURE_BYTES), read_whole(beside, MAX_STATEMENT_BYTES))
        if is_same_photograph(found.picture, found.hidden, picture):
            if shows_more(found.hidden, hidden):
                raise BadInput("protect.union", name=one.picture.name)
            as_before = as_before or (is_target and found.hidden == hidden and found.picture.header == picture.header)
        elif is_target:
            raise BadInput("protect.other_there", name=target.name)
    return as_before


def refuse_another(target: Path, picture: CanonicalPicture) -> None:
    """Refuse to write over a photograph that waits to be looked at, if it is not the one that is written.

    Args:
        target: where the full-size picture goes.
        picture: the new one, nothing hidden yet.

    Raises:
        BadInput: a few intervals that `target` shows are none of the picture's.
    """
    statement = statement_of(target)
    try:
        probe = _probe(target, statement) if statement is not None else ()
    except (FifthFloorError, OSError):
        return  # what can no longer be read as one of ours shows nothing of anybody
    if not ApprovedEarlier(target, probe).may_be(picture):
        raise BadInput("protect.another_waits", name=target.name)


def refuse_foreign(target: Path) -> None:
    """Refuse to write over anything that is not an earlier self of the same photograph's files.

    Args:
        target: where the full-size picture goes; its rendition and both statements are looked at too.

    Raises:
        BadInput: something there was not written by us, or belongs to a photograph of another name
            ("IMG.2048.jpg" may be the rendition of IMG.jpg, or a photograph of its own).
    """
    web = web_path_of(target)
    for place, path in enumerate((target, web)):
        beside = statement_path_of(path)
        statement = statement_of(path)
        if statement is None:
            for foreign in (path, beside):
                if foreign.exists() or foreign.is_symlink():
                    raise BadInput("protect.not_ours", name=foreign.name)
        elif statement.picture != place:
            raise BadInput("protect.other_owner", name=path.name)
