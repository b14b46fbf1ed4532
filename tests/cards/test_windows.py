"""Devices of Windows on a Windows in memory; `make windows` tries the same calls under wine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cards.cards_made import exfat_card, fat_card, noise
from tests.cards.windows_made import Disk, FakeKernel

from fifthfloor.cards import windows
from fifthfloor.cards.device import Device
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import card_on
from fifthfloor.cards.windows_calls import Kernel32, Win32Error
from fifthfloor.errors import DeviceRefused, FifthFloorError

E, WHOLE = r"\\.\E:", r"\\.\PhysicalDrive1"


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "_LOCK_WAIT_SECONDS", 0)


@pytest.fixture
def kernel(tmp_path: Path) -> FakeKernel:
    """The system's disk with letter C, and a card with letter E."""
    card = bytearray(fat_card(tmp_path / "c.img", size_bytes=36_000_000 // 4096 * 4096).read_bytes())
    return FakeKernel({0: Disk("C", bytearray(1 << 20), removable=False), 1: Disk("E", card)})


def opened(kernel: FakeKernel, name: str = E, *, writable: bool = False, serial: str | None = None) -> Device:
    return windows.open_device(name, writable=writable, serial=serial, kernel=kernel)[0]


def refusal(kernel: FakeKernel, name: str = E, *, writable: bool = True, serial: str | None = None) -> FifthFloorError:
    with pytest.raises(FifthFloorError) as caught:
        opened(kernel, name, writable=writable, serial=serial)
    assert not kernel.opened, "a handle stayed open"
    return caught.value


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (r"\\.\E:", E),
        (r"\\.\e:", E),
        ("\\\\.\\E:\\", E),
        (r"\\?\E:", E),
        (r"\\.\physicaldrive01", WHOLE),
        ("E:", None),
        (r"E:\DCIM", None),
        (r"\\.\E:\DCIM", None),
        (r"\\server\share", None),
        (r"\\.\pipe\x", None),
        ("card.img", None),
    ],
)
def test_what_is_a_device(text: str, name: str | None) -> None:
    assert windows.device_name(Path(text)) == name


@pytest.mark.parametrize("name", [E, WHOLE])
@pytest.mark.parametrize("sector_bytes", [512, 4096])
def test_a_card_is_written_where_it_is_free(kernel: FakeKernel, name: str, sector_bytes: int) -> None:
    disk = kernel.disks[1]
    disk.contents += bytes(-len(disk.contents) % 4096)
    disk.sector_bytes = sector_bytes
    before = bytes(disk.contents)
    with opened(kernel, name, writable=True) as device:
        assert (device.size_bytes, device.sector_bytes) == (len(before), sector_bytes)
        assert (set(disk.locks), disk.dismounted) == ({"E"}, "E")
        card = card_on(device) if sector_bytes == 512 else None
        start = int(card.free[0, 0]) if card else 20_000_000
        if card:
            FreeWriter(card).write(start, noise(8192))
        else:
            device.write(start, noise(8192))
        device.flush()
        assert device.read(start + 5, 8000) == noise(8192)[5:8005]
    assert not kernel.opened
    assert not disk.locks, "the volume stayed locked"
    assert bytes(disk.contents) == before[:start] + noise(8192) + before[start + 8192 :]


def test_any_bytes_of_sectors_are_read_and_written(kernel: FakeKernel) -> None:
    """Every edge within a sector, and more than the buffer holds at once."""
    wanted = bytearray(kernel.disks[1].contents)
    with opened(kernel, writable=True) as device:
        for at, length in ((0, 1), (511, 2), (512, 512), (1000, 3000), ((1 << 20) - 7, (1 << 20) + 700), (700, 0)):
            piece = noise(length, at + 1)
            device.write(at, piece)
            wanted[at : at + length] = piece
            assert device.read(at, length) == piece
            buffer = bytearray(length)
            device.read_medium_into(at, memoryview(buffer))
            assert buffer == piece
        assert device.read(0, len(wanted)) == wanted
        for at, length in ((-1, 1), (len(wanted), 1), (len(wanted) - 1, 2)):
            with pytest.raises(FifthFloorError) as caught:
                device.write(at, bytes(length))
            assert caught.value.key == "cards.beyond_end"
    assert kernel.disks[1].contents == wanted


def test_a_reader_asks_for_the_volume_and_lets_it_go(kernel: FakeKernel) -> None:
    with opened(kernel) as first, opened(kernel) as second:
        assert first.read(0, 512) == second.read(0, 512)
    asked = [code for kind, _name, code in kernel.calls if kind == "control"]
    assert asked.count(windows.LOCK_VOLUME) == asked.count(windows.UNLOCK_VOLUME) == 2
    assert windows.DISMOUNT_VOLUME not in asked
    assert all(not access & windows.WRITE for kind, _name, access in kernel.calls if kind == "open")


