"""The map of free space: what each 64 KiB of it looks like, and the exact bounds of what looks like noise.

Measured (docs/performance/audit.md): the chi-squared of the byte counts of 64 KiB is 255 with a deviation of 23 for
noise and 1,500 and more for 199 of 200 blocks of photo remains; in a JPEG's coded data every FF byte is
followed by 00 or a restart marker (ITU-T T.81, B.1.1.5), in noise one in 28.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreePiece, FreeReader

StretchKind = Literal["zero", "ff", "random", "photo", "mixed"]
_BLOCK_KINDS: tuple[StretchKind, ...] = ("zero", "ff", "random", "photo", "mixed")
ZERO, FF, RANDOM_KIND, PHOTO, MIXED = range(5)

BLOCK_BYTES = 64 << 10
SAMPLE_BYTES = 16 << 10  # screen of each block: 8 pieces of 2 KiB; doubtful ones are counted whole
SURE_CHI2 = 340.0  # noise passes this with 1 - 3e-4 at any sample size
RANDOM_CHI2 = 400.0  # measured: the largest of 1,024 blocks of noise was 327
RUN_MEAN_CHI2 = 275.0  # the mean of 16 blocks of noise is 255 +- 6; the tails of photographs reach 380
MIN_RUN_BYTES = 1 << 20  # shorter ones occur in ordinary photographs (longest seen: 7 blocks)
SMALLEST_REST_BYTES = 8 << 10
MIN_TELLING_BYTES = 2 << 10  # below this the counts say nothing
GRID_BYTES = 4096  # clusters of cards are this or a multiple
GRID_GAIN = 5.0  # nats
BEST_OF_FOUR = 2.0  # what noise gains by being compared with the best of four samples, in nats a sector


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the device that looks the same throughout.

    Args:
        kind: one of KINDS.
        offset_bytes: on the device.
        length_bytes: more than 0.
    """

    kind: StretchKind
    offset_bytes: int
    length_bytes: int


@dataclass(frozen=True, slots=True)
class FreeMap:
    """What free space looks like.

    Args:
        bytes_of: bytes per kind; they add up to what was looked at.
        bands: neighbouring blocks of one kind joined, rising, not across free extents.
        random_runs: stretches of noise of at least MIN_RUN_BYTES, their ends found to the sector.
    """

    bytes_of: dict[StretchKind, int]
    bands: tuple[Band, ...]
    random_runs: tuple[Band, ...]

    @property
    def total_bytes(self) -> int:
        return sum(self.bytes_of.values())

    def remains_beside(self, known: Iterable[tuple[int, int]], reader: FreeReader) -> int:
        """Count the bytes of remains outside of what is known: neither blank nor in a stretch of noise that is named.

        A short stretch that looks like noise may be one, or a packed file, a sound, a piece of a film: nobody looked.

        Args:
            known: (offset_bytes, length_bytes) on the device of what has a form.
            reader: for the ends of blocks that what is known begins or ends in: they may be blank.
        """
        taken = sorted((offset, offset + length) for offset, length in known)
        # Where a stretch of noise ends is told to a block; what adjoins it is a part of it.
        runs = [(run.offset_bytes, run.offset_bytes + run.length_bytes) for run in self.random_runs]
        noise = sorted([*taken, *((start - BLOCK_BYTES, end + BLOCK_BYTES) for start, end in runs)])
        total, at, beside = 0, 0, 0
        for band in self.bands:
            start, end = band.offset_bytes, band.offset_bytes + band.length_bytes
            while at < len(taken) and taken[at][1] <= start:
                at += 1
            while beside < len(noise) and noise[beside][1] <= start:
                beside += 1
            if band.kind in ("zero", "ff"):
                continue
            left = _uncovered(start, end, noise, beside) if band.kind == "random" else _uncovered(start, end, taken, at)
            for low, high in left:
                blank = high - low < BLOCK_BYTES and not reader.read(low, high - low).strip(b"\0\xff")
                total += 0 if blank else high - low
        return total

    def share(self, kind: StretchKind) -> float:
        """Share of a kind among all free bytes, 0 to 1."""
        return self.bytes_of[kind] / self.total_bytes if self.total_bytes else 0.0


