"""Which photographs are meant, and that none is overwritten or skipped in silence, by `protect` and by `sign`."""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from tests.redact.drawn import SECRET, jpeg, scene, telling
from tests.redact.raws import tiff

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.cli.refused import left_json, left_line
from fifthfloor.identity import SigningKey
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.people.approve import approve
from fifthfloor.tasks.people.beside import LeftAlone, is_film
from fifthfloor.tasks.people.photographs import Refused, frames
from fifthfloor.tasks.people.protect import Protected, ProtectIntent, protect
from fifthfloor.tasks.people.prove import Signed, Signer, SignIntent, sign_files

SIGNER = Signer(SigningKey(bytes(32)), "story")
FILM = b"\0\0\0\x14ftypqt  \0\0\0\0qt  \0\0\0\x08wide"


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.engine.cores", lambda: 1)


def protect_all(files: list[Path], out: Path, **hide: Box) -> dict[str, str]:
    """Protect, and return for each file what became of it: "done", or the key of the refusal."""
    decisions = {name: Decision((box,)) for name, box in hide.items()}
    return outcomes(protect(files, ProtectIntent(out, False, decisions, True), SIGNER))


def outcomes(done: object) -> dict[str, str]:
    assert hasattr(done, "__iter__")
    found = {}
    for one in done:
        if isinstance(one, Protected | Signed):
            found[one.path.name] = "done"
        elif isinstance(one, Refused):
            found[one.path.name] = one.key
    return found


def left(done: list[object]) -> list[str]:
    return [path.name for one in done if isinstance(one, LeftAlone) for path in (*one.films, *one.sidecars)]


def raws_left(done: list[object]) -> list[str]:
    return [path.name for one in done if isinstance(one, LeftAlone) for path in one.raws]


def large(folder: Path, name: str, *, seed: int = 1, width: int = 2300) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(jpeg(scene(width, 300, seed=seed), quality=70))
    return folder / name


@pytest.mark.parametrize("names", [("IMG.jpg", "IMG.2048.jpg"), ("IMG.2048.jpg", "IMG.jpg"), ("é.jpg", "e\u0301.jpg")])
def test_a_name_that_another_photograph_writes_is_refused(tmp_path: Path, names: tuple[str, str]) -> None:
    files = [large(tmp_path / "in", names[0]), large(tmp_path / "in", names[1], seed=2)]
    expected = {names[0]: "done", names[1]: "protect.same_name"}
    assert protect_all(files, tmp_path / "one") == expected
    assert outcomes(sign_files(files, tmp_path / "two", SIGNER)) == expected


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("names", [("IMG.jpg", "IMG.2048.jpg"), ("IMG.2048.jpg", "IMG.jpg")])
def test_nor_is_it_overwritten_in_a_later_run(tmp_path: Path, names: tuple[str, str], approved: bool) -> None:
    out = tmp_path / "out"
    first, second = large(tmp_path / "in", names[0]), large(tmp_path / "in", names[1], seed=2)
    list(protect([first], ProtectIntent(out, False), SIGNER))
    if approved:
        approve(out, "Kim", SIGNER)
    before = {path.name: path.read_bytes() for path in out.glob("*.jpg*")}
    assert protect_all([second], out) == {names[1]: "protect.other_owner"}
    assert {path.name: path.read_bytes() for path in out.glob("*.jpg*")} == before
    if not approved:
        assert [one.name for one in approve(out, "Kim", SIGNER)] == [names[0]]


@pytest.mark.parametrize("name", ["A.2048.jpg", "A.jpg.statement.json", "A.2048.jpg.statement.json"])
def test_what_somebody_else_put_under_one_of_our_names_stays(tmp_path: Path, name: str) -> None:
    file, out = large(tmp_path / "in", "A.jpg"), tmp_path / "out"
    out.mkdir()
    (out / name).write_bytes(b"mine")
    assert protect_all([file], out) == {"A.jpg": "protect.not_ours"}
    assert [path.name for path in out.iterdir()] == [name]
    assert (out / name).read_bytes() == b"mine"


ODD_NAMES = ["фото.jpg".encode("cp1251"), "写真.jpg".encode("shift-jis"), b"a\nb.jpg", b"\xff\xfe.jpg", b"-rf.jpg"]


@pytest.mark.parametrize("nobody_looks", [True, False])
def test_a_name_that_is_no_text_stops_nothing(tmp_path: Path, nobody_looks: bool) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number, name in enumerate([*ODD_NAMES, b"z.jpg"]):
        (folder / os.fsdecode(name)).write_bytes(jpeg(scene(seed=number)))
    done = list(protect([folder], ProtectIntent(out, False, {}, nobody_looks), SIGNER))
    assert [type(one) for one in done] == [Protected] * 6
    assert {os.fsencode(path.name) for path in out.glob("*.jpg")} == {*ODD_NAMES, b"z.jpg"}
    if not nobody_looks:
        page = (out / "review.html").read_bytes().decode("utf-8")
        assert page.count("photographs") > 1
        assert len(approve(out, "Kim", SIGNER)) == 6
    assert set(outcomes(sign_files([folder], tmp_path / "signed", SIGNER)).values()) == {"done"}


