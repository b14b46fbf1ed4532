"""1,000 simulated journeys at exactly the promised damage, beside the odds from section 7's arithmetic, and the curve.

    python bench/odds.py [--journeys 1000] [--picture docs/pictures/survival.png]

Only places of shards are simulated, no bytes: three cards of 1 GiB, a floor of 256 MiB, one card gone, the others
overwritten as one burst, as camera files of 4 MiB and more, or as scattered places, taking turns.
"""

from __future__ import annotations

import argparse
import math
import secrets
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fifthfloor.floor.noise import choose, random_keys
from fifthfloor.floor.odds import code_failure, group_failure, survivors
from fifthfloor.floor.plan import OVERWRITTEN_RUN_BYTES, Plan, Room, deal, make_plan, places_hit
from fifthfloor.floor.slot import SLOT_BYTES

CARD = Room(places=65_000, free_bytes=65_000 * SLOT_BYTES)
SYMBOLS, LOSE, PERCENT, CARDS = 16_530, 1, 20, 3
ARTIFICE_BLOCKS = 262_144  # a volume of 1 GB in blocks of 4 KB
Bools = NDArray[np.bool_]
GREEN = "#0b6e4f"
CAPTION = (
    "x2.0 means 2.0 bytes written for each byte hidden. Dots: simulated journeys, one card gone. Artifice: its "
    "published model, a volume of 1 GB\nof which every 4 KB block must keep 2 of 4 (3 of 8) places; it is a disk "
    "one can write to, which repairs itself in use; a floor is written once."
)
SHAPES = ("one burst", "camera files", "scattered places")


def below(limit: int) -> int:
    return secrets.randbelow(max(1, limit))


