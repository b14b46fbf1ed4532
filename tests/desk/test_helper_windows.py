"""The helper of Windows on a Windows in memory; `make windows` begins it by the real calls, under wine."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cards.cards_made import fat_card
from tests.desk.at_desk import Visitor, open_desk
from tests.desk.handed_over import hands_over_locked
from tests.desk.pipes_made import FakePipes, Machine

from fifthfloor.cards.descriptor import DeviceFacts, Offered
from fifthfloor.desk import helped, helped_windows
from fifthfloor.desk.helped_windows import HelpedByPipe
from fifthfloor.desk.helper import MOST_PROCESSES
from fifthfloor.desk.helper_windows import PipeHelper, name_of
from fifthfloor.desk.pipes import rights_of
from fifthfloor.errors import BadInput
from fifthfloor.tasks.floors import at_hand, rights

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its Windows is in memory")
PROGRAM = ["python.exe", "-m", "fifthfloor", "desk", "--helper"]


@pytest.fixture(name="card")
def card_in_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    card = fat_card(tmp_path / "card.img")
    monkeypatch.setattr(rights, "cards_in_readers", lambda: [Offered(str(card), DeviceFacts(), 0, (), ())])
    monkeypatch.setattr(helped_windows, "_PIPE_WAIT_SECONDS", 0)
    return card


class Helping:
    """A machine on which the question is answered with yes, and the helper that it begins."""

    def __init__(self) -> None:
        self.machine = Machine(answer=self.begin)
        self.thread = threading.Thread(target=self._serve)

    def begin(self) -> None:
        self.helper = PipeHelper(FakePipes(self.machine, administrator=True))
        self.thread.start()

    def _serve(self) -> None:
        self.helper.serve(60)

    def is_over(self) -> bool:
        self.thread.join(60)
        return not self.thread.is_alive()


@pytest.fixture(name="helping")
def helping_machine() -> Iterator[Helping]:
    helping = Helping()
    yield helping
    helping.helper.close()
    assert helping.is_over()
    helping.machine.close()


@pytest.fixture(name="machine")
def empty_machine() -> Iterator[Machine]:
    machine = Machine()
    yield machine
    machine.close()


def test_a_yes_begins_one_helper_that_hands_over_a_locked_card_and_ends_with_its_desk(
    card: Path, helping: Helping
) -> None:
    asks = HelpedByPipe(FakePipes(helping.machine))
    with pytest.raises(BadInput, match=r"cards\.not_administrator"):
        asks.open(card, True)
    asks.begin(PROGRAM)
    asks.begin(PROGRAM)
    assert helping.machine.asked == [("python.exe", '"-m" "fifthfloor" "desk" "--helper"')], "asked once"
    hands_over_locked(asks, card, "cards.not_administrator")
    asks.close()
    assert helping.is_over()


@pytest.mark.usefixtures("card")
def test_a_no_and_a_helper_that_ends_at_once_are_said(machine: Machine) -> None:
    asks = HelpedByPipe(FakePipes(machine))
    with pytest.raises(BadInput, match=r"desk\.helper_not_begun"):
        asks.begin(PROGRAM)
    machine.answer, machine.running = lambda: None, False
    with pytest.raises(BadInput, match=r"desk\.helper_silent"):
        asks.begin(PROGRAM)
    assert len(machine.asked) == 2


def test_who_made_the_pipe_without_rights_is_told_nothing(card: Path, machine: Machine) -> None:
    squatter = FakePipes(machine)
    pipe = squatter.make(name_of(squatter.person), squatter.person, first=True)
    with pytest.raises(BadInput, match=r"cards\.not_administrator"):
        HelpedByPipe(FakePipes(machine)).open(card, False)
    with pytest.raises(ConnectionError):
        squatter.read(pipe, 64)
    with pytest.raises(BadInput, match=r"desk\.helper_place"):
        PipeHelper(FakePipes(machine, administrator=True))


def test_a_helper_without_rights_does_not_begin(machine: Machine) -> None:
    with pytest.raises(BadInput, match=r"desk\.helper_no_administrator"):
        PipeHelper(FakePipes(machine))
    assert not machine.pipes


@pytest.mark.usefixtures("card")
def test_another_account_is_sent_away_by_the_pipe_and_by_its_process(helping: Helping) -> None:
    first = FakePipes(helping.machine)
    helping.begin()
    with pytest.raises(PermissionError):
        FakePipes(helping.machine, "S-1-5-21-8").join(name_of(first.person))
    spy = FakePipes(helping.machine)
    pipe = spy.talk()
    spy.sits[pipe][1].came.get()
    spy.sits[pipe][1].came.put(FakePipes(helping.machine, "S-1-5-21-8"))
    with pytest.raises(ConnectionError):
        spy.read(pipe, 9999)
    pipe = first.talk()
    first.write(pipe, b"list")
    assert b"cards" in first.read(pipe, 9999)


@pytest.mark.usefixtures("card")
def test_processes_of_the_desk_are_answered_and_go_with_it(helping: Helping) -> None:
    helping.begin()
    process = FakePipes(helping.machine)
    pipes: list[int] = []
    for _ in range(MOST_PROCESSES):
        pipes.append(process.talk())
        process.write(pipes[-1], b"list")
        assert b"cards" in process.read(pipes[-1], 9999)
    with pytest.raises(ConnectionError):
        process.read(process.talk(), 9999)
    for message in (b"read 7", b"write 0 ", b"\0", b"READ 0", b"x" * 64):
        process.write(pipes[1], message)
        assert b'"key"' in process.read(pipes[1], 9999), message
    process.write(pipes[1], b"x" * 65)
    with pytest.raises(ConnectionError):
        process.read(pipes[1], 9999)
    process.write(pipes[2], b"list")
    assert b"cards" in process.read(pipes[2], 9999), "one of them may go"
    process.close(pipes[0])
    assert helping.is_over()


def test_a_helper_that_no_desk_asks_ends(machine: Machine) -> None:
    PipeHelper(FakePipes(machine, administrator=True)).serve(0)


def test_the_rights_of_a_pipe_name_one_account_that_may_make_no_end_of_it() -> None:
    found = re.fullmatch(
        r"O:BAD:P\(A;;FA;;;BA\)\(A;;0x([0-9a-f]+);;;S-1-5-21-7\)S:\(ML;;NW;;;ME\)", rights_of("S-1-5-21-7")
    )
    assert found
    mask = int(found[1], 16)
    create_end, change_rights, change_owner, generic = 0x4, 0x40000, 0x80000, 0xF0000000
    assert not mask & (create_end | change_rights | change_owner | generic)
    assert mask & 0x3 == 0x3, "it may read and write"


def test_cards_has_a_button_for_the_question_of_windows(
    card: Path, tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = at_hand.AtHand(card, is_device=True, refused=BadInput("cards.not_administrator", path=str(card)))
    monkeypatch.setattr(at_hand, "devices", lambda: [refused])
    monkeypatch.setattr(helped, "_ATTACHED", [HelpedByPipe(FakePipes(machine))])
    with open_desk(tmp_path) as serving:
        visitor = Visitor(serving).come_in()
        page = visitor.get("/1")
        assert 'action="/1/h"' in page.text
        assert "sudo" not in page.said
        said = visitor.post("/1/h")
        assert (said.status, "windows was told no" in said.said) == (400, True), said.said
        assert machine.asked[0][1].endswith('"desk" "--helper"')
        monkeypatch.setattr(helped, "_ATTACHED", [])
        assert 'action="/1/h"' not in visitor.get("/1").text
        assert visitor.post("/1/h").status == 400
    assert len(machine.asked) == 1
