"""What goes wrong at a desk: two windows, a closed one, a stop, a kill, a full disk, an image that shrinks, panic."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from tests.desk.at_desk import PATIENCE_SECONDS, Visitor, chromium, open_desk
from tests.desk.test_road import hide_folder
from tests.tasks.cards_at_hand import exfat_card, fat32_card, outside_free, roll, visible
from tests.tasks.quick import PASSPHRASE, command, quick_argon2id

from fifthfloor.cards import device, past_cache
from fifthfloor.cards.descriptor import DeviceFacts, Offered
from fifthfloor.cards.image import open_card
from fifthfloor.desk import watching
from fifthfloor.desk.journal import snapshot
from fifthfloor.errors import BadInput, NoRoom
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import at_hand
from fifthfloor.tasks.floors import sweep as sweeping
from fifthfloor.words import sentence

__all__ = ["chromium"]


class SlowMedium(sweeping.CardMedium):
    """A card that takes its time, so that a sweep can be met in the middle."""

    def write(self, offset_bytes: int, data: memoryview) -> None:
        time.sleep(0.03)
        super().write(offset_bytes, data)


class FullMedium(sweeping.CardMedium):
    """An image on a disk that has no more room."""

    def write(self, offset_bytes: int, data: memoryview) -> None:
        if offset_bytes > 8_000_000:
            raise NoRoom("cards.disk_full", path="a.img", free=0, needed=1)
        super().write(offset_bytes, data)


@pytest.fixture(name="folder")
def cards_and_a_roll(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(secret, "KDF", quick_argon2id)
    folder = tmp_path / "trip"
    folder.mkdir()
    fat32_card(folder / "a.img", 1, size_bytes=36_000_000, files=5)
    exfat_card(folder / "b.img", 2, size_bytes=12_000_000, files=5)
    roll(folder / "roll", megabytes=1)
    return folder


@pytest.fixture(name="visitor")
def visitor_at_the_desk(folder: Path) -> Iterator[Visitor]:
    with open_desk(folder) as serving:
        yield Visitor(serving).come_in()


def state(folder: Path) -> dict[str, tuple[dict[str, str], str]]:
    return {name: (visible(folder / name), outside_free(folder / name)) for name in ("a.img", "b.img")}


def until_writing(visitor: Visitor) -> None:
    job = visitor.serving.desk.jobs.of(visitor.sent[-1].rpartition("/")[2])
    until = time.monotonic() + PATIENCE_SECONDS
    while not (job.wrote and (where := job.where()) and where.share > 0.02) and time.monotonic() < until:
        time.sleep(0.01)
    assert job.state == "runs"


def test_two_windows_see_one_sweep_and_only_one_writes(
    visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MEDIUM", SlowMedium)
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [])
    second = Visitor(visitor.serving, visitor.cookie)
    second.sent.append(visitor.sent[-1])
    asked = second.get(second.sent[-1])
    assert "this is what will happen" in asked.said
    refused = second.post("/8", [("card", second.id_of(folder / "b.img"))])
    assert (refused.status, "being written already" in refused.said) == (400, True)
    visitor.post(f"{visitor.sent[-1]}/answer", [("answer", "yes")], follow=False)
    second.post(f"{second.sent[-1]}/answer", [("answer", "no")], follow=False)
    until_writing(visitor)
    assert "still running" in second.get("/1").said
    events = second.get(f"{second.sent[-1]}/events").text  # until it is over: a window that was opened again sees it
    assert '"title": "card 1 of 2: writing"' in events
    assert "left" in events
    assert "hidden" in visitor.settled().said


def test_whatever_writes_waits_for_nobody_and_is_refused_meanwhile(visitor: Visitor, folder: Path) -> None:
    card, roll_of = visitor.id_of(folder / "a.img"), visitor.id_of(folder / "roll")
    jobs = visitor.serving.desk.jobs
    looked = jobs.begin("recover", lambda _: {"path": folder / "a.img", "found": [SimpleNamespace(offset_bytes=0)]})
    looked.wait(PATIENCE_SECONDS)
    visitor.post("/2", [("card", roll_of)])
    known = [("card", card), ("passphrase", PASSPHRASE), ("again", PASSPHRASE)]
    forms = [
        (visitor.sent[-1], known),
        ("/4", [*known, ("out", "back")]),
        (f"/6/{looked.id}", [("f", "0"), ("out", "recovered")]),
        ("/7", known),
        ("/8", known),
        ("/20", [("folder", roll_of), ("out", "protected")]),
        ("/30/new", [("folder", roll_of)]),
    ]
    writing = jobs.begin("hide", lambda job: job.ask({"lines": [], "count": 1, "remove": False}), writes=True)
    for path, fields in forms:
        got = visitor.post(path, fields)
        assert (got.status, "being written already" in got.said) == (400, True), (path, got.said)
    writing.answer("no")
    assert sorted(one.name for one in folder.iterdir()) == ["a.img", "b.img", "roll"]


@pytest.mark.parametrize("number", ["9" * 5000, "-1", "1e3", "\u0663", "7", ""])
def test_a_number_that_counts_nothing_is_no_mistake_of_the_program(visitor: Visitor, number: str) -> None:
    done = visitor.serving.desk.jobs.begin("recover", lambda _: {"found": [], "pictures": [b"\xff\xd8\xff"]})
    done.wait(PATIENCE_SECONDS)
    assert visitor.get(f"/j/{done.id}/p/{quote(number)}").status == 404
    got = visitor.post(f"/6/{done.id}", [("f", number), ("out", "back")])
    assert (got.status, "program made a mistake" in got.said) == (400, False)


def test_no_field_takes_a_path_out_of_the_folder(visitor: Visitor, folder: Path) -> None:
    card, roll_of = visitor.id_of(folder / "a.img"), visitor.id_of(folder / "roll")
    done = visitor.serving.desk.jobs.begin("recover", lambda _: {"found": [SimpleNamespace(offset_bytes=0)], "path": 0})
    done.wait(PATIENCE_SECONDS)
    (folder.parent / "elsewhere").write_bytes(b"an identity?")
    for path, fields in [
        ("/4", [("card", card), ("passphrase", PASSPHRASE)]),
        (f"/6/{done.id}", [("f", "0")]),
        ("/20", [("folder", roll_of)]),
        ("/20", [("folder", roll_of), ("identity", "../elsewhere"), ("out", "in-here")]),
        ("/20/open", [("folder", roll_of), ("identity", "../elsewhere")]),
    ]:
        got = visitor.post(path, fields if ("out", "in-here") in fields else [*fields, ("out", "../elsewhere")])
        assert (got.status, "is not in the folder of this desk" in got.said) == (400, True), (path, got.said)
    assert sorted(one.name for one in folder.iterdir()) == ["a.img", "b.img", "roll"]


def test_another_desk_and_the_command_line_are_kept_out_while_one_writes(visitor: Visitor, folder: Path) -> None:
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [])
    with open_desk(folder) as serving:
        other = Visitor(serving).come_in()
        assert "in use" in other.work("/8", [("card", other.id_of(folder / "a.img"))]).said
    assert command("wipe", folder / "a.img", "--yes").code == 5
    visitor.answer("no")


def test_a_safe_stop_leaves_what_is_visible_and_says_what_is_true(
    visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MEDIUM", SlowMedium)
    before = state(folder)
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [])
    visitor.post(f"{visitor.sent[-1]}/answer", [("answer", "yes")], follow=False)
    until_writing(visitor)
    page = visitor.get(visitor.sent[-1])
    assert '<meta http-equiv="refresh" content="2">' in page.text, "without a script the page looks again by itself"
    visitor.post(f"{visitor.sent[-1]}/stop", follow=False)
    said = visitor.settled().said
    assert "every visible file is as it was" in said
    assert "what was being hidden may not be complete" in said
    assert state(folder) == before
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [("earlier", "broken")])
    visitor.answer("no")


def test_a_full_disk_is_said_and_nothing_visible_is_touched(
    visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(folder)
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [])
    monkeypatch.setattr(sweeping, "MEDIUM", FullMedium)
    said = visitor.answer("yes").said
    assert "that did not work" in said
    assert "full" in said or "free" in said
    assert state(folder) == before


def test_a_card_that_is_pulled_in_a_sweep_is_said_and_the_visible_stays(
    visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel's answer for a card that is out of its reader, from the fourth write on and for every read."""
    before = state(folder)
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [])
    writes: list[int] = []
    real = device._read_at, device._write_at

    def pulled(then: Callable[[], int]) -> int:
        if len(writes) > 3:
            raise OSError(errno.ENODEV, "no such device")
        return then()

    def write(descriptor: int, data: memoryview, offset_bytes: int) -> int:
        writes.append(offset_bytes)
        return pulled(lambda: real[1](descriptor, data, offset_bytes))

    with monkeypatch.context() as reader:
        reader.setattr(device, "_write_at", write)
        reader.setattr(device, "_read_at", lambda *given: pulled(lambda: real[0](*given)))
        reader.setattr(past_cache.PastCache, "write", lambda *_: False)
        reader.setattr(past_cache.PastCache, "read_into", lambda *_: False)
        said = visitor.answer("yes").said
        assert "is gone" in said, said
        assert "program made a mistake" not in said
        assert "is gone" in visitor.get("/1").said or "no card" in visitor.get("/1").said
    assert len(writes) == 4
    assert state(folder) == before
    visitor.work("/8", [("card", visitor.id_of(folder / "a.img"))])
    assert "swept 1 card" in visitor.answer("yes").said, "it is put back"