def damage(shape: str, hit: int) -> Bools:
    """Draw which places of a card are hit; `hit` of them, or a few fewer where files overlap nothing."""
    mask = np.zeros(CARD.places, np.bool_)
    if shape == "one burst":
        start = below(CARD.places - hit + 1)
        mask[start : start + hit] = True
    elif shape == "scattered places":
        mask[choose(hit, CARD.places, secrets.token_bytes)] = True
    else:
        # Files of 4 to 25 MB from the first free place on, a place apart, as after deleting some of the older ones.
        at = left = 0
        left = hit
        while left and at < CARD.places:
            length = min(left, OVERWRITTEN_RUN_BYTES // SLOT_BYTES + below(1270), CARD.places - at)
            mask[at : at + length] = True
            left -= length
            at += length + below(40)
    return mask


def journey(plan: Plan, shape: str, hit: int) -> bool:
    """One journey: deal the floor anew, lose one card, damage the others; whether everything comes back."""
    alive = np.zeros(len(plan.groups), np.int64)
    for card in range(CARDS - LOSE):
        places = choose(plan.slots[card], CARD.places, secrets.token_bytes)
        groups = deal(plan, card, secrets.token_bytes)
        left = groups[~damage(shape, hit)[places]]
        if not len(left):
            return False
        alive += np.bincount(left, minlength=len(plan.groups))
    failing = np.array([code_failure(int(a) - k) for a, k in zip(alive, plan.groups, strict=True)])
    drawn = random_keys(len(plan.groups), secrets.token_bytes).astype(np.float64) / 2.0**64
    return bool((drawn >= failing).all())


def floor_survives(plan: Plan, hit: int, cards: int) -> float:
    """Section 7: all groups come back from this many cards with `hit` places hit on each."""
    lost = group_failure(max(plan.groups), [survivors(CARD.places, hit, plan.shards[0])] * cards)
    return math.exp(len(plan.groups) * math.log1p(-lost)) if lost < 1 else 0.0


def artifice_survives(needed: int, made: int, overwritten: float) -> float:
    """Artifice's published model: every block keeps `needed` of its `made` carrier blocks (binomial)."""
    lost = math.fsum(
        math.comb(made, alive) * (1 - overwritten) ** alive * overwritten ** (made - alive) for alive in range(needed)
    )
    return math.exp(ARTIFICE_BLOCKS * math.log1p(-min(lost, 1 - 1e-16)))


def simulate(plan: Plan, journeys: int) -> list[tuple[float, int]]:
    """Print a row for each damage and return (times the promised damage, survived)."""
    promised = places_hit(CARD, PERCENT / 100)
    print("| damage | places hit a card | journeys | everything came back | arithmetic: odds of loss |")
    print("|---|---|---|---|---|")
    found = []
    for times in (1.0, 1.1, 1.2):
        hit = round(promised * times)
        survived = sum(journey(plan, SHAPES[n % len(SHAPES)], hit) for n in range(journeys))
        odds = len(plan.groups) * group_failure(max(plan.groups), [survivors(CARD.places, hit, plan.shards[0])] * 2)
        power = f"2^{math.log2(odds):.1f}" if odds < 0.01 else f"{1 - floor_survives(plan, hit, 2):.3f}"
        print(f"| {times:.1f} of the promise | {hit} | {journeys} | {survived} | {power} |", flush=True)
        found.append((times, survived))
    return found


def draw(plan: Plan, found: list[tuple[float, int]], journeys: int, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    expansion = sum(plan.slots) / SYMBOLS
    share = np.linspace(0, 0.6, 601)
    hits = np.round(share * CARD.places).astype(int)
    figure, axes = plt.subplots(figsize=(9, 5), dpi=120)
    two = [100 * floor_survives(plan, int(hit), 2) for hit in hits]
    three = [100 * floor_survives(plan, int(hit), 3) for hit in hits]
    axes.plot(
        100 * share, three, color="#0b6e4f", linewidth=2.4, label=f"Fifth Floor x{expansion:.1f}, all three cards"
    )
    axes.plot(100 * share, two, color="#0b6e4f", linewidth=2.4, linestyle="--", label="the same, one card already gone")
    for needed, made, colour in ((2, 4, "#b5532a"), (3, 8, "#6a4c93")):
        curve = [100 * artifice_survives(needed, made, float(p)) for p in share]
        axes.plot(100 * share, curve, color=colour, linewidth=2, label=f"Artifice {needed}-of-{made}, x{made}")
    promised = places_hit(CARD, PERCENT / 100)
    for number, (times, survived) in enumerate(found):
        x = 100 * promised * times / CARD.places
        axes.plot([x], [100 * survived / journeys], "o", color="black", markersize=6, zorder=5)
        note = f"{times:.1f} x promise: {survived:,} of {journeys:,}"
        axes.annotate(note, (x, 100 * survived / journeys), xytext=(27.5, 90 - 9 * number), fontsize=8.5,
                      arrowprops={"arrowstyle": "-", "color": "0.5", "linewidth": 0.7, "relpos": (0, 0.5)})  # fmt: skip
    axes.axvline(PERCENT, color="0.6", linewidth=0.8)
    axes.text(PERCENT - 0.6, 3, "promised: 20 %", rotation=90, fontsize=8.5, color="0.35", ha="right", va="bottom")
    axes.set_xlabel("part of the free space overwritten on each card that is left (%)")
    axes.set_ylabel("everything comes back (%)")
    axes.set_title("What a floor of 256 MiB on three cards of 1 GiB survives", fontsize=12)
    axes.set_xlim(0, 60)
    axes.set_ylim(-2, 102)
    axes.legend(loc="lower left", bbox_to_anchor=(0.44, 0.1), fontsize=8.5, framealpha=1)
    figure.text(0.01, 0.01, CAPTION, fontsize=7, color="0.35")
    figure.tight_layout(rect=(0, 0.06, 1, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Software": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journeys", type=int, default=1000)
    parser.add_argument("--picture", type=Path)
    given = parser.parse_args()
    plan = make_plan([CARD] * CARDS, SYMBOLS, LOSE, PERCENT / 100)
    if not isinstance(plan, Plan):
        raise SystemExit("the cards are too small for this floor")
    shards = f"{plan.shards[0]} shards of each on each of {CARDS} cards"
    print(f"groups {plan.groups[0]} x {len(plan.groups)}, {shards}, promised odds {plan.odds:.2e}\n")
    found = simulate(plan, given.journeys)
    if given.picture:
        draw(plan, found, given.journeys, given.picture)


if __name__ == "__main__":
    main()
