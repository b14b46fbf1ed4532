"""`protect` and `approve` as a library: what lies in the folder afterwards, and what is refused by name."""

from __future__ import annotations

import errno
import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import c2pa
import pytest
from tests.redact.drawn import SECRET, jpeg, scene, telling
from tests.redact.raws import cr3, tiff
from tests.statement.test_c2pa import newsroom

from fifthfloor import files as placing
from fifthfloor.engine import many
from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.identity import SigningKey
from fifthfloor.redact.admission import admit
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision
from fifthfloor.statement.c2pa import Origin, embedded_statement, origin_of
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.people import protect as module
from fifthfloor.tasks.people import reviewing
from fifthfloor.tasks.people.approve import all_ticked, approve, waiting_in
from fifthfloor.tasks.people.beside import LeftAlone
from fifthfloor.tasks.people.earlier_redactions import pictures_in
from fifthfloor.tasks.people.photographs import Refused
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Newsroom, Signer

SIGNER = Signer(SigningKey(bytes(32)), "story")
HIDE = Decision(hide=(Box(300, 120, 380, 200),))
MORE = Decision(hide=(Box(300, 120, 380, 200), Box(0, 0, 60, 60)))
OTHER = Decision(hide=(Box(0, 0, 60, 60),))


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.engine.cores", lambda: 1)


def run(files: Sequence[Path], out: Path, decision: Decision = HIDE, *, nobody_looks: bool = False) -> list[object]:
    decisions = {f"{file.stem}.jpg": decision for file in files if file.is_file()}
    return list(protect(files, ProtectIntent(out, False, decisions, nobody_looks), SIGNER))


def photograph(folder: Path, name: str = "DSC_0001.JPG", *, seed: int = 1, width: int = 480) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(telling(scene(width, 320, seed=seed)))
    return file


def ticks(out: Path) -> dict[str, Decision]:
    return all_ticked(out, {})


