"""`publish` from folder to folder: what comes out, what is refused, what a failure leaves."""

from __future__ import annotations

import base64
import contextlib
import errno
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from tests.essay.protected import essay, lines, protect, telling
from tests.jpeg.pictures import jpeg
from tests.statement.test_c2pa import newsroom

from fifthfloor import words
from fifthfloor.errors import BadInput, FifthFloorError, NoRoom
from fifthfloor.essay import pictures
from fifthfloor.files import flushed, rename_all
from fifthfloor.statement.c2pa import Newsroom
from fifthfloor.statement.claims import NOBODY, NOT_YET, Approval
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.site import build as site_build
from fifthfloor.tasks.site import build_stamp
from fifthfloor.tasks.site import folder as site_folder
from fifthfloor.tasks.site.essay_folder import read_manuscript
from fifthfloor.tasks.site.folder import SiteFolder
from fifthfloor.tasks.site.publish import publish
from fifthfloor.tasks.site.published import Published, Wanted
from fifthfloor.trace.likeness import soft_binding_of

NOW = date(2026, 11, 22)


def run(folder: Path, out: Path, **wanted: Any) -> Published:
    return publish([folder], out, Wanted(**wanted), today=lambda: NOW)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def refused(folder: Path, out: Path, **wanted: Any) -> FifthFloorError:
    before = contents(out) if out.exists() else None
    with pytest.raises(FifthFloorError) as caught:
        run(folder, out, **wanted)
    assert (contents(out) if out.exists() else None) == before, "a failure leaves the old site whole, or nothing"
    assert all(words.error(caught.value.key, caught.value.facts))
    return caught.value


@pytest.fixture(name="folder")
def an_essay(tmp_path: Path) -> Path:
    return essay(tmp_path / "the essay")


def test_what_is_published_and_reported(folder: Path, tmp_path: Path) -> None:
    made = run(folder, tmp_path / "site")
    files = contents(tmp_path / "site")
    report = json.loads(files.pop("published.json"))
    assert {asset.path: (asset.size_bytes, asset.sha256) for asset in made.files} == {
        path: (len(data), hashlib.sha256(data).hexdigest()) for path, data in files.items()
    }
    assert report["files"].keys() == files.keys()
    assert (made.photographs, made.tellings, made.nobody_looked) == (3, ("index.html",), ())
    assert sorted({Path(path).suffix for path in files}) == [".atom", ".avif", ".html", ".jpg", ".json", ".png"]
    originals = {hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.glob("*.jpg")}
    assert {
        asset.sha256 for asset in made.files if asset.path.startswith("proof/") and asset.path.endswith("g")
    } == originals


def test_the_same_essay_gives_the_same_bytes_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "one", zip_file=tmp_path / "1.zip", pdf_file=tmp_path / "1.pdf")
    other = tmp_path / "elsewhere" / "the essay"
    shutil.copytree(folder, other)
    run(other, tmp_path / "two", zip_file=tmp_path / "2.zip", pdf_file=tmp_path / "2.pdf")
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    assert (tmp_path / "1.pdf").read_bytes() == (tmp_path / "2.pdf").read_bytes()


@pytest.fixture(name="encoded")
def count_encodings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    derive = pictures.derive

    def counted(data: bytes, *, name: str, **rest: Any) -> pictures.Rendered:
        names.append(name)
        return derive(data, name=name, **rest)

    monkeypatch.setattr(pictures, "derive", counted)
    return names


def settle() -> None:
    """Let files of this moment count as old: their times of change cannot be set."""
    build_stamp.SETTLED_NS = 0


@pytest.fixture(autouse=True)
def _settled() -> Iterator[None]:
    before = build_stamp.SETTLED_NS
    yield
    build_stamp.SETTLED_NS = before


def test_nothing_is_opened_where_nothing_changed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(folder, tmp_path / "site", zip_file=tmp_path / "a.zip")
    settle()
    run(folder, tmp_path / "site", zip_file=tmp_path / "a.zip")
    monkeypatch.setattr(site_build, "read_all", None)
    again = run(folder, tmp_path / "site", zip_file=tmp_path / "a.zip")
    assert again.unchanged
    assert again.files == first.files
    assert again.editions == first.editions


