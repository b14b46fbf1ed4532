"""`wipe` beside `dd if=/dev/urandom` and reading back, and `hide` beside `wipe`, on the same cards in one run.

    BENCH_DIR=/on/a/disk python bench/wipe_dd.py [--rounds 3] [--mib 1024]

Three exFAT cards (1 GiB each) on a disk; `dd` writes as many bytes as `wipe` finds free, flushes, forgets the cache and
reads them back. A first sweep is not counted: images are sparse, and it pays for their blocks, which no card has to.
Whatever is hidden, the format demands one Argon2id, two SHA-256 of every byte and one sealing of every slot: what these
alone cost in the same run, without a symbol made or a file read, says how far `hide` could come down.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import secrets
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from measure import MIB, PASSPHRASE, PROGRAM, Cost, cost_of, hide_command, make_files, passphrase_file, row

from fifthfloor.cards.image import open_card
from fifthfloor.carriers.free_space import lay_out
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES
from fifthfloor.tasks import secret

HIDDEN_SHARE = 0.28  # of the places, after the plan's surplus
SURPLUS = 2.0  # shards a symbol with one of three cards lost and 20 % overwritten


def exfat_cards(folder: Path, count: int, size_bytes: int) -> list[Path]:
    cards = []
    for number in range(count):
        path = folder / f"card{number}.img"
        with path.open("wb") as file:
            file.truncate(size_bytes)
        subprocess.run(["mkfs.exfat", str(path)], check=True, capture_output=True)
        cards.append(path)
    return cards


def dd_command(cards: Sequence[Path], scratch: Path, free_bytes: int) -> list[str]:
    """Write noise into files as large as the free space, where they stand, and read them back past the cache."""
    lines = []
    for number, _card in enumerate(cards):
        out, blocks = scratch / f"noise{number}", free_bytes // MIB // 4
        lines.append(f"dd if=/dev/urandom of={out} bs=4M count={blocks} conv=notrunc,fsync status=none")
        lines.append(f"dd if={out} iflag=nocache count=0 status=none")
        lines.append(f"dd if={out} of=/dev/null bs=4M status=none")
    return ["sh", "-c", " && ".join(lines)]


def demanded_cpu(hidden_bytes: int) -> float:
    """CPU seconds of what spec/floor.md demands of whoever hides: the key, both hashes, the sealing of the slots."""
    begun = time.process_time()
    keys = secret.keys_of(PASSPHRASE, "")
    piece, slot = secrets.token_bytes(MIB), bytearray(SLOT_BYTES)
    for _ in range(2 * hidden_bytes // MIB):
        hashlib.sha256(piece).digest()
    sealed = ChaCha20Poly1305(keys.seal)
    for number in range(int(SURPLUS * hidden_bytes / SYMBOL_BYTES)):
        sealed.encrypt_into(number.to_bytes(12, "big"), piece[: SLOT_BYTES - 48], b"", memoryview(slot)[32:])
    return time.process_time() - begun


def ratio(one: Sequence[Cost], other: Sequence[Cost], what: str) -> float:
    return float(statistics.median(getattr(a, what) / getattr(b, what) for a, b in zip(one, other, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--mib", type=int, default=1024)
    given = parser.parse_args()
    if not shutil.which("mkfs.exfat"):
        raise SystemExit("mkfs.exfat is not installed")
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        cards = exfat_cards(folder, 3, given.mib * MIB)
        with open_card(cards[0]) as card:
            layout = lay_out(card.volumes)
        hidden = int(HIDDEN_SHARE * 3 * len(layout.places) / SURPLUS) * SYMBOL_BYTES
        files = make_files(folder / "in", hidden)
        wiping = [PROGRAM, "wipe", *map(str, cards), "--yes"]
        hiding = hide_command(files, cards, passphrase_file(folder), "--lose", "1")
        dd = dd_command(cards, folder, layout.free_bytes)
        cost_of(wiping)
        cost_of(dd)
        took: dict[str, list[Cost]] = {"dd": [], "wipe": [], "hide": []}
        for _ in range(given.rounds):
            for what, command in (("dd", dd), ("wipe", wiping), ("hide", hiding)):
                took[what].append(cost_of(command))
        for what, costs in took.items():
            print(what, *(f"{cost.cpu:.1f} s CPU {cost.wall:.1f} s" for cost in costs), sep=", ")
        swept = 3 * layout.free_bytes / 1e9
        print(
            f"{swept:.1f} GB swept, {hidden / 1e6:.0f} MB hidden, {len(layout.places) * SLOT_BYTES / 1e6:.0f} MB a card"
        )
        least = demanded_cpu(hidden) / statistics.median(cost.cpu for cost in took["wipe"])
        row("what the format demands beyond a `wipe`, of its CPU", f"{least:.2f}", "none set", None)
        for what, peer, cpu, wall in (
            ("wipe", "dd", 1.1, 1.25),
            ("hide", "wipe", 1.4, 1.1),
            ("hide", "dd", 1.54, 1.38),
        ):
            for measured, limit in (("cpu", cpu), ("wall", wall)):
                found = ratio(took[what], took[peer], measured)
                row(f"{what} beside {peer}, {measured}", f"{found:.2f}", f"{limit}", found <= limit)


if __name__ == "__main__":
    main()
