"""The road through the desk, on the wire: what forms without a script send, byte for byte with the commands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.at_desk import Visitor, open_desk
from tests.jpeg.pictures import jpeg
from tests.tasks.cards_at_hand import MOMENT, exfat_card, fat32_card, outside_free, roll, tree, visible
from tests.tasks.floors.test_sealed import CHEAP, EDITOR, LAWYER, all_wiped, by, drawn, hide_to, identity_file, line_of
from tests.tasks.quick import PASSPHRASE, WRONG, command, open_in_process, quick_argon2id, quick_kdf

from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.sealing import SealedFloor
from fifthfloor.tasks.people import identity as identities
from fifthfloor.words import sentence
from fifthfloor.words.lines.at_desk import at_desk
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter, format_fat32

__all__ = ["drawn", "quick_kdf"]
Fields = list[tuple[str, str]]
PHRASE: Fields = [("passphrase", PASSPHRASE), ("again", PASSPHRASE)]


def shooting_card(path: Path, frames: int = 6, deleted: int = 1) -> Path:
    """A camera's card with photographs that have thumbnails of their own, some of them deleted as a camera does."""
    format_fat32(path, 36_000_000, label="CAMERA")
    with FatWriter(path) as writer:
        for number in range(1, frames + deleted + 1):
            name = f"DCIM/100CANON/IMG_{number:04d}.JPG"
            writer.add_file(name, jpeg(320, 208, seed=number, subsampling=2), MOMENT)
    for number in range(frames + 1, frames + deleted + 1):
        delete_like_a_camera(path, f"DCIM/100CANON/IMG_{number:04d}.JPG")
    return path


@pytest.fixture(name="desk_folder")
def folder_of_a_trip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two cards to hide on, a camera's card, a roll."""
    monkeypatch.setattr(secret, "KDF", quick_argon2id)
    folder = tmp_path / "trip"
    folder.mkdir()
    fat32_card(folder / "a.img", 1, size_bytes=36_000_000, files=5)
    exfat_card(folder / "b.img", 2, size_bytes=12_000_000, files=5)
    shooting_card(folder / "camera.img")
    roll(folder / "roll", megabytes=1)
    return folder


@pytest.fixture(name="cheap")
def identities_that_cost_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", CHEAP)


@pytest.fixture(name="visitor")
def visitor_at_the_desk(desk_folder: Path) -> Iterator[Visitor]:
    with open_desk(desk_folder) as serving:
        yield Visitor(serving).come_in()


def hide_folder(visitor: Visitor, folder: Path, cards: list[str], more: Fields) -> str:
    """Go the way of Hide with a whole folder up to the question, and return the address of its job."""
    visitor.post("/2", [("card", visitor.id_of(folder))])
    where = visitor.sent[-1]
    chosen = [("card", visitor.id_of(visitor.serving.desk.places.folder / card)) for card in cards]
    got = visitor.work(where, [*chosen, ("lose", "1"), ("overwrite", "10"), *PHRASE, *more])
    assert "this is what will happen" in got.said, got.said
    return visitor.sent[-1]


def test_hide_check_and_open_bring_everything_back(visitor: Visitor, desk_folder: Path) -> None:
    before = {name: (visible(desk_folder / name), outside_free(desk_folder / name)) for name in ("a.img", "b.img")}
    assert "roll" in visitor.get("/2").said
    hide_folder(visitor, desk_folder / "roll", ["a.img", "b.img"], [])
    done = visitor.answer("yes")
    assert "hidden:" in done.said
    assert "any 1 of the 2 cards" in done.said
    for name, (files, rest) in before.items():
        assert (visible(desk_folder / name), outside_free(desk_folder / name)) == (files, rest)
    card = ("card", visitor.id_of(desk_folder / "b.img"))
    checked = visitor.work("/3", [card, ("passphrase", PASSPHRASE)])
    assert "comes back" in checked.said
    assert "dsc_0041.nef" in checked.said
    opened = visitor.work("/4", [card, ("passphrase", PASSPHRASE), ("out", "back")])
    assert "every sha-256 is right" in opened.said
    assert tree(desk_folder / "back" / "roll") == tree(desk_folder / "roll")
    again = open_in_process(desk_folder / "by-command", desk_folder / "a.img", label="")
    assert again.code == 0
    assert tree(desk_folder / "by-command" / "roll") == tree(desk_folder / "roll")


