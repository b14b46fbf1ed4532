"""`hide --in FOLDER` and `open FOLDER`: what comes back after what (spec/roll-carrier.md, section 6)."""

from __future__ import annotations

import io
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import pytest
from PIL import Image
from tests.carriers.covers_made import photograph, roll_of
from tests.cli.test_json_documents import compare_row
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.fresh import PROGRAM
from tests.tasks.quick import PASSPHRASE, WRONG, command, quick_argon2id

from fifthfloor.carriers.roll.covers import cover_of, ladder_of
from fifthfloor.errors import BadInput
from fifthfloor.floor.roll_plan import Offer, RollPlan, TooFew, left_after, make_roll_plan, most_symbols
from fifthfloor.floor.tar_stream import Entry
from fifthfloor.jpeg import segments
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import roll_hide
from fifthfloor.tasks.floors.roll_covers import Roll, RollPhotograph, look_at_rolls
from fifthfloor.tasks.floors.roll_hide import most_bytes, symbols_of
from fifthfloor.tasks.floors.roll_reading import each
from fifthfloor.tasks.floors.sources import FolderReader, Sources
from fifthfloor.tasks.progress import silent

pytestmark = pytest.mark.usefixtures("quick_kdf")
SECRET = bytes(range(256)) * 4
COUNT = 17


@pytest.fixture(scope="module")
def covers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return roll_of(tmp_path_factory.mktemp("covers") / "DCIM", COUNT)


