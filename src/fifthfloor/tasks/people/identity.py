"""`identity new` and `identity show`: a story's key in a file that the person keeps where they choose."""

from __future__ import annotations

from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.identity import FULL_COST, MAX_FILE_BYTES, Cost, Identity, SigningKey, pack, unpack
from fifthfloor.tasks import secret
from fifthfloor.tasks.writing import place_together

# Tests replace this; nothing else does.
COST: Cost = FULL_COST


def new_identity(path: Path, passphrase: str) -> SigningKey:
    """Make a key for a story and keep it in `path`; nothing is written anywhere else.

    Raises:
        BadInput: the passphrase is too weak, or something lies at `path`.
    """
    secret.check_strength(passphrase)
    identity = Identity(secret.RANDOM(32))
    place_together({path: pack(identity, passphrase, random=secret.RANDOM, cost=COST)})
    return identity.signing


def open_identity(path: Path, passphrase: str) -> SigningKey:
    """Return the story's signing key.

    Raises:
        BadInput: not an identity file.
        NothingFound: another passphrase.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise BadInput("identity.unreadable", path=str(path), reason=(error.strerror or "").lower()) from error
    return unpack(data, passphrase, cost=COST).signing
