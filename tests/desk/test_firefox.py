"""Once through the desk in Debian's Firefox, which Playwright cannot drive: by Marionette, its own wire."""

from __future__ import annotations

import contextlib
import gc
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.desk.at_desk import PATIENCE_SECONDS, open_desk
from tests.desk.left_behind import left_behind
from tests.outside import program_at
from tests.tasks.cards_at_hand import fat32_card, roll, tree
from tests.tasks.quick import PASSPHRASE, quick_argon2id

from fifthfloor.tasks import secret

# What the driver of others warns of is theirs to mend.
pytestmark = [
    pytest.mark.judge("firefox-esr"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]


def answers(port: int) -> None:
    """Wait until somebody listens; the driver's own wait forgets its sockets."""
    late = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < late:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as found:
            found.recv(1)
            return
        time.sleep(0.1)


@dataclass
class Firefox:
    """A Firefox that is driven; all it writes is below `home`."""

    client: Any
    process: subprocess.Popen[bytes]
    home: Path

    def end(self) -> None:
        """Close it, as a person closes its window."""
        if self.process.poll() is None:
            self.client.delete_session()
            self.process.terminate()
            self.process.wait(PATIENCE_SECONDS)


@pytest.fixture(name="driven")
def driven_firefox(tmp_path: Path) -> Iterator[Firefox]:
    from marionette_driver.marionette import Marionette

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path / "home"
    for name in ("profile", "tmp"):
        (home / name).mkdir(parents=True)
    (home / "profile" / "user.js").write_text(f'user_pref("marionette.port", {port});\n')
    program = program_at("firefox-esr")
    assert program
    command = [program, "--marionette", "--headless", "--no-remote", "--profile", str(home / "profile")]
    environment = {"HOME": str(home), "TMPDIR": str(home / "tmp"), "PATH": "/usr/bin:/bin", "MOZ_HEADLESS": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        answers(port)
        client = Marionette(host="127.0.0.1", port=port)
        client.start_session()
        client.timeout.implicit = PATIENCE_SECONDS / 2
        firefox = Firefox(client, process, home)
        yield firefox
        firefox.end()
        del client, firefox
        gc.collect()


def test_hide_and_open_in_firefox_and_panic_by_keys_leave_nothing(
    driven: Firefox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from marionette_driver import By
    from marionette_driver.errors import MarionetteException, StaleElementException
    from marionette_driver.keys import Keys

    firefox = driven.client
    monkeypatch.setattr(secret, "KDF", quick_argon2id)
    folder = tmp_path / "trip"
    folder.mkdir()
    fat32_card(folder / "tuesday.img", 1, size_bytes=36_000_000, files=5)
    roll(folder / "roll", megabytes=0.3)

    def click(what: str) -> None:
        firefox.find_element(By.CSS_SELECTOR, what).click()

    def heading(text: str) -> None:
        late = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < late:
            with contextlib.suppress(StaleElementException):
                if firefox.find_element(By.CSS_SELECTOR, "h1").text == text:
                    return
            time.sleep(0.1)
        raise AssertionError(firefox.find_element(By.CSS_SELECTOR, "main").text)

    with open_desk(folder) as serving:
        firefox.navigate(serving.address)
        assert firefox.get_url() == serving.desk.door.origin + "/1"
        click("nav a[href='/2']")
        click("input[type=radio][value='" + serving.desk.places.id_of(folder / "roll") + "']")
        click("main button")
        click("input[type=checkbox][name=card]")
        assert firefox.find_element(By.CSS_SELECTOR, "#reckoned.good").text.startswith("It fits")
        for field in ("passphrase", "again"):
            firefox.find_element(By.ID, field).send_keys(PASSPHRASE)
        click("form[data-reckon] > p.bar button")
        heading("This is what will happen")
        click("button[value=yes]")
        heading("Hidden")
        click("nav a[href='/4']")
        click("input[type=checkbox][name=card]")
        firefox.find_element(By.ID, "passphrase").send_keys(PASSPHRASE)
        click("main .bar button")
        heading("It came back")
        assert tree(folder / "came-back" / "roll") == tree(folder / "roll")
        # The page's script may be still on its way; whoever sees that nothing happens presses again.
        late = time.monotonic() + PATIENCE_SECONDS
        while not serving.desk.ended.wait(2) and time.monotonic() < late:
            with contextlib.suppress(MarionetteException):
                firefox.find_element(By.CSS_SELECTOR, "body").send_keys(Keys.ESCAPE + Keys.ESCAPE + Keys.ESCAPE)
        assert serving.desk.ended.is_set()
        origin = serving.desk.door.origin
    driven.end()
    kept = [path for path in (driven.home / "profile").rglob("*") if path.is_file()]
    history = (driven.home / "profile" / "places.sqlite").read_bytes()
    history += b"".join(path.read_bytes() for path in kept if path.name == "places.sqlite-wal")
    assert f"{origin}/".encode() in history, "it is the profile that was used"
    assert left_behind(driven.home, PASSPHRASE, PASSPHRASE.split()[0], "tuesday.img", "came-back") == []
