"""Makes spec/vectors/statement/: one case a file, lawful ones and attacks (spec/statement.md).

A file has a head of `name: value` lines: `expect` (`verified`, or the key of the error), `why`, `statement` (JSON-quoted
text), `picture` (base64). Run it to write the files again; a test compares them with what it would write.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from tests.statement.hidden_more import hide_more

from fifthfloor.identity import SigningKey
from fifthfloor.jpeg import coefficients as codec
from fifthfloor.jpeg.canonical import TABLES, CanonicalHeader, CanonicalPicture
from fifthfloor.jpeg.frame import Colour
from fifthfloor.jpeg.huffman import TYPICAL
from fifthfloor.jpeg.segments import segment
from fifthfloor.statement.claims import FACTS, FORMAT, Approval
from fifthfloor.statement.sign import Fact, Original, RedactedBytes, approve_all, sign
from fifthfloor.statement.statement import read

OUT = Path(__file__).resolve().parents[2] / "spec" / "vectors" / "statement"
KEY = SigningKey(bytes(range(32)))
OTHER = SigningKey(bytes(range(1, 33)))
HIDE = ((1, 1), (4, 2))


@dataclass(frozen=True)
class Case:
    expect: str
    why: str
    picture: bytes
    statement: bytes

    def text(self) -> str:
        picture = base64.b64encode(self.picture).decode()
        statement = json.dumps(self.statement.decode("utf-8", "surrogateescape"))
        return f"expect: {self.expect}\nwhy: {self.why}\nstatement: {statement}\npicture: {picture}\n"


def secret(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


def made(
    width: int = 260,
    height: int = 40,
    colour: Colour = "ycbcr",
    sampling: tuple[tuple[int, int], ...] = ((2, 2), (1, 1), (1, 1)),
    seed: str = "picture",
    **more: Any,
) -> CanonicalPicture:
    """Make a picture from hashes, so that it is the same with every version of every library."""
    tables = (bytes(range(1, 65)), bytes(range(2, 66)))
    of = bytes(min(table, 1) for table in TABLES[colour])
    header = CanonicalHeader(width, height, colour, sampling, tables[: max(of) + 1], of, **more)
    stream = b"".join(secret(f"{seed} {block}") for block in range(header.frame.blocks))
    drawn = np.frombuffer(stream, dtype=np.int8).reshape(-1, 32).astype(np.int16) // 16
    coefficients = np.zeros((header.frame.blocks, 64), dtype=np.int16)
    # A few coefficients a block, so that files stay small.
    coefficients[:, [0, 1, 2, 5, 20, 63]] = drawn[:, :6]
    coded = codec.encode(
        header.frame,
        coefficients,
        restart_mcus=header.interval_mcus,
        tables=[(TYPICAL[table], TYPICAL[0x10 | table]) for table in TABLES[colour]],
        order=tuple(range(len(sampling))),
    )
    return CanonicalPicture(header, coded.data, coded.starts, coded.ends)


def facts(shown: tuple[str, ...] = ()) -> dict[str, Fact]:
    values = {"camera": "Kodak S-1", "captured": "2013:03:01 10:00:00", "original": "ab" * 32, "place": ""}
    return {name: Fact(values.get(name, ""), secret(name), name in shown) for name in FACTS}


def signed(
    picture: CanonicalPicture | None = None, hide: Any = HIDE, shown: tuple[str, ...] = (), **more: Any
) -> RedactedBytes:
    original = Original(picture or made(), secret("seed"), hide)
    return sign(more.pop("key", KEY), [original], facts(shown), key_life="story", **more)[0]


def altered(found: RedactedBytes, change: Callable[[Any], Any]) -> bytes:
    document = json.loads(found.statement)
    document = change(document) or document
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def signed_anew(found: RedactedBytes, change: Callable[[Any], Any], key: SigningKey = KEY) -> bytes:
    """As `altered`, and signed by somebody who has a key of his own."""
    document = json.loads(altered(found, change))
    document["signed"]["key"] = key.public.hex()
    document["signature"] = key.sign(_message(document["signed"])).hex()
    return altered(found, lambda _: document)


def _message(signed_part: Any) -> bytes:
    written = json.dumps(signed_part, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return FORMAT.encode() + b"\0" + written.encode()


def put(*path: Any) -> Callable[[Any], None]:
    *names, last, value = path

    def change(document: Any) -> None:
        for name in names:
            document = document[name]
        document[last] = value

    return change


def lawful() -> dict[str, Case]:
    one, all_hidden = signed(), signed(hide=((0, 7),))
    grey = made(70, 33, "grey", ((1, 1),))
    both = sign(
        KEY,
        [Original(made(), secret("a"), HIDE), Original(made(130, 20, seed="small"), secret("b"), ((0, 1),))],
        facts(),
        key_life="once",
    )
    manifest = segment(0xEB, b"JP\0\1\0\0\0\1 a manifest")
    with_manifest = RedactedBytes(one.picture[:20] + manifest + one.picture[20:], one.statement)
    looked = approve_all(
        [one], OTHER, Approval("looked at", "Jang Jin-sung \U0001f5dd", "2026-11-22T05:40:00Z"), key_life="story"
    )[0]
    found = {
        "hidden": (one, "two parts are hidden"),
        "whole": (signed(hide=()), "nothing is hidden"),
        "all_hidden": (all_hidden, "everything is hidden"),
        "hidden_more": (hide_more(signed(hide=()), HIDE), "hidden after it was signed, without the key"),
        "rendition": (both[1], "the smaller of two pictures"),
        "full_of_two": (both[0], "the larger of two pictures"),
        "fact_stripped": (_without_facts(signed(shown=("camera",))), "a fact that the signer showed was taken out"),
        "facts_shown": (signed(shown=("camera", "original")), "two of five facts are shown"),
        "approved": (looked, "somebody looked, and signed again"),
        "grey": (signed(grey, ()), "one component"),
        "one_interval": (signed(made(8, 8, "grey", ((1, 1),)), ((0, 1),)), "the smallest picture, hidden"),
        "sampling_444": (signed(made(sampling=((1, 1), (1, 1), (1, 1))), ((2, 3),)), "4:4:4"),
        "sampling_422": (signed(made(sampling=((2, 1), (1, 1), (1, 1))), ((2, 3),)), "4:2:2"),
        "sampling_440": (signed(made(sampling=((1, 2), (1, 1), (1, 1))), ((2, 3),)), "4:4:0"),
        "rgb": (signed(made(60, 60, "rgb", ((1, 1),) * 3), ((1, 1),)), "RGB"),
        "cmyk_adobe": (signed(made(60, 60, "cmyk adobe", ((1, 1),) * 4), ((1, 1),)), "CMYK as Adobe writes it"),
        "cmyk_plain": (signed(made(60, 60, "cmyk plain", ((1, 1),) * 4), ((1, 1),)), "CMYK without a word"),
        "ycck": (signed(made(60, 60, "ycck", ((1, 1),) * 4), ((1, 1),)), "YCCK"),
        "turned": (signed(made(orientation=6)), "with an orientation"),
        "profile": (signed(made(profile=bytes(range(256)) * 300)), "with a colour profile of two pieces"),
        "manifest": (with_manifest, "a C2PA manifest stands between"),
    }
    return {name: Case("verified", why, both_.picture, both_.statement) for name, (both_, why) in found.items()}


def _without_facts(one: RedactedBytes) -> RedactedBytes:
    return RedactedBytes(one.picture, replace(read(one.statement), disclosed={}).to_bytes())


def attacks_on_pictures() -> dict[str, Case]:
    one, open_one = signed(), signed(hide=())
    parsed = made()
    other = made(seed="other")
    hidden = hide_more(signed(hide=()), HIDE)

    def with_data(picture: CanonicalPicture, source: bytes, order: dict[int, bytes]) -> bytes:
        data = b"".join(
            order.get(i, picture.interval(i))
            + (bytes([0xFF, 0xD0 + i % 8]) if i + 1 < picture.header.intervals else b"")
            for i in range(picture.header.intervals)
        )
        return source[: len(picture.header.to_bytes())] + data + b"\xff\xd9"

    tall = made(height=72)
    thumbnail = segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0" + b"a thumbnail of the original")
    planted = with_data(parsed, one.picture, {i: parsed.interval(i) for i in range(6)})
    quantiser = one.picture.replace(bytes(range(1, 65)), bytes([2, *range(2, 65)]), 1)
    turned = made(orientation=3).to_bytes()
    at = len(parsed.header.to_bytes())
    swapped = {2: parsed.interval(3), 3: parsed.interval(2)}
    changed, odd = "statement.changed", "jpeg.not_canonical"
    return {
        "flipped_bit": Case(changed, "one bit of a kept part", _flip(open_one.picture, at + 40), open_one.statement),
        "swapped": Case(changed, "two kept parts change places", with_data(parsed, one.picture, swapped), open_one.statement),
        "spliced": Case(changed, "a part of another picture", with_data(parsed, one.picture, {3: other.interval(3)}), open_one.statement),
        "planted": Case("statement.planted", "a picture where only the fill may be", planted, one.statement),
        "other_picture": Case(changed, "another picture of the same size", other.to_bytes(), open_one.statement),
        "other_size": Case("statement.header", "a picture of another size", tall.to_bytes(), open_one.statement),
        "quantiser": Case("statement.header", "another quantisation table", quantiser, one.statement),
        "turned_round": Case("statement.header", "another orientation", turned, open_one.statement),
        "profile_added": Case("statement.header", "a colour profile", made(profile=bytes(200)).to_bytes(), open_one.statement),
        "longer_intervals": Case(odd, "another restart interval", _downgraded(), open_one.statement),
        "huffman": Case(odd, "another Huffman table", one.picture.replace(b"\x00\x02\x01\x03\x03", b"\x00\x02\x01\x03\x02", 1), one.statement),
        "trailer": Case(odd, "a byte behind the end", one.picture + b"\0", one.statement),
        "second_image": Case(odd, "a whole picture behind the end", one.picture + open_one.picture, one.statement),
        "comment": Case(odd, "a comment", one.picture[:20] + segment(0xFE, b"hello") + one.picture[20:], one.statement),
        "thumbnail": Case(odd, "EXIF with a thumbnail", one.picture[:20] + thumbnail + one.picture[20:], one.statement),
        "app11_of_no_manifest": Case(odd, "something else behind APP11", one.picture[:20] + segment(0xEB, b"XX") + one.picture[20:], one.statement),
        "fill_bytes": Case(odd, "FF before a marker", one.picture[:-2] + b"\xff\xff\xd9", one.statement),
        "no_end": Case(odd, "no EOI", one.picture[:-2], one.statement),
        "cut": Case(odd, "half of it", one.picture[: len(one.picture) // 2], one.statement),
        "dropped": Case(odd, "an interval less", one.picture[: one.picture.rindex(b"\xff\xd4")] + b"\xff\xd9", one.statement),
        "out_of_turn": Case(odd, "RST1 where RST0 belongs", one.picture.replace(b"\xff\xd0", b"\xff\xd1", 1), one.statement),
        "empty": Case("jpeg.not_jpeg", "no byte at all", b"", one.statement),
        "shown_again": Case("statement.shown", "the open picture under the redacted signature", open_one.picture, _with_proof(one, open_one)),
        "fill_of_another_copy": Case(changed, "the redacted picture with the open statement", hidden.picture, open_one.statement),
    }  # fmt: skip


def attacks_on_statements() -> dict[str, Case]:
    one, open_one = signed(), signed(hide=(), shown=("camera",))
    two = sign(
        KEY, [Original(made(), secret("a"), HIDE), Original(made(seed="b"), secret("b"))], facts(), key_life="story"
    )
    picture, statement = one.picture, one.statement
    malformed, bad, entry = "statement.malformed", "statement.signature", "statement.entry"
    text = statement.decode()
    forged = {"state": "looked at by nobody"}
    hashes = base64.b64decode(json.loads(text)["proof"]["hashes"])
    seeds = base64.b64decode(json.loads(text)["proof"]["seeds"])
    longer = {
        name: base64.b64encode(data + bytes(32)).decode() for name, data in (("hashes", hashes), ("seeds", seeds))
    }
    made_up = base64.b64encode(bytes(32) + hashes[32:]).decode()
    cases: dict[str, tuple[str, str, bytes]] = {
        "signature": (bad, "a signature of somebody else", altered(one, put("signature", KEY.sign(b"x").hex()))),
        "key": (bad, "somebody else's key", altered(one, put("signed", "key", OTHER.public.hex()))),
        "approval_forged": (bad, "an approval nobody signed", altered(one, put("signed", "approval", forged))),
        "life_forged": (bad, "a key that was not kept", altered(one, put("signed", "key_life", "once"))),
        "must_hide_forged": (entry, "a demand taken back", altered(one, put("picture", "entry", "must_hide", []))),
        "entry_of_another_size": (entry, "another size in the entry", altered(one, put("picture", "entry", "width", 261))),
        "entry_salt": (entry, "another salt", altered(one, put("picture", "salt", "00" * 32))),
        "commitment_forged": (bad, "another commitment, and the entry that opens it", _recommitted(one)),
        "entry_left_out": (malformed, "no entry", altered(one, lambda d: d["picture"].pop("entry") and None)),
        "shown_forged": (bad, "a fact that the signer did not show", altered(one, put("signed", "shown", ["camera"]))),
        "shown_out_of_order": (malformed, "shown facts in another order", altered(one, put("signed", "shown", ["raw", "camera"]))),
        "shown_unknown": (malformed, "a fact that there is not", altered(one, put("signed", "shown", ["weather"]))),
        "older_version": (malformed, "the older format's name on this one's members", altered(one, put("signed", "format", "fifthfloor statement 1"))),
        "seed_more": ("statement.proof", "a seed too many", altered(one, put("proof", "seeds", longer["seeds"]))),
        "hash_more": ("statement.proof", "a hash too many", altered(one, put("proof", "hashes", longer["hashes"]))),
        "no_seeds": ("statement.proof", "no seeds", altered(one, put("proof", "seeds", ""))),
        "hash_made_up": ("statement.changed", "a hash of nothing", altered(one, put("proof", "hashes", made_up))),
        "hides_less": ("statement.shown", "fewer hidden parts", altered(one, put("proof", "hidden", [[1, 1], [4, 1]]))),
        "hides_more": ("statement.planted", "more hidden parts than are grey", altered(one, put("proof", "hidden", [[0, 2], [4, 2]]))),
        "other_of_two": ("statement.changed", "the rendition's proof for the large picture", altered(two[0], put("picture", json.loads(two[1].statement)["picture"]))),
        "index_of_two": (entry, "the large picture's entry as the rendition's", altered(two[0], put("picture", "index", 1))),
        "picture_of_none": (malformed, "a picture that is not there", altered(one, put("picture", "index", 1))),
        "space": (malformed, "a space", text.replace(":", ": ", 1).encode()),
        "line_end": (malformed, "a line end", statement + b"\n"),
        "twice": (malformed, "a name given twice", text.replace('"time":null', '"time":null,"time":null').encode()),
        "order": (malformed, "names in another order", ('{"time":null,' + text[1:].replace(',"time":null', "")).encode()),
        "capitals": (malformed, "capitals in hex", altered(one, put("signature", json.loads(text)["signature"].upper()))),
        "float": (malformed, "1.0 for 1", text.replace('"orientation":1', '"orientation":1.0').encode()),
        "exponent": (malformed, "1e0 for 1", text.replace('"orientation":1', '"orientation":1e0').encode()),
        "negative_zero": (malformed, "-0 for 0", text.replace('"index":0', '"index":-0').encode()),
        "true": (malformed, "true for 1", text.replace('"orientation":1', '"orientation":true').encode()),
        "huge": (malformed, "a number of 400 digits", text.replace('"index":0', '"index":' + "9" * 400).encode()),
        "escaped": (malformed, "a letter escaped that need not be", text.replace('"story"', '"\\u0073tory"').encode()),
        "half_a_character": (malformed, "a lone surrogate", text.replace('"story"', '"\\ud800"').encode()),
        "not_utf8": (malformed, "a byte that is no UTF-8", text.encode().replace(b"story", b"stor\xff")),
        "byte_order_mark": (malformed, "a byte order mark", b"\xef\xbb\xbf" + statement),
        "more": (malformed, "a name more", altered(one, put("hello", 1))),
        "prototype": (malformed, "a name more, of JavaScript's", text.replace('{"disclosed"', '{"__proto__":1,"disclosed"').encode()),
        "list": (malformed, "a list", b"[]"),
        "nothing": (malformed, "no byte", b""),
        "deep": (malformed, "lists in lists", b"[" * 5000 + b"]" * 5000),
        "base64_spare_bits": (malformed, "spare bits of base64", altered(one, put("proof", "seeds", base64.b64encode(seeds[:31]).decode()[:-2] + "B="))),
        "base64_length": (malformed, "a seed cut short", altered(one, put("proof", "seeds", base64.b64encode(seeds[:-1]).decode()))),
        "touching_runs": (malformed, "runs that touch", altered(one, put("proof", "hidden", [[1, 1], [4, 1], [5, 1]]))),
        "empty_run": (malformed, "a run of nothing", altered(one, put("proof", "hidden", [[1, 0], [4, 2]]))),
        "run_outside": (malformed, "a run past the end", altered(one, put("proof", "hidden", [[1, 1], [4, 4]]))),
        "run_of_three": (malformed, "three numbers in a run", altered(one, put("proof", "hidden", [[1, 1, 1]]))),
        "no_pictures": (malformed, "no picture", altered(one, put("signed", "pictures", []))),
        "approval_half": (malformed, "who looked, and not when", altered(one, put("signed", "approval", {"state": "looked at", "by": "x"}))),
        "later_version": ("statement.version", "another format", altered(one, put("signed", "format", "fifthfloor statement 4"))),
        "time_index": (malformed, "a place outside of the batch", altered(one, put("time", {"index": 2, "path": "A" * 43 + "=", "salt": "00" * 32, "token": ""}))),
    }  # fmt: skip
    found = {name: Case(expect, why, picture, data) for name, (expect, why, data) in cases.items()}
    guess = {"salt": "00" * 32, "value": "2013:03:01 10:00:00"}
    fact = altered(open_one, put("disclosed", "camera", "value", "Leica"))
    found["fact_changed"] = Case("statement.fact", "another camera", open_one.picture, fact)
    guessed = altered(open_one, put("disclosed", "captured", guess))
    found["fact_guessed"] = Case("statement.fact", "a guess at a withheld fact", open_one.picture, guessed)
    moved = altered(open_one, lambda d: put("disclosed", "place", d["disclosed"]["camera"])(d))
    found["fact_moved"] = Case("statement.fact", "the camera given for the place", open_one.picture, moved)
    return found


def attacks_on_signatures() -> dict[str, Case]:
    """Keys and signatures that libraries judge differently, and texts that would mislead whoever reads them."""
    one = signed(hide=(), shown=("camera",))
    order = (1 << 252) + 27742317777372353535851937790883648493
    raw = bytes.fromhex(json.loads(one.statement)["signature"])
    high = raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little")
    neutral, negative = bytes([1]) + bytes(31), bytes([1]) + bytes(30) + b"\x80"
    above = ((1 << 255) - 18).to_bytes(32, "little")

    def anybodys(key: bytes, document: Any) -> None:
        document["signed"]["key"] = key.hex()
        document["signature"] = (neutral + bytes(32)).hex()

    def named(name: str) -> bytes:
        return signed_anew(
            one, put("signed", "approval", {"at": "2026-11-22T05:40:00Z", "by": name, "state": "looked at"})
        )

    bad, malformed = "statement.signature", "statement.malformed"
    cases = {
        "signature_plus_order": (bad, "the same signature with S raised by L", altered(one, put("signature", high.hex()))),
        "key_of_order_1": (bad, "the neutral point as key: one signature is good for everything", altered(one, lambda d: anybodys(neutral, d))),
        "key_of_order_1_turned": (bad, "the neutral point with a sign", altered(one, lambda d: anybodys(negative, d))),
        "key_above_the_prime": (bad, "the neutral point written a second way", altered(one, lambda d: anybodys(above, d))),
        "key_of_order_2": (bad, "a key of order 2, and a statement whose hash is even", _of_small_order(one, ((1 << 255) - 20).to_bytes(32, "little"))),
        "key_of_order_8": (bad, "a key of order 8, and a statement whose hash it divides", _of_small_order(one, bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"))),
        "name_that_steers_a_terminal": (malformed, "an escape sequence in a signed name", named("\x1b[2K\x1b[1A proved")),
        "name_of_two_lines": (malformed, "a line end in a signed name", named("Jang\nproved: a camera took it")),
        "name_turned_round": (malformed, "a signed name that is written from right to left", named("\u202egnaJ")),
        "name_with_c1": (malformed, "a control character above DEL in a signed name", named("Jang\x9b2K")),
        "fact_that_steers_a_terminal": (malformed, "an escape sequence in a fact", altered(one, put("disclosed", "camera", "value", "Leica\x1b[2K"))),
        "names_joined": (malformed, "two names joined to one", altered(one, put("disclosed", "camera", {"salt,value": "Leica"}))),
        "true_for_format": ("statement.version", "true where the format belongs", altered(one, put("signed", "format", True))),
    }  # fmt: skip
    return {name: Case(expect, why, one.picture, data) for name, (expect, why, data) in cases.items()}


def likenesses() -> dict[str, Case]:
    """Version 3: what the picture looks like is committed to, and anybody can take it out of his copy."""
    one = signed(likeness=lambda _: bytes(range(64)))
    more = hide_more(one, ((6, 1),))
    bad, malformed = "statement.likeness", "statement.malformed"
    told = json.loads(one.statement)["likeness"]
    long = {"bytes": base64.b64encode(bytes(8193)).decode(), "salt": told["salt"]}
    return {
        "likeness": Case("verified", "what the picture looks like is told", one.picture, one.statement),
        "likeness_withheld": Case("verified", "a copy that does not tell it", one.picture, altered(one, put("likeness", None))),
        "likeness_hidden_more": Case("verified", "whoever hides more takes it out", more.picture, more.statement),
        "likeness_other": Case(bad, "another one than was committed to", one.picture, altered(one, put("likeness", told | {"bytes": "AAAA"}))),
        "likeness_other_salt": Case(bad, "another salt", one.picture, altered(one, put("likeness", told | {"salt": "00" * 32}))),
        "likeness_long": Case(malformed, "8,193 bytes", one.picture, altered(one, put("likeness", long))),
        "likeness_named_2": Case(malformed, "version 2 has none", one.picture, altered(one, put("signed", "format", FORMAT))),
        "likeness_uncommitted": Case("statement.signature", "another commitment", one.picture, altered(one, put("signed", "likeness", "00" * 32))),
        "likeness_true": Case(malformed, "true where the object belongs", one.picture, altered(one, put("likeness", True))),
    }  # fmt: skip


def _of_small_order(one: RedactedBytes, key: bytes) -> bytes:
    """Make a statement that a library accepts under a key of small order, if it does not refuse such keys."""
    message = {}
    for number in range(1000):
        name = {"at": "2026-11-22T05:40:00Z", "by": f"Jang {number}", "state": "looked at"}
        document = json.loads(altered(one, put("signed", "approval", name)))
        document["signed"]["key"] = key.hex()
        signature = bytes([1]) + bytes(63)
        message = document | {"signature": signature.hex()}
        hashed = hashlib.sha512(signature[:32] + key + _message(document["signed"])).digest()
        # The neutral point as R, S = 0: the equation holds where the hash (mod L) is a multiple of the order.
        if int.from_bytes(hashed, "little") % ((1 << 252) + 27742317777372353535851937790883648493) % 8 == 0:
            break
    return altered(one, lambda _: message)


def _recommitted(one: RedactedBytes) -> bytes:
    """Take a demand back, and commit to that: only the signature is left to notice."""
    stated = read(one.statement)
    claim = replace(stated.claim, must_hide=())
    claims = replace(stated.claims, pictures=(claim.commitment(stated.salt),))
    return replace(stated, claim=claim, claims=claims).to_bytes()


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def _with_proof(one: RedactedBytes, other: RedactedBytes) -> bytes:
    return altered(one, put("proof", json.loads(other.statement)["proof"]))


def _downgraded() -> bytes:
    picture = made()
    header = picture.header.to_bytes().replace(b"\xff\xdd\0\4\0\x08", b"\xff\xdd\0\4\0\x10")
    if header == picture.header.to_bytes():
        raise ValueError("the restart interval was not found")
    return header + picture.data + b"\xff\xd9"


def cases() -> dict[str, str]:
    """Return name to text of every vector."""
    found = {**lawful(), **attacks_on_pictures(), **attacks_on_statements(), **attacks_on_signatures(), **likenesses()}
    return {name: case.text() for name, case in sorted(found.items())}


def main() -> int:
    OUT.mkdir(parents=True, exist_ok=True)
    written = cases()
    for stale in {path.name for path in OUT.iterdir()} - set(written):
        (OUT / stale).unlink()
    for name, text in written.items():
        (OUT / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
