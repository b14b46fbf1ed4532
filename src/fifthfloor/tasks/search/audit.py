"""`audit`: what a search would find on cards, in folders and in files; writes only its reports.

Rule 1: each thing given is looked at for itself (`targets.py`), here or by a machine that has it at the same path.
Rule 2: a device is looked at where it is: another machine's device of that name is another card.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from fifthfloor.audit.finding import Finding
from fifthfloor.audit.gather import Gathering, always_unchecked, frames_to_pick
from fifthfloor.audit.islands import Extents
from fifthfloor.audit.page import page
from fifthfloor.audit.report import Explain, RefusedTarget, Report, Say, Target, Unchecked, document
from fifthfloor.audit.rules import Rulebook, default_rulebook, parse_rulebook
from fifthfloor.cards.opening import is_device
from fifthfloor.cards.reading import read_card
from fifthfloor.engine.many import Executor, Lost, each
from fifthfloor.errors import BadInput, DeviceRefused, FifthFloorError, reason_of
from fifthfloor.files import place_together, read_whole
from fifthfloor.tasks.picking_list import encoded
from fifthfloor.tasks.search.targets import Passed, is_card, is_folder, look_at

MAX_RULEBOOK_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Audited:
    """The report, and what is needed to write a picking list.

    Args:
        report: for every output.
        pick: files of the frames that critical and high findings name.
    """

    report: Report
    pick: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Share:
    """What one worker looks at: a card, a folder, or files that were given one after the other.

    Args:
        several: more was given than this: findings say where they are.
        closely: extents of a card that are read whole in a quick look, too.
        marks: for another machine, by which it sees that it has the same (`_mark`).
        at: for another machine, whole paths: its workers stand in other folders.
    """

    paths: tuple[Path, ...]
    book: Rulebook
    quick: bool
    several: bool
    marks: tuple[bytes, ...] = ()
    at: tuple[Path, ...] = ()
    closely: Extents = ()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What became of one thing that was given."""

    path: Path
    target: Target | None = None
    findings: tuple[Finding, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    error: BadInput | DeviceRefused | None = None


_LookedAt = tuple[list[_Seen], Gathering]


def audit(
    paths: list[Path],
    rules: Path | None,
    *,
    quick: bool = False,
    progress: Passed = lambda _done: None,
    executor: Executor | None = None,
    closely: Extents = (),
) -> Audited:
    """Audit everything given, as one person's luggage: what is gone here may be named there.

    Args:
        paths: cards, images, folders, files.
        rules: a rulebook, or None for the default one.
        quick: of free space only a sample is looked at.
        progress: called with the bytes just passed.
        executor: what looks at all but devices; None: this process, one after the other.
        closely: with `quick`, extents of the one card given that are read whole all the same.

    One that is refused ends nothing: the others are reported, and the report names it.

    Raises:
        BadInput, DeviceRefused: nothing at all could be looked at; or the rulebook says nothing.
    """
    book = _rulebook(rules)
    whole = Gathering(book)
    seen: list[_Seen] = []
    for found, gathering in _looked_at(list(_shares(paths, book, quick=quick, closely=closely)), progress, executor):
        seen += found
        whole.take(gathering)
    for one in seen:
        if one.error is not None and len(seen) == 1:
            raise one.error
    targets = [one.target for one in seen if one.target is not None]
    refused = [RefusedTarget(str(one.path), one.error.key, one.error.facts) for one in seen if one.error is not None]
    if not targets:
        raise BadInput("audit.all_refused", count=len(refused), path=refused[0].path)
    cards = any(target.kind == "card" for target in targets)
    findings = [*(finding for one in seen for finding in one.findings), *whole.findings(card=cards)]
    missed = [item for one in seen for item in one.unchecked]
    unchecked = [*missed, *always_unchecked(card=cards, quick=quick and cards), *whole.unchecked()]
    report = Report(tuple(targets), tuple(findings), tuple(_added_up(unchecked)), book.title, tuple(refused))
    return Audited(report, tuple(frames_to_pick(whole.shots, findings, whole.paths)))


def _shares(paths: Sequence[Path], book: Rulebook, *, quick: bool, closely: Extents) -> Iterator[_Share]:
    """Give each card and folder alone, and files together: how much is decoded of a share is limited."""
    if len(paths) == 1:
        yield _Share(tuple(paths), book, quick, several=False, closely=closely)
        return
    for alone, group in groupby(paths, _is_alone):
        together = list(group)
        for share in [[path] for path in together] if alone else [together]:
            yield _Share(tuple(share), book, quick, several=True)


def _is_alone(path: Path) -> bool:
    try:
        return is_folder(path) or is_card(path)
    except (BadInput, OSError):
        return True  # said by who looks at it


def _is_here_alone(path: Path) -> bool:
    try:
        return is_device(path)
    except OSError:
        return True  # nothing is there: said by who looks at it


def _looked_at(shares: Sequence[_Share], progress: Passed, executor: Executor | None) -> Iterator[_LookedAt]:
    elsewhere = [] if executor is None else [share for share in shares if not _is_here_alone(share.paths[0])]
    answers = iter(()) if executor is None else each(_look, map(_marked, elsewhere), executor)
    for share in shares:
        if share not in elsewhere:
            yield _look(share, progress)
            continue
        answer = next(answers)
        if not isinstance(answer, Lost):
            progress(_free_bytes_of(answer))
            yield answer
        elif len(share.paths) > 1:
            # One of these files kills whoever looks at it: each for itself, then, and that one is named.
            yield from _looked_at([replace(share, paths=(path,)) for path in share.paths], progress, executor)
        else:
            killed = BadInput("audit.killed", count=answer.tries)
            yield [_Seen(share.paths[0], error=killed)], Gathering(share.book)


def _free_bytes_of(answer: _LookedAt) -> int:
    maps = [one.target.free_map for one in answer[0] if one.target is not None]
    return sum(each_map.total_bytes for each_map in maps if each_map is not None)


def _marked(share: _Share) -> _Share:
    return replace(share, marks=tuple(map(_mark, share.paths)), at=tuple(path.absolute() for path in share.paths))


def _mark(path: Path) -> bytes:
    """Return what tells a file or a folder from another one at the same path: a disk that is not mounted is empty."""
    try:
        if path.is_dir():
            names = sorted(os.fsencode(inside.name) for inside in path.iterdir())
            return hashlib.sha256(b"\0".join(names)).digest()
        found = path.stat()
    except OSError:
        return b""
    return f"{found.st_size} {found.st_mtime_ns}".encode()


def _look(share: _Share, progress: Passed = lambda _done: None) -> _LookedAt:
    gathering = Gathering(share.book)
    return [_seen(share, number, gathering, progress) for number in range(len(share.paths))], gathering


def _seen(share: _Share, number: int, gathering: Gathering, progress: Passed) -> _Seen:
    path = share.paths[number]
    at = share.at[number] if share.at else path
    try:
        if share.marks and share.marks[number] != _mark(at):
            raise BadInput("cluster.other_file")
        name = str(path) if share.several else ""
        target, found, missed = look_at(
            at, name, gathering, quick=share.quick, progress=progress, closely=share.closely, shown=path
        )
    except (BadInput, DeviceRefused) as error:
        return _Seen(path, error=error)
    except OSError as error:  # of a device that breaks while it is opened: it ends nothing else
        return _Seen(path, error=BadInput("files.unreadable", path=str(path), reason=reason_of(error)))
    return _Seen(path, target, tuple(found), tuple(missed))


def _added_up(unchecked: Sequence[Unchecked]) -> list[Unchecked]:
    """Join what several things have in common."""
    added: dict[str, Unchecked] = {}
    for item in unchecked:
        before = added.get(item.what, Unchecked(item.what))
        added[item.what] = Unchecked(item.what, before.count + item.count, before.places + item.places)
    return [*added.values()]


def free_bytes(paths: Sequence[Path]) -> int:
    """Say how many bytes of free space these cards have together, for a progress bar; 0 for folders and files."""
    total = 0
    for path in paths:
        with suppress(FifthFloorError, OSError):  # what is refused is told by who looks at it
            if not is_folder(path) and is_card(path):
                with read_card(path) as card:
                    total += int(card.free[:, 1].sum())
    return total


def as_document(report: Report, say: Say, explain: Explain | None = None) -> dict[str, Any]:
    """Return the JSON document of a report; `say` is `words.sentence`, `explain` is `words.error`."""
    return document(report, say, explain)


def _rulebook(rules: Path | None) -> Rulebook:
    if rules is None:
        return default_rulebook()
    return parse_rulebook(read_whole(rules, MAX_RULEBOOK_BYTES), str(rules))


def write_page(report: Report, file: Path, say: Say, *, dry_run: bool = False) -> None:
    """Write the HTML page; an existing file is refused, a failure leaves nothing behind."""
    place_together({file: page(report, say).encode("utf-8", "backslashreplace")}, dry_run=dry_run)


def write_pick(pick: tuple[str, ...], file: Path, *, dry_run: bool = False) -> None:
    """Write the picking list: one path a line, every file of each frame; `--only` reads it back, whatever is in a name.

    A name of a disk that is no UTF-8 is written as its bytes, half a surrogate of a card as three bytes of its own.
    """
    place_together({file: b"".join(encoded(path) + b"\n" for path in pick)}, dry_run=dry_run)