def test_after_a_refusal_of_hide_going_back_keeps_every_tick(visitor: Visitor, desk_folder: Path) -> None:
    visitor.post("/2", [("card", visitor.id_of(desk_folder / "roll"))])
    where = visitor.sent[-1]
    ticks = [("quick", "1"), ("own", "1"), ("earlier", "broken")]
    got = visitor.post(
        where, [("card", visitor.id_of(desk_folder / "a.img")), *ticks, ("passphrase", "a"), ("again", "b")]
    )
    assert got.status == 400
    back = visitor.get(where).text
    for name, value in ticks:
        assert f'name="{name}" value="{value}" checked' in back
    assert 'value="keep" checked' not in back


def test_a_wrong_passphrase_and_an_empty_card_say_the_same(visitor: Visitor, desk_folder: Path) -> None:
    hide_folder(visitor, desk_folder / "roll", ["a.img", "b.img"], [])
    visitor.answer("yes")
    said = []
    for name, phrase in (("a.img", WRONG), ("camera.img", PASSPHRASE)):
        for address, more in (("/3", []), ("/4", [("out", "nothing")])):
            got = visitor.work(address, [("card", visitor.id_of(desk_folder / name)), ("passphrase", phrase), *more])
            said.append(got.said)
    assert "nothing was found that this passphrase opens" in said[0]
    assert len(set(said)) == 1
    assert not (desk_folder / "nothing").exists()


def test_no_is_no_and_looks_and_refusals_write_nothing(visitor: Visitor, desk_folder: Path) -> None:
    before = (desk_folder / "a.img").read_bytes()
    hide_folder(visitor, desk_folder / "roll", ["a.img", "b.img"], [])
    assert "nothing was done" in visitor.answer("no").said
    chosen = [("card", visitor.id_of(desk_folder / "a.img"))]
    visitor.post("/2", [("card", visitor.id_of(desk_folder / "roll"))])
    where = visitor.sent[-1]
    bad: list[tuple[Fields, str]] = [
        ([*chosen, ("passphrase", PASSPHRASE), ("again", WRONG)], "are not the same"),
        ([*chosen, ("passphrase", "holiday 2026"), ("again", "holiday 2026")], "guesses"),
        ([*chosen], "passphrase"),
        ([*PHRASE], "no card was chosen"),
        ([*chosen, *PHRASE, ("overwrite", "999")], "between 0 and 95"),
        ([*chosen, *PHRASE, ("quick", "1"), ("keep0", WRONG)], "quick carries nothing over"),
    ]
    for fields, said in bad:
        got = visitor.post(where, fields)
        assert (got.status, said in got.said) == (400, True), got.said
        assert PASSPHRASE not in got.text
    back = visitor.get(where).text  # who goes back after a refusal finds cards and sliders as they were, no passphrase
    assert f'value="{chosen[0][1]}" checked' in back
    assert re.search(r'name="overwrite"[^>]* value="20"', back)
    assert PASSPHRASE not in back
    quick = visitor.work(where, [*chosen, *PHRASE, ("quick", "1"), ("overwrite", "5")])
    assert "not look like noise" in quick.said, quick.said
    assert (desk_folder / "a.img").read_bytes() == before


def test_the_cost_is_reckoned_before_anything_is_typed(visitor: Visitor, desk_folder: Path) -> None:
    visitor.post("/2", [("card", visitor.id_of(desk_folder / "roll"))])
    where = visitor.sent[-1].removesuffix("/1")
    cards = [("card", visitor.id_of(desk_folder / name)) for name in ("a.img", "b.img")]
    got = visitor.post(f"{where}/r", [*cards, ("lose", "1"), ("overwrite", "20")])
    assert b'"fits": true' in got.body
    assert "any 1 of these 2 cards" in got.text
    assert b'"fits": false' in visitor.post(f"{where}/r", [*cards, ("lose", "1"), ("overwrite", "95")]).body
    without_script = visitor.post(f"{where}/1", [*cards, ("lose", "1"), ("overwrite", "20"), ("reckon", "1")])
    assert "any 1 of these 2 cards" in without_script.said


