"""Hostile pictures and statements: refused by name, in bounded time and memory, by both verifiers."""

from __future__ import annotations

import base64
import itertools
import json
import subprocess
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jpeg.pictures import jpeg
from tests.statement.mutations import lawful, mutations, refused
from tests.statement.stories import secret, signed
from tests.statement.test_vectors import VERIFY_JS

from fifthfloor.errors import BadInput, FifthFloorError, NothingFound
from fifthfloor.jpeg.canonical import canonicalise
from fifthfloor.jpeg.grammar import parse
from fifthfloor.statement.canonical_json import MAX_BYTES
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.statement.statement import read
from fifthfloor.statement.verify import verify

SMALL: dict[str, Any] = {"width": 130, "height": 40}
FOUND = signed(((1, 2),), shown=("camera",), values={"camera": "Leica"}, **SMALL)
OTHER = signed(((0, 1),), seed=secret("other"), mode="L", **SMALL)


@pytest.mark.parametrize("seed", range(4))
def test_no_mutation_is_accepted_and_none_crashes(seed: int) -> None:
    for picture, statement in itertools.islice(mutations(FOUND, OTHER, seed), 2_500):
        assert refused(FOUND, picture, statement)


@pytest.mark.judge("node")
def test_no_mutation_is_accepted_in_javascript_and_none_crashes() -> None:
    changes = [pair for pair in itertools.islice(mutations(FOUND, OTHER, 99), 6_000) if not lawful(FOUND, *pair)]
    lines = "\n".join(json.dumps([base64.b64encode(part).decode() for part in pair]) for pair in changes)
    command = ["node", "--no-warnings", str(Path(__file__).with_name("mutations.js")), str(VERIFY_JS)]
    ran = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    counts = json.loads(ran.stdout)
    assert (counts["accepted"], counts["failed"]) == (0, 0), counts["last"]
    assert counts["refused"] == len(changes)


def test_both_verifiers_give_the_same_reason() -> None:
    """On a sample: so that what one of them accepts is what the other accepts, and for the same reason."""
    changes = list(itertools.islice(mutations(FOUND, OTHER, 7), 600))
    lines = [json.dumps([base64.b64encode(part).decode() for part in pair]) for pair in changes]
    script = f"""
const F = require({json.dumps(str(VERIFY_JS))});
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));
(async () => {{
  for (const line of require("fs").readFileSync(0, "utf8").split("\\n")) {{
    const [picture, statement] = JSON.parse(line);
    try {{ await F.verify(bytes(picture), bytes(statement)); console.log("verified"); }}
    catch (error) {{ console.log(error.key || String(error)); }}
  }}
}})();"""
    command = ["node", "--no-warnings", "-e", script]
    ran = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines() == [outcome(*pair) for pair in changes]


def outcome(picture: bytes, statement: bytes) -> str:
    try:
        verify(picture, statement)
    except FifthFloorError as error:
        return error.key
    return "verified"


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


@pytest.mark.parametrize("content", [b"[" * MAX_BYTES, b"[" + b"0," * 1_000_000 + b"0]", b'"' + b"a" * 9_999_999])
def test_the_largest_statements_that_are_read_are_refused_by_name(content: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        read(content[:MAX_BYTES])
    assert caught.value.key == "statement.malformed"


def test_a_million_runs_are_refused() -> None:
    document = json.loads(FOUND.statement)
    document["proof"]["hidden"] = [[2 * number, 1] for number in range(1_000_000)]
    # So many are read only where the picture is said to have as many, and that is not signed.
    document["signed"]["pictures"][0]["intervals"] = 3_000_000
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
    for data, key in ((source, "jpeg.too_large"), (progressive, "jpeg.too_large"), (large, "jpeg.broken")):
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


def test_the_campaign_notices_a_verifier_that_accepts() -> None:
    assert refused(FOUND, FOUND.picture, FOUND.statement)
    assert not refused(RedactedBytes(b"", b""), FOUND.picture, FOUND.statement)
