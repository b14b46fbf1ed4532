"""Other programs on the copies of `bench.trace`.

`PYTHONPATH=bench python -m bench.trace_peers PHOTOGRAPHS [COPIED ARCHIVED]`

It draws them and prints the command for the second half, which runs where imagededup and czkawka (bindings of its Rust
library) are installed: `python bench/trace_peers.py judge FOLDER`. imagededup by its PHash, within 10 of 64 bits as it
does by default (its neural network needs torch and is not asked); czkawka by its 0.1.2 binding, nearest photograph and
within 15 of 64 bits. Of each change: the share of copies whose nearest photograph within that is the right one.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tempfile
import types
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from random import Random
from typing import Any

from measure import helped

IMAGEDEDUP_BITS, CZKAWKA_BITS = 10, 15


def draw(photographs: Path, copied: int, archived: int) -> Path:
    """Write originals and copies, the same ones as bench.trace."""
    from PIL import Image
    from tests.trace.scenes import CHANGES, jpeg

    folder = Path(tempfile.mkdtemp(prefix="peers"))
    (folder / "ours").mkdir()
    (folder / "copies").mkdir()
    files = sorted(photographs.glob("*"), key=lambda path: hashlib.sha256(path.name.encode()).digest())[:archived]
    for path in files:
        (folder / "ours" / f"{path.stem}.jpg").write_bytes(path.read_bytes())
    for path in files[:copied]:
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        for change, make in CHANGES.items():
            data = jpeg(make(image, Random(f"{path.name} {change}")), 30)
            (folder / "copies" / f"{path.stem}~{change}.jpg").write_bytes(data)
    return folder


def judge(name: str, folder: Path, hashed: Callable[[Path], int], limit: int) -> None:
    """Print the share found of each change, and the false ones."""
    ours = {path.stem: hashed(path) for path in sorted((folder / "ours").iterdir())}
    found: dict[str, list[bool]] = defaultdict(list)
    false = 0
    for path in sorted((folder / "copies").iterdir()):
        stem, _, change = path.stem.partition("~")
        own = hashed(path)
        near = {other: (own ^ value).bit_count() for other, value in ours.items()}
        false += sum(distance <= limit and other != stem for other, distance in near.items())
        best = min(near, key=lambda other: near[other])
        found[change].append(best == stem and near[best] <= limit)
    for change, rows in found.items():
        print(f"| {name} | {change} | {len(rows)} | {sum(rows) / len(rows):.2f} |")
    print(f"{name}: {false} false of {sum(map(len, found.values())) * len(ours)} pairs", flush=True)


def peers(folder: Path) -> None:
    # imagededup imports its network with its hashes: torch is a gigabyte that nothing here asks for.
    for module, name in (("imagededup.methods.cnn", "CNN"), ("imagededup.utils.models", "CustomModel")):
        sys.modules[module] = types.ModuleType(module)
        setattr(sys.modules[module], name, None)
    phash: Any = import_module("imagededup.methods").PHash(verbose=False)
    judge("imagededup", folder, lambda path: int(phash.encode_image(image_file=str(path)), 16), IMAGEDEDUP_BITS)
    czkawka: Any = import_module("czkawka").ImageSimilarity()
    judge("czkawka", folder, lambda path: number_of(czkawka.hash_image(path)), CZKAWKA_BITS)


def number_of(text: str) -> int:
    """Return the 64 bits that czkawka writes in base64."""
    return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4)), "big")


def main() -> int:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    if sys.argv[1] == "judge":
        peers(Path(sys.argv[2]))
        return 0
    copied, archived = (int(word) for word in sys.argv[2:] or (45, 300))
    folder = draw(Path(sys.argv[1]), copied, archived)
    print(f"python bench/trace_peers.py judge {folder}")
    return 0


if __name__ == "__main__":
    helped(__doc__)
    sys.exit(main())
