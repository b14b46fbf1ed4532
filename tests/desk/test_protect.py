"""Protect in the desk: by hand without a script, and in a real Chromium with boxes drawn."""

from __future__ import annotations

import html
import json
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.desk.at_desk import Visitor, at_screen, chromium, open_desk
from tests.desk.looks import assert_looks_right
from tests.redact.drawn import jpeg, scene, telling
from tests.redact.test_review_page import GIVEN, QUESTION, SIGNER, SURE, folder_of

from fifthfloor.desk import protecting as at_desk
from fifthfloor.desk.protecting import Row
from fifthfloor.errors import BadInput
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision
from fifthfloor.tasks.people import earlier_redactions, looking
from fifthfloor.tasks.people import protect as protecting
from fifthfloor.tasks.people.approve import all_ticked, approve, approve_some
from fifthfloor.tasks.people.earlier_redactions import statement_of
from fifthfloor.tasks.people.protect import ProtectIntent, protect
from fifthfloor.tasks.people.reviewing import documents_of, original_of

__all__ = ["chromium"]
NAMES = ("a.jpg", "b.jpg")
ANSWERED = (("p2", "show"), ("p3", "show"))
SEEN = ("photo", "digest", "decided")
CHANGE_UNDER_WAY = """() => {
  const real = window.fetch;
  window.fetch = async (...given) => {
    const answer = await real(...given);
    window.fetch = real;
    document.getElementById("looked").click();
    return answer;
  };
}"""


def opened(visitor: Visitor, folder: Path) -> str:
    """Go on with the protected folder `out`; returns the address of its grid."""
    visitor.get("/20")
    got = visitor.post("/20/open", [("folder", visitor.id_of(folder / "out"))])
    assert got.status == 200, got.said
    return visitor.sent[-1]


def photo_of(name: str) -> str:
    """Return what stands for a photograph's name in the addresses of its pictures."""
    return Row(1, Path(name), None, approved=False).photo


def seen(visitor: Visitor, address: str) -> list[tuple[str, str]]:
    """Return what the form of a photograph says of the picture that it shows."""
    page = visitor.get(address).text
    return [(name, page.split(f'name="{name}" value="')[1].split('"')[0]) for name in SEEN]


def test_a_picture_of_the_grid_reads_no_statement_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thumbnail read every statement of its folder: of 1,000 photographs a million."""
    folder_of(tmp_path, NAMES)
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        monkeypatch.setattr(at_desk, "rows_of", None)
        for name in NAMES:
            got = visitor.get(f"{grid}/{photo_of(name)}/t")
            assert (got.status, got.body[:3]) == (200, b"\xff\xd8\xff")
        assert visitor.get(f"{grid}/{photo_of('c.jpg')}/t").status == 400


def test_a_page_reads_only_the_statements_that_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The grid of 5,000 and each photograph of it read all of them again: a second each."""
    folder_of(tmp_path, NAMES)
    read: list[str] = []

    def counted(picture: Path) -> Any:
        read.append(picture.name)
        return statement_of(picture)

    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        monkeypatch.setattr(earlier_redactions, "statement_of", counted)
        visitor.get(grid)
        visitor.get(f"{grid}/1")
        assert read == []
        os.utime(tmp_path / "out" / "b.jpg.statement.json", ns=(1, 1))
        visitor.get(grid)
        visitor.get(grid)
        assert read == ["b.jpg"]


