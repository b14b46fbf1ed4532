"""`open` and `recover` say "done" when what they brought back is on the medium, judged by strace."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.audit.made import photograph
from tests.cards.exfat_builder import ExfatBuilder
from tests.outside import kernel_refused
from tests.tasks.cards_at_hand import exfat_card, roll
from tests.tasks.fresh import PROGRAM
from tests.tasks.quick import LABEL, PASSPHRASE, hide

_RENAME = re.compile(r'rename(?:at2?)?\((?:AT_FDCWD(?:<[^>]*>)?, )?"([^"]+)", (?:AT_FDCWD(?:<[^>]*>)?, )?"([^"]+)"')
_FSYNC = re.compile(r"f(?:data)?sync\(\d+<([^>]+)>\)")


def named(text: str) -> Path:
    """A path as strace prints it: bytes beyond ASCII as octal escapes."""
    return Path(text.encode("latin-1").decode("unicode_escape").encode("latin-1").decode())


def calls(log: Path, out: Path) -> list[tuple[str, Path, Path]]:
    """The flushes and renames of a trace that succeeded, in order; only those below `out` or of its parent."""
    found: list[tuple[str, Path, Path]] = []
    for line in log.read_text(errors="replace").splitlines():
        if not line.rstrip().endswith("= 0"):
            continue
        if match := _RENAME.search(line):
            found.append(("rename", named(match[1]), named(match[2])))
        elif match := _FSYNC.search(line):
            found.append(("flush", named(match[1]), named(match[1])))
    return [call for call in found if any(path == out.parent or path.is_relative_to(out) for path in call[1:])]


def judge(log: Path, out: Path) -> None:
    """Every file below `out` was flushed before its rename, and its folder, and each folder's folder, after it."""
    found = calls(log, out)
    for path in (path for path in out.rglob("*") if path.is_file()):
        renames = [number for number, (what, _old, new) in enumerate(found) if what == "rename" and new == path]
        assert renames, f"{path} was not given its name by a rename"
        at = renames[-1]
        assert ("flush", found[at][1], found[at][1]) in found[:at], f"{path} was not flushed before its rename"
        assert ("flush", path.parent, path.parent) in found[at:], f"the folder of {path} was not flushed after it"
    for folder in (path for path in (out, *out.rglob("*")) if path.is_dir()):
        assert ("flush", folder.parent, folder.parent) in found, f"the name of {folder} is not on the medium"


def traced(home: Path, *arguments: str | Path, stdin: str = "") -> Path:
    log = home / "log"
    watched = ["strace", "-f", "-y", "-qq", "-o", str(log), "-e", "trace=fsync,fdatasync,rename,renameat,renameat2"]
    if subprocess.run([*watched, "true"], capture_output=True, check=False).returncode:
        kernel_refused("no tracing")
    command = [*watched, sys.executable, str(PROGRAM), *map(str, arguments)]
    done = subprocess.run(command, cwd=home, input=stdin, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return log


@pytest.mark.judge("strace")
@pytest.mark.kernel
@pytest.mark.usefixtures("quick_kdf")
def test_open_is_done_when_everything_is_on_the_medium(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", 1, size_bytes=12_000_000, files=4)
    source = roll(tmp_path / "roll", megabytes=1)
    (source / "notes").mkdir()
    (source / "notes" / "empty.txt").touch()
    assert hide(source, card).code == 0
    out = tmp_path / "new" / "out"
    asked = ("--label", LABEL, "--passphrase-file", "-")
    log = traced(tmp_path, "open", card, "--out", out, *asked, stdin=PASSPHRASE + "\n")
    assert list(out.rglob("empty.txt"))
    judge(log, out)


@pytest.mark.judge("strace")
@pytest.mark.kernel
def test_recover_is_done_when_everything_is_on_the_medium(tmp_path: Path) -> None:
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=4096)
    builder.delete(builder.add("DCIM/100CANON/IMG_0001.JPG", photograph(1), start=1000))
    builder.finish()
    out = tmp_path / "out"
    log = traced(tmp_path, "recover", tmp_path / "c.img", "--out", out)
    assert [path for path in out.rglob("*") if path.is_file()]
    judge(log, out)
