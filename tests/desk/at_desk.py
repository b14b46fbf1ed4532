"""A desk that runs in this process, spoken to as a browser would: by hand, and by a real Chromium."""

from __future__ import annotations

import contextlib
import html
import http.client
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from fifthfloor.desk.server import Serving

PATIENCE_SECONDS = 60.0
OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Got:
    """An answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def said(self) -> str:
        """What a person reads of it, in small letters."""
        shown = re.sub(r"<(script|style)\b.*?</\1>", "", self.text, flags=re.S)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split()).lower()


@dataclass
class Visitor:
    """A browser's side of the wire.

    Args:
        serving: the desk.
        cookie: it was let in with; "" where it was not.
    """

    serving: Serving
    cookie: str = ""
    sent: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return self.serving.desk.door.host

    @property
    def csrf(self) -> str:
        return self.serving.desk.door.csrf

    def come_in(self) -> Visitor:
        got = self.get(self.serving.address.removeprefix(self.serving.desk.door.origin))
        assert got.status == 303, got
        self.cookie = got.headers["set-cookie"].split(";")[0]
        return self

    def ask(self, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Got:
        """Send a request as it is given; a header with an empty value is left out."""
        wanted = {"Host": self.host, **({"Cookie": self.cookie} if self.cookie else {}), **(headers or {})}
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in wanted.items():
                if value:
                    connection.putheader(name, value)
            if method == "POST":
                connection.putheader("Content-Length", str(len(body)))
                if "Content-Type" not in wanted:
                    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.endheaders(body if method == "POST" else None)
            response = connection.getresponse()
            got = Got(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()
        if got.headers.get("content-type", "").startswith("text/html"):
            # Of what lies in the folder of the desk no page shows a whole path, which tells whose account it is.
            assert str(self.serving.desk.places.folder) not in html.unescape(got.text), path
        return got

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Got:
        return self.ask("GET", path, headers)

    def post(self, path: str, fields: list[tuple[str, str]] | None = None, *, follow: bool = True) -> Got:
        """Send a form as the desk's own pages do, and fetch what it leads to."""
        body = urlencode([("token", self.csrf), *(fields or [])]).encode()
        got = self.ask("POST", path, OWN, body)
        if follow and got.status == 303:
            self.sent.append(got.headers["location"].partition("#")[0])  # a browser keeps the rest to itself
            return self.get(self.sent[-1])
        return got

    def work(self, path: str, fields: list[tuple[str, str]] | None = None) -> Got:
        """Send a form that begins a job, and wait until it asks something or is over."""
        got = self.post(path, fields)
        return self.settled() if self.sent and self.sent[-1].startswith("/j/") and got.status == 200 else got

    def settled(self) -> Got:
        """Wait for the job of the last form."""
        job = self.serving.desk.jobs.of(self.sent[-1].rpartition("/")[2])
        until = time.monotonic() + PATIENCE_SECONDS
        while job.state == "runs" and time.monotonic() < until:
            time.sleep(0.02)
        return self.get(self.sent[-1])

    def answer(self, word: str) -> Got:
        """Press a button of a question, and wait again."""
        self.post(f"{self.sent[-1]}/answer", [("answer", word)], follow=False)
        return self.settled()

    def id_of(self, path: Path) -> str:
        return self.serving.desk.places.id_of(path)


@contextlib.contextmanager
def open_desk(folder: Path, *named: Path) -> Iterator[Serving]:
    """A desk on a folder, ended when the block ends."""
    serving = Serving(folder, named)
    serving.start()
    try:
        yield serving
    finally:
        serving.end()


@pytest.fixture(scope="module", name="browser")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # As root Chromium has no sandbox of its own; the pages are ours.
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextlib.contextmanager
def at_screen(browser: Any, serving: Serving, **options: Any) -> Iterator[Any]:
    """A page of a real Chromium that was let in; whatever it complained of fails the test when the block ends."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    page = context.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(serving.address)
    yield page
    context.close()
    assert complaints == []
