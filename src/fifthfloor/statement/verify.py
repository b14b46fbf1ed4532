"""Verification: a picture and a statement in, the verified statement out, or an error (`spec/statement.md` section 7).

Rule 1: there is no boolean. Whoever holds a `Verified` holds a picture that was checked.
Rule 2: every step of section 7 stands here, in its order; `verify.js` has the same steps under the same names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from fifthfloor.errors import NothingFound
from fifthfloor.jpeg.canonical import CanonicalPicture
from fifthfloor.jpeg.grammar import parse
from fifthfloor.statement.claims import FACTS, Approval, Claims, KeyLife, PictureClaim
from fifthfloor.statement.hidden_runs import HiddenRuns, contains
from fifthfloor.statement.jumbf import is_c2pa
from fifthfloor.statement.statement import Statement, commitment, header_hash, read
from fifthfloor.statement.tree import WrongLength, root

# Libraries differ in what they do with these keys; so they are refused before a library is asked (spec section 7).
_CURVE_PRIME = (1 << 255) - 19
_ORDER_8_Y = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_SMALL_ORDER_Y = frozenset([0, 1, _CURVE_PRIME - 1, _ORDER_8_Y, _CURVE_PRIME - _ORDER_8_Y])


@dataclass(frozen=True, slots=True)
class Verified:
    """A picture that was checked against its statement.

    Args:
        key: the story's public key, 32 bytes.
        key_life: whether the key was kept for a story or made for one run.
        role: which of the signed pictures this is.
        width, height: pixels as stored.
        orientation: 1 to 8.
        intervals: restart intervals of the picture.
        hidden: runs of hidden ones.
        hidden_afterwards: how many of those the signer had not hidden. Anybody can hide more, without a key: whoever
            looked has not looked at these, and the signer has not said that they may be hidden.
        facts: those that are shown, as (name, value).
        stripped: names of facts that the signer showed and that this copy no longer shows; none in version 1.
        approval: who looked.
        manifest_bytes: bytes of JUMBF data (C2PA manifests and others), which are not covered.
        is_c2pa: whether these bytes call themselves a C2PA manifest; nobody has checked that they are one.
        is_stamped: whether there is a time stamp (`timestamp.check` checks it).
        statement: what was read.
        picture: what was read.
    """

    key: bytes
    key_life: KeyLife
    role: Literal["full", "rendition"]
    width: int
    height: int
    orientation: int
    intervals: int
    hidden: HiddenRuns
    hidden_afterwards: int
    facts: tuple[tuple[str, str], ...]
    stripped: tuple[str, ...]
    approval: Approval
    manifest_bytes: int
    is_c2pa: bool
    is_stamped: bool
    statement: Statement
    picture: CanonicalPicture

    @property
    def hidden_intervals(self) -> int:
        """How many intervals are hidden."""
        return _count(self.hidden)


def verify(picture: bytes, statement: bytes) -> Verified:
    """Check a picture against its statement.

    Args:
        picture: the file.
        statement: the file beside it.

    Returns:
        The verified statement.

    Raises:
        BadInput: the picture is not canonical, or the statement not one.
        NothingFound: both are, and do not belong together; with what differs.
    """
    found = parse(picture)
    stated = read(statement)
    _check_signature(stated)
    claim = stated.claim
    _check_entry(stated)
    _check_header(stated.claims, claim, found)
    _check_hidden(stated, claim, found)
    _check_root(stated, claim, found)
    _check_facts(stated)
    _check_likeness(stated)
    return Verified(
        key=stated.claims.key,
        key_life=stated.claims.key_life,
        role="rendition" if stated.picture else "full",
        width=claim.width,
        height=claim.height,
        orientation=stated.claims.orientation,
        intervals=claim.intervals,
        hidden=stated.proof.hidden,
        hidden_afterwards=_count(stated.proof.hidden) - _count(claim.must_hide),
        facts=tuple((name, stated.disclosed[name].value) for name in FACTS if name in stated.disclosed),
        stripped=tuple(name for name in stated.claims.shown or () if name not in stated.disclosed),
        approval=stated.claims.approval,
        manifest_bytes=len(found.manifest),
        is_c2pa=is_c2pa(found.manifest),
        is_stamped=stated.time is not None,
        statement=stated,
        picture=found,
    )


def _check_signature(stated: Statement) -> None:
    if not _is_one_key(stated.claims.key):
        raise NothingFound("statement.signature", signer=stated.claims.key.hex())
    try:
        Ed25519PublicKey.from_public_bytes(stated.claims.key).verify(stated.signature, stated.claims.signed_bytes())
    except (InvalidSignature, ValueError):
        raise NothingFound("statement.signature", signer=stated.claims.key.hex()) from None


def _is_one_key(key: bytes) -> bool:
    """Say whether a key is written in the one lawful way and is none under which anybody can sign anything."""
    y = int.from_bytes(key, "little") & ((1 << 255) - 1)
    return y < _CURVE_PRIME and y not in _SMALL_ORDER_Y


def _count(runs: HiddenRuns) -> int:
    return sum(count for _, count in runs)


def _check_entry(stated: Statement) -> None:
    """Check that the picture's entry is the one that was committed to; in version 1 it stands in what is signed."""
    claims = stated.claims
    if claims.shown is not None and stated.claim.commitment(stated.salt) != claims.pictures[stated.picture]:
        raise NothingFound("statement.entry")


