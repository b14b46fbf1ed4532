"""Images that are dropped or chosen in a field: bounded, private, for looking only, gone at the end."""

from __future__ import annotations

import base64
import contextlib
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.cards.cards_made import fat_card
from tests.desk.at_desk import OWN, Got, Visitor, at_screen, chromium, open_desk

from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.upload import Upload
from fifthfloor.errors import BadInput
from fifthfloor.tasks.floors import received

__all__ = ["chromium"]
MARK = "----mark"
KIND = f"multipart/form-data; boundary={MARK}"


def part(name: str, value: bytes, file: str = "") -> bytes:
    named = f'; filename="{file}"\r\nContent-Type: application/octet-stream' if file else ""
    return f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + value + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{MARK}--\r\n".encode()


def fed(body: bytes, cuts: random.Random) -> tuple[list[tuple[dict[str, str], str]], bytes, bool]:
    """Feed a form in pieces; return what was begun, what came, and whether it was whole."""
    begun: list[tuple[dict[str, str], str]] = []
    came = bytearray()

    def begin(fields: dict[str, str], name: str) -> Any:
        begun.append((dict(fields), name))
        return came.extend

    upload = Upload(KIND, begin)
    at = 0
    while at < len(body):
        length = cuts.choice([1, 2, 7, 100, 5000])
        upload.feed(body[at : at + length])
        at += length
    return begun, bytes(came), upload.whole


@given(st.lists(st.sampled_from([b"\r\n", b"--", MARK.encode(), b"-", b"\r", b"x" * 50, b"\0"])), st.randoms())
def test_a_file_comes_as_it_is_however_it_is_cut(pieces: list[bytes], cuts: random.Random) -> None:
    contents = b"".join(pieces).replace(f"\r\n--{MARK}".encode(), b"")
    if contents.endswith(b"\r"):
        contents += b"."
    begun, came, whole = fed(form(part("token", b"token"), part("image", contents, "a.img")), cuts)
    assert (begun, came, whole) == ([({"token": "token"}, "a.img")], contents, True)


@given(
    st.lists(st.sampled_from([part("t", b"x"), part("i", b"y", "z"), b"--", b"\r\n\r\n", MARK.encode(), b"\0" * 3000])),
    st.randoms(),
)
def test_what_is_no_form_is_refused_or_not_whole(pieces: list[bytes], cuts: random.Random) -> None:
    with contextlib.suppress(BadInput):
        begun, _, _ = fed(b"".join(pieces), cuts)
        assert len(begun) < 2


def test_names_are_harmless() -> None:
    for name in ("../../etc/passwd", "C:\\x\\card.img", "a\0b\n.img", "..", "", "/", "\u202egmi.exe", "x" * 300):
        made = received.harmless_name(name)
        assert 0 < len(made) <= 80
        assert not set(made) & set("/\\\0\n\u202e")
        assert made.strip(".")


def send(visitor: Visitor, body: bytes) -> Got:
    return visitor.ask("POST", "/1/i", {**OWN, "Content-Type": KIND}, body)