@pytest.mark.parametrize("name", [E, WHOLE])
@pytest.mark.parametrize("writable", [True, False])
def test_a_volume_that_somebody_uses_is_refused_by_name(kernel: FakeKernel, name: str, writable: bool) -> None:
    kernel.disks[1].busy = "E"
    error = refusal(kernel, name, writable=writable)
    assert (error.key, error.facts["letter"]) == ("cards.volume_in_use", "E:")
    asked = [code for kind, _name, code in kernel.calls if kind == "control"]
    assert windows.DISMOUNT_VOLUME not in asked, "it was taken away from whoever uses it"


def test_every_volume_of_a_card_is_taken(kernel: FakeKernel) -> None:
    disk = kernel.disks[1]
    disk.letter = "EH"
    with opened(kernel, WHOLE, writable=True) as device:
        assert (set(disk.locks), set(disk.dismounted)) == ({"E", "H"}, {"E", "H"})
        device.write(20_000_000, noise(512))
    assert not disk.locks
    assert not kernel.opened
    disk.busy = "H"
    assert refusal(kernel, WHOLE).facts["letter"] == "H:"
    assert [one.places for one in windows.offered(kernel)] == [("E:", "H:")]


@pytest.mark.parametrize("name", [E, WHOLE])
@pytest.mark.parametrize("writable", [True, False])
def test_a_device_is_read_past_the_cache_and_to_its_last_sector(kernel: FakeKernel, name: str, writable: bool) -> None:
    opened(kernel, name, writable=writable).close()
    no_buffering, write_through, whole_volume = 0x20000000, 0x80000000, 0x90083
    assert kernel.flags
    assert set(kernel.flags) == {no_buffering | write_through}
    assert ("control", name, whole_volume) in kernel.calls


def test_windows_on_a_removable_disk_is_not_offered(kernel: FakeKernel) -> None:
    kernel.disks[0].removable = True
    assert [one.path for one in windows.offered(kernel)] == [WHOLE]
    assert refusal(kernel, r"\\.\PhysicalDrive0").key == "cards.system_disk"


@pytest.mark.parametrize(
    ("code", "key"), [(1, None), (1117, "cards.gone"), (19, "cards.write_protected"), (9999, "cards.write_failed")]
)
def test_what_a_flush_is_answered_with(kernel: FakeKernel, code: int, key: str | None) -> None:
    """Who has nothing to flush says that the function is invalid; every other failure is one of writing."""
    with opened(kernel, writable=True) as device:
        kernel.disks[1].flush_fails_with = code
        if key is None:
            device.flush()
        else:
            with pytest.raises(FifthFloorError) as caught:
                device.flush()
            assert caught.value.key == key


def test_a_second_writer_and_a_reader_beside_it_are_refused(kernel: FakeKernel) -> None:
    with opened(kernel, writable=True):
        for writable in (True, False):
            with pytest.raises(DeviceRefused) as caught:
                opened(kernel, writable=writable)
            assert caught.value.key == "cards.in_use"


@pytest.mark.parametrize("name", [r"\\.\C:", r"\\.\PhysicalDrive0", r"\\.\D:"])
@pytest.mark.parametrize("says_extents", [True, False])
def test_the_systems_disk_is_never_opened(kernel: FakeKernel, name: str, says_extents: bool) -> None:
    """Neither its volume, nor the whole of it, nor another volume beside Windows."""
    kernel.disks[0].says -= frozenset() if says_extents else {windows.DISK_EXTENTS}
    kernel.beside_windows = "D"
    for writable in (True, False):
        assert refusal(kernel, name, writable=writable, serial="4C5300").key == "cards.system_disk"
    assert not any(access for kind, _name, access in kernel.calls if kind == "open")


def test_where_it_cannot_be_told_from_the_systems_disk_nothing_is_opened_or_offered(kernel: FakeKernel) -> None:
    kernel.disks[1].says = kernel.disks[0].says = frozenset({windows.LENGTH, windows.QUERY_PROPERTY})
    assert refusal(kernel).key == "cards.system_disk"
    assert windows.offered(kernel) == []


def test_who_is_no_administrator_is_told_so(kernel: FakeKernel) -> None:
    kernel.administrator = False
    for name in (E, WHOLE):
        assert refusal(kernel, name, writable=False).key == "cards.not_administrator"
    assert [one.path for one in windows.offered(kernel)] == [WHOLE]


def test_a_disk_that_is_not_removable_needs_its_serial(kernel: FakeKernel) -> None:
    kernel.disks[1].removable = False
    assert refusal(kernel).key == "cards.not_removable"
    assert refusal(kernel, serial="another").key == "cards.wrong_serial"
    opened(kernel, writable=True, serial="4C5300").close()
    kernel.disks[1].says -= {windows.QUERY_PROPERTY}
    assert refusal(kernel).facts["serial"] == "E:", "a name stands for a number that nobody says"