@pytest.fixture(scope="module")
def hidden(covers: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A roll that holds one file; each test takes a copy."""
    folder = tmp_path_factory.mktemp("hidden") / "DCIM"
    shutil.copytree(covers, folder)
    for number, path in enumerate(sorted(folder.iterdir())):
        os.utime(path, ns=(1_700_000_000_123_456_789 + number, 1_700_000_000_987_654_321 + number))
    os.utime(folder, ns=(1_700_000_000_123_456_789, 1_700_000_000_987_654_000))
    source = folder.parent / "a.bin"
    source.write_bytes(SECRET)
    patch = pytest.MonkeyPatch()
    patch.setattr(secret, "KDF", quick_argon2id)
    said = command(
        "hide", source, "--in", folder, "--yes", "--json", "--passphrase-file", "-", "--rate", "0.05", "--label", ""
    )
    patch.undo()
    assert said.code == 0, said.err
    compare_row("hide --in FOLDER", said.document)
    assert said.document["rolls"][0]["written"] == COUNT
    assert said.document["changes"] > 10_000
    assert folder.stat().st_mtime_ns == 1_700_000_000_987_654_000
    return folder


@pytest.fixture
def roll(hidden: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(hidden, tmp_path / "roll"))


def opens(*carriers: Path, out: Path) -> bool:
    said = command("open", *carriers, "--out", out, "--passphrase-file", "-")
    if said.code == 0:
        assert (out / "a.bin").read_bytes() == SECRET
    else:
        assert said.code == 1, said.err
        assert not out.exists()
    return said.code == 0


def test_it_comes_back_and_each_file_keeps_its_times_and_all_but_its_scan(
    covers: Path, hidden: Path, tmp_path: Path
) -> None:
    assert opens(hidden, out=tmp_path / "out")
    changed = 0
    for number, path in enumerate(sorted(hidden.iterdir())):
        assert path.stat().st_mtime_ns == 1_700_000_000_987_654_321 + number
        before, after = (segments.split(file.read_bytes()) for file in (covers / path.name, path))
        assert [piece.raw for piece in before if piece.marker] == [piece.raw for piece in after if piece.marker]
        changed += before != after
    assert changed == COUNT
    assert len(list(hidden.iterdir())) == COUNT


def written(covers: Path, roll: Path) -> list[Path]:
    return [path for path in sorted(roll.iterdir()) if path.read_bytes() != (covers / path.name).read_bytes()]


def deleted(path: Path, _covers: Path) -> None:
    path.unlink()


def truncated(path: Path, _covers: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def replaced(path: Path, covers: Path) -> None:
    shutil.copyfile(covers / path.name, path)


def made_noise(path: Path, _covers: Path) -> None:
    path.write_bytes(random.Random(5).randbytes(100_000))


@pytest.mark.parametrize("damage", [deleted, truncated, replaced, made_noise])
def test_any_quarter_of_the_photographs_may_go(
    damage: Callable[[Path, Path], None], covers: Path, roll: Path, tmp_path: Path
) -> None:
    used = written(covers, roll)
    gone = random.Random(damage.__name__).sample(used, 5)
    for path in gone:
        damage(path, covers)
    assert opens(roll, out=tmp_path / "out")
    health = command("health", roll, "--json", "--passphrase-file", "-").document["floors"][0]
    assert (health["opens"], health["photographs"]) == (True, 12)
    for path in [path for path in used if path not in gone][:8]:
        path.unlink()
    assert not opens(roll, out=tmp_path / "again")
    assert "too many of its photographs are missing" in command("health", roll, "--passphrase-file", "-").out


def test_names_and_folders_and_strangers_do_not_matter(covers: Path, roll: Path, tmp_path: Path) -> None:
    for number, path in enumerate(written(covers, roll)):
        target = roll / f"sub{number % 3}" / f"{number:x}.dat"
        target.parent.mkdir(exist_ok=True)
        path.rename(target)
    small = photograph(99, 64, 48)
    for number in range(1_940):
        (roll / f"other{number}.jpg").write_bytes(small if number % 2 else b"no photograph")
    (roll / "link.jpg").symlink_to(roll / "other1.jpg")
    assert opens(roll, out=tmp_path / "out")


def test_a_roll_without_anything_is_a_wrong_passphrase(covers: Path, roll: Path, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none/notes.txt").write_bytes(b"x" * 2_000)  # an empty folder is refused before a secret is asked
    said = [
        command("open", folder, "--out", tmp_path / "out", "--passphrase-file", "-", stdin=phrase + "\n")
        for folder, phrase in ((roll, WRONG), (covers, PASSPHRASE), (tmp_path / "none", PASSPHRASE))
    ]
    assert {(one.code, one.out, one.err) for one in said} == {(1, "", said[0].err)}
    assert "nothing was found" in said[0].err


def test_a_dry_run_says_it_all_and_writes_nothing(covers: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(covers, tmp_path / "roll"))
    (tmp_path / "a.bin").write_bytes(SECRET)
    for name in ("twin.jpg", "IMG_0001.JPG"):
        (folder / name).write_bytes((covers / "IMG_0001.JPG").read_bytes())
    before = {path: path.read_bytes() for path in folder.iterdir()}
    arguments = ("hide", tmp_path / "a.bin", "--in", folder, "--rate", "0.05", "--dry-run", "--passphrase-file", "-")
    said = command(*arguments)
    assert said.code == 0, said.err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    for part in ("not used: 2 showing what another file here shows", "any 25 % may be lost", "experimental"):
        assert part in said.err, said.err
    document = command(*arguments, "--json").document
    compare_row("hide --in FOLDER --dry-run", document)
    assert document["rolls"][0]["refused"] == {"roll.why.twin": 2}
    room = document["rolls"][0]
    sizes = sorted(path.stat().st_size for path in folder.iterdir() if path.name not in ("twin.jpg", "IMG_0001.JPG"))
    assert room["most_bytes"] > 0
    assert sum(sizes[: room["most_whole"]]) <= room["most_bytes"] < sum(sizes[: room["most_whole"] + 1])
    assert room["whole_bytes"] == sizes[0]  # none fits, and what is no cover is not counted
    assert room["most_small"] == room["most_bytes"] // 300_000


def test_a_list_reads_folders_and_a_collection_takes_cards_alone(roll: Path, tmp_path: Path) -> None:
    said = command("list", roll, "--json", "--passphrase-file", "-")
    assert said.code == 0, said.err
    assert "a.bin" in said.out
    where = ("--out", tmp_path / "out", "--collect", tmp_path / "kept", "--passphrase-file", "-")
    assert command("open", roll, *where).code == 2
    assert not (tmp_path / "kept").exists()


def test_an_identity_is_for_cards_and_says_so_before_it_is_asked_for(roll: Path, tmp_path: Path) -> None:
    verbs: list[list[str | Path]] = [["open", roll, "--out", tmp_path / "out"], ["list", roll], ["health", roll]]
    for verb in verbs:
        said = command(*verb, "--identity", tmp_path / "nowhere.identity", "--passphrase-file", "-")
        assert said.code == 2
        assert "--identity is for cards" in said.err


def test_a_photograph_carries_once(roll: Path, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(SECRET)
    said = command("hide", tmp_path / "a.bin", "--in", roll, "--rate", "0.05", "--yes", "--passphrase-file", "-")
    assert said.code == 3
    assert "holds something of this passphrase already" in said.err


def test_what_does_not_go_with_folders_is_refused(covers: Path, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(SECRET * 200)
    card = exfat_card(tmp_path / "card.img", 1, size_bytes=9_000_000, files=1)
    base = ("hide", tmp_path / "a.bin", "--yes", "--passphrase-file", "-", "--in")
    for arguments in ((covers, "--in", card, "--quick"), (card, "--shrink", "900")):
        assert command(*base, *arguments).code == 2
    for given, told in (
        (("--lose", "1"), "--lose 1 of 1 folder leaves none"),
        (("--lose-photos", "nan"), "--lose-photos takes a number from 0 to 90"),
        (("--rate", "nan"), "--rate takes a number from 0.001 to 0.05"),
    ):
        refused = command(*base, covers, *given)
        assert (refused.code, told in refused.err) == (2, True), refused.err
    for option in (("--quick",), ("--remove",), ("--overwrite", "20"), ("--device", "A1")):
        refused = command(*base, covers, *option)
        assert (refused.code, f"{option[0]} is for cards" in refused.err) == (2, True)
    little = command(*base, covers)
    assert little.code == 4
    assert "photographs that may hold something hold" in little.err


def test_a_folder_of_anything_else_has_no_room(tmp_path: Path) -> None:
    (tmp_path / "roll").mkdir()
    (tmp_path / "roll" / "a.txt").write_text("no photograph")
    (tmp_path / "a.bin").write_bytes(SECRET)
    ask = ("hide", tmp_path / "a.bin", "--in", tmp_path / "roll", "--yes", "--passphrase-file", "-", "--json")
    empty = command(*ask)
    assert (empty.code, empty.document["error"]) == (3, "roll.empty")
    Image.new("RGB", (320, 240), "gray").save(tmp_path / "roll" / "b.jpg")
    none = command(*ask)
    assert (none.code, none.document["error"]) == (4, "roll.no_covers")
    assert "not used: 1 naming no camera" in none.err
    assert " 0 " not in none.err


def test_a_kill_while_it_writes_leaves_each_file_old_or_new(covers: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(covers, tmp_path / "roll"))
    (tmp_path / "a.bin").write_bytes(SECRET)
    (tmp_path / "key").write_text(PASSPHRASE)
    command_line: list[str | Path] = [sys.executable, PROGRAM, "hide", tmp_path / "a.bin", "--in", folder, "--yes"]
    command_line += ["--rate", "0.05", "--passphrase-file", tmp_path / "key"]
    process = subprocess.Popen(command_line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    old = {path.name: path.read_bytes() for path in covers.iterdir()}
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and process.poll() is None:
        if any((folder / name).stat().st_size != len(data) for name, data in old.items()):
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    new = 0
    for name, data in old.items():
        now = (folder / name).read_bytes()
        if now != data:
            new += 1
            assert cover_of(now).fingerprint == cover_of(data).fingerprint
            assert now.endswith(b"a trailer of the camera's")
    assert 1 <= new <= COUNT
    parts_left = {path.name for path in folder.iterdir() if path.name.startswith(".")}
    assert parts_left <= {f".{name}.part" for name in old}  # which nobody takes for photographs
    parts = [folder / ".IMG_0003.JPG.part", *(path for path in folder.iterdir() if path.name.startswith("."))]
    parts[0].write_bytes(old["IMG_0003.JPG"][:30_000])
    stranger = folder / ".IMG_0003.JPG.other"
    stranger.write_bytes(b"not of this program")
    asked = ("--rate", "0.05", "--passphrase-file", "-")
    again = command("hide", tmp_path / "a.bin", "--in", folder, "--yes", *asked, stdin=WRONG + "\n")
    assert again.code == 0, again.err
    assert not [path for path in parts if path.exists()]
    assert stranger.exists()


def test_a_folder_is_one_carrier_and_one_in_it_is_none(covers: Path, tmp_path: Path) -> None:
    """Refused before a secret is asked: the passphrase is not even looked for."""
    folder = Path(shutil.copytree(covers, tmp_path / "roll"))
    shutil.copytree(covers, folder / "deep" / "er")
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "a.bin").write_bytes(SECRET)
    card = exfat_card(tmp_path / "card.img", 1, size_bytes=9_000_000, files=1)
    line = ("hide", tmp_path / "a.bin", "--in", folder, "--yes", "--json", "--passphrase-file", tmp_path / "none")
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    for second, key in (
        (folder, "roll.twice"),
        (tmp_path / "link", "roll.twice"),
        (tmp_path / "roll" / "deep" / "..", "roll.twice"),
        (folder / "deep" / "er", "roll.within"),
        (tmp_path / "link" / "deep", "roll.within"),
        (tmp_path, "roll.within"),
    ):
        for more in ((), ("--in", card)):
            said = command(*line, "--in", second, *more)
            assert (said.code, said.document["error"]) == (3, key), (second, said.err)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_what_another_folder_shows_too_is_no_cover(covers: Path, tmp_path: Path) -> None:
    """Beside its twin a written photograph tells every change, and in another roll that is so too; so does a raw."""
    rolls = [tmp_path / "one", tmp_path / "two"]
    paths = sorted(covers.iterdir())
    for folder, those in zip(rolls, (paths[:6], paths[5:]), strict=True):
        folder.mkdir()
        for path in those:
            shutil.copy2(path, folder)
    (rolls[1] / paths[8].with_suffix(".cr3").name.lower()).write_bytes(b"the raw of it")
    one, two = look_at_rolls(rolls, 0.05, silent)
    assert [path.path.name for path in one.photographs if path.why] == [paths[5].name]
    assert [path.path.name for path in two.photographs if path.why] == [paths[5].name, paths[8].name]
    assert one.refused == {"roll.why.twin": 1}


def test_two_folders_are_two_carriers(covers: Path, tmp_path: Path) -> None:
    rolls = [tmp_path / "one", tmp_path / "two"]
    for number, folder in enumerate(rolls):
        folder.mkdir()
        for path in sorted(covers.iterdir())[8 * number : 8 * number + 8]:
            shutil.copy2(path, folder)
    (tmp_path / "a.bin").write_bytes(SECRET)
    where = ("--in", rolls[0], "--in", rolls[1], "--lose-photos", "0", "--rate", "0.05")
    assert command("hide", tmp_path / "a.bin", *where, "--yes", "--passphrase-file", "-").code == 0
    assert opens(*rolls, out=tmp_path / "out")
    assert not opens(rolls[0], out=tmp_path / "half")


def test_health_counts_the_loss_of_a_small_folder_whole(covers: Path, tmp_path: Path) -> None:
    """Both folders are needed: with the photographs of the smaller one the key goes, however many symbols are left."""
    rolls, paths = [tmp_path / "small", tmp_path / "large"], sorted(covers.iterdir())
    for folder, those in zip(rolls, (paths[:2], paths[2:]), strict=True):
        folder.mkdir()
        for path in those:
            shutil.copy2(path, folder)
    (tmp_path / "a.bin").write_bytes(SECRET)
    where = ("--in", rolls[0], "--in", rolls[1], "--rate", "0.05")
    said = command("hide", tmp_path / "a.bin", *where, "--yes", "--passphrase-file", "-")
    assert said.code == 0, said.err
    floor = command("health", *rolls, "--json", "--passphrase-file", "-").document["floors"][0]
    assert floor["threshold"] == 2
    assert 0 < floor["may_lose_percent"] * floor["photographs"] < 200, floor
    (rolls[0] / paths[0].name).unlink()
    assert opens(*rolls, out=tmp_path / "out")
    (rolls[0] / paths[1].name).unlink()
    assert not opens(*rolls, out=tmp_path / "no")


def test_a_share_of_photographs_is_whole_ones() -> None:
    assert [left_after([1, 5, 0, 3, 2, 4], share) for share in (0, 0.2, 0.25, 0.4, 1)] == [15, 10, 6, 6, 0]


def test_the_fullest_may_be_lost_and_none_stands_out() -> None:
    offers = [Offer((1, 2, 4, 8, 11), 11)] * 3 + [Offer((1, 2, 4), 2)] * 5 + [Offer((), 0)] * 2
    assert most_symbols(offers, 0) == 3 * 4 + 5 * 2 - 6
    plan = make_roll_plan([offers], 5, 0, 0.25)
    assert isinstance(plan, RollPlan)
    (slots,) = plan.slots
    assert left_after(slots, 0.25) == sum(sorted(slots)[:-2]) >= 5 + 6
    assert plan.odds <= 2**-40
    little = make_roll_plan([offers], 9, 0, 0.25)
    assert isinstance(little, TooFew)
    assert little.left < little.needed


def test_less_than_there_is_room_for_is_spread_by_what_each_can_hold() -> None:
    offers = [Offer((1, 2, 4, 8, 11, 17), 8)] * 10 + [Offer((1, 2, 4, 5), 4)] * 10
    plan = make_roll_plan([offers], 30, 0, 0.25)
    assert isinstance(plan, RollPlan)
    (slots,) = plan.slots
    assert set(slots[:10]) == {4}
    assert set(slots[10:]) == {2}


def test_most_is_what_there_is_a_plan_for() -> None:
    for count in (17, 40, 700):
        offers = [Offer((1, 2, 4, 8, 11), 11)] * count
        most = most_symbols(offers, 0.25)
        assert isinstance(make_roll_plan([offers], most, 0, 0.25), RollPlan)
        assert isinstance(make_roll_plan([offers], most + 1, 0, 0.25), TooFew)
        facts = Path(__file__).stat()
        size = most_bytes(Roll(Path(), tuple(RollPhotograph(Path(), facts, "", one) for one in offers)), 0.25)
        for name in ("a.bin", "n" * 100):
            sources = Sources((Entry(name, size, 1.7e9 + 0.123456),), FolderReader({}))
            assert most - 3 <= symbols_of(sources, "2026-11-30") <= most


@pytest.mark.parametrize("symbols", [1, 5, 20, 60])
def test_none_carries_more_than_twice_the_median_whatever_is_dealt(symbols: int) -> None:
    """Steps of the ladder are coarse: a share of the room that is one slot of one photograph is three of another."""
    chance, plans = random.Random(symbols), 0
    for _ in range(60):
        ladders = [ladder_of(chance.randrange(12_000, 400_000)) for _ in range(3)]
        offers = [Offer(ladder, ladder[chance.randrange(len(ladder))]) for ladder in chance.choices(ladders, k=40)]
        plan = make_roll_plan([offers], symbols, 0, 0.25)
        if isinstance(plan, RollPlan):
            plans += 1
            (slots,) = plan.slots
            assert max(slots) <= 2 * median([count for count in slots if count]), (offers, slots)
            assert all(count in (0, *offer.ladder) for count, offer in zip(slots, offers, strict=True))
    assert plans > 20


def test_many_groups_count_on_chance() -> None:
    offers = [Offer((1, 2, 4, 8, 11), 11)] * 1_000
    plan = make_roll_plan([offers], 5_000, 0, 0.25)
    assert isinstance(plan, RollPlan)
    assert len(plan.groups) == 2
    assert left_after(plan.slots[0], 0.25) > 5_000 + 2 * 6


def test_keys_without_a_roll_key_are_a_mistake_of_ours(covers: Path) -> None:
    from fifthfloor.floor.seal import FloorKeys

    with pytest.raises(ValueError, match="cards alone"):
        cover_of((covers / "IMG_0001.JPG").read_bytes()).order(FloorKeys(b"", b"").roll)


def test_a_photograph_that_changed_meanwhile_is_not_written(covers: Path, tmp_path: Path) -> None:
    from fifthfloor.tasks.floors.roll_hide import hide_in_rolls, intend_rolls, is_untouched
    from fifthfloor.tasks.floors.sources import gather

    folder = Path(shutil.copytree(covers, tmp_path / "roll"))
    (tmp_path / "a.bin").write_bytes(SECRET)
    intent = intend_rolls(gather([tmp_path / "a.bin"]), look_at_rolls([folder], 0.05, silent), 0, 0.25)
    last = intent.written[-1][0].path
    last.write_bytes(last.read_bytes() + b"!")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(BadInput) as error:
        hide_in_rolls(intent, secret.keys_of(PASSPHRASE, ""), silent)
    assert error.value.key == "roll.changed"
    # Those made before it are not used up, and nothing of them is left.
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert is_untouched(intent)
    shutil.copy2(last, tmp_path / "new")
    (tmp_path / "new").replace(last)
    assert not is_untouched(intent)


def test_whoever_stops_it_before_a_photograph_has_its_place_is_told_so(
    covers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    folder = Path(shutil.copytree(covers, tmp_path / "roll"))
    (tmp_path / "a.bin").write_bytes(SECRET)
    monkeypatch.setattr(roll_hide, "embed", stopped)
    line = ("hide", tmp_path / "a.bin", "--in", folder, "--rate", "0.05", "--yes", "--passphrase-file", "-")
    said = command(*line, "--label", "")
    assert said.code != 0
    assert "stopped; no photograph was written, and nothing is hidden" in said.err
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in covers.iterdir())


def test_a_photograph_that_cannot_hold_it_uses_up_no_other(
    covers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fifthfloor.carriers.roll.embedding import embed

    folder = Path(shutil.copytree(covers, tmp_path / "roll"))
    (tmp_path / "a.bin").write_bytes(SECRET)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = iter([embed] * (COUNT - 1))
    monkeypatch.setattr(roll_hide, "embed", lambda *given: next(done, lambda *_: None)(*given))
    line = ("hide", tmp_path / "a.bin", "--in", folder, "--rate", "0.05", "--yes", "--passphrase-file", "-")
    said = command(*line, "--label", "")
    assert said.code == 3
    assert "does not hold the 1 slot it was to hold; no photograph was written" in said.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_pictures_are_hidden_smaller_where_that_is_asked_for(covers: Path, tmp_path: Path) -> None:
    from fifthfloor.tasks.floors.roll_sources import shrink
    from fifthfloor.tasks.floors.sources import gather

    (tmp_path / "in").mkdir()
    shutil.copy(covers / "IMG_0001.JPG", tmp_path / "in" / "a.JPG")
    (tmp_path / "in" / "notes.txt").write_text("as it is")
    sources, made = shrink(gather([tmp_path / "in"]), 320)
    assert (made.pictures, made.of_pictures, made.before_bytes) == (1, 1, (covers / "IMG_0001.JPG").stat().st_size)
    assert [entry.name for entry in sources.entries] == ["in", "in/a.jpg", "in/notes.txt"]
    data = b"".join(sources.reader(sources.entries[1]))
    assert len(data) == sources.entries[1].size_bytes == made.after_bytes
    assert b"Example" not in data
    original = (covers / "IMG_0001.JPG").read_bytes()
    told = b"where it was taken"
    comment = b"\xff\xfe" + (len(told) + 2).to_bytes(2, "big") + told
    (tmp_path / "said.jpg").write_bytes(original[:2] + comment + original[2:])
    sources_said, _ = shrink(gather([tmp_path / "said.jpg"]), 320)
    small = b"".join(sources_said.reader(sources_said.entries[0]))
    assert {piece.marker for piece in segments.split(small)}.isdisjoint({0xE1, 0xE2, 0xED, 0xFE})
    assert b"".join(sources.reader(sources.entries[2])) == b"as it is"
    grey, frames = Image.new("I;16", (400, 300), 40_000), [Image.new("L", (400, 300), level) for level in (0, 9)]
    grey.save(tmp_path / "scan.png")
    grey.save(tmp_path / "scan.tif")
    Image.fromarray(np.full((300, 400), 1e5, np.float32)).save(tmp_path / "float.tif")
    frames[0].save(tmp_path / "pages.tif", save_all=True, append_images=frames[1:])
    frames[0].save(tmp_path / "moves.gif", save_all=True, append_images=frames[1:])
    (tmp_path / "b.png").write_bytes(b"no picture")
    for name, why in (
        ("scan.png", "deep"), ("scan.tif", "deep"), ("float.tif", "deep"), ("pages.tif", "frames"),
        ("moves.gif", "frames"), ("b.png", "unread"),
    ):  # fmt: skip
        with pytest.raises(BadInput) as error:
            shrink(gather([tmp_path / name]), 320)
        assert (error.value.key, error.value.facts["reason"]) == ("roll.no_picture", f"roll.what.{why}")
    clear = np.zeros((300, 400, 4), np.uint8)
    clear[140:] = np.random.default_rng(1).integers(0, 40, (160, 400, 4), np.uint8)
    clear[140:, :, 3] = 255
    Image.fromarray(clear).save(tmp_path / "map.png")
    drawn, _ = shrink(gather([tmp_path / "map.png"]), 320)
    with Image.open(io.BytesIO(b"".join(drawn.reader(drawn.entries[0])))) as laid:
        levels = np.asarray(laid.convert("L"))
    assert (levels.min() < 30, levels[0].min() > 225) == (True, True), "what is transparent lies on white"
    views = tmp_path / "views.jpg"
    pictures = [Image.open(io.BytesIO(original)), Image.open(io.BytesIO(original)).resize((160, 120))]
    pictures[0].save(views, "MPO", save_all=True, append_images=pictures[1:])
    assert shrink(gather([views]), 320)[1].pictures == 1
    _, none = shrink(gather([tmp_path / "in" / "notes.txt"]), 320)
    assert (none.pictures, none.of_pictures) == (0, 0)


def stopped_in_compiled_code(_task: Path) -> None:
    """What CPython makes of a stop that a compiled function did not hand on."""
    raise SystemError("returned a result with an exception set") from KeyboardInterrupt()


def broken_in_compiled_code(_task: Path) -> None:
    raise SystemError("bad argument to internal function")


def test_a_stop_within_compiled_code_is_a_stop(tmp_path: Path) -> None:
    for function, error in ((stopped_in_compiled_code, KeyboardInterrupt), (broken_in_compiled_code, SystemError)):
        with pytest.raises(error):
            list(each(function, [tmp_path], [tmp_path], lambda _: None))
