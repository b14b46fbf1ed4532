"""A long campaign of mutations against verify.py: none may be accepted, none may crash (a form for `make bench-long`).

python bench/mutations.py [COUNT] [SEED]      a million takes about half an hour of CPU
"""

from __future__ import annotations

import itertools
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from measure import row
from tests.statement.mutations import mutations, refused
from tests.statement.stories import secret, signed


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    found = signed(((1, 2),), shown=("camera",), values={"camera": "Leica"}, width=130, height=40)
    other = signed(((0, 1),), seed=secret("other"), mode="L", width=130, height=40)
    begun = time.process_time()
    accepted = sum(not refused(found, *pair) for pair in itertools.islice(mutations(found, other, seed), count))
    took = time.process_time() - begun
    row(f"{count} mutations, seed {seed}", f"{accepted} accepted, 0 crashes, {took:.0f} s of CPU", "0", accepted == 0)


if __name__ == "__main__":
    main()