def test_a_name_of_all_bytes_there_may_be_is_called_by_a_number(tmp_path: Path) -> None:
    name = "a" * 251 + ".jpg"
    photograph = large(tmp_path / "in", name, width=480)
    assert outcomes(protect([tmp_path / "in"], ProtectIntent(tmp_path / "one", numbered=True), SIGNER)) == {
        name: "done"
    }
    for out, done in (
        ("two", protect([photograph], ProtectIntent(tmp_path / "two"), SIGNER)),
        ("three", sign_files([photograph], tmp_path / "three", SIGNER)),
    ):
        assert outcomes(done) == {name: "protect.long_name"}
        assert not list(tmp_path.glob(f"{out}/*.jpg"))


def test_a_name_that_differs_in_case_alone_is_not_written_beside_it(tmp_path: Path) -> None:
    """On exFAT, NTFS and macOS the second would be the first one's file."""
    out = tmp_path / "out"
    assert protect_all([large(tmp_path / "one", "IMG.jpg")], out) == {"IMG.jpg": "done"}
    before = {path: path.read_bytes() for path in out.iterdir() if path.is_file()}
    for number, name in enumerate(("img.jpg", "img.2048.jpg", "Img.JPG")):
        photograph = large(tmp_path / str(number), name, seed=2)
        assert protect_all([photograph], out) == {name: "protect.other_owner"}
    assert {path: path.read_bytes() for path in out.iterdir() if path.is_file()} == before


def test_what_lies_beside_photographs_is_left_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    large(folder, "IMG_1.JPG", width=480)
    (folder / "IMG_1.NEF").write_bytes(tiff(jpeg(scene()), jpeg(scene().resize((160, 106)))))
    beside = ["IMG_1.MOV", "IMG_1.AAE", "IMG_1.THM", "IMG_1.WAV", "._IMG_1.JPG", ".DS_Store", "IMG_1.xmp", "Thumbs.db"]
    beside += ["IMG_1.JPG.supplemental-metadata.json", "notes.txt", "track.gpx", "IMG_1.pp3", "SHA256.md5"]
    for name in beside:
        (folder / name).write_bytes(b"x")
    (folder / "without_ending").write_bytes(FILM)
    for done in (
        list(protect([folder], ProtectIntent(tmp_path / "one", False, {}, True), SIGNER)),
        list(sign_files([folder], tmp_path / "two", SIGNER)),
    ):
        assert outcomes(done) == {"IMG_1.JPG": "done"}
        assert sorted(left(list(done))) == sorted([*beside, "without_ending"])


