"""`hide --quick`: what it refuses, what it writes, what it survives, and what one image shows of it."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.cards.judges import assert_clean
from tests.cli.test_json_documents import compare_row
from tests.doubles import Fails
from tests.tasks.cards_at_hand import (
    KINDS,
    exfat_card,
    fat32_card,
    layout_of,
    outside_free,
    roll,
    tree,
    visible,
)
from tests.tasks.fresh import fresh_open
from tests.tasks.quick import PASSPHRASE, Said, command, hide, open_in_process
from tests.tasks.recording import Reader
from tests.tasks.writes import WriteLog, power_cuts

from fifthfloor.cards.image import open_card

pytestmark = pytest.mark.usefixtures("quick_kdf")
MAKERS = {"fat32": fat32_card, "exfat": exfat_card}
BYTES = 96_000_000


def swept_card(path: Path, kind: str = "exfat", seed: int = 1, size_bytes: int = BYTES) -> Path:
    card = MAKERS[kind](path, seed, size_bytes=size_bytes)
    assert command("wipe", card, "--yes").code == 0
    return card


def quick(source: Path, *cards: Path, options: tuple[str | Path, ...] = (), label: str = "quick") -> Said:
    return hide(source, *cards, options=("--quick", *options), label=label)


def changed(before: bytes, after: bytes) -> NDArray[np.int64]:
    """Offsets of the sectors that differ."""
    size = len(before) // 512 * 512
    left, right = (np.frombuffer(data, np.uint8, count=size).reshape(-1, 512) for data in (before, after))
    return np.flatnonzero((left != right).any(axis=1)) * 512


# What it writes.


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", KINDS)
def test_only_runs_are_written_one_in_each_stratum_and_nothing_visible_changes(kind: str, tmp_path: Path) -> None:
    card = swept_card(tmp_path / "card.img", kind)
    before, files, rest = card.read_bytes(), visible(card), outside_free(card)
    source = roll(tmp_path / "roll", megabytes=6)
    said = quick(source, card)
    assert said.code == 0, said.err
    assert (visible(card), outside_free(card)) == (files, rest)
    assert_clean(card, kind)
    touched = changed(before, card.read_bytes())
    places = layout_of(card).places
    index = np.unique(np.searchsorted(places, touched, side="right") - 1)
    assert len(index) * 16384 == said.document["written_bytes"] == len(touched) * 512
    runs = index.reshape(-1, 64)
    assert (np.diff(runs, axis=1) == 1).all()
    bounds = np.arange(len(runs) + 1) * len(places) // len(runs)
    assert (bounds[:-1] <= runs[:, 0]).all()
    assert (runs[:, -1] < bounds[1:]).all()
    assert 0.1 < len(touched) * 512 / len(before) < 0.8
    done = fresh_open(tmp_path, tmp_path / "out", card, label="quick")
    assert done.code == 0, done.err
    assert tree(tmp_path / "out/roll") == tree(source)


def test_each_time_other_places_are_drawn(tmp_path: Path) -> None:
    card = swept_card(tmp_path / "card.img")
    source = roll(tmp_path / "roll", megabytes=3)
    seen = []
    for _ in range(2):
        before = card.read_bytes()
        assert quick(source, card).code == 0
        seen.append(changed(before, card.read_bytes()))
    assert len(seen[0]) == len(seen[1])
    assert len(np.intersect1d(seen[0], seen[1])) < 0.8 * len(seen[0])


def test_the_finder_reads_only_what_will_be_written(tmp_path: Path, reader: Reader) -> None:
    card = swept_card(tmp_path / "card.img")
    reader.forget()
    said = quick(roll(tmp_path / "roll", megabytes=3), card)
    (log,) = reader.logs
    first = next(number for number, call in enumerate(log) if call[0] == "write")
    written = {(offset, length) for kind, offset, length in log if kind == "write"}
    sample = 8 << 20  # how fast it reads
    before = sum(length for kind, _offset, length in log[:first] if kind == "read")
    assert before <= said.document["written_bytes"] + sample + (4 << 20)
    read_back = [(offset, length) for kind, offset, length in log[first:] if kind == "read"]
    assert set(read_back) == written
    assert [kind for kind, _offset, _length in log].count("drop_cache") == 2
    assert sum(length for _offset, length in written) == said.document["written_bytes"]


def test_a_card_that_loses_a_write_is_caught(
    tmp_path: Path, reader: Reader, seeded_chance: Callable[[int], None]
) -> None:
    card = swept_card(tmp_path / "card.img")
    dry = Path(shutil.copyfile(card, tmp_path / "dry.img"))
    reader.forget()
    source = roll(tmp_path / "roll", megabytes=3)
    seeded_chance(6)
    assert quick(source, dry).code == 0
    (log,) = reader.logs
    calls = [kind for kind, _offset, _length in log if kind != "drop_cache"]
    reader.forget()
    writes = [number for number, kind in enumerate(calls) if kind == "write"]
    reader.faults = [(Fails(writes[len(writes) // 2], "drop"),)]
    seeded_chance(6)  # the same runs, so that the call of that number is a write again
    said = quick(source, card)
    assert said.code == 3
    assert "the card does not keep what is written to it" in said.err


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("kind", KINDS)
def test_every_power_cut_leaves_every_visible_file(kind: str, tmp_path: Path, write_log: WriteLog) -> None:
    card = swept_card(tmp_path / "card.img", kind, size_bytes=64_000_000)
    before = Path(shutil.copyfile(card, tmp_path / "before.img"))
    files, source = visible(card), roll(tmp_path / "roll", megabytes=2)
    write_log.cards.clear()
    assert quick(source, card).code == 0
    states = 0
    for states, state in enumerate(power_cuts(before, write_log.cards["card.img"], random.Random(5), 4), start=1):
        assert visible(before) == files, state
        if states % 20 == 0:
            assert_clean(before, kind)
            again = Path(shutil.copyfile(before, tmp_path / "again.img"))
            # What the stopped one left is met: where it does not come back it is let go by name alone.
            assert quick(source, again, options=("--dry-run",)).code in (0, 4), state
            assert quick(source, again, options=("--discard",)).code == 0, f"{state}: it can be run again"
            assert open_in_process(tmp_path / f"out{states}", again, label="quick").code == 0, state
    assert states > 20
    assert before.read_bytes() == card.read_bytes(), "the log is the whole of what was written"


# What it refuses.


def refused(card: Path, run: Callable[[], Said], code: int) -> Said:
    before = card.read_bytes()
    said = run()
    assert said.code == code, said.err
    assert said.document.keys() == {"error", "cause", "hint", "exit_code"}, "it asked for --json"
    assert card.read_bytes() == before, "refused, and written all the same"
    return said


@pytest.mark.parametrize("kind", KINDS)
def test_a_card_that_was_not_swept_is_refused_whatever_yes_says(kind: str, tmp_path: Path) -> None:
    card, source = MAKERS[kind](tmp_path / "card.img", 1, size_bytes=BYTES), roll(tmp_path / "roll", megabytes=3)
    said = refused(card, partial(quick, source, card), 3)
    assert " do not look like noise" in said.cause_and_hint[0]
    assert "sweep the card once without --quick" in said.cause_and_hint[1]


def fill_place(contents: bytearray, at: int, data: bytes) -> None:
    contents[at : at + len(data)] = data


TRACES: dict[str, Callable[[random.Random], bytes]] = {
    "zeros": lambda _c: bytes(64 << 10),
    "ones": lambda _c: b"\xff" * (64 << 10),
    "text": lambda c: c.randbytes(48 << 10).hex().encode()[: 64 << 10],
}


@pytest.mark.parametrize("trace", TRACES)
def test_one_strange_stretch_where_it_would_write_is_enough(
    trace: str, tmp_path: Path, seeded_chance: Callable[[int], None]
) -> None:
    card, source = swept_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=3)
    dry = Path(shutil.copyfile(card, tmp_path / "dry.img"))
    seeded_chance(3)
    assert quick(source, dry).code == 0
    touched = changed(card.read_bytes(), dry.read_bytes())
    contents = bytearray(card.read_bytes())
    at = int(touched[len(touched) // 2]) // 65536 * 65536
    fill_place(contents, at, TRACES[trace](random.Random(1)))
    card.write_bytes(contents)
    seeded_chance(3)
    assert "not look like noise" in refused(card, partial(quick, source, card), 3).err


def test_a_deleted_photograph_where_it_would_write_is_counted(
    tmp_path: Path, photograph: bytes, seeded_chance: Callable[[int], None]
) -> None:
    card, source = swept_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=3)
    dry = Path(shutil.copyfile(card, tmp_path / "dry.img"))
    seeded_chance(4)
    assert quick(source, dry).code == 0
    touched = changed(card.read_bytes(), dry.read_bytes())
    contents = bytearray(card.read_bytes())
    fill_place(contents, int(touched[0]), photograph)
    card.write_bytes(contents)
    seeded_chance(4)
    said = refused(card, partial(quick, source, card), 3)
    assert "1 deleted photograph begins there" in said.err


@pytest.fixture
def photograph() -> bytes:
    """A small JPEG as a camera writes it."""
    import io

    from PIL import Image

    out = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)
    Image.fromarray(noise).save(out, "JPEG", quality=92)
    return out.getvalue()


def test_what_it_does_not_write_over_may_be_anything(tmp_path: Path, seeded_chance: Callable[[int], None]) -> None:
    card, source = swept_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=3)
    dry = Path(shutil.copyfile(card, tmp_path / "dry.img"))
    seeded_chance(5)
    assert quick(source, dry).code == 0
    touched = changed(card.read_bytes(), dry.read_bytes())
    free = np.setdiff1d(layout_of(card).places, touched // 16384 * 16384)
    contents = bytearray(card.read_bytes())
    fill_place(contents, int(free[len(free) // 2]), bytes(16384))
    card.write_bytes(contents)
    seeded_chance(5)
    assert quick(source, card).code == 0


def test_it_carries_no_floor_over_and_says_so(tmp_path: Path) -> None:
    card = swept_card(tmp_path / "card.img")
    source, keep = roll(tmp_path / "roll", megabytes=1), tmp_path / "keep.txt"
    keep.write_text(PASSPHRASE + "\n", encoding="utf-8")
    for option in (("--keep",), ("--keep-file", keep)):
        said = refused(card, partial(quick, source, card, options=option), 2)
        assert "--quick keeps nothing" in said.err


def test_too_little_room_says_both_numbers_and_what_fits(tmp_path: Path) -> None:
    card, source = swept_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=60)
    said = refused(card, partial(quick, source, card, options=("--overwrite", "60")), 4)
    cause, hint = said.cause_and_hint
    assert " of room in one piece or few are needed, " in cause
    fits = int(hint.split("--overwrite ")[1].split()[0])
    assert refused(card, partial(quick, source, card, options=("--overwrite", str(fits + 1))), 4)
    assert quick(source, card, options=("--overwrite", str(fits))).code == 0
    assert open_in_process(tmp_path / "out", card, label="quick").code == 0
    said = refused(card, partial(quick, roll(tmp_path / "more", megabytes=100), card), 4)
    assert "leave out --quick" in said.cause_and_hint[1]


def test_it_says_what_two_images_show_and_what_others_lose(tmp_path: Path) -> None:
    card, source = swept_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=3)
    said = quick(source, card, options=("--verbose",))
    for told in (
        "two images of a card, one from before and one from now, show about how much",
        "--quick keeps nothing: what is hidden there already loses about",
        "% of the free space is rewritten on",
        "everything that will be written over looks like noise",
    ):
        assert told in said.err
    for untrue in ("all free space is rewritten", "before anything is removed"):
        assert untrue not in said.err
    assert said.document["quick"] is True
    assert said.document["kept_floors"] == 0
    assert "two images" in " ".join(command("hide", "--help").out.lower().split())


def test_an_earlier_floor_that_can_bear_it_still_opens(tmp_path: Path) -> None:
    card = MAKERS["exfat"](tmp_path / "card.img", 1, size_bytes=BYTES)
    first = roll(tmp_path / "first", megabytes=6)
    assert hide(first, card, label="first", options=("--overwrite", "60")).code == 0
    assert quick(roll(tmp_path / "roll", 8, megabytes=2), card).code == 0
    for label, source in (("first", first), ("quick", tmp_path / "roll")):
        assert open_in_process(tmp_path / f"out-{label}", card, label=label).code == 0
        assert tree(tmp_path / f"out-{label}" / source.name) == tree(source)


@pytest.mark.judge("fsck.fat")
def test_frames_of_a_shooting_card_are_taken_and_removed(tmp_path: Path) -> None:
    card, shooting = swept_card(tmp_path / "card.img"), KINDS["fat32"](tmp_path / "shooting.img", 4)
    before = visible(shooting)
    said = command(
        "hide", "--from", shooting, "--only", "IMG_0003-0009", "--in", card, "--remove", "--no-wipe", "--quick",
        "--label", "quick", "--passphrase-file", "-", "--yes", "--json", "-v",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert "the cards are read whole" in said.err
    gone = {f"DCIM/100CANON/IMG_{number:04d}.JPG" for number in range(3, 10)}
    assert visible(shooting) == {path: digest for path, digest in before.items() if path not in gone}
    assert_clean(shooting, "fat32")
    assert fresh_open(tmp_path, tmp_path / "out", card, label="quick").code == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.rpartition("/")[2] for path in gone}


# Read aloud.


def test_the_last_line_is_one_a_person_can_read(tmp_path: Path) -> None:
    card, source = swept_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=3)
    where = ("--in", card, "--quick", "--label", "", "--passphrase-file", "-", "--yes")
    compare_row("hide --quick --dry-run", command("hide", source, *where, "--dry-run", "--json").document)
    said = command("hide", source, *where)
    assert said.out == "hidden: 3 photographs and 2 other files (3.0 MB), on 1 card; every write was read back\n"
    with open_card(card) as opened:
        assert opened.volumes
