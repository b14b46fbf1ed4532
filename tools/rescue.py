"""Open card images hidden with Fifth Floor when the program itself is gone.

    python3 -m venv v;  v/bin/pip install PyNaCl 'cryptography>=44'
    v/bin/python rescue.py --passphrase-file FILE --label TEXT --out FOLDER IMAGE...
    v/bin/python rescue.py --identity FILE --passphrase-file FILE --out FOLDER IMAGE...      (cryptography>=47)

An IMAGE is a byte-for-byte copy of a card, of a part of one, or the device itself; it is only read. The passphrase is
the first line of FILE ("-" is standard input); with --identity it is that of the identity, and what is sealed to it is
opened (spec/sealed.md, spec/identity.md). "Section N" below is that section of spec/floor.md, from which alone this
file was written. Exit codes: 0 every complete floor came back, 1 nothing complete was found, 2 called wrongly,
3 an image, the passphrase file, an archive or the output folder is bad, 4 no room to write.
"""

from __future__ import annotations

import argparse
import base64
import bisect
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
import zlib
from collections import Counter, namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from operator import xor
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt
from nacl.exceptions import CryptoError

KDF_KIB, KDF_PASSES, KDF_LANES = 262_144, 3, 4  # section 1.2; tests make them small
MOST_KEYS = 64  # spec/sealed.md, section 5; whoever has the identity's line may have planted any number
SECTOR, SLOT, FINE, MOST_SOURCES, PIECE = 512, 16_384, 18, 3_200, 4 << 20  # a piece is what is looked at at once


class RefusedError(Exception):
    """What was found is not as the specification says, or not enough; the text says which."""


