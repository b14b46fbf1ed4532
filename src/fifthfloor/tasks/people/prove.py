"""`sign` and `verify`: photographs in, canonical pictures and statements out; and back to what is proved.

Rule 1: one photograph's failure never stops the others; each is said by name.
Rule 2: nothing is overwritten: neither an original nor what was published before.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fifthfloor.errors import BadInput, FifthFloorError, NothingFound
from fifthfloor.files import digest_of, make_folder, place_together, read_whole
from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import CanonicalPicture
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.metadata.endings import RAWS, ending_of
from fifthfloor.redact.boxes import Box, runs_of
from fifthfloor.redact.profiles import ProfileVerdict
from fifthfloor.redact.rendition import LONG_EDGE_PIXELS, hidden_in_rendition, rendition
from fifthfloor.statement.c2pa import Newsroom as Newsroom  # for the layer above
from fifthfloor.statement.c2pa import embed
from fifthfloor.statement.claims import FACTS, KeyLife
from fifthfloor.statement.sign import Fact as SignedFact
from fifthfloor.statement.sign import Original, RedactedBytes, sign
from fifthfloor.statement.verdict import GOOD as GOOD  # these four for the layer above
from fifthfloor.statement.verdict import VerdictWord as VerdictWord
from fifthfloor.statement.verdict import converted_from as converted_from
from fifthfloor.statement.verdict import key_in as key_in
from fifthfloor.statement.verdict import verdict as verdict
from fifthfloor.statement.verdict import verdict_of as verdict_of
from fifthfloor.statement.verify import Verified, verify
from fifthfloor.tasks import secret
from fifthfloor.tasks.called import names_in, write_list
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.people.beside import LeftAlone
from fifthfloor.tasks.people.moment import this_day
from fifthfloor.tasks.people.photographs import GivenPhoto, Refused, frames, said_last

if TYPE_CHECKING:
    from fifthfloor.redact.prepare import Prepared

STATEMENT_SUFFIX = ".statement.json"
# The parser's own limit is 16 MiB; this many bytes are enough to be refused by it.
_MOST_STATEMENT_BYTES = (16 << 20) + 1
_MAX_CERTIFICATE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: the key, and whether it is kept for a story or made for this run."""

    key: SigningKey
    life: KeyLife


@dataclass(frozen=True, slots=True)
class SignIntent:
    """What a person wants done with all photographs of one run.

    Args:
        boxes: parts to hide, by base name, in pixels as shown.
        show: names of `statement.FACTS` to show; the others are committed to and withheld.
        newsroom: also embed a C2PA manifest, signed with this.
        dry_run: do all of it but the writing.
        numbered: call the pictures by numbers; otherwise after their sources.
    """

    boxes: Mapping[str, tuple[Box, ...]] = field(default_factory=dict)
    show: Collection[str] = ()
    newsroom: Newsroom | None = None
    dry_run: bool = False
    numbered: bool = False


_NOTHING_MORE = SignIntent()
# What a camera writes beside its raw; a PNG, WebP or TIFF is a photograph of its own (`photographs`).
_BY_CAMERAS = ("image/jpeg", "image/heic", "image/avif")


@dataclass(frozen=True, slots=True)
class Signed:
    """A photograph that was signed: its files, how much of it is hidden, and what became of its colour profile."""

    path: Path
    written: tuple[Path, ...]
    width: int
    height: int
    hidden_intervals: int
    intervals: int
    profile: ProfileVerdict
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proved:
    """A picture that was verified, and the moment of its time stamp where an authority was given."""

    path: Path
    verified: Verified
    moment: datetime | None = None


def signer_for_this_run(chance: Callable[[int], bytes] = secret.fresh_bytes) -> Signer:
    """Return a signer with a new key that is never stored."""
    return Signer(SigningKey(chance(32)), "once")


