"""With photographs of one's own: a note goes home inside copies of some of them (drawn ones are no covers)."""

from __future__ import annotations

import shutil
from pathlib import Path

from fifthfloor.errors import FifthFloorError
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.roll_covers import Roll, look_at_rolls
from fifthfloor.tasks.floors.roll_hide import hide_in_rolls, intend_rolls
from fifthfloor.tasks.floors.sources import gather
from fifthfloor.words import error as words_of
from fifthfloor.words import sentence
from fifthfloor_theatre.apart import open_apart
from fifthfloor_theatre.journey.props import Stage
from fifthfloor_theatre.journey.teller import Teller

# A dozen of small ones are needed, and a few of large ones, which take three seconds each.
MOST_COVERS, MOST_COVER_BYTES = 12, 32 << 20
RATE = 0.05
_COVERS = {".jpg", ".jpeg"}


def carry_note(stage: Stage, teller: Teller) -> bool:
    """Hide a note in copies of the first photographs that may carry something, and open it in a fresh process.

    Returns:
        whether it was carried; where it was not, that and why was said.
    """
    folder = stage.folder / "carried"
    (folder / "photographs").mkdir(parents=True)
    note = folder / "note.txt"
    note.write_text(sentence("journey.note") + "\n", encoding="utf-8")
    made = secret.make_passphrase(7)
    try:
        roll = _covers(stage.photographs, folder / "photographs", teller)
        intent = intend_rolls(gather([note]), [roll], 0, 0.0)
        hide_in_rolls(intent, secret.keys_of(made.passphrase, ""), teller.progress)
    except FifthFloorError as error:
        teller.tell("not_carried", reason=words_of(error.key, error.facts)[0])
        return False
    open_apart([roll.folder], made.passphrase, "", folder / "came-back")
    same = (folder / "came-back" / note.name).read_bytes() == note.read_bytes()
    teller.tell("carried" if same else "carried_badly", count=len(intent.written), folder=str(roll.folder))
    return same


def _covers(photographs: Path, folder: Path, teller: Teller) -> Roll:
    """Copy the first photographs, and take away again those that may carry nothing."""
    size = 0
    for number, path in enumerate(sorted(path for path in photographs.rglob("*") if path.suffix.lower() in _COVERS)):
        size += path.stat().st_size
        if number == MOST_COVERS or size > MOST_COVER_BYTES:
            break
        shutil.copy2(path, folder / f"{number:04}-{path.name}")
    looked = look_at_rolls([folder], RATE, teller.progress)[0].photographs
    for one in looked:
        if not one.offer.most:
            one.path.unlink()
    return Roll(folder, tuple(one for one in looked if one.offer.most))
