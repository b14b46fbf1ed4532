"""The helper with rights: who may come, what it does, what it refuses, and a card opened for somebody who may not."""

from __future__ import annotations

import contextlib
import os
import random
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cards.cards_made import fat_card
from tests.cards.loops import attached
from tests.desk.handed_over import hands_over_locked

from fifthfloor import engine
from fifthfloor.cards.descriptor import DeviceFacts, Offered
from fifthfloor.cards.device import OpenFile
from fifthfloor.desk import helper
from fifthfloor.desk.helped import Helped, commands
from fifthfloor.errors import BadInput, DeviceRefused
from fifthfloor.tasks.floors import rights

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the helper is one of Linux")
ME = os.getuid() if sys.platform == "linux" else 0
PYTHON = [sys.executable, "-I", "-S", "-B"]


@pytest.fixture(name="card")
def card_in_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An image that is listed as if it were in a reader, and a short path for the socket."""
    card = fat_card(tmp_path / "card.img")
    monkeypatch.setattr(rights, "cards_in_readers", lambda: [Offered(str(card), DeviceFacts(), 0, (), ())])
    run = Path(tempfile.mkdtemp(prefix="run"))
    monkeypatch.setattr(helper, "RUN", run)
    yield card
    shutil.rmtree(run)


@contextlib.contextmanager
def helping(wait_seconds: float = 60) -> Iterator[threading.Thread]:
    """A helper of this very account, in a thread."""
    made = helper.Helper(ME)
    thread = threading.Thread(target=made.serve, args=(wait_seconds,))
    thread.start()
    try:
        yield thread
    finally:
        thread.join()
        made.close()


def connected() -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    made.settimeout(60)
    made.connect(str(helper.folder_of(ME) / "desk"))
    return made


def test_a_card_is_handed_over_locked_and_the_helper_ends_with_its_desk(card: Path) -> None:
    with helping() as thread:
        folder = helper.folder_of(ME)
        assert [(folder.stat().st_mode & 0o777), (folder / "desk").stat().st_mode & 0o777] == [0o700, 0o600]
        helped = Helped(ME, root=ME)
        hands_over_locked(helped, card, "cards.no_permission")
        helped.close()
        thread.join(60)
        assert not thread.is_alive()
    assert not folder.exists()


def test_strangers_are_sent_away(card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    who = [ME + 1]
    monkeypatch.setattr(helper, "person_at", lambda _: who[0])
    with helping():
        with pytest.raises(BadInput, match=r"cards\.no_permission"):
            Helped(ME, root=ME).open(card, False)  # whoever answers is not root
        with connected() as stranger:
            assert stranger.recv(100) == b""
        who[0] = ME
        with connected() as first:
            first.send(b"list")
            assert str(card).encode() in first.recv(9999)


def test_processes_of_the_desk_are_answered_and_go_with_it(card: Path) -> None:
    with helping() as thread, connected() as first:
        first.send(b"list")
        assert first.recv(9999)
        others = [connected() for _ in range(helper.MOST_PROCESSES)]
        assert others[-1].recv(9999) == b"", "one too many"
        worker = Helped(ME, root=ME)
        others[0].close()
        first.send(b"list")
        assert str(card).encode() in first.recv(9999), "one of them may go"
        descriptors = worker.open(card, False)
        for one in descriptors:
            if one >= 0:
                os.close(one)
        first.close()
        thread.join(60)
        assert not thread.is_alive()
        assert others[1].recv(9999) == b""
        for other in others:
            other.close()
        worker.close()


def _mark() -> None:
    os.environ["FIRST_OF_A_WORKER"] = "done"


def _told() -> Iterator[bytes]:
    yield os.environ.get("FIRST_OF_A_WORKER", "").encode()


def test_a_process_that_is_begun_asks_too() -> None:
    with rights.asking(lambda *_: (-1, -1), _mark):
        assert list(engine.stream(_told)) == [bytearray(b"done")]
    assert list(engine.stream(_told)) == [bytearray(b"")]


@pytest.mark.usefixtures("card")
def test_a_helper_that_was_left_behind_takes_nothing_from_the_next() -> None:
    left = helper.Helper(ME)
    with helping(), connected() as desk:
        left.close()
        with connected() as worker:
            for one in (desk, worker):
                one.send(b"list")
                assert b"cards" in one.recv(9999)
    assert not helper.folder_of(ME).exists()


def test_no_helper_is_offered_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert commands()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert commands() == ()


@pytest.mark.parametrize(
    ("begun", "words"),
    [("/opt/bin/fifthfloor", ["/opt/bin/fifthfloor"]), ("/media/stick/start.py", [*PYTHON, "/media/stick/start.py"]),
     ("/x/fifthfloor/__main__.py", [sys.executable, "-P", "-m", "fifthfloor"])],
)  # fmt: skip
def test_the_helper_is_begun_as_this_desk_was(monkeypatch: pytest.MonkeyPatch, begun: str, words: list[str]) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(sys, "argv", [begun, "desk", "trip"])
    assert commands()[0] == shlex.join(["sudo", *words, "desk", "--helper"])


@pytest.mark.usefixtures("card")
def test_hostile_messages_open_nothing_and_end_nothing() -> None:
    drawn = random.Random(20)
    words = [b"list", b"read", b"write", b" 0", b" -1", b" 1", b" 00", b"\0", b"\n", b"/dev/sda", b" 9999", b"READ 0"]
    with helping(), connected() as desk:
        desk.send(b"list")
        desk.recv(9999)
        for _ in range(300):
            message = b"".join(drawn.choices(words, k=drawn.randint(1, 3))) or drawn.randbytes(drawn.randint(1, 64))
            if message in (b"list", b"read 0", b"write 0") or len(message) > helper.MOST_ASKED_BYTES:
                continue
            desk.send(message)
            told, descriptors, _, _ = socket.recv_fds(desk, 9999, 8)
            assert (b'"key"' in told, descriptors) == (True, []), message
        # A descriptor that is sent along is the kernel's to close; what is too long ends the connection.
        socket.send_fds(desk, [b"list"], [desk.fileno()])
        assert b"cards" in desk.recv(9999)
        desk.send(b"list" * 100)
        assert desk.recv(9999) == b""


class NoCards(rights.Holder):
    """Opens nothing, and says so where it is asked to."""

    def open(self, number: int, *, writable: bool) -> OpenFile:
        raise AssertionError((number, writable))


@given(st.binary(max_size=80).filter(lambda message: message[:5] not in (b"read ", b"write")))
def test_no_other_word_is_a_verb(message: bytes) -> None:
    told, device = helper.answer_to(message, NoCards())
    assert device is None
    assert (told.get("key") == "desk.helper_verb") == (message != b"list")


def test_a_card_that_was_changed_for_another_is_not_opened(card: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = rights.Holder()
    assert holder.cards() == [str(card)]
    other = Offered(str(card), DeviceFacts(serial="other"), 0, (), ())
    monkeypatch.setattr(rights, "cards_in_readers", lambda: [other])
    with pytest.raises(DeviceRefused, match=r"cards\.gone"):
        holder.open(0, writable=True)
    with pytest.raises(BadInput):
        holder.open(1, writable=True)


@pytest.mark.parametrize(
    ("user", "environment", "key"),
    [(1000, {}, "desk.helper_rights"), (0, {}, "desk.helper_who"), (0, {"SUDO_UID": "0"}, "desk.helper_who"),
     (0, {"SUDO_UID": "x"}, "desk.helper_who")],
)  # fmt: skip
def test_it_helps_whoever_typed_sudo_and_nobody_else(
    monkeypatch: pytest.MonkeyPatch, user: int, environment: dict[str, str], key: str
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user)
    for name in ("SUDO_UID", "PKEXEC_UID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadInput, match=key.replace(".", r"\.")):
        helper.person_helped()
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PKEXEC_UID" if not environment else "SUDO_UID", "1000")
    assert helper.person_helped() == 1000
    assert commands() == (), "root needs none"
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert [line.split()[0] for line in commands()] == ["sudo", "pkexec"]


PROGRAM = """
import os, sys
from pathlib import Path
from fifthfloor.cards import linux
from fifthfloor.cards.descriptor import DeviceFacts, Offered
from fifthfloor.cards.image import open_card
from fifthfloor.desk import helper
from fifthfloor.desk.helped import Helped
from fifthfloor.errors import FifthFloorError
from fifthfloor.tasks.floors import at_hand, rights