def sign_files(
    files: Sequence[Path], out: Path, signer: Signer, intent: SignIntent = _NOTHING_MORE
) -> Iterator[Signed | Refused | LeftAlone]:
    """Sign photographs into a folder; `verify_files` is the counterpart.

    Args:
        files: JPEGs, raw files, or folders of them.
        out: created if it is not there.

    Yields:
        One result a photograph, refusals first, then in order; last what folders hold beside photographs, if anything.

    Raises:
        BadInput: nothing was given, boxes for a photograph that is not among them, or another run writes into `out`.
    """
    found = frames(files, out, numbered=intent.numbered)
    if not found.frames and not found.refused:
        if found.left:
            yield found.left
        raise BadInput("protect.no_files", count=len(files))
    names = {frame.path.name for frame in found.frames}
    for name in intent.boxes:
        if name not in names:
            raise BadInput("prove.box_without_photo", name=name)
    yield from found.refused
    refused = set[Path]()
    with writing_in(out, dry_run=intent.dry_run or not found.frames):
        called = names_in(out, [frame.name for frame in found.frames]) if intent.numbered else {}
        if found.frames and not intent.dry_run:
            make_folder(out)
            write_list(out, called)
        for found_frame in found.frames:
            frame = replace(found_frame, name=called.get(found_frame.name, found_frame.name))
            try:
                done, contents = _sign_frame(frame, out, signer, intent)
                place_together(contents, dry_run=intent.dry_run, modified=this_day())
                yield done
            except FifthFloorError as error:
                refused.add(frame.path)
                yield Refused.because(frame.path, error)
            except OSError as error:
                refused.add(frame.path)
                yield Refused.by_system(frame.path, error)
    yield from said_last(found, refused)


def verify_files(files: Sequence[Path], authority: Path | None = None) -> Iterator[Proved | Refused]:
    """Verify pictures against the statements beside them.

    Args:
        authority: a root certificate (PEM), to check time stamps by; a picture without one is refused then.

    Yields:
        One result a picture; where the check says no, a `Refused` with exit code 1.
    """
    for path in files:
        try:
            verified = verified_file(path)
            yield Proved(path, verified, _moment(verified, authority))
        except FifthFloorError as error:
            yield Refused.because(path, _as_it_looks(path, error))


def _as_it_looks(path: Path, error: FifthFloorError) -> FifthFloorError:
    """Return an error by what the picture looks like, where it can be compared with what was signed.

    Another coding, also of another size or turned, is a copy that was saved again or another picture; looks alone tell.
    """
    facts = error.facts
    if error.key not in ("statement.changed", "statement.header"):
        return error
    is_same_size = error.key == "statement.header" and facts["signed"] == f"{facts['width']} x {facts['height']}"
    try:
        # On the road what decodes pictures is not there; then both possibilities are named.
        from fifthfloor.tasks.people.similar import is_copy_of, looks_otherwise
    except ImportError:
        return NothingFound("statement.coded") if is_same_size else error
    with suppress(FifthFloorError):
        picture = read_whole(path, MAX_PICTURE_BYTES)
        statement = read_whole(statement_path(path), _MOST_STATEMENT_BYTES)
        if error.key == "statement.header" and is_copy_of(picture, statement):
            return NothingFound("statement.coded")
        if (error.key == "statement.changed" or is_same_size) and looks_otherwise(picture, statement):
            return NothingFound("statement.another")
    return NothingFound("statement.coded") if is_same_size else error


def _moment(verified: Verified, authority: Path | None) -> datetime | None:
    if authority is None:
        return None
    from fifthfloor.statement.timestamp import check

    return check(verified.statement, read_whole(authority, _MAX_CERTIFICATE_BYTES))


def verified_file(path: Path) -> Verified:
    """Verify a picture against the statement beside it. Raises as `verify` does, and BadInput for files not there."""
    picture = read_whole(path, MAX_PICTURE_BYTES)
    beside = statement_path(path)
    if not beside.exists():
        raise BadInput("prove.no_statement", name=beside.name)
    return verify(picture, read_whole(beside, _MOST_STATEMENT_BYTES))


def statement_path(picture: Path) -> Path:
    """Return where a picture's statement lies: beside it."""
    return picture.with_name(picture.name + STATEMENT_SUFFIX)