def normal(text: str) -> str:
    """Section 1.1, steps 1 and 2: str.split() splits at exactly the white space listed there."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def derive(passphrase: str, label: str) -> list[bytes]:
    """Section 1: the keys `recogniser` and `seal`, from what a person remembers."""
    salt = hashlib.sha256(b"fifthfloor/1" + unicodedata.normalize("NFKC", normal(label).casefold()).encode()).digest()
    kdf = Argon2id(salt=salt, length=32, iterations=KDF_PASSES, lanes=KDF_LANES, memory_cost=KDF_KIB)
    return expand(kdf.derive(normal(passphrase).encode()))


def expand(master: bytes) -> list[bytes]:
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


Header = namedtuple("Header", "version carriers threshold carrier floor groups group sources number share zero terms")


def parse(plain: bytes) -> Header:
    """Section 3: version 1, or 2 to 5, which say carriers, threshold, groups and sources in their terms alone."""
    if plain[0] == 1:
        return Header._make((*struct.unpack(">BBBB16sIIII32s28s", plain), b""))
    version, x, zero, floor, group, number, share, terms, end = struct.unpack(">BB2s16sII32s32s4s", plain)
    return Header(version, 0, 0, x, floor, 0, group, 0, number, share, zero + end, terms)


P, A, Q, U_BITS = 2**255 - 19, 486_662, 3_329, (3_329**768).bit_length() - 1  # spec/sealed.md, sections 2 and 3


def recipient_secret(file: bytes, passphrase: str) -> bytes:
    """spec/identity.md: the 32 bytes of the name `recipient`, out of an identity file."""
    try:
        fields = json.loads(file)
        salt, nonce = bytes.fromhex(fields["salt"]), bytes.fromhex(fields["nonce"])
        kdf = Argon2id(salt=salt, length=32, iterations=KDF_PASSES, lanes=KDF_LANES, memory_cost=KDF_KIB)
        cipher = ChaCha20Poly1305(kdf.derive(normal(passphrase).encode()))
        opened = cipher.decrypt(nonce, base64.b64decode(fields["sealed"]), fields["format"].encode())
        return bytes.fromhex(json.loads(opened)["recipient"])
    except (ValueError, LookupError, TypeError, InvalidTag) as error:
        raise RefusedError(f"the identity does not open ({type(error).__name__})") from error


def partitions(image: BinaryIO, size: int) -> Iterator[int]:
    """Where a table says that partitions begin: MBR with its extended chain, both copies of a GPT; and the start."""
    yield 0
    for unit in (512, 4096):  # of a reader that counts in larger sectors; what is no volume is passed over
        at = base = 0
        for _ in range(128):
            table, following = read(image, at * unit, SECTOR), 0
            for place in range(446, 510, 16) if table[510:] == b"\x55\xaa" else ():
                kind, first = table[place + 4], int.from_bytes(table[place + 8 : place + 12], "little")
                if kind in (0x05, 0x0F, 0x85):
                    following, base = base + first, base or first
                elif kind and first:
                    yield (at + first) * unit
            if not following:
                break
            at = following
        for header in (read(image, unit, 92), read(image, max(0, size - unit), 92)):
            first, count, length = struct.unpack_from("<QII", header, 72)
            for number in range(min(count, 1024) if header[:8] == b"EFI PART" else 0):
                entry = read(image, first * unit + number * length, 40)
                if any(entry[:16]):
                    yield int.from_bytes(entry[32:], "little") * unit


def heap(image: BinaryIO, at: int) -> int | None:
    """Where the first cluster of the FAT32 or exFAT volume is that begins here; None where none does."""
    b = read(image, at, SECTOR)
    if b[510:] == b"\x55\xaa" and b[3:11] == b"EXFAT   " and 9 <= b[108] <= 12:
        return at + (int.from_bytes(b[88:92], "little") << b[108])
    if b[510:] == b"\x55\xaa" and b[0] in (0xEB, 0xE9) and b[22:24] == b"\0\0" and any(b[36:40]) and b[16]:
        reserved, fats, sectors = int.from_bytes(b[14:16], "little"), b[16], int.from_bytes(b[36:40], "little")
        return at + (reserved + fats * sectors) * int.from_bytes(b[11:13], "little")
    return None


def capsule_places(image: BinaryIO) -> list[int]:
    """spec/sealed.md, section 5: every MiB from the first cluster of each FAT32 or exFAT volume, else from 0."""
    size = image.seek(0, os.SEEK_END)
    heaps, at = [one for start in sorted({*partitions(image, size)}) if (one := heap(image, start)) is not None], 0
    by_table = bool(heaps)
    while not by_table and at < min(size, 64 << 20):  # the table is gone, or the image is a piece of the card
        found = heap(image, at)
        heaps += [] if found is None else [found]
        at += SECTOR if found is None else 64 * SECTOR  # copies of the boot sector are no volumes
    return sorted({place for first in heaps[:8] or [0] for place in range(first, size - SLOT + 1, 1 << 20)})


def masters(images: list[BinaryIO], secret: bytes, label: str) -> list[bytes]:
    """spec/sealed.md: the keys of floors that are sealed to a secret, those on most images first, then most copies."""
    from cryptography.hazmat.primitives.asymmetric import mlkem, x25519

    def half(word: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, None, b"fifthfloor/1 recipient " + word).derive(secret)

    mine = x25519.X25519PrivateKey.from_private_bytes(half(b"x25519", 32))
    kem = mlkem.MLKEM768PrivateKey.from_seed_bytes(half(b"mlkem768", 64))
    public = mine.public_key().public_bytes_raw() + kem.public_key().public_bytes_raw()
    name = unicodedata.normalize("NFKC", normal(label).casefold()).encode()
    found: dict[bytes, list[int]] = {}
    tried = [(which, at) for which, image in enumerate(images) for at in capsule_places(image)]
    sizes = [image.seek(0, os.SEEK_END) for image in images]
    before = [(which, at) for which, size in enumerate(sizes) for at in range(0, size - SLOT + 1, 1 << 20)]
    for candidates in (tried, before):  # the second where a card was formatted anew, if nothing was in the first
        for which, at in () if found else candidates:
            capsule = read(images[which], at, 1380)
            number, packed_u = int.from_bytes(capsule[32:1156], "big") % (1 << U_BITS), 0
            for place in range(768):  # section 3: digits in base q, rounded to ten bits
                number, digit = divmod(number, Q)
                packed_u |= ((digit * 2048 + Q) // (2 * Q) % 1024) << 10 * place
            shared_m = kem.decapsulate(packed_u.to_bytes(960, "little") + capsule[1156:1284])
            bound = hashlib.sha256(capsule[:1284] + public + name).digest()
            if HKDF(SHA256(), 16, None, b"fifthfloor/1 capsule mark" + bound).derive(shared_m) != capsule[1284:1300]:
                continue
            r = int.from_bytes(capsule[:32], "little") % 2**254  # section 2
            w = -A * pow(1 + 2 * r * r, -1, P) % P
            u = w if pow(w * (w * (w + A) + 1), P // 2, P) < 2 else (-A - w) % P
            with contextlib.suppress(ValueError, InvalidTag):
                shared_x = mine.exchange(x25519.X25519PublicKey.from_public_bytes(u.to_bytes(32, "little")))
                key = HKDF(SHA256(), 32, None, b"fifthfloor/1 capsule" + bound).derive(shared_m + shared_x)
                plain = ChaCha20Poly1305(key).decrypt(bytes(12), capsule[1300:], None)
                if plain[0] == 1 and 1 <= plain[2] <= plain[1] and not any(plain[3:32]):
                    found.setdefault(plain[32:], []).append(which)
    return sorted(found, key=lambda master: (-len({*found[master]}), -len(found[master]), master))


class Slots:
    """Sections 2 and 3: slots in some images, as two keys open them. In a header, `sources` is K."""

    def __init__(self, images: list[BinaryIO], recogniser: bytes, seal: bytes) -> None:
        self._seal, self._images = seal, images
        self._aes = Cipher(algorithms.AES(recogniser), modes.ECB()).encryptor().update

    def open(self, image: int, at: int) -> tuple[Header, bytes] | None:
        """Return header and symbol of the slot at this offset, or None for whatever a reader must reject."""
        slot = read(self._images[image], at, SLOT)
        with contextlib.suppress(CryptoError):
            plain = crypto_aead_xchacha20poly1305_ietf_decrypt(slot[32:], slot[24:32], slot[:24], self._seal)
            h = parse(plain[:96])
            mask = int.from_bytes(self._aes(slot[:16])[8:], "big")
            hint = int.from_bytes(h.floor[:3], "big") << 40 | h.group << 20 | h.number
            lawful = 1 <= h.version <= 5 and h.carrier > 0 and h.group < 1 << 20 and h.number < 1 << 20
            if h.version == 1:
                lawful &= 1 <= h.threshold <= h.carriers and h.carrier <= h.carriers
                lawful &= h.group < h.groups <= 1 << 20 and 1 <= h.sources <= MOST_SOURCES
            lawful &= not any(h.zero) and int.from_bytes(slot[24:32], "big") == hint ^ mask
            return (h, plain[96:]) if lawful else None
        return None

    def recognised(self, words: memoryview) -> list[int]:
        """Which sectors may begin a slot, by the first four words of eight bytes of every sector."""
        pairs = bytearray(len(words) // 4 * 16)  # the first two words of every sector, for one call of AES
        into = memoryview(pairs).cast("Q")
        into[0::2], into[1::2] = words[0::4], words[1::4]
        expected = memoryview(self._aes(bytes(pairs))).cast("Q")[0::2].tolist()
        return [i for i, (due, word) in enumerate(zip(expected, words[2::4].tolist(), strict=True)) if due == word]


def find(images: list[BinaryIO], keys: list[Slots]) -> Iterator[tuple[Slots, Any, int, int]]:
    """Try every multiple of 512 of every image, read once for all keys: slots, header, number of the image, offset."""
    for number, image in enumerate(images):
        size = image.seek(0, os.SEEK_END)
        for start in range(0, size - SLOT + 1, PIECE):
            length = min(PIECE, size - start) // SECTOR * SECTOR
            words, heads = memoryview(read(image, start, length)).cast("Q"), bytearray(length // SECTOR * 32)
            for word in range(4):
                memoryview(heads).cast("Q")[word::4] = words[word::64]
            for slots in keys:
                for at in (start + i * SECTOR for i in slots.recognised(memoryview(heads).cast("Q"))):
                    if at + SLOT <= size and (opened := slots.open(number, at)):
                        yield slots, opened[0], number, at


class Floor:
    """Where the symbols of one floor id are (not their bytes), and how to bring it back."""

    def __init__(self, first: Header, slots: Slots) -> None:
        self.first, self.slots, self.agrees = first, slots, True
        self.shares: dict[int, bytes] = {}  # by carrier
        self.terms: dict[int, bytes] = {}  # by carrier, version 2
        self.sources: dict[int, int] = {}  # K by group
        self.places: dict[int, dict[int, tuple[int, int]]] = {}  # by group and number: image, offset

    def note(self, h: Header, image: int, at: int) -> None:
        """Note a slot. Section 3, below the table, says in what all slots of a floor must agree."""
        self.agrees &= (h.carriers, h.threshold, h.groups) == self.first[1:3] + self.first[5:6]
        known = self.sources.setdefault(h.group, h.sources), self.shares.setdefault(h.carrier, h.share)
        self.agrees &= known == (h.sources, h.share) and self.terms.setdefault(h.carrier, h.terms) == h.terms
        for number in (h.number,) if h.version in (1, 2, 4) else range(FINE * h.number, FINE * h.number + FINE):
            self.places.setdefault(h.group, {}).setdefault(number, (image, at))

    def settle(self) -> bool:
        """Section 3, version 2: open the terms with what all shares here give; False while they are too few."""
        key, said = self.content_key(), set()
        for x, terms in self.terms.items() if self.first.groups == 0 else ():
            aes = algorithms.AES(HKDF(SHA256(), 32, None, b"fifthfloor/2 terms" + bytes([x])).derive(key))
            plain = Cipher(aes, modes.CTR(bytes(16))).encryptor().update(terms)
            zero, carriers, threshold, bits, end, groups, symbols, first, shards = struct.unpack(">12sBBBBIIII", plain)
            lawful = not any(zero) and not end and 1 <= threshold <= carriers and bits <= 20 and shards >= 1
            lawful &= 1 <= groups <= 1 << 20 and groups <= symbols <= groups * MOST_SOURCES
            said.add((carriers, threshold, groups, symbols) if lawful and first + shards <= 1 << bits else None)
        if self.first.groups or len(said) != 1 or not (one := said.pop()):
            return bool(self.first.groups)
        self.first = self.first._replace(carriers=one[0], threshold=one[1], groups=one[2])
        self.sources = {g: one[3] // one[2] + (g < one[3] % one[2]) for g in self.places}
        return True

    def lacks(self) -> str:
        """Say why this floor cannot come back; nothing when by the numbers it can."""
        if not self.settle():
            return f"slots of {len(self.shares)} cards were found, and more cards are needed"
        poor = sum(len(self.places.get(g, ())) < self.sources.get(g, 1) for g in range(self.first.groups))
        if len(self.shares) < self.first.threshold:
            return f"slots of {len(self.shares)} cards were found, {self.first.threshold} cards are needed"
        why = f"{poor} of its {self.first.groups} groups have too few shards left" if poor else ""
        return why if self.agrees else "its slots contradict each other"

    def group(self, group: int) -> bytes:
        """Section 4: K symbols nearly always bring a group back; 16 more tell as well whether one of them is wrong."""
        symbols: dict[int, bytes] = {}
        count = self.sources[group]
        veil = algorithms.AES(HKDF(SHA256(), 32, None, b"fifthfloor/2 veil").derive(self.content_key()))
        for number, (image, at) in sorted(self.places[group].items()):
            if opened := self.slots.open(image, at):  # None if the image can no longer be read there
                part = 880 * (number % FINE)  # section 3.3: eighteen symbols in a slot
                symbol = opened[1] if opened[0].version in (1, 2, 4) else opened[1][part : part + 880]
                over = Cipher(veil, modes.CTR(struct.pack(">IIQ", group, number, 0))).encryptor()  # section 3.4
                symbols[number] = over.update(symbol) if opened[0].version > 3 else symbol
            if len(symbols) == count and max(symbols) < count:
                return b"".join(symbols.values())
            if len(symbols) >= count + 16 and (whole := decode(count, symbols)):
                return whole
        if len(symbols) >= count and (whole := decode(count, symbols)):
            return whole
        raise RefusedError(f"group {group} does not come back from {len(symbols)} shards")

    def content_key(self) -> bytes:
        """Section 5: Lagrange interpolation at 0. In this field minus is plus, and 1/x is x^254."""
        key = bytes(32)
        chosen = dict(sorted(self.shares.items())[: self.first.threshold or None])
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


class Code:
    """RFC 6330, section 5.3: which intermediate symbols make an encoding symbol, and what holds among them."""

    def __init__(self, count: int) -> None:
        row = bisect.bisect_left(INDICES, count, 0, 207)
        self.padded, self.j, self.s, self.h, self.w = INDICES[row::207]
        self.length = self.padded + self.s + self.h
        self.p = self.p1 = self.length - self.w
        while any(self.p1 % n == 0 for n in range(2, self.p1)):
            self.p1 += 1

    @staticmethod
    def rand(y: int, i: int, m: int) -> int:
        drawn = 0
        for table in range(4):
            drawn ^= V[256 * table + ((y >> 8 * table) + i) % 256]
        return drawn % m

    def columns(self, x: int) -> list[int]:
        """Sections 5.3.5.3 and 5.3.5.4, for the internal symbol id x: of which intermediate symbols it is the sum."""
        y = (10267 * (self.j + 1) + x * (53591 + self.j * 997 | 1)) % 2**32
        d = min(bisect.bisect_right(LIMITS, self.rand(y, 0, 1 << 20)), self.w - 2)
        a, b = 1 + self.rand(y, 1, self.w - 1), self.rand(y, 2, self.w)
        found = [(b + n * a) % self.w for n in range(d)]
        a, b = 1 + self.rand(x, 4, self.p1 - 1), self.rand(x, 5, self.p1)
        for _ in range(2 + self.rand(x, 3, 2) if d < 4 else 2):
            while b >= self.p:
                b = (b + a) % self.p1
            found.append(self.w + b)
            b = (b + a) % self.p1
        return found

    def ldpc(self) -> list[list[int]]:
        """Section 5.3.3.3: the first S rows; the sum of each is zero."""
        plain = self.w - self.s
        rows = [[plain + i, self.w + i % self.p, self.w + (i + 1) % self.p] for i in range(self.s)]
        for i in range(plain):
            for n in range(3):
                rows[(i + n * (1 + i // self.s)) % self.s].append(i)
        return rows

    def hdpc(self, values: Sequence[int], double: Callable[[int], int]) -> list[int]:
        """Section 5.3.3.3: the last H rows, each the sum of what follows from these values; column after column."""
        sums, carried, last = list(values[-self.h :]), 0, self.padded + self.s - 1
        for j in range(last):
            carried = double(carried) ^ values[j]
            first = self.rand(j + 1, 6, self.h)
            sums[first] ^= carried
            sums[(first + self.rand(j + 1, 7, self.h - 1) + 1) % self.h] ^= carried
        carried = double(carried) ^ values[last]
        for i in range(self.h):
            sums[i] ^= carried
            carried = double(carried)
        return sums


def peel(rows: Sequence[Sequence[int]], plain: int) -> tuple[list[tuple[int, int]], list[int]]:
    """Order rows so that each names one column below `plain`, earlier ones, and some that are set aside (returned)."""
    lacking = [[column for column in row if column < plain] for row in rows]
    count, named = [len(row) for row in lacking], [sum(row) for row in lacking]
    holders: list[list[int]] = [[] for _ in range(plain)]
    for number, row in enumerate(lacking):
        for column in row:
            holders[column].append(number)
    pivots, aside, open_columns = [], [], set(range(plain))
    ready = [number for number, left in enumerate(count) if left == 1]
    while open_columns:
        first = ready.pop() if ready else None
        if first is not None and count[first] != 1:
            continue
        if first is not None:
            column = named[first]
            pivots.append((first, column))
        else:  # every row lacks two or more: set the column aside that is lacked most by rows that lack fewest
            few = min((left for left in count if left), default=0)
            short = [number for number, left in enumerate(count) if left == few][:30] if few else []
            lacked = Counter(c for number in short for c in lacking[number] if c in open_columns)
            column = lacked.most_common(1)[0][0] if lacked else min(open_columns)
            aside.append(column)
        open_columns.remove(column)
        for number in holders[column]:
            count[number], named[number] = count[number] - 1, named[number] - column
            if count[number] == 1:
                ready.append(number)
    return pivots, aside


def solve(equations: Iterable[int], unknowns: int) -> list[int] | None:
    """Gauss and Jordan over the octets of RFC 6330; byte i of an equation is the coefficient of unknown i."""
    basis: dict[int, int] = {}
    for row in equations:
        for unknown, other in basis.items():
            if octet := row >> 8 * unknown & 255:
                row ^= scaled(other, octet)
        left = row & (1 << 8 * unknowns) - 1
        if not left:
            if row:
                raise RefusedError("its shards contradict each other")
            continue
        pivot = ((left & -left).bit_length() - 1) // 8
        row = scaled(row, POWERS[255 - LOGARITHMS[row >> 8 * pivot & 255]])
        for unknown, other in basis.items():
            if octet := other >> 8 * pivot & 255:
                basis[unknown] = other ^ scaled(row, octet)
        basis[pivot] = row
    return [basis[unknown] >> 8 * unknowns for unknown in range(unknowns)] if len(basis) == unknowns else None


POWERS = [1]
while len(POWERS) < 256:
    POWERS.append(POWERS[-1] << 1 ^ 0x11D * (POWERS[-1] >> 7))
LOGARITHMS = {power: exponent for exponent, power in enumerate(POWERS[:255])}


def scaled(row: int, octet: int) -> int:
    """Multiply every byte of a row; section 5.7 of RFC 6330 has another polynomial than our shares."""
    if octet == 1 or not row:
        return row
    by = LOGARITHMS[octet]
    table = bytes([0, *(POWERS[(LOGARITHMS[value] + by) % 255] for value in range(1, 256))])
    return int.from_bytes(row.to_bytes((row.bit_length() + 7) // 8, "little").translate(table), "little")


def decode(count: int, symbols: dict[int, bytes]) -> bytes | None:
    """RFC 6330, section 5.4: bring K source symbols back; None when these symbols are not enough.

    A row is one integer: its data, and below them one byte for each symbol that was set aside ("inactive").
    """
    code = Code(count)
    shift = code.padded - count  # the padding stands between source and repair symbols, and is never sent
    rows = [code.columns(number + shift * (number >= count)) for number in symbols]
    rows += [code.columns(number) for number in range(count, code.padded)] + code.ldpc()
    data = [int.from_bytes(symbol, "little") for symbol in symbols.values()] + [0] * (shift + code.s)
    pivots, aside = peel(rows, code.w)
    aside += range(code.w, code.length)
    width = 8 * len(aside)
    values = [0] * code.length
    for place, column in enumerate(aside):
        values[column] = 1 << 8 * place
    for row, column in pivots:
        values[column] = reduce(xor, (values[other] for other in rows[row]), data[row] << width)
    length = len(next(iter(symbols.values())))
    low = int.from_bytes(b"\x7f" * (length + len(aside)), "little")
    ones = int.from_bytes(b"\x01" * (length + len(aside)), "little")

    def equations() -> Iterator[int]:
        for row in set(range(len(rows))).difference(row for row, _ in pivots):
            yield reduce(xor, (values[other] for other in rows[row]), data[row] << width)
        yield from code.hdpc(values, lambda v: (v & low) << 1 ^ (v >> 7 & ones) * 0x1D)

    known = solve(equations(), len(aside))
    values.clear()  # 50 MB
    if known is None:
        return None
    final = [0] * code.length
    for place, column in enumerate(aside):
        final[column] = known[place]
    for row, column in pivots:
        final[column] = reduce(xor, (final[other] for other in rows[row]), data[row])
    lost = ((n, reduce(xor, (final[other] for other in code.columns(n)))) for n in range(count) if n not in symbols)
    whole = symbols | {number: value.to_bytes(length, "little") for number, value in lost}
    return b"".join(whole[number] for number in range(count))


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


def rescue(passphrase: str, label: str, out: Path, paths: list[Path], identity: bytes = b"") -> int:
    """Open the images and bring back every complete floor; return the exit code."""
    floors: dict[bytes, Floor] = {}
    with contextlib.ExitStack() as stack:
        images = [cast(BinaryIO, stack.enter_context(path.open("rb", buffering=0))) for path in paths]
        keys = [derive(passphrase, label)] if not identity else []
        if identity:
            sealed = masters(images, recipient_secret(identity, passphrase), label)
            keys = [expand(one) for one in sealed[:MOST_KEYS]]
            if len(sealed) > MOST_KEYS:
                print(f"rescue: of {len(sealed)} keys the {MOST_KEYS} with the most copies are tried", file=sys.stderr)
        for slots, header, image, at in find(images, [Slots(images, *pair) for pair in keys]):
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
        which = "identity" if identity else "passphrase"
        print(f"rescue: error: this {which} and label open nothing here", file=sys.stderr)
    return code


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Open card images hidden with Fifth Floor, without Fifth Floor.")
    parser.add_argument("--passphrase-file", required=True, metavar="FILE", help="first line is used; - is stdin")
    parser.add_argument("--identity", type=Path, metavar="FILE", help="open what is sealed to it")
    parser.add_argument("--label", default="", metavar="TEXT")
    parser.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE")
    given = parser.parse_args(arguments)
    try:
        with open(0 if given.passphrase_file == "-" else given.passphrase_file, encoding="utf-8-sig") as file:  # noqa: PTH123
            passphrase = file.readline()
        identity = given.identity.read_bytes() if given.identity else b""
        return rescue(passphrase, given.label, given.out, given.images, identity)
    except (RefusedError, OSError, UnicodeError) as error:
        print(f"rescue: error: {error}", file=sys.stderr)
        return 4 if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT) else 3


def packed(text: str) -> bytes:
    """Read one of the tables below."""
    return base64.b85decode("".join(text.split()))


# RFC 6330, section 5.3.5.2: a symbol has degree d when LIMITS[d - 1] <= v < LIMITS[d].
LIMITS = [0, 5243, 529531, 704294, 791675, 844104, 879057, 904023, 922747, 937311, 948962, 958494, 966438, 973160]
LIMITS += [978921, 983914, 988283, 992138, 995565, 998631, 1001391, 1003887, 1006157, 1008229, 1010129, 1011876]
LIMITS += [1013490, 1014983, 1016370, 1017662, 1048576]
# RFC 6330, section 5.6, the first 207 rows: all K', then all J, S, H and W.
TABLE_2 = """
c-rOFZA{i>6bA5fu5;i2*GI|n1s_B#V@?^68d@otp<@me@nxcbKn+cei7&-W8=|QhnmA=@WGIxcv1WvuGUuEkZDywE>_tT@C8K8O5)G;TK66eA>vL<rZ}-P@
uKQf%kdGdwj^wBA)Po+UJ`_byP+uBIgXvisP6;%gk|~AKDU-5j4&~D8lt*vTN-Cm_w3)WjcB-IC+DldRDV?UT=py|@*XSlQo7|3rxfe%rUmnIuJb_dAMV`Sq
JdYQ0KCj>+F69sTV?Myue3H-eWp3a`{sZmN5#14vNc2Z6hG8VeA{kRK6Z5eMZ{i)4p&XSsfY0$IE}#KT;z+POCJ_=NaWYC$WvVQY<+4WJlby0h4#^2QCqK$<
WhuYvr(#utny7NrBDF@9s7iHMol^DcSFN>Q$LS=UtrzN*`dwYAtMz$(%@Cuj5n()Mj4@^#D~wX(6XS?cXEd6Y*~5I&j5pKGIp#96)T}a3n>Ve_)<A2N^^&#L
+F{jLmu=VXX%DfJ?Hqfxy~93YUvRY3+Zp4$?5uKjJExp$Zjd|3o$S8mmbo?VFTPM;qHm6G1O1Lyv6I7T3<gLlyE1@(!zh{vi%O`0Ht`J}jd*&VGdLUlNFxO&
s2kQvth^zm5``jEiVtb%CAK%&mAEYlSmsSNgKfTrlWa=8%%IH}LMOr8geZBR*TIs}e94<@A3lS8oTY=ZRWhWr6k<9Oq=yvCWlH5nM59;=*`N(*&ptXuk+K*;
h~m#kOP+ksez0W9RJzKCWr~c)5`=l19?D@}=9;NHvJpXfTu3RhPPU<fBiJubAsFMSn^aIKg5?Kl#uh|NF(vVNIzlVFJcd#|I?^*VSPmnHZ(yN(EqhQWFVImM
NA2Ozx9q26?>*H^-FB(RPKlCQ__;HNiI&yg4Ck?*V`MV#!`n30OW-~ZfuHvC9w{WIZTt|OkP=>uRoKKINmq;%TXsnX=CUnc$XRa2A_^kY<F?YSl@6^ua-S}3
3VndER>J>9?+1zqh;Bp7KN$2tvG>HaA^tui?n(Tcaji`Hi_A7<-DjF-=3UvI*>^erL+*dZo&OLTNOSK%CS&gADK3zf#K7jW0-L?F(L7q>{rv*3bJkNCZKLu)
=NzDeR82KhOLcUG8mT$ZIYHcsLpYrK^V1ybwN4sm@-&{sukZq1%By${Z{!bnH&^jNKE}0N=Uv9@+{7(#5sIFH&KZQENI()MAsty>>*Qj&cMFQJ3l-RpY8=No
)Z;2{dG{nV&^fUZFB2qPvL#mvWW8*Wa@i|K<&0dCMrlz&Dnv!9;VMz3sp%?TtyN`ex2jR6RfB5Lt`5=BdZNzK`Fgc3(G~ir{zhLnOrwhtZ45Og7+J<rqs*u>
j(M%qWZGt!InYcnGtK#Cfm!0UPObT~)ye8_jkBg(ORRG1kaf{E?Fc*0PPcQt)+x7Z?C<Or=TT>bGs`J(b~(qLMz@0->8800++z2Td&SqmH`F)RSLCbu6W`=u
bN
"""
INDICES = struct.unpack(">1035H", zlib.decompress(packed(TABLE_2)))
# RFC 6330, section 5.5: V0 to V3, 256 numbers of 32 bits each.
V0_TO_V3 = """
4*F&Q>ykvz$n3u)@|o3u2VQrF$Gzf<zu6kecjq~?E-Qi3k2mE-JKbzjZRl#T8IW82-%Nc_Uf8Rcw$AlCRd2?>9twkcc_-!#%g(Lnr#oNfxa)3u;{&y_l^Y!U
?J3`-4ysix?`;7)Cb~@cb+_vDo(DQ6jEj)LDH@6RDymt;qDiO*3vj}8(!0Tv!&6zYSEUkV;7ni!z^bSp2T(<8>9cm#E}$eM7A_v%vW-i1dG6v5iw-R|?!6PI
4F`k!%aWJR`pXlBGgF-B+awk>nc*-9#cX*%D4NJ45>X*?^&ixPMF(LHDn<1gqF)t}`e(O0`%0Pd@l^BUw6l5zamrOv9(4mrQ7NH%2ecUTyG-aqnJlj}w9Ei5
V$|PuH;&vcb|+YUvCcaavqfqm&4uScD8Vs8E@R!vQ)KjQbC~nIWZaH}=8=!URLMnhBU$7cZ~on>mXs^iUfu4C?U(fi>`TazprYvibHP<>8BZynP)xMLpBQsQ
ks4$YmvN7qQhz#-^~l&8TG3p}p>PeMK4f)~gy;OQO4Ld;`zK{_TCL2RwNBX~849kx0HW(-9=pj1&J|7WejMJ~q9M;-!9~d0GV8qD8DrSv6Kl@CYZ=B|lFENu
b<xDyQ}&;+Nj^o8>3iXm54-lonwdu#lTv5J|H$1xCdyCjM+P8^wU*X5lLSPAm%yHCImA{pcwEsqhcFfaMY75)!MeH$>^?N1n4$%#HcyH?Em?@E)W1{}pez+3
7Q&;+o6FlYq>{K&R?_{?G_4!k#ANvXU!*%Pc2#C3Jb4~3qHC3Rwu(^`xv!ah2u8gy_xhvF#sy$%dr~hFh4uah+PHtZUE<VlF<QH*-f_}f%lG=!$n34b?$AbK
AZhA+N*HpB>LxWJreX{A^F$QbhwQJFG|6qrB)(7qz7jFarMX0Ai+RfLNC#6G4`wt~<ie}Kd#)j>zm$Vq#O*zvG=L<;P|R_q3|bldkV=Md6=b|<U}^aX!wEX3
X_2bqsb?AbXkk?NRI@dPCp{gB3z0Ri!8L}p0!?4+5&l5K`0CxO5xAnFe{4m8S(UgA+O|G!-aHFz4g7@ygYdJ7qW?!!Lsl+^z5F&`s%x5a!@`lf<E?2t)C-Kw
8t)FQXTKFu)+SypW#iKc+_nts(weEDVcEe+3b3m3jpN#|>YW%s+o+5Tydai1ZiT+ps*x=_y;nWrF~Qj46TlA79^K<NvulVn?<@|{geRKo-|lB2w{*hZdVIY9
x2qR9=r0kRL<7V}jiTMXoRdjUm_@AQ7wT7iR|c2@C~CcMKYDl(I29z=W4;0`ABGrrW)o(1*jSsCQ1&3VFdw-^dB)Pm#^S={O`MMDhtSMBAU`|oWN2wF7B?5x
(HpJZX=c%tOSz0(n<o?=dM7Ih=kjh_fKy_5^+G~XHjIlF-_3-cDZtkfe+>hPP6S+54Pc~Z@=<b!*x{nsWEo?a%!VvVY7%*ow&j7IRN;9wJ((;J@oXlw#MB$H
84=nws`&&X5|jX{4{*X4@zbj9UFI@S_ilhm29ifOvpFIG|LoHh(6H}(JA7ih9m0s`N8PV>vZbPdCM*7xwQ{+a9Rg3kpd#X4j=7QnmQ8xC0{Ynl<sAzv`e)4S
7|J=80VZ-uk24Tge_`34XY|knB9W5Cd2~alGRq?>pVIk3K58j`vA|sLHbL0#`I%VAnqEiXI{C`C#6y4x9xdM=3VpTmZ!p*3oFBO;A*!7McLmb56hB|N@~5P<
*R=~keb_KQK{RerIT@HpH7fu>Zi@GIZ>jDll<dSepp}o~a^T*gVqtqx3ig<Hwt4RHdpXlY4W+RJ=(GD~Um*1<Y9m;@lF*;)5>UQ3!2aY1<){j$j`=8t-@}|J
A09Xl2)QX*^sEUuw2?Q=(^i>}6Uu`AIyNdTx-7OwwMblqhL=Dhe}qmn!B!Amz)Yg;+Wg#{px;_O&E0r*bp%fu(KI6+jFXeXEQ?;SbgIQfL2IZokuAzT=DJw%
aFtPIt+8sA_z0r_OX4d3!s5~#+iVs17?#g$MCYy@<KDpvKbWtH)_N(mb@@`!d+U0KM>_NsKjk*{p|W2K$y9OUf-itKEW#Ynnjafi{ZK<7Z94HMM-U`HIBo?V
0o;n<y)}Gm(~m6hVdZ}4af#8=GhZ~E!(XN_{#In3x+4+=C%DlaCS{Ap4S&6Z5?Fp`M@t`{zCBt$E~#QYU*F-SZXt6F@{_jQ>Q<}amX_mVEwyg*ei5Jm{o!@6
#v5X6A>z)l-nauxYfcNI?<ql>02|cq0jlw)c%fL{Gt-zz8M6SQJrzW^Zhy@C%0)-NS#s-sv-x_+P>1ttxR-SQwBXw8m#cgBNnWv6$Y+uc35hJ39ZeGD?hUE-
+jOXgHQT;R(zM0MYevygE)vaEHD$?2aWMXK`IUC`1`;zc4g7k`y}G1vz9b}!A5+KWOtXnO8!H_~Z)tLeHvZ!h=N#i!%l(dmR82Y`b$jR#wtrNnF@Zzas6rhz
3G}&UKvG;}`tfgr)-?dE8I<<A7A>>>Y79U+#cTg(3@#s}8uw?wrtI4;-h#O_NuAucX*i>Vy*h|A;7YwKy%0`#8d}!63(}J|0=)-qPV4k1toHynD0Y<y<2nEH
0WdZ-Lc5mz*!S5|(^{PveOPrCsFMlS*2gbr_IK96VI?~R5Z5@6rjhoZ9heW^vOiMVw+AsBnTixI^b!svrE)HU^C#|L3Vr-Fh2rdw-gO@@g7GRtP3Cr<_?%3P
@WY0YzfYG9$>}5w5qHWx+AEpIo!kH%mf|wY(%->!E*QfT`E68<Yl;TV$AKAh&tnwN?5RUOaKVRSjU?X!(%Vo|u=&FZ{45NvF_q#EuKiWB54^=32Q(1_zQG$j
6)&n6h~CxpU0cWKXz6HB0WwXc%tdpAs^X)tjGUx(c(>Q{X50$i$8kOGpkc4C1@jK{{X0b|hE=dq!zX(NBc&mD#H|5yAuPHQ^`aZVtgG(t*T%DCHokp*!LHZN
g#fUw;;~d;+5&_6nop-44sf9YX3>Uoc*xa80?ELnt3u0rt^l1zy=!Rua$k3tmJ?}7ZoChVz{cz%9FkjC3+~ihrvgmzV5w_49N6c_89pKP+vm4nZbwv2$VBOQ
&N$e5GAJ24)X|x5H*&!oT|lvkl~E(@BV`F|LXC;AFw?HEyBj&JR81QQKqvNF9*U`j3YcUVWn>^ag@3AJ9<>7|uJFBg<HbrWQVa@{p!ym&IiUm(J{gWrDyu3<
3OY>zU&)N2NhT#w*<#{mRDL{V^P97ug`KyU`TcO<RmKU90XRc02O<5pczN&;m=P`JQdpew^II+Z9kHAJ5|KU=)o@f@tTgQB2!XpsNpYpJ$P$}2u|PKmSDe{=
X97|9RAWoc0{o&Iy2Kan^41W`p^uS6pzr^Fl7463o4nf+;Sf|ylP;@Fn3%1hv=F}$WYo<6`+^5pWS7-wJgh)giHp<G75Wz>!>xIw47E$$_h*Q4%{xA*siYCq
^vN^4{-`~ZgBWg<-7A)19jHAk5dPg{Et#H)Hk@nC%FpU|r3g&zX0Vq@$=Fi@9TgG1)Vl}2%pPUL4Eq+<jC=<d!Q3Kd2&OXjpnalBl2CX5O?0v9^_Aw|e1ceJ
H<8uJRs47}ILA`n(JAo0Ea!jTGVN{-ba-L3p?39(@j#3owYuvpV`LtYFa6zVMs)FD{y!2N`#e7v$tIN_7DK1{l1RrAjash#*`F+-oG2>^VsxDDT$;r#Nhxuv
DfD=l+*ZYNm?SLIogCK1HCmf=!}pV9xVDu(I|FAn;Zrnfh>M030(`xcbTmFZh$40UJ<f{yWd-hI07`i{8^)PNq|^Bm#m^-cOMIQF>7WEE(^9vWoRs~<-!n<d
Wh8w)!NG$e_UK0}HkA_-#WRSlOxhSUuVcvzMXw|~$2MH(DWfsIP}7VKk1E3D25WPW+@^5DHQ?Km*;;CeGF<I~bL7CM=1yBYucR?Yb&%@)WxkfR0my+H(0V0^
M*`efEM`!fmtomUzlCdM!`)EQM~_1tlG3njEdH>*Dwwv0bx^A;*hYJAOeY9fSp#*J6}Fz;dW1k|=|af3uBbK%HOnA(>~vytdXuorDM1=03mgdHF{BKVGe2=?
OnToQhD_Szvjt@ZXs2(Wg?T*2{*xu(f;uEsE!llMN_D@YM<3VKo{i9!CQ}z3WRB~4qJ0!b8k><}^|O<1;L0&l0zSb&3w?zF)lR8vbYnJ{?aVq5w(W0vtm0ih
@gAV?wm6&fWpobn^<IfA)g55~pJH0gQ~i-czoK@9RYxZsm#OmDJzebVZk<Wv{tL#lZidKVtwAV}!(Y)2rYPZRrXy7exfvYNlcgglES4#)K;N9>U<nBI3<<gA
-$bVj+13l4<8@*!>1G|qn8!~7MrP-K0r~U9-RU!>;p*|a<Zc7xuxKsW7CHlDOtKO~b1tqs+co@El27Z7q+yKJe=@5trL;Toz9`pX;091S*d=9aLd`D2V8!#D
Qr9nbq7*5owH<zI8<P9>4}&S~-0En=m}MGxt5NDGl_!-p`%e`rpYiDofkB&>)JREZC(=~zD2_y`-XPXG`7c~;#>%USI4ABXp`(yZdcA0b{y|(8zW&@E4dE6L
G>-+DhMF;qdCttx;0mdZ*L}MUe|!?LP>If2u0#R3%FV=KeSMk%i{R-G9l_xX%eXN1jR+IYmy~;#Z2f!EyRAyJ<+Yu|QCL2agDcdVpi;O<4c`dy^01F)pF;xI
(tREGNJ^)zGrM(f-tCKza-icS!12qWxY1vy!IoUGHVexp@j@5>?%6Ul&|D^oMbKpqsRb2ZVQF<OxvjW`h<vvahC!)=I8nLb7ArwBVoKpfgQU~OmUY@al+K~_
p7+7%O7yeJ%A5CPzHT?yVe$aq6mV(rH5>UwyOB)`;o4GGH}$SWZi=PXee8+iuz0=<Nz;~cgK_D5V_6#xmN-_n$N<G&iM<@wyZr&_qpH{6M~S7Dw9!C+iOBnR
K6x%}`n^r4`r`1VooTcOeDpx!^<w1_*lh26^reLDZn=L);*dI28j^Wdwjq}AHH6nEz{3e=PXTh0vB7&4V1P=yq9BKuG{JuA&%DP=vCs~s=j<LdAd^OfTHP3>
ot+lJfmptPu>i>&IZA&XKznYYJ<pjl#0qELiu<WOB?0|o5)cqx?b80KT_wdB%X4;Mdc(UJs8DiHC^doQl6;&n^8QyGk>!LiUSF8JB}z~Jw^$+f6r3kUWNus`
G-vU_%+LCyTD%Lx;-)sqR>=;KaUO2Ru?N>_QfP0S<FP_LK0vjHBz`-$#~Y`+fG@+4%7dpq)d5;K%#>XC
"""
V = struct.unpack(">1024I", packed(V0_TO_V3))


if __name__ == "__main__":
    sys.exit(main())