@pytest.mark.parametrize("change", ["telling", "photograph", "site", "zip", "option", "new telling", "lost page"])
def test_whatever_changed_is_done_again(change: str, folder: Path, tmp_path: Path) -> None:
    site, archive = tmp_path / "site", tmp_path / "a.zip"
    settle()
    run(folder, site, zip_file=archive)
    wanted: dict[str, Any] = {"zip_file": archive}
    if change == "telling":
        (folder / "essay.md").write_text((folder / "essay.md").read_text().replace("Some words", "Other words"))
    elif change == "photograph":
        protect(folder, "01-picture.jpg", jpeg(640, 424, seed=99, subsampling=2))
    elif change == "site":
        (site / "index.html").write_text("gone")
    elif change == "zip":
        archive.unlink()
    elif change == "option":
        wanted["base_url"] = "https://example.org/"
    elif change == "new telling":
        (folder / "essay.fr.md").write_text(telling(lines("01-picture.jpg"), language='"fr"'))
    else:
        (site / "proof.html").unlink()
    made = run(folder, site, **wanted)
    assert not made.unchanged
    assert {asset.path: asset.sha256 for asset in made.files} == {
        path: hashlib.sha256(data).hexdigest() for path, data in contents(site).items() if path != "published.json"
    }
    assert archive.exists()


def test_only_what_changed_is_encoded_again_and_leftovers_go(folder: Path, tmp_path: Path, encoded: list[str]) -> None:
    site = tmp_path / "site"
    run(folder, site)
    assert len(encoded) == 3
    (site / "robots.txt").write_text("mine")
    protect(folder, "02-picture.jpg", jpeg(640, 424, seed=77, subsampling=2))
    text = (folder / "essay.md").read_text().replace("What 03-picture.jpg shows", "Another caption")
    (folder / "essay.md").write_text(text)
    encoded.clear()
    made = run(folder, site)
    assert encoded == ["02-picture.jpg", "03-picture.jpg"], "its bytes, and the caption inside its derivatives"
    assert contents(site).keys() == {asset.path for asset in made.files} | {"published.json", "robots.txt"}
    fresh = run(folder, tmp_path / "fresh")
    assert fresh.files == made.files


def test_a_damaged_picture_in_the_site_is_made_again(folder: Path, tmp_path: Path, encoded: list[str]) -> None:
    run(folder, tmp_path / "site")
    whole = contents(tmp_path / "site")
    victim = next((tmp_path / "site" / "pictures").glob("*.avif"))
    victim.write_bytes(b"x" * victim.stat().st_size)
    encoded.clear()
    run(folder, tmp_path / "site")
    assert len(encoded) == 1
    assert contents(tmp_path / "site") == whole


def write(folder: Path, text: str) -> None:
    (folder / "essay.md").write_text(text)


def test_an_unprotected_photograph_is_refused_with_the_command_that_protects_it(folder: Path, tmp_path: Path) -> None:
    (folder / "plain.jpg").write_bytes(jpeg(640, 424))
    write(folder, telling(lines("01-picture.jpg"), lines("plain.jpg")))
    error = refused(folder, tmp_path / "site")
    assert error.key == "essay.unprotected"
    cause, hint = words.error(error.key, error.facts)
    assert cause == "essay.md, line 19: plain.jpg is not protected, it has no statement beside it"
    assert "`fifthfloor protect plain.jpg --out" in hint


def test_the_gate_holds(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run(folder, site)
    photograph = folder / "01-picture.jpg"
    whole = photograph.read_bytes()
    photograph.write_bytes(whole[:-3] + bytes([whole[-3] ^ 1]) + whole[-2:])
    refused(folder, site)
    photograph.write_bytes(whole + b"x")
    refused(folder, site)
    photograph.write_bytes(jpeg(640, 424))
    refused(folder, site)
    protect(folder, "01-picture.jpg", jpeg(640, 424), approval=NOT_YET)
    error = refused(folder, site)
    assert error.key == "gate.not_approved"
    assert re.fullmatch(r"essay\.md, line \d+: nobody has looked at \S+ yet", words.error(error.key, error.facts)[0])
    shutil.copy(folder / "02-picture.jpg.statement.json", folder / "01-picture.jpg.statement.json")
    refused(folder, site)


def test_what_nobody_looked_at_is_published_and_said(folder: Path, tmp_path: Path) -> None:
    protect(folder, "01-picture.jpg", jpeg(640, 424), approval=NOBODY)
    assert run(folder, tmp_path / "site").nobody_looked == ("01-picture.jpg",)
    assert "Nobody looked at this photograph" in (tmp_path / "site" / "proof.html").read_text()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("essay.photo_embargo", telling(lines("01-picture.jpg", embargo="2026-11-23"))),
        ("essay.restricted", telling(lines("01-picture.jpg", rights="Restricted: family asked"))),
        ("essay.embargo", telling(lines("01-picture.jpg"), embargo="2026-11-23")),
        ("essay.no_photo", telling(lines("99.jpg"))),
        ("essay.no_photographs", telling("Words.")),
    ],
)
def test_what_may_not_be_published_is_refused_by_name(key: str, text: str, folder: Path, tmp_path: Path) -> None:
    write(folder, text)
    error = refused(folder, tmp_path / "site")
    assert error.key == key
    assert error.facts["file"] == "essay.md"