def test_an_image_that_became_shorter_is_said(visitor: Visitor, folder: Path) -> None:
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [])
    os.truncate(folder / "a.img", 20_000_000)
    said = visitor.answer("yes").said
    assert "that did not work" in said
    assert "program made a mistake" not in said
    opened = visitor.work("/1", [("card", visitor.id_of(folder / "a.img"))])
    assert opened.status in (200, 400)
    assert "program made a mistake" not in opened.said


def test_a_card_that_goes_while_the_cost_is_reckoned_is_said_to_the_script(visitor: Visitor, folder: Path) -> None:
    """The script took the page of an error for an answer and showed an empty red box."""
    visitor.post("/2", [("card", visitor.id_of(folder / "roll"))])
    where = visitor.sent[-1].removesuffix("/1")
    cards = [("card", visitor.id_of(folder / "a.img")), ("card", visitor.id_of(folder / "b.img"))]
    assert json.loads(visitor.post(f"{where}/r", [*cards, ("lose", "1"), ("overwrite", "20")]).body)["fits"]
    os.truncate(folder / "a.img", 6_000_000)  # after it was reckoned with
    got = visitor.post(f"{where}/r", [*cards, ("lose", "1"), ("overwrite", "20")])
    told = json.loads(got.body)
    assert (got.status, told["fits"]) == (200, False)
    assert "a.img" in told["lines"][0]
    assert str(folder) not in got.text
    quick = [("card", visitor.id_of(folder / "b.img")), ("overwrite", "0"), ("quick", "1")]
    told = json.loads(visitor.post(f"{where}/r", quick).body)
    assert (told["fits"], told["seen"]) == (True, False), "room is no promise where nobody has looked for noise"


