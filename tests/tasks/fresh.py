"""Opening by a process that knows only passphrase, label and the surviving images."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.tasks.quick import LABEL, PASSPHRASE, Said

PROGRAM = Path(__file__).with_name("fresh_process.py")


def fresh(
    home: Path, *arguments: str | Path, stdin: str = PASSPHRASE + "\n", bad: Mapping[str, Sequence[int]] | None = None
) -> Said:
    """Run a command in a new process, in a folder of its own."""
    options: list[str | Path] = []
    if bad is not None:
        table = home / "bad-sectors.json"
        table.write_text(json.dumps({name: list(sectors) for name, sectors in bad.items()}), encoding="utf-8")
        options = ["--bad", table]
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, options), *map(str, arguments)],
        cwd=home,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def fresh_open(
    home: Path, out: Path, *images: Path, label: str = LABEL, bad: Mapping[str, Sequence[int]] | None = None
) -> Said:
    """`open IMAGE ... --out DIR` in a new process."""
    return fresh(home, "open", *images, "--out", out, "--label", label, "--passphrase-file", "-", "--json", bad=bad)
