"""`identity new` and `identity show`: two public halves, and a code that another program reads."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from fifthfloor.cli.console import Console
from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.floor.recipient import RecipientKey, recipient_of
from fifthfloor.identity import Cost, Identity, pack
from fifthfloor.tasks import secret as making
from fifthfloor.tasks.people import identity as identities
from fifthfloor.tasks.people.qr import png, rows
from fifthfloor.tasks.secret import Made

STRONG = "onward parrot recital deplete mosaic ferment rockfish\n"
CHEAP = Cost(memory_kib=32, passes=1, lanes=4)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", CHEAP)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(STRONG)
    return file


def do(*arguments: object) -> int:
    return run(fifthfloor, [str(argument) for argument in arguments])


def shown(capsys: pytest.CaptureFixture[str], *args: object) -> dict[str, str]:
    capsys.readouterr()
    assert do("identity", *args, "--json") == 0
    document: dict[str, str] = json.loads(capsys.readouterr().out)
    return document


def test_show_says_what_new_said(tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "story"
    made = shown(capsys, "new", file, "--passphrase-file", secret)
    assert made.pop("written")
    assert shown(capsys, "show", file, "--passphrase-file", secret) == made
    recipient = recipient_of(made["recipient"])
    assert recipient.fingerprint() == made["fingerprint"]
    assert identities.open_recipient(file, STRONG).public == recipient


def test_one_that_was_thought_of_wants_to_be_called_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As at `hide`: an identity opens what was sealed to it."""
    own, file = tmp_path / "own", tmp_path / "story"
    own.write_text("Wq7$kd9!zPm2#vR8xTbLm\n")
    assert do("identity", "new", file, "--passphrase-file", own) == 3
    assert "--own-passphrase" in capsys.readouterr().err
    assert not file.exists()
    assert do("identity", "new", file, "--passphrase-file", own, "--own-passphrase") == 0


def test_enter_makes_one_and_has_it_typed_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "make_passphrase", lambda _words: Made(STRONG.strip(), 90.0))
    monkeypatch.setattr(Console, "asks", property(lambda _self: True))
    answers = iter(["", STRONG.strip()])
    monkeypatch.setattr(Console, "secret", lambda _self, _question: next(answers))
    assert do("identity", "new", tmp_path / "story") == 0
    assert identities.open_recipient(tmp_path / "story", STRONG)


def test_the_terminal_gets_the_same_line(tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "story"
    made = shown(capsys, "new", file, "--passphrase-file", secret)
    assert do("identity", "show", file, "--passphrase-file", secret, "--qr") == 0
    out = capsys.readouterr().out
    assert made["recipient"] in out
    assert made["fingerprint"] in out
    assert rows(made["recipient"])[10] in out


def test_an_older_file_has_no_recipient(tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "old"
    file.write_bytes(pack(Identity(bytes(32)), STRONG, random=lambda count: bytes(count), cost=CHEAP))
    assert set(shown(capsys, "show", file, "--passphrase-file", secret)) == {"file", "format", "key"}
    assert do("identity", "show", file, "--passphrase-file", secret, "--png", tmp_path / "code.png") == 3
    assert not (tmp_path / "code.png").exists()


def test_the_picture_is_placed_and_overwrites_nothing(tmp_path: Path, secret: Path) -> None:
    file, picture = tmp_path / "story", tmp_path / "code.png"
    assert do("identity", "new", file, "--passphrase-file", secret) == 0
    for expected in (0, 3):
        assert do("identity", "show", file, "--passphrase-file", secret, "--png", picture) == expected
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.judge("zbarimg")
@pytest.mark.parametrize("drawn", ["png", "terminal"])
def test_another_program_reads_the_code(drawn: str, tmp_path: Path) -> None:
    line = RecipientKey(bytes(range(32))).public.line()
    picture = tmp_path / "code.png"
    picture.write_bytes(png(line) if drawn == "png" else photographed(rows(line)))
    read = subprocess.run(["zbarimg", "-q", "--raw", picture], check=True, capture_output=True, text=True).stdout
    assert read.strip() == line.upper()
    assert recipient_of(read) == recipient_of(line)


def photographed(drawn: list[str]) -> bytes:
    """What a camera sees of the terminal: light characters on a dark ground, each two modules high."""
    lit = {"█": (255, 255), "▄": (0, 255), "▀": (255, 0), " ": (0, 0)}
    modules = [[lit[each][half] for each in row] for row in drawn for half in (0, 1)]
    small = Image.new("L", (len(modules[0]), len(modules)))
    small.putdata([value for row in modules for value in row])
    file = io.BytesIO()
    small.resize((small.width * 5, small.height * 5), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()