def test_frames_are_picked_on_the_sheet_hidden_and_removed(visitor: Visitor, desk_folder: Path) -> None:
    card = desk_folder / "camera.img"
    originals = visible(card)
    sheet = visitor.post("/2", [("card", visitor.id_of(card))])
    draft = visitor.sent[-1]
    assert sheet.text.count('loading="lazy"') == 6
    picture = visitor.get(f"{draft}/p/0")
    assert (picture.headers["content-type"], picture.body[:3]) == ("image/jpeg", b"\xff\xd8\xff")
    assert visitor.get(f"{draft}/p/99").status == 404
    assert "nothing was picked" in visitor.post(draft, []).said
    assert "--" not in visitor.post(draft, [("only", "2001-01-01")]).said
    where = visitor.post(draft, [("f", "0"), ("f", "2"), ("only", "IMG_0005")])
    assert "3 frames" in where.said
    assert "a minder will then count 3" in where.said
    chosen = [("card", visitor.id_of(desk_folder / name)) for name in ("a.img", "b.img")]
    wishes = [("lose", "1"), ("overwrite", "5"), ("remove", "1"), ("wipe", "1")]
    asks = visitor.work(visitor.sent[-1], [*chosen, *wishes, *PHRASE])
    assert "3 frames will be removed" in asks.said, asks.said
    assert re.search(
        r"camera\.img is swept as well then \([\d.]+ mb\): 1 deleted photograph and whatever else", asks.said
    )
    assert "remove the originals, then sweep camera.img" in asks.said, "the question names the sweep"
    done = visitor.answer("yes")
    assert "removed 3 files" in done.said, done.said
    left = visible(card)
    gone = [f"DCIM/100CANON/IMG_000{n}.JPG" for n in (1, 3, 5)]
    assert left == {path: digest for path, digest in originals.items() if path not in gone}
    assert open_in_process(desk_folder / "back", desk_folder / "a.img", label="").code == 0
    assert sorted(path.name for path in (desk_folder / "back").iterdir()) == sorted(Path(path).name for path in gone)


def test_audit_recover_and_tidy_on_a_camera_s_card(visitor: Visitor, desk_folder: Path) -> None:
    card = ("card", visitor.id_of(desk_folder / "camera.img"))
    looked = visitor.work("/1", [card])
    assert looked.text.count("<svg") == 2
    assert "6 photographs" in looked.said
    report = visitor.work("/5", [card])
    assert "0007.jpg" in report.said
    assert report.text.count("<svg") == 2
    assert visitor.get(f"{visitor.sent[-1]}/p/0").headers["content-type"] == "image/jpeg"
    found = visitor.work("/6", [card])
    assert "1 photograph can be brought back" in found.said
    picked = visitor.sent[-1].rpartition("/")[2]
    nothing = visitor.post(f"/6/{picked}", [("out", "recovered")])
    assert "nothing was picked" in nothing.said
    visitor.work(f"/6/{picked}", [("f", "0"), ("out", "recovered")])
    files = [path for path in (desk_folder / "recovered").rglob("*") if path.is_file()]
    assert [path.read_bytes() for path in files] == [jpeg(320, 208, seed=7, subsampling=2)]
    asks = visitor.work("/7", [card])
    assert "1 deleted file" in asks.said
    assert "1 deleted name is gone" in visitor.answer("yes").said
    assert at_desk(sentence("tidy.clean")).lower() in visitor.work("/7", [card]).said
    assert command("tidy", desk_folder / "camera.img", "--yes", "--json").document["names"] == 0


def test_what_is_broken_is_searched_all_the_same_and_never_written(visitor: Visitor, desk_folder: Path) -> None:
    card = desk_folder / "camera.img"
    with card.open("r+b") as file:
        file.write(bytes(1 << 20))
    box = re.compile(rf'value="{visitor.id_of(card)}"[^>]*>')
    for page, closed in (("/5", False), ("/6", False), ("/3", True), ("/8", True)):
        (found,) = box.findall(visitor.get(page).text)
        assert ("disabled" in found) is closed, page
    assert "photographs" in visitor.work("/6", [("card", visitor.id_of(card))]).said
    assert "camera.img" in visitor.work("/5", [("card", visitor.id_of(card))]).said


