"""What the vector generators build with: slots, tars, archives and small images, lawful and not.

Rule 1: a vector is a function of its generator alone; chance comes from `chance(seed)`, never from the system.
Rule 2: what is unlawful is made here by hand (`sealed`, `member`), because the package refuses to.
`spec/vectors/README.md` says how a vector is written. Counterparts: `Vector.text` and `parse`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt

from fifthfloor.floor.header import OldTerms, SlotHeader
from fifthfloor.floor.header import Terms as Terms  # for the generators
from fifthfloor.floor.seal import FloorKeys, argon2id, derive_keys
from fifthfloor.floor.shards import encode
from fifthfloor.floor.shares import combine, split
from fifthfloor.floor.slot import SYMBOL_BYTES
from fifthfloor.floor.veil import Veil

OUTCOMES = ("slot", "no slot", "secret", "symbols", "files", "rejected", "nothing", "incomplete")

PASSPHRASE = "stove orchid lantern unveil cobalt ridge mule"
LABEL = "Pyongyang 2026"
CONTENT_KEY = bytes(range(0x40, 0x60))
FLOOR_ID = bytes(range(0xA0, 0xB0))
HEADER = SlotHeader(
    carrier=1,
    floor_id=FLOOR_ID,
    group=5,
    symbol=11,
    share=bytes(range(32)),
    terms=b"",
    old=OldTerms(carriers=3, threshold=2, groups=7, source_symbols=10),
)
HEADER_2 = SlotHeader(
    carrier=0xC3, floor_id=FLOOR_ID, group=5, symbol=11, share=bytes(range(32)), terms=bytes(range(32, 64))
)
HEADER_BYTES = HEADER.pack()
HEADER_4_BYTES = replace(HEADER_2, veiled=True).pack()
HEADER_2_BYTES = HEADER_2.pack()
MOMENT = 1_760_000_000


@dataclass(frozen=True, slots=True)
class Vector:
    """One case: what is expected, the head's other lines, and blocks of bytes with a title each."""

    expect: str
    head: dict[str, str]
    body: tuple[tuple[str, bytes], ...] = ()

    def text(self) -> str:
        """Write it as `spec/vectors/README.md` says; counterpart `parse`."""
        lines = [f"expect: {self.expect}", *(f"{key}: {value}" for key, value in self.head.items()), ""]
        for title, data in self.body:
            encoded = base64.b64encode(data).decode()
            lines += [f"[{title}]", *(encoded[at : at + 100] for at in range(0, len(encoded), 100))]
        return "\n".join(lines) + "\n"


def parse(text: str) -> Vector:
    """Read a vector; counterpart `Vector.text`."""
    top, _, rest = text.partition("\n\n")
    head = dict(line.split(": ", 1) for line in top.splitlines())
    body = []
    for block in rest.split("[")[1:]:
        title, _, encoded = block.partition("]\n")
        body.append((title, base64.b64decode(encoded)))
    return Vector(head.pop("expect"), head, tuple(body))


def chance(seed: str) -> Callable[[int], bytes]:
    """Return a source of bytes that look random and are the same for ever: AES-256-CTR under SHA-256 of the seed."""
    stream = Cipher(algorithms.AES(hashlib.sha256(seed.encode()).digest()), modes.CTR(bytes(16))).encryptor()
    return lambda count: stream.update(bytes(count))


SYMBOL = chance("symbol")(SYMBOL_BYTES)


def quick(passphrase: bytes, salt: bytes) -> bytes:
    """Derive as section 1.2 does, at next to no cost."""
    return Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64).derive(passphrase)


def keys(passphrase: str = PASSPHRASE, label: str = LABEL, *, real: bool = False) -> FloorKeys:
    """Derive keys as section 1 says."""
    return derive_keys(passphrase, label, argon2id if real else quick)


def asking(passphrase: str = PASSPHRASE, label: str = LABEL, *, real: bool = False) -> dict[str, str]:
    """Return the head's lines that say what a person types; JSON strings, so that every character shows."""
    kdf = "real" if real else "quick"
    return {"passphrase": json.dumps(passphrase), "label": json.dumps(label), "kdf": kdf}


def sealed(
    header: bytes = HEADER_BYTES,
    symbol: bytes = SYMBOL,
    *,
    by: FloorKeys | None = None,
    hint: bytes | None = None,
    seed: str = "r",
) -> bytes:
    """Seal any 96 bytes as section 2 says; `hint` overrides the 8 bytes that the header asks for."""
    by = by or keys()
    r = chance(seed)(16)
    mask = Cipher(algorithms.AES(by.recogniser), modes.ECB()).encryptor().update(r)
    group, number = (header[20:24], header[24:28]) if header[0] in (2, 3, 4, 5) else (header[24:28], header[32:36])
    numbers = int.from_bytes(group, "big") << 20 | int.from_bytes(number, "big")
    plain_hint = header[4:7] + (numbers & (1 << 40) - 1).to_bytes(5, "big") if hint is None else hint
    masked = bytes(a ^ b for a, b in zip(plain_hint, mask[8:], strict=True))
    nonce = r + mask[:8]
    return nonce + masked + crypto_aead_xchacha20poly1305_ietf_encrypt(header + symbol, masked, nonce, bytes(by.seal))


