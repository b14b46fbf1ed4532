"""The archive: a tar stream with a manifest and an end-to-end hash, encrypted under a single-use key.

Rule 1: the stream is a function of the entries and of what `read` gives; the same files make the same bytes, so that a
        later pass can be compared with the first (spec/floor.md, section 6).
Rule 2: what comes out of `unpack` is checked name by name; a file is good only when the manifest says so at the end.
"""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import IO

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from fifthfloor.errors import BadInput
from fifthfloor.floor.lawful import renamed
from fifthfloor.floor.slot import SYMBOL_BYTES

LENGTH_BYTES = 8
HASH_BYTES = 32
MANIFEST = "manifest.json"
_TAR_PREFIX = "files/"
_TAR_PIECE_BYTES = 1 << 20
TAR_BLOCK_BYTES = tarfile.BLOCKSIZE
_MAX_MANIFEST_BYTES = 1 << 28  # a million files; bounds memory whatever the archive says
_MAX_SECONDS = 1 << 40  # a time any system can hold, 34,000 years either way; `nan` and `inf` are none
# Everything that `tarfile` and what it calls are known to raise on bytes that no writer made.
_BROKEN = (tarfile.TarError, ValueError, ArithmeticError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder to be hidden.

    Args:
        name: stored name, parts separated by "/" (section 6).
        size_bytes: of the file; 0 for a folder.
        modified: seconds since 1970, microseconds kept.
        is_directory: whether it is a folder.
    """

    name: str
    size_bytes: int
    modified: float
    is_directory: bool = False


_ReadEntry = Callable[[Entry], Iterator[bytes]]
"""Gives the contents of an entry, in pieces, exactly `size_bytes` in all."""


def archive_bytes(entries: Sequence[Entry], hidden: str, symbol_bytes: int = SYMBOL_BYTES) -> int:
    """Return the length of the archive in bytes, padding to whole symbols included, without reading anything."""
    whole = LENGTH_BYTES + _tar_length(entries, hidden) + HASH_BYTES
    return -(-whole // symbol_bytes) * symbol_bytes


@dataclass(slots=True)
class Digests:
    """The SHA-256 of every file and of the tar: filled by `pack`, used by every later pass (`floor.again`)."""

    files: list[str] = field(default_factory=list)
    tar: bytes = b""


def pack(
    entries: Sequence[Entry], hidden: str, read: _ReadEntry, digests: Digests, symbol_bytes: int = SYMBOL_BYTES
) -> Iterator[bytes]:
    """Make the archive, in pieces of any length.

    Args:
        entries: checked by `check_name`, in the order they are stored.
        hidden: the date, "2026-11-22".
        read: gives the contents of a file.
        digests: empty; filled.
        symbol_bytes: what the length is padded to.

    Raises:
        BadInput: a file is shorter or longer than its entry says.

    Counterpart: `unpack`.
    """
    total = archive_bytes(entries, hidden, symbol_bytes)
    whole = hashlib.sha256()
    sent = LENGTH_BYTES
    yield _tar_length(entries, hidden).to_bytes(LENGTH_BYTES, "big")
    for piece in _tar(entries, hidden, read, digests.files):
        whole.update(piece)
        sent += len(piece)
        yield piece
    digests.tar = whole.digest()
    yield digests.tar + bytes(total - sent - HASH_BYTES)


def opener(content_key: bytes) -> Callable[[memoryview], None]:
    """Return the function that decrypts the groups of an archive in place, to be called in order.

    Counterpart: `again.Sealer`.
    """
    stream = Cipher(algorithms.AES(content_key), modes.CTR(bytes(16))).decryptor()

    def decrypt(group: memoryview) -> None:
        stream.update_into(group, group)

    return decrypt


def cut(stream: Iterable[bytes], lengths: Sequence[int]) -> Iterator[memoryview]:
    """Cut a stream of pieces into parts of given lengths, each lent until the next is asked for.

    Raises:
        ValueError: the stream has another length.
    """
    buffer = memoryview(bytearray(max(lengths, default=0)))
    pieces = filter(None, stream)
    rest = memoryview(b"")
    for length in lengths:
        part = buffer[:length]
        filled = 0
        while filled < length:
            if not rest:
                rest = memoryview(next(pieces, b""))
                if not rest:
                    raise ValueError("the stream is shorter than its parts")
            taken = min(len(rest), length - filled)
            part[filled : filled + taken] = rest[:taken]
            rest = rest[taken:]
            filled += taken
        yield part
    if rest or any(pieces):
        raise ValueError("the stream is longer than its parts")


def check_name(name: str) -> bool:
    """Say whether a stored name is lawful (section 6)."""
    return (
        bool(name)
        and "\0" not in name
        and "\\" not in name
        and all(part not in ("", ".", "..") for part in name.split("/"))
        and name == name.encode("utf-8", "replace").decode("utf-8")
    )


@dataclass(slots=True)
class Unpacked:
    """What `unpack` learned once the archive ended; `hidden` is the date it was made."""

    hidden: str = ""
    hashes: dict[str, str] = field(default_factory=dict)


def unpack(pieces: Iterable[bytes | memoryview], result: Unpacked) -> Iterator[tuple[Entry, Iterator[bytes]]]:
    """Read an archive as it is decrypted.

    Args:
        pieces: the archive, decrypted, in order.
        result: filled with the date and the SHA-256 of every file when the iterator ends.

    Yields:
        (entry, its contents in pieces); the contents must be read before the next entry is asked for. No file may
        get its name before the iterator has ended and its hash has been compared with `result.hashes`.

    Raises:
        BadInput: the archive is not what a writer makes; what came before must be thrown away.

    Counterpart: `pack`.
    """
    source = _TarFile(pieces)
    names: set[str] = set()
    files: list[Entry] = []
    manifest, end = b"", 0
    try:
        with tarfile.open(
            fileobj=source, mode="r|", bufsize=_TAR_PIECE_BYTES, encoding="utf-8", errors="strict"
        ) as tar:
            for member in tar:
                if manifest or member.issparse() or member.type not in (tarfile.REGTYPE, tarfile.DIRTYPE):
                    raise BadInput("floor.archive_broken")
                if member.name == MANIFEST and member.isreg() and member.size <= _MAX_MANIFEST_BYTES:
                    manifest = _contents(tar, member).read()
                    end = member.offset_data + padded(member.size) + 2 * TAR_BLOCK_BYTES
                    continue
                entry = _lawful(member, names)
                if not entry.is_directory:
                    files.append(entry)
                yield entry, _pieces_of(tar, member)
    except _BROKEN as error:
        raise BadInput("floor.archive_broken") from error
    if source.length_bytes != end:
        raise BadInput("floor.archive_broken")
    source.finish()
    result.hidden, result.hashes = _read_manifest(manifest, files)


def _lawful(member: tarfile.TarInfo, names: set[str]) -> Entry:
    name = member.name.removeprefix(_TAR_PREFIX)
    lawful = member.name.startswith(_TAR_PREFIX) and check_name(name) and name not in names
    if not lawful or not abs(member.mtime) < _MAX_SECONDS:
        raise BadInput("floor.archive_broken")
    names.add(name)
    return Entry(name, 0 if member.isdir() else member.size, float(member.mtime), member.isdir())


def _pieces_of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    if member.isdir():
        return
    contents = _contents(tar, member)
    try:
        while piece := contents.read(1 << 20):
            yield piece
    except _BROKEN as error:
        raise BadInput("floor.archive_broken") from error


def _contents(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    contents = tar.extractfile(member)
    if contents is None:
        raise BadInput("floor.archive_broken")
    return contents


def _read_manifest(manifest: bytes, files: Sequence[Entry]) -> tuple[str, dict[str, str]]:
    """Return the date and the SHA-256 by name, if the manifest lists just these files in this order."""
    try:
        document = json.loads(manifest.decode("utf-8"))
        listed = [(file["name"], file["size"], str(file["sha256"])) for file in document["files"]]
        hidden, version = str(document["hidden"]), document["version"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise BadInput("floor.archive_broken") from error
    # The date becomes part of a folder's name: nothing but a date may.
    if version != 1 or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", hidden):
        raise BadInput("floor.archive_broken")
    if [file[:2] for file in listed] != [(entry.name, entry.size_bytes) for entry in files]:
        raise BadInput("floor.archive_broken")
    return hidden, {name: digest for name, _, digest in listed}


class _TarFile(BufferedIOBase):
    """The tar inside an archive as a file: bounded by the length at its head, hashed as it is read."""

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        self._pieces = (memoryview(piece) for piece in pieces if piece)
        self._held = memoryview(b"")
        self._hash = hashlib.sha256()
        self.length_bytes = self._left = int.from_bytes(self._take(LENGTH_BYTES), "big")

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        data = self._take(wanted)
        self._left -= len(data)
        self._hash.update(data)
        return data

    def finish(self) -> None:
        """Read what tar left, and compare the hash that follows."""
        while self._left:
            if not self.read(1 << 20):
                raise BadInput("floor.archive_broken")
        if self._take(HASH_BYTES) != self._hash.digest():
            raise BadInput("floor.archive_broken")
        # The rest is padding; whoever decrypts must still be asked for it, so that every group is accounted for.
        for _ in self._pieces:
            pass

    def _take(self, length: int) -> bytes:
        parts = []
        while length:
            if not self._held:
                self._held = next(self._pieces, self._held)
                if not self._held:
                    break
            parts.append(bytes(self._held[:length]))
            self._held = self._held[len(parts[-1]) :]
            length -= len(parts[-1])
        return b"".join(parts)


def _tar(entries: Sequence[Entry], hidden: str, read: _ReadEntry, hashes: list[str]) -> Iterator[bytes]:
    for entry in entries:
        yield member_head(entry)
        digest = hashlib.sha256()
        length = 0
        for piece in () if entry.is_directory else read(entry):
            length += len(piece)
            if length > entry.size_bytes:
                break
            digest.update(piece)
            yield piece
        if length != entry.size_bytes:
            raise BadInput("hide.changed")
        yield bytes(padded(length) - length)
        hashes.append(digest.hexdigest())
    yield tar_end(entries, hidden, hashes)


def tar_end(entries: Sequence[Entry], hidden: str, hashes: Sequence[str]) -> bytes:
    """Return what follows the last entry: the manifest as a member, and the two zero blocks."""
    manifest = _manifest(entries, hashes, hidden)
    return (
        _manifest_member(len(manifest)) + manifest + bytes(padded(len(manifest)) - len(manifest) + 2 * TAR_BLOCK_BYTES)
    )


def _tar_length(entries: Sequence[Entry], hidden: str) -> int:
    manifest = len(_manifest(entries, ["0" * 64] * len(entries), hidden))
    files = sum(len(member_head(e)) + padded(e.size_bytes) for e in entries)
    return files + len(_manifest_member(manifest)) + padded(manifest) + 2 * TAR_BLOCK_BYTES


def member_head(entry: Entry) -> bytes:
    """Return the tar headers of an entry; its contents follow, `padded`."""
    member = tarfile.TarInfo(_TAR_PREFIX + entry.name)
    member.type = tarfile.DIRTYPE if entry.is_directory else tarfile.REGTYPE
    member.mode = 0o755 if entry.is_directory else 0o644
    member.size = 0 if entry.is_directory else entry.size_bytes
    member.mtime = round(entry.modified, 6)
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _manifest_member(length: int) -> bytes:
    member = tarfile.TarInfo(MANIFEST)
    member.size = length
    return member.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _manifest(entries: Sequence[Entry], hashes: Sequence[str], hidden: str) -> bytes:
    lawful = renamed(entry.name for entry in entries)
    files = [
        {"name": entry.name, "size": entry.size_bytes, "sha256": digest}
        | ({"windows": lawful[entry.name]} if entry.name in lawful else {})
        for entry, digest in zip(entries, hashes, strict=True)
        if not entry.is_directory
    ]
    return json.dumps({"version": 1, "hidden": hidden, "files": files}, ensure_ascii=False, indent=0).encode("utf-8")


def padded(length: int) -> int:
    """Round a length up to whole tar blocks."""
    return -(-length // TAR_BLOCK_BYTES) * TAR_BLOCK_BYTES
