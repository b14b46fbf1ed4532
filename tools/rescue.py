"""Open card images hidden with Fifth Floor when the program itself is gone.

    python3 -m venv v;  v/bin/pip install PyNaCl 'cryptography>=44' raptorq
    v/bin/python rescue.py --passphrase-file FILE --label TEXT --out FOLDER IMAGE...

An IMAGE is a byte-for-byte copy of a card, of a part of one, or the device itself; it is only read. The passphrase is
the first line of FILE ("-" is standard input). "Section N" below is that section of spec/floor.md, from which alone
this file was written. Exit codes: 0 every complete floor came back, 1 nothing complete was found, 2 called wrongly,
3 an image, the passphrase file, an archive or the output folder is bad, 4 no room to write.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import hashlib
import json
import os
import re
import struct
import sys
import tarfile
import tempfile
import unicodedata
from collections import namedtuple
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError
from raptorq import Decoder

KDF_KIB, KDF_PASSES, KDF_LANES = 262_144, 3, 4  # section 1.2; tests make them small
SECTOR, SLOT, STRIPE, MOST_SOURCES, PIECE = 512, 16_384, 3_248, 3_200, 4 << 20  # a piece is what is looked at at once


class RefusedError(Exception):
    """What was found is not as the specification says, or not enough; the text says which."""


def normal(text: str) -> str:
    """Section 1.1, steps 1 and 2: str.split() splits at exactly the white space listed there."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def derive(passphrase: str, label: str) -> list[bytes]:
    """Section 1: the keys `recogniser` and `seal`, from what a person remembers."""
    salt = hashlib.sha256(b"fifthfloor/1" + unicodedata.normalize("NFKC", normal(label).casefold()).encode()).digest()
    kdf = Argon2id(salt=salt, length=32, iterations=KDF_PASSES, lanes=KDF_LANES, memory_cost=KDF_KIB)
    master = kdf.derive(normal(passphrase).encode())
    return [HKDF(SHA256(), 32, None, b"fifthfloor/1 " + word).derive(master) for word in (b"recogniser", b"seal")]


def read(image: BinaryIO, start: int, length: int) -> bytes:
    """Read exactly so much; sectors that cannot be read, and whatever lies beyond the end, count as zeros."""
    data = bytearray()
    try:
        image.seek(start)
        while len(data) < length and (more := image.read(length - len(data))):
            data += more
    except OSError:
        if length > SECTOR:
            return b"".join(read(image, at, SECTOR) for at in range(start, start + length, SECTOR))
    return bytes(data.ljust(length, b"\0"))


Header = namedtuple("Header", "version carriers threshold carrier floor groups group sources number share zero")


