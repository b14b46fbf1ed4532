"""`fifthfloor desk` as a program: what it prints, how it ends, and what it needs."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from tests.outside import IN_CI, REPOSITORY

PROGRAM = [sys.executable, "-m", "fifthfloor", "desk"]


def begun(folder: Path, *more: str) -> subprocess.Popen[str]:
    command = [*PROGRAM, str(folder), "--no-browser", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder)


def test_it_prints_its_address_at_once_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    process = begun(tmp_path)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(2)]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/in/[0-9a-f]{64}\n", lines[1])
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_enter_gives_another_address_to_whoever_closed_the_browser(tmp_path: Path) -> None:
    ours, its = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, str(tmp_path), "--no-browser"], stdin=its, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    first = [process.stdout.readline() for _ in range(2)][1]
    os.write(ours, b"\n")
    second = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(its)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/in/[0-9a-f]{64}\n", second)
    assert (second != first, second.partition("/in/")[0]) == (True, first.partition("/in/")[0])
    assert "press Enter here" in " ".join(err.split())
    assert (process.returncode, "Traceback" in err) == (130, False)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="the state of a process is read there")
def test_in_the_background_of_a_shell_it_is_not_stopped_by_its_terminal(tmp_path: Path) -> None:
    ours, its = pty.openpty()
    address, number = tmp_path / "address", tmp_path / "number"

    def take_terminal() -> None:
        fcntl.ioctl(its, termios.TIOCSCTTY, 0)

    command = ["bash", "--norc", "--noprofile", "-i"]
    with subprocess.Popen(
        command, stdin=its, stdout=its, stderr=its, start_new_session=True, preexec_fn=take_terminal
    ) as shell:
        desk = shlex.join([*PROGRAM, str(tmp_path), "--no-browser"])
        os.write(ours, f"{desk} >{address} 2>{tmp_path / 'said'} & echo $! >{number}\n".encode())
        until = time.monotonic() + 60
        while time.monotonic() < until and not (number.exists() and "press Enter" in (tmp_path / "said").read_text()):
            time.sleep(0.05)
        time.sleep(0.5)
        pid = int(number.read_text())
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        os.kill(pid, signal.SIGKILL)
        shell.kill()
    os.close(ours)
    os.close(its)
    assert address.read_text().count("/in/") == 1
    assert state != "T"


def test_its_address_for_a_program(tmp_path: Path) -> None:
    process = begun(tmp_path, "--json")
    assert process.stdout is not None
    text = ""
    while not text.rstrip().endswith("}"):
        text += process.stdout.readline()
    document = json.loads(text)
    assert document["address"].startswith("http://127.0.0.1:")
    assert document["folder"] == str(tmp_path)
    process.terminate()
    process.communicate(timeout=60)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    done = subprocess.run([*PROGRAM, "nowhere.img"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "nowhere.img is not there" in done.stderr


def test_the_base_install_says_which_extra_it_needs(tmp_path: Path) -> None:
    program = REPOSITORY / ".venv-base" / "bin" / "fifthfloor"
    if not program.exists():
        assert not IN_CI, "make test makes .venv-base first"
        pytest.skip("no .venv-base; `make test` makes it")
    done = subprocess.run([str(program), "desk"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done
    assert re.search(r"hint: .*python3? -m pip install .*\[desk\]", done.stderr), done.stderr