def test_the_slot_of_a_laptop_holds_cards(kernel: FakeKernel) -> None:
    """A built-in SD slot does not call its card removable; its bus says what it is."""
    kernel.disks[1].removable, kernel.disks[1].bus = False, 12
    opened(kernel, writable=True).close()
    kernel.disks[1].bus = 13
    assert refusal(kernel).key == "cards.not_removable", "memory that is soldered in"


def test_cards_are_listed_with_maker_size_label_and_letter(kernel: FakeKernel) -> None:
    kernel.disks[2] = Disk("F", bytearray(1 << 20), maker="", model="SD", label="", serial="")
    kernel.disks[3] = Disk("G", bytearray(1 << 20), removable=False)
    first, second = windows.offered(kernel)
    assert (first.path, first.places, first.labels) == (WHOLE, ("E:",), ("EOS_DIGITAL",))
    assert (first.facts.maker, first.facts.model, first.facts.serial) == ("SanDisk", "Extreme", "4C5300")
    assert first.size_bytes == len(kernel.disks[1].contents)
    assert (second.path, second.facts.serial) == (r"\\.\PhysicalDrive2", "PhysicalDrive2")
    assert not kernel.opened
    assert not any(access for kind, _name, access in kernel.calls if kind == "open"), "no rights are needed"


@pytest.mark.parametrize("sectors", [1, 2, 3, 1000, 4097, 65_536])
def test_the_end_is_found_where_nobody_tells_it(kernel: FakeKernel, sectors: int) -> None:
    kernel.disks[1].says -= {windows.LENGTH, windows.GEOMETRY}
    kernel.disks[1].contents = bytearray(sectors * 512)
    with opened(kernel) as device:
        assert device.size_bytes == sectors * 512


@pytest.mark.parametrize(
    ("code", "reading", "writing"),
    [
        (1167, "cards.gone", "cards.gone"),
        (433, "cards.gone", "cards.gone"),
        (23, "OSError", "cards.write_failed"),
        (19, "OSError", "cards.write_protected"),
        (9999, "OSError", "cards.write_failed"),
    ],
)
def test_what_windows_says_when_a_card_fails(kernel: FakeKernel, code: int, reading: str, writing: str) -> None:
    with opened(kernel, writable=True) as device:
        kernel.disks[1].fails_with = code
        for call, wanted in ((lambda: device.read(0, 512), reading), (lambda: device.write(0, bytes(512)), writing)):
            with pytest.raises((FifthFloorError, OSError)) as caught:
                call()
            if isinstance(caught.value, OSError):
                assert (wanted, caught.value.filename) == ("OSError", E)
            else:
                assert isinstance(caught.value, FifthFloorError)
                assert caught.value.key == wanted


def test_a_device_that_became_shorter_is_named(kernel: FakeKernel) -> None:
    with opened(kernel, writable=True) as device:
        del kernel.disks[1].contents[1 << 20 :]
        for call in (lambda: device.read(2 << 20, 512), lambda: device.write((2 << 20) + 1, b"x")):
            with pytest.raises(FifthFloorError) as caught:
                call()
            assert caught.value.key == "cards.size_changed"


def test_a_device_that_is_not_there(kernel: FakeKernel) -> None:
    assert refusal(kernel, r"\\.\X:").key == "cards.missing"
    assert refusal(kernel, r"\\.\PhysicalDrive7").key == "cards.missing"


