"""Archives: any bytes give the files of a lawful archive or `BadInput`, in bounded work (spec/floor.md, section 6)."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tools.vectors.build import FILES, archive, manifest, member, tar

from fifthfloor.errors import BadInput
from fifthfloor.floor.tar_stream import (
    Digests,
    Entry,
    Unpacked,
    archive_bytes,
    check_name,
    cut,
    pack,
    unpack,
)

TAR = tar()
PLAIN = archive(TAR)
PART = st.text(st.characters(codec="utf-8", exclude_characters="/\\\0"), min_size=1, max_size=30).filter(
    lambda part: part not in (".", "..")
)
NAME = st.lists(PART, min_size=1, max_size=4).map("/".join)


def unpacked(pieces: Iterator[bytes] | list[bytes]) -> tuple[dict[str, bytes], list[Entry], Unpacked]:
    learned = Unpacked()
    found, entries = {}, []
    for entry, contents in unpack(pieces, learned):
        entries.append(entry)
        data = b"".join(contents)
        if not entry.is_directory:
            found[entry.name] = data
    return found, entries, learned


def agree(data: bytes) -> None:
    """Unpack or BadInput; if it unpacks, every hash agrees or the caller refuses it."""
    try:
        found, entries, learned = unpacked([data])
    except BadInput:
        return
    assert all(check_name(entry.name) for entry in entries)
    assert list(learned.hashes) == list(found)


@given(st.binary(max_size=3000))
def test_any_bytes(data: bytes) -> None:
    agree(data)


@given(st.binary(max_size=3000))
def test_any_bytes_with_a_lawful_length_and_hash(data: bytes) -> None:
    agree(archive(data))


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(0, len(TAR) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_a_tar_with_changed_bytes_and_a_lawful_hash(changes: list[tuple[int, int]]) -> None:
    changed = bytearray(TAR)
    for at, to in changes:
        changed[at] = to
    agree(archive(bytes(changed)))


@settings(max_examples=200)
@given(
    st.binary(min_size=100, max_size=100),
    st.binary(min_size=12, max_size=12) | st.sampled_from([b"77777777777\0", b"\x80" + b"\xff" * 11, b"\xff" * 12]),
    st.binary(min_size=1, max_size=1) | st.sampled_from([b"0", b"5", b"x", b"g", b"L", b"S", b"1", b"2"]),
    st.binary(min_size=100, max_size=355),
)
def test_any_header_with_a_lawful_checksum(name: bytes, size: bytes, kind: bytes, rest: bytes) -> None:
    header = bytearray(512)
    header[:100], header[124:136], header[156:157] = name, size, kind
    header[157 : 157 + len(rest)] = rest
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % (sum(header))
    agree(archive(bytes(header) + TAR))


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=12) | st.sampled_from(["nan", "inf", "-1", "1e400"])))
def test_any_extended_header(records: dict[str, str]) -> None:
    lines = b""
    for key, value in {**records, "mtime": "1", "GNU.sparse.major": "1"}.items():
        body = b" %s=%s\n" % (key.encode("utf-8", "replace"), value.encode("utf-8", "replace"))
        lines += b"%d" % (len(body) + len(str(len(body) + 2))) + body
    agree(archive(member("PaxHeaders", lines, b"x") + TAR))


@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "1e400", "2e12", "-2e12"])
def test_a_time_no_system_can_hold(value: str) -> None:
    with pytest.raises(BadInput):
        unpacked([archive(timed(value))])


def timed(value: str) -> bytes:
    files = (("t", b""),)
    return member("files/t", pax={"mtime": value}) + member("manifest.json", manifest(files)) + bytes(1024)


@pytest.mark.parametrize("value", ["0", "-1.5", "1760000000.123456", "1e-05", "1000000000000"])
def test_a_time_any_system_can_hold(value: str) -> None:
    found, entries, _ = unpacked([archive(timed(value))])
    assert found == {"t": b""}
    assert entries[0].modified == float(value)


@pytest.mark.parametrize("documented", ["null", "[]", "{}", '{"version": 1}', '"x"', "[[[", "1" * 5000, '{"files": 1}'])
@pytest.mark.parametrize("files", [FILES, ()])
def test_manifests_that_are_none(documented: str, files: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(BadInput):
        unpacked([archive(tar(files=files, listed=documented.encode()))])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "size", "sha256"]), inner),
    max_leaves=8,
)


@given(JSON, JSON, JSON)
def test_any_manifest(version: object, hidden: object, files: object) -> None:
    agree(archive(tar(files=(), listed=json.dumps({"version": version, "hidden": hidden, "files": files}).encode())))


@pytest.mark.parametrize("hidden", ["", "2026", "2026-11-2", "2026-11-222", "x2026-11-22", "../../x", "٢٠٢٦-١١-٢٢", 5])
def test_dates_that_are_none(hidden: object) -> None:
    with pytest.raises(BadInput):
        unpacked([archive(tar(listed=manifest(hidden=hidden)))])


def test_a_bomb_is_bounded_by_what_was_sealed() -> None:
    bomb = tarfile.TarInfo("files/bomb")
    bomb.size = 1 << 50
    reading = unpack([archive(bomb.tobuf(tarfile.PAX_FORMAT), length=1 << 60)], Unpacked())
    _, contents = next(reading)
    given_out: list[int] = []
    with pytest.raises(BadInput):
        given_out.extend(map(len, contents))
    assert sum(given_out) <= 16_240


def test_a_manifest_beyond_its_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = len(manifest())
    monkeypatch.setattr("fifthfloor.floor.tar_stream._MAX_MANIFEST_BYTES", whole)
    assert set(unpacked([PLAIN])[0]) == {"a.jpg", "trip/b.jpg"}
    monkeypatch.setattr("fifthfloor.floor.tar_stream._MAX_MANIFEST_BYTES", whole - 1)
    with pytest.raises(BadInput):
        unpacked([PLAIN])


@pytest.mark.parametrize("fill", [b"\0", b"!"])
def test_every_piece_is_asked_for(fill: bytes) -> None:
    """The caller counts groups by what it is asked for, so the fill is read too."""
    data = archive(tar(), fill=fill) + bytes(16_240)
    pieces = [data[at : at + 1000] for at in range(0, len(data), 1000)] + [b"", b"x"]
    left = iter(pieces)
    unpacked(left)
    assert next(left, None) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "/a",
        "a/",
        "a//b",
        ".",
        "..",
        "a/.",
        "a/..",
        "../a",
        "./a",
        "a\\b",
        "\\",
        "a\0",
        "\0",
        "a/\ud800",
        "\udcff",
    ],
)
def test_unlawful_names(name: str) -> None:
    assert not check_name(name)


@given(NAME)
def test_lawful_names(name: str) -> None:
    assert check_name(name)


ENTRY = st.builds(
    lambda name, size, time, folder: Entry(name, 0 if folder else size, time, folder),
    NAME,
    st.integers(0, 3000),
    st.floats(0, 4e9).map(lambda t: round(t, 6)) | st.integers(-(10**9), 10**10).map(float),
    st.booleans(),
)


def contents_of(entry: Entry) -> Iterator[bytes]:
    whole = (hashlib.sha256(entry.name.encode()).digest() * (entry.size_bytes // 32 + 1))[: entry.size_bytes]
    yield whole[:700]
    yield whole[700:]


@given(st.lists(ENTRY, max_size=5, unique_by=lambda entry: entry.name), st.integers(1, 5000))
def test_pack_and_unpack_are_inverse(entries: list[Entry], piece: int) -> None:
    whole = b"".join(pack(entries, "2026-11-22", contents_of, Digests()))
    assert b"".join(pack(entries, "2026-11-22", contents_of, Digests())) == whole, "the same files, the same bytes"
    assert len(whole) == archive_bytes(entries, "2026-11-22")
    assert len(whole) % 16_240 == 0
    found, read, learned = unpacked([whole[at : at + piece] for at in range(0, len(whole), piece)])
    assert [(e.name, e.size_bytes, e.is_directory) for e in read] == [
        (e.name, e.size_bytes, e.is_directory) for e in entries
    ]
    assert [e.modified for e in read] == pytest.approx([e.modified for e in entries], abs=1e-6)
    assert learned.hidden == "2026-11-22"
    assert learned.hashes == {name: hashlib.sha256(data).hexdigest() for name, data in found.items()}
    assert found == {e.name: b"".join(contents_of(e)) for e in entries if not e.is_directory}


def test_a_tar_program_reads_what_pack_writes() -> None:
    entries = [Entry("trip", 0, 1.0, is_directory=True), Entry("trip/a.jpg", 2000, 1_700_000_000.25)]
    whole = b"".join(pack(entries, "2026-11-22", contents_of, Digests()))
    length = int.from_bytes(whole[:8], "big")
    inner = whole[8 : 8 + length]
    assert whole[8 + length : 40 + length] == hashlib.sha256(inner).digest()
    assert not any(whole[40 + length :])
    with tarfile.open(fileobj=io.BytesIO(inner)) as read:
        facts = [(m.name, m.type, m.mode, m.size, m.mtime, m.uid, m.gid, m.uname, m.gname) for m in read]
        document = json.load(read.extractfile("manifest.json") or io.BytesIO())
    assert facts[:2] == [
        ("files/trip", b"5", 0o755, 0, 1.0, 0, 0, "", ""),
        ("files/trip/a.jpg", b"0", 0o644, 2000, 1_700_000_000.25, 0, 0, "", ""),
    ]
    assert facts[2][:3] == ("manifest.json", b"0", 0o644)
    digest = hashlib.sha256(b"".join(contents_of(entries[1]))).hexdigest()
    files = [{"name": "trip/a.jpg", "size": 2000, "sha256": digest}]
    assert document == {"version": 1, "hidden": "2026-11-22", "files": files}


def test_times_are_stored_in_whole_microseconds() -> None:
    entries = [Entry("a", 0, 1.123456789), Entry("b", 0, 2.0000004)]
    _, read, _ = unpacked(pack(entries, "2026-11-22", contents_of, Digests()))
    assert [entry.modified for entry in read] == [1.123457, 2.0]


@pytest.mark.parametrize("change", [-1, 1, 5000, -2000])
def test_a_source_that_changed_its_length_stops_pack(change: int) -> None:
    entry = Entry("a", 2000, 0.0)
    with pytest.raises(BadInput) as raised:
        list(pack([entry], "2026-11-22", lambda _: iter([bytes(2000 + change)]), Digests()))
    assert raised.value.key == "hide.changed"


@given(st.lists(st.binary(max_size=20)), st.lists(st.integers(0, 30), max_size=5))
def test_cut_keeps_every_byte_or_refuses(pieces: list[bytes], lengths: list[int]) -> None:
    whole = b"".join(pieces)
    parts = cut(iter([piece for piece in pieces if piece]), lengths)
    if sum(lengths) == len(whole):
        found = [bytes(part) for part in parts]
        assert [len(part) for part in found] == lengths
        assert b"".join(found) == whole
    else:
        with pytest.raises(ValueError, match=r"longer|shorter"):
            list(map(bytes, parts))
