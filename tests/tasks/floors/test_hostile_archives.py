"""Floors whose archive was made by an enemy who knows the passphrase: refused whole, nothing written, nothing said."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.quick import LABEL, PASSPHRASE, command, hide, open_in_process

from fifthfloor.floor.header import OldTerms, SlotHeader
from fifthfloor.floor.slot import SYMBOL_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import hide as hiding
from fifthfloor.tasks.floors import symbols

pytestmark = pytest.mark.usefixtures("quick_kdf")

Member = tuple[str, bytes | None, dict[str, Any]]
"""Name, contents (None: not a regular file), and other fields of its tar header."""
GOOD: Member = ("files/good.jpg", b"harmless", {})


def tar_of(members: Sequence[Member], manifest: object | None) -> bytes:
    """A tar with a manifest that is right about every regular file, unless another is given; b"" leaves it out."""
    made = io.BytesIO()
    files = [
        {"name": name.removeprefix("files/"), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data, _fields in members
        if data is not None
    ]
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, data, fields in members:
            info = tarfile.TarInfo(name)
            info.size = len(data or b"")
            for field, value in fields.items():
                setattr(info, field, value)
            tar.addfile(info, io.BytesIO(data or b""))
        told = {"version": 1, "hidden": "2026-11-22", "files": files} if manifest is None else manifest
        if told != b"":
            text = json.dumps(told).encode()
            info = tarfile.TarInfo("manifest.json")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
        end = tar.offset + 2 * tarfile.BLOCKSIZE
    return made.getvalue()[:end]


def archive_of(tar: bytes, length: int | None = None, digest: bytes | None = None) -> bytes:
    whole = (len(tar) if length is None else length).to_bytes(8, "big") + tar + (digest or hashlib.sha256(tar).digest())
    return whole + bytes(-len(whole) % SYMBOL_BYTES)


def hidden_by_an_enemy(folder: Path, archive: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A card with a floor of that archive."""
    card, decoy = exfat_card(folder / "card.img", 1, size_bytes=9_000_000, files=3), folder / "decoy.jpg"
    decoy.write_bytes(b"x")

    def pack(*_arguments: object) -> Iterator[bytes]:
        yield archive

    class Again:
        def __init__(self, *_arguments: object) -> None: ...

        def read_into(self, offset_bytes: int, buffer: memoryview) -> None:
            buffer[:] = archive[offset_bytes : offset_bytes + len(buffer)]

    with monkeypatch.context() as patch:
        patch.setattr(hiding, "pack", pack)
        patch.setattr(symbols, "Again", Again)
        patch.setattr(hiding, "archive_bytes", lambda *_arguments: len(archive))
        said = hide(decoy, card)
    assert said.code == 0, said.err
    return card


def special(kind: bytes, target: str = "") -> dict[str, Any]:
    return {"type": kind, "linkname": target}


