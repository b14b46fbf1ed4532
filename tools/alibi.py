"""Measures what other people's programs leave in a card's free space: the table of alibis in docs/threat-model.md.

    python tools/alibi.py [FIRST]    (as root, on Linux with FUSE; Debian: sleuthkit secure-delete scrub f3 bleachbit
fusefat exfat-fuse exfatprogs dosfstools)

Each program is run on an image of its own, which was full of old text before, through fusefat (FAT32) or exfat-fuse
(exFAT). Then every free 4 KiB that `blkls` gives is called zeros, ones, random-looking or something else.
Random-looking means that its byte chi-square lies within five standard deviations of what chance gives
(255 +- 22.6); a JPEG's does not.
"""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

CARD_BYTES = 64 << 20
BLOCK_BYTES = 4096
LONGEST_SECONDS = 60
OLD_TEXT = b"what was on this card before: names, places, and a photograph of somebody. "


@dataclass(frozen=True, slots=True)
class Trial:
    """One program to try.

    Args:
        name: for the table.
        command: run by bash; {mount} is the mounted card, {image} the unmounted image.
        mounted: whether the card is mounted while it runs.
    """

    name: str
    command: str
    mounted: bool = True


FILL = "dd if=/dev/zero of={mount}/fill bs=1M 2>/dev/null; sync;"
TRIALS = (
    Trial("nothing (deleted files only)", "true"),
    Trial("quick format (`mkfs.fat`, `mkfs.exfat`)", "{format}", mounted=False),
    Trial("full format (`mkfs.exfat --full-format`)", "{format} --full-format", mounted=False),
    Trial(
        "fill with a file from `/dev/urandom`, delete it", "dd if=/dev/urandom of={mount}/fill bs=1M; rm {mount}/fill"
    ),
    Trial("`shred -n 1 -u` of a file that fills the card", FILL + "shred -n 1 -u {mount}/fill"),
    Trial("`shred -n 1 -z -u` of such a file", FILL + "shred -n 1 -z -u {mount}/fill"),
    Trial("`sfill -I -ll` (secure-delete)", "sfill -I -ll -f {mount}"),
    Trial("`sfill -I -ll -z`", "sfill -I -ll -z -f {mount}"),
    Trial("`scrub -p random -X`", "scrub -p random -X {mount}/scrubbed; rm -rf {mount}/scrubbed"),
    Trial("`scrub -X` (its default, nnsa)", "scrub -X {mount}/scrubbed; rm -rf {mount}/scrubbed"),
    Trial("BleachBit, wipe free space", "bleachbit --wipe-free-space {mount}"),
    Trial("`f3write`, files deleted", "f3write {mount}; rm -f {mount}/*.h2w"),
)


def prepared(folder: Path, file_system: str) -> Path:
    """Make a card whose free space was full of old text."""
    image = folder / "card.img"
    image.unlink(missing_ok=True)
    image.write_bytes((OLD_TEXT * (CARD_BYTES // len(OLD_TEXT) + 1))[:CARD_BYTES])
    run(formatting(file_system, image))
    return image


def formatting(file_system: str, image: Path) -> str:
    return f"mkfs.fat -F 32 {image}" if file_system == "FAT32" else f"mkfs.exfat {image}"


def run(command: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell; when it takes too long, end it with all that it started."""
    process = subprocess.Popen(
        ["bash", "-c", command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, said = process.communicate(timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.returncode, out, said)


@contextmanager
def mount(image: Path, file_system: str, folder: Path) -> Iterator[Path]:
    """Mount an image without the kernel's file systems."""
    place = folder / "mount"
    place.mkdir(exist_ok=True)
    program, source = "fusefat -o rw+", str(image)
    if file_system == "exFAT":
        # libfuse insists on a block device for this one
        program, source = "mount.exfat-fuse", run(f"losetup --find --show {image}").stdout.decode().strip()
    done = run(f"{program} {shlex.quote(source)} {place}")
    if not place.is_mount():
        sys.exit(f"{program} did not mount: {done.stderr.decode(errors='replace')[-200:]}")
    try:
        yield place
    finally:
        for _ in range(20):
            if run(f"sync; umount {place}").returncode == 0:
                break
            time.sleep(0.5)
        if source != str(image):
            run(f"losetup --detach {source}")


def judged(image: Path) -> tuple[dict[str, float], int]:
    """Return the share of each kind of free block, and how many there are."""
    free = run(f"blkls {shlex.quote(str(image))}").stdout
    blocks = np.frombuffer(free[: len(free) // BLOCK_BYTES * BLOCK_BYTES], np.uint8).reshape(-1, BLOCK_BYTES)
    counts = np.stack([np.bincount(block, minlength=256) for block in blocks])
    expected = BLOCK_BYTES / 256
    chi_square = ((counts - expected) ** 2 / expected).sum(axis=1)
    kinds = {
        "random-looking": np.abs(chi_square - 255) < 5 * np.sqrt(2 * 255),
        "zeros": counts[:, 0] == BLOCK_BYTES,
        "ones": counts[:, 255] == BLOCK_BYTES,
    }
    shares = {name: float(mask.mean()) for name, mask in kinds.items()}
    return {**shares, "something else": 1.0 - sum(shares.values())}, len(blocks)


def left_names(image: Path) -> str:
    """Return the names of deleted files that the root directory still holds: a trace of what did the filling."""
    said = run(f"fls -d -p {shlex.quote(str(image))}").stdout.decode(errors="replace")
    names = sorted({line.rpartition("\t")[2] for line in said.splitlines() if "\t" in line})
    shown = [name for name in names if not name.startswith("$")]
    return ", ".join(f"`{name}`" for name in shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def main() -> None:
    print("| program | file system | random-looking | zeros | ones | something else | deleted names |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for trial in TRIALS[int(sys.argv[1]) if len(sys.argv) > 1 else 0 :]:
            for file_system in ("FAT32", "exFAT"):
                if "full-format" in trial.command and file_system == "FAT32":
                    continue
                image = prepared(folder, file_system)
                told = {"image": image, "format": formatting(file_system, image), "mount": folder / "mount"}
                if trial.mounted:
                    with mount(image, file_system, folder):
                        try:
                            run(trial.command.format(**told))
                        except subprocess.TimeoutExpired:
                            print(
                                f"| {trial.name} | {file_system} | no end after {LONGEST_SECONDS} s | | | |", flush=True
                            )
                            continue
                else:
                    run(trial.command.format(**told))
                shares, _ = judged(image)
                row = " | ".join(f"{100 * shares[kind]:.1f} %" for kind in shares)
                print(f"| {trial.name} | {file_system} | {row} | {left_names(image)} |", flush=True)


if __name__ == "__main__":
    main()
