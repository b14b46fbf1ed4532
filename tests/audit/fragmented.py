"""Cards on which deleted photographs lie in pieces, written by mtools into the gaps that it left itself.

The card begins with alternating files; every second one is deleted, and the photographs go into the gaps. Then
everything is deleted: between the pieces lies what a camera's film would leave, and no chain says what belongs
together.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.cards import judges

CLUSTER_BYTES = 4096
_DATA_CLUSTERS = 66_000  # the fewest with which every tool calls it FAT32, and some


def card_in_pieces(
    place: Path,
    photographs: dict[str, bytes],
    gaps_clusters: Sequence[int],
    *,
    between: Callable[[int], bytes],
    seed: int = 1,
    cluster_bytes: int = CLUSTER_BYTES,
) -> Path:
    """Make the card; each photograph is cut into one piece more than gaps are asked for.

    Args:
        photographs: by a name in 8.3.
        gaps_clusters: how long the foreign data between two pieces is, for each gap.
        between: makes that many bytes of foreign data.
        cluster_bytes: of the card, 512 to 65536.
    """
    image = place / "pieces.img"
    with image.open("wb") as file:
        file.truncate((_DATA_CLUSTERS + 2000) * cluster_bytes)
    judges.done("mkfs.fat", "-F", "32", "-s", str(cluster_bytes // 512), "-n", "CARD", image)
    chance = random.Random(seed)
    holes: list[str] = []
    fillers: list[str] = []
    for number, data in enumerate(photographs.values()):
        clusters = -(-len(data) // cluster_bytes)
        share = clusters // (len(gaps_clusters) + 1)  # cameras write pieces of like length, not of a cluster or two
        cuts = [share * part + chance.randrange(-share // 4, share // 4) for part in range(1, len(gaps_clusters) + 1)]
        pieces = [b - a for a, b in zip([0, *cuts], [*cuts, clusters], strict=True)]
        for part, length in enumerate(pieces):
            holes.append(_put(image, place, f"H{number}_{part}", bytes(length * cluster_bytes)))
            gap = gaps_clusters[part] if part < len(gaps_clusters) else 1
            fillers.append(_put(image, place, f"F{number}_{part}", between(gap * cluster_bytes)))
    judges.done("mdel", "-i", image, *(f"::{name}" for name in holes))
    _begin_anew(image)
    for name, data in photographs.items():
        _put(image, place, name, data)
    judges.done("mdel", "-i", image, *(f"::{name}" for name in [*fillers, *photographs]))
    return image


def _put(image: Path, place: Path, name: str, data: bytes) -> str:
    (place / name).write_bytes(data)
    judges.done("mcopy", "-i", image, place / name, f"::{name}")
    (place / name).unlink()
    return name


def _begin_anew(image: Path) -> None:
    """Forget which cluster was the last one written: mtools goes on behind it, a camera that was off does not."""
    with image.open("r+b") as file:
        file.seek(512 + 492)
        file.write(b"\xff" * 4)
