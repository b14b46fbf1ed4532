"""`identity new` and `identity show`: a story's key in a file that the person keeps where they choose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.files import place_together, read_whole
from fifthfloor.floor.recipient import Recipient, RecipientKey
from fifthfloor.identity import FULL_COST, MAX_IDENTITY_BYTES, Cost, Identity, SigningKey, pack, unpack
from fifthfloor.tasks import secret

# Tests replace this; nothing else does.
COST: Cost = FULL_COST


@dataclass(frozen=True, slots=True)
class PublicHalves:
    """What an identity may show.

    Args:
        signing: the public key of statements, 32 bytes.
        recipient: to whom floors are sealed; None in a file from before there were any.
    """

    signing: bytes
    recipient: Recipient | None


def new_identity(path: Path, passphrase: str, *, own: bool = False, dry_run: bool = False) -> PublicHalves:
    """Make a story's keys and keep them in `path`; nothing is written anywhere else, and nothing at all in a dry run.

    Args:
        path: of the new file.
        passphrase: as typed.
        own: whether the person said that they thought of it themselves.
        dry_run: refuse what would be refused, and write nothing.

    Raises:
        BadInput: the passphrase is too weak or was not drawn, or something lies at `path`.
    """
    secret.check_strength(passphrase, own=own)
    identity = Identity(secret.RANDOM(32), secret.RANDOM(32))
    place_together({path: pack(identity, passphrase, random=secret.RANDOM, cost=COST)}, dry_run=dry_run)
    return _public(identity)


def show_identity(path: Path, passphrase: str) -> PublicHalves:
    """Return what an identity may show. Raises as `open_identity`."""
    return _public(_opened(path, passphrase))


def picture_of(halves: PublicHalves, to: Path, identity_file: Path, *, dry_run: bool = False) -> None:
    """Draw the recipient's line as a QR code in a new PNG file.

    Args:
        dry_run: refuse what would be refused, and write nothing.

    Raises:
        BadInput: the identity has no recipient, or something lies at `to`.
    """
    from fifthfloor.tasks.people.qr import png

    if halves.recipient is None:
        raise BadInput("identity.no_recipient", path=str(identity_file))
    place_together({to: png(halves.recipient.line())}, dry_run=dry_run)


def open_identity(path: Path, passphrase: str) -> SigningKey:
    """Return the story's signing key.

    Raises:
        BadInput: not an identity file.
        NothingFound: another passphrase.
    """
    return _opened(path, passphrase).signing


def open_recipient(path: Path, passphrase: str) -> RecipientKey:
    """Return the secret to which floors are sealed.

    Raises:
        BadInput: not an identity file, or one without such a key.
        NothingFound: another passphrase.
    """
    return recipient_in(identity_bytes(path), passphrase, str(path))


def identity_bytes(path: Path) -> bytes:
    """Read an identity file, closed as it is. Raises BadInput where it is too large for one."""
    return read_whole(path, MAX_IDENTITY_BYTES)


def recipient_in(contents: bytes, passphrase: str, name: str) -> RecipientKey:
    """Return what `open_recipient` does, of what stands in an identity file.

    Args:
        contents: of the file.
        passphrase: of the identity.
        name: how it is called where it has no recipient.
    """
    kept = unpack(contents, passphrase, cost=COST).recipient_secret
    if kept is None:
        raise BadInput("identity.no_recipient", path=name)
    return RecipientKey(kept)


def _public(identity: Identity) -> PublicHalves:
    kept = identity.recipient_secret
    return PublicHalves(identity.signing.public, None if kept is None else RecipientKey(kept).public)


def _opened(path: Path, passphrase: str) -> Identity:
    return unpack(identity_bytes(path), passphrase, cost=COST)
