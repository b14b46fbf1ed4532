"""Opening: the index pass beside `dd` on the same image from the cache, and bringing back with a lost card.

    python bench/opening.py [--mib 1024]

Groups are brought back in one thread, hashed and written in another. On a loaded machine time says little, so the
longest thread stands for it: the CPU time of the thread that takes more, which is the time where two cores are free.
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
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from measure import MIB, PASSPHRASE, cost_of, hide_command, make_cards, make_files, passphrase_file, row

from fifthfloor.cards.image import open_raw
from fifthfloor.carriers import collection as collecting
from fifthfloor.carriers.collection import Collection, FloorFacts, Unlocked, scan
from fifthfloor.floor.shards import decode
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import restore as restoring

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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024, help="size of each of the three cards")
    card_bytes = parser.parse_args().mib * MIB
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        cards = make_cards(folder, 3, card_bytes)
        files = make_files(folder / "in", int(0.2 * 3 * card_bytes / 16384 * 16240 / 2.0))
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
            bring_back(collection, folder)


def bring_back(collection: Collection, folder: Path) -> None:
    """Bring the files of `in` back, some times, and print the rows."""
    (facts,) = collection.floors()
    unlocked = facts.unlock()
    assert unlocked
    decoding: list[float] = []
    thread: list[float] = []
    real_groups = restoring._groups

    def timed(*arguments: Any, **named: Any) -> Any:
        begun = time.thread_time()
        made = decode(*arguments, **named)
        decoding.append(time.thread_time() - begun)
        return made

    def groups(collection: Collection, facts: FloorFacts, unlocked: Unlocked) -> Iterator[memoryview]:
        begun = time.thread_time()
        yield from real_groups(collection, facts, unlocked)
        thread.append(time.thread_time() - begun)

    collecting.decode = timed  # type: ignore[attr-defined]
    restoring._groups = groups
    shares, longest, most = [], [], []
    for number in range(ROUNDS):
        back = folder / f"back{number}"
        back.mkdir()
        decoding.clear()
        cpu, own = time.process_time(), time.thread_time()
        archive = restoring.archive_of(collection, facts, unlocked, lambda _done: None)
        restoring.restore(archive, "", back)
        shares.append(sum(decoding) / (time.process_time() - cpu))
        longest.append(sum(decoding) / max(thread.pop(), time.thread_time() - own))
        most.append(sum(decoding) / (sum(decoding) + demanded_cpu(folder / "in")))
        shutil.rmtree(back)
    share = statistics.median(longest)
    what = "bringing back with the first card lost"
    row(f"{what}, longest thread", f"{share:.2f} of the code's own decode", "0.7", share >= 0.7)
    row(f"{what}, CPU of all threads", f"{statistics.median(shares):.2f}", "none set", None)
    row("what the format leaves of that: hashes and AEAD alone", f"{statistics.median(most):.2f}", "none set", None)


if __name__ == "__main__":
    main()