def test_an_embargo_ends_on_its_day(folder: Path, tmp_path: Path) -> None:
    write(folder, telling(lines("01-picture.jpg", embargo="2026-11-22"), embargo="2026-11-22"))
    assert run(folder, tmp_path / "site").photographs == 1


def test_a_note_in_any_telling_holds_in_all(folder: Path, tmp_path: Path) -> None:
    (folder / "essay.fr.md").write_text(telling(lines("01-picture.jpg", rights="restricted"), language='"fr"'))
    error = refused(folder, tmp_path / "site")
    assert (error.key, error.facts["file"]) == ("essay.restricted", "essay.fr.md")


def test_a_photograph_that_is_cut_off_is_named_with_its_line(folder: Path, tmp_path: Path) -> None:
    photograph = folder / "02-picture.jpg"
    photograph.write_bytes(photograph.read_bytes()[:9_000])
    error = refused(folder, tmp_path / "site")
    cause, _ = words.error(error.key, error.facts)
    line = (folder / "essay.md").read_text().split("\n").index("photo: 02-picture.jpg") + 1
    assert cause.startswith(f"essay.md, line {line}, 02-picture.jpg: ")


def test_a_zero_byte_photograph_is_named(folder: Path, tmp_path: Path) -> None:
    (folder / "01-picture.jpg").write_bytes(b"")
    assert refused(folder, tmp_path / "site").key == "essay.empty_photo"


