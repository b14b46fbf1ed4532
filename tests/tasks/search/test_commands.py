"""`audit`, `recover` and `tidy` as a person calls them: outputs, exit codes, nothing written to what is looked at."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.audit.made import MOMENT, camera_card, name, photograph, raw

from fifthfloor.audit import previews
from fifthfloor.audit.card import recoverable
from fifthfloor.cards.deleted import deleted_entries
from fifthfloor.cards.free_writer import FreeWriter
from fifthfloor.cards.image import open_card
from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.tidy import tidy
from fifthfloor.words import sentence
from fifthfloor.words.lines.audit import lines
from fifthfloor_theatre.cards.format import FatWriter
from fifthfloor_theatre.rehearsal import delete_under_guard, look_at


def called(*arguments: str | Path) -> Result:
    return CliRunner().invoke(fifthfloor, [str(argument) for argument in arguments], standalone_mode=False)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_card_with_a_deleted_photograph_stops_and_is_not_written(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", delete=(4,))
    before, time = digest(image), image.stat().st_mtime_ns
    done = called("audit", image, "--json", "--html", tmp_path / "page.html", "--pick", tmp_path / "pick.txt")
    assert done.return_value == 1
    document = json.loads(done.stdout)
    assert document["verdict"] == "stop"
    assert document["targets"][0]["recoverable"][0]["name"] == "_SC_0004.JPG"
    assert (digest(image), image.stat().st_mtime_ns) == (before, time)
    assert "data:image/jpeg;base64," in (tmp_path / "page.html").read_text()
    assert (tmp_path / "pick.txt").exists()
    assert not list(tmp_path.glob("*.part"))


def test_the_lines_for_a_person_say_verdict_cause_and_what_to_do(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", delete=(4,))
    said = called("audit", image).stdout
    assert said.startswith("do not cross with this\n")
    assert "1 deleted photograph is still named in directories" in said
    assert "  do: bring back what you need with `recover`, then scrub the names with `tidy`" in said
    assert "the camera's own memory" in said


def test_names_on_a_card_cannot_steer_the_terminal(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 1)
    with FatWriter(image) as writer:
        writer.add_file("DCIM/a\u202e\x85soldier.jpg", photograph(1), MOMENT)
    for form in ([], ["--json"]):
        said = called("audit", image, *form).stdout
        assert "soldier" in said
        assert not any(letter in said for letter in "\x1b\x85\u202e")


def test_pick_lists_whole_frames_of_what_matters(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 3)
    with FatWriter(image) as writer:
        writer.add_file("DCIM/101NCD90/DSC_0010.JPG", photograph(7, gps=(39.0, 125.7)), MOMENT)
        writer.add_file("DCIM/101NCD90/DSC_0010.NEF", b"raw", MOMENT)
    called("audit", image, "--pick", tmp_path / "pick.txt")
    assert (tmp_path / "pick.txt").read_text().splitlines() == [
        "DCIM/101NCD90/DSC_0010.JPG",
        "DCIM/101NCD90/DSC_0010.NEF",
    ]


def test_pick_leaves_a_frame_of_the_same_number_in_another_folder(tmp_path: Path) -> None:
    """A drone and a gimbal on one card count for themselves; `--only` finds the thumbnail again."""
    image = camera_card(tmp_path / "c.img", 1)
    with FatWriter(image) as writer:
        writer.add_file("DCIM/100MEDIA/DJI_0001.JPG", photograph(7, gps=(39.0, 125.7)), MOMENT)
        writer.add_file("DCIM/100DRONE/DJI_0001.JPG", photograph(8), MOMENT.replace(day=MOMENT.day + 1))
    called("audit", image, "--pick", tmp_path / "pick.txt")
    assert (tmp_path / "pick.txt").read_text().splitlines() == ["DCIM/100MEDIA/DJI_0001.JPG"]


def laptop(home: Path) -> None:
    (home / "Pictures").mkdir(parents=True)
    (home / "Pictures" / "IMG_0001.JPG").write_bytes(photograph(1, owner="A. Person"))
    (home / ".bash_history").write_text("fifthfloor hide x\n")
    (home / ".local/share/Trash/info").mkdir(parents=True)
    (home / ".local/share/Trash/info/IMG_2.JPG.trashinfo").write_text("[Trash Info]\nPath=/x/IMG_0002.JPG\n")
    (home / "notes.txt").write_text("we saw a border guard")
    (home / "library.db").touch()
    connection = sqlite3.connect(home / "library.db")
    connection.execute("CREATE TABLE film_rolls (id, folder)")
    connection.execute("CREATE TABLE images (id, film_id, filename)")
    connection.execute("INSERT INTO images VALUES (1, 1, 'IMG_0777.JPG')")
    connection.commit()
    connection.close()
    os.mkfifo(home / "pipe")
    (home / "loop").symlink_to(home)
    (home / "swapfile").write_bytes(bytes(100))


def test_a_laptop_is_walked_without_following_links_or_waiting(tmp_path: Path) -> None:
    laptop(tmp_path / "home")
    done = called("audit", tmp_path / "home", "--json")
    document = json.loads(done.stdout)
    found = {item["kind"]: item for item in document["findings"]}
    assert {"laptop.history", "laptop.own_named", "laptop.trash", "laptop.catalogue", "laptop.swap"} <= set(found)
    assert found["laptop.catalogue"]["facts"]["gone"] == 1
    assert found["laptop.trash"]["severity"] == "critical"
    assert found["photo.owner"]["facts"]["values"] == "A. Person"
    assert any(item["facts"]["rule"] == "photo.soldiers" for item in document["findings"] if item["kind"] == "rule.hit")
    assert document["targets"][0]["photographs"] == 1


def test_a_link_to_this_program_is_a_trace_though_it_leads_nowhere(tmp_path: Path) -> None:
    """`uv` and `pipx` link it; whoever deletes their folders by hand leaves the links, under whatever name."""
    home = tmp_path / "home"
    (home / ".local/bin").mkdir(parents=True)
    (home / "elsewhere").symlink_to("/nowhere/else")
    assert called("audit", home, "--json").exit_code == 0
    (home / ".local/bin/fifthfloor").symlink_to("/nowhere/pipx/venvs/fifthfloor/bin/fifthfloor")
    (home / "ff").symlink_to(home / ".local/bin/fifthfloor")
    (home / "stick").symlink_to(tmp_path)
    (home / "sources").symlink_to("/nowhere/fifthfloor")
    found = {one["kind"]: one for one in json.loads(called("audit", home, "--json").stdout)["findings"]}
    assert sorted(Path(place["path"]).name for place in found["laptop.own"]["places"]) == [
        "ff",
        "fifthfloor",
        "sources",
    ]


def test_catalogues_that_are_links_or_pipes_are_left_alone(tmp_path: Path) -> None:
    """SQLite would follow the link out of what is audited, and wait for ever at the pipe."""
    home = tmp_path / "home"
    home.mkdir()
    connection = sqlite3.connect(tmp_path / "outside.db")
    connection.execute("CREATE TABLE PhotoTable (filename)")
    connection.execute("INSERT INTO PhotoTable VALUES ('IMG_0777.JPG')")
    connection.commit()
    connection.close()
    (home / "photo.db").symlink_to(tmp_path / "outside.db")
    os.mkfifo(home / "library.db")
    (home / "digikam4.db").mkdir()
    document = json.loads(called("audit", home, "--json").stdout)
    assert "IMG_0777" not in json.dumps(document)
    assert "laptop.catalogue" not in {item["kind"] for item in document["findings"]}


def test_a_browser_history_is_searched_by_the_rulebook(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    connection = sqlite3.connect(home / "places.sqlite")
    connection.execute("CREATE TABLE moz_places (url, title)")
    connection.executemany("INSERT INTO moz_places VALUES (?, ?)", [(f"https://a.org/{n}", "x") for n in range(2500)])
    connection.execute("INSERT INTO moz_places VALUES ('https://www.dailynk.com/x', NULL)")
    connection.commit()
    connection.close()
    found = json.loads(called("audit", home, "--json").stdout)["findings"]
    assert "sites.press" in {item["facts"].get("rule") for item in found}
    assert "laptop.browser" in {item["kind"] for item in found}


def test_a_report_that_was_left_behind_is_a_trace(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 1)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "old.json").write_text(called("audit", image, "--json").stdout)
    called("audit", image, "--html", tmp_path / "home" / "page.html")
    found = {item["kind"]: item for item in json.loads(called("audit", tmp_path / "home", "--json").stdout)["findings"]}
    assert sorted(Path(place["path"]).name for place in found["laptop.own"]["places"]) == ["old.json", "page.html"]


def test_several_cards_are_told_apart(tmp_path: Path) -> None:
    """The same folders and numbers on two cards are two rolls: no gap between them, and each finding has its card."""
    one, two = camera_card(tmp_path / "one.img", 3), camera_card(tmp_path / "two.img", 9, delete=(1, 2, 3, 4, 5))
    document = json.loads(called("audit", one, two, "--json", "--pick", tmp_path / "pick.txt").stdout)
    kinds = [item["kind"] for item in document["findings"]]
    assert "numbers.gap" not in kinds
    assert "numbers.folder_twice" not in kinds
    (named,) = [item for item in document["findings"] if item["kind"] == "card.deleted"]
    assert named["target"] == str(two)
    assert named["places"][0]["path"] == f"{two}:/DCIM/100NCD90/_SC_0001.JPG"
    alone = json.loads(called("audit", two, "--json").stdout)
    assert not any("target" in item for item in alone["findings"])
    said = called("audit", one, two).stdout
    assert f"[critical, certain] {two}: 5 deleted photographs" in said


def test_pick_gives_paths_on_their_cards(tmp_path: Path) -> None:
    one, two = camera_card(tmp_path / "one.img", 1), camera_card(tmp_path / "two.img", 2, gps=(39.0, 125.7))
    called("audit", one, two, "--pick", tmp_path / "pick.txt")
    assert (tmp_path / "pick.txt").read_text().splitlines() == [name(1), name(2)]


def test_large_previews_do_not_fill_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A raw's preview may be of full size; a lying one may be of any."""
    image = camera_card(tmp_path / "c.img", 1)
    big = photograph(7, width=2400, height=1800)
    assert len(big) > 500_000
    with open_card(image, writable=True) as card:
        data = raw(1, preview=big)
        FreeWriter(card).write(int(card.free[0, 0]) // 512 * 512, data + bytes(-len(data) % 512))
    called("audit", image, "--html", tmp_path / "page.html")
    written = (tmp_path / "page.html").read_text()
    assert "data:image/jpeg;base64," in written
    assert len(written) < 200_000
    monkeypatch.setattr(previews, "available", lambda: False)
    called("audit", image, "--html", tmp_path / "bare.html")
    assert "data:image/jpeg" not in (tmp_path / "bare.html").read_text()


def test_on_a_narrow_terminal_lines_break_between_words(tmp_path: Path) -> None:
    document = json.loads(called("audit", camera_card(tmp_path / "c.img", delete=(4,)), "--json").stdout)
    narrow = list(lines(document, 60))
    wide = list(lines(document, None))
    assert max(len(line) for line in narrow if "/" not in line) <= 60
    assert "".join("".join(narrow).split()) == "".join("".join(wide).split())
    assert wide[:4] == ["do not cross with this", sentence("audit.counts", **document["counts"]), "", "do this first:"]


def test_several_targets_are_one_luggage(tmp_path: Path) -> None:
    """A photograph that is on the card is not gone, although the laptop's list names it."""
    image = camera_card(tmp_path / "c.img", 1)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "recently-used.xbel").write_text(f'<xbel><bookmark href="file:///{name(1)}"/>')
    report = audit([image, tmp_path / "home"], None).report
    (recent,) = [found for found in report.findings if found.kind == "laptop.recent"]
    assert recent.facts["gone"] == 0


