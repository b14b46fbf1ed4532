"""Can a detector tell: real output of the roll beside others at equal payload (docs/performance/rolls.md).

    PYTHONPATH=bench python -m detect collect STORE PHOTOGRAPH... [--seconds 550]
    PYTHONPATH=bench python -m detect judge STORE [--camera NAME]

`collect` keeps a file of features a photograph in STORE and goes on where it stopped; `judge` trains on half of the
photographs and looks at the others. Nothing of a photograph but counts is kept. One thread (OPENBLAS_NUM_THREADS=1).
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detect import hstego, peers
from detect.features import TILE_BLOCKS, features
from detect.judging import judge
from fifthfloor.carriers.roll.covers import Cover, cover_of, ladder_of
from fifthfloor.carriers.roll.embedding import embed, richness
from fifthfloor.carriers.roll.judging import reason_against
from fifthfloor.errors import FifthFloorError
from fifthfloor.metadata.exif import taken_of
from fifthfloor.metadata.jpeg_head import exif_in

Planes = NDArray[np.int16]
_FEW_BLOCKS = 6_000  # of a tile's coefficients that are not zero; the smooth tell nothing of methods


def luma(cover: Cover) -> Planes:
    """Return the luma blocks that are seen, (high, wide, 64)."""
    part = cover.picture.frame.components[0]
    return cover.picture.coefficients[cover.rows].reshape(part.blocks_high, part.blocks_wide, 64)


def ours(data: bytes, cover: Cover, rate: float, chance: np.random.Generator) -> tuple[Planes, int, int]:
    """Return what the program writes at a rate, the bits in it, and how many coefficients it changed."""
    rich = int(richness(cover).sum(dtype=np.int64))
    count = max((step for step in ladder_of(len(cover.rows)) if step * 8192 <= rate * rich), default=0)
    if not count:
        return luma(cover), 0, 0
    made = embed(cover_of(data), [chance.bytes(1024) for _ in range(count)], chance.bytes(32))
    if made is None:
        return luma(cover), 0, 0
    return luma(cover_of(made.data)), 8192 * count, made.changes


# Taken from every so many photographs only, with all their tiles: the loud ones are found with few.
_EVERY = {"HStego 0.02": 4, "J-UNIWARD 0.05": 4} | dict.fromkeys(
    ("nsF5 0.02", "LSB 0.02", "OutGuess 0.02", "steghide 0.02", "planted 0.02"), 2
)


def methods(data: bytes, cover: Cover, number: int) -> tuple[dict[str, Planes], dict[str, float]]:
    """Return a photograph as each method leaves it, and the payload of each in bits."""
    chance, plain = np.random.default_rng(number), luma(cover)
    part = cover.picture.frame.components[0]
    steps = cover.picture.header.quantisers[part.quantiser].astype(np.float32)
    small, small_bits, changes = ours(data, cover, 0.02, chance)
    large, large_bits, _ = ours(data, cover, 0.05, chance)
    made: dict[str, Callable[[], Planes | None]] = {"cover": lambda: plain}
    if small_bits:
        made |= {
            "roll 0.02": lambda: small,
            "nsF5 0.02": lambda: peers.nsf5(plain, small_bits, chance),
            "LSB 0.02": lambda: peers.lsb(plain, small_bits, chance),
            "OutGuess 0.02": lambda: peers.outguess(plain, small_bits, chance),
            "steghide 0.02": lambda: peers.steghide(data, small_bits, chance),
            "planted 0.02": lambda: peers.without_costs(plain, changes, chance),
        }
    if large_bits:
        made |= {
            "roll 0.05": lambda: large,
            "nsF5 0.05": lambda: peers.nsf5(plain, large_bits, chance),
            "J-UNIWARD 0.05": lambda: peers.at_bound(plain, peers.uniward_costs(plain, steps), large_bits, chance),
        }
    planes = {name: plane() for name, plane in made.items() if number % _EVERY.get(name, 1) == 0}
    bits = {name: float(small_bits if "0.02" in name else large_bits) for name in planes if name != "cover"}
    return {name: plane for name, plane in planes.items() if plane is not None}, bits


def _one(path: Path, tiles: int) -> dict[str, NDArray[np.generic]] | None:
    data = path.read_bytes()
    try:
        cover = cover_of(data)
    except FifthFloorError:
        return None
    if reason_against(data, cover, richness(cover)):
        return None
    number, plain = zlib.crc32(data), luma(cover)
    part = cover.picture.frame.components[0]
    steps = cover.picture.header.quantisers[part.quantiser].astype(np.float32)
    grid = [
        (y, x) for y in range(0, plain.shape[0] - 63, TILE_BLOCKS) for x in range(0, plain.shape[1] - 63, TILE_BLOCKS)
    ]
    rich = [np.count_nonzero(plain[y : y + TILE_BLOCKS, x : x + TILE_BLOCKS, 1:]) >= _FEW_BLOCKS for y, x in grid]
    grid = [place for place, enough in zip(grid, rich, strict=True) if enough]
    places = [grid[index] for index in np.random.default_rng(number).permutation(len(grid))[:tiles]]
    if not places:
        return None
    planes, bits = methods(data, cover, number)
    all_rich = float(richness(cover).sum(dtype=np.int64))
    kept: dict[str, NDArray[np.generic]] = {"camera": np.array(taken_of(exif_in(cover.picture.pieces)).camera)}
    for name, plane in planes.items():
        rows = [features(plane[y : y + TILE_BLOCKS, x : x + TILE_BLOCKS], steps) for y, x in places]
        kept[name] = np.array(rows, np.float32)
        if name in bits:
            kept["bits " + name] = np.array([bits[name] / all_rich, np.count_nonzero(plane != plain) / all_rich])
    if "roll 0.02" in planes and hstego.is_here() and number % _EVERY["HStego 0.02"] == 0:
        tiles_there = [plain[y : y + TILE_BLOCKS, x : x + TILE_BLOCKS] for y, x in places]
        kept |= _by_hstego(tiles_there, steps, bits["roll 0.02"] / all_rich, number)
    return kept


def _by_hstego(
    tiles: list[Planes], steps: NDArray[np.float32], payload: float, number: int
) -> dict[str, NDArray[np.generic]]:
    """Return the features of tiles that HStego wrote at a payload a non-zero AC coefficient, and what it changed."""
    rich = [int(np.count_nonzero(tile[..., 1:])) for tile in tiles]
    made = [hstego.carrying(tile, steps, round(payload * n), number) for tile, n in zip(tiles, rich, strict=True)]
    changed = sum(int(np.count_nonzero(a != b)) for a, b in zip(tiles, made, strict=True))
    rows = np.array([features(tile, steps) for tile in made], np.float32)
    return {"HStego 0.02": rows, "bits HStego 0.02": np.array([payload, changed / sum(rich)])}


def collect(store: Path, paths: list[Path], seconds: float, tiles: dict[str, int]) -> None:
    """Write features of every photograph that has none yet, until the time is over."""
    store.mkdir(parents=True, exist_ok=True)
    for path in paths:
        made = store / f"{path.stem}.npz"
        if made.exists():
            continue
        if time.process_time() > seconds:
            print("time is over: run it again", flush=True)
            return
        many = next((count for part, count in tiles.items() if part in path.name), 5)
        kept = _one(path, many)
        part = made.with_suffix(".part.npz")
        np.savez(part, allow_pickle=False, **(kept or {}))
        part.rename(made)
        print(path.name, "no cover" if kept is None else len(kept["cover"]), f"{time.process_time():.0f} s", flush=True)


def main() -> None:
    """Do one of the two."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["collect", "judge"])
    parser.add_argument("store", type=Path)
    parser.add_argument("photographs", type=Path, nargs="*")
    parser.add_argument("--seconds", type=float, default=550.0)
    parser.add_argument("--camera", default="", help="judge: only photographs of cameras with this in their name")
    parser.add_argument("--method", default="", help="judge: only methods with this in their name")
    parser.add_argument("--detector", default="", help="judge: only detectors with this in their name")
    parser.add_argument("--most", type=int, default=99, help="judge: so many tiles of a photograph at most")
    parser.add_argument("--tiles", default="", help="NAME=COUNT,...: tiles of photographs with NAME in theirs; else 5")
    given = parser.parse_intermixed_args()
    if given.what == "judge":
        judge(given.store, given.camera, given.most, given.method, given.detector)
        return
    tiles = {part.split("=")[0]: int(part.split("=")[1]) for part in given.tiles.split(",") if part}
    collect(given.store, given.photographs, given.seconds, tiles)


if __name__ == "__main__":
    main()
