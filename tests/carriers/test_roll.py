"""Photographs as carriers (spec/roll-carrier.md), judged by a reader of the spec's own words and by other programs."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import random
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from PIL import Image
from tests.carriers.covers_made import drawn, photograph

from fifthfloor.carriers.roll import viterbi
from fifthfloor.carriers.roll.both_layers import for_first_layer, sharpness_of
from fifthfloor.carriers.roll.columns import TRELLIS_COLUMNS, columns_of
from fifthfloor.carriers.roll.covers import cover_of, ladder_of
from fifthfloor.carriers.roll.embedding import embed, extract, has_whole_table, richness
from fifthfloor.carriers.roll.judging import reason_against
from fifthfloor.errors import BadInput
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.jpeg import segments

KEYS = FloorKeys(b"r" * 32, b"s" * 32, b"o" * 32)
CIPHER = SlotCipher(KEYS)


def written(data: bytes, *slots: bytes) -> bytes:
    made = embed(cover_of(data), slots, KEYS.roll)
    assert made is not None
    return made.data


def slot(seed: int) -> bytes:
    made, chance = bytearray(1024), random.Random(seed)
    header = SlotHeader(7, b"f" * 16, 0, seed, b"h" * 32, b"t" * 32, fine=True)
    CIPHER.seal_into([(header, chance.randbytes(880))], chance.randbytes(16), [memoryview(made)])
    return bytes(made)


@pytest.fixture(scope="module")
def original() -> bytes:
    return photograph(1, 1048, 792)  # 131 by 99 blocks: MCUs are filled up with some that are not seen


@pytest.fixture(scope="module")
def carrying(original: bytes) -> bytes:
    return written(original, slot(1))


def by_the_spec(data: bytes, count: int, number: int, roll_key: bytes = KEYS.roll, rows: int = 12) -> bytes:
    """Read a slot as sections 3 and 4 say it, with none of our kernels but the codec's."""
    columns = TRELLIS_COLUMNS[rows]
    picture = cover_of(data).picture
    frame, text = picture.frame, b""
    text += struct.pack(">HHB", frame.width, frame.height, len(frame.components))
    for index, part in enumerate(frame.components):
        text += (
            bytes([part.horizontal, part.vertical]) + picture.header.quantisers[part.quantiser].astype(">u2").tobytes()
        )
        text += picture.plane(index)[: part.blocks_high, : part.blocks_wide, 0].astype(">i2").tobytes()
    extracted = hmac.digest(bytes(32), roll_key, "sha256")
    key = hmac.digest(extracted, b"fifthfloor/3 order" + hashlib.sha256(text).digest() + b"\x01", "sha256")
    luma = picture.plane(0)[: frame.components[0].blocks_high, : frame.components[0].blocks_wide].reshape(-1, 64)
    blocks = len(luma)
    stream = Cipher(algorithms.AES(key), modes.CTR(bytes(16))).encryptor().update(bytes(8 * (blocks + 63)))
    words = struct.unpack(f">{blocks + 63}Q", stream)
    order = np.array(sorted(range(blocks), key=lambda block: words[block]))
    turns = np.array([word % blocks for word in words[blocks:]])
    places = np.arange(63 * blocks * number // count, 63 * blocks * (number + 1) // count)
    said = luma[order[(places // 63 + turns[places % 63]) % blocks], 1 + places % 63].astype(int)
    bits: list[int] = []
    for layer in (0, 1):
        pending = 0
        for j in range(4096):
            window = said[j * len(said) // 4096 : (j + 1) * len(said) // 4096]
            for place in np.flatnonzero((window >> layer) & 1).tolist():
                pending ^= columns[place % len(columns)]
            bits.append(pending & 1)
            pending >>= 1
    return np.packbits(bits).tobytes()


def test_a_reader_of_the_spec_alone_reads_what_was_written(carrying: bytes) -> None:
    assert by_the_spec(carrying, 1, 0) == slot(1)
    assert extract(cover_of(carrying), CIPHER, KEYS) == [slot(1)]


def test_only_luma_changes_by_one_and_never_a_mean(original: bytes, carrying: bytes) -> None:
    before, after = cover_of(original), cover_of(carrying)
    changed = after.picture.coefficients.astype(int) - before.picture.coefficients
    assert 500 < np.count_nonzero(changed) < 4_000  # some four bits a change or more
    assert np.abs(changed).max() == 1
    assert not changed[:, 0].any()
    others = np.ones(len(changed), np.bool_)
    others[before.rows] = False
    assert not changed[others].any()
    assert after.fingerprint == before.fingerprint


def test_every_byte_outside_of_the_scan_stays(original: bytes, carrying: bytes) -> None:
    for before, after in zip(segments.split(original), segments.split(carrying), strict=True):
        assert before.marker == after.marker
        assert (before.raw == after.raw) == (before.marker != segments.CODED)


def test_other_keys_and_untouched_photographs_say_nothing(original: bytes, carrying: bytes) -> None:
    assert extract(cover_of(original), CIPHER, KEYS) == []
    for other in (FloorKeys(b"x" * 32, b"s" * 32, b"o" * 32), FloorKeys(b"r" * 32, b"s" * 32, b"x" * 32)):
        assert extract(cover_of(carrying), SlotCipher(other), other) == []


@pytest.mark.judge("exiftool", "djpeg", "jpegtran")
def test_other_programs_see_a_lawful_photograph_and_may_rewrite_its_head(
    tmp_path: Path, original: bytes, carrying: bytes
) -> None:
    before, after = tmp_path / "before" / "a.jpg", tmp_path / "after" / "a.jpg"
    for path, data in ((before, original), (after, carrying)):
        path.parent.mkdir()
        path.write_bytes(data)
    tags = [
        subprocess.run(["exiftool", "-a", "-u", "-g1", "--System:all", path], check=True, capture_output=True).stdout
        for path in (before, after)
    ]
    assert tags[0] == tags[1]
    decoded = subprocess.run(["djpeg", after], check=True, capture_output=True)
    assert not decoded.stderr
    assert Image.open(io.BytesIO(decoded.stdout)).size == (1048, 792)
    assert np.asarray(Image.open(io.BytesIO(carrying))).shape == (792, 1048, 3)
    turned = subprocess.run(["jpegtran", "-optimize", "-copy", "none", after], check=True, capture_output=True).stdout
    subprocess.run(["exiftool", "-q", "-all=", "-overwrite_original", after], check=True)
    for rewritten in (turned, after.read_bytes()):
        assert rewritten != carrying
        assert extract(cover_of(rewritten), CIPHER, KEYS) == [slot(1)]


def test_several_slots_in_one_photograph() -> None:
    original = photograph(2, 1536, 1152)
    cover = cover_of(original)
    count = ladder_of(len(cover.rows))[-1]
    slots = [slot(number) for number in range(count)]
    assert count == 2
    carrying = written(original, *slots)
    assert extract(cover_of(carrying), CIPHER, KEYS) == slots
    assert [by_the_spec(carrying, count, number) for number in range(count)] == slots


def test_a_table_with_few_codes_is_written_with_its_own_codes() -> None:
    # Optimised tables hold the codes that occurred and no others.
    data = photograph(3, optimize=True, noise=14.0, restart_marker_rows=0)
    cover = cover_of(data)
    assert not has_whole_table(cover)
    carrying = written(data, slot(3))
    assert extract(cover_of(carrying), CIPHER, KEYS) == [slot(3)]
    moved = cover_of(carrying).picture.coefficients != 0
    assert np.array_equal(moved, cover.picture.coefficients != 0)  # no run of zeros is another


def test_a_photograph_that_cannot_hold_it_says_so() -> None:
    grey = Image.new("L", (1056, 800), 128)
    out = io.BytesIO()
    grey.save(out, "JPEG")
    assert embed(cover_of(out.getvalue()), [slot(1)], KEYS.roll) is None


def plain(**options: Any) -> bytes:
    out = io.BytesIO()
    drawn(4).save(out, "JPEG", **({"quality": 93} | options))
    return out.getvalue()


def twice(first: int, second: int) -> bytes:
    once = Image.open(io.BytesIO(photograph(5, quality=first)))
    out = io.BytesIO()
    once.save(out, "JPEG", quality=second, exif=once.getexif())
    return out.getvalue()


def edited() -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0131] = "Example", "Adobe Photoshop Lightroom 6.0"
    return photograph(6, exif=exif)


XMP_TOLD = {
    "tool": '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="Adobe Lightroom 9.0"/>',
    "software": '<rdf:Description xmlns:t="http://ns.adobe.com/tiff/1.0/"><t:Software>GIMP 2.10</t:Software>',
    "agent": '<rdf:li xmlns:e="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" e:softwareAgent="darktable 4"/>',
    "settings": '<rdf:Description xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" crs:Exposure2012="+1.5"/>',
}


def told_by(where: str) -> bytes:
    """A photograph with Exif as a camera writes it, and a program's name in XMP or in a comment."""
    pieces = list(segments.split(photograph(7)))
    if where == "comment":
        told = segments.segment(segments.COM, b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 93")
    else:
        told = segments.segment(segments.APP1, b"http://ns.adobe.com/xap/1.0/\0" + XMP_TOLD[where].encode())
    return b"".join([pieces[0].raw, pieces[1].raw, told, *(piece.raw for piece in pieces[2:])])


@pytest.mark.parametrize("where", [*XMP_TOLD, "comment"])
def test_a_program_that_tells_of_itself_elsewhere_is_seen(where: str) -> None:
    data = told_by(where)
    cover = cover_of(data)
    assert reason_against(data, cover, richness(cover)) == "roll.why.edited"


def with_distances() -> bytes:
    pieces = list(segments.split(photograph(7)))
    told = segments.segment(segments.APP2, b"MPF\0MM\0*\0\0\0\x08")
    return b"".join([pieces[0].raw, told, *(piece.raw for piece in pieces[1:])])


def with_a_preview_behind() -> bytes:
    """A preview behind the picture, and in Exif a number that says where, counted from Exif's own header."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0100] = "Example", 0x7A6B5C4D
    data = photograph(10, exif=exif)
    where = data.rindex(b"\xff\xd9") + 2 + 100 - (data.index(b"Exif\0\0") + 6)
    assert data.count(b"\x7a\x6b\x5c\x4d") == 1
    data = data.replace(b"\x7a\x6b\x5c\x4d", where.to_bytes(4, "big"))
    return data.removesuffix(b"a trailer of the camera's") + bytes(100) + b"\x02\xd8\xff\xdb the rest"


def filled_up() -> bytes:
    data = photograph(14)
    return data + bytes(-len(data) % 512)


def blown() -> bytes:
    picture = np.asarray(drawn(8)).copy()
    picture[:320] = 255
    exif = Image.Exif()
    exif[0x010F] = "Example"
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=93, exif=exif)
    return out.getvalue()


@pytest.mark.parametrize(
    ("why", "made"),
    [
        ("", photograph),
        ("roll.why.no_camera", lambda _: plain()),
        ("roll.why.double", lambda _: twice(70, 93)),
        ("roll.why.edited", lambda _: edited()),
        ("roll.why.distances", lambda _: with_distances()),
        ("roll.why.distances", lambda _: with_a_preview_behind()),
        ("roll.why.rounded", lambda _: filled_up()),
        ("roll.why.blown", lambda _: blown()),
        ("roll.why.flat", lambda _: photograph(9, noise=0.0, quality=40)),
    ],
)
def test_what_is_no_cover_is_refused_by_name(why: str, made: Any) -> None:
    data = made(1)
    cover = cover_of(data)
    assert reason_against(data, cover, richness(cover)) == why


def test_a_scan_that_is_not_coded_to_the_same_bytes_is_refused(original: bytes) -> None:
    pieces = list(segments.split(original))
    at = next(number for number, piece in enumerate(pieces) if piece.marker == segments.CODED)
    # Stray restart markers and zero bits behind the last block: decoders skip them, and nothing says how many.
    changed = [piece.raw for piece in pieces]
    changed[at] = changed[at].replace(b"\xff\xd0", b"\xff\xff\xd0", 1)
    data = b"".join(changed)
    cover = cover_of(data)
    assert reason_against(data, cover, richness(cover)) == "roll.why.round_trip"


@pytest.mark.parametrize("options", [{"progressive": True}])
def test_a_progressive_photograph_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as error:
        cover_of(plain(**options))
    assert error.value.key == "roll.progressive"


@pytest.mark.parametrize("height", [8, 12])
def test_the_trellis_finds_the_cheapest_changes_there_are(height: int) -> None:
    """All 2^12 sets of changes, weighed by the matrix of the code written out."""
    chance = np.random.default_rng(height)
    columns = columns_of(height)[:3]
    for _ in range(4):
        costs = chance.random((4, 3)).astype(np.float32)
        wrong = chance.integers(0, 2, 4).astype(np.uint8)
        matrix = np.zeros((4, 12), int)
        for bit, (j, k) in itertools.product(range(4), itertools.product(range(4), range(3))):
            matrix[bit, 3 * j + k] = (int(columns[k]) >> (bit - j)) & 1 if bit >= j else 0
        sets = np.array(list(itertools.product((0, 1), repeat=12)))
        lawful = (sets @ matrix.T % 2 == wrong).all(axis=1)
        flips, price = viterbi.choose(costs, columns, wrong, height, viterbi.FORBIDDEN)
        assert (matrix @ flips.reshape(-1) % 2 == wrong).all()
        assert price == pytest.approx((sets[lawful] * costs.reshape(-1)).sum(axis=1).min(), rel=1e-5)
        assert (flips * costs).sum() == pytest.approx(price, rel=1e-5)


def test_what_is_dear_is_left_out_and_costs_next_to_nothing() -> None:
    chance, columns = np.random.default_rng(4), columns_of()
    costs = chance.exponential(size=(300, 110)).astype(np.float32)
    costs[7] += 50  # a window in which all is dear
    costs[:, 5] = viterbi.FORBIDDEN
    kept, counts = viterbi.contenders(costs, np.float32(0.12))
    for row, (classes, count) in enumerate(zip(kept, counts.tolist(), strict=True)):
        cheapest = np.argsort(costs[row], kind="stable")[:16]
        assert count == min(16, max(6, int((costs[row] <= 0.12).sum())))
        assert classes[:count].tolist() == cheapest[:count].tolist()
    wrong = chance.integers(0, 2, 300).astype(np.uint8)
    some, all_ = (viterbi.choose(costs, columns, wrong, 12, np.float32(most)) for most in (0.12, 1e30))
    assert all_[1] <= some[1] <= 1.02 * all_[1]
    barred = np.full((300, 110), viterbi.FORBIDDEN)
    assert viterbi.choose(barred, columns, np.ones(300, np.uint8), 12, np.float32(1))[1] == viterbi.NO_PATH


def test_the_first_of_two_layers_changes_as_often_as_half_of_the_best_ternary_code() -> None:
    up = 0.1  # and as often down; costs are 1, so the code's odds say what they weigh
    bits = -(2 * up * np.log2(up) + (1 - 2 * up) * np.log2(1 - 2 * up))
    sharpness = sharpness_of(np.ones(500, np.float32), bits)
    assert np.exp(-sharpness) / (1 + 2 * np.exp(-sharpness)) == pytest.approx(up, rel=1e-6)
    alone = np.exp(-sharpness * for_first_layer(np.ones(1, np.float32), sharpness))
    assert alone / (1 + alone) == pytest.approx(up, rel=1e-5)
    assert for_first_layer(np.full(1, 1e30, np.float32), sharpness) == np.float32(1e30)  # forbidden stays forbidden
    half = sharpness_of(np.array([1.0, 0.0] * 250, np.float32), bits / 2)  # places that may not change say nothing
    assert half == pytest.approx(sharpness, rel=1e-6)


def test_the_ladder_has_at_most_eight_steps_and_begins_where_a_slot_fits() -> None:
    assert ladder_of(504 * 378) == (1, 2, 4, 5, 8, 11, 17)  # 12 megapixels
    assert ladder_of(11_096) == ()
    assert all(len(ladder_of(blocks)) <= 8 for blocks in (11_097, 10**5, 10**6))


def test_hostile_files_are_refused_by_name_or_carry_nothing(carrying: bytes) -> None:
    chance = random.Random(16)
    for _ in range(25):
        data = bytearray(carrying)
        for _ in range(chance.choice((1, 3, 30))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            found = extract(cover_of(bytes(data[: chance.choice((len(data), len(data) // 2))])), CIPHER, KEYS)
        except BadInput:
            continue
        assert len(found) <= 1
