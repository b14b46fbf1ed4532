"""`hide --to`: a floor whose key is drawn, sealed to recipients, and forgotten (spec/sealed.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fifthfloor.errors import BadInput, NoRoom
from fifthfloor.files import read_whole
from fifthfloor.floor.capsule import Entrusted, seal_capsule
from fifthfloor.floor.grid import Grid
from fifthfloor.floor.noise import shuffled
from fifthfloor.floor.recipient import PREFIX, Recipient, recipient_of
from fifthfloor.floor.seal import MASTER_BYTES, FloorKeys, keys_of_master
from fifthfloor.metadata.text import decode_marked
from fifthfloor.tasks import secret

MAX_LINE_BYTES = 64 << 10  # a line, wrapped and with a few words beside it


@dataclass(frozen=True, slots=True, repr=False)
class SealedFloor:
    """A new floor that only its recipients will open. Has no repr, so that no traceback or log can show it.

    Args:
        recipients: any one of them opens it.
        label: as typed, often empty.
        master: 32 random bytes, until `forget`.
        keys: derived from them, until then too.
    """

    recipients: tuple[Recipient, ...]
    label: str
    master: bytearray
    keys: FloorKeys

    @property
    def fingerprints(self) -> tuple[str, ...]:
        """Of the recipients, to compare by telephone."""
        return tuple(one.fingerprint() for one in self.recipients)

    def capsules(self, count: int, carriers: int, threshold: int) -> Iterator[bytes]:
        """Make the capsules of one card one by one, as they are asked for; as many for each recipient, in random order.

        With a large `--overwrite` there are tens of thousands, of 16 KiB each. None may be asked for after `forget`.

        Args:
            count: for all recipients together, a multiple of their number.
            carriers, threshold: of the floor.
        """
        what = Entrusted(self.master, carriers, threshold)
        order = shuffled(np.arange(count, dtype=np.int64) % len(self.recipients), secret.RANDOM).tolist()
        return (seal_capsule(what, self.recipients[who], self.label, random=secret.RANDOM) for who in order)

    def forget(self) -> None:
        """Overwrite all keys. What libraries copied of them is let go (docs/threat-model/memory.md)."""
        self.master[:] = bytes(len(self.master))
        self.keys.forget()


@contextmanager
def sealing_to(given: Sequence[str], label: str) -> Iterator[SealedFloor]:
    """Do what `seal_to` does for a while: its keys are overwritten whichever way the block is left."""
    drawn = seal_to(given, label)
    try:
        yield drawn
    finally:
        drawn.forget()


def seal_to(given: Sequence[str], label: str) -> SealedFloor:
    """Draw the key of a floor for some recipients.

    Args:
        given: their lines, or files that hold them.
        label: as typed.

    Raises:
        BadInput: one is neither, or one is given twice.
    """
    recipients = tuple(recipient_given(one) for one in given)
    if len(set(recipients)) < len(recipients):
        raise BadInput("sealed.twice", count=len(recipients))
    master = bytearray(secret.RANDOM(MASTER_BYTES))
    return SealedFloor(recipients, label, master, keys_of_master(master))


def recipient_given(given: str) -> Recipient:
    """Read a recipient's line, or a file that holds it, alone or on a line of its own.

    Raises:
        BadInput: it is neither.
    """
    if given.strip().lower().startswith(f"{PREFIX}1"):
        return recipient_of(given)
    path = Path(given)
    if not path.exists():
        raise BadInput("recipient.neither", path=given if len(given) <= _SHOWN else f"{given[:_SHOWN]}...")
    # PowerShell 5.1 writes UTF-16 where the guide says `> line.txt`.
    text = decode_marked(read_whole(path, MAX_LINE_BYTES)).strip("\ufeff \t\r\n")
    lines = [line for line in text.splitlines() if f"{PREFIX}1" in line.lower()]
    if len(lines) == 1 and not text.lower().startswith(f"{PREFIX}1"):
        # What `identity show` prints says before it what it is.
        line = lines[0]
        return recipient_of(line[line.lower().index(f"{PREFIX}1") :])
    return recipient_of(text)


_SHOWN = 60


def capsule_counts(grids: Sequence[Grid], recipients: int, overwrite: float) -> tuple[int, ...]:
    """Say how many capsules each card gets, so that each card alone keeps one for every recipient.

    Args:
        grids: of the cards.
        recipients: 1 or more.
        overwrite: fraction of the free bytes, 0 to below 1.

    Raises:
        NoRoom: a card has too few places for them, or none that so much overwriting would leave.
    """
    counts = []
    for number, grid in enumerate(grids, start=1):
        needed = grid.needed(overwrite)
        if needed is None or needed * recipients > grid.most:
            due = (needed or grid.places) * recipients
            raise NoRoom("sealed.no_room", number=number, room=grid.most, needed=due, recipients=recipients)
        counts.append(needed * recipients)
    return tuple(counts)
