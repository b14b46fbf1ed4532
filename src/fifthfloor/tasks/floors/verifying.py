"""Opening a floor without writing a file: every byte is brought back, hashed and thrown away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from fifthfloor import engine
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.floor.archive import Unpacked, unpack
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks.floors.open import collected
from fifthfloor.tasks.floors.restore import GroupMissing, archive_of
from fifthfloor.tasks.floors.sweep import silent


def hashes_apart(paths: Sequence[Path], keys: FloorKeys, floor_id: bytes) -> dict[str, str]:
    """Open one floor in a fresh process that knows only the carriers and the keys.

    Args:
        paths: carriers.
        keys: of the floor; they go through a pipe.
        floor_id: 16 bytes.

    Returns:
        stored name -> SHA-256 of what came back, each equal to the one in the manifest.

    Raises:
        NothingFound: the floor is not there or does not come back.
        BadInput: it came back different.
    """
    names = [str(path) for path in paths]
    (document,) = engine.stream(_hashes, names, keys.recogniser, keys.seal, floor_id)
    return dict(json.loads(document))


def _hashes(paths: Sequence[str], recogniser: bytes, seal: bytes, floor_id: bytes) -> Iterator[bytes]:
    with collected([Path(path) for path in paths], FloorKeys(recogniser, seal), silent) as (collection, _found):
        floors = [facts for facts in collection.floors() if facts.floor_id == floor_id]
        if not floors or not floors[0].can_unlock:
            raise NothingFound("open.nothing")
        found: dict[str, str] = {}
        unpacked = Unpacked()
        try:
            for entry, contents in unpack(archive_of(collection, floors[0], lambda _done: None), unpacked):
                digest = hashlib.sha256()
                for piece in contents:
                    digest.update(piece)
                if not entry.is_directory:
                    found[entry.name] = digest.hexdigest()
        except GroupMissing:
            raise NothingFound("open.nothing") from None
    if found != unpacked.hashes:
        raise BadInput("floor.archive_broken")
    yield json.dumps(found).encode()