def test_without_what_protect_needs_the_page_says_which_install_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk of the portable folder: its own libraries and no others."""
    (tmp_path / "DCIM").mkdir()

    def missing(*_: object) -> None:
        raise ModuleNotFoundError("No module named 'PIL'", name="PIL")

    monkeypatch.setattr("fifthfloor.desk.protect.run", missing)
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        visitor.get("/20")
        said = visitor.work("/20", [("folder", visitor.id_of(tmp_path / "DCIM")), ("out", "protected")]).said
        assert re.search(r"python -m pip install .*\[home[\],]", said), said


def test_who_looked_comes_back_into_the_field_as_it_was_typed(tmp_path: Path) -> None:
    """A Persian name has a joiner in it: it came back as a backslash and five letters, and was signed so."""
    folder_of(tmp_path, NAMES)
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        name = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627 <b>"
        visitor.post(f"{grid}/1/approve", [*seen(visitor, f"{grid}/1"), ("by", name)])
        visitor.post(f"{grid}/1", [*seen(visitor, f"{grid}/1"), *ANSWERED, ("looked", "1")])
        for address in (grid, f"{grid}/2"):
            assert f'value="{html.escape(name)}"' in visitor.get(address).text, address


def test_photographs_are_protected_looked_at_and_approved_without_a_script(tmp_path: Path) -> None:
    (tmp_path / "DCIM").mkdir()
    (tmp_path / "DCIM" / "a.jpg").write_bytes(telling(scene()))
    out = tmp_path / "protected"
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        visitor.get("/20")
        got = visitor.work("/20", [("folder", visitor.id_of(tmp_path / "DCIM")), ("out", "protected")])
        assert "1 photograph is protected, and nobody has looked yet" in got.said
        grid = opened_grid(got.text)
        assert "waits" in visitor.get(grid).said
        assert visitor.get(f"{grid}/{photo_of('photo-0001.jpg')}/o").body == original_of(out, "photo-0001.jpg")
        assert visitor.get(f"{grid}/{photo_of('photo-0001.jpg')}/w").body == (out / "photo-0001.jpg").read_bytes()
        form = seen(visitor, f"{grid}/1")
        said = visitor.work(f"{grid}/1/approve", [*form, ("by", "Kim")]).said
        assert "that did not work" in said
        assert "open its page" in said
        assert "boxes.json" not in said
        assert statement_state(out / "photo-0001.jpg") != "looked at"
        visitor.get("/30")
        said = visitor.work("/30/new", [("folder", visitor.id_of(out))]).said
        assert "nobody has looked at photo-0001.jpg yet" in said
        assert "on protect" in said
        assert "review.html" not in said
        visitor.post(f"{grid}/1", [*form, ("looked", "1")])
        assert "looked at" in visitor.get(grid).said
        form = seen(visitor, f"{grid}/1")
        got = visitor.work(f"{grid}/1/approve", [*form, ("by", "Kim")])
        assert "1 photograph is approved" in got.said
        assert "the signer says that kim looked at what is hidden" in visitor.get(f"{grid}/1").said
        assert visitor.get(f"{grid}/{photo_of('photo-0001.jpg')}/o").status == 400, "the original is gone"
    assert statement_state(out / "photo-0001.jpg") == "looked at"
    assert not (out / "review").exists()


def test_a_stop_leaves_no_picture_with_a_face_and_says_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "DCIM").mkdir()
    for number in range(3):
        (tmp_path / "DCIM" / f"{number}.jpg").write_bytes(telling(scene(seed=number)))

    def one_by_one(tasks: Any, _executor: object) -> Any:
        for number, task in enumerate(tasks):
            if number == 2:
                assert list((tmp_path / "protected" / "review").glob("*.json"))
                serving.desk.jobs.running()[0].stop()
            yield protecting._protect(task)

    monkeypatch.setattr(protecting, "_each", one_by_one)
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        visitor.get("/20")
        got = visitor.work("/20", [("folder", visitor.id_of(tmp_path / "DCIM")), ("out", "protected")])
        visitor.get("/20")
        visitor.post("/20/open", [("folder", visitor.id_of(tmp_path / "protected"))])
        grid, one = visitor.get(visitor.sent[-1]).said, visitor.get(f"{visitor.sent[-1]}/1").said
    assert "nobody has looked at 3 photographs" in grid
    assert "nobody has looked; protect again" in grid
    assert "nobody has looked at it" in one
    assert "approved" not in grid.replace("looked; protect again", "")
    assert "it is approved" not in one
    assert "the originals are as they were; copies that were made stay" in got.said
    assert (tmp_path / "protected" / "photo-0001.jpg").exists()
    assert not (tmp_path / "protected" / "review.html").exists()
    assert not list((tmp_path / "protected" / "review").glob("*.js*"))


def opened_grid(page: str) -> str:
    return "/20/" + page.split('href="/20/')[1].split('"')[0]


def statement_state(picture: Path) -> str:
    statement = statement_of(picture)
    assert statement is not None
    return statement.claims.approval.state


def test_answers_are_kept_in_the_file_that_protect_and_approve_read(tmp_path: Path) -> None:
    out = folder_of(tmp_path, NAMES) / "out"
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        got = visitor.get(f"{grid}/1")
        assert "perhaps a face (10 %)" in got.said
        # Numbers are those of the list: given, sure, two questions, one doubtful.
        form = seen(visitor, f"{grid}/1")
        visitor.post(
            f"{grid}/1", [*form, ("p0", "hide"), ("p1", "show"), ("p2", "hide"), ("p3", "show"), ("looked", "1")]
        )
        page = visitor.get(f"{grid}/1").said
    kept = looking.decisions_of(out)["a.jpg"]
    assert kept.hide == (GIVEN, QUESTION)
    assert SURE in kept.show
    assert "you changed something here" in page
    look = looking.looks_of(out)["a.jpg"]
    assert look.differs
    assert look.questions == 0
    assert looking.decision_of(look) == kept, "what was kept is read back as it was said"
    assert "b.jpg" not in looking.decisions_of(out)


def test_one_is_approved_and_the_other_goes_on_waiting(tmp_path: Path) -> None:
    out = folder_of(tmp_path, NAMES) / "out"
    for name, look in looking.looks_of(out).items():
        looking.decide(out, {name: looking.answered(look, {2: False, 3: False}, looked=True)})
    decisions = looking.decisions_of(out)
    with pytest.raises(BadInput, match=r"looking\.none_waits"):
        approve_some(out, ["c.jpg"], "Kim", SIGNER, decisions)
    (done,) = approve_some(out, ["a.jpg"], "Kim", SIGNER, decisions)
    assert done.name == "a.jpg"
    assert [statement_state(out / name) for name in NAMES] == ["looked at", "not yet approved"]
    assert set(looking.looks_of(out)) == {"b.jpg"}
    with pytest.raises(BadInput, match=r"looking\.original"):
        original_of(out, "a.jpg")
    assert original_of(out, "b.jpg")[:2] == b"\xff\xd8"
    assert "b.jpg" in (out / "review.html").read_text()
    with pytest.raises(BadInput, match=r"approve\.not_looked"):
        approve_some(out, ["b.jpg"], "Kim", SIGNER, {})
    approve_some(out, ["b.jpg"], "Kim", SIGNER, decisions)
    assert not (out / "review").exists()
    assert not (out / "review.html").exists()


def test_a_run_that_is_killed_leaves_nothing_that_an_earlier_key_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = folder_of(tmp_path, NAMES) / "out"
    monkeypatch.setattr(protecting, "_each", lambda tasks, _: map(protecting._protect, tasks))
    again = protect([tmp_path / name for name in NAMES], ProtectIntent(out, find_faces=False), SIGNER)
    next(again)
    # What lies there now is what a kill would leave.
    assert len(list((out / "review").glob("*.js"))) == 1
    assert not list((out / "review").glob("*.key"))
    assert documents_of(out) == []
    list(again)
    assert len(documents_of(out)) == len(NAMES)
    one = protect([tmp_path / "a.jpg"], ProtectIntent(out, find_faces=False), SIGNER)
    next(one)
    assert [document["name"] for document in documents_of(out)] == ["b.jpg"], "the other goes on waiting"
    one.close()
    assert original_of(out, "b.jpg")[:2] == b"\xff\xd8"
    assert len(list((out / "review").glob("*.key"))) == 1


def test_what_a_killed_approval_left_goes_with_the_next(tmp_path: Path) -> None:
    names = (*NAMES, "c.jpg")
    out = folder_of(tmp_path, names) / "out"
    for name, look in looking.looks_of(out).items():
        looking.decide(out, {name: looking.answered(look, {2: False, 3: False}, looked=True)})
    shutil.copytree(out / "review", tmp_path / "review")
    approve_some(out, ["a.jpg"], "Kim", SIGNER, looking.decisions_of(out))
    shutil.rmtree(out / "review")
    (tmp_path / "review").rename(out / "review")
    assert original_of(out, "a.jpg"), "it was killed after it signed"
    with pytest.raises(BadInput, match=r"looking\.none_waits"):
        approve_some(out, ["a.jpg"], "Kim", SIGNER, looking.decisions_of(out))
    assert [document["name"] for document in documents_of(out)] == ["b.jpg", "c.jpg"]
    assert len(list((out / "review").glob("*.js"))) == 2
    assert "a.jpg" not in (out / "review.html").read_text()


def test_no_link_in_the_folder_is_followed(tmp_path: Path) -> None:
    out = folder_of(tmp_path, NAMES) / "out"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "boxes.json").write_text("{}")
    (out / "boxes.json").symlink_to(elsewhere / "boxes.json")
    with pytest.raises(BadInput, match=r"looking\.link"):
        looking.decide(out, {"a.jpg": Decision()})
    (out / "boxes.json").unlink()
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        (out / "a.jpg").rename(elsewhere / "a.jpg")
        (out / "a.jpg").symlink_to(elsewhere / "a.jpg")
        got = visitor.get(f"{grid}/{photo_of('a.jpg')}/w")
        assert (got.status, "is a link" in got.said) == (400, True)
    (out / "a.jpg").unlink()
    shutil.rmtree(out / "review")
    (elsewhere / "review").mkdir()
    (out / "review").symlink_to(elsewhere / "review")
    with pytest.raises(BadInput, match=r"looking\.link"):
        list(protect([tmp_path / "b.jpg"], ProtectIntent(out, find_faces=False), SIGNER))
    assert not list((elsewhere / "review").iterdir())


@pytest.mark.parametrize(
    "body", ["[]", '{"a.jpg": {"hide": [{"left": 1}]}}', "{", '{"a.jpg": {"looked": "x"}}', '{"b.jpg": {"hide": []}}']
)
def test_a_decision_that_is_none_is_refused(tmp_path: Path, body: str) -> None:
    folder_of(tmp_path, NAMES[:1])
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        form = seen(visitor, f"{grid}/1")
        assert visitor.post(f"{grid}/1", [*form, ("file", body)]).status == 400
    assert not (tmp_path / "out" / "boxes.json").exists()


@pytest.mark.parametrize("way", ["", "/approve"])
def test_a_form_counts_for_the_photograph_and_the_picture_that_it_was_shown_with(tmp_path: Path, way: str) -> None:
    out = folder_of(tmp_path, NAMES) / "out"
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        form = seen(visitor, f"{grid}/1")
        for name in ("a.jpg", "a.jpg.statement.json"):
            (out / name).rename(tmp_path / name)
        # Now the first of the grid is another one.
        for fields in ([], form, [form[0], *seen(visitor, f"{grid}/1")[1:]]):
            got = visitor.post(f"{grid}/1{way}", [*fields, ("looked", "1"), ("by", "Kim")])
            assert (got.status, "not the one that the page showed" in got.said) == (400, True)
    assert looking.decisions_of(out) == {}
    assert statement_state(out / "b.jpg") != "looked at"


BOX = Box(30, 30, 242, 182)


def test_an_older_window_is_refused_in_words_and_erases_no_box(tmp_path: Path) -> None:
    """Two windows on one photograph: one drew a box, the other only ticked, and the box was gone."""
    out = folder_of(tmp_path, NAMES) / "out"
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        grid = opened(visitor, tmp_path)
        for number in (1, 2):
            visitor.post(f"{grid}/{number}", [*seen(visitor, f"{grid}/{number}"), *ANSWERED, ("looked", "1")])
        form, whole = seen(visitor, f"{grid}/1"), decided(visitor.get(grid).text)
        # Another desk, or another program, writes through the same task.
        look = looking.looks_of(out)["a.jpg"]
        covered = replace(looking.decision_of(look), hide=(*looking.decision_of(look).hide, BOX))
        looking.decide(out, {"a.jpg": covered}, {"a.jpg": look.decided})
        for path, fields in (
            (f"{grid}/1", [*form, ("looked", "1")]),
            (f"{grid}/1/approve", [*form, ("by", "Kim")]),
            (f"{grid}/approve", [("decided", whole), ("by", "Kim")]),
        ):
            got = visitor.work(path, fields)
            assert "something else was decided of this photograph since this page was made" in got.said, path
        told = visitor.post(f"{grid}/1", [*form, ("file", "{}")]).text
        assert "Load the page again" in json.loads(told)["fault"]
        assert looking.decisions_of(out)["a.jpg"] == covered
        assert statement_state(out / "a.jpg") != "looked at"
        visitor.post(f"{grid}/2", [*seen(visitor, f"{grid}/2"), ("looked", "1")])
        assert looking.decisions_of(out)["a.jpg"] == covered, "the other photograph's form touches nothing of this one"
    # The command that approves, with an older list of boxes.
    with pytest.raises(BadInput, match=r"approve\.not_applied"):
        approve(out, "Kim", SIGNER, decisions=all_ticked(out, {"a.jpg": looking.decision_of(look)}))


def go_on_with_out(page: Any) -> None:
    page.get_by_role("link", name="Protect").click()
    page.get_by_label("out", exact=True).first.check()
    page.get_by_role("button", name="Go on").click()


def decided(page: str) -> str:
    return page.split('name="decided" value="')[1].split('"')[0]


@pytest.mark.judge("chromium")
def test_of_two_windows_the_older_one_says_that_nothing_more_is_kept(browser: Any, tmp_path: Path) -> None:
    out = folder_of(tmp_path, NAMES[:1]) / "out"
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        go_on_with_out(page)
        page.goto(f"{page.url}/1")
        other = page.context.new_page()
        other.goto(page.url)
        page.keyboard.press("a")
        page.locator("#kept:text-is('saved')").wait_for()
        before = looking.decisions_of(out)
        other.locator("#looked").check()
        other.locator("#conflict").wait_for()
        assert "in another window" in other.inner_text("#conflict")
        assert other.locator("#approve").is_disabled()
        assert looking.decisions_of(out) == before
        other.get_by_role("link", name="Load the page again").click()
        other.wait_for_load_state("networkidle")
        other.locator("#looked").check()
        other.locator("#kept:text-is('saved')").wait_for()
        assert looking.decisions_of(out)["a.jpg"].hide == before["a.jpg"].hide


@pytest.mark.judge("chromium")
def test_boxes_are_drawn_moved_and_answered_and_are_saved_as_it_is_done(browser: Any, tmp_path: Path) -> None:
    out = folder_of(tmp_path, ('<b>"a&.jpg', "b.jpg")) / "out"
    name = '<b>"a&.jpg'

    def kept() -> Decision:
        page.locator("#kept:text-is('saved')").wait_for()
        return looking.decisions_of(out)[name]

    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        go_on_with_out(page)
        assert "2 photographs wait for you" in page.inner_text("main")
        page.locator(".photos a").first.click()
        page.wait_for_load_state("networkidle")
        # One key to the next unsure one, and one to answer it.
        page.keyboard.press("u")
        page.keyboard.press("h")
        assert QUESTION in kept().hide
        page.keyboard.press("u")
        box = page.locator(".parts .chosen .pick").get_attribute("aria-label")
        page.keyboard.press("Shift+ArrowRight")
        assert page.locator(".parts .chosen .pick").get_attribute("aria-label") != box, "an arrow makes the box larger"
        assert page.locator(".parts .chosen .pick").evaluate("one => one === document.activeElement")
        page.keyboard.press("Control+z")
        page.locator(".parts .pick").nth(1).focus()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
        page.keyboard.press("Enter")
        page.keyboard.press("u")
        page.keyboard.press("s")
        page.keyboard.press("l")
        assert page.locator("#looked").is_checked()
        # A box drawn by mouse, moved and made larger by keys.
        page.evaluate("scrollTo(0, 0)")
        page.get_by_role("button", name="Draw a box").click()
        sheet = page.locator("#original .sheet").bounding_box()
        scale = sheet["width"] / 480
        page.mouse.move(sheet["x"] + 300 * scale, sheet["y"] + 220 * scale)
        page.mouse.down()
        page.mouse.move(sheet["x"] + 360 * scale, sheet["y"] + 280 * scale, steps=4)
        page.mouse.up()
        page.keyboard.press("ArrowRight")
        drawn = kept().hide[-1]
        assert abs(drawn.left - 308) <= 3
        assert abs(drawn.bottom - 280) <= 3
        page.keyboard.press("Shift+ArrowDown")
        assert kept().hide[-1].bottom == drawn.bottom + 8
        for _ in range(20):
            page.keyboard.press("ArrowRight")
        edge = kept().hide[-1]
        assert (edge.right, edge.right - edge.left) == (480, drawn.right - drawn.left), "a border makes no box smaller"
        for _ in range(20):
            page.keyboard.press("ArrowLeft")
        assert page.locator("#differs").is_visible()
        assert page.locator("#approve").is_disabled(), "what is decided is not in the picture yet"
        before = kept()
        page.reload()
        page.locator(".parts li").nth(5).wait_for()
        page.keyboard.press("a")
        page.keyboard.press("Control+z")
        assert kept() == before, "it is back after a reload, and undo takes back what was done since"
        assert looking.decision_of(looking.looks_of(out)[name]) == before, "the script and the form say the same"
        # From the last question here to the other photograph's.
        page.keyboard.press("u")
        page.wait_for_url("**/2")
        assert page.locator("h1").inner_text() == "b.jpg"


@pytest.mark.judge("chromium")
def test_a_panorama_is_worked_at_its_own_size(browser: Any, tmp_path: Path) -> None:
    """The view kept the photograph's ratio when enlarged: a strip of 24 pixels, in which no box could be drawn."""
    (tmp_path / "wide.jpg").write_bytes(jpeg(Image.new("RGB", (3200, 320), (96, 110, 90))))
    list(protect([tmp_path / "wide.jpg"], ProtectIntent(tmp_path / "out", find_faces=False), SIGNER))
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        go_on_with_out(page)
        page.locator(".photos a").first.click()
        page.wait_for_load_state("networkidle")
        page.get_by_role("button", name="100 %").click()
        assert page.locator("#original").bounding_box()["height"] >= 320
        page.keyboard.press("a")
        for _ in range(60):
            page.keyboard.press("ArrowRight")
        view, box = (page.locator(one).bounding_box() for one in ("#original", "#original .box.selected"))
        assert view["x"] <= box["x"]
        assert box["x"] + box["width"] <= view["x"] + view["width"] + 1, "what is moved stays in sight"