@pytest.mark.parametrize("after", ["asks", "done"])
def test_a_job_that_goes_on_while_its_page_is_made_is_not_called_declined(
    visitor: Visitor, folder: Path, after: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One audit in fifteen that was done said 'nothing was done', and a sweep that asked was left asking."""
    visitor.work("/5", [("card", visitor.id_of(folder / "b.img"))])
    job = visitor.serving.desk.jobs.of(visitor.sent[-1].rpartition("/")[2])

    def goes_on(given: Any) -> Any:
        job.state = after  # type: ignore[assignment]
        return snapshot(given)

    job.state = "runs"
    monkeypatch.setattr(watching, "snapshot", goes_on)
    said = visitor.get(visitor.sent[-1]).said
    assert sentence("desk.job.declined").lower() not in said
    assert sentence("desk.job.close").lower() in said


def test_an_image_that_cannot_be_taken_is_listed_with_why(visitor: Visitor, folder: Path) -> None:
    """Named, called an image, or in somebody's hands: one that is simply not there looks lost."""
    os.truncate(folder / "a.img", 6_000_000)
    (folder / "notes.txt").write_text("no card")
    with open_card(folder / "b.img", writable=True):
        page = visitor.get("/1").said
    assert "a.img" in page
    assert re.search(r"b\.img[^.]* in use", page), page
    assert "notes.txt" not in page
    assert str(folder) not in page


def test_what_was_named_from_elsewhere_is_called_by_name_and_by_its_path_where_another_has_it(
    folder: Path, tmp_path: Path
) -> None:
    elsewhere, album = tmp_path / "kim home", tmp_path / "kim home" / "album"
    album.mkdir(parents=True)
    for copy in (elsewhere / "b.img", elsewhere / "other.img", album / "deep.img"):
        shutil.copy(folder / "b.img", copy)
    (elsewhere / "other.img-2.img").write_bytes(b"cut")
    os.truncate(elsewhere / "other.img", 6_000_000)
    os.truncate(album / "deep.img", 6_000_000)
    named = [elsewhere / name for name in ("b.img", "other.img", "other.img-2.img", "album")]
    with open_desk(folder, *named) as serving:
        visitor = Visitor(serving).come_in()
        for address in ("/1", "/2", "/5", "/6", "/8"):
            said = visitor.get(address).said
            assert f"{elsewhere}/b.img".lower() in said, "the folder has a b.img of its own"
            assert f"{elsewhere}/other".lower() not in said
            assert f"{elsewhere}/album".lower() not in said
            assert ("other.img-2.img" in said, "album/deep.img" in said) == (True, True)
        asked = visitor.work("/8", [("card", visitor.id_of(elsewhere / "b.img"))])
        assert f"on {elsewhere}/b.img".lower() in asked.said, "the question says which"
        visitor.answer("no")
        for broken, name in ((elsewhere / "other.img", "other.img"), (album / "deep.img", "album/deep.img")):
            said = visitor.work("/6", [("card", visitor.id_of(broken))]).said
            # An image that is cut short gives what it shows as well, for it would be formatted.
            assert name in said or "4 photographs can be brought back" in said
            assert str(tmp_path).lower() not in said


def test_a_card_is_called_by_its_drive_letter_too(
    visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `fifthfloor cards` does on Windows; the number of a disk tells people nothing."""
    facts = DeviceFacts(removable=True, maker="SanDisk", model="Extreme")
    reader = [Offered(str(folder / "b.img"), facts, 12_000_000, ("E:",), ("CARD",))]
    monkeypatch.setattr(at_hand, "cards_in_readers", lambda: reader)
    assert "sandisk extreme · 12.0 mb · e: b.img" in visitor.get("/1").said


def test_two_images_of_one_name_are_told_apart_up_to_the_question(visitor: Visitor, folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        shutil.copy(folder / "b.img", folder / name / "card.img")
    for page in ("/1", "/8"):
        said = visitor.get(page).said
        assert ("one/card.img" in said, "two/card.img" in said) == (True, True), page
    asked = visitor.work("/8", [("card", visitor.id_of(folder / "two/card.img"))])
    assert "on two/card.img" in asked.said


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be deleted there")
def test_an_image_that_is_deleted_in_a_sweep_is_said(visitor: Visitor, folder: Path) -> None:
    """It said done and read back: of a file that nobody finds again."""
    assert "on b.img" in visitor.work("/8", [("card", visitor.id_of(folder / "b.img"))]).said
    (folder / "b.img").unlink()
    said = visitor.answer("yes").said
    assert "b.img was deleted, or another file put in its place" in said


def test_panic_forgets_stops_and_ends(visitor: Visitor, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "MEDIUM", SlowMedium)
    before = state(folder)
    hide_folder(visitor, folder / "roll", ["a.img", "b.img"], [])
    visitor.post(f"{visitor.sent[-1]}/answer", [("answer", "yes")], follow=False)
    until_writing(visitor)
    draft = visitor.serving.desk.keep_draft(object())
    got = visitor.post("/x")
    assert (got.status, got.said) == (200, "")
    assert "cookies" in got.headers["clear-site-data"]
    assert visitor.get("/1").status == 403
    assert visitor.serving.desk.ended.is_set()
    with pytest.raises(BadInput):
        visitor.serving.desk.draft(draft, object)
    assert visitor.serving.end(), "the sweep has stopped"
    with pytest.raises(OSError):
        visitor.get("/1")
    assert state(folder) == before


@contextmanager
def desk_of_its_own(program: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that runs a program of Python, and the first line that it says."""
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline()


@pytest.mark.judge("chromium")
def test_a_page_that_is_open_says_that_the_desk_was_killed_and_what_that_means(browser: Any, tmp_path: Path) -> None:
    program = "\n".join(
        [
            "import sys, time",
            "from pathlib import Path",
            "from tests.desk.at_desk import open_desk",
            "def work(job):",
            "    with job.progress('work.write', 100):",
            "        time.sleep(60)",
            "with open_desk(Path(sys.argv[1])) as serving:",
            "    job = serving.desk.jobs.begin('wipe', work, writes=True)",
            "    print(serving.address, job.id, flush=True)",
            "    serving.wait()",
        ]
    )
    with desk_of_its_own(program, tmp_path) as (process, said):
        address, job = said.split()
        page = browser.new_page()
        page.goto(address)
        page.goto(f"{address.partition('/in/')[0]}/j/{job}")
        page.locator("#doing:text-is('writing')").wait_for()
        process.kill()
    page.locator("#ended").get_by_text("The desk has ended").wait_for()
    assert "noise up to where it stopped" in page.inner_text("#ended")
    assert not page.get_by_text("the work goes on").is_visible()
    page.close()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_desk_that_is_killed_in_a_sweep_leaves_what_is_visible(folder: Path, how: signal.Signals) -> None:
    before = state(folder)
    program = "\n".join(
        [
            "import sys, time",
            "from pathlib import Path",
            "from tests.desk.at_desk import open_desk, Visitor",
            "from tests.desk.test_mishaps import SlowMedium, hide_folder, until_writing",
            "from fifthfloor.tasks.floors import sweep",
            "if __name__ == '__main__':",
            "    sweep.MEDIUM = SlowMedium",
            "    folder = Path(sys.argv[1])",
            "    with open_desk(folder) as serving:",
            "        visitor = Visitor(serving).come_in()",
            "        hide_folder(visitor, folder / 'roll', ['a.img', 'b.img'], [])",
            "        visitor.post(visitor.sent[-1] + '/answer', [('answer', 'yes')], follow=False)",
            "        until_writing(visitor)",
            "        print('writing', flush=True)",
            "        serving.wait()",
        ]
    )
    with desk_of_its_own(program, folder) as (process, said):
        assert said == "writing\n"
        process.send_signal(how)
    assert state(folder) == before
    with open_desk(folder) as serving:
        visitor = Visitor(serving).come_in()
        card = ("card", visitor.id_of(folder / "a.img"))
        assert "what others see" in visitor.work("/1", [card]).said
        said = visitor.work("/3", [card, ("card", visitor.id_of(folder / "b.img")), ("passphrase", PASSPHRASE)]).said
        assert "come back" in said or "nothing was found" in said