def published_paths(out: Path, photograph: Path) -> tuple[Path, Path]:
    """Return where a photograph's full-size picture and its rendition go."""
    return out / f"{photograph.stem}.jpg", out / f"{photograph.stem}.{LONG_EDGE_PIXELS}.jpg"


def signed_pictures(
    prepared: Prepared,
    signer: Signer,
    *,
    boxes: Sequence[Box] = (),
    raw_hash: str = "",
    show: Collection[str] = (),
    chance: Callable[[int], bytes] = secret.fresh_bytes,
) -> tuple[RedactedBytes, ...]:
    """Sign one photograph, full size and rendition, with boxes hidden.

    Args:
        prepared: the photograph, with nothing told.
        boxes: in pixels of the full-size picture as it is shown.
        raw_hash: SHA-256 of its raw file, hex; empty to take what `prepared` knows.

    Returns:
        The full-size picture and, where it is smaller, the rendition, each with its statement.
    """
    from fifthfloor.trace.likeness import likeness_of

    full = prepared.picture
    hidden = runs_of(full, boxes)
    small = rendition(full, hidden)
    originals = [Original(full, _seed(full, signer, chance), hidden)]
    if small is not None:
        also = hidden_in_rendition(hidden, full.header, small.header)
        originals.append(Original(small, _seed(small, signer, chance), also))
    values = prepared.facts | ({"raw": raw_hash} if raw_hash else {})
    # Salts are drawn anew each time: one that came back would show that two statements withhold the same fact.
    facts = {name: SignedFact(values[name], chance(32), name in show) for name in FACTS}
    return sign(signer.key, originals, facts, key_life=signer.life, likeness=likeness_of)


def _sign_frame(frame: GivenPhoto, out: Path, signer: Signer, intent: SignIntent) -> tuple[Signed, dict[Path, bytes]]:
    """Sign one photograph; returns what was done, and the files that make it so."""
    # Verifying, which the road can, does without what this brings.
    from fifthfloor.redact.prepare import prepare
    from fifthfloor.trace.likeness import soft_binding_of

    path, newsroom = frame.path, intent.newsroom
    boxes = intent.boxes.get(path.name, ())
    prepared = prepare(read_whole(path, MAX_PICTURE_BYTES))
    raw_hash = digest_of(frame.raw)[1].hex() if frame.raw is not None else ""
    if frame.raw is None and prepared.mime in _BY_CAMERAS:
        raw_hash = _raw_hash(path)
    found = signed_pictures(prepared, signer, boxes=boxes, raw_hash=raw_hash, show=intent.show)
    if newsroom is not None:
        certificate, key = newsroom.certificate_pem, newsroom.key_pem
        origin = replace(prepared.origin, captured=prepared.origin.captured or bool(raw_hash))
        found = tuple(embed(one, certificate, key, origin, looks=soft_binding_of) for one in found)
    contents: dict[Path, bytes] = {}
    for target, one in zip(published_paths(out, Path(frame.name)), found, strict=False):
        contents[target] = one.picture
        contents[statement_path(target)] = one.statement
    # What is about to be published is checked as its readers will check it.
    verified = [verify(one.picture, one.statement) for one in found]
    full = verified[0]
    told = (prepared.profile, prepared.remarks)
    done = Signed(path, tuple(contents), full.width, full.height, full.hidden_intervals, full.intervals, *told)
    return done, contents


def _raw_hash(path: Path) -> str:
    """Return the hash of the raw file of the same frame, if it lies beside the photograph."""
    for beside in sorted(path.parent.glob(f"{glob.escape(path.stem)}.*")):
        if ending_of(beside.name) in RAWS and beside != path and beside.is_file():
            return digest_of(beside)[1].hex()
    return ""


def _seed(picture: CanonicalPicture, signer: Signer, chance: Callable[[int], bytes]) -> bytes:
    # Derived from a story's key, a seed comes back for the same picture only: the same leaves under the same salts.
    if signer.life == "once":
        return chance(32)
    return signer.key.derive(b"seed\0" + hashlib.sha256(picture.to_bytes()).digest())