def _uncovered(start: int, end: int, taken: list[tuple[int, int]], at: int) -> Iterator[tuple[int, int]]:
    """Yield what of a stretch lies outside of sorted others, those before index `at` left out."""
    for low, high in taken[at:]:
        if low >= end or start >= end:
            break
        if low > start:
            yield start, low
        start = max(start, high)
    if start < end:
        yield start, end


def chi_squared(data: NDArray[np.uint8]) -> float:
    """Chi-squared of byte counts against equal counts; 255 +- 23 for noise, whatever the length."""
    counts = np.bincount(data, minlength=256)
    return int(counts @ counts) * 256 / len(data) - len(data)


# What may follow FF in a JPEG's coded data: a stuffed zero, or a restart marker.
_AFTER_FF = np.isin(np.arange(256), (0, *range(0xD0, 0xD8)))


def _stuffed_share(data: NDArray[np.uint8]) -> tuple[int, float]:
    """Return how many FF bytes there are and which share is followed as in JPEG coded data."""
    after = data[1:][data[:-1] == 0xFF]
    if not len(after):
        return 0, 0.0
    return len(after), int(np.count_nonzero(_AFTER_FF[after])) / len(after)


def classify(block: NDArray[np.uint8]) -> tuple[int, float]:
    """Say what a block looks like: index into KINDS and the chi-squared it was judged by."""
    head = int(block[0])
    if head in (0, 0xFF) and bool((block == head).all()):
        return (ZERO if head == 0 else FF), float(len(block) * 255)
    sample = block
    if len(block) >= BLOCK_BYTES:
        sample = block[:BLOCK_BYTES].reshape(8, -1)[:, : SAMPLE_BYTES // 8].ravel()
    chi2 = chi_squared(sample)
    stuffed, lawful = _stuffed_share(sample)
    if len(block) >= MIN_TELLING_BYTES and chi2 < 2 * RANDOM_CHI2 and lawful < 0.5:
        if chi2 > SURE_CHI2 and len(sample) < len(block):
            chi2 = chi_squared(block)
        if chi2 < RANDOM_CHI2:
            return RANDOM_KIND, chi2
    if stuffed >= 4 and lawful > 0.9:
        return PHOTO, chi2
    return MIXED, chi2


def says_nothing(data: bytes) -> bool:
    """Say whether a file's first bytes are blank or noise: what an entry names has been overwritten by a sweep.

    Args:
        data: at most BLOCK_BYTES; of fewer than MIN_TELLING_BYTES only plain text is told from noise.
    """
    block = np.frombuffer(data, dtype=np.uint8)
    if not len(block):
        return True
    if len(block) < MIN_TELLING_BYTES:
        return bool((block >= 0x7F).any() or ((block < 9) | ((block > 13) & (block < 32))).sum() > len(block) // 50)
    return classify(block)[0] in (ZERO, FF, RANDOM_KIND)


class FreeMapper:
    """Collects pieces of free space in any order, then gives the map. Feed each piece once.

    Args:
        reader: for the second look at the ends of noise.
    """

    def __init__(self, reader: FreeReader) -> None:
        self._reader = reader
        self._pieces: list[tuple[FreePiece, NDArray[np.uint8], NDArray[np.float32]]] = []

    def feed(self, piece: FreePiece, data: bytes) -> None:
        """Look at one piece of free space."""
        whole = np.frombuffer(data, dtype=np.uint8)
        judged = [classify(whole[start:end]) for start, end in block_bounds(len(whole))]
        kinds = np.array([kind for kind, _ in judged], dtype=np.uint8)
        self._pieces.append((piece, kinds, np.array([chi2 for _, chi2 in judged], dtype=np.float32)))

    def result(self, photographs: Iterable[tuple[int, int]] = ()) -> FreeMap:
        """Give the map of everything fed so far.

        Args:
            photographs: (offset_bytes, length_bytes) on the device of what was carved; it counts as photo remains
                whatever its bytes look like (compressed video is nearly noise).
        """
        self._pieces.sort(key=lambda entry: entry[0].offset_bytes)
        carved = sorted(photographs)
        blocks = [block for entry in self._pieces for block in _blocks(entry)]
        bands = _join(_overlay(blocks, carved))
        runs = []
        for index, (band, mean_chi2) in enumerate(bands):
            if band.kind == "random" and band.length_bytes >= MIN_RUN_BYTES // 2 and mean_chi2 < RUN_MEAN_CHI2:
                run = self._sharpen(band, _reach(bands[:index][::-1], band), _reach(bands[index + 1 :], band))
                run = _clipped(run, carved)
                if run.length_bytes >= MIN_RUN_BYTES - BLOCK_BYTES:  # its ends may be uncertain by as much
                    runs.append(run)
        totals: dict[StretchKind, int] = dict.fromkeys(_BLOCK_KINDS, 0)
        for band, _ in bands:
            totals[band.kind] += band.length_bytes
        return FreeMap(totals, tuple(band for band, _ in bands), tuple(runs))

    def _sharpen(self, band: Band, before_bytes: int, after_bytes: int) -> Band:
        """Move both ends of a band of noise to the sector where the neighbour's bytes begin."""
        start, end = band.offset_bytes, band.offset_bytes + band.length_bytes
        if before_bytes:
            data = np.frombuffer(self._reader.read(start - before_bytes, before_bytes + BLOCK_BYTES), dtype=np.uint8)
            grid = (self._grid_bytes() - (start - before_bytes)) % GRID_BYTES // SECTOR_BYTES
            start += _change(data, -(-before_bytes // 2), grid) * SECTOR_BYTES - before_bytes
        if after_bytes:
            data = np.frombuffer(self._reader.read(end - BLOCK_BYTES, BLOCK_BYTES + after_bytes), dtype=np.uint8)
            grid = (end + after_bytes - self._grid_bytes()) % GRID_BYTES // SECTOR_BYTES
            end += after_bytes - _change(data, -(-after_bytes // 2), grid, from_end=True) * SECTOR_BYTES
        start, end = self._without_blank(start, end)
        return Band("random", start, max(SECTOR_BYTES, end - start))

    def _grid_bytes(self) -> int:
        """Return a place where a cluster begins: free space does."""
        return self._pieces[0][0].offset_bytes

    def _without_blank(self, start: int, end: int) -> tuple[int, int]:
        """Take blank sectors from both ends: too few to make a block of their own, they were counted to the noise."""
        for offset, step in ((start, 1), (max(start, end - BLOCK_BYTES), -1)):
            data = np.frombuffer(self._reader.read(offset, min(BLOCK_BYTES, end - start)), dtype=np.uint8)
            sectors = data[: len(data) // SECTOR_BYTES * SECTOR_BYTES].reshape(-1, SECTOR_BYTES)[::step]
            blank = (sectors == sectors[:, :1]).all(axis=1)
            count = int(np.argmin(blank)) if not blank.all() else 0
            start, end = (start + count * SECTOR_BYTES, end) if step > 0 else (start, end - count * SECTOR_BYTES)
        return start, end


def _clipped(run: Band, carved: list[tuple[int, int]]) -> Band:
    """Take from a run what its ends share with carved photographs: compressed film is nearly noise."""
    start, end = run.offset_bytes, run.offset_bytes + run.length_bytes
    for offset, length in carved:
        if offset <= start < offset + length:
            start = offset + length
        if offset < end <= offset + length:
            end = offset
    return Band("random", start, max(0, end - start))


def _reach(neighbours: list[tuple[Band, float]], band: Band) -> int:
    """Return how many bytes beside `band` touch it and are not noise: at most two blocks.

    One block alone may hold the very change that is looked for, and then is no sample of what is not noise.
    """
    low, high = band.offset_bytes, band.offset_bytes + band.length_bytes
    reach = 0
    for other, _ in neighbours[:3]:
        end = other.offset_bytes + other.length_bytes
        if other.kind == "random" or reach >= 2 * BLOCK_BYTES or not (end == low or other.offset_bytes == high):
            break
        reach += other.length_bytes
        low, high = min(low, other.offset_bytes), max(high, end)
    return min(reach, 2 * BLOCK_BYTES)


SCREEN_STEP_BYTES = 1 << 20
SCREEN_LOOK_BYTES = 8 << 10
SCREEN_RUN_BYTES = 4 << 20  # of three looks in a row, one in a million is chance


def screen(reader: FreeReader, extents: Iterable[tuple[int, int]]) -> FreeMap:
    """Look at 8 KiB of each MiB of free space: the whole map's shares within a per cent, its bounds to a MiB.

    Args:
        reader: the device.
        extents: free extents as (offset_bytes, length_bytes), rising.
    """
    looks: list[tuple[Band, float]] = []
    for offset, length in extents:
        for at in range(0, length, SCREEN_STEP_BYTES):
            step = min(SCREEN_STEP_BYTES, length - at)
            look = min(SCREEN_LOOK_BYTES, step)
            place = offset + at + (step - look) // (2 * SECTOR_BYTES) * SECTOR_BYTES
            kind, chi2 = classify(np.frombuffer(reader.read(place, look), dtype=np.uint8))
            looks.append((Band(_BLOCK_KINDS[kind], offset + at, step), chi2))
    bands = tuple(band for band, _ in _join(looks))
    totals: dict[StretchKind, int] = dict.fromkeys(_BLOCK_KINDS, 0)
    for band in bands:
        totals[band.kind] += band.length_bytes
    runs = tuple(band for band in bands if band.kind == "random" and band.length_bytes >= SCREEN_RUN_BYTES)
    return FreeMap(totals, bands, runs)


def _blocks(entry: tuple[FreePiece, NDArray[np.uint8], NDArray[np.float32]]) -> Iterable[tuple[Band, float]]:
    piece, kinds, chi2 = entry
    for index, (start, end) in enumerate(block_bounds(piece.length_bytes)):
        yield Band(_BLOCK_KINDS[kinds[index]], piece.offset_bytes + start, end - start), float(chi2[index])


def block_bounds(length_bytes: int) -> list[tuple[int, int]]:
    """Divide a piece into blocks; a rest that is too short to tell anything belongs to the block before it."""
    starts = list(range(0, length_bytes, BLOCK_BYTES))
    if len(starts) > 1 and length_bytes - starts[-1] < SMALLEST_REST_BYTES:
        starts.pop()
    return list(zip(starts, [*starts[1:], length_bytes], strict=True))


def _overlay(blocks: list[tuple[Band, float]], carved: list[tuple[int, int]]) -> Iterable[tuple[Band, float]]:
    """Call noise that lies wholly in a carved photograph what it is."""
    index = 0
    for band, chi2 in blocks:
        end = band.offset_bytes + band.length_bytes
        while index < len(carved) and sum(carved[index]) < end:
            index += 1
        if band.kind in ("random", "mixed") and index < len(carved) and carved[index][0] <= band.offset_bytes:
            yield Band("photo", band.offset_bytes, band.length_bytes), chi2
        else:
            yield band, chi2


def _join(blocks: Iterable[tuple[Band, float]]) -> list[tuple[Band, float]]:
    """Join touching blocks of one kind; the second value becomes the mean chi-squared."""
    joined: list[tuple[Band, float]] = []
    count = 1
    for band, chi2 in blocks:
        if joined:
            last, mean = joined[-1]
            if last.kind == band.kind and last.offset_bytes + last.length_bytes == band.offset_bytes:
                count += 1
                grown = Band(band.kind, last.offset_bytes, last.length_bytes + band.length_bytes)
                joined[-1] = (grown, mean + (chi2 - mean) / count)
                continue
        joined.append((band, chi2))
        count = 1
    return joined


def _change(data: NDArray[np.uint8], known_bytes: int, grid: int, *, from_end: bool = False) -> int:
    """Return after how many sectors something else turns into noise, by the likelihood of each split.

    A sector is compared with four samples of the something else, since a photograph's header and its coded data are
    unlike each other; where that is a JPEG, each FF byte that could not stand in coded data speaks for noise.

    Args:
        data: whole sectors, something else first and noise last.
        known_bytes: how much of the start is not noise, as far as its block tells.
        grid: after how many sectors a place where clusters begin is first met.
        from_end: the other way round; sectors are then counted from the end.
    """
    blank = _blank_first(data, from_end=from_end)
    if blank:
        return blank
    known_bytes = -(-known_bytes // SECTOR_BYTES) * SECTOR_BYTES
    known = data[-known_bytes:] if from_end else data[:known_bytes]
    gains = _sector_gains(data, len(known) // SECTOR_BYTES, from_end=from_end) - BEST_OF_FOUR
    stuffed, lawful_share = _stuffed_share(known)
    if stuffed >= 4 and lawful_share > 0.5:
        marks = np.flatnonzero(data[:-1] == 0xFF)
        after = data[marks + 1]
        lawful = np.where(after == 0, 5.0, 2.0)  # one FF of 256 is followed by 00 in noise, eight by a restart marker
        votes = np.where((after == 0) | ((after >= 0xD0) & (after <= 0xD7)), lawful, -6.0)
        gains += np.bincount(marks // SECTOR_BYTES, weights=votes, minlength=len(gains))
    likely = np.concatenate(([0.0], np.cumsum(gains[::-1] if from_end else gains)))
    # Files begin on clusters, and a sweep stops between two; the sector before may have the same bytes by chance.
    likely[grid :: GRID_BYTES // SECTOR_BYTES] += GRID_GAIN
    return int(np.argmax(likely))


def _blank_first(data: NDArray[np.uint8], *, from_end: bool) -> int:
    """Return how many blank sectors come first, where nothing but noise follows them; else 0."""
    sectors = data.reshape(-1, SECTOR_BYTES)[:: -1 if from_end else 1]
    flat = (sectors == sectors[:, :1]).all(axis=1)
    count = int(np.argmin(flat))
    rest = sectors[count:]
    return count if count and not flat[count:].any() and chi_squared(rest.ravel()) < RANDOM_CHI2 else 0


def _sector_gains(data: NDArray[np.uint8], known: int, *, from_end: bool) -> NDArray[np.float64]:
    """Log likelihood of each sector under the best of four samples' byte counts (smoothed by one) over equal counts.

    A sector is left out of its own sample: noise that was taken for a sample would find itself likely there.

    Args:
        data: whole sectors.
        known: how many of them, at the start or end, are divided into samples; at least one.
    """
    sectors = data.reshape(-1, SECTOR_BYTES)
    counts = np.stack([np.bincount(sector, minlength=256) for sector in sectors]).astype(np.float64)
    first = len(sectors) - known if from_end else 0
    every = []
    for part in np.array_split(np.arange(first, first + known), min(4, known)):
        total = counts[part].sum(axis=0)
        gains = counts @ _odds(total)
        gains[part] = np.einsum("ij,ij->i", counts[part], _odds(total - counts[part]))
        every.append(gains)
    best: NDArray[np.float64] = np.max(every, axis=0)
    return best


def _odds(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = np.log((counts + 1) * 256 / (counts.sum(axis=-1, keepdims=True) + 256))
    return result
