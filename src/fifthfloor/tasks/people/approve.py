"""`approve`: a person has looked; the photographs are signed again with who and when, and the faces go.

Rule 1: everything is verified before anything is written; one photograph that does not verify stops the whole.
Rule 2: what is hidden now becomes what must be hidden under the new signature.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.files import place_together, read_whole, rename_all
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.admission import (
    MAX_STATEMENT_BYTES,
    statement_path_of,
    web_path_of,
)
from fifthfloor.redact.boxes import runs_of
from fifthfloor.redact.decisions import Decision, is_taken_back
from fifthfloor.redact.gate import pass_gate
from fifthfloor.redact.union import Fingerprint, fingerprint
from fifthfloor.statement.c2pa import origin_of
from fifthfloor.statement.claims import MAX_NAME_CHARACTERS, NOT_YET, Approval
from fifthfloor.statement.fields import is_unsafe
from fifthfloor.statement.hidden_runs import contains
from fifthfloor.statement.sign import RedactedBytes, approve_all
from fifthfloor.statement.statement import SignedLikeness
from fifthfloor.tasks import secret
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.people.earlier_redactions import pictures_in, statement_of, told_of
from fifthfloor.tasks.people.looking import decisions_of
from fifthfloor.tasks.people.moment import this_day
from fifthfloor.tasks.people.protect import with_manifests
from fifthfloor.tasks.people.prove import Newsroom, Signer
from fifthfloor.tasks.people.reviewing import (
    drop_unused_keys,
    questions_of,
    remove_page,
    remove_pictures,
    write_page,
)
from fifthfloor.trace.likeness import likeness_of


@dataclass(frozen=True, slots=True)
class Approved:
    """A photograph that is approved: its name, and whether it was so before."""

    name: str
    before: bool


def waiting_in(folder: Path) -> tuple[Path, ...]:
    """Return the photographs of a folder that wait for a person.

    Raises:
        BadInput: there is no protected photograph at all.
    """
    pictures = pictures_in(folder)
    if not pictures:
        raise BadInput("approve.none", path=str(folder))
    return tuple(picture for picture in pictures if not is_looked_at(picture))


def all_ticked(folder: Path, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """Return decisions with a tick for every photograph that waits: the person says so of all of them."""
    ticked = dict(decisions)
    for picture in waiting_in(folder):
        digest = hashlib.sha256(_read(picture).picture).hexdigest()
        ticked[picture.name] = replace(ticked.get(picture.name, Decision()), looked=digest)
    return ticked


def approve(
    folder: Path,
    by: str,
    signer: Signer,
    newsroom: Newsroom | None = None,
    *,
    decisions: Mapping[str, Decision] | None = None,
    exact_time: bool = False,
    dry_run: bool = False,
) -> tuple[Approved, ...]:
    """Sign every photograph of a folder again, as looked at.

    Args:
        folder: that `protect` wrote.
        by: who looked, a name or a pseudonym.
        signer: whose key signs.
        newsroom: signs C2PA manifests again; needed where pictures carry one, and only there.
        decisions: what the review page saved: a tick for each picture as it was written, and answers. None where the
            person says of all of them, in another way, that they were looked at; open questions stay open even so.
        exact_time: sign the second and not only the day (UTC): it tells when somebody sat at a computer.
        dry_run: check and sign all of it, and write nothing.

    Returns:
        Each photograph, those approved before among them.

    Raises:
        BadInput, NothingFound: a photograph does not verify, was not looked at, has a question that nobody answered or
            an answer that is not in the picture yet, or nothing is there; nothing is written then.
    """
    approval = _approval(by, exact_time=exact_time)
    waiting_in(folder)  # a folder that is none is said before one is made to be held
    with writing_in(folder, dry_run=dry_run):
        waiting = waiting_in(folder)
        _refuse_undone(folder, waiting)
        _refuse_unlooked(folder, waiting, decisions)
        _refuse_union(folder)
        if dry_run:
            for picture in waiting:
                _signed_again(picture, approval, signer, newsroom)
        else:
            _write_all(folder, waiting, approval, signer, newsroom)
            remove_page(folder)
        return tuple(Approved(picture.name, picture not in waiting) for picture in pictures_in(folder))


def approve_some(
    folder: Path,
    names: Collection[str],
    by: str,
    signer: Signer,
    decisions: Mapping[str, Decision],
    said: Mapping[str, str] | None = None,
) -> tuple[Approved, ...]:
    """Sign some photographs of a folder again, as looked at; the others go on waiting, and their page stays.

    Args:
        names: of those; what does not wait is left as it is.
        folder, by, signer, decisions: as for `approve`.
        said: what the page of the others says (`reviewing.write_page`).

    Returns:
        Those that were approved now.

    Raises:
        BadInput, NothingFound: as `approve`, of these photographs; nothing is written then.
    """
    approval = _approval(by, exact_time=False)
    _forget_approved(folder, said)
    all_waiting = waiting_in(folder)
    chosen = tuple(picture for picture in all_waiting if picture.name in names)
    if not chosen:
        raise BadInput("looking.none_waits")
    _refuse_unlooked(folder, chosen, decisions)
    _refuse_union(folder)
    _write_all(folder, chosen, approval, signer, None)
    if len(chosen) == len(all_waiting):
        remove_page(folder)
    else:
        _forget_approved(folder, said)
    return tuple(Approved(picture.name, before=False) for picture in chosen)


def _forget_approved(folder: Path, said: Mapping[str, str] | None) -> None:
    """Remove what shows the faces of those that are approved, now or before a run that was killed after it signed."""
    for picture in pictures_in(folder):
        if is_looked_at(picture):
            remove_pictures(folder, picture.name)
    drop_unused_keys(folder)
    write_page(folder, said)


def _approval(by: str, *, exact_time: bool) -> Approval:
    by = " ".join(by.split())
    if not 1 <= len(by) <= MAX_NAME_CHARACTERS or is_unsafe(by):
        raise BadInput("approve.nobody")
    return Approval(
        "looked at", by, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if exact_time else "%Y-%m-%dT00:00:00Z")
    )


def _write_all(
    folder: Path, waiting: Sequence[Path], approval: Approval, signer: Signer, newsroom: Newsroom | None
) -> None:
    """Write all photographs with their new statements beside the old ones, and only then exchange them."""
    staged = folder / f".{secret.fresh_bytes(8).hex()}.part"
    staged.mkdir()
    try:
        for picture in waiting:
            contents = _signed_again(picture, approval, signer, newsroom)
            modified = None if approval.at[11:19] != "00:00:00" else this_day()
            place_together({staged / name: data for name, data in contents.items()}, modified=modified)
        rename_all([(file, folder / file.name) for file in sorted(staged.iterdir())])
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _refuse_undone(folder: Path, waiting: Sequence[Path]) -> None:
    """Refuse what somebody covered at the desk, and no picture hides yet, whatever list of boxes was given here."""
    kept = decisions_of(folder)
    for picture in waiting:
        if picture.name in kept:
            _refuse_unapplied(picture, _read(picture), kept[picture.name])


def _refuse_unlooked(folder: Path, waiting: Sequence[Path], decisions: Mapping[str, Decision] | None) -> None:
    """Refuse what a person did not tick, did not answer, or decided otherwise than the pictures are."""
    for picture in waiting:
        decision = (decisions or {}).get(picture.name, Decision())
        if decisions is not None:
            given = _read(picture)
            _refuse_unapplied(picture, given, decision)
            if decision.looked != hashlib.sha256(given.picture).hexdigest():
                raise BadInput("approve.not_looked", name=picture.name)
        asked = questions_of(folder, picture.name)
        if asked is None:
            if _state_of(picture) == NOT_YET.state:
                raise BadInput("approve.no_page", name=picture.name)
            asked = ()  # looked at by nobody: what was uncertain is hidden
        open_questions = [box for box in asked if not is_taken_back(box, decision.show)]
        if open_questions:
            raise BadInput("approve.questions", name=picture.name, count=len(open_questions))


def _refuse_unapplied(picture: Path, given: RedactedBytes, decision: Decision) -> None:
    verified = pass_gate(given.picture, given.statement)
    for box in decision.hide:
        if not contains(verified.hidden, runs_of(verified.picture, [box])):
            raise BadInput("approve.not_applied", name=picture.name)


def _refuse_union(folder: Path) -> None:
    """Refuse two redactions of one photograph in the folder, each of which shows what the other hides."""
    seen: list[tuple[Path, Fingerprint]] = []
    for picture in pictures_in(folder):
        given = _read(picture)
        verified = pass_gate(given.picture, given.statement)
        found = fingerprint(verified.picture, verified.hidden)
        for other, earlier in seen:
            if found.publishes_more_with(earlier):
                raise BadInput("approve.union", first=other.name, second=picture.name)
        seen.append((picture, found))


def is_looked_at(picture: Path) -> bool:
    """Tell whether the statement beside a picture says that a person looked; it is not checked here."""
    told = told_of(picture)
    return told is not None and told.looked_at


def _state_of(picture: Path) -> str:
    statement = statement_of(picture)
    return "" if statement is None else statement.claims.approval.state


def _signed_again(picture: Path, approval: Approval, signer: Signer, newsroom: Newsroom | None) -> dict[str, bytes]:
    """Verify a photograph and sign it again; returns its files by name."""
    paths = [picture, *([web_path_of(picture)] if _has_rendition(picture) else [])]
    given = [_read(path) for path in paths]
    bare = []
    looks: SignedLikeness | None = None
    for path, one in zip(paths, given, strict=True):
        verified = pass_gate(one.picture, one.statement)
        if bool(verified.manifest_bytes) != (newsroom is not None):
            raise BadInput("approve.manifest", name=path.name)
        # The manifest holds the statement as it was; it goes, and a new one is signed.
        bare.append(RedactedBytes(replace(verified.picture, manifest=b"").to_bytes(), one.statement))
        if verified.hidden_afterwards or verified.statement.likeness is None:
            looks = SignedLikeness(b"", secret.fresh_bytes(32))
    if looks is not None:
        looks = replace(looks, data=likeness_of(bare[-1].picture))
    origin = origin_of(given[0].picture) if newsroom is not None else None
    again = approve_all(bare, signer.key, approval, key_life=signer.life, likeness=looks)
    signed = with_manifests(again, newsroom, origin)
    contents: dict[str, bytes] = {}
    for path, one in zip(paths, signed, strict=True):
        pass_gate(one.picture, one.statement)
        contents[path.name] = one.picture
        contents[statement_path_of(path).name] = one.statement
    return contents


def _has_rendition(picture: Path) -> bool:
    statement = statement_of(picture)
    return statement is not None and len(statement.claims.pictures) == 2


def _read(path: Path) -> RedactedBytes:
    return RedactedBytes(read_whole(path, MAX_PICTURE_BYTES), read_whole(statement_path_of(path), MAX_STATEMENT_BYTES))