class Slots:
    """Sections 2 and 3: all slots in some images that two keys open. In a header, `sources` is K."""

    def __init__(self, images: list[BinaryIO], recogniser: bytes, seal: bytes) -> None:
        self._seal, self._images = seal, images
        self._aes = Cipher(algorithms.AES(recogniser), modes.ECB()).encryptor().update

    def open(self, image: int, at: int) -> tuple[Header, bytes] | None:
        """Return header and symbol of the slot at this offset, or None for whatever a reader must reject."""
        slot = read(self._images[image], at, SLOT)
        with contextlib.suppress(CryptoError):
            plain = crypto_aead_xchacha20poly1305_ietf_decrypt(slot[32:], slot[24:32], slot[:24], self._seal)
            h = Header._make(struct.unpack(">BBBB16sIIII32s28s", plain[:96]))
            mask = int.from_bytes(self._aes(slot[:16])[8:], "big")
            hint = int.from_bytes(h.floor[:3], "big") << 40 | h.group << 20 | h.number
            lawful = h.version == 1 and 1 <= h.threshold <= h.carriers and 1 <= h.carrier <= h.carriers
            lawful &= h.group < h.groups <= 1 << 20 and h.number < 1 << 20 and not any(h.zero)
            lawful &= 1 <= h.sources <= MOST_SOURCES and int.from_bytes(slot[24:32], "big") == hint ^ mask
            return (h, plain[96:]) if lawful else None
        return None

    def find(self) -> Iterator[tuple[Any, int, int]]:
        """Try every multiple of 512 of every image: header, number of the image, offset."""
        for number, image in enumerate(self._images):
            size = image.seek(0, os.SEEK_END)
            for start in range(0, size - SLOT + 1, PIECE):
                length = min(PIECE, size - start) // SECTOR * SECTOR
                words = memoryview(read(image, start, length)).cast("Q")  # of eight bytes, 64 to a sector
                r = bytearray(length // SECTOR * 16)  # the first two words of every sector, for one call of AES
                pairs = memoryview(r).cast("Q")
                pairs[0::2], pairs[1::2] = words[0::64], words[1::64]
                expected = memoryview(self._aes(bytes(r))).cast("Q")[0::2].tolist()
                for i, word in enumerate(words[2::64].tolist()):
                    at = start + i * SECTOR
                    if word == expected[i] and at + SLOT <= size and (opened := self.open(number, at)):
                        yield opened[0], number, at


class Floor:
    """Where the symbols of one floor id are (not their bytes), and how to bring it back."""

    def __init__(self, first: Header, slots: Slots) -> None:
        self.first, self.slots, self.agrees = first, slots, True
        self.shares: dict[int, bytes] = {}  # by carrier
        self.sources: dict[int, int] = {}  # K by group
        self.places: dict[int, dict[int, tuple[int, int]]] = {}  # by group and number: image, offset

    def note(self, h: Header, image: int, at: int) -> None:
        """Note a slot. Section 3, below the table, says in what all slots of a floor must agree."""
        self.agrees &= (h.carriers, h.threshold, h.groups) == self.first[1:3] + self.first[5:6]
        known = self.sources.setdefault(h.group, h.sources), self.shares.setdefault(h.carrier, h.share)
        self.agrees &= known == (h.sources, h.share)
        self.places.setdefault(h.group, {}).setdefault(h.number, (image, at))

    def lacks(self) -> str:
        """Say why this floor cannot come back; nothing when by the numbers it can."""
        poor = sum(len(self.places.get(g, ())) < self.sources.get(g, 1) for g in range(self.first.groups))
        if len(self.shares) < self.first.threshold:
            return f"slots of {len(self.shares)} cards were found, {self.first.threshold} cards are needed"
        why = f"{poor} of its {self.first.groups} groups have too few shards left" if poor else ""
        return why if self.agrees else "its slots contradict each other"

    def group(self, group: int) -> bytes:
        """Section 4: K symbols nearly always bring a group back; if not, one more is read, and one more."""
        symbols: list[tuple[int, bytes]] = []
        for number, (image, at) in sorted(self.places[group].items()):
            if opened := self.slots.open(image, at):  # None if the image can no longer be read there
                symbols.append((number, opened[1]))
            if len(symbols) >= self.sources[group]:
                stripes = []
                for left in range(0, 5 * STRIPE, STRIPE):  # five RaptorQ objects side by side
                    decoder = Decoder.with_defaults(STRIPE * self.sources[group], STRIPE)
                    packets = (n.to_bytes(4, "big") + symbol[left : left + STRIPE] for n, symbol in symbols)
                    stripes.append(next((bytes(whole) for whole in map(decoder.decode, packets) if whole), b""))
                if all(stripes):
                    return b"".join(s[cut : cut + STRIPE] for cut in range(0, len(stripes[0]), STRIPE) for s in stripes)
        raise RefusedError(f"group {group} does not come back from {len(symbols)} shards")

    def content_key(self) -> bytes:
        """Section 5: Lagrange interpolation at 0. In this field minus is plus, and 1/x is x^254."""
        key = bytes(32)
        chosen = dict(sorted(self.shares.items())[: self.first.threshold])
        for x, share in chosen.items():
            below = reduce(multiply, (x ^ other for other in chosen if other != x), 1)
            weight = reduce(multiply, [*(other for other in chosen if other != x), *254 * [below]], 1)
            key = bytes(k ^ multiply(weight, s) for k, s in zip(key, share, strict=True))
        return key


def multiply(a: int, b: int) -> int:
    """Section 5: multiply in GF(2^8) with the polynomial 0x11B."""
    product = 0
    while b:
        product ^= a * (b & 1)
        a, b = a << 1 ^ 0x11B * (a >> 7), b >> 1
    return product


class Archive:
    """Section 6: decrypt group after group; as a file object it is the tar, of which it keeps the SHA-256."""

    def __init__(self, key: bytes, groups: Iterator[bytes]) -> None:
        self._decrypt = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).decryptor().update
        self._groups, self._held, self._at, self._hash = groups, b"", 0, hashlib.sha256()
        self.length = self._left = int.from_bytes(self._plain(8), "big")  # of the tar, and what was not yet read

    def _plain(self, length: int) -> bytes:
        while len(self._held) - self._at < length:
            if (more := next(self._groups, None)) is None:
                raise RefusedError("the archive says it is longer than what was sealed")
            self._held, self._at = self._held[self._at :] + self._decrypt(more), 0
        self._at += length
        return self._held[self._at - length : self._at]

    def read(self, length: int) -> bytes:
        data = self._plain(min(length, self._left))
        self._hash.update(data)
        self._left -= len(data)
        return data

    def agrees(self) -> bool:
        while self.read(1 << 20):
            pass
        return self._plain(32) == self._hash.digest()


