"""The list of an archive, from its first and last groups alone (spec/floor.md, section 6).

The tar's length stands at the archive's head and the manifest before its end, so a floor of a thousand photographs is
listed without reading one of them. What is listed was sealed by whoever had the keys; only opening compares hashes.
"""

from __future__ import annotations

import json
import re
import tarfile
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from fifthfloor.errors import BadInput
from fifthfloor.floor.plan import cut_groups
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.tar_stream import HASH_BYTES, LENGTH_BYTES, MANIFEST, TAR_BLOCK_BYTES, check_name, padded

_MOST_MANIFEST_BYTES = 1 << 28  # as `archive` bears when it unpacks
_AES_BLOCK = 16

GroupBytes = Callable[[int], memoryview | None]
"""Brings one encrypted group back; None where it has too few shards."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a floor holds, by its own word.

    Args:
        hidden: the date it was hidden, "2026-11-22".
        files: name and size in bytes of each, in the order they are stored.
    """

    hidden: str
    files: tuple[tuple[str, int], ...]

    @property
    def size_bytes(self) -> int:
        return sum(size for _name, size in self.files)


def read_listing(
    group: GroupBytes, groups: int, content_key: bytes, symbol_bytes: int = SYMBOL_BYTES
) -> Listing | None:
    """Read the manifest of an archive.

    Args:
        group: brings a group back, decrypted by nobody yet.
        groups: of the archive.
        content_key: of the archive, 32 bytes.
        symbol_bytes: of the floor.

    Returns:
        what it lists; None where a group that is needed does not come back.

    Raises:
        BadInput: the archive is not what a writer makes.
    """
    first = group(0)
    if first is None:
        return None
    tar_bytes = int.from_bytes(_decrypted(first[:_AES_BLOCK], 0, content_key)[:LENGTH_BYTES], "big")
    symbols = -(-(LENGTH_BYTES + tar_bytes + HASH_BYTES) // symbol_bytes)
    # A length that no group bears out is a hostile one; it must not be cut into a million groups first.
    if not groups <= symbols <= groups * (len(first) // symbol_bytes):
        raise BadInput("floor.archive_broken")
    sizes = [count * symbol_bytes for count in cut_groups(symbols, groups)]
    if sizes[0] != len(first):
        raise BadInput("floor.archive_broken")
    end = LENGTH_BYTES + tar_bytes - 2 * TAR_BLOCK_BYTES
    tail, start = b"", sum(sizes)
    for number in reversed(range(groups)):
        whole = group(number)
        if whole is None:
            return None
        start -= sizes[number]
        tail = _decrypted(whole, start, content_key) + tail
        found = _manifest_in(tail[: max(0, end - start)], start)
        if found is not None:
            return _listed(found)
        if len(tail) > _MOST_MANIFEST_BYTES:
            break
    raise BadInput("floor.archive_broken")


def _decrypted(data: memoryview, offset_bytes: int, content_key: bytes) -> bytes:
    counter = (offset_bytes // _AES_BLOCK).to_bytes(_AES_BLOCK, "big")
    return Cipher(algorithms.AES(content_key), modes.CTR(counter)).decryptor().update(data)


def _manifest_in(tail: bytes, start: int) -> bytes | None:
    """Find the manifest that ends where `tail` does; None where it begins before it."""
    grid = (LENGTH_BYTES - start) % TAR_BLOCK_BYTES
    last = len(tail) - TAR_BLOCK_BYTES
    for at in range(last - (last - grid) % TAR_BLOCK_BYTES, -1, -TAR_BLOCK_BYTES):
        if not tail.startswith(MANIFEST.encode() + b"\0", at):
            continue
        try:
            member = tarfile.TarInfo.frombuf(tail[at : at + TAR_BLOCK_BYTES], "utf-8", "strict")
        except (tarfile.TarError, ValueError):
            continue
        if at + TAR_BLOCK_BYTES + padded(member.size) == len(tail):
            return tail[at + TAR_BLOCK_BYTES : at + TAR_BLOCK_BYTES + member.size]
    return None


def _listed(manifest: bytes) -> Listing:
    try:
        document = json.loads(manifest.decode("utf-8"))
        files = tuple((str(file["name"]), int(file["size"])) for file in document["files"])
        hidden, version = str(document["hidden"]), document["version"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BadInput("floor.archive_broken") from error
    lawful = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", hidden) and all(check_name(name) for name, _ in files)
    if version != 1 or not lawful:
        raise BadInput("floor.archive_broken")
    return Listing(hidden, files)
