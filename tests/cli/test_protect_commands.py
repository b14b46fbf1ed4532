"""`protect` and `approve` as a person or a script calls them: words, exit codes, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.redact.drawn import jpeg, scene, telling

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run

BOX = {"left": 300, "top": 120, "right": 380, "bottom": 200}


@pytest.fixture(autouse=True)
def _one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fifthfloor.engine.cores", lambda: 1)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)


@pytest.fixture(name="photo")
def _photo(tmp_path: Path) -> Path:
    file = tmp_path / "DSC_0001.JPG"
    file.write_bytes(telling(scene()))
    return file


@pytest.fixture(name="boxes")
def _boxes(tmp_path: Path) -> Path:
    file = tmp_path / "boxes.json"
    file.write_text(json.dumps({"DSC_0001.jpg": {"hide": [BOX], "show": []}}))
    return file


def call(*arguments: object) -> int:
    return run(fifthfloor, [str(argument) for argument in arguments])


def test_protect_then_approve(photo: Path, boxes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert call("protect", photo, "--out", out, "--faces", "none", "--boxes", boxes) == 0
    said = capsys.readouterr()
    assert said.out.startswith("photo-0001.jpg (DSC_0001.JPG): 1 part hidden, ")
    for sentence in ("made for this run", "quantisation tables", "publish the smaller", "review.html", "are missed"):
        assert sentence in said.err
    assert call("approve", out, "--by", "Kim", "--yes") == 3
    assert "nobody has ticked photo-0001.jpg" in capsys.readouterr().err
    assert call("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 0
    assert "1 photograph approved by Kim" in capsys.readouterr().out
    assert call("verify", out / "photo-0001.jpg") == 0
    assert "Kim" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["protect", "sign"])
def test_quiet_still_names_what_was_refused(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("x")
    assert call(command, tmp_path / "notes.txt", "--out", tmp_path / "out", "--yes", "-q") == 3
    assert "error: notes.txt: this is no photograph" in capsys.readouterr().err


def test_json_is_one_document_and_says_it_all(
    photo: Path, boxes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("x")
    arguments = (photo, tmp_path / "notes.txt", "--out", tmp_path / "out", "--faces", "none", "--boxes", boxes)
    assert call("protect", *arguments, "--approve-all", "--json") == 3
    document = json.loads(capsys.readouterr().out)
    assert document["key_life"] == "once"
    assert document["looked_at"] is False
    assert document["review"] is None
    assert document["photographs"][0]["parts"] == [BOX | {"why": "given", "hidden": True, "score": 1.0}]
    assert document["refused"][0]["error"] == "protect.not_a_photograph"


def test_approving_without_a_terminal_needs_a_name_and_yes(
    photo: Path, boxes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    call("protect", photo, "--out", out, "--faces", "none", "--boxes", boxes)
    assert call("approve", out, "--yes") == 2
    assert call("approve", out, "--by", "Kim") == 2
    assert (out / "review.html").exists()
    capsys.readouterr()


def test_an_identity_signs_both_times(
    photo: Path, boxes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from fifthfloor.identity import Cost
    from fifthfloor.tasks.people import identity as identities

    monkeypatch.setattr(identities, "COST", Cost(memory_kib=64, passes=1, lanes=1))
    secret = tmp_path / "passphrase"
    secret.write_text("onward parrot recital deplete mosaic ferment rockfish\n")
    identity = ("--identity", tmp_path / "story", "--passphrase-file", secret)
    assert call("identity", "new", tmp_path / "story", "--passphrase-file", secret, "--json") == 0
    key = json.loads(capsys.readouterr().out)["key"]
    out = tmp_path / "out"
    assert call("protect", photo, "--out", out, "--faces", "none", "--boxes", boxes, "--json", *identity) == 0
    assert json.loads(capsys.readouterr().out)["key"] == key
    assert call("approve", out, "--by", "Kim", "--all-looked-at", "--yes", "--json", *identity) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["key"], document["key_life"], document["approved"]) == (key, "story", ["photo-0001.jpg"])


@pytest.mark.parametrize(
    ("content", "code"), [(b"nonsense", 3), (b'{"other.jpg": []}', 3), (b'{"DSC_0001.jpg": [{"left": 1}]}', 3)]
)
def test_bad_boxes_are_refused_before_anything_is_written(
    photo: Path, tmp_path: Path, content: bytes, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.json").write_bytes(content)
    assert call("protect", photo, "--out", tmp_path / "out", "--boxes", tmp_path / "bad.json") == code
    assert "fifthfloor: error: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_name_that_steers_a_terminal_is_escaped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "\x1b[31mred.jpg"
    file.write_bytes(jpeg(scene())[:300])
    assert call("protect", file, "--out", tmp_path / "out", "--faces", "none") == 3
    assert "\x1b" not in capsys.readouterr().err
