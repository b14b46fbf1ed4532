"""One writer at a time in a folder: desks, windows and commands, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.desk.at_desk import Visitor, open_desk
from tests.redact.drawn import scene, telling
from tests.tasks.cards_at_hand import fat32_card
from tests.tasks.quick import command

from fifthfloor.errors import BadInput
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.people import protect as protecting
from fifthfloor.tasks.people.looking import decide
from fifthfloor.tasks.people.protect import ProtectIntent, protect
from fifthfloor.tasks.people.prove import signer_for_this_run
from fifthfloor.tasks.site.new import new_essay
from fifthfloor.tasks.site.publish import publish
from fifthfloor.tasks.site.published import Wanted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no lock of a folder there")
HOLDER = """
import sys
from pathlib import Path
from fifthfloor.tasks.one_writer import writing_in
with writing_in(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(name="hold")
def another_process() -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """What holds a folder in a process of its own, until it is killed."""
    begun: list[subprocess.Popen[str]] = []

    def hold(folder: Path) -> subprocess.Popen[str]:
        arguments = [sys.executable, "-c", HOLDER, str(folder)]
        process = subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        begun.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield hold
    for process in begun:
        process.kill()
        process.communicate()


def test_a_folder_is_held_until_its_process_is_killed_and_nothing_is_left(
    tmp_path: Path, hold: Callable[[Path], subprocess.Popen[str]]
) -> None:
    out = tmp_path / "new" / "out"
    process = hold(out)
    with pytest.raises(BadInput, match=r"files\.in_use"), writing_in(out):
        pass
    process.kill()
    process.wait()
    with writing_in(out):
        (out / "a").write_text("a")
    assert [path.name for path in out.iterdir()] == ["a"]
    with writing_in(tmp_path / "x" / "y"):
        pass
    assert not (tmp_path / "x").exists(), "what was made and not used goes again"


def test_whatever_writes_into_a_folder_is_refused_in_words_while_another_process_does(
    tmp_path: Path, hold: Callable[[Path], subprocess.Popen[str]]
) -> None:
    out, essay = tmp_path / "out", tmp_path / "essay"
    out.mkdir()
    essay.mkdir()
    card = fat32_card(tmp_path / "a.img", 1, size_bytes=36_000_000, files=2)
    (tmp_path / "a.jpg").write_bytes(telling(scene()))
    (tmp_path / "phrase").write_text("seven words that nobody would ever guess")
    hold(out)
    for arguments in (
        ("protect", tmp_path / "a.jpg", "--out", out, "--yes"),
        ("sign", tmp_path / "a.jpg", "--out", out, "--yes"),
        ("open", card, "--out", out, "--passphrase-file", tmp_path / "phrase"),
        ("recover", card, "--out", out),
        ("essay", "new", out),
        ("publish", essay, "--out", out),
    ):
        ran = command(*arguments)
        assert (ran.code, "another run or window writes into" in ran.err) == (3, True), (arguments[0], ran.err)
    with pytest.raises(BadInput, match=r"files\.in_use"):
        new_essay(out, None)
    with pytest.raises(BadInput, match=r"files\.in_use"):
        publish([essay], out, Wanted())
    with pytest.raises(BadInput, match=r"files\.in_use"):
        decide(out, {})
    assert list(out.iterdir()) == []


def test_two_runs_of_protect_do_not_write_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protecting, "_each", lambda tasks, _: map(protecting._protect, tasks))
    (tmp_path / "a.jpg").write_bytes(telling(scene()))
    first = protect([tmp_path / "a.jpg"], ProtectIntent(tmp_path / "out", find_faces=False), signer_for_this_run())
    next(first)
    before = sorted(path.name for path in (tmp_path / "out").iterdir())
    with open_desk(tmp_path) as serving:
        (tmp_path / "DCIM").mkdir()
        (tmp_path / "DCIM" / "b.jpg").write_bytes(telling(scene(seed=2)))
        visitor = Visitor(serving).come_in()
        visitor.get("/20")
        said = visitor.work("/20", [("folder", visitor.id_of(tmp_path / "DCIM")), ("out", "out")]).said
        assert "another run or window writes into" in said
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == before
    first.close()
    with writing_in(tmp_path / "out"):
        pass
