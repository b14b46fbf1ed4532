"""`hide` beside `wipe` on cards as slow as cards are: what whoever waits for it sees (bench/wipe_dd.py has a disk).

    PYTHONPATH=. BENCH_DIR=/dev/shm python bench/card_rate.py [--rounds 2] [--mib 512] [--written 90 --read 90]

Three exFAT images, throttled at the door of the device to so many MB written and read a second, 28 % of the places
hidden. Both commands run as processes of their own, Argon2id at full cost, in turn.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from evening_time import throttled
from measure import MIB, PROGRAM, Cost, cost_of, hide_command, make_files, passphrase_file, row
from wipe_dd import HIDDEN_SHARE, SURPLUS, exfat_cards, ratio

from fifthfloor.cards.image import open_card
from fifthfloor.carriers.free_space import lay_out
from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.floor.slot import SYMBOL_BYTES


def run_slowly(written: str, read: str, *arguments: str) -> int:
    """What a process of its own does: the command, with every image as slow as a card."""
    with throttled(float(written) * 1e6, float(read) * 1e6):
        return run(fifthfloor, list(arguments))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--mib", type=int, default=512)
    parser.add_argument("--written", type=float, default=90, help="MB a second")
    parser.add_argument("--read", type=float, default=90, help="MB a second")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        cards = exfat_cards(folder, 3, given.mib * MIB)
        with open_card(cards[0]) as card:
            places = len(lay_out(card.volumes).places)
        hidden = int(HIDDEN_SHARE * 3 * places / SURPLUS) * SYMBOL_BYTES
        hiding = hide_command(make_files(folder / "in", hidden), cards, passphrase_file(folder), "--lose", "1")
        wiping = [PROGRAM, "wipe", *map(str, cards), "--yes"]
        cost_of(wiping)  # images are sparse: the first sweep pays for their blocks
        slowly = [sys.executable, __file__, "as a card", f"{given.written}", f"{given.read}"]
        took: dict[str, list[Cost]] = {"wipe": [], "hide": []}
        for _ in range(given.rounds):
            for what, command in (("wipe", wiping), ("hide", hiding)):
                took[what].append(cost_of([*slowly, *command[1:]]))
    for what, costs in took.items():
        print(what, *(f"{cost.cpu:.1f} s CPU {cost.wall:.1f} s" for cost in costs), sep=", ")
    found = ratio(took["hide"], took["wipe"], "wall")
    row("hide beside wipe on cards of that speed, time", f"{found:.2f}", "1.1", found <= 1.1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["as a card"]:
        sys.exit(run_slowly(*sys.argv[2:]))
    main()
