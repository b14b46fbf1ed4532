"""The tree over a picture's intervals and its seeds (`spec/statement.md` section 3).

Rule 1: a hidden leaf's seed never leaves this module; what is published of it is a hash, alone or in a subtree's.
Rule 2: one walk serves all: signing, hiding more and verifying differ only in what they start from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fifthfloor.statement.hidden_runs import HiddenRuns, Overlap

_LEAF, _NODE, _LEFT, _RIGHT = b"\0", b"\1", b"\2", b"\3"

Interval = Callable[[int], bytes]


class WrongLength(Exception):  # noqa: N818 - never leaves this package: `verify` turns it into a person's error
    """A proof has more or fewer seeds or hashes than its runs need."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What is published beside a picture.

    Args:
        hidden: runs of hidden intervals.
        seeds: one for each largest subtree without a hidden leaf, left to right.
        hashes: one for each largest subtree of hidden leaves, left to right.
    """

    hidden: HiddenRuns
    seeds: tuple[bytes, ...]
    hashes: tuple[bytes, ...]


def whole(seed: bytes) -> Proof:
    """Return the proof of a picture with nothing hidden: its root seed, as secret as the picture."""
    return Proof((), (seed,), ())


def root(proof: Proof, intervals: int, interval: Interval) -> bytes:
    """Work out the root.

    Args:
        proof: with lawful runs.
        intervals: leaves, at least 1.
        interval: gives the bytes of a kept interval.

    Raises:
        WrongLength: the proof does not fit its runs.
    """
    walk = _TreeWalk(proof, interval)
    found = walk.value(0, intervals)
    walk.finish()
    return found


def narrow(proof: Proof, intervals: int, interval: Interval, hidden: HiddenRuns) -> Proof:
    """Hide more.

    Args:
        proof: of the picture as it is.
        interval: gives the bytes of an interval that `proof` keeps, before it is filled.
        hidden: runs that contain those of `proof`.

    Returns:
        The proof for `hidden`; its root is the same.
    """
    walk = _TreeWalk(proof, interval)
    overlap = Overlap(hidden)
    seeds: list[bytes] = []
    hashes: list[bytes] = []

    def visit(start: int, count: int, seed: bytes | None) -> None:
        held = overlap.count(start, count)
        seed = walk.seed(start, count) if seed is None else seed
        if held == count:
            hashes.append(walk.value(start, count) if seed is None else walk.kept(seed, start, count))
        elif held == 0:
            if seed is None:
                raise ValueError("a hidden interval cannot be shown again")
            seeds.append(seed)
        else:
            left = split(count)
            children = (None, None) if seed is None else (_hash(_LEFT + seed), _hash(_RIGHT + seed))
            visit(start, left, children[0])
            visit(start + left, count - left, children[1])

    visit(0, intervals, None)
    walk.finish()
    return Proof(hidden, tuple(seeds), tuple(hashes))


def split(count: int) -> int:
    """Return the leaves of the left child: the largest power of two below `count` (RFC 6962 section 2.1)."""
    return 1 << (count - 1).bit_length() - 1


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


class _TreeWalk:
    """A walk from left to right that uses up a proof's seeds and hashes in their order."""

    def __init__(self, proof: Proof, interval: Interval) -> None:
        self._hidden = Overlap(proof.hidden)
        self._seeds = iter(proof.seeds)
        self._hashes = iter(proof.hashes)
        self._interval = interval

    def seed(self, start: int, count: int) -> bytes | None:
        """Use up the subtree's seed if the proof keeps all of it."""
        return self._take(self._seeds) if self._hidden.count(start, count) == 0 else None

    def value(self, start: int, count: int) -> bytes:
        """Return the hash of a subtree."""
        held = self._hidden.count(start, count)
        if held == 0:
            return self.kept(self._take(self._seeds), start, count)
        if held == count:
            return self._take(self._hashes)
        left = split(count)
        return _hash(_NODE + self.value(start, left) + self.value(start + left, count - left))

    def kept(self, seed: bytes, start: int, count: int) -> bytes:
        """Return the hash of a subtree whose seed is known."""
        if count == 1:
            return _hash(_LEAF + seed + start.to_bytes(4, "big") + self._interval(start))
        left = split(count)
        first = self.kept(_hash(_LEFT + seed), start, left)
        return _hash(_NODE + first + self.kept(_hash(_RIGHT + seed), start + left, count - left))

    def finish(self) -> None:
        """Raise WrongLength if something is left over."""
        if next(self._seeds, None) is not None or next(self._hashes, None) is not None:
            raise WrongLength

    @staticmethod
    def _take(source: Iterator[bytes]) -> bytes:
        found = next(source, None)
        if found is None:
            raise WrongLength
        return found
