"""What a reader bears and a writer refuses: one walk over a volume serves both.

Rule: a fault is named once, where it is met. Whoever writes stops there; whoever only reads goes on with what operating
systems read, and the report says what was borne. Nothing that was borne is ever written to.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from fifthfloor.errors import BadInput, FactValue

MAX_UNCHAINED = 10_000  # a roll; a hostile card ends the list, not the memory


@dataclass(frozen=True, slots=True)
class Borne:
    """A fault that was borne.

    Args:
        key: of the error a writer would have met (`words.cards`).
        facts: of the first time.
        count: how often.
    """

    key: str
    facts: dict[str, FactValue]
    count: int


@dataclass(frozen=True, slots=True)
class Unchained:
    """A visible file or directory whose clusters are not, or not all, in the table: power went while it was written.

    Args:
        path: of the file.
        is_directory: whether it is one.
        size_bytes: as its entry says.
        first_cluster: as its entry says.
        modified: its last change, or None.
        offsets_bytes: of its entries on the device.
    """

    path: str
    is_directory: bool
    size_bytes: int
    first_cluster: int
    modified: datetime | None
    offsets_bytes: tuple[int, ...]


@dataclass(slots=True)
class Bearing:
    """How faults of one volume are met, and which were.

    Args:
        lenient: bear them; else the first is an error.
        borne: by key.
        unchained: files without all their clusters, the first MAX_UNCHAINED.
        more_unchained: how many more there are.
        behind_end: offsets of the entries that stand behind an end mark and are listed all the same.
        _light: the first fault that waits for graver ones.
    """

    lenient: bool = False
    borne: dict[str, Borne] = field(default_factory=dict)
    unchained: list[Unchained] = field(default_factory=list)
    more_unchained: int = 0
    behind_end: set[int] = field(default_factory=set)
    _light: BadInput | None = None

    def fault(self, key: str, **facts: FactValue) -> None:
        """Meet a fault that a reader can live with.

        Raises:
            BadInput: where the volume is to be written.
        """
        self.bear(BadInput(key, **facts))

    def bear(self, error: BadInput) -> None:
        """Do the same with a fault that came as an error; `count` among its facts is added up."""
        if not self.lenient:
            raise error
        before = self.borne.get(error.key)
        facts, count = (error.facts, 0) if before is None else (before.facts, before.count)
        self.borne[error.key] = Borne(error.key, facts, count + 1)

    def light_fault(self, key: str, **facts: FactValue) -> None:
        """Meet a fault whose hint must not be followed while there is a graver one.

        A card that was pulled is marked; a checker that is asked to take the mark off deletes what else is damaged.
        """
        if self.lenient:
            self.fault(key, **facts)
        elif self._light is None:
            self._light = BadInput(key, **facts)

    def settle(self) -> None:
        """Say that all was looked at. Raises the first light fault where the volume is to be written."""
        if self._light is not None:
            raise self._light

    def without_chain(self, file: Unchained) -> None:
        """Remember a file whose contents may still lie where its entry says."""
        if len(self.unchained) < MAX_UNCHAINED:
            self.unchained.append(file)
        else:
            self.more_unchained += 1