def changed(data: bytes, at: int, to: bytes) -> bytes:
    """Return `data` with other bytes at one place."""
    return data[:at] + to + data[at + len(to) :]


def slot_vector(slot: bytes, asked: Mapping[str, str] | None = None, header: bytes | None = None) -> Vector:
    """A slot; with a header it opens to that and `SYMBOL`, without one it must not."""
    head = dict(asked or asking())
    if header is not None:
        head |= {"header": header.hex(), "symbol_sha256": hashlib.sha256(SYMBOL).hexdigest()}
    return Vector("no slot" if header is None else "slot", head, (("slot", slot),))


def unlawful(at: int, to: bytes) -> Vector:
    """A slot that is sealed well, with a header that a reader must reject."""
    return slot_vector(sealed(changed(HEADER_BYTES, at, to)))


def share_vector(shares: Sequence[bytes], used: Sequence[int]) -> Vector:
    """The shares of some carriers, and what they give: the content key, or with too few something else."""
    enough = combine({x: shares[x - 1] for x in used}) == CONTENT_KEY
    head = {"secret" if enough else "not": CONTENT_KEY.hex()}
    return Vector("secret", head, tuple((f"x {x}", shares[x - 1]) for x in used))


def group_bytes(sources: int) -> bytes:
    """The group that code vectors encode: AES-256-CTR keystream, see `spec/vectors/README.md`."""
    return chance(f"group of {sources}")(sources * SYMBOL_BYTES)


def code_vector(sources: int, numbers: Sequence[int]) -> Vector:
    """A group and the SHA-256 of some of its symbols."""
    made = encode(group_bytes(sources), numbers)
    head = {"sources": str(sources)}
    for number, symbol in zip(numbers, made, strict=True):
        head[f"symbol_{number}"] = hashlib.sha256(symbol.tobytes()).hexdigest()
    return Vector("symbols", head)


def member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, pax: dict[str, str] | None = None) -> bytes:
    """One member of a tar: its header or headers, and its contents padded to 512."""
    info = tarfile.TarInfo(name)
    info.type, info.size, info.mtime = kind, len(data), MOMENT
    info.mode = 0o755 if kind == tarfile.DIRTYPE else 0o644
    info.linkname = "a.jpg" if kind in (tarfile.LNKTYPE, tarfile.SYMTYPE) else ""
    info.pax_headers = pax or {}
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict") + data + bytes(-len(data) % 512)


Files = Sequence[tuple[str, bytes]]
FILES: Files = (("a.jpg", b"first photograph"), ("trip/b.jpg", chance("b.jpg")(1500)))


def manifest(files: Files = FILES, **other: object) -> bytes:
    """The manifest of these files; `other` replaces or adds keys."""
    listed = [{"name": n, "size": len(d), "sha256": hashlib.sha256(d).hexdigest()} for n, d in files]
    return json.dumps({"version": 1, "hidden": "2026-11-22", "files": listed} | other).encode()


def tar(extra: bytes = b"", files: Files = FILES, listed: bytes | None = None, tail: bytes = b"") -> bytes:
    """A tar as section 6 says: directory and files, `extra` before the manifest, `tail` after the two zero blocks."""
    folders = member("files/trip", kind=tarfile.DIRTYPE) if any("/" in name for name, _ in files) else b""
    stored = b"".join(member("files/" + name, data) for name, data in files)
    last = member("manifest.json", manifest(files) if listed is None else listed)
    return folders + stored + extra + last + bytes(1024) + tail


def archive(of: bytes, *, length: int | None = None, digest: bytes | None = None, fill: bytes = b"\0") -> bytes:
    """An archive as section 6 says, not encrypted; the length and hash may lie."""
    told = len(of) if length is None else length
    whole = told.to_bytes(8, "big") + of + (hashlib.sha256(of).digest() if digest is None else digest)
    return whole + fill * (-len(whole) % SYMBOL_BYTES)


def encrypted(plain: bytes, content_key: bytes = CONTENT_KEY) -> bytes:
    """AES-256-CTR from zero (section 6)."""
    return Cipher(algorithms.AES(content_key), modes.CTR(bytes(16))).encryptor().update(plain)


def big_tar() -> tuple[Files, bytes]:
    """Files that take four symbols, and their tar."""
    files = (("big.jpg", chance("big.jpg")(50_000)),)
    return files, tar(files=files)


