"""A sector that cannot be read costs that sector: not the file, not the card, not what else was given."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.audit.made import camera_card, photograph

from fifthfloor.cards.device import OpenFile
from fifthfloor.errors import BadInput
from fifthfloor.files import FileOnDisk
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.search.around import ReadAround
from fifthfloor.tasks.search.audit import audit

Worn = Callable[[int, int], None]


@pytest.fixture
def worn(monkeypatch: pytest.MonkeyPatch) -> Worn:
    """Wear out bytes of every file of more than 1 MiB (or all: 0) below an offset."""

    def wear(below: int, longer_than: int) -> None:
        def fails(read: Callable[[FileOnDisk, int, int], bytes]) -> Callable[[FileOnDisk, int, int], bytes]:
            def reads(self: FileOnDisk, offset: int, length: int) -> bytes:
                if offset < below and self.size_bytes > longer_than:
                    raise OSError(errno.EIO, os.strerror(errno.EIO), getattr(self, "path", None))
                return read(self, offset, length)

            return reads

        monkeypatch.setattr(FileOnDisk, "read", fails(FileOnDisk.read))
        monkeypatch.setattr(OpenFile, "read", fails(OpenFile.read))  # type: ignore[arg-type]
        into = OpenFile.read_into

        def fails_into(self: OpenFile, offset: int, buffer: memoryview) -> None:
            if offset < below and self.size_bytes > longer_than:
                raise OSError(errno.EIO, os.strerror(errno.EIO), self.path)
            into(self, offset, buffer)

        monkeypatch.setattr(OpenFile, "read_into", fails_into)

    return wear


@pytest.mark.parametrize("below", [512, 1 << 20])
def test_the_first_sectors_of_a_card_cost_neither_the_card_nor_what_else_was_given(
    below: int, tmp_path: Path, worn: Worn
) -> None:
    card = camera_card(tmp_path / "c.img", 2, delete=(2,))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.jpg").write_bytes(photograph(3))
    worn(below, 1 << 20)
    report = audit([card, tmp_path / "folder"], None).report
    assert [(target.kind, target.photographs) for target in report.targets] == [
        ("card", 1 if below == 512 else 0),
        ("folder", 1),
    ]
    assert {item.what: item.count for item in report.unchecked}["sectors"] >= 512
    assert ("card.recoverable" in {found.kind for found in report.findings}) == (below == 512)


def test_a_worn_file_is_read_behind_what_is_worn_and_one_that_is_worn_out_is_named(tmp_path: Path, worn: Worn) -> None:
    (tmp_path / "a.dat").write_bytes(photograph(3))
    worn(1024, 0)
    report = audit([tmp_path], None).report
    assert {item.what: item.count for item in report.unchecked if item.count} == {"sectors": 1024, "small_unknown": 1}
    worn(1 << 20, 0)
    assert {item.what for item in audit([tmp_path], None).report.unchecked if item.count} == {"unreadable"}
    with pytest.raises(BadInput) as refused:
        audit([tmp_path / "a.dat"], None)
    assert refused.value.key == "files.unreadable"


def test_a_worn_file_is_asked_once_for_each_of_its_sectors() -> None:
    class Worn(BytesSource):
        asked = 0

        def read(self, offset_bytes: int, length_bytes: int) -> bytes:
            self.asked += 1
            if offset_bytes < 1024 and offset_bytes + length_bytes > 512:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().read(offset_bytes, length_bytes)

    data = os.urandom(5000)
    source = Worn(data)
    around = ReadAround(source)
    expected = data[:512] + bytes(512) + data[1024:]
    assert around.read(0, 9000) == expected
    asked = source.asked
    for at, length in ((0, 5000), (700, 100), (500, 30), (1000, 4000), (512, 512), (4990, 100)):
        assert around.read(at, length) == expected[at : at + length]
    assert source.asked - asked <= 12
    assert around.unread_bytes == 512
