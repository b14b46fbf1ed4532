"""A long campaign of mutations against both verifiers (a form for `make bench-long`).

python bench/mutations.py [COUNT] [SEED]      a million takes about an hour of CPU

None may be accepted, none may crash, and verify.py and verify.js must give the same reason for each. A tenth as many
are signed anew by a forger with a key of his own: there the two need only agree.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from measure import helped, row
from tests.statement.mutations import Pair, both, lawful, mutations, script, signed_anew
from tests.statement.stories import OTHER_KEY, secret, signed

BATCH = 500


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    found = signed(((1, 2),), shown=("camera",), values={"camera": "Leica"}, width=130, height=40)
    other = signed(((0, 1),), seed=secret("other"), mode="L", width=130, height=40)
    begun = time.process_time()
    reasons: Counter[str] = Counter()
    wrong: list[tuple[str, str, Pair]] = []
    with script() as judge:
        for pairs in _batches(mutations(found, other, seed), count):
            for pair, (ours, theirs) in zip(pairs, both(judge, pairs), strict=True):
                reasons[ours] += 1
                if ours != theirs or (ours == "verified" and not lawful(found, *pair)):
                    wrong.append((ours, theirs, pair))
        anew: Counter[str] = Counter()
        for pairs in _batches(signed_anew(found, other, OTHER_KEY, seed), count // 10):
            for pair, (ours, theirs) in zip(pairs, both(judge, pairs), strict=True):
                anew[ours] += 1
                if ours != theirs:
                    wrong.append((ours, theirs, pair))
    took = time.process_time() - begun
    for ours, theirs, pair in wrong[:20]:
        print(f"python: {ours}, script: {theirs}, {pair!r}")
    row(f"{count} mutations, seed {seed}, both verifiers", f"{len(wrong)} wrong, {took:.0f} s", "0", not wrong)
    print("outcomes:", dict(reasons.most_common()), "signed anew:", dict(anew.most_common()), flush=True)
    return 1 if wrong else 0


def _batches(changes: Iterator[Pair], count: int) -> Iterator[list[Pair]]:
    for at in range(0, count, BATCH):
        yield list(itertools.islice(changes, min(BATCH, count - at)))


if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
