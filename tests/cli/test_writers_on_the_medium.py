"""Whatever a command leaves behind was flushed before it got its name, and its folder after it: strace as the judge."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.audit.made import camera_card, photograph
from tests.essay.protected import essay, protect
from tests.outside import kernel_refused
from tests.tasks.floors.test_on_the_medium import calls
from tests.tasks.quick import PASSPHRASE

# One process for all of them: what is judged is each file, and a start costs more than most of these commands.
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.tasks.quick import quick_argon2id
from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.tasks import secret
if __name__ == "__main__":
    secret.KDF = quick_argon2id
    for line in Path(sys.argv[2]).read_text().splitlines():
        code = run(fifthfloor, line.split())
        assert code in (0, 1), (line, code)
"""
COMMANDS = """\
plan @c.img --save @out/trip.cards
recover @c.img --out @out/recovered
audit @c.img --html @out/page.html --pick @out/pick.txt
identity new @out/story.key --passphrase-file @key.txt
verify --page @out/verify.html
sign @a.jpg --out @out/signed --yes
protect @a.jpg --out @out/protected --faces none --writing none --yes
stamp request @prot/a.jpg --out @out/stamp
essay new @prot
publish @story --out @out/site --zip @out/site.zip
archive add @prot --archive @out/archive
tidy @c.img --yes
"""


@pytest.mark.judge("strace")
@pytest.mark.kernel
def test_every_writer_flushes_before_it_names(tmp_path: Path) -> None:
    camera_card(tmp_path / "c.img", 3, delete=(2,))
    (tmp_path / "a.jpg").write_bytes(photograph(1))
    (tmp_path / "key.txt").write_text(PASSPHRASE + "\n")
    (tmp_path / "commands").write_text(COMMANDS.replace("@", f"{tmp_path}/"))
    protect(tmp_path / "prot", "a.jpg", photograph(2))
    essay(tmp_path / "story", 1)
    out, log = tmp_path / "out", tmp_path / "log"
    out.mkdir()
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    watched = ["strace", "-f", "-y", "-qq", "-o", str(log), "-e", "trace=fsync,fdatasync,rename,renameat,renameat2"]
    if subprocess.run([*watched, "true"], capture_output=True, check=False).returncode:
        kernel_refused("no tracing")
    command = [*watched, sys.executable, "-c", SCRIPT, str(Path(__file__).parents[2]), str(tmp_path / "commands")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    found = calls(log, tmp_path)
    left = {path for path in tmp_path.rglob("*") if path.is_file()} - before - {log}
    assert {path.relative_to(tmp_path).parts[:2] for path in left} >= {
        ("out", name)
        for name in ("trip.cards", "page.html", "pick.txt", "story.key", "verify.html", "signed", "site", "recovered")
    }
    assert [str(path.relative_to(tmp_path)) for path in sorted(left) if not on_the_medium(path, found)] == []


def on_the_medium(path: Path, found: Sequence[tuple[str, Path, Path]]) -> bool:
    """Say whether a file was flushed under its first name, and its folder after it got its last one.

    A data base is written in place by SQLite, beside a journal: its flush is what there is to see.
    """
    if path.suffix == ".sqlite":
        return ("flush", path, path) in found
    renames = [number for number, (what, _old, new) in enumerate(found) if what == "rename" and new == path]
    if not renames or ("flush", path.parent, path.parent) not in found[renames[-1] :]:
        return False
    first, name = renames[-1], found[renames[-1]][1]
    while earlier := [number for number in range(first) if found[number][0] == "rename" and found[number][2] == name]:
        first, name = earlier[-1], found[earlier[-1]][1]
    return ("flush", name, name) in found[:first]
