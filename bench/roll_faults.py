"""What a roll bears, by the installed command.

    PYTHONPATH=.:bench python bench/roll_faults.py FOLDER [--files 2000] [--covers 60] [--program fifthfloor]

Files of all kinds in FOLDER/roll, drawn photographs that carry among them; then a copy of it for each fault: a quarter
of those that carry is deleted, renamed, cut, or replaced by another photograph; all are optimised by jpegtran, or lose
their metadata to exiftool. A line says whether `open` gave the file back; and what a SIGKILL in the middle left.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.carriers.covers_made import photograph, roll_of

Paths = Sequence[Path]


def strangers(folder: Path, count: int) -> None:
    """Write files of all kinds that carry nothing: notes, noise, cut and progressive photographs, folders of them."""
    chance, whole = random.Random(1), photograph(900)
    flat = photograph(901, noise=0.0, progressive=True)
    for number in range(count):
        inner = folder / f"{chance.randrange(8)}"
        inner.mkdir(exist_ok=True)
        kinds = [("txt", b"a note"), ("jpg", chance.randbytes(3000)), ("JPG", whole[: chance.randrange(9000)])]
        ending, data = [*kinds, ("jpg", flat[:20_000]), ("bin", b"")][number % 5]
        (inner / f"file {number}.{ending}").write_bytes(data)


def run(program: str, *words: str | Path) -> int:
    return subprocess.run([program, *words], capture_output=True, check=False).returncode


def delete(paths: Paths) -> None:
    for path in paths:
        path.unlink()


def replace_with_others(paths: Paths) -> None:
    for number, path in enumerate(paths):
        path.write_bytes(photograph(2000 + number))


def by_jpegtran(paths: Paths) -> None:
    for path in paths:
        done = subprocess.run(["jpegtran", "-optimize", "-copy", "none", path], capture_output=True, check=True)
        path.write_bytes(done.stdout)


FAULTS: dict[str, Callable[[Paths], object]] = {
    "deleted": delete,
    "renamed": lambda paths: [path.rename(path.with_name(f"{n}.dat")) for n, path in enumerate(paths)],
    "cut": lambda paths: [path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]) for path in paths],
    "replaced": replace_with_others,
    "jpegtran -optimize": by_jpegtran,
    "exiftool -all=": lambda paths: run("exiftool", "-q", "-all=", "-overwrite_original", *paths),
}


def killed(program: str, hide: Sequence[str | Path], folder: Path, old: dict[str, bytes]) -> str:
    """Kill a hide as soon as a first photograph is new; say how many are old, new, and neither."""
    process = subprocess.Popen([program, *hide], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and all((folder / name).stat().st_size == len(data) for name, data in old.items()):
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    now = {name: (folder / name).read_bytes() for name in old}
    new = sum(data != old[name] for name, data in now.items())
    whole = sum(data.endswith(b"a trailer of the camera's") for data in now.values())
    return f"killed with {process.returncode}: {len(old) - new} old, {new} new, {len(old) - whole} neither"


def asked_for() -> argparse.Namespace:
    """Return where to work, with how many files, and which program is tried."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--covers", type=int, default=60)
    parser.add_argument("--program", default="fifthfloor")
    return parser.parse_args()


def main() -> None:
    given = asked_for()
    work, program = given.folder, given.program
    roll = roll_of(work / "roll", given.covers)
    strangers(roll, given.files - given.covers)
    secret, key = work / "secret.bin", work / "key"
    secret.write_bytes(random.Random(2).randbytes(8_000))
    key.write_text("tapeless unwitting gargle skedaddle ozone frolic plywood\n")
    asked = ("--yes", "--label", "", "--passphrase-file", key)
    old = {path.name: path.read_bytes() for path in roll.glob("IMG_*.JPG")}
    shutil.copytree(roll, work / "kill")
    line = ("hide", secret, "--in", work / "kill", "--rate", "0.05", *asked)
    print(killed(program, line, work / "kill", old), flush=True)
    print("hide:", run(program, "hide", secret, "--in", roll, "--rate", "0.05", *asked), flush=True)
    carrying = [path for path in sorted(roll.glob("IMG_*.JPG")) if path.read_bytes() != old[path.name]]
    wanted = hashlib.sha256(secret.read_bytes()).digest()
    for fault, harm in FAULTS.items():
        mine = Path(shutil.copytree(roll, work / "mine"))
        count = len(carrying) if fault.startswith(("jpegtran", "exiftool")) else -(-len(carrying) // 4)
        names = random.Random(fault).sample([path.name for path in carrying], count)
        harm([mine / name for name in names])
        code = run(program, "open", mine, "--out", work / "out", "--label", "", "--passphrase-file", key)
        back = work / "out" / secret.name
        whole = back.is_file() and hashlib.sha256(back.read_bytes()).digest() == wanted
        print(f"{fault}: {count} of {len(carrying)} that carry, in {given.files} files: {code}, {whole}", flush=True)
        for folder in (mine, work / "out"):
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
