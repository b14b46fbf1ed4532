"""What every test of the floor shares: a cheap key derivation, seeded chance, and the command line in this process."""

from __future__ import annotations

import io
import json
import random
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.tasks import secret

PASSPHRASE = "tapeless unwitting gargle skedaddle ozone frolic plywood"
WRONG = "skedaddle ozone frolic plywood tapeless unwitting gargle"
LABEL = "Sinuiju 7"
# What the command line answers to; Windows has no terminal that hangs up.
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


def quick_argon2id(passphrase: bytes, salt: bytes) -> bytes:
    """The derivation of `kdf: quick` (spec/floor.md, section 8): 64 KiB, one pass, one lane."""
    return Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64).derive(passphrase)


@pytest.fixture
def quick_kdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key derivation that takes no time."""
    monkeypatch.setattr(secret, "KDF", quick_argon2id)


def seeded(seed: int) -> Callable[[int], bytes]:
    """Chance that is the same in every run."""
    return random.Random(seed).randbytes


@dataclass(frozen=True, slots=True)
class Said:
    """What a command left behind: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on stdout."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def cause_and_hint(self) -> tuple[str, str]:
        """The two lines of an error."""
        lines = [line.split(": ", 2) for line in self.err.splitlines()]
        (cause,) = [line[2] for line in lines if line[:2] == ["fifthfloor", "error"]]
        (hint,) = [line[2] for line in lines if line[:2] == ["fifthfloor", "hint"]]
        return cause, hint


def command(*arguments: str | Path, stdin: str = PASSPHRASE + "\n") -> Said:
    """Run the command line in this process, without a terminal."""
    out, err = io.StringIO(), io.StringIO()
    handlers = {number: signal.getsignal(number) for number in SIGNALS}
    try:
        with redirect_stdout(out), redirect_stderr(err), mock.patch.object(sys, "stdin", io.StringIO(stdin)):
            code = run(fifthfloor, [str(argument) for argument in arguments])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return Said(code, out.getvalue(), err.getvalue())


def hide(
    sources: Path,
    *cards: Path,
    options: tuple[str | Path, ...] = (),
    label: str = LABEL,
    passphrase: str = PASSPHRASE,
) -> Said:
    """`hide SOURCES --in CARD ...`, the passphrase on stdin."""
    where = [argument for card in cards for argument in ("--in", card)]
    fixed = ("--label", label, "--passphrase-file", "-", "--yes", "--json")
    return command("hide", sources, *where, *fixed, *options, stdin=passphrase + "\n")


def open_in_process(
    out: Path, *cards: Path, passphrase: str = PASSPHRASE, label: str = LABEL, force: bool = False
) -> Said:
    """`open CARD ... --out DIR`, the passphrase on stdin."""
    options = ["--force"] if force else []
    return command(
        "open", *cards, "--out", out, "--label", label, "--passphrase-file", "-", "--json", *options,
        stdin=passphrase + "\n",
    )  # fmt: skip


@pytest.fixture
def seeded_chance(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """A function that seeds the chance of all that follows."""

    def seed(number: int) -> None:
        monkeypatch.setattr(secret, "RANDOM", seeded(number))

    seed(1)
    return seed