@pytest.mark.judge("chromium")
def test_what_is_changed_while_a_request_is_under_way_is_saved_too(browser: Any, tmp_path: Path) -> None:
    out = folder_of(tmp_path, NAMES[:1]) / "out"
    with open_desk(tmp_path) as serving, at_screen(browser, serving) as page:
        go_on_with_out(page)
        page.locator(".photos a").first.click()
        page.wait_for_load_state("networkidle")
        page.evaluate(CHANGE_UNDER_WAY)
        page.keyboard.press("u")
        page.keyboard.press("h")
        page.locator("#kept:text-is('saved')").wait_for()
        assert looking.looks_of(out)["a.jpg"].looked


@pytest.mark.judge("chromium")
def test_axe_finds_nothing_each_control_has_a_name_and_a_telephone_shows_all(browser: Any, tmp_path: Path) -> None:
    out = folder_of(tmp_path, NAMES) / "out"
    looking.decide(out, {"b.jpg": Decision(looked=looking.looks_of(out)["b.jpg"].digest)})
    with open_desk(tmp_path) as serving, at_screen(browser, serving, bypass_csp=True) as page:
        page.goto(f"{serving.desk.door.origin}/20")
        pages = [page.url]
        page.get_by_label("out", exact=True).first.check()
        page.get_by_role("button", name="Go on").click()
        for address in (*pages, page.url, f"{page.url}/1"):
            page.set_viewport_size({"width": 1180, "height": 820})
            page.goto(address)
            page.wait_for_load_state("networkidle")
            assert_looks_right(page)