loop, run, NOBODY = Path(sys.argv[1]), Path(sys.argv[2]), 65534
# The kernel calls no loop device removable.
linux.device_facts = lambda home: DeviceFacts("maker", "loop", "1", True, True)
rights.cards_in_readers = at_hand.cards_in_readers = lambda: [Offered(str(loop), linux.device_facts(loop), 0, (), ())]
helper.RUN = run
with open_card(loop) as card:
    card.device.descriptors()  # what is imported late may not be readable to others
made = helper.Helper(NOBODY)

def as_person(user, work):
    child = os.fork()
    if child == 0:
        os.setgroups([]), os.setgid(user), os.setuid(user)
        try:
            work()
        except BaseException as error:
            print("failed", repr(error), getattr(error, "facts", ""), flush=True)
        os._exit(0)
    return child

def stranger():
    try:
        Helped(NOBODY).open(loop, False)
    except FifthFloorError as error:
        print("stranger", error.key, flush=True)

def person():
    try:
        open_card(loop)
    except FifthFloorError as error:
        print("alone", error.key, flush=True)
    with rights.asking(Helped(NOBODY).open, print):
        print("seen", at_hand.devices()[0].photographs, flush=True)
        with open_card(loop, writable=True) as card:
            offset = int(card.free[0][0])
            card.device.write(offset, b"helped" * 100)
            card.device.flush()
            card.device.drop_cache()
            print("read", card.device.read(offset, 6), card.device.descriptors()[1] >= 0, flush=True)

os.waitpid(as_person(NOBODY - 1, stranger), 0)
child = as_person(NOBODY, person)
made.serve(60)
os.waitpid(child, 0)
made.close()
print("left", list(run.iterdir()))
"""


@pytest.mark.kernel
@pytest.mark.judge("losetup")
@pytest.mark.skipif(ME != 0, reason="only root can be another account")
def test_a_device_of_root_is_used_by_another_account(tmp_path: Path) -> None:
    image = fat_card(tmp_path / "card.img")
    run = Path(tempfile.mkdtemp(prefix="run", dir="/tmp"))
    run.chmod(0o755)
    try:
        with attached(image) as loop:
            done = subprocess.run(
                [sys.executable, "-c", PROGRAM, str(loop), str(run)], capture_output=True, text=True, check=False
            )
    finally:
        shutil.rmtree(run)
    said = done.stdout.splitlines()
    assert said[:2] == ["stranger cards.no_permission", "alone cards.no_permission"], done
    assert said[2].startswith("seen "), done
    assert said[3:] == ["read b'helped' True", "left []"], done
    assert b"helped" * 100 in image.read_bytes()