def test_without_the_extra_thumbnails_are_not_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "available", lambda: False)
    image = camera_card(tmp_path / "c.img", 2, delete=(1,))
    document = json.loads(called("audit", image, "--json").stdout)
    assert "previews" in {item["what"] for item in document["not_checked"]}


def test_what_cannot_be_audited_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        audit([tmp_path / "nothing"], None)
    assert caught.value.key == "audit.no_such_path"
    (tmp_path / "page.html").write_text("mine")
    image = camera_card(tmp_path / "c.img", 1)
    assert run(fifthfloor, ["audit", str(image), "--html", str(tmp_path / "page.html")]) == 3
    assert (tmp_path / "page.html").read_text() == "mine"


def test_recover_brings_back_by_name_then_by_contents(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", delete=(2, 3))
    before = digest(image)
    done = called("recover", image, "--out", tmp_path / "out", "--json")
    document = json.loads(done.stdout)
    assert (document["whole"], document["partial"]) == (2, 0)
    back = tmp_path / "out" / "DCIM" / "100NCD90" / "_SC_0002.JPG"
    assert back.read_bytes() == photograph(2)
    assert datetime.fromtimestamp(back.stat().st_mtime) == MOMENT
    assert digest(image) == before
    tidy(image)
    document = json.loads(called("recover", image, "--out", tmp_path / "again", "--json").stdout)
    assert document["whole"] == 2
    assert sorted(file.read_bytes() for file in (tmp_path / "again" / "carved").iterdir()) == sorted(
        [photograph(2), photograph(3)]
    )


def test_tidy_speaks_of_lost_bytes_only_where_there_are_some(tmp_path: Path) -> None:
    """A camera leaves its count of free clusters wrong: nothing was lost, and nothing is swept."""
    said = called("tidy", camera_card(tmp_path / "c.img", delete=(2, 3)), "--yes").output
    assert "0 bytes" not in said
    assert "the card's tables are right again" in said
    assert "2 deleted names are gone" in said


def test_recovered_names_stay_inside_and_partial_ones_are_marked(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 6, delete=(2, 5))
    with open_card(image, writable=True) as card:
        # Something else was written over the end of one of them.
        entry = next(iter(deleted_entries(card.volumes[0])))
        half = entry.extents[0].length_bytes // 1024 * 512
        other = random.Random(1).randbytes(entry.extents[0].length_bytes - half)
        FreeWriter(card).write(entry.extents[0].offset_bytes + half, other)
    files = json.loads(called("recover", image, "--out", tmp_path / "out", "--json").stdout)["files"]
    assert sorted(file["whole"] for file in files) == [False, True]
    for file in files:
        assert (tmp_path / "out") in Path(file["path"]).resolve().parents
        assert file["whole"] or ".partial" in file["path"]


def test_nothing_to_recover_is_exit_one_and_makes_no_folder(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 2)
    assert run(fifthfloor, ["recover", str(image), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


def test_tidy_asks_and_then_leaves_nothing_to_scrub(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", delete=(2, 3))
    before = digest(image)
    assert run(fifthfloor, ["tidy", str(image)]) == 2  # nobody can be asked
    assert digest(image) == before
    document = json.loads(called("tidy", image, "--yes", "--json").stdout)
    assert document["names"] == 2
    assert "no deleted name is left on the card; nothing was written" in called("tidy", image, "--yes").stdout
    assert "card.deleted" not in {found.kind for found in audit([image], None).report.findings}


def test_the_steps_of_the_journey(tmp_path: Path) -> None:
    image = camera_card(tmp_path / "c.img", 5)
    regained = delete_under_guard(image, name(3), tmp_path / "back")
    assert regained.identical
    before = look_at(image)
    assert (before.verdict, before.names, before.photographs) == ("stop", 1, 1)
    with open_card(image) as card:
        assert recoverable(card).count == 1
    tidy(image)
    after = look_at(image)
    assert (after.names, after.photographs) == (0, 1)
    with pytest.raises((NothingFound, BadInput)):
        delete_under_guard(image, "DCIM/none.jpg", tmp_path / "back2")