def listed(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_holds_what_is_promised_and_nothing_told(tmp_path: Path) -> None:
    done = run([photograph(tmp_path / "in", width=2400)], tmp_path / "out")
    assert len(done) == 1
    assert isinstance(done[0], Protected)
    assert listed(tmp_path / "out") == [
        "DSC_0001.2048.jpg",
        "DSC_0001.2048.jpg.statement.json",
        "DSC_0001.jpg",
        "DSC_0001.jpg.statement.json",
        "review",
        "review.html",
    ]
    for file in (tmp_path / "out").glob("DSC*"):
        assert SECRET not in file.read_bytes()


def test_a_small_photograph_has_no_rendition(tmp_path: Path) -> None:
    run([photograph(tmp_path / "in")], tmp_path / "out", nobody_looks=True)
    assert listed(tmp_path / "out") == ["DSC_0001.jpg", "DSC_0001.jpg.statement.json"]


def test_faces_are_found_and_hidden(tmp_path: Path) -> None:
    file = photograph(tmp_path / "in")
    (done,) = protect([file], ProtectIntent(tmp_path / "out", nobody_looks=True), SIGNER)
    assert isinstance(done, Protected)
    assert [part.why for part in done.parts if part.is_hidden] == ["unasked"]
    found = verify(
        (tmp_path / "out/DSC_0001.jpg").read_bytes(), (tmp_path / "out/DSC_0001.jpg.statement.json").read_bytes()
    )
    assert 0 < found.hidden_intervals < found.intervals / 2


def test_what_is_uncertain_is_a_question_that_blocks_approval(tmp_path: Path) -> None:
    file, out = photograph(tmp_path / "in"), tmp_path / "out"
    (done,) = protect([file], ProtectIntent(out), SIGNER)
    assert isinstance(done, Protected)
    assert [(part.why, part.is_hidden) for part in done.parts] == [("uncertain", False)]
    assert done.hidden_share == 0
    with pytest.raises(BadInput) as refused:
        approve(out, "Kim", SIGNER)
    assert (refused.value.key, refused.value.facts["count"]) == ("approve.questions", 1)
    box = done.parts[0].box
    unapplied = {"DSC_0001.jpg": Decision(hide=(box,), looked=ticks(out)["DSC_0001.jpg"].looked)}
    with pytest.raises(BadInput) as refused:
        approve(out, "Kim", SIGNER, decisions=unapplied)
    assert refused.value.key == "approve.not_applied"
    list(protect([file], ProtectIntent(out, decisions=unapplied), SIGNER))
    with pytest.raises(BadInput) as refused:  # the tick was for the picture before
        approve(out, "Kim", SIGNER, decisions=unapplied)
    assert refused.value.key == "approve.not_looked"
    assert approve(out, "Kim", SIGNER, decisions=ticks(out))[0].name == "DSC_0001.jpg"


def test_an_answer_no_is_an_answer(tmp_path: Path) -> None:
    file, out = photograph(tmp_path / "in"), tmp_path / "out"
    (done,) = protect([file], ProtectIntent(out), SIGNER)
    assert isinstance(done, Protected)
    ticked = ticks(out)["DSC_0001.jpg"].looked
    answered = {"DSC_0001.jpg": Decision(show=(done.parts[0].box,), looked=ticked)}
    assert approve(out, "Kim", SIGNER, decisions=answered)[0].name == "DSC_0001.jpg"


def test_what_was_not_ticked_is_not_approved(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([photograph(tmp_path / "in", "a.jpg"), photograph(tmp_path / "in", "b.jpg", seed=2)], out)
    before = {path.name: path.read_bytes() for path in out.glob("*.jpg*")}
    for ticked in ({}, {"a.jpg": ticks(out)["a.jpg"]}, ticks(out) | {"b.jpg": Decision(looked="0" * 64)}):
        with pytest.raises(BadInput) as refused:
            approve(out, "Kim", SIGNER, decisions=ticked)
        assert refused.value.key == "approve.not_looked"
    assert {path.name: path.read_bytes() for path in out.glob("*.jpg*")} == before
    assert len(approve(out, "Kim", SIGNER, decisions=ticks(out))) == 2


@pytest.mark.parametrize("exact", [True, False])
def test_an_approval_tells_the_day_and_not_the_second(tmp_path: Path, exact: bool) -> None:
    out = tmp_path / "out"
    run([photograph(tmp_path / "in")], out)
    approve(out, "Kim", SIGNER, exact_time=exact)
    at = admit(out / "DSC_0001.jpg").approval.at
    assert at is not None
    if not exact:
        assert (at.hour, at.minute, at.second) == (0, 0, 0)
    written = {path.stat().st_mtime % 86_400 == 0 for path in out.glob("DSC*")}
    assert written == ({False} if exact else {True})


def test_files_tell_the_day_and_not_the_second(tmp_path: Path) -> None:
    run([photograph(tmp_path / "in")], tmp_path / "out", nobody_looks=True)
    assert {path.stat().st_mtime % 86_400 for path in (tmp_path / "out").iterdir()} == {0}


def test_a_person_approves_and_the_faces_go(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([photograph(tmp_path / "in", width=2400)], out)
    with pytest.raises(NothingFound) as refused:
        admit(out / "DSC_0001.jpg")
    assert refused.value.key == "gate.not_approved"
    before = (out / "DSC_0001.jpg").read_bytes()
    approved = approve(out, "  Kim  Lee ", Signer(SigningKey(bytes([7] * 32)), "once"))
    assert [(one.name, one.before) for one in approved] == [("DSC_0001.jpg", False)]
    photo = admit(out / "DSC_0001.jpg")
    assert photo.approval.by == "Kim Lee"
    assert photo.picture_bytes() == before
    assert "review.html" not in listed(out)
    assert "review" not in listed(out)
    assert waiting_in(out) == ()
    assert approve(out, "Other", SIGNER)[0].before


def test_nobody_looked_is_said_and_passes_the_gate(tmp_path: Path) -> None:
    run([photograph(tmp_path / "in")], tmp_path / "out", nobody_looks=True)
    (photo,) = map(admit, pictures_in(tmp_path / "out"))
    assert not photo.approval.looked_at
    assert not pictures_in(tmp_path / "in")


@pytest.mark.parametrize("by", ["", "   ", "x" * 201])
def test_an_approval_needs_a_name(tmp_path: Path, by: str) -> None:
    run([photograph(tmp_path / "in")], tmp_path / "out")
    with pytest.raises(BadInput):
        approve(tmp_path / "out", by, SIGNER)


def test_one_damaged_photograph_stops_the_approval_of_all(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([photograph(tmp_path / "in", "a.jpg"), photograph(tmp_path / "in", "b.jpg", seed=2)], out)
    statements = (out / "a.jpg.statement.json").read_bytes()
    data = bytearray((out / "b.jpg").read_bytes())
    data[-40] ^= 1
    (out / "b.jpg").write_bytes(data)
    with pytest.raises((BadInput, NothingFound)):
        approve(out, "Kim", SIGNER)
    assert (out / "a.jpg.statement.json").read_bytes() == statements
    assert not list(out.glob(".*"))


def test_a_folder_without_photographs_cannot_be_approved(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        approve(tmp_path, "Kim", SIGNER)
    assert refused.value.key == "approve.none"


def test_a_manifest_is_signed_again_with_the_approval(tmp_path: Path) -> None:
    file, out, room = photograph(tmp_path / "in"), tmp_path / "out", Newsroom(*newsroom())
    list(protect([file], ProtectIntent(out, False, {"DSC_0001.jpg": HIDE}, newsroom=room), SIGNER))
    with pytest.raises(BadInput) as refused:
        approve(out, "Kim", SIGNER)
    assert refused.value.key == "approve.manifest"
    approve(out, "Kim", SIGNER, room)
    photo = admit(out / "DSC_0001.jpg")
    assert photo.approval.by == "Kim"
    assert embedded_statement(photo.picture_bytes()) == photo.statement_bytes()
    assert origin_of(photo.picture_bytes()) == Origin(captured=True), "its Exif named a camera; said again"
    assert SECRET not in photo.picture_bytes()


@pytest.mark.parametrize(("form", "mime"), [("PNG", "image/png"), ("AVIF", "image/avif")])
def test_a_manifest_says_what_was_converted(tmp_path: Path, form: str, mime: str) -> None:
    file, out = tmp_path / "in" / "x.any", tmp_path / "out"
    file.parent.mkdir()
    scene(480, 320).save(file, form)
    room = Newsroom(*newsroom())
    decision = Decision(hide=(Box(0, 0, 16, 16),))
    list(protect([file], ProtectIntent(out, False, {"x.jpg": decision}, newsroom=room), SIGNER))
    before = told_of_original(out / "x.jpg")
    assert before == (mime, ["c2pa.opened", "c2pa.transcoded", "c2pa.edited"])
    approve(out, "Kim", SIGNER, room)
    assert told_of_original(out / "x.jpg") == before, "approved, it says so still"


def told_of_original(picture: Path) -> tuple[str, list[str]]:
    """Read as other programs do what a manifest says: the format of the ingredient, and the actions."""
    with c2pa.Reader("image/jpeg", io.BytesIO(picture.read_bytes())) as reader:
        assert reader.get_validation_state() == "Valid"
        document = json.loads(reader.json())
    manifest = document["manifests"][document["active_manifest"]]
    (original,) = manifest["ingredients"]
    actions = next(one["data"]["actions"] for one in manifest["assertions"] if "c2pa.actions" in one["label"])
    return original["format"], [one["action"] for one in actions]


# --- the union rule ------------------------------------------------------------------------------


def test_before_approval_a_box_may_be_taken_back(tmp_path: Path) -> None:
    file = photograph(tmp_path / "in")
    run([file], tmp_path / "out", MORE)
    assert isinstance(run([file], tmp_path / "out", HIDE)[0], Protected)


def test_after_approval_no_box_may_be_taken_back(tmp_path: Path) -> None:
    file, out = photograph(tmp_path / "in"), tmp_path / "out"
    run([file], out, HIDE, nobody_looks=True)
    before = (out / "DSC_0001.jpg").read_bytes()
    (refused,) = run([file], out, OTHER)
    assert isinstance(refused, Refused)
    assert refused.key == "protect.union"
    assert (out / "DSC_0001.jpg").read_bytes() == before


def test_hiding_more_withdraws_the_approval(tmp_path: Path) -> None:
    file, out = photograph(tmp_path / "in"), tmp_path / "out"
    run([file], out, HIDE)
    approve(out, "Kim", SIGNER)
    run([file], out, MORE)
    with pytest.raises(NothingFound) as refused:
        admit(out / "DSC_0001.jpg")
    assert refused.value.key == "gate.not_approved"


def test_the_same_again_keeps_the_approval(tmp_path: Path) -> None:
    file, out = photograph(tmp_path / "in"), tmp_path / "out"
    run([file], out, HIDE)
    approve(out, "Kim", SIGNER)
    (done,) = run([file], out, HIDE)
    assert isinstance(done, Protected)
    assert done.as_before
    assert admit(out / "DSC_0001.jpg").approval.by == "Kim"


def test_a_copy_under_another_name_does_not_get_around_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([photograph(tmp_path / "in", "a.jpg")], out, HIDE, nobody_looks=True)
    (refused,) = run([photograph(tmp_path / "in", "b.jpg")], out, OTHER, nobody_looks=True)
    assert isinstance(refused, Refused)
    assert (refused.key, refused.facts["name"]) == ("protect.union", "a.jpg")
    assert "b.jpg" not in listed(out)


def test_two_copies_in_one_run_do_not_get_around_it(tmp_path: Path) -> None:
    files = [photograph(tmp_path / "in", "a.jpg"), photograph(tmp_path / "in", "b.jpg")]
    decisions = {"a.jpg": HIDE, "b.jpg": OTHER}
    done = list(protect(files, ProtectIntent(tmp_path / "out", False, decisions, True), SIGNER))
    assert [type(one) for one in done] == [Protected, Refused]
    assert listed(tmp_path / "out") == ["a.jpg", "a.jpg.statement.json"]


def test_two_copies_of_two_runs_are_not_approved_together(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([photograph(tmp_path / "in", "a.jpg")], out, HIDE)
    run([photograph(tmp_path / "in", "b.jpg")], out, OTHER)
    with pytest.raises(BadInput) as refused:
        approve(out, "Kim", SIGNER)
    assert (refused.value.key, refused.value.facts) == ("approve.union", {"first": "a.jpg", "second": "b.jpg"})


def test_nothing_foreign_is_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "DSC_0001.jpg").write_bytes(b"mine")
    (refused,) = run([photograph(tmp_path / "in")], out)
    assert isinstance(refused, Refused)
    assert refused.key == "protect.not_ours"
    assert (out / "DSC_0001.jpg").read_bytes() == b"mine"


def test_another_photograph_does_not_replace_an_approved_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run([photograph(tmp_path / "one")], out, nobody_looks=True)
    (refused,) = run([photograph(tmp_path / "two", seed=2)], out)
    assert isinstance(refused, Refused)
    assert refused.key == "protect.other_there"


def test_a_photograph_whose_process_was_killed_is_named_and_leaves_no_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(function: Any, tasks: Any, _executor: Any) -> Any:
        for number, task in enumerate(tasks):
            done = function(task)  # it may have written all of it
            yield many.Lost(task, many.TASK_TRIES) if number == 1 else done

    monkeypatch.setattr("fifthfloor.engine.cores", lambda: 2)
    monkeypatch.setattr(many, "each", killed)
    files = [photograph(tmp_path / "in", f"{number}.jpg", seed=number) for number in range(3)]
    out = tmp_path / "out"
    done = list(protect(files, ProtectIntent(out, False), SIGNER))
    assert [one.key for one in done if isinstance(one, Refused)] == ["protect.killed"]
    assert [document["name"] for document in reviewing.documents_of(out)] == ["0.jpg", "2.jpg"]
    assert len(list((out / "review").glob("*.js"))) == 2
    with pytest.raises(BadInput, match=r"approve\.no_page"):
        approve(out, "Kim", SIGNER, decisions=all_ticked(out, {}))


# --- bad input -----------------------------------------------------------------------------------


def test_everything_bad_is_said_by_name_and_the_rest_is_done(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    photograph(folder, "good.jpg")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "notes.rtf").write_text("not a photograph")
    (folder / "good.XMP").write_text("<x:xmpmeta/>")
    (folder / "cut.jpg").write_bytes(jpeg(scene())[:200])
    coded = jpeg(scene()).index(b"\xff\xda") + 14
    (folder / "broken.jpg").write_bytes(jpeg(scene())[:coded] + b"\xfe" * 4000 + b"\xff\xd9")
    (folder / "preview.nef").write_bytes(tiff(None, jpeg(scene().resize((160, 106)))))
    (folder / "GOOD.JPG").write_bytes(jpeg(scene(seed=3)))
    (folder / "сад 花.jpg").write_bytes(telling(scene(seed=4)))
    (folder / "away.jpg").symlink_to(tmp_path / "nowhere.jpg")
    os.mkfifo(folder / "pipe.jpg")
    done = list(protect([folder, tmp_path / "missing.jpg"], ProtectIntent(tmp_path / "out", False, {}, True), SIGNER))
    refused = {one.path.name: one.key for one in done if isinstance(one, Refused)}
    assert refused.pop("broken.jpg").startswith("jpeg.")
    assert refused.pop("cut.jpg").startswith("jpeg.")
    assert refused == {
        "empty.jpg": "protect.empty",
        "notes.rtf": "protect.not_a_photograph",
        "preview.nef": "redact.raw_preview",
        "good.jpg": "protect.same_name",
        "away.jpg": "protect.link",
        "pipe.jpg": "protect.not_a_file",
        "missing.jpg": "protect.system",
    }
    assert all(one.exit_code == 3 for one in done if isinstance(one, Refused))
    assert [path for path in listed(tmp_path / "out") if not path.endswith(".json")] == ["GOOD.jpg", "сад 花.jpg"]


def test_a_folder_inside_itself_is_not_searched(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    photograph(folder)
    list(protect([folder], ProtectIntent(folder / "out", False, {}, True), SIGNER))
    (folder / "round").symlink_to(folder, target_is_directory=True)
    done = list(protect([folder], ProtectIntent(folder / "out", False, {}, True), SIGNER))
    assert [(type(one).__name__, one.path.name) for one in done if not isinstance(one, LeftAlone)] == [
        ("Refused", "round"),
        ("Refused", "out"),
        ("Protected", "DSC_0001.JPG"),
    ]


def test_what_sign_or_protect_wrote_is_left_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    photograph(folder)
    run([folder], folder / "earlier")  # with its review page, which shows faces and is no photograph either
    done = run([folder], tmp_path / "out")
    assert [one.path.name for one in done if isinstance(one, Protected | Refused)] == ["DSC_0001.JPG"]
    assert [path.name for one in done if isinstance(one, LeftAlone) for path in one.signed] == ["DSC_0001.jpg"]
    given = run([folder / "earlier" / "DSC_0001.jpg"], tmp_path / "again")
    assert [type(one) for one in given] == [Protected]


def test_a_jpeg_and_its_raw_are_one_frame(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    photograph(folder)
    (folder / "DSC_0001.NEF").write_bytes(tiff(jpeg(scene()), jpeg(scene().resize((160, 106)))))
    done = list(protect([folder], ProtectIntent(tmp_path / "out", False, {}, True, frozenset(["raw"])), SIGNER))
    assert [one.path.name for one in done if not isinstance(one, LeftAlone)] == ["DSC_0001.JPG"]
    found = verify(*((tmp_path / "out" / name).read_bytes() for name in listed(tmp_path / "out")))
    assert [name for name, _ in found.facts] == ["raw"]


def test_a_raw_gives_its_jpeg_turned_as_the_raw_says(tmp_path: Path) -> None:
    file = tmp_path / "IMG_1.CR3"
    file.write_bytes(cr3(jpeg(scene()), orientation=6))
    run([file], tmp_path / "out", Decision(), nobody_looks=True)
    photo = admit(tmp_path / "out/IMG_1.jpg")
    assert (photo.width_px, photo.height_px) == (320, 480)


def test_boxes_for_a_photograph_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        list(protect([photograph(tmp_path / "in")], ProtectIntent(tmp_path / "out", False, {"x.jpg": HIDE}), SIGNER))
    assert refused.value.key == "protect.unknown_name"
    assert not (tmp_path / "out").exists()


def test_a_full_disk_is_said_and_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [photograph(tmp_path / "in", "a.jpg"), photograph(tmp_path / "in", "b.jpg", seed=2)]
    written = placing.place_together

    def full(contents: dict[Path, bytes], modified: float) -> None:
        if any(path.name.startswith("a.") for path in contents):
            next(iter(contents)).write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        written(contents, modified=modified)

    monkeypatch.setattr(module, "place_together", full)
    done = run(files, tmp_path / "out")
    assert isinstance(done[0], Refused)
    assert done[0].facts == {"reason": "files.reason.no_room"}
    assert isinstance(done[1], Protected)
    assert [name for name in listed(tmp_path / "out") if "review" not in name] == ["b.jpg", "b.jpg.statement.json"]


def test_no_photograph_is_written_that_the_review_page_cannot_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(contents: dict[Path, bytes], **_how: bool) -> None:
        for path, data in contents.items():
            if path.name.endswith(".json"):
                raise OSError(errno.ENOSPC, "No space left on device")
            path.write_bytes(data)

    monkeypatch.setattr(reviewing, "place_together", full)
    (done,) = run([photograph(tmp_path / "in")], tmp_path / "out")
    assert isinstance(done, Refused)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]


def test_nothing_given_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(BadInput) as refused:
        run([tmp_path / "in"], tmp_path / "out")
    assert refused.value.key == "protect.no_files"


def test_a_run_that_is_stopped_leaves_no_pictures_with_faces(tmp_path: Path) -> None:
    files = [photograph(tmp_path / "in", f"{name}.jpg", seed=seed) for seed, name in enumerate("abc")]
    out = tmp_path / "out"
    done = protect(files, ProtectIntent(out, False), SIGNER)
    assert isinstance(next(done), Protected)
    with pytest.raises(KeyboardInterrupt):
        done.throw(KeyboardInterrupt)
    assert not list((out / "review").iterdir())
    assert not (out / "review.html").exists()
    with pytest.raises(BadInput) as refused:
        approve(out, "Kim", SIGNER, decisions=ticks(out))
    assert refused.value.key == "approve.no_page"
