"""Signing and approving: everything that makes a statement (`verify.py` is the counterpart).

Rule 1: nothing here draws chance: seeds and salts come from the caller, fresh for every picture.
Rule 2: a picture leaves this module only together with the statement that was made for its bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.jpeg.canonical import CanonicalPicture
from fifthfloor.statement.claims import FACTS, NOT_YET, Approval, Claims, KeyLife, PictureClaim
from fifthfloor.statement.hidden_runs import HiddenRuns, lawful
from fifthfloor.statement.statement import (
    MAX_FACT_CHARACTERS,
    MAX_LIKENESS_BYTES,
    Opened,
    SignedLikeness,
    Statement,
    commitment,
    header_hash,
)
from fifthfloor.statement.tree import narrow, root, whole
from fifthfloor.statement.verify import verify


@dataclass(frozen=True, slots=True)
class RedactedBytes:
    """A picture and the statement beside it, as files."""

    picture: bytes
    statement: bytes


@dataclass(frozen=True, slots=True)
class Original:
    """What a signer holds of one picture: nothing hidden yet, its secret root seed, and what is to be hidden."""

    picture: CanonicalPicture
    seed: bytes
    hide: HiddenRuns = ()

    @property
    def salt(self) -> bytes:
        """What opens the commitment to this picture's entry: as secret as the seed to whoever lacks its statement."""
        return hashlib.sha256(b"\x0b" + self.seed).digest()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact to commit to: its text (empty: not known), its secret salt, and whether to show it."""

    value: str
    salt: bytes
    is_shown: bool = False


def sign(
    key: SigningKey,
    originals: Sequence[Original],
    facts: Mapping[str, Fact],
    *,
    key_life: KeyLife,
    approval: Approval = NOT_YET,
    likeness: Callable[[bytes], bytes] | None = None,
) -> tuple[RedactedBytes, ...]:
    """Sign a photograph, and hide parts of it.

    Args:
        originals: the full-size picture and, if there is one, its rendition; of one orientation.
        facts: for each of `statement.FACTS`.
        key_life: whether the key is kept for a story or made for this run.
        approval: who looked.
        likeness: says what a picture looks like (`trace.likeness`). It is given the smallest one with everything
            hidden, and nothing else: of what is hidden it cannot tell anything. None to sign none.

    Returns:
        For each picture the redacted file and its statement.

    Raises:
        BadInput: a fact that is too long.
    """
    if any(len(fact.value) > MAX_FACT_CHARACTERS for fact in facts.values()):
        raise BadInput("statement.fact_too_long", limit=MAX_FACT_CHARACTERS)
    if any(not lawful(one.hide, one.picture.header.intervals) for one in originals):
        raise ValueError("runs outside of the picture")
    if len({original.picture.header.orientation for original in originals}) != 1:
        raise ValueError("pictures of one statement have one orientation")
    entries = [_claim(original) for original in originals]
    shown = {name: Opened(fact.salt, fact.value) for name, fact in facts.items() if fact.is_shown and fact.value}
    files = [fill(original.picture, original.hide).to_bytes() for original in originals]
    looks = None if likeness is None else _looks(likeness(files[-1]), originals[-1].seed)
    claims = Claims(
        approval=approval,
        facts={name: commitment(name, facts[name].salt, facts[name].value) for name in FACTS},
        key=key.public,
        key_life=key_life,
        orientation=originals[0].picture.header.orientation,
        pictures=tuple(entry.commitment(one.salt) for entry, one in zip(entries, originals, strict=True)),
        shown=tuple(name for name in FACTS if name in shown),
        likeness=None if looks is None else looks.commitment(),
    )
    signature = key.sign(claims.signed_bytes())
    found = []
    for number, original in enumerate(originals):
        count = original.picture.header.intervals
        proof = narrow(whole(original.seed), count, original.picture.interval, original.hide)
        statement = Statement(claims, signature, number, entries[number], original.salt, proof, shown, None, looks)
        found.append(RedactedBytes(files[number], statement.to_bytes()))
    return tuple(found)


def approve_all(
    given: Sequence[RedactedBytes],
    key: SigningKey,
    approval: Approval,
    *,
    key_life: KeyLife,
    likeness: SignedLikeness | None = None,
) -> tuple[RedactedBytes, ...]:
    """Sign verified pictures again with who looked at them; needs neither the originals nor their seeds.

    What is hidden now becomes what must be hidden. The pictures' bytes stay as they are; a time stamp falls away.

    Args:
        given: the full-size picture and its rendition together, so that they keep one statement; or one of them alone.

    Args:
        likeness: of the pictures as they are now. Without, the one they have stays where nothing was hidden since it
            was made, and goes where something was: it would tell of that.

    Raises:
        BadInput, NothingFound: a picture does not verify.
        ValueError: they are not of one statement.
    """
    found = [verify(one.picture, one.statement).statement for one in given]
    if len({statement.signature for statement in found}) != 1:
        raise ValueError("pictures of one statement are approved together")
    claims = found[0].claims
    pictures = list(claims.pictures)
    entries = [replace(statement.claim, must_hide=statement.proof.hidden) for statement in found]
    for statement, entry in zip(found, entries, strict=True):
        # The version stays: what version 1 showed of the other picture is out, and an entry there has no salt.
        pictures[statement.picture] = entry.to_json() if claims.shown is None else entry.commitment(statement.salt)
    shown = None if claims.shown is None else tuple(name for name in FACTS if name in found[0].disclosed)
    if likeness is None and all(statement.proof.hidden == statement.claim.must_hide for statement in found):
        likeness = found[0].likeness
    if claims.shown is None:
        likeness = None
    claims = replace(
        claims,
        approval=approval,
        key=key.public,
        key_life=key_life,
        pictures=tuple(pictures),
        shown=shown,
        likeness=None if likeness is None else likeness.commitment(),
    )
    signature = key.sign(claims.signed_bytes())
    again = [
        replace(statement, claims=claims, claim=entry, signature=signature, time=None, likeness=likeness)
        for statement, entry in zip(found, entries, strict=True)
    ]
    return tuple(RedactedBytes(one.picture, new.to_bytes()) for one, new in zip(given, again, strict=True))


def fill(picture: CanonicalPicture, hidden: HiddenRuns) -> CanonicalPicture:
    """Return the picture with the fill of spec section 2 in every hidden interval."""
    header = picture.header
    lengths = picture.ends - picture.starts
    fills = {mcus: header.fill(mcus) for mcus in {header.interval_mcus, header.mcus_of(header.intervals - 1)}}
    parts: list[bytes] = []
    at = 0
    for first, count in hidden:
        parts.append(picture.data[at : int(picture.starts[first])])
        for number in range(first, first + count):
            filling = fills[header.mcus_of(number)]
            lengths[number] = len(filling)
            at = int(picture.starts[number + 1]) if number + 1 < header.intervals else len(picture.data)
            parts.append(filling + picture.data[int(picture.ends[number]) : at])
    parts.append(picture.data[at:])
    # Two bytes of RST marker stand between intervals.
    ends = np.cumsum(lengths + 2) - 2
    return replace(picture, data=b"".join(parts), starts=ends - lengths, ends=ends)


def _claim(original: Original) -> PictureClaim:
    header = original.picture.header
    return PictureClaim(
        width=header.width,
        height=header.height,
        interval_mcus=header.interval_mcus,
        intervals=header.intervals,
        header=header_hash(header),
        root=root(whole(original.seed), header.intervals, original.picture.interval),
        must_hide=original.hide,
    )


def _looks(data: bytes, seed: bytes) -> SignedLikeness:
    if len(data) > MAX_LIKENESS_BYTES:
        raise ValueError("a likeness that no statement may carry")
    return SignedLikeness(data, hashlib.sha256(b"\x0d" + seed).digest())
