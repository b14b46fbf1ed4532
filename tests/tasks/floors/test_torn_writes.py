"""Torn at each sector boundary: deletions and `tidy` one by one, sweeps all at once.

A sweep writes hundreds of thousands of sectors. That no order, no loss and no tear of them can change a visible file is
shown by what reading every visible file reads: none of the sectors that are written. A deletion writes directories and
tables; each of its states is made and read.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cards import judges
from tests.cards.test_remove import FSCK, HARMLESS
from tests.doubles import FailingDevice
from tests.tasks.cards_at_hand import exfat_card, fat32_card, roll, visible
from tests.tasks.quick import LABEL, PASSPHRASE, Said, command, hide
from tests.tasks.writes import SECTOR, Write, WriteLog

from fifthfloor.cards.image import card_on, open_card, open_raw
from fifthfloor.cards.remove import remove_names

pytestmark = [pytest.mark.usefixtures("quick_kdf"), pytest.mark.judge("fsck.fat", "fsck.exfat")]
MAKERS = {"fat32": fat32_card, "exfat": exfat_card}
BYTES = {"fat32": 34_500_000, "exfat": 12_000_000}
CLEAN_EVERY, AGAIN_EVERY = 41, 83
GOING = ("IMG_0003.JPG", "IMG_0005.JPG")


def small(kind: str, path: Path, seed: int) -> Path:
    return MAKERS[kind](path, seed, size_bytes=BYTES[kind], files=9, cluster_bytes={"fat32": 512, "exfat": 4096}[kind])


def sectors(calls: list[tuple[int, int]], size_bytes: int) -> NDArray[np.bool_]:
    """Which sectors (offset, length in bytes) touch."""
    touched = np.zeros(-(-size_bytes // SECTOR), np.bool_)
    for offset, length in calls:
        touched[offset // SECTOR : -(-(offset + length) // SECTOR)] = True
    return touched


@pytest.mark.parametrize("sweep", ["wipe", "hide", "keep"])
@pytest.mark.parametrize("kind", MAKERS)
def test_reading_every_visible_file_reads_nothing_that_a_sweep_writes(
    kind: str, sweep: str, tmp_path: Path, write_log: WriteLog
) -> None:
    card, source = small(kind, tmp_path / "card.img", 4), roll(tmp_path / "roll", megabytes=0.5)
    (tmp_path / "keep").write_text(f"{PASSPHRASE}\none\n", encoding="utf-8")
    if sweep == "keep":
        assert hide(source, card, label="one", options=("--overwrite", "50")).code == 0
    write_log.cards.clear()
    options = ("--keep-file", tmp_path / "keep") if sweep == "keep" else ()
    said = command("wipe", card, "--yes") if sweep == "wipe" else hide(source, card, options=options)
    assert said.code == 0, said.err
    written = [(offset, len(data)) for between in write_log.cards["card.img"] for offset, data in between]
    with FailingDevice(open_raw(card)) as device:
        whole = card_on(device)
        for volume in whole.volumes:
            for file in volume.files():
                assert sum(map(len, volume.read_file(file))) == file.size_bytes
        read = sectors([(offset, length) for kind, offset, length in device.log if kind == "read"], device.size_bytes)
        swept = sectors(written, device.size_bytes)
        assert not (read & swept).any()
        assert int(swept.sum()) * SECTOR == int(whole.free[:, 1].sum()), "all that is free, and whole sectors of it"


def torn_states(card: Path, log: list[list[Write]]) -> Iterator[str]:
    """Bring `card` into every state of a log, write by write, sector by sector."""
    with card.open("r+b", buffering=0) as raw:
        for number, (offset, data) in enumerate(write for between in log for write in between):
            for at in range(0, len(data), SECTOR):
                raw.seek(offset + at)
                raw.write(data[at : at + SECTOR])
                yield f"write {number}, sector {at // SECTOR + 1} of {len(data) // SECTOR}"


def remove(card: Path, carrier: Path, wanted: str) -> Said:
    asked = ("--label", LABEL, "--passphrase-file", "-", "--yes")
    return command("hide", "--from", card, "--only", wanted, "--in", carrier, "--remove", "--no-wipe", *asked)


def half_deleted(card: Path) -> None:
    """As a deletion leaves it that was stopped before it swept: names gone, clusters taken."""
    with open_card(card, writable=True) as opened:
        remove_names(opened, [file.path for file in opened.files() if file.path.endswith(GOING)])


@pytest.mark.parametrize("which", ["remove", "tidy"])
@pytest.mark.parametrize("kind", MAKERS)
def test_a_deletion_torn_at_each_sector(kind: str, which: str, tmp_path: Path, write_log: WriteLog) -> None:
    card, again = small(kind, tmp_path / "shooting.img", 4), tmp_path / "again.img"
    carrier = exfat_card(tmp_path / "carrier.img", 9, size_bytes=9_000_000, files=3)
    whole = visible(card)
    kept = {path: digest for path, digest in whole.items() if not path.endswith(GOING)}
    if which == "tidy":
        half_deleted(card)
    write_log.cards.clear()
    before = Path(shutil.copyfile(card, tmp_path / "before.img"))
    said = remove(card, carrier, "IMG_0003,IMG_0005") if which == "remove" else command("tidy", card, "--lost", "--yes")
    assert said.code == 0, said.err
    states = 0
    for states, state in enumerate(torn_states(before, write_log.cards["shooting.img"]), 1):
        with open_card(before, mending=True) as opened:
            named = {file.path for file in opened.files() if not file.is_directory}
        assert kept.keys() <= named <= whole.keys(), state
        if states % 7 == 0:
            assert contents_of(before, named) == {path: whole[path] for path in named}, state
        if states % CLEAN_EVERY == 0:
            assert_no_file_harmed(before, kind, state)
        if states % AGAIN_EVERY == 0:
            shutil.copyfile(before, again)
            left = [name for name in GOING if any(path.endswith(name) for path in named)]
            tidied = command("tidy", again, "--lost", "--yes")
            assert tidied.code == 0, f"{state}: {tidied.err}"
            if left:
                assert remove(again, carrier, ",".join(left)).code == 0, state
            judges.assert_clean(again, kind)
            assert visible(again) == kept, state
    assert states > 80
    assert before.read_bytes() == card.read_bytes(), "the log is the whole of what was written"


def contents_of(card: Path, named: set[str]) -> dict[str, str]:
    """SHA-256 of every file, by a reader that bears a deletion that was stopped."""
    import hashlib

    with open_card(card, mending=True) as opened:
        return {
            file.path: hashlib.sha256(b"".join(volume.read_file(file))).hexdigest()
            for volume in opened.volumes
            for file in volume.files()
            if file.path in named
        }


def assert_no_file_harmed(card: Path, kind: str, state: str) -> None:
    result = judges.run(FSCK[kind], "-n", card)
    said = [line.strip() for line in (result.stdout + result.stderr).splitlines()]
    assert [line for line in said if line and not re.search(HARMLESS[kind], line)] == [], state