def test_wipe_keeps_what_its_passphrase_is_given_for(visitor: Visitor, desk_folder: Path) -> None:
    hide_folder(visitor, desk_folder / "roll", ["a.img", "b.img"], [])
    visitor.answer("yes")
    cards = [("card", visitor.id_of(desk_folder / name)) for name in ("a.img", "b.img")]
    asks = visitor.work("/8", [*cards, ("keep0", PASSPHRASE)])
    assert "carried over" in asks.said, asks.said
    assert at_desk(sentence("before.others_too").strip()).lower() in asks.said, asks.said
    assert "swept 2 cards" in visitor.answer("yes").said
    assert open_in_process(desk_folder / "back", desk_folder / "b.img", label="").code == 0
    visitor.work("/8", cards)
    visitor.answer("yes")
    assert open_in_process(desk_folder / "none", desk_folder / "a.img", desk_folder / "b.img", label="").code == 1


@pytest.mark.usefixtures("quick_kdf", "cheap")
def test_it_is_sealed_to_somebody_instead_of_under_a_passphrase(
    visitor: Visitor, desk_folder: Path, drawn: list[SealedFloor]
) -> None:
    line = line_of(EDITOR)
    visitor.post("/2", [("card", visitor.id_of(desk_folder / "roll"))])
    where, card = visitor.sent[-1], ("card", visitor.id_of(desk_folder / "a.img"))
    sealed = [card, ("overwrite", "5"), ("to", f"{line[:900]}\r\n  {line[900:]}\n")]
    bad: list[tuple[Fields, str]] = [
        ([*sealed, *PHRASE], "either sealed to a recipient or under a passphrase"),
        ([*sealed, ("quick", "1")], "neither with quick"),
        ([*sealed, ("earlier", "discard")], "neither with quick"),
        ([card, ("to", str(desk_folder / "line.txt"))], "not a recipient"),
        ([card, ("to", line[:-1] + ("q" if line[-1] != "q" else "p"))], "not a recipient"),
    ]
    for fields, said in bad:
        assert said in visitor.work(where, fields).said, said
    visitor.work(where, sealed)
    assert any(drawn[-1].master)
    visitor.answer("no")
    assert all_wiped(drawn), "refused"
    asks = visitor.work(where, sealed)
    fingerprint = RecipientKey(EDITOR).public.fingerprint()
    assert fingerprint in asks.said, asks.said
    done = visitor.answer("yes")
    assert "hidden and sealed" in done.said, done.said
    assert fingerprint in done.said
    assert (len(drawn), all_wiped(drawn)) == (2, True)
    identity = identity_file(desk_folder / "editor", EDITOR)
    assert by(identity, "open", desk_folder / "a.img", "--out", desk_folder / "back").code == 0
    assert tree(desk_folder / "back" / "roll") == tree(desk_folder / "roll")
    checked = visitor.work("/3", [card, ("passphrase", PASSPHRASE)])
    assert "nothing was found" in checked.said


@pytest.mark.usefixtures("quick_kdf", "cheap")
def test_what_is_sealed_is_checked_and_opened_with_the_identity(visitor: Visitor, desk_folder: Path) -> None:
    roll = desk_folder / "roll"
    assert hide_to(roll, desk_folder / "a.img", to=(line_of(EDITOR),)).code == 0
    editor = identity_file(desk_folder / "editor", EDITOR).read_text()
    stranger = identity_file(desk_folder.parent / "stranger", LAWYER).read_text()
    card, phrase = ("card", visitor.id_of(desk_folder / "a.img")), ("passphrase", PASSPHRASE)
    bad: list[tuple[Fields, str]] = [
        ([phrase, ("identity", stranger)], "nothing was found that is sealed to this identity"),
        ([("passphrase", WRONG), ("identity", editor)], "does not open the identity"),
        ([phrase, ("identity", editor), ("identity_file", "editor")], "the identity was given twice"),
        ([phrase, ("identity_file", "../stranger")], "with that folder or card as well"),
        ([phrase, ("identity", "no identity")], "not an identity file"),
        ([("identity", editor)], "the passphrase is empty"),
    ]
    for path in ("/3", "/4"):
        for fields, said in bad:
            got = visitor.work(path, [card, ("out", "back"), *fields])
            assert said in got.said, (path, said, got.said)
            assert json.loads(editor)["sealed"] not in got.text, "what was given is never shown"
    assert not (desk_folder / "back").exists()
    checked = visitor.work("/3", [card, phrase, ("identity", f"{editor}\n")])
    assert "dsc_0041.jpg" in checked.said, checked.said
    opened = visitor.work("/4", [card, phrase, ("identity_file", "editor"), ("out", "back")])
    assert sentence("desk.open.done").lower() in opened.said, opened.said
    assert tree(desk_folder / "back" / "roll") == tree(roll)