def unpack(archive: Archive, temporary: Path) -> dict[str, tarfile.TarInfo]:
    """Section 6: write each file under a number and check everything; return the members by stored name."""
    stored: dict[str, tarfile.TarInfo] = {}
    files, manifest = [], b""
    with tarfile.open(fileobj=cast(IO[bytes], archive), mode="r|", encoding="utf-8", errors="strict") as tar:
        for member in tar:
            content, name = cast(IO[bytes], tar.extractfile(member)), member.name.removeprefix("files/")
            if manifest or member.issparse() or member.type not in (tarfile.REGTYPE, tarfile.DIRTYPE):
                raise RefusedError("a member is neither file nor directory, or follows the manifest")
            if member.name == "manifest.json" and member.isreg():
                manifest, end = content.read(), member.offset_data + member.size + -member.size % 512 + 1024
                continue
            lawful = member.name != name and name not in stored and not os.path.splitdrive(name)[0]
            if not lawful or {"", ".", ".."}.intersection(name.split("/")) or {"\0", "\\"}.intersection(name):
                raise RefusedError("a stored name is not below the folder, or stands twice")
            stored[name], digest = member, hashlib.sha256()
            if member.isreg():
                with (temporary / str(len(stored))).open("xb") as out:
                    while piece := content.read(1 << 20):
                        digest.update(piece)
                        out.write(piece)
                files.append({"name": name, "size": member.size, "sha256": digest.hexdigest()})
    whole = archive.agrees()
    said: dict[str, Any] = json.loads(manifest)
    listed = [{key: entry[key] for key in ("name", "size", "sha256")} for entry in said["files"]]
    dated = said["version"] == 1 and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", said["hidden"])
    if not whole or not dated or listed != files or archive.length != end:
        raise RefusedError("the SHA-256 or the manifest does not agree with the files, or something follows it")
    return stored


def restore(floor: Floor, out: Path, own_folder: bool) -> None:
    """Bring one floor back into `out`, or into a folder of its own in it; all of its files or, with an error, none."""
    groups = (floor.group(group) for group in range(floor.first.groups))
    with tempfile.TemporaryDirectory(prefix=".rescue-", dir=out) as temporary:
        try:
            stored = unpack(Archive(floor.content_key(), groups), Path(temporary))
        except (tarfile.TarError, ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            raise RefusedError(f"the archive cannot be understood ({type(error).__name__})") from error
        folder = out / f"floor-{floor.first.floor.hex()[:8]}" if own_folder else out
        with contextlib.ExitStack() as undo:  # every file gets its name, or none; nothing that exists is replaced
            for number, (name, member) in enumerate(stored.items(), 1):
                (folder / name if member.isdir() else (folder / name).parent).mkdir(parents=True, exist_ok=True)
                if member.isreg() and os.path.lexists(folder / name):
                    raise RefusedError(f"{name!a} is already in the output folder")
                if member.isreg():
                    (Path(temporary) / str(number)).rename(folder / name)
                    undo.callback((folder / name).unlink)
            undo.pop_all()
    for name, member in reversed(stored.items()):
        with contextlib.suppress(OSError, OverflowError):  # not every file system knows every time
            os.utime(folder / name, (member.mtime, member.mtime))
    print(f"{sum(member.isreg() for member in stored.values())} files came back whole, into {folder}")


def rescue(passphrase: str, label: str, out: Path, paths: list[Path]) -> int:
    """Open the images and bring back every complete floor; return the exit code."""
    floors: dict[bytes, Floor] = {}
    with contextlib.ExitStack() as stack:
        images = [cast(BinaryIO, stack.enter_context(path.open("rb", buffering=0))) for path in paths]
        slots = Slots(images, *derive(passphrase, label))
        for header, image, at in slots.find():
            floors.setdefault(header.floor, Floor(header, slots)).note(header, image, at)
        complete = [floor for floor in floors.values() if not floor.lacks()]
        code = 0 if complete else 1
        for floor in floors.values():
            try:
                if why := floor.lacks():
                    raise RefusedError(why)
                out.mkdir(parents=True, exist_ok=True)
                restore(floor, out, len(complete) > 1)
            except RefusedError as error:
                print(f"rescue: floor {floor.first.floor.hex()[:8]} did not come back: {error}", file=sys.stderr)
                code = 3 if floor in complete else code
    if not floors:
        print("rescue: error: this passphrase and label open nothing here", file=sys.stderr)
    return code


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Open card images hidden with Fifth Floor, without Fifth Floor.")
    parser.add_argument("--passphrase-file", required=True, metavar="FILE", help="first line is used; - is stdin")
    parser.add_argument("--label", default="", metavar="TEXT")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    given = parser.parse_args(arguments)
    try:
        with open(0 if given.passphrase_file == "-" else given.passphrase_file, encoding="utf-8") as file:  # noqa: PTH123
            passphrase = file.readline()
        return rescue(passphrase, given.label, given.out, given.images)
    except (OSError, UnicodeError) as error:
        print(f"rescue: error: {error}", file=sys.stderr)
        return 4 if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT) else 3


if __name__ == "__main__":
    sys.exit(main())