def _check_header(claims: Claims, claim: PictureClaim, found: CanonicalPicture) -> None:
    header = found.header
    signed = (claim.width, claim.height, claims.orientation, claim.interval_mcus, claim.intervals)
    here = (header.width, header.height, header.orientation, header.interval_mcus, header.intervals)
    if signed != here or header_hash(header) != claim.header:
        raise NothingFound(
            "statement.header", width=header.width, height=header.height, signed=f"{claim.width} x {claim.height}"
        )


def _check_hidden(stated: Statement, claim: PictureClaim, found: CanonicalPicture) -> None:
    if not contains(stated.proof.hidden, claim.must_hide):
        raise NothingFound("statement.shown")
    fills: dict[int, bytes] = {}
    for first, count in stated.proof.hidden:
        for number in range(first, first + count):
            mcus = found.header.mcus_of(number)
            if mcus not in fills:
                fills[mcus] = found.header.fill(mcus)
            if found.interval(number) != fills[mcus]:
                raise NothingFound("statement.planted", interval=number, intervals=claim.intervals)


def _check_root(stated: Statement, claim: PictureClaim, found: CanonicalPicture) -> None:
    try:
        here = root(stated.proof, claim.intervals, found.interval)
    except WrongLength:
        raise NothingFound("statement.proof") from None
    if here != claim.root:
        raise NothingFound("statement.changed")


def _check_facts(stated: Statement) -> None:
    for name, opened in stated.disclosed.items():
        if commitment(name, opened.salt, opened.value) != stated.claims.facts[name]:
            raise NothingFound("statement.fact", fact=name)


def _check_likeness(stated: Statement) -> None:
    if stated.likeness is not None and stated.likeness.commitment() != stated.claims.likeness:
        raise NothingFound("statement.likeness")


def signed_likeness(statement: bytes) -> tuple[bytes, Claims] | None:
    """Return what a statement says its picture looks like, without the picture: for copies that are not bit for bit.

    The signature and the commitment are checked; that a copy shows the same is for `trace` to judge, as a likeness.

    Returns:
        The likeness (spec/likeness.md) and the claims, or None where the statement tells none.

    Raises:
        BadInput: no statement.
        NothingFound: not signed by its key, or another likeness than was signed.
    """
    stated = read(statement)
    _check_signature(stated)
    _check_likeness(stated)
    return None if stated.likeness is None else (stated.likeness.data, stated.claims)
