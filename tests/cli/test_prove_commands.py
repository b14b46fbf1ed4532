"""`identity`, `sign`, `verify` as a person runs them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from PIL import Image
from tests.jpeg.pictures import jpeg

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.identity import Cost
from fifthfloor.tasks.people import identity as identities
from fifthfloor.tasks.site.build import verifier

STRONG = "onward parrot recital deplete mosaic ferment rockfish"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", Cost(memory_kib=32, passes=1, lanes=4))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "one.JPG").write_bytes(jpeg(2300, 300))
    (folder / "two.jpg").write_bytes(jpeg(200, 100, mode="L"))
    return folder


def do(*arguments: object) -> int:
    return run(fifthfloor, [str(argument) for argument in arguments])


def test_sign_hide_a_box_verify_and_a_changed_byte_is_refused(
    tmp_path: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passphrase = tmp_path / "passphrase"
    passphrase.write_text(STRONG + "\n")
    identity, out, boxes = tmp_path / "story.json", tmp_path / "out", tmp_path / "boxes.json"
    boxes.write_text('{"one.JPG": [{"left": 100, "top": 50, "right": 200, "bottom": 150}]}')
    assert do("identity", "new", identity, "--passphrase-file", passphrase) == 0
    capsys.readouterr()
    assert do("identity", "show", identity, "--passphrase-file", passphrase, "--json") == 0
    key = json.loads(capsys.readouterr().out)["key"]
    with_key = ("--identity", identity, "--passphrase-file", passphrase)
    assert do("sign", photos, "--out", out, "--names", "source", *with_key, "--boxes", boxes, "--show", "original") == 0
    names = sorted(path.name for path in out.iterdir())
    assert names == [
        *("one.2048.jpg", "one.2048.jpg.statement.json", "one.jpg", "one.jpg.statement.json"),
        *("two.jpg", "two.jpg.statement.json"),
    ]
    capsys.readouterr()
    pictures = [out / name for name in names if name.endswith(".jpg")]
    assert do("verify", *pictures, "--json") == 0
    found = json.loads(capsys.readouterr().out)["files"]
    assert [one["key"] for one in found] == [key] * 3
    assert [bool(one["hidden"]) for one in found] == [True, True, False]
    assert [list(one["facts"]) for one in found] == [["original"]] * 3
    changed = bytearray(pictures[1].read_bytes())
    changed[-1000] ^= 1
    pictures[1].write_bytes(changed)
    assert do("verify", *pictures) == 1
    said = capsys.readouterr()
    assert "one.jpg: Not what was signed: the picture was changed" in said.err
    assert "two.jpg: Somebody signed this" in said.out
    # With the key the author published it is proved who signed; with another one the check says no.
    assert do("verify", pictures[2], "--key", key.upper()) == 0
    assert "two.jpg: Proved: signed with the key you expected" in capsys.readouterr().out
    assert do("verify", pictures[2], "--key", "00" * 32, "--json") == 1
    assert json.loads(capsys.readouterr().out)["files"][0]["verdict"] == "other_key"
    assert do("verify", pictures[2], "--key", "00") == 2
    # Saved again, nothing can be told; that is no accusation.
    Image.open(pictures[2]).save(pictures[2], quality=80)
    capsys.readouterr()
    assert do("verify", pictures[2]) == 3
    said = capsys.readouterr()
    assert "two.jpg: Cannot tell: this file was saved again" in said.err
    assert "Proved" not in said.out + said.err


def test_one_bad_photograph_is_named_and_the_rest_is_done(
    tmp_path: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "empty.jpg").write_bytes(b"")
    (photos / "тест\x1b.jpg").write_bytes(b"\xff\xd8 nothing")
    out = tmp_path / "out"
    assert do("sign", photos, "--out", out, "--names", "source") == 3
    said = capsys.readouterr()
    assert "empty.jpg: the file is empty" in said.err
    assert "\x1b" not in said.err
    assert (out / "two.jpg").exists()
    assert not list(out.glob("*.part"))
    assert not list(out.glob("empty*"))
    assert "made for this run" in said.out


def test_no_key_is_named_where_nothing_was_signed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no photograph")
    assert run(fifthfloor, ["sign", str(tmp_path / "a.jpg"), "--out", str(tmp_path / "signed")]) == 3
    assert capsys.readouterr().out == ""


def test_nothing_is_overwritten(tmp_path: Path, photos: Path) -> None:
    before = {path: path.read_bytes() for path in photos.iterdir()}
    assert do("sign", photos / "two.jpg", "--out", photos) == 3
    assert {path: path.read_bytes() for path in photos.iterdir()} == before
    (photos / "two.jpeg").write_bytes(jpeg())
    assert do("sign", photos, "--out", tmp_path / "out", "--names", "source") == 3
    assert {path.name for path in (tmp_path / "out").glob("*.jpg")} == {"one.jpg", "one.2048.jpg", "two.jpg"}
    assert do("sign", photos, "--out", tmp_path / "numbered") == 0
    assert {path.name for path in (tmp_path / "numbered").glob("photo-????.jpg")} == {
        f"photo-{number:04d}.jpg" for number in range(1, 1 + len(list(photos.iterdir())))
    }


def test_weak_passphrases_and_wrong_ones(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weak, strong = tmp_path / "weak", tmp_path / "strong"
    weak.write_text("secret")
    strong.write_text(STRONG)
    assert do("identity", "new", tmp_path / "story", "--passphrase-file", weak) == 3
    assert not (tmp_path / "story").exists()
    assert do("identity", "new", tmp_path / "story", "--passphrase-file", strong) == 0
    assert do("identity", "new", tmp_path / "story", "--passphrase-file", strong) == 3
    capsys.readouterr()
    assert do("identity", "show", tmp_path / "story", "--passphrase-file", weak) == 1
    assert "secret" not in capsys.readouterr().err


@pytest.mark.parametrize("boxes", ["{", '{"other.jpg": []}', '{"two.jpg": [{"left": 1}]}'])
def test_bad_boxes_are_refused_before_anything_is_signed(tmp_path: Path, photos: Path, boxes: str) -> None:
    file = tmp_path / "boxes.json"
    file.write_text(boxes)
    assert do("sign", photos / "two.jpg", "--out", tmp_path / "out", "--boxes", file) == 3
    assert not (tmp_path / "out").exists()


def test_a_picture_without_its_statement_is_refused(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert do("verify", photos / "two.jpg") == 3
    assert "two.jpg.statement.json" in capsys.readouterr().err


def test_the_hash_of_the_raw_file_beside_a_photograph_is_signed(
    tmp_path: Path, photos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (photos / "two.NEF").write_bytes(b"raw")
    assert do("sign", photos / "two.jpg", "--out", tmp_path / "out", "--names", "source", "--show", "raw") == 0
    capsys.readouterr()
    assert do("verify", tmp_path / "out" / "two.jpg", "--json") == 0
    facts = json.loads(capsys.readouterr().out)["files"][0]["facts"]
    assert facts == {"raw": hashlib.sha256(b"raw").hexdigest()}


def test_the_readers_page_is_handed_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "verify.html"
    assert do("verify", "--page", page, "--json") == 0
    assert json.loads(capsys.readouterr().out).items() >= {"page": str(page), "bytes": page.stat().st_size}.items()
    written = page.read_text(encoding="utf-8")
    assert [part for part in verifier().split("\n\n") if part.strip() not in written] == []
    assert (written.count("<script"), "src=" in written) == (3, False)
    assert do("verify", "--page", page) == 3, "nothing is overwritten"
    assert page.read_text(encoding="utf-8") == written
    assert [path.name for path in tmp_path.iterdir()] == ["verify.html"]


def test_verify_is_for_pictures_or_for_the_page(tmp_path: Path, photos: Path) -> None:
    assert do("verify") == 2
    assert do("verify", photos / "two.jpg", "--page", tmp_path / "verify.html") == 2
    assert do("verify", "--authority", tmp_path / "root.pem", "--page", tmp_path / "verify.html") == 2
    assert not (tmp_path / "verify.html").exists()


def test_a_file_that_is_not_there_has_no_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert do("verify", tmp_path / "nope.jpg") == 3
    said = capsys.readouterr().err
    assert "The statement does not hold" not in said
    assert "nope.jpg" in said