def held(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_image_is_looked_at_never_written_and_gone_at_the_end(tmp_path: Path) -> None:
    card = fat_card(tmp_path / "card.img")
    trip = tmp_path / "trip"
    trip.mkdir()
    with open_desk(trip) as serving:
        visitor = Visitor(serving).come_in()
        token = part("token", visitor.csrf.encode())
        got = send(visitor, form(token, part("image", card.read_bytes(), "from <afar>.img")))
        assert (got.status, got.headers.get("location")) == (303, "/1")
        page = visitor.get("/1")
        assert "from _afar_.img" in page.said
        assert ".tmp" not in page.said, "where the copy lies is nobody's"
        send(visitor, form(token, part("image", card.read_bytes()[:90_000], "from <afar>.img")))
        (_first, second) = sorted(held(trip), key=lambda one: -one.stat().st_size)
        for address in ("/1", "/5", "/6"):
            said = visitor.get(address).said
            assert ("from _afar_.img (1)" in said, "from _afar_.img (2)" in said, ".tmp" in said) == (True, True, False)
        for address in ("/5", "/6"):
            said = visitor.work(address, [("card", visitor.id_of(second))]).said
            assert ("from _afar_.img (2)" in said, ".tmp" in said) == (True, False), address
        second.unlink()
        serving.desk.received.drop(second)
        assert "a copy for looking only" in page.said
        (copy,) = held(trip)
        if os.name != "nt":
            assert copy.stat().st_mode & 0o77 == copy.parent.parent.stat().st_mode & 0o77 == 0
        chosen = ("card", visitor.id_of(copy))
        assert "photographs" in visitor.work("/1", [chosen]).said
        for address in ("/7", "/8"):
            assert "is a copy that goes" in visitor.post(address, [chosen]).said
        assert copy.read_bytes() == card.read_bytes()
    assert list(trip.iterdir()) == []


def test_what_may_not_come_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = fat_card(tmp_path / "card.img").read_bytes()
    trip = tmp_path / "trip"
    trip.mkdir()
    with open_desk(trip) as serving:
        visitor = Visitor(serving).come_in()
        token, image = part("token", visitor.csrf.encode()), part("image", card[:100_000], "a.jpg")
        for body in (
            form(image),
            form(image, token),
            form(part("token", b""), image),
            form(part("token", b"0" * 64), image),
        ):
            assert send(visitor, body).status == 403
        assert "was not sent by" in send(visitor, (token + image)[:-1000]).said, "cut short"
        assert "was not sent by" in send(visitor, b"x" * 100_000).said
        assert "more than one file" in send(visitor, form(token, image, image)).said
        said = send(visitor, form(token, image)).said
        assert ("that did not work" in said, "a.jpg" in said, ".tmp" in said) == (True, True, False), "no card"
        monkeypatch.setattr(received, "MOST_IMAGE_BYTES", 1000)
        assert "more was sent" in send(visitor, form(token, image)).said
        monkeypatch.setattr(received, "MOST_IMAGE_BYTES", 1 << 40)
        monkeypatch.setattr(received, "ROOM_LEFT_BYTES", 1 << 60)
        assert "is full" in send(visitor, form(token, image)).said or "room" in send(visitor, form(token, image)).said
        monkeypatch.setattr(received, "MOST_IMAGES", 0)
        assert "images were brought here already" in send(visitor, form(token, image)).said
        assert held(trip) == []


@pytest.mark.skipif(sys.platform == "win32", reason="nobody asks after a process there")
def test_what_a_killed_desk_left_goes_with_the_next(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    left, living, strange = (
        tmp_path / f".tmp-{pid}-{end * 12}" for pid, end in ((gone.pid, "0"), (os.getpid(), "0"), (gone.pid, "1"))
    )
    for folder in (left, living):
        (folder / "0123456789ab").mkdir(parents=True)
        (folder / "0123456789ab" / "card.img").write_bytes(b"x")
    other = tmp_path / ".tmp-mine"
    for folder in (strange, other):
        folder.mkdir()
        (folder / "x").write_bytes(b"of another program")
    received.Received(tmp_path)
    assert [folder.exists() for folder in (left, living, strange, other)] == [False, True, True, True]


@pytest.mark.judge("chromium")
def test_a_field_without_a_script_and_dropping_with_one(browser: Any, tmp_path: Path) -> None:
    card = fat_card(tmp_path / "card.img", size_bytes=36_000_000)
    trip = tmp_path / "trip"
    trip.mkdir()
    with open_desk(trip) as serving, at_screen(browser, serving, java_script_enabled=False) as page:
        page.set_input_files("#image", card)
        page.get_by_role("button", name="Bring it here").click()
        page.get_by_text("a copy for looking only").wait_for()
    small = shutil.copy(card, tmp_path / "dropped.img")
    head = base64.b64encode(Path(small).read_bytes()[:600_000]).decode()
    with open_desk(trip) as serving, at_screen(browser, serving) as page:
        page.evaluate(
            """([head, size]) => {
              const bytes = new Uint8Array(size);
              bytes.set(Uint8Array.from(atob(head), (one) => one.charCodeAt(0)));
              const carried = new DataTransfer();
              carried.items.add(new File([bytes], "dropped.img"));
              const told = { dataTransfer: carried, bubbles: true, cancelable: true };
              document.body.dispatchEvent(new DragEvent("dragover", told));
              document.body.dispatchEvent(new DragEvent("drop", told));
            }""",
            [head, card.stat().st_size],
        )
        page.get_by_text("dropped.img").first.wait_for()
        page.get_by_text("a copy for looking only").wait_for()
        from playwright.sync_api import (
            expect,
        )  # its own waiting: a function would be evaluated, which these pages forbid

        # On Check and Open it is an identity, read into a field and sent nowhere before the form is.
        page.goto(f"{serving.desk.door.origin}{ADDRESS['check']}")
        dropping = """(files) => {
            const carried = new DataTransfer();
            for (const [name, text] of files) carried.items.add(new File([text], name));
            const told = { dataTransfer: carried, bubbles: true, cancelable: true };
            document.body.dispatchEvent(new DragEvent("drop", told));
        }"""
        page.evaluate(dropping, [["editor.identity", "what stands in it"]])
        expect(page.locator("#identity")).to_have_value("what stands in it", timeout=30_000)
        assert page.locator("#identity").is_visible()
        page.set_input_files("#identity-chosen", {"name": "other", "mimeType": "text/plain", "buffer": b"chosen"})
        expect(page.locator("#identity")).to_have_value("chosen", timeout=30_000)
        page.evaluate(dropping, [["huge.img", "x" * 65_537]])
        expect(page.locator("#identity")).to_have_value("huge.img", timeout=30_000)