HOSTILE: dict[str, Sequence[Member]] = {
    "an absolute name": [("/tmp/evil.jpg", b"evil", {})],
    "an absolute name behind the prefix": [("files//tmp/evil.jpg", b"evil", {})],
    "a name above": [("files/../evil.jpg", b"evil", {})],
    "a name that comes back up": [("files/a/../../../evil.jpg", b"evil", {})],
    "a dot": [("files/./evil.jpg", b"evil", {})],
    "no prefix": [("evil.jpg", b"evil", {})],
    "a backslash": [("files/..\\evil.jpg", b"evil", {})],
    "a name above in a PAX header": [("files/good", b"evil", {"pax_headers": {"path": "files/../evil.jpg"}})],
    "the same name twice": [GOOD, GOOD],
    "a file under a file": [GOOD, ("files/good.jpg/under.jpg", b"evil", {})],
    "a symbolic link": [("files/evil.jpg", None, special(tarfile.SYMTYPE, "/etc/passwd"))],
    "a file through a symbolic link": [
        ("files/way", None, special(tarfile.SYMTYPE, "/tmp")),
        ("files/way/evil.jpg", b"evil", {}),
    ],
    "a hard link": [GOOD, ("files/evil.jpg", None, special(tarfile.LNKTYPE, "files/good.jpg"))],
    "a pipe": [("files/evil", None, special(tarfile.FIFOTYPE))],
    "a device": [("files/evil", None, special(tarfile.CHRTYPE) | {"devmajor": 1, "devminor": 3})],
    "a sparse bomb": [("files/evil", b"1\n0\n512\n".ljust(512, b"\0"), {"pax_headers": {
        "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(1 << 50)}})],
    "a folder that is the output": [("files/", None, special(tarfile.DIRTYPE))],
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_member_is_refused(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tar = tar_of([("files/first.jpg", b"first", {}), *HOSTILE[what]], None)
    assert_refused(tmp_path, hidden_by_an_enemy(tmp_path, archive_of(tar), monkeypatch))


def test_a_planted_broken_floor_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever knows the passphrase can plant one; what the honest card holds comes back, and the other is named."""
    (tmp_path / "planted").mkdir()
    tar = tar_of([("files/first.jpg", b"first", {}), *HOSTILE["a name above"]], None)
    planted = hidden_by_an_enemy(tmp_path / "planted", archive_of(tar), monkeypatch)
    card, source = exfat_card(tmp_path / "card.img", 2, size_bytes=9_000_000, files=3), tmp_path / "honest.jpg"
    source.write_bytes(b"honest")
    assert hide(source, card).code == 0
    said = open_in_process(tmp_path / "out", planted, card)
    assert said.code == 0, said.err
    assert [path.name for path in (tmp_path / "out").rglob("*")] == ["honest.jpg"]
    assert "something more is here and contradicts itself" in said.out + said.err
    document = command("open", planted, card, "--check", "--label", LABEL, "--passphrase-file", "-", "--json").document
    assert (len(document["floors"]), document["incomplete"]) == (1, 1)


def lying() -> dict[str, bytes]:
    good = tar_of([GOOD], None)
    right = {"name": "good.jpg", "size": 8, "sha256": hashlib.sha256(b"harmless").hexdigest()}
    wrong = {**right, "sha256": "0" * 64}
    told: dict[str, Any] = {"version": 1, "hidden": "2026-11-22", "files": [right]}
    late = io.BytesIO()
    with tarfile.open(fileobj=late, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("files/late.jpg"))
    return {
        "no manifest": archive_of(tar_of([GOOD], b"")),
        "a manifest of another version": archive_of(tar_of([GOOD], told | {"version": 2})),
        "a manifest with a wrong hash": archive_of(tar_of([GOOD], told | {"files": [wrong]})),
        "a manifest that leaves one out": archive_of(tar_of([GOOD], told | {"files": []})),
        "a manifest that lists too much": archive_of(
            tar_of([GOOD], told | {"files": [right, {**right, "name": "more.jpg"}]})
        ),
        "a manifest that is a list": archive_of(tar_of([GOOD], [1, 2, 3])),
        "a member after the manifest": archive_of(good[:-1024] + late.getvalue()[: 512 + 1024]),
        "a record of zeros after the end": archive_of(good + bytes(512)),
        "a wrong hash of the whole": archive_of(good, digest=bytes(32)),
        "a length beyond the end": archive_of(good, length=1 << 40),
        "a length cut short": archive_of(good, length=700),
        "an empty tar": archive_of(b""),
        "noise": archive_of(hashlib.shake_128(b"noise").digest(5000)),
    }


@pytest.mark.parametrize("what", lying())
def test_an_archive_that_lies_is_refused(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_refused(tmp_path, hidden_by_an_enemy(tmp_path, lying()[what], monkeypatch))


def test_the_same_by_hand_without_a_lie_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = hidden_by_an_enemy(tmp_path, archive_of(tar_of([GOOD], None)), monkeypatch)
    said = open_in_process(tmp_path / "out", card)
    assert said.code == 0, said.err
    assert (tmp_path / "out/good.jpg").read_bytes() == b"harmless"


def test_a_header_that_claims_a_million_groups_costs_no_memory(tmp_path: Path) -> None:
    """One slot of an enemy: 2^20 groups on 255 carriers would be a table of two gigabytes."""
    lies = SlotHeader(9, bytes(16), (1 << 20) - 1, 0, bytes(32), b"", OldTerms(255, 1, 1 << 20, 3))
    slot = SlotCipher(secret.keys_of(PASSPHRASE, LABEL)).seal(lies, bytes(SYMBOL_BYTES), bytes(16))
    (tmp_path / "card.img").write_bytes(bytes(512) + slot + bytes(1 << 20))
    tracemalloc.start()
    said = command("health", tmp_path / "card.img", "--label", LABEL, "--passphrase-file", "-", "--json")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    (floor,) = said.document["floors"]
    assert (said.code, floor["groups"], floor["groups_lost"], floor["poorest_spare"]) == (1, 1 << 20, 1 << 20, -3)
    assert peak < 64 << 20, "bytes"
    opened = open_in_process(tmp_path / "out", tmp_path / "card.img")
    assert (opened.code, "1048576 of its 1048576 parts" in opened.err) == (1, True), opened.err


def assert_refused(folder: Path, card: Path) -> None:
    (folder / "home").mkdir()
    before = sorted(folder.rglob("*"))
    said = open_in_process(folder / "home/out", card)
    assert said.code == 3, said.err
    assert "evil" not in said.err
    assert "good" not in said.err
    assert all(said.cause_and_hint)
    assert sorted(folder.rglob("*")) == before
    assert not Path("/tmp/evil.jpg").exists()