@pytest.mark.parametrize(("ending", "form"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP")])
def test_a_tiff_beside_a_photograph_of_its_name_is_another(tmp_path: Path, ending: str, form: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    scene(seed=1).save(folder / f"x.{ending}", form)
    scene(seed=2).save(folder / "x.tif", "TIFF")
    # Under numbers both are done; under the names of their sources the second is refused by name.
    both = {f"x.{ending}": "done", "x.tif": "done"}
    intent = ProtectIntent(tmp_path / "one", False, {}, True, numbered=True)
    assert outcomes(protect([folder], intent, SIGNER)) == both
    assert outcomes(sign_files([folder], tmp_path / "two", SIGNER, SignIntent(numbered=True))) == both
    assert sorted(protect_all([folder], tmp_path / "three").values()) == ["done", "protect.same_name"]


def test_a_raw_goes_with_what_a_camera_wrote_and_with_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    raw = tiff(jpeg(scene()), jpeg(scene().resize((160, 106))))
    for name, form in (("a.webp", "WEBP"), ("b.png", "PNG"), ("b.JPG", "JPEG"), ("c.avif", "AVIF")):
        scene().save(folder / name, form)
        (folder / name).with_suffix(".dng").write_bytes(raw)
    found = frames([folder], tmp_path / "out", numbered=True)
    assert sorted((one.path.name, one.raw.name if one.raw else "") for one in found.frames) == [
        ("a.dng", ""),
        ("a.webp", ""),
        ("b.JPG", "b.dng"),
        ("b.png", ""),
        ("c.avif", "c.dng"),
    ]
    assert [path.name for path in found.left.raws] == ["b.dng", "c.dng"]
    done = list(sign_files([folder / "c.avif", folder / "c.dng"], tmp_path / "out", SIGNER, SignIntent(show=["raw"])))
    assert raws_left(list(done)) == ["c.dng"]
    picture = tmp_path / "out/c.jpg"
    facts = dict(verify(picture.read_bytes(), picture.with_name("c.jpg.statement.json").read_bytes()).facts)
    assert facts == {"raw": hashlib.sha256(raw).hexdigest()}
    list(sign_files([folder / "b.png"], tmp_path / "out", SIGNER, SignIntent(show=["raw"])))
    picture = tmp_path / "out/b.jpg"
    assert not verify(picture.read_bytes(), picture.with_name("b.jpg.statement.json").read_bytes()).facts


def test_folders_of_systems_are_not_looked_into(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    large(folder, "a.jpg", width=480)
    systems = ["@eaDir", ".Trashes", ".Spotlight-V100", ".fseventsd", "$RECYCLE.BIN", "System Volume Information"]
    for number, name in enumerate(systems):
        large(folder / name, f"{number}.jpg", seed=number, width=480)
    found = frames([folder], tmp_path / "out")
    assert [one.path.name for one in found.frames] == ["a.jpg"]
    assert sorted(path.name for path in found.left.folders) == sorted(systems)
    assert "6 folders" in left_line(found.left)
    assert len(left_json([found.left])) == 6
    # Whoever names one means it.
    assert [one.path.name for one in frames([folder / ".Trashes"], tmp_path / "out").frames] == ["1.jpg"]


@pytest.mark.parametrize("name", ["film.mov", "film.jpg", "film"])
def test_a_film_given_by_name_is_refused_as_one(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(FILM)
    assert protect_all([tmp_path / name], tmp_path / "out") == {name: "protect.film"}
    assert outcomes(sign_files([tmp_path / name], tmp_path / "out", SIGNER)) == {name: "protect.film"}


def test_films_are_told_by_their_bytes() -> None:
    for head in (
        FILM,
        b"RIFF\0\0\0\0AVI LIST",
        b"\x1a\x45\xdf\xa3" + bytes(20),
        b"G" + bytes(187) + b"G",
        b"\0\0\1\xba" * 5,
    ):
        assert is_film(head.ljust(400, b"\0"))
    for head in (
        b"\0\0\0\x18ftypheic",
        b"\0\0\0\x18ftypavif",
        b"\0\0\0\x18ftypcrx ",
        b"RIFF\0\0\0\0WEBP",
        b"\xff\xd8\xff\xe0",
    ):
        assert not is_film(head.ljust(400, b"\0"))


def test_links_and_pipes_are_named_and_not_followed(tmp_path: Path) -> None:
    folder, away = tmp_path / "in", tmp_path / "away"
    photograph = large(away, "secret.jpg", width=480)
    large(folder, "a.jpg", width=480)
    (folder / "link.jpg").symlink_to(photograph)
    (folder / "nowhere.jpg").symlink_to(tmp_path / "none.jpg")
    (folder / "folder").symlink_to(away, target_is_directory=True)
    os.mkfifo(folder / "pipe.jpg")
    expected = {
        "a.jpg": "done",
        "link.jpg": "protect.link",
        "nowhere.jpg": "protect.link",
        "folder": "protect.link",
        "pipe.jpg": "protect.not_a_file",
    }
    assert protect_all([folder], tmp_path / "one") == expected
    assert outcomes(sign_files([folder], tmp_path / "two", SIGNER)) == expected
    assert protect_all([folder / "link.jpg"], tmp_path / "three") == {"link.jpg": "done"}
    assert outcomes(sign_files([folder / "pipe.jpg"], tmp_path / "four", SIGNER)) == {"pipe.jpg": "protect.not_a_file"}


def test_a_jpeg_and_its_raw_are_signed_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    large(folder, "DSC_1.JPG", width=480)
    (folder / "DSC_1.NEF").write_bytes(tiff(jpeg(scene()), jpeg(scene().resize((160, 106)))))
    (folder / "DSC_1.xmp").write_text("<x/>")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    done = list(sign_files([folder], tmp_path / "out", SIGNER, SignIntent(show=["raw"])))
    found = outcomes(done)
    assert found.pop("broken.jpg").startswith("jpeg.")
    assert found == {"DSC_1.JPG": "done"}
    picture = tmp_path / "out/DSC_1.jpg"
    facts = verify(picture.read_bytes(), picture.with_name("DSC_1.jpg.statement.json").read_bytes()).facts
    assert [name for name, _ in facts] == ["raw"]


def test_sign_tells_nothing_that_protect_does_not(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(telling(scene(2300, 320)))
    (done,) = sign_files([folder], tmp_path / "out", SIGNER)
    assert isinstance(done, Signed)
    assert done.profile == "unknown"
    for file in (tmp_path / "out").iterdir():
        assert SECRET not in file.read_bytes()


def test_every_path_is_claimed_before_any_is_written(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("a.jpg", "a.2048.jpg", "a.2048.2048.jpg", "A.JPG", "b.jpg")]
    for file in files:
        file.write_bytes(jpeg(scene()))
    found = frames(files, tmp_path / "out")
    assert [frame.name for frame in found.frames] == ["a.jpg", "a.2048.2048.jpg", "b.jpg"]
    assert {one.key for one in found.refused} == {"protect.same_name"}


def test_where_numbers_are_the_names_two_of_one_name_are_both_taken(tmp_path: Path) -> None:
    """A phone puts IMG_1.HEIC beside IMG_1.JPG; a camera begins again at IMG_0001 in its next folder."""
    first, second = tmp_path / "100CANON", tmp_path / "101CANON"
    for file in (first / "A.JPG", first / "A.png", second / "A.JPG", second / "a.jpg", second / "B.JPG"):
        file.parent.mkdir(exist_ok=True)
        Image.open(io.BytesIO(jpeg(scene()))).save(file, "PNG" if file.suffix == ".png" else "JPEG")
    (second / "A.nef").write_bytes(tiff(None, jpeg(scene())))
    found = frames([tmp_path, first / "A.JPG"], tmp_path / "out", numbered=True)
    taken = {frame.name: (frame.path.relative_to(tmp_path).as_posix(), frame.raw) for frame in found.frames}
    assert taken == {
        "A.jpg": ("100CANON/A.JPG", None),
        "A.png.jpg": ("100CANON/A.png", None),
        "A.JPG.jpg": ("101CANON/A.JPG", second / "A.nef"),
        "101CANON a.jpg.jpg": ("101CANON/a.jpg", None),
        "B.jpg": ("101CANON/B.JPG", None),
    }
    # The one that was given twice is one photograph, not two.
    assert [(one.path, one.key) for one in found.refused] == [(first / "A.JPG", "protect.same_name")]


def test_a_photograph_that_waits_is_not_replaced_by_another_of_its_name(tmp_path: Path) -> None:
    intent = ProtectIntent(tmp_path / "out", False, {}, False, numbered=True)
    for number, folder in enumerate(("100", "101")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "IMG_1.jpg").write_bytes(jpeg(scene(seed=number)))
    (_done,) = protect([tmp_path / "100"], intent, SIGNER)
    before = (tmp_path / "out" / "photo-0001.jpg").read_bytes()
    (refused,) = protect([tmp_path / "101"], intent, SIGNER)
    assert isinstance(refused, Refused)
    assert refused.key == "protect.another_waits"
    assert (tmp_path / "out" / "photo-0001.jpg").read_bytes() == before
    # The same photograph may be written again, with more hidden.
    more = replace(intent, decisions={"photo-0001.jpg": Decision(hide=(Box(0, 0, 64, 64),))})
    (again,) = protect([tmp_path / "100"], more, SIGNER)
    assert isinstance(again, Protected)
    assert again.hidden_share > 0


def test_a_raw_whose_photograph_is_refused_is_named_and_not_called_signed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    raw = tiff(jpeg(scene()), jpeg(scene().resize((160, 106))))
    (folder / "IMG_1.JPG").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    (folder / "IMG_1.DNG").write_bytes(raw)
    large(folder, "IMG_2.JPG", width=480)
    (folder / "IMG_2.DNG").write_bytes(raw)
    for done in (
        list(protect([folder], ProtectIntent(tmp_path / "one", False, {}, True), SIGNER)),
        list(sign_files([folder], tmp_path / "two", SIGNER)),
    ):
        found = outcomes(done)
        assert found.pop("IMG_1.JPG").startswith("jpeg.")
        assert found == {"IMG_1.DNG": "protect.raw_unseen", "IMG_2.JPG": "done"}
        assert raws_left(list(done)) == ["IMG_2.DNG"]
    # What the error says works.
    assert protect_all([folder / "IMG_1.DNG"], tmp_path / "three") == {"IMG_1.DNG": "done"}


@pytest.mark.parametrize("command", [["protect", "--yes"], ["sign"]])
def test_a_folder_of_films_alone_names_them(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mv"
    folder.mkdir()
    for name in ("a.MOV", "a.AAE"):
        (folder / name).write_bytes(b"x")
    (folder / "b.jpg").write_bytes(FILM)
    assert run(fifthfloor, [*command, str(folder), "--out", str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err
    assert "left where they are: 2 films (a.MOV, b.jpg); 1 sidecar" in said
    assert said.index("left where") < said.index("there is nothing to do")
