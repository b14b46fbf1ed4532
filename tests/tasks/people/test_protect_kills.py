"""A `protect` that is killed leaves no picture with a face that it was to hide, and no traceback."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from PIL import Image
from tests.redact.drawn import jpeg, scene

from fifthfloor.errors import BadInput
from fifthfloor.identity import SigningKey
from fifthfloor.redact.sealed_originals import Run, sealed_script
from fifthfloor.tasks.people.approve import all_ticked, approve
from fifthfloor.tasks.people.prove import Signer

PHOTOGRAPHS = 4
BOX = {"left": 300, "top": 120, "right": 380, "bottom": 200}
LONGEST_SECONDS = 60.0


@pytest.fixture(name="given")
def _given(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(PHOTOGRAPHS):
        (folder / f"{number}.jpg").write_bytes(jpeg(scene(480, 320, seed=number)))
    (tmp_path / "boxes.json").write_text(json.dumps({f"{number}.jpg": [BOX] for number in range(PHOTOGRAPHS)}))
    return folder


def started(given: Path, out: Path) -> subprocess.Popen[str]:
    boxes = str(given.parent / "boxes.json")
    command = ["protect", str(given), "--out", str(out), "--faces", "none", "--boxes", boxes, "--yes"]
    return subprocess.Popen(
        [sys.executable, "-m", "fifthfloor", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def pictures_under(out: Path) -> Iterator[bytes]:
    """Yield every JPEG that can be read out of any file in the folder, also where it is written as text."""
    for file in out.rglob("*"):
        if not file.is_file():
            continue
        data = file.read_bytes()
        for text in (data, *(base64.b64decode(found) for found in re.findall(rb'"([A-Za-z0-9+/=]{200,})"', data))):
            if b"\xff\xd8\xff" in text:
                yield text


def opened_by_its_keys(out: Path) -> Iterator[bytes]:
    """Open the originals as the page does."""
    (run,) = [path.stem for path in out.glob("review/*.key")]
    key = bytes.fromhex((out / f"review/{run}.key").read_text())
    for file in out.glob("review/*.js"):
        _, nonce, text = re.findall(r'"([^"]*)"', file.read_text())
        cipher = Cipher(ChaCha20(key, bytes(4) + bytes.fromhex(nonce)), None).decryptor()
        yield cipher.update(base64.b64decode(text))


def shows_the_face(picture: bytes) -> bool:
    opened = Image.open(io.BytesIO(picture)).convert("L").crop((310, 130, 370, 190))
    return float(np.asarray(opened).std()) > 4


def test_a_kill_at_any_moment_leaves_no_face(given: Path, tmp_path: Path) -> None:
    """The moments: when so many files are there; the last is the end, where the key is written."""
    met = 0
    for files in (3, 10):
        out = tmp_path / f"out-{files}"
        process, until = started(given, out), time.monotonic() + LONGEST_SECONDS
        while process.poll() is None and time.monotonic() < until:
            if sum(len(names) for _, _, names in os.walk(out)) >= files:
                break
            time.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        said = process.communicate(timeout=LONGEST_SECONDS)[1]
        if process.returncode == 0 or list(out.glob("review/*.key")):
            continue  # too late: it had done what it was asked to do
        met += 1
        assert "Traceback" not in said
        assert "Warning" not in said
        # The workers end too, or their ends of the pipes would have kept `communicate` waiting.
        pictures = list(pictures_under(out))
        assert not any(shows_the_face(picture) for picture in pictures)
        if any(out.glob("*.statement.json")):
            signer = Signer(SigningKey(bytes(32)), "story")
            with pytest.raises(BadInput, match=r"approve\.no_page"):
                approve(out, "Kim", signer, decisions=all_ticked(out, {}))
    assert met >= 1
    again = started(given, out)
    again.communicate(timeout=LONGEST_SECONDS)
    assert again.returncode == 0
    assert any(shows_the_face(picture) for picture in opened_by_its_keys(out))


@pytest.mark.skipif(sys.platform == "win32", reason="nothing there ends a process so that it can still say something")
def test_what_is_said_at_a_stop_is_true_of_what_lies_there(given: Path, tmp_path: Path) -> None:
    for attempt in range(5):
        out = tmp_path / str(attempt)
        process, until = started(given, out), time.monotonic() + LONGEST_SECONDS
        while process.poll() is None and time.monotonic() < until and not list(out.glob("*.jpg")):
            time.sleep(0.001)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=LONGEST_SECONDS)[1]
        if process.returncode == 130:
            break
    assert process.returncode == 130
    assert list(out.glob("*.jpg"))
    assert said.splitlines()[-1].startswith("fifthfloor: stopped; the photographs are as they were. Copies that were ")
    assert f"lie in {out}" in said
    assert "every visible file" not in said
    assert not list(out.glob("review/*.key"))


@pytest.mark.skipif(sys.platform != "linux", reason="the workers are looked for in /proc")
def test_a_worker_that_is_killed_stops_nothing_and_nobody_sees_a_traceback(given: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process, until = started(given, out), time.monotonic() + LONGEST_SECONDS
    while process.poll() is None and time.monotonic() < until and not list(out.glob("*.jpg")):
        time.sleep(0.001)
    for worker in workers_of(process.pid):
        os.kill(worker, signal.SIGKILL)  # as the kernel does that has no memory left
    said = process.communicate(timeout=LONGEST_SECONDS)[1]
    assert "Traceback" not in said
    assert process.returncode == 0, said
    assert len(list(out.glob("review/*.json"))) == len(list(out.glob("*.jpg.statement.json"))) == PHOTOGRAPHS


def workers_of(parent: int) -> list[int]:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


def test_the_judge_of_faces_can_see_one() -> None:
    assert shows_the_face(jpeg(scene(480, 320)))
    assert not shows_the_face(jpeg(scene(480, 320, faces=())))


@pytest.mark.judge("node")
def test_the_page_opens_what_was_sealed(tmp_path: Path) -> None:
    from importlib import resources

    picture, key, nonce = os.urandom(1000 + 7), bytes(range(32)), bytes(range(12))
    sealed = sealed_script("stem", picture, Run("0" * 16, key), nonce).decode()
    _, nonce_hex, text = re.findall(r'"([^"]*)"', sealed)
    script = resources.files("fifthfloor.redact").joinpath("page/originals.js").read_text()
    (tmp_path / "judge.js").write_text(
        script
        + f"""
const data = new Uint8Array(Buffer.from("{text}", "base64"));
FFOriginals.chacha20(Buffer.from("{key.hex()}", "hex"), Buffer.from("{nonce_hex}", "hex"), data);
console.log(Buffer.from(data).toString("hex"));
"""
    )
    done = subprocess.run(["node", tmp_path / "judge.js"], capture_output=True, text=True, check=True)
    assert bytes.fromhex(done.stdout.strip()) == picture
