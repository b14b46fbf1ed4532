"""Hostile pictures and statements: refused by name, in bounded time and memory, by both verifiers."""

from __future__ import annotations

import base64
import itertools
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jpeg.pictures import jpeg
from tests.statement.mutations import (
    both,
    headers_changed,
    lawful,
    mutations,
    outcome,
    script,
    signed_anew,
    without_manifests,
)
from tests.statement.stories import OTHER_KEY, secret, signed
from tests.statement.test_vectors import VECTORS, head

from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.jpeg.grammar import parse
from fifthfloor.statement.canonical_json import MAX_JSON_BYTES
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.statement.statement import read
from fifthfloor.statement.verify import verify

SMALL: dict[str, Any] = {"width": 130, "height": 40}
FOUND = signed(((1, 2),), shown=("camera",), values={"camera": "Leica"}, **SMALL)
OTHER = signed(((0, 1),), seed=secret("other"), mode="L", **SMALL)


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_is_accepted_and_none_crashes(seed: int) -> None:
    for pair in itertools.islice(mutations(FOUND, OTHER, seed), 2_500):
        assert outcome(*pair) != "verified" or lawful(FOUND, *pair)


@pytest.mark.judge("node")
def test_both_verifiers_refuse_every_mutation_for_the_same_reason() -> None:
    with script() as judge:
        changes = mutations(FOUND, OTHER, 99)
        for _ in range(12):
            pairs = list(itertools.islice(changes, 500))
            for pair, (ours, theirs) in zip(pairs, both(judge, pairs), strict=True):
                assert ours == theirs
                assert ours != "verified" or lawful(FOUND, *pair)


@pytest.mark.judge("node")
def test_both_verifiers_agree_on_what_a_forger_signs_himself() -> None:
    with script() as judge:
        pairs = list(itertools.islice(signed_anew(FOUND, OTHER, OTHER_KEY, 5), 1_500))
        outcomes = [one for at in range(0, 1_500, 500) for one in both(judge, pairs[at : at + 500])]
    assert [pair for pair in outcomes if pair[0] != pair[1]] == []
    # They come further than the signature: to every later check.
    reached = {ours for ours, _ in outcomes}
    assert {"verified", "statement.malformed", "statement.header", "statement.shown", "statement.changed"} <= reached


@pytest.mark.judge("node")
def test_both_verifiers_read_every_header_alike() -> None:
    lawful_ones = [vector for vector in map(head, VECTORS) if vector["expect"] == "verified"]
    pictures = [
        RedactedBytes(base64.b64decode(vector["picture"]), json.loads(vector["statement"]).encode())
        for vector in lawful_ones
    ]
    originals = {without_manifests(one.picture) for one in pictures}
    with script() as judge:
        changes = headers_changed(pictures, 3)
        seen = set()
        for _ in range(10):
            pairs = list(itertools.islice(changes, 300))
            for (picture, _), (ours, theirs) in zip(pairs, both(judge, pairs), strict=True):
                assert ours == theirs
                assert ours != "verified" or without_manifests(picture) in originals
                seen.add(ours)
    # A manifest in a lawful place verifies; another header in a lawful form is another picture.
    assert {"verified", "jpeg.not_canonical", "statement.header"} <= seen


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_by_name(data: bytes) -> None:
    with pytest.raises(BadInput):
        parse(b"\xff\xd8" + data)
    with pytest.raises(BadInput):
        read(data)


@given(st.integers(0, 3000), st.binary(min_size=1, max_size=8), st.booleans())
def test_a_mutated_source_is_canonicalised_or_refused_by_name(at: int, new: bytes, cut: bool) -> None:
    for source in (jpeg(64, 48, subsampling=2), jpeg(64, 48, progressive=True)):
        place = at % len(source)
        data = source[:place] + new + (b"" if cut else source[place + len(new) :])
        try:
            picture = canonicalise(data)
        except BadInput:
            continue
        assert parse(picture.to_bytes()).header == picture.header


def test_a_statement_of_100_megabytes_is_refused_unread() -> None:
    data = b"[" * 100_000_000
    tracemalloc.start()
    with pytest.raises(BadInput) as caught:
        read(data)
    assert caught.value.key == "statement.too_large"
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("content", [b"[" * MAX_JSON_BYTES, b"[" + b"0," * 1_000_000 + b"0]", b'"' + b"a" * 9_999_999])
def test_the_largest_statements_that_are_read_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read(content[:MAX_JSON_BYTES])
    assert caught.value.key == "statement.malformed"


def test_a_million_runs_are_refused() -> None:
    document = json.loads(FOUND.statement)
    document["proof"]["hidden"] = [[2 * number, 1] for number in range(1_000_000)]
    # So many are read only where the picture is said to have as many, and that is not signed.
    document["picture"]["entry"]["intervals"] = 3_000_000
    data = json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
    with pytest.raises(NothingFound):
        verify(FOUND.picture, data)


def test_65535_by_65535_pixels_are_refused_in_little_memory() -> None:
    source = bytearray(jpeg(64, 64))
    frame = source.index(b"\xff\xc0")
    source[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    progressive = bytearray(jpeg(64, 64, progressive=True))
    frame = progressive.index(b"\xff\xc2")
    progressive[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    # As large as is read at all, and nothing behind it.
    large = bytearray(jpeg(64, 64))
    frame = large.index(b"\xff\xc0")
    large[frame + 5 : frame + 9] = (12_000).to_bytes(2, "big") * 2
    signed_one = bytearray(FOUND.picture)
    frame = signed_one.index(b"\xff\xc0")
    signed_one[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    tracemalloc.start()
    for data, key in ((source, "jpeg.too_large"), (progressive, "jpeg.too_large"), (large, "jpeg.damaged")):
        with pytest.raises(BadInput) as caught:
            canonicalise(bytes(data))
        assert caught.value.key == key
    with pytest.raises(BadInput) as refused_:
        parse(bytes(signed_one))
    assert refused_.value.key == "jpeg.not_canonical"
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


def test_segments_without_end_are_refused() -> None:
    with pytest.raises(BadInput) as caught:
        canonicalise(b"\xff\xd8" + b"\xff\xe0\0\2" * 1_000_000)
    assert caught.value.key == "jpeg.too_many_segments"
    scans = jpeg(16, 16, progressive=True)
    sos = scans.index(b"\xff\xda")
    with pytest.raises(BadInput):
        canonicalise(scans[:-2] + scans[sos:-2] * 500 + b"\xff\xd9")


@pytest.mark.photos
def test_hostile_files_are_refused_by_both_parsers(photos_dir: Path) -> None:
    files = sorted(photos_dir.glob("hostile/*"))
    assert files
    for file in files:
        data = file.read_bytes()
        with pytest.raises(BadInput):
            verify(data, FOUND.statement)
        with pytest.raises(BadInput):
            verify(FOUND.picture, data)


@pytest.mark.judge("node")
def test_the_campaign_notices_a_verifier_that_accepts() -> None:
    assert lawful(FOUND, FOUND.picture, FOUND.statement)
    assert not lawful(RedactedBytes(b"", b""), FOUND.picture, FOUND.statement)
    with script() as judge:
        assert both(judge, [(FOUND.picture, FOUND.statement), (b"", FOUND.statement)]) == [
            ("verified", "verified"),
            ("jpeg.not_jpeg", "jpeg.not_jpeg"),
        ]
