"""Room a floor takes beside the exact (MDS) bound, at odds of failure of at most 2^-40; no bytes are written."""

from __future__ import annotations

import math

from measure import MIB, helped, row

from fifthfloor.floor.plan import Plan, Room, make_plan
from fifthfloor.floor.slot import SLOT_BYTES, SYMBOL_BYTES

CASES = [(256, 3, 1024, 1), (1024, 3, 2048, 1), (4096, 3, 65536, 1), (65536, 3, 131072, 1), (1024, 5, 2048, 2)]


def main() -> None:
    for size_mib, cards, card_mib, lose in CASES:
        places = card_mib * MIB // SLOT_BYTES
        plan = make_plan([Room(places, places * SLOT_BYTES)] * cards, size_mib * MIB // SYMBOL_BYTES, lose, 0.2)
        if not isinstance(plan, Plan):
            raise SystemExit("no plan")
        ratio = sum(plan.slots) * SLOT_BYTES / (size_mib * MIB * cards / (cards - lose) / 0.8)
        odds = math.log2(plan.odds)
        what = f"room of {size_mib} MiB on {cards} cards, {lose} lost, 20 % overwritten"
        row(what, f"{ratio:.4f} of the bound, odds 2^{odds:.1f}", "1.08 at 2^-40", ratio <= 1.08 and odds <= -40)


if __name__ == "__main__":
    helped(__doc__)
    main()
