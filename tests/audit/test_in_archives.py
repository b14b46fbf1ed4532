"""What archives, mails and databases carry is told by its bytes, whatever its name; what is not read is counted."""

from __future__ import annotations

import base64
import gzip
import io
import sqlite3
import tarfile
import zipfile
from pathlib import Path

import pytest
from tests.audit import carriers_of_places as made
from tests.audit.made import photograph

from fifthfloor.audit.in_archives import attachments
from fifthfloor.tasks.search.audit import audit

GPX = b"<gpx><wpt lat='39.0194' lon='125.7528'/></gpx>"
PICTURE = photograph(1, segments=b"", width=64, height=48)


def zipped(*, comment: bytes = b"", **files: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
        archive.comment = comment
    return held.getvalue()


def tarred(data: bytes) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        member = tarfile.TarInfo("a")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return gzip.compress(held.getvalue())


def mailed(data: bytes) -> bytes:
    head = b"From: k@example.org\nContent-Type: application/x-any\nContent-Transfer-Encoding: base64\n\n"
    return head + base64.encodebytes(data)


def database(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    connection.execute("create table message_location(latitude real, longitude real)")
    connection.commit()
    connection.close()
    return path.read_bytes()


CARRIED = {
    "a photograph without an ending": ("inside", zipped(a=PICTURE)),
    "a photograph in a tar": ("inside", tarred(PICTURE)),
    "an archive in an archive": ("inside", zipped(x=zipped(a=PICTURE))),
    "a track called otherwise": ("inside", zipped(**{"track.xml": GPX})),
    "a note": ("inside", zipped(a=b"the house: 39.0194, 125.7528\n")),
    "a comment of an archive": ("sidecars", zipped(comment=b"39.0194, 125.7528", **{"a.txt": b"x"})),
    "a track in a mail": ("inside", mailed(GPX * 4)),
    "an archive in a mail": ("inside", mailed(zipped(a=PICTURE))),
    "zstandard": ("unknown", b"\x28\xb5\x2f\xfd" + bytes(60)),
    "lz4": ("unknown", b"\x04\x22\x4d\x18" + bytes(60)),
}
HARMLESS = {
    "programs": zipped(
        **{"a.py": b"lat = 3\n" * 900, "b.class": b"\xca\xfe\xba\xbe" + bytes(6000), "c.txt": b"hello\n"}
    ),
    "a tar of texts": tarred(b"hello\n" * 2000),
    "a mail": mailed(b"hello, how are you?\n" * 20),
}


def unchecked(folder: Path) -> dict[str, int]:
    told = {item.what: item.count for item in audit([folder], None).report.unchecked if item.count}
    return {what: count for what, count in told.items() if what != "small_unknown"}


@pytest.mark.parametrize("name", CARRIED)
def test_what_is_carried_is_told_by_its_bytes(name: str, tmp_path: Path) -> None:
    kind, data = CARRIED[name]
    (tmp_path / "a").write_bytes(data)
    assert unchecked(tmp_path) == {kind: 1}


@pytest.mark.parametrize("name", HARMLESS)
def test_an_archive_of_nothing_is_not(name: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(HARMLESS[name])
    assert unchecked(tmp_path) == {}


def test_a_database_of_any_size_and_name_is_counted(tmp_path: Path) -> None:
    data = database(tmp_path / "x")
    (tmp_path / "x").unlink()
    for name, more in (
        ("msgstore.db", b""),
        ("3d0d7e5fb2ce288813306e4d4636395e047a3d28", b""),
        ("large", bytes(1 << 20)),
    ):
        (tmp_path / name).write_bytes(data + more)
    assert unchecked(tmp_path) == {"databases": 3}


def test_a_member_behind_many_is_looked_at_and_few_bytes_of_it(tmp_path: Path) -> None:
    files = {f"{number:04d}": bytes(100) for number in range(1500)}
    (tmp_path / "a").write_bytes(zipped(**files, last=made.TIFF))
    assert unchecked(tmp_path) == {"inside": 1}


def test_parts_of_a_mail_that_are_none() -> None:
    for data in (b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: base64\n\n!!!!\n" * 300,
                 b"Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\nQ\r\n"):  # fmt: skip
        assert b"".join(attachments(data)) in (b"", b"ABC")
