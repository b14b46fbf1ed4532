"""`hide --remove`: what is gone, what stays, and what a stop at any moment leaves."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from tests.cards import judges
from tests.cards.test_remove import FSCK, HARMLESS
from tests.tasks.cards_at_hand import KINDS, exfat_card, roll, visible
from tests.tasks.fresh import fresh_open
from tests.tasks.quick import LABEL, Said, command, hide
from tests.tasks.writes import WriteLog, power_cuts

from fifthfloor.cards.extents import Extent
from fifthfloor.cards.free_writer import FreeWriter, LostWriter
from fifthfloor.cards.image import open_card
from fifthfloor.cards.remove import remove_names
from fifthfloor.cli.console import Console
from fifthfloor.desk.hiding import NoiseLeft, Wish, _noise_left
from fifthfloor.tasks.floors import remove as removing
from fifthfloor.tasks.floors import verifying
from fifthfloor.tasks.floors.frames import sources_of, take_from
from fifthfloor.tasks.floors.surroundings import near_by, would_be_island
from fifthfloor.tasks.progress import silent

pytestmark = pytest.mark.usefixtures("quick_kdf")
WANTED = "IMG_0003-0009,IMG_0020"
TAKEN = {f"DCIM/100CANON/IMG_{number:04d}.JPG" for number in (*range(3, 10), 20)}
LOOK_EVERY, TIDY_EVERY, AGAIN_EVERY = 3, 15, 45


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    return exfat_card(tmp_path / "carrier.img", 9, size_bytes=12_000_000, files=4)


def hide_and_remove(card: Path, carrier: Path, wanted: str = WANTED) -> Said:
    return command(
        "hide", "--from", card, "--only", wanted, "--in", carrier, "--remove", "--no-wipe",
        "--label", LABEL, "--passphrase-file", "-", "--yes", "--json", "--discard",
    )  # fmt: skip


def test_a_yes_to_everything_leaves_no_island(tmp_path: Path, carrier: Path) -> None:
    """Wiping ends what could be recovered, and not wiping is seen: one of them is said, or nothing is written."""
    card = KINDS["fat32"](tmp_path / "shooting.img", 4)
    asked = ("--from", card, "--in", carrier, "--remove", "--label", LABEL, "--passphrase-file", "-", "--yes", "--json")
    before = [card.read_bytes(), carrier.read_bytes()]
    said = command("hide", *asked, "--only", WANTED)
    assert said.code == 3
    assert "--no-wipe" in said.cause_and_hint[1]
    assert [card.read_bytes(), carrier.read_bytes()] == before
    said = command("hide", *asked, "--only", WANTED, "--wipe")
    assert said.code == 0, said.err
    assert said.document["wiped"] == [str(card)]
    assert said.document["islands"] == []
    assert not would_be_island(take_from([card], "IMG_0010").cards[0]), (
        "it is noise all over, so the next --remove asks for neither"
    )
    said = command("hide", *asked, "--only", "IMG_0010")
    assert said.code == 0, said.err


def test_noise_far_away_does_not_excuse_an_island(tmp_path: Path) -> None:
    """A card that was swept, and holds deleted photographs around the frames: nearly all of it is noise."""
    card = KINDS["fat32"](tmp_path / "shooting.img", 4)
    assert command("wipe", card, "--yes").code == 0
    taken = take_from([card], "IMG_0010").cards[0]
    assert not would_be_island(taken)
    with open_card(card, writable=True) as opened:
        writer, (at, length) = FreeWriter(opened), near_by(opened.free.tolist(), taken.places)[0]
        writer.write(at, (b"what was photographed here, and deleted since\n" * (length // 40))[: min(length, 200_000)])
        writer.flush()
    assert would_be_island(taken)


def test_a_quick_floor_on_the_card_itself_leaves_no_island_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No sweep of the whole card follows, so noise alone in remains is asked for as elsewhere."""
    card = exfat_card(tmp_path / "q.img", 4, size_bytes=48_000_000, files=3)
    assert command("wipe", card, "--yes").code == 0
    taken = take_from([card], "IMG_0001").cards[0]
    with open_card(card, writable=True) as opened:
        for at, length in near_by(opened.free.tolist(), taken.places):
            writer = FreeWriter(opened)
            writer.write(at, (b"what was photographed here, and deleted since\n" * (length // 40))[:length])
            writer.flush()
    before = card.read_bytes()
    taking = ("hide", "--from", card, "--only", "IMG_0001", "--in", card, "--quick", "--remove")
    asked = (*taking, "--label", LABEL, "--passphrase-file", "-")
    for more in ((), ("--wipe",)):
        said = command(*asked, *more, "--yes", "--json")
        assert (said.code, "--quick" in said.cause_and_hint[1]) == (3, True), said.err
    questions: list[str] = []

    def no(_console: Console, question: str) -> bool:
        questions.append(question)
        return False

    monkeypatch.setattr(Console, "asks", True)
    monkeypatch.setattr(Console, "confirm", no)
    assert command(*asked).code == 3
    assert len(questions) == 1
    assert card.read_bytes() == before
    wish = Wish(
        sources=sources_of([taken]), taken=(taken,), cards=(card,), lose=0, overwrite=0.2, quick=True, remove=True,
        wipe=True, discard=False, discard_broken=False,
    )  # fmt: skip
    job = Mock(progress=silent)
    assert _noise_left(job, wish) == NoiseLeft(islands=(card,))
    assert _noise_left(job, replace(wish, quick=False)) == NoiseLeft()


def contents_of(card: Path, extents: tuple[Extent, ...]) -> bytes:
    with card.open("rb") as image:
        parts = []
        for extent in extents:
            image.seek(extent.offset_bytes)
            parts.append(image.read(extent.length_bytes))
    return b"".join(parts)


@pytest.mark.judge("fls", "fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", KINDS)
def test_frames_are_gone_from_the_card_and_in_the_floor(kind: str, tmp_path: Path, carrier: Path) -> None:
    card = KINDS[kind](tmp_path / "shooting.img", 4)
    before, files = visible(card), {file.path: file for file in take_from([card], WANTED).cards[0].files}
    stale = {path: contents_of(card, file.extents) for path, file in files.items()}
    said = hide_and_remove(card, carrier)
    assert said.code == 0, said.err
    assert files.keys() == TAKEN
    assert said.document["removed"] == {
        "files": len(TAKEN),
        "bytes": sum(file.size_bytes for file in files.values()),
        "clusters_swept": True,
        "lost_bytes": 0,
        "still_named": [],
    }
    assert visible(card) == {path: digest for path, digest in before.items() if path not in TAKEN}
    assert judges.deleted_by_sleuthkit(card) == set()
    judges.assert_clean(card, kind)
    for path, file in files.items():
        now = contents_of(card, file.extents)
        counts = np.bincount(np.frombuffer(now, np.uint8), minlength=256)
        assert counts.min() > 0, f"{path}: not noise"
        assert not any(stale[path][at : at + 64] in now for at in range(0, len(now), 512))
    done = fresh_open(tmp_path, tmp_path / "out", carrier)
    assert done.code == 0, done.err
    back = visible_in(tmp_path / "out")
    assert back == {path.rpartition("/")[2]: digest for path, digest in before.items() if path in TAKEN}


def visible_in(folder: Path) -> dict[str, str]:
    import hashlib

    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_audit_of_the_shooting_card_is_shown(tmp_path: Path, carrier: Path) -> None:
    card = KINDS["fat32"](tmp_path / "shooting.img", 4)
    said = hide_and_remove(card, carrier)
    (report,) = said.document["audit"]
    assert report["verdict"] in ("nothing", "explain", "stop")
    assert report["targets"][0]["path"] == str(card)
    plain = command(
        "hide", "--from", card, "--only", "IMG_0010", "--in", carrier, "--remove", "--no-wipe", "--label", "", "--yes",
        "--passphrase-file", "-",
    )  # fmt: skip
    assert plain.code == 0, plain.err
    assert "what a search would say now" in plain.out
    assert "2 gaps: 3-10, 20" in plain.err


def refused(card: Path, run: Callable[[], Said]) -> Said:
    before = card.read_bytes()
    said = run()
    assert said.code != 0
    assert card.read_bytes() == before
    return said


def test_nothing_is_removed_when_a_hash_differs(tmp_path: Path, carrier: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = KINDS["fat32"](tmp_path / "shooting.img", 4)
    really = verifying.hashes_apart
    for spoil in ({"IMG_0003.JPG": "0" * 64}, {"IMG_0099.JPG": "0" * 64}):
        monkeypatch.setattr(removing, "hashes_apart", lambda *a, spoil=spoil: really(*a) | spoil)
        said = refused(card, lambda: hide_and_remove(card, carrier))
        assert "nothing was removed" in said.err


def test_nothing_is_removed_when_the_floor_does_not_open(
    tmp_path: Path, carrier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, really = KINDS["fat32"](tmp_path / "shooting.img", 4), verifying.hashes_apart

    def hashes_of_a_wiped_card(*arguments: object) -> dict[str, str]:
        assert command("wipe", carrier, "--yes").code == 0
        return really(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(removing, "hashes_apart", hashes_of_a_wiped_card)
    assert refused(card, lambda: hide_and_remove(card, carrier)).code == 1


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", KINDS)
def test_every_power_cut_leaves_a_valid_card_that_tidy_finishes(
    kind: str, tmp_path: Path, carrier: Path, write_log: WriteLog
) -> None:
    card, again = KINDS[kind](tmp_path / "shooting.img", 4, files=24), tmp_path / "again.img"  # type: ignore[call-arg]
    before = Path(shutil.copyfile(card, tmp_path / "before.img"))
    whole, files = visible(card), {file.path: file for file in take_from([card], WANTED.split(",")[0]).cards[0].files}
    stale = {path: contents_of(card, file.extents) for path, file in files.items()}
    kept = {path: digest for path, digest in whole.items() if path not in files}
    assert hide_and_remove(card, carrier, WANTED.split(",")[0]).code == 0
    # The floor was whole before the first of these writes: `check_came_back` had opened it.
    log = write_log.cards["shooting.img"]
    states = 0
    for number, state in enumerate(power_cuts(before, log, random.Random(5), torn=2)):
        if number % LOOK_EVERY:
            continue
        states += 1
        with open_card(before, mending=True) as opened:
            named = {file.path for file in opened.files() if not file.is_directory}
        assert kept.keys() <= named <= whole.keys(), state
        shutil.copyfile(before, again)
        if number % TIDY_EVERY == 0:
            result = judges.run(FSCK[kind], "-n", before)
            said = [line.strip() for line in (result.stdout + result.stderr).splitlines()]
            assert [line for line in said if line and not re.search(HARMLESS[kind], line)] == [], state
        if number % AGAIN_EVERY == 0 and named & files.keys():
            with open_card(before) as opened:  # the command runs again for what is left
                assert opened.volumes
            left = ",".join(sorted(path.rpartition("/")[2] for path in named & files.keys()))
            assert hide_and_remove(again, carrier, left).code == 0, state
        else:
            tidied = command("tidy", again, "--lost", "--yes", "--json")
            assert tidied.code == 0, tidied.err
        assert_finished(again, kind, kept, whole, stale, state)
    assert states > 8
    assert before.read_bytes() == card.read_bytes(), "the log is the whole of what was written"


def assert_finished(
    card: Path, kind: str, kept: dict[str, str], whole: dict[str, str], stale: dict[str, bytes], state: str
) -> None:
    """No cluster is lost but where the person is told, every file is whole, what has no name has no contents."""
    with open_card(card) as opened:
        lost = removing.lost_bytes(opened)
    if lost:
        assert command("tidy", card, "--lost", "--yes").code == 0, state
    judges.assert_clean(card, kind)
    now = visible(card)
    assert now == {path: whole[path] for path in now}, state
    assert kept.keys() <= now.keys(), state
    raw = card.read_bytes()
    for path, contents in stale.items():
        if path not in now:
            assert contents[:64] not in raw, f"{state}: {path} has no name and is still there"


def test_a_stop_is_told_and_tidied(tmp_path: Path, carrier: Path) -> None:
    card = KINDS["exfat"](tmp_path / "shooting.img", 4)
    with open_card(card, writable=True) as opened:
        remove_names(opened, ["DCIM/100CANON/IMG_0003.JPG"])
    assert "fifthfloor tidy" in hide_and_remove(card, carrier, "IMG_0003").err
    with open_card(card) as opened:
        size = removing.lost_bytes(opened)
    assert size > 0
    said = hide_and_remove(card, carrier, "IMG_0004")
    assert said.document["removed"]["lost_bytes"] == size, "what another deletion left is not touched unasked"
    tidied = command("tidy", card, "--lost", "--yes", "--json")
    assert "belong to no file" in tidied.err
    assert tidied.document["swept_bytes"] == size
    with open_card(card) as opened:
        assert removing.lost_bytes(opened) == 0
    assert command("tidy", card, "--lost", "--yes", "--json").document["sectors"] == 0


@pytest.mark.judge("fsck.fat")
@pytest.mark.parametrize("step", ["reclaim_lost", "remove_names"])
def test_ctrl_c_while_removing_does_not_say_that_nothing_changed(
    step: str, tmp_path: Path, carrier: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = KINDS["fat32"](tmp_path / "shooting.img", 4)

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(removing, step, stop)
        said = hide_and_remove(card, carrier)
    assert said.code == 130
    assert said.document["error"] == "interrupted", "a program is told, too"
    assert "all of them are hidden" in said.err
    assert "every visible file is as it was" not in said.err
    assert command("tidy", card, "--lost", "--yes").code == 0
    judges.assert_clean(card, "fat32")
    assert fresh_open(tmp_path, tmp_path / "out", carrier).code == 0
    assert visible_in(tmp_path / "out").keys() == {path.rpartition("/")[2] for path in TAKEN}


@pytest.mark.parametrize("kind", KINDS)
def test_the_shooting_card_may_be_the_carrier(kind: str, tmp_path: Path) -> None:
    card = KINDS[kind](tmp_path / "shooting.img", 4)
    before = visible(card)
    said = hide_and_remove(card, card)
    assert said.code == 0, said.err
    assert visible(card).keys() == before.keys() - TAKEN
    assert fresh_open(tmp_path, tmp_path / "out", card).code == 0
    assert visible_in(tmp_path / "out") == {path.rpartition("/")[2]: before[path] for path in TAKEN}


def test_only_what_belongs_to_no_file_can_be_written(tmp_path: Path) -> None:
    card = KINDS["fat32"](tmp_path / "shooting.img", 4)
    (file, *_others) = take_from([card], "IMG_0003").cards[0].files
    with open_card(card, writable=True) as opened:
        for extent in (file.extents[0], Extent(*opened.free[0].tolist())):
            with pytest.raises(ValueError, match="not inside one free extent"):
                LostWriter(opened).write(extent.offset_bytes, bytes(512))


def test_a_folder_is_removed_by_the_system_and_it_says_what_that_leaves(tmp_path: Path, carrier: Path) -> None:
    source = roll(tmp_path / "roll", megabytes=1)
    names = [path for path in source.rglob("*") if path.is_file()]
    said = hide(source, carrier, options=("--remove",))
    assert said.code == 0, said.err
    assert not any(path.exists() for path in names)
    assert said.document["removed"]["clusters_swept"] is False
    done = fresh_open(tmp_path, tmp_path / "out", carrier)
    assert (done.code, len([path for path in (tmp_path / "out").rglob("*") if path.is_file()])) == (0, len(names))
    plain = tmp_path / "one.jpg"
    plain.write_bytes(b"x" * 2000)
    where = ("--in", carrier, "--remove", "--label", "", "--yes", "--passphrase-file", "-")
    said = command("hide", plain, *where)
    assert "that leaves their names in directories" in said.out
    assert "folders are left empty, with their names" in said.out
    assert "fifthfloor tidy" in said.out
