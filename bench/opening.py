"""Opening: the index pass beside `dd` on the same image from the cache, and bringing back with a lost card."""

from __future__ import annotations

import hashlib
import os
import secrets
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from measure import MIB, PASSPHRASE, cost_of, hide_command, make_cards, make_files, passphrase_file, row

from fifthfloor.cards.image import open_raw
from fifthfloor.carriers import collection as collecting
from fifthfloor.carriers.collection import Collection, scan
from fifthfloor.floor.shards import decode
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.restore import archive_of, restore

CARD_BYTES = 1024 * MIB
ROUNDS = 5


def dd_seconds(image: Path) -> float:
    begun = time.perf_counter()
    subprocess.run(["dd", f"if={image}", "of=/dev/null", "bs=4M", "status=none"], check=True)
    return time.perf_counter() - begun


def demanded_cpu(files: Path) -> float:
    """CPU seconds of what spec/floor.md demands of whoever opens, beside the code: both hashes, the slots."""
    size = sum(path.stat().st_size for path in files.iterdir())
    piece, cipher = secrets.token_bytes(MIB), ChaCha20Poly1305(secrets.token_bytes(32))
    sealed = cipher.encrypt(bytes(12), piece[: SLOT_BYTES - 48], b"")
    begun = time.process_time()
    for _ in range(2 * size // MIB):
        hashlib.sha256(piece).digest()
    for _ in range(size // SYMBOL_BYTES):
        cipher.decrypt(bytes(12), sealed, b"")
    return time.process_time() - begun


def main() -> None:
    decoding: list[float] = []

    def timed(*arguments: Any, **named: Any) -> Any:
        begun = time.process_time()
        made = decode(*arguments, **named)
        decoding.append(time.process_time() - begun)
        return made

    collecting.decode = timed  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        cards = make_cards(folder, 3, CARD_BYTES)
        files = make_files(folder / "in", int(0.2 * 3 * CARD_BYTES / 16384 * 16240 / 2.0))
        cost_of(hide_command(files, cards, passphrase_file(folder)))
        cipher = SlotCipher(secret.keys_of(PASSPHRASE, ""))
        with open_raw(cards[1]) as one, open_raw(cards[2]) as two:
            ratios = []
            for _ in range(ROUNDS):
                plain = dd_seconds(cards[1])
                begun = time.perf_counter()
                scan([one], cipher, lambda _done: None)
                ratios.append(plain / (time.perf_counter() - begun))
            ratio = statistics.median(ratios)
            row("index pass, 20 % of the slots hidden", f"{ratio:.2f} of dd from cache", "0.5", ratio >= 0.5)
            collection = Collection([one, two], cipher, scan([one, two], cipher, lambda _done: None))
            (facts,) = collection.floors()
            unlocked = facts.unlock()
            assert unlocked
            (folder / "back").mkdir()
            decoding.clear()
            cpu = time.process_time()
            restore(archive_of(collection, facts, unlocked, lambda _done: None), "", folder / "back")
            took = time.process_time() - cpu
            share = sum(decoding) / took
            row("bringing back with the first card lost", f"{share:.2f} of the code's own decode", "0.7", share >= 0.7)
            most = sum(decoding) / (sum(decoding) + demanded_cpu(folder / "in"))
            row("what the format leaves of that: both hashes and the opening of slots alone", f"{most:.2f}", "-", None)


if __name__ == "__main__":
    main()
