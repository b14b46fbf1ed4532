"""Seal what a camera took, for a Raspberry Pi and the like: spec/sealed-shot.md with nothing but `cryptography`.

    python3 -m venv v;  v/bin/pip install 'cryptography>=47'
    libcamera-jpeg -o - | v/bin/python shot.py --to line.txt 0001.jpg.shot

line.txt holds what `fifthfloor identity show` prints, or the recipient's line alone; --to may be repeated. Reads from
standard input, piece by piece, and never keeps anything that opens the file again. Exit codes: 0 done, 2 called
wrongly, 3 a line is wrong or the file is there already.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE = 65_536
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def public_half(text: str) -> bytes:
    """Read a recipient's line (spec/sealed.md, section 1; BIP-350) out of a text. Raises ValueError."""
    found = re.search(rf"(?ai)fifthfloor1(?:\s*[{LETTERS}]){{1952}}(?!\S)", text)
    line = "".join(found[0].split()) if found else ""  # 1,963 characters: what a text says after it is none of the line
    numbers = [LETTERS.index(letter) for letter in line[11:].lower()]
    prefix = "fifthfloor"
    check = 1
    for number in [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix] + numbers:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ number
        for bit, by in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= by if top >> bit & 1 else 0
    bits = "".join(f"{number:05b}" for number in numbers[:-6])
    right = check == 0x2BC830A3 and line in (line.lower(), line.upper())
    if not right or len(bits) // 8 != 1216 or "1" in bits[1216 * 8 :]:
        raise ValueError("the recipient's line is wrong: copy the whole of it")
    return int(bits[: 1216 * 8], 2).to_bytes(1216, "big")


def derive(secret: bytes, word: bytes, bound: bytes) -> ChaCha20Poly1305:
    info = b"fifthfloor/1 " + word + hashlib.sha256(bound).digest()
    return ChaCha20Poly1305(HKDF(SHA256(), 32, None, info).derive(secret))


def sealed(source: BinaryIO, lines: list[str]) -> Iterator[bytes]:
    """Give the sealed shot piece by piece."""
    file_key, keys = os.urandom(32), b""
    for public in map(public_half, lines):
        mine = X25519PrivateKey.generate()
        shared_m, ciphertext = MLKEM768PublicKey.from_public_bytes(public[32:]).encapsulate()
        sent = mine.public_key().public_bytes_raw() + ciphertext
        shared_x = mine.exchange(X25519PublicKey.from_public_bytes(public[:32]))
        keys += sent + derive(shared_m + shared_x, b"shot", sent + public).encrypt(bytes(12), file_key, None)
    header = b"fifthfloor shot\x01" + bytes([len(lines)]) + keys
    yield header
    payload, number, piece = derive(file_key, b"shot payload", header), 0, source.read(PIECE)
    while True:
        while 0 < len(piece) < PIECE and (more := source.read(PIECE - len(piece))):
            piece += more  # a pipe gives what it has
        following = source.read(PIECE) if len(piece) == PIECE else b""
        nonce = number.to_bytes(11, "big") + bytes([not following])
        yield payload.encrypt(nonce, piece, None)
        if not following:
            return
        number, piece = number + 1, following


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Seal a shot to somebody at home; nobody here can open it.")
    parser.add_argument("--to", required=True, action="append", type=Path, metavar="FILE", help="holds a line; repeat")
    parser.add_argument("out", type=Path, metavar="OUT", help="a new file")
    given = parser.parse_args(arguments)
    try:
        lines = [path.read_text(encoding="utf-8") for path in given.to]
        for line in lines:
            public_half(line)  # before the camera gives anything
        with given.out.open("xb") as out:
            for piece in sealed(sys.stdin.buffer, lines):
                out.write(piece)
            out.flush()
            os.fsync(out.fileno())
    except (OSError, ValueError) as error:
        print(f"shot: error: {error}", file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