def archive_vector(plain: bytes, files: Files | None = None) -> Vector:
    """A sealed archive; with files it unpacks to those, without it must be rejected."""
    head = {"content_key": CONTENT_KEY.hex()}
    for number, (name, data) in enumerate(files or (), 1):
        head[f"file_{number}"] = f"{hashlib.sha256(data).hexdigest()} {json.dumps(name)}"
    return Vector("rejected" if files is None else "files", head, (("sealed archive", encrypted(plain)),))


def dealt(
    plain: bytes,
    carriers: int,
    threshold: int,
    shards: Mapping[int, Sequence[int]],
    floor_id: bytes = FLOOR_ID,
    *,
    by: FloorKeys | None = None,
) -> dict[int, list[bytes]]:
    """Deal an archive of one group, in version 1: the slots of each carrier (number -> symbol numbers it holds)."""
    shares = split(CONTENT_KEY, threshold, carriers, chance("shares"))
    group = encrypted(plain)
    slots: dict[int, list[bytes]] = {}
    for carrier, numbers in shards.items():
        made = encode(group, numbers)
        slots[carrier] = []
        for number, symbol in zip(numbers, made, strict=True):
            old = OldTerms(carriers, threshold, 1, len(plain) // SYMBOL_BYTES)
            header = SlotHeader(carrier, floor_id, 0, number, shares[carrier - 1], b"", old)
            seed = f"{floor_id.hex()} {carrier} {number}"
            slots[carrier].append(sealed(header.pack(), symbol.tobytes(), by=by, seed=seed))
    return slots


def dealt_2(
    plain: bytes,
    terms: Terms,
    shards: Mapping[int, Sequence[tuple[int, int]]],
    *,
    said: Terms | None = None,
    by: FloorKeys | None = None,
    veiled: bool = False,
) -> dict[int, list[bytes]]:
    """Deal an archive in version 2, or 4.

    Args:
        plain: the archive.
        terms: as all carriers say them, but for `first` and `shards`, which become those of each.
        shards: for each carrier, by its x, group and symbol number of each shard.
        said: terms that stand in the headers instead, where they lie.
        veiled: deal it in version 4.
    """
    at = list(shards)
    shares = split(CONTENT_KEY, terms.threshold, len(at), chance("shares"), at)
    whole, first = encrypted(plain), 0
    slots: dict[int, list[bytes]] = {}
    starts = [sum(map(terms.source_symbols, range(group))) for group in range(terms.groups + 1)]
    for share, (x, wanted) in zip(shares, shards.items(), strict=True):
        each = max(1, len(wanted) // terms.groups)
        sealed_terms = replace(said or terms, first=first, shards=each).seal(CONTENT_KEY, x)
        first, slots[x] = first + each, []
        for group, number in wanted:
            part = whole[starts[group] * SYMBOL_BYTES : starts[group + 1] * SYMBOL_BYTES]
            header = SlotHeader(x, FLOOR_ID, group, number, share, sealed_terms, veiled=veiled)
            seed = f"{4 if veiled else 2} {x} {group} {number}"
            symbol = encode(part, [number])[0].tobytes()
            if veiled:
                symbol = Veil(CONTENT_KEY).over(group, number, symbol)
            slots[x].append(sealed(header.pack(), symbol, by=by, seed=seed))
    return slots


def spread(slots: Sequence[bytes], start: int = 0) -> dict[int, bytes]:
    """Lay slots out from `start` on, every other one a sector off the last one's end; offset -> slot."""
    return {start + number * (len(slot) + 512): slot for number, slot in enumerate(slots)}


def floor_vector(
    expect: str,
    images: Sequence[Mapping[int, bytes]],
    files: Files = (),
    asked: Mapping[str, str] | None = None,
    size_bytes: int = 1 << 20,
) -> Vector:
    """Images of 1 MiB, noise-free but for their slots, and the files that open from all of them together."""
    head = dict(asked or asking()) | {"image_bytes": str(size_bytes)}
    for number, (name, data) in enumerate(files, 1):
        head[f"file_{number}"] = f"{hashlib.sha256(data).hexdigest()} {json.dumps(name)}"
    body: list[tuple[str, bytes]] = []
    for number, slots in enumerate(images, 1):
        body += [(f"image {number} at {offset}", slot) for offset, slot in slots.items()]
    return Vector(expect, head, tuple(body))


def images_of(vector: Vector) -> list[bytes]:
    """Return the images of a floor vector."""
    made: dict[int, bytearray] = {}
    for title, data in vector.body:
        _, number, _, offset = title.split()
        whole = made.setdefault(int(number), bytearray(int(vector.head["image_bytes"])))
        whole[int(offset) : int(offset) + len(data)] = data
    return [bytes(whole) for _, whole in sorted(made.items())]


def files_of(vector: Vector) -> dict[str, str]:
    """Return name -> SHA-256 of the files a vector expects."""
    lines = [value.split(" ", 1) for key, value in vector.head.items() if key.startswith("file_")]
    return {json.loads(name): digest for digest, name in lines}
