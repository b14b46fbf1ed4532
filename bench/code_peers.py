"""The erasure code beside its peers at the same redundancy: zfec, Leopard and par2, CPU seconds in one run.

Needs `pip install zfec reed-solomon-leopard` (wheels up to Python 3.12) and Debian's par2; says what is not there.
"""

from __future__ import annotations

import importlib
import os
import resource
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measure import helped

from fifthfloor.floor.shards import decode, encode
from fifthfloor.floor.slot import SYMBOL_BYTES

SYMBOLS = 2048
REPAIR = SYMBOLS  # as many again: half of everything may be lost
SIZE = SYMBOLS * SYMBOL_BYTES


def rate(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return SIZE / (time.process_time() - begun) / 1e6


def ours(data: bytes) -> tuple[float, float]:
    made: list[bytes] = []
    encoding = rate(lambda: made.extend(row.tobytes() for row in encode(data, range(SYMBOLS + REPAIR))))
    kept = {number: made[number] for number in range(SYMBOLS // 2, SYMBOLS * 3 // 2 + 2)}
    return encoding, rate(lambda: decode(SYMBOLS, kept))


def zfec(data: bytes) -> tuple[float, float]:
    module = importlib.import_module("zfec")
    k = 128  # it takes at most 256 shares, so a group is cut in stripes of 128 + 128
    symbols = [data[at : at + SYMBOL_BYTES] for at in range(0, len(data), SYMBOL_BYTES)]
    stripes = [symbols[at : at + k] for at in range(0, SYMBOLS, k)]
    made: list[list[bytes]] = []
    encoding = rate(lambda: made.extend(module.Encoder(k, 2 * k).encode(stripe) for stripe in stripes))
    numbers = list(range(k // 2, k * 3 // 2))
    decoder = module.Decoder(k, 2 * k)
    return encoding, rate(lambda: [decoder.decode([one[n] for n in numbers], numbers) for one in made])


def leopard(data: bytes) -> tuple[float, float]:
    module = importlib.import_module("reed_solomon_leopard")
    symbols = [data[at : at + SYMBOL_BYTES] for at in range(0, len(data), SYMBOL_BYTES)]
    made: list[bytes] = []
    encoding = rate(lambda: made.extend(module.encode(symbols, REPAIR)))
    half = SYMBOLS // 2
    some, repair = dict(enumerate(symbols[half:], half)), dict(enumerate(made[:half]))
    back: dict[int, bytes] = {}
    decoding = rate(lambda: back.update(module.decode(SYMBOLS, REPAIR, some, repair)))
    if any(back[number] != symbols[number] for number in range(half)):
        raise SystemExit("Leopard brought something else back")
    return encoding, decoding


def par2(data: bytes) -> float:
    small = data[: SIZE // 32]  # it takes minutes for the whole
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        path = Path(name, "data")
        path.write_bytes(small)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["par2", "create", "-q", "-q", "-s16240", "-r100", str(path)], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return len(small) / (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / 1e6


def main() -> None:
    data = secrets.token_bytes(SIZE)
    base = ours(data)
    print(f"| RaptorQ as we use it, {SYMBOLS} + {REPAIR} symbols | {base[0]:.0f} and {base[1]:.0f} MB/s | 1 and 1 |")
    for name, peer in (("zfec, stripes of 128 + 128", zfec), ("Leopard, the same symbols", leopard)):
        try:
            speed = peer(data)
        except (ImportError, AttributeError, TypeError, ValueError) as error:
            print(f"| {name} | not measured: {type(error).__name__} | |")
            continue
        shares = f"{speed[0] / base[0]:.2f} and {speed[1] / base[1]:.2f}"
        print(f"| {name} | {speed[0]:.0f} and {speed[1]:.0f} MB/s | {shares} |")
    if shutil.which("par2"):
        made = par2(data)
        print(f"| par2, 100 % redundancy, a 32nd of the data | {made:.1f} MB/s | {made / base[0]:.3f} |")


if __name__ == "__main__":
    helped(__doc__)
    main()