@pytest.mark.parametrize("answer", [b"", b"\x01", bytes(7), b"\xff" * 11, b"\xff" * 64])
def test_answers_that_are_cut_short_or_nonsense_are_borne(
    kernel: FakeKernel, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    exfat = kernel.disks[1]
    real = FakeKernel._answer

    def bent(disk: Disk, number: int, code: int) -> bytes:
        return answer if disk is exfat and code == windows.QUERY_PROPERTY else real(disk, number, code)

    monkeypatch.setattr(FakeKernel, "_answer", staticmethod(bent))
    opened(kernel).close()


def test_an_exfat_card_is_read_whole(kernel: FakeKernel, tmp_path: Path) -> None:
    exfat_card(tmp_path / "x.img")
    kernel.disks[1].contents = bytearray((tmp_path / "x.img").read_bytes())
    with opened(kernel) as device:
        names = [file.path for file in card_on(device).files() if not file.is_directory]
    assert "DCIM/100CANON/IMG_0001.JPG" in names


def control_code(device: int, function: int, method: int = 0, access: int = 0) -> int:
    """CTL_CODE of <winioctl.h>."""
    return device << 16 | access << 14 | function << 2 | method


def test_the_codes_are_those_of_windows() -> None:
    file_system, disk, storage, volume = 9, 7, 0x2D, ord("V")
    neither, read_access = 3, 1
    for ours, theirs in (
        (windows.LOCK_VOLUME, control_code(file_system, 6)),
        (windows.UNLOCK_VOLUME, control_code(file_system, 7)),
        (windows.DISMOUNT_VOLUME, control_code(file_system, 8)),
        (windows._WHOLE_VOLUME, control_code(file_system, 32, neither)),
        (windows.DEVICE_NUMBER, control_code(storage, 0x420)),
        (windows.QUERY_PROPERTY, control_code(storage, 0x500)),
        (windows.DISK_EXTENTS, control_code(volume, 0)),
        (windows.LENGTH, control_code(disk, 0x17, 0, read_access)),
        (windows.GEOMETRY, control_code(disk, 0x28)),
    ):
        assert ours == theirs


class Settable:
    """A function of a library, as ctypes has it: what it returns is told by an attribute."""

    restype: Any = None

    def __init__(self, function: Callable[..., int | None]) -> None:
        self._function = function

    def __call__(self, *arguments: Any) -> int | None:
        return self._function(*arguments)


class Library:
    """`kernel32.dll`: keeps what it was called with. A handle needs all its 64 bits."""

    HANDLE = 0xFEDCBA9876543210

    def __init__(self, handle: int | None = HANDLE) -> None:
        self._handle = handle
        self.moved: list[tuple[int, int, int]] = []
        self.asked: list[tuple[str, int, int]] = []
        self.CreateFileW = Settable(self._create)

    def _create(self, name: Any, access: Any, *others: Any) -> int | None:
        self.asked.append((name.value, access.value, others[3].value))
        return self._handle

    def ReadFile(self, handle: Any, into: Any, length: Any, moved: Any, place: Any) -> int:  # noqa: N802
        where = place._obj
        self.moved.append((handle.value, where.offset | where.offset_high << 32, length.value))
        into[: length.value] = b"\xa5" * length.value
        moved._obj.value = length.value
        return 1

    def WriteFile(self, *_arguments: Any) -> int:  # noqa: N802
        return 0


def test_the_calls_carry_whole_handles_and_places_behind_4_gib() -> None:
    library = Library()
    calls = Kernel32(library, None, lambda: 19)
    handle = calls.open(E, windows.READ, 0x20000000)
    assert library.asked == [(E, windows.READ, 0x20000000)]
    buffer = bytearray(512)
    assert calls.read(handle, (5 << 30) + 512, memoryview(buffer)) == 512
    assert buffer == b"\xa5" * 512
    assert library.moved == [(Library.HANDLE, (5 << 30) + 512, 512)]
    with pytest.raises(Win32Error) as caught:
        calls.write(handle, 0, memoryview(buffer))
    assert caught.value.code == 19


@pytest.mark.parametrize("handle", [None, (1 << 64) - 1])
def test_a_device_that_windows_does_not_open_is_an_error(handle: int | None) -> None:
    library = Library(handle)
    with pytest.raises(Win32Error) as caught:
        Kernel32(library, None, lambda: 5).open(E, windows.READ, 0)
    assert caught.value.code == 5


class OfPerson(FakeKernel):
    """Calls of a process that may open volumes of cards, as Windows lets some, and no whole disk."""

    def open(self, name: str, access: int, flags: int) -> int:
        if access and name == WHOLE:
            raise Win32Error(5)
        return super().open(name, access, flags)


@pytest.mark.parametrize("person", [FakeKernel, OfPerson])
def test_who_has_rights_is_asked_and_finds_no_lock_of_ours_in_its_way(
    kernel: FakeKernel, person: type[FakeKernel], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = person(kernel.disks, administrator=False, calls=kernel.calls, opened=kernel.opened)
    if person is OfPerson:
        monkeypatch.setattr(mine, "administrator", True)  # of Windows' list of rights, not of the disk
        monkeypatch.setattr(mine, "is_administrator", lambda: False)
    asked: list[tuple[str, bool]] = []

    def ask(path: Path, writable: bool) -> tuple[int, ...]:
        asked.append((str(path), writable))
        handed = opened(kernel, WHOLE, writable=writable)
        assert isinstance(handed, windows.RawDevice)
        return handed.descriptors()

    assert refusal(mine, WHOLE).key == "cards.not_administrator"
    monkeypatch.setattr(windows, "ASKED", [ask])
    with opened(mine, WHOLE, writable=True) as device:
        assert isinstance(device, windows.RawDevice)
        assert len(device.descriptors()) == 2, "its volume's lock came along"
        device.write(20_000_128, b"by a handle of another")
        assert kernel.disks[1].given_up
    assert bytes(kernel.disks[1].contents[20_000_128:20_000_150]) == b"by a handle of another"
    assert (asked, kernel.opened, kernel.disks[1].locks) == ([(WHOLE, True)], {}, {})
