"""One desk: its places, its jobs, its door, and whether it is still open."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from fifthfloor.desk.door import Door
from fifthfloor.desk.jobs import Jobs
from fifthfloor.desk.places import Places
from fifthfloor.errors import BadInput
from fifthfloor.tasks.floors.received import Received
from fifthfloor.tasks.secret import fresh_bytes

_MOST_DRAFTS = 20
_Draft = TypeVar("_Draft")


class Desk:
    """What all pages share.

    Args:
        folder, named: as for `Places`.
        host: as for `Door`.
    """

    def __init__(self, folder: Path, named: Sequence[Path], host: str) -> None:
        self.places = Places(folder, named, fresh_bytes(16))
        self.received = Received(self.places.folder)
        self.jobs = Jobs()
        self.door = Door(host)
        self.ended = threading.Event()
        self._drafts: dict[str, tuple[Any, tuple[Path, ...]]] = {}
        self._turn = threading.Lock()

    def called(self, path: Path) -> str:
        """Return how every page calls a card: as its folder does, or by its whole path where that might be another.

        A copy has its name, with a number where several have it.
        """
        if path in self.received.images or path in self._elsewhere():
            return self.names().get(str(path), str(path))
        for root in self._elsewhere():
            if path.is_relative_to(root):
                return f"{self.called(root)}/{path.relative_to(root).as_posix()}"
        return self.places.called(path)

    def names(self) -> dict[str, str]:
        """Return what stands for a whole path in any line of a page: of a copy, and of what was named from elsewhere.

        What would be called as something else here is not among them, and keeps its path.
        """
        copies, named = self.received.images, self._elsewhere()
        many = Counter(path.name for path in copies)
        numbered = Counter[str]()
        found = {}
        for path in copies:
            numbered[path.name] += 1
            found[str(path)] = path.name if many[path.name] == 1 else f"{path.name} ({numbered[path.name]})"
        labels = Counter(path.name for path in named)
        for path in named:
            if labels[path.name] == 1 and not (self.places.folder / path.name).exists():
                found[str(path)] = path.name
        return found

    def _elsewhere(self) -> list[Path]:
        return [path for path in self.places.named if not path.is_relative_to(self.places.folder)]

    def keep_draft(self, draft: Any, *places: Path) -> str:
        """Keep what a person is choosing, from page to page; returns its short name. Counterpart: `draft`.

        Args:
            places: what is read or written for it, looked at again whenever the draft is asked for.
        """
        name = fresh_bytes(6).hex()
        with self._turn:
            self._drafts[name] = draft, places
            for old in list(self._drafts)[:-_MOST_DRAFTS]:
                del self._drafts[old]
        return name

    def draft(self, name: str, kind: type[_Draft]) -> _Draft:
        """Return a draft of a kind. Raises BadInput where none has this name, or a link stands at a place of it."""
        with self._turn:
            # To the end: what is in use is not what is forgotten when there are too many.
            if (kept := self._drafts.pop(name, None)) is None:
                raise BadInput("desk.no_draft")
            self._drafts[name] = kept
            if not isinstance(kept[0], kind):
                raise BadInput("desk.no_draft")
        for place in kept[1]:
            self.places.still(place)
        return kept[0]

    def panic(self) -> None:
        """Forget everything, let nobody in, and end. What runs stops where it may; `server` waits for it."""
        self.door.forget()
        with self._turn:
            self._drafts.clear()
        for job in self.jobs.running():
            job.stop()
        self.ended.set()
