"""Random and structured changes to pictures and statements, for the suite (short) and bench/mutations.py (long).

Every change is one a verifier must refuse, or one that changed nothing. A change is `(picture, statement)`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.outside import REPOSITORY

from fifthfloor.errors import FifthFloorError
from fifthfloor.identity import SigningKey
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.statement.verify import verify

Pair = tuple[bytes, bytes]
VERIFY_JS = REPOSITORY / "src" / "fifthfloor" / "statement" / "verify.js"

ODD: list[Any] = [None, True, False, -1, 0, 1, 2, 3, 1 << 31, 1 << 60, 1.5, 1e300]
ODD += ["", "00", "a" * 64, "\x1b[2K", "\u202e", "\x7f", "\U0001f5dd", "A" * 44, [], {}, [[0, 1]], [[1, 1]], [[0, 4]]]


def mutations(found: RedactedBytes, other: RedactedBytes, seed: int) -> Iterator[Pair]:
    """Yield changes without end; `other` is another signed picture to take parts from."""
    chance = random.Random(seed)
    while True:
        kind = chance.randrange(8)
        if kind < 3:
            yield _bytes(found.picture, other.picture, chance), found.statement
        elif kind < 5:
            yield found.picture, _bytes(found.statement, other.statement, chance)
        elif kind < 7:
            yield found.picture, _document(found.statement, other.statement, chance)
        else:
            yield _bytes(found.picture, other.picture, chance), _document(found.statement, other.statement, chance)


def signed_anew(found: RedactedBytes, other: RedactedBytes, key: SigningKey, seed: int) -> Iterator[Pair]:
    """Yield changes of a forger who signs them with a key of his own: what both verifiers must only agree on."""
    chance = random.Random(seed)
    while True:
        document = json.loads(_document(found.statement, other.statement, chance))
        try:
            document["signed"]["key"] = key.public.hex()
            # He commits to what he has changed too, or every change would end at the commitment.
            opened = document["picture"]
            committed = hashlib.sha256(b"\x0a" + bytes.fromhex(opened["salt"]) + _dump(opened["entry"])).hexdigest()
            document["signed"]["pictures"][opened["index"]] = committed
            message = document["signed"]["format"].encode() + b"\0" + _dump(document["signed"])
            document["signature"] = key.sign(message).hex()
        except (KeyError, TypeError, AttributeError, ValueError, IndexError):
            continue
        yield found.picture, _dump(document)


def headers_changed(pictures: Sequence[RedactedBytes], seed: int) -> Iterator[Pair]:
    """Yield pictures whose header's segments were dropped, doubled, moved, changed, exchanged, or joined by manifests.

    What is accepted must be one of the pictures when its manifests are taken out (`without_manifests`).
    """
    chance = random.Random(seed)
    while True:
        found = chance.choice(pictures)
        pieces = _pieces(found.picture)
        for _ in range(chance.choice([1, 1, 2, 3])):
            _change_pieces(pieces, chance.choice(pictures), chance)
        yield b"".join(pieces), found.statement


def without_manifests(picture: bytes) -> bytes:
    """Return a picture without its APP11 segments."""
    return b"".join(piece for piece in _pieces(picture) if piece[:2] != b"\xff\xeb")


def _pieces(picture: bytes) -> list[bytes]:
    """Cut a canonical picture into SOI, its segments up to SOS, and the rest."""
    pieces, at = [picture[:2]], 2
    while picture[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(picture[at + 2 : at + 4], "big")
        pieces.append(picture[at:end])
        at = end
    return [*pieces, picture[at:]]


def _change_pieces(pieces: list[bytes], donor: RedactedBytes, chance: random.Random) -> None:
    at = chance.randrange(1, len(pieces))
    kind = chance.randrange(8)
    if kind == 0 and len(pieces) > 3:
        del pieces[at]
    elif kind == 1:
        pieces.insert(at, chance.choice(pieces[1:]))
    elif kind == 2:
        other = chance.randrange(1, len(pieces))
        pieces[at], pieces[other] = pieces[other], pieces[at]
    elif kind == 3:
        piece = bytearray(pieces[at])
        piece[chance.randrange(min(len(piece), 80))] = chance.choice([0, 1, 2, 6, 9, 0xFF, chance.randrange(256)])
        pieces[at] = bytes(piece)
    elif kind == 4:
        pieces[at] = chance.choice(_pieces(donor.picture)[1:])
    else:
        payload = chance.choice([b"JP", b"JP\0\1 a manifest", b"JX", b"", b"J", b"JP" + chance.randbytes(300)])
        pieces.insert(at, b"\xff\xeb" + (len(payload) + 2).to_bytes(2, "big") + payload)


def outcome(picture: bytes, statement: bytes) -> str:
    """Return `verified` or the key of the refusal; anything but the lawful errors comes through."""
    try:
        verify(picture, statement)
    except FifthFloorError as error:
        return error.key
    return "verified"


class Script:
    """verify.js in one Node process, asked for many outcomes at a time: `ask` a few hundred pairs, then `answers`."""

    def __init__(self) -> None:
        judge = str(Path(__file__).with_name("mutations.js"))
        command = ["node", "--no-warnings", judge, str(VERIFY_JS)]
        self._node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, pairs: Iterable[Pair]) -> None:
        """Hand over pairs; their answers have to fit into a pipe (64 KiB)."""
        assert self._node.stdin
        for pair in pairs:
            self._node.stdin.write(json.dumps([base64.b64encode(part).decode() for part in pair]) + "\n")
        self._node.stdin.flush()

    def answers(self, count: int) -> list[str]:
        """Return the outcomes of that many pairs, in order."""
        assert self._node.stdout
        return [self._node.stdout.readline().rstrip("\n") for _ in range(count)]

    def close(self) -> None:
        """End the process."""
        self._node.communicate()


@contextmanager
def script() -> Iterator[Script]:
    """Start verify.js in Node, and end it."""
    judge = Script()
    try:
        yield judge
    finally:
        judge.close()


def both(judge: Script, pairs: Sequence[Pair]) -> list[tuple[str, str]]:
    """Return Python's outcome and JavaScript's for each pair; they work at the same time."""
    judge.ask(pairs)
    ours = [outcome(*pair) for pair in pairs]
    return list(zip(ours, judge.answers(len(pairs)), strict=True))


def lawful(found: RedactedBytes, picture: bytes, statement: bytes) -> bool:
    """Say whether nothing was changed but that a fact is withheld, which anybody may do."""
    if picture != found.picture:
        return False
    if statement == found.statement:
        return True
    try:
        document, original = json.loads(statement), json.loads(found.statement)
        shown = document["disclosed"]
        original["disclosed"] |= {name: None for name in original["disclosed"] if shown[name] is None}
    except (ValueError, KeyError, TypeError):
        return False
    return statement == _dump(original)


def _dump(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _bytes(data: bytes, other: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    at = chance.randrange(len(out))
    length = min(chance.choice([1, 1, 1, 2, 4, 16, 64, 600]), len(out) - at)
    kind = chance.randrange(9)
    if kind < 3:
        out[at] ^= 1 << chance.randrange(8)
    elif kind == 3:
        out[at : at + length] = chance.randbytes(length)
    elif kind == 4:
        del out[at : at + length]
    elif kind == 5:
        out[at:at] = chance.randbytes(length)
    elif kind == 6:
        start = chance.randrange(len(other))
        out[at : at + length] = other[start : start + length]
    elif kind == 7:
        start = chance.randrange(len(out))
        out[at : at + length] = out[start : start + length]
    else:
        marker = chance.choice([0xD0, 0xD8, 0xD9, 0xDA, 0xDB, 0xC4, 0xE1, 0xEB, 0xFE, 0xFF, 0x00])
        out[at : at + 2] = bytes([0xFF, marker])
    return bytes(out)


def _document(data: bytes, other: bytes, chance: random.Random) -> bytes:
    document, donor = json.loads(data), json.loads(other)
    place, given = document, donor
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = chance.choice(keys)
        deeper = place[key]
        if isinstance(deeper, dict | list) and deeper and chance.random() < 0.8:
            place = deeper
            given = given[key] if _has(given, key) else None
            continue
        kind = chance.randrange(4)
        if kind == 0:
            place[key] = chance.choice(ODD)
        elif kind == 1 and _has(given, key):
            place[key] = given[key]
        elif kind == 2:
            del place[key]
        elif isinstance(deeper, str) and deeper:
            at = chance.randrange(len(deeper))
            place[key] = deeper[:at] + chance.choice("0123456789abcdefXYZ+/=") + deeper[at + 1 :]
        elif isinstance(deeper, int):
            place[key] = deeper + chance.choice([-1, 1])
        break
    return _dump(document)


def _has(given: Any, key: Any) -> bool:
    if isinstance(given, dict):
        return key in given
    return isinstance(given, list) and isinstance(key, int) and key < len(given)
