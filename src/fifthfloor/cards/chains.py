"""Which cluster follows which, and who owns it: the part that FAT32 and exFAT share.

Every cluster can be claimed once, so a walk over all chains of a volume takes at most as many steps as it has
clusters, whatever the bytes say: a loop or a cross-link meets a claimed cluster and is refused. A reader bears
cross-links, as systems do, up to eight times as many steps.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fifthfloor.cards.bearing import Bearing
from fifthfloor.cards.extents import ByteRun, runs_of

# 64 GiB at the smallest cluster; two masks and the table of such a card take 0.8 GB, of a usual card 10 MB.
MAX_CLUSTERS = 1 << 27
_FIRST_WINDOW = 64
_LAST_WINDOW = 1 << 18
_MOST_ORDERED = 1 << 20  # lost clusters whose chains are followed; of more, their places alone are taken
_MOST_SHARED = 8  # times the volume's clusters that a reader follows into another's; a hostile card has many entries
_MOST_SHARED_RUNS = 4096  # in pieces that are more, no loop is looked for, and a shared cluster ends the chain
_COUNTING = np.arange(1, _LAST_WINDOW + 1, dtype=np.uint32)


class Chains:
    """The file allocation table of one volume, and the clusters claimed so far.

    Args:
        place: where the volume is, for error messages.
        entries: the table, reserved bits masked, index 0 and 1 included; length is clusters + 2.
        allocated: one truth value a cluster from cluster 2 on, what the file system calls taken.
        end_mark: the lowest value that ends a chain.
        bad_mark: the value of a bad cluster.
        bearing: what is done about chains that do not hold together.
    """

    def __init__(
        self,
        place: str,
        entries: NDArray[np.uint32],
        allocated: NDArray[np.bool_],
        end_mark: int,
        bad_mark: int,
        bearing: Bearing | None = None,
    ) -> None:
        self.entries = entries
        self.allocated = allocated
        self._place = place
        self._end_mark = end_mark
        self._bad_mark = bad_mark
        self._bearing = bearing or Bearing()
        self._claimed = np.zeros(allocated.size, np.bool_)
        twice = allocated.size if self._bearing.lenient else 0
        self._of_directories = np.zeros(twice, np.bool_)
        self.shared = np.zeros(twice, np.bool_)
        """Clusters that two names claim; a reader alone goes on there."""
        self.said_free = np.zeros(twice, np.bool_)
        """Clusters that a name claims and the map calls free: an entry may lie about its size, or the map."""
        self._left_shared = _MOST_SHARED * allocated.size

    def root(self, first: int) -> list[ByteRun]:
        """Follow the root directory's chain; a reader takes its first cluster where the table has none of it."""
        runs = self.follow(first, "/", directory=True)
        return runs or (self.take(first, 1, "/", directory=True) if self._bearing.lenient else [])

    def follow(self, first: int, owner: str, *, directory: bool = False) -> list[ByteRun]:
        """Walk the chain from cluster `first` and claim it.

        Args:
            first: cluster number, not yet trusted.
            owner: path of the file, for the error.
            directory: it is one: where faults are borne, clusters of another one end it, so that each is read once.

        Returns:
            Its runs in order of contents; where faults are borne, those before the first one. Clusters of another file
            are the file's all the same to a reader, as to every system: which of the two lies, nobody can tell.

        Raises:
            BadInput: the chain leaves the volume, loops, meets a free, bad or foreign cluster.
        """
        runs: list[ByteRun] = []
        at = first
        while True:
            if not self._is_inside(at, owner):
                return runs
            if self._bearing.lenient and not self.entries[at]:
                self._bearing.fault("cards.uses_free", place=self._place, path=owner, cluster=at)
                return runs
            count = self._straight(at)
            claimed = self._claim((at, count), owner, runs, directory=directory)
            if claimed:
                runs.append((at, claimed))
            if claimed < count:
                return runs
            following = int(self.entries[at + count - 1])
            if following >= self._end_mark:
                return runs
            if following in (0, self._bad_mark):
                self._bearing.fault("cards.chain_broken", place=self._place, path=owner, cluster=at + count - 1)
                return runs
            at = following

    def take(self, first: int, count: int, owner: str, *, directory: bool = False) -> list[ByteRun]:
        """Claim `count` clusters in a row that have no chain (exFAT's NoFatChain); raises like `follow`."""
        if not self._is_inside(first, owner):
            return []
        if not self._is_inside(first + count - 1, owner):
            count = self.allocated.size + 2 - first
        claimed = self._claim((first, count), owner, [], directory=directory)
        return [(first, claimed)] if claimed else []

    def now_allocated(self, allocated: NDArray[np.bool_], owner: str) -> None:
        """Learn what is taken (exFAT's bitmap is itself found through chains), and check what was claimed before."""
        wrong = np.flatnonzero(self._claimed & ~allocated)
        if wrong.size:
            self._bearing.fault("cards.uses_free", place=self._place, path=owner, cluster=int(wrong[0]) + 2)
            self.said_free |= self._claimed & ~allocated
            allocated = allocated | self._claimed
        self.allocated = allocated

    def lost(self) -> NDArray[np.bool_]:
        """Clusters that are taken, not bad, and were claimed by nobody in the walk over all files."""
        lost: NDArray[np.bool_] = self.allocated & ~self._claimed & (self.entries[2:] != self._bad_mark)
        return lost

    def bad(self) -> NDArray[np.bool_]:
        """Clusters that are marked as bad and were claimed by nobody."""
        bad: NDArray[np.bool_] = ~self._claimed & (self.entries[2:] == self._bad_mark)
        return bad

    def lost_in_order(self) -> list[ByteRun]:
        """Return the lost clusters as runs, each chain in the order of its contents, chains rising by their heads."""
        lost = self.lost()
        clusters = np.flatnonzero(lost) + 2
        following = self.entries[clusters].astype(np.int64)
        inside = (following >= 2) & (following < lost.size + 2)
        inside[inside] = lost[following[inside] - 2]
        if not (inside & (following != clusters + 1)).any() or clusters.size > _MOST_ORDERED:
            return [(int(first) + 2, int(count)) for first, count in runs_of(lost)]
        heads = np.setdiff1d(clusters, following[inside], assume_unique=False)
        order: list[int] = []
        for at in (*heads.tolist(), *clusters.tolist()):  # the second time for chains that run in a circle
            cluster = int(at)
            while 2 <= cluster < lost.size + 2 and lost[cluster - 2]:
                lost[cluster - 2] = False
                order.append(cluster)
                cluster = int(self.entries[cluster])
        return _runs_in(order)

    def claims(self, clusters: NDArray[np.int64]) -> bool:
        """Whether any of the clusters (numbers from 2) has been claimed."""
        return bool(self._claimed[clusters - 2].any())

    def _straight(self, first: int) -> int:
        """Count the clusters from `first` that each point to the next."""
        if int(self.entries[first]) != first + 1:
            return 1
        count, window = 0, _FIRST_WINDOW
        while True:
            part = self.entries[first + count : first + count + window]
            differ = part != _COUNTING[: part.size] + np.uint32(first + count)
            at = int(differ.argmax()) if part.size else 0
            if not part.size:
                return count
            if differ[at]:
                return count + at + 1
            count += part.size
            window = min(window * 4, _LAST_WINDOW)

    def is_lost(self, cluster: int) -> bool:
        """Whether a cluster (any number) is on the volume, taken, not bad, and claimed by nobody so far."""
        at = cluster - 2
        if not 0 <= at < self.allocated.size or self._claimed[at]:
            return False
        return bool(self.allocated[at]) and int(self.entries[cluster]) != self._bad_mark

    def _is_inside(self, cluster: int, owner: str) -> bool:
        if 2 <= cluster < self.allocated.size + 2:
            return True
        self._bearing.fault(
            "cards.chain_leaves", place=self._place, path=owner, cluster=cluster, last=self.allocated.size + 1
        )
        return False

    def _claim(self, run: ByteRun, owner: str, before: list[ByteRun], *, directory: bool) -> int:
        """Claim clusters in a row; returns how many: where faults are borne, up to the first that may not be shared."""
        first, count = run
        part = slice(first - 2, first - 2 + count)
        if self._claimed[part].any():
            loops = any(start < first + count and first < start + length for start, length in before)
            if loops:
                self._bearing.fault("cards.chain_loops", place=self._place, path=owner, cluster=first)
            else:
                self._bearing.fault("cards.cross_linked", place=self._place, path=owner, cluster=first)
            alone = loops or len(before) > _MOST_SHARED_RUNS or count > self._left_shared
            stops = self._claimed[part] if alone else self._of_directories[part] & directory
            count = int(stops.argmax()) if stops.any() else count
            part = slice(first - 2, first - 2 + count)
            self._left_shared -= count
            self.shared[part] |= self._claimed[part]
        if not self.allocated[part].all():
            self._bearing.fault("cards.uses_free", place=self._place, path=owner, cluster=first)
            # What a visible file uses is not free, whatever the map says; what begins inside of it is looked for apart.
            self.said_free[part] |= ~self.allocated[part]
            self.allocated[part] = True
        self._claimed[part] = True
        if directory and self._bearing.lenient:
            self._of_directories[part] = True
        return count


def _runs_in(order: list[int]) -> list[ByteRun]:
    """Join numbers that follow each other, without sorting them."""
    runs: list[ByteRun] = []
    for cluster in order:
        if runs and sum(runs[-1]) == cluster:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((cluster, 1))
    return runs