def test_a_full_disk_leaves_the_old_site(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    run(folder, site)
    for number in (1, 2):
        protect(folder, f"0{number}-picture.jpg", jpeg(640, 424, seed=50 + number, subsampling=2))
    for room in (0, 3, 7, 10):
        left = [room]

        @contextlib.contextmanager
        def full(path: Path, left: list[int] = left) -> Iterator[BinaryIO]:
            left[0] -= 1
            if left[0] < 0:
                path.write_bytes(b"half")
                raise OSError(errno.ENOSPC, "No space left on device")
            with flushed(path) as file:
                yield file

        with monkeypatch.context() as patched:
            patched.setattr(site_folder, "flushed", full)
            error = refused(folder, site)
        assert isinstance(error, NoRoom)
        assert error.facts["size"]
    new = tmp_path / "new"
    with monkeypatch.context() as patched:
        patched.setattr(site_folder, "flushed", full)
        refused(folder, new)
    assert not new.exists() or not any(new.iterdir())


def test_a_build_stopped_at_any_write_leaves_pages_whose_pictures_are_there(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run(folder, site)
    before = contents(site)
    protect(folder, "01-picture.jpg", jpeg(640, 424, seed=60, subsampling=2))
    manuscript = read_manuscript(folder, NOW)
    put = SiteFolder.put
    for stop_at in range(1, 12, 3):
        count = [0]

        def stopping(self: SiteFolder, path: str, data: bytes, count: list[int] = count, at: int = stop_at) -> None:
            count[0] += 1
            if count[0] == at:
                raise KeyboardInterrupt
            put(self, path, data)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(SiteFolder, "put", stopping)
            with pytest.raises(KeyboardInterrupt):
                site_build.publish_manuscripts([manuscript], site)
        assert contents(site) == before


def test_a_folder_with_other_things_is_not_taken_over(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "documents"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    assert refused(folder, other).key == "essay.not_a_site"
    assert refused(folder, other / "thesis.txt").key == "essay.not_a_folder"
    assert refused(folder, folder).key == "essay.out_is_essay"
    assert refused(folder, folder.parent).key == "essay.out_is_essay"


@pytest.mark.parametrize(
    "report", ["", "[]", "{}", '{"format": 1, "files": {"../../x": {}}, "pictures": {}}', "[" * 9999]
)
def test_a_damaged_report_removes_nothing(report: str, folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run(folder, site)
    (site / "published.json").write_text(report)
    assert refused(folder, site).key == "essay.bad_report"


def test_a_build_that_was_killed_at_first_is_taken_up(folder: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    run(folder, site)
    whole = contents(site)
    for name in ("published.json", "index.html", "proof.html", "feed.atom", "icon.png"):
        (site / name).unlink()
    (site / "index.html.partial").write_text("half")
    run(folder, site)
    assert contents(site) == whole


def test_several_essays_killed_before_their_first_page_are_taken_up(folder: Path, tmp_path: Path) -> None:
    site, second = tmp_path / "site", essay(tmp_path / "Second One", 1)
    publish([folder, second], site, Wanted(), today=lambda: NOW)
    whole = contents(site)
    for name in whole:
        if name.endswith((".html", ".atom", ".png")) or name == "published.json":
            (site / name).unlink()
    (site / "the-essay" / "index.html.partial").write_text("half")
    publish([folder, second], site, Wanted(), today=lambda: NOW)
    assert contents(site) == whole


def test_a_build_killed_while_it_exchanges_pages_is_finished_by_the_next(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "whole")
    whole = contents(tmp_path / "whole")
    manuscript = read_manuscript(folder, NOW)
    exchange = rename_all
    for name in ("feed.atom", "proof.html", "index.html", "published.json"):
        site = tmp_path / name

        def killed(pairs: list[tuple[Path, Path]], last: Path = site / name) -> None:
            for pair in pairs:
                if pair[1] == last:
                    raise SystemExit("killed")
                exchange([pair])

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(site_folder, "rename_all", killed)
            with pytest.raises(SystemExit):
                site_build.publish_manuscripts([manuscript], site)
        assert not (site / "published.json").exists()
        run(folder, site)
        assert contents(site) == whole


def test_one_photograph_under_two_names(folder: Path, tmp_path: Path, encoded: list[str]) -> None:
    for ending in ("", ".statement.json"):
        shutil.copy(folder / f"01-picture.jpg{ending}", folder / f"same.jpg{ending}")
    # Signed again by another who looked: the same picture, another statement.
    other = Approval("looked at", "Somebody Else", "2026-11-21T10:00:00Z")
    protect(folder, "again.jpg", jpeg(640, 424, seed=1, subsampling=2), approval=other)
    names = ("01-picture.jpg", "same.jpg", "again.jpg")
    (folder / "essay.md").write_text(telling(*(lines(name, caption="The same.") for name in names)))
    made = run(folder, tmp_path / "site")
    assert len(encoded) == 1, "three names, one picture"
    proofs = [tmp_path / "site" / asset.path for asset in made.files if asset.path.startswith("proof/")]
    assert len(proofs) == 4
    for picture in (path for path in proofs if path.suffix == ".jpg"):
        assert verify(picture.read_bytes(), picture.with_name(f"{picture.name}.statement.json").read_bytes())
    page = (tmp_path / "site" / "proof.html").read_text()
    assert page.count("Somebody Else") == 1
    assert page.count("The Traveller") == 2


def test_several_essays_under_one_index(folder: Path, tmp_path: Path) -> None:
    second = essay(tmp_path / "Second One", 1)
    made = publish([folder, second], tmp_path / "site", Wanted(), today=lambda: NOW)
    assert made.tellings == ("the-essay/index.html", "second-one/index.html")
    assert (tmp_path / "site" / "second-one" / "pictures").is_dir()
    with pytest.raises(BadInput) as caught:
        publish([folder, folder], tmp_path / "site", Wanted(), today=lambda: NOW)
    assert caught.value.key == "essay.same_folder"


def test_one_telling_alone(folder: Path, tmp_path: Path) -> None:
    (folder / "essay.fr.md").write_text(telling(lines("01-picture.jpg"), language='"fr"'))
    made = run(folder / "essay.fr.md", tmp_path / "site")
    assert made.tellings == ("index.html",)
    assert '<html lang="fr"' in (tmp_path / "site" / "index.html").read_text()


def test_the_zip_holds_the_site(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "site", zip_file=tmp_path / "new" / "a.zip")
    with zipfile.ZipFile(tmp_path / "new" / "a.zip") as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
    site = {f"the-essay/{path}": data for path, data in contents(tmp_path / "site").items() if path != "published.json"}
    assert inside == site


def test_notes_and_names_of_files_reach_no_published_byte(folder: Path, tmp_path: Path) -> None:
    write(folder, telling(lines("01-picture.jpg", risk="SECRETRISK", consent="SECRETCONSENT", note="SECRETNOTE",
                                caption="Words.")))  # fmt: skip
    run(folder, tmp_path / "site", zip_file=tmp_path / "a.zip", pdf_file=tmp_path / "a.pdf")
    for path, data in [*contents(tmp_path / "site").items(), ("zip", (tmp_path / "a.zip").read_bytes())]:
        assert b"SECRET" not in data, path
        assert b"01-picture" not in data, path
        assert str(tmp_path).encode() not in data, path


@pytest.mark.judge("exiftool")
def test_exiftool_reads_nothing_but_caption_alt_and_credit(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "site")
    command = ["exiftool", "-j", "-G1", "-r", "-ext", "jpg", "-ext", "avif", str(tmp_path / "site")]
    for one in json.loads(subprocess.run(command, capture_output=True, check=True).stdout):
        told = {key for key in one if key.split(":")[0] not in
                ("ExifTool", "System", "File", "QuickTime", "Meta", "Composite", "SourceFile", "JFIF")}  # fmt: skip
        if "/pictures/" in one["SourceFile"]:
            assert told == {"XMP-dc:Description", "XMP-iptcCore:AltTextAccessibility"}
        else:
            assert told == set()


def test_an_unprotected_photograph_does_not_type_check(tmp_path: Path) -> None:
    program = tmp_path / "bypass.py"
    program.write_text(
        "from pathlib import Path\n"
        "from fifthfloor.essay import entry\n"
        "from fifthfloor.redact.admission import RedactedPhoto\n"
        "def right(photo: RedactedPhoto) -> None:\n"
        "    entry.enter(photo, b'')\n"
        "def wrong(photo: Path, data: bytes) -> None:\n"
        "    entry.enter(photo, b'')\n"
        "    entry.enter(data, b'')\n"
        "    entry.rendition(data)\n"
    )
    environment = os.environ | {"MYPYPATH": str(Path(entry_file()).parents[2])}
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports=silent",
        "--cache-dir",
        str(tmp_path / "cache"),
        str(program),
    ]
    said = subprocess.run(command, capture_output=True, text=True, env=environment, check=False).stdout
    complaints = [line for line in said.splitlines() if "bypass.py" in line]
    assert [line.split(":")[1] for line in complaints] == ["7", "8", "9"], said
    assert all('expected "RedactedPhoto"' in line for line in complaints)


def entry_file() -> str:
    from fifthfloor.essay import entry

    assert entry.__file__
    return entry.__file__


# --- C2PA ----------------------------------------------------------------------------------------


def test_every_picture_that_is_shown_carries_a_manifest_that_the_reader_of_c2pa_calls_valid(
    tmp_path: Path, encoded: list[str]
) -> None:
    import c2pa

    folder, room = essay(tmp_path / "one", 1), Newsroom(*newsroom())
    run(folder, tmp_path / "site", newsroom=room)
    files = contents(tmp_path / "site")
    (proof,) = [data for path, data in files.items() if path.startswith("proof/") and path.endswith(".jpg")]
    shown = {path: data for path, data in files.items() if path.startswith("pictures/")}
    assert {Path(path).suffix for path in shown} == {".avif", ".jpg"}
    for path, data in shown.items():
        mime = "image/avif" if path.endswith("avif") else "image/jpeg"
        with c2pa.Reader(mime, io.BytesIO(data)) as reader:
            assert reader.get_validation_state() == "Valid", path
            document = json.loads(reader.json())
        manifest = document["manifests"][document["active_manifest"]]
        actions = next(one["data"]["actions"] for one in manifest["assertions"] if "c2pa.actions" in one["label"])
        assert [one["action"] for one in actions] == ["c2pa.opened", "c2pa.edited", "c2pa.transcoded"]
        bound = next(one["data"] for one in manifest["assertions"] if one["label"] == "c2pa.soft-binding")
        assert bound["alg"] == "io.iscc.v0"
        assert base64.b64decode(bound["blocks"][0]["value"]) == soft_binding_of(data)
        (made_of,) = manifest["ingredients"]
        assert made_of["description"] == f"SHA-256 {hashlib.sha256(proof).hexdigest()}"
        assert "thumbnail" not in manifest
    assert pictures_decode(shown)
    # Signed again each time, the same picture would have other bytes under its old name: what is there is kept.
    run(folder, tmp_path / "site", newsroom=room, base_url="https://example.org/")
    assert {path: contents(tmp_path / "site")[path] for path in shown} == shown
    assert encoded == ["01-picture.jpg"]
    run(folder, tmp_path / "site")
    assert not shown.keys() & contents(tmp_path / "site").keys(), "without manifests they are other files"


def pictures_decode(shown: dict[str, bytes]) -> bool:
    """Tell whether what carries a manifest is still a picture to another decoder, of the width in its name."""
    import pyvips

    return all(
        pyvips.Image.new_from_buffer(data, "").width == int(Path(path).stem.split("-")[-1])
        for path, data in shown.items()
    )
