"""In the hotel: bring back what a guard had deleted, hide the roll, take today's frames off the camera's card.

Every sweep but the first carries over what was hidden before (`--keep`): the last hides a floor that may be found.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fifthfloor.errors import BadInput
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import keep as keeping
from fifthfloor.tasks.floors import remove as removing
from fifthfloor.tasks.floors.frames import sources_of, take_from
from fifthfloor.tasks.floors.hide import Hidden, hide, intend
from fifthfloor.tasks.floors.sources import Sources, gather
from fifthfloor.tasks.floors.sweep import opened_cards
from fifthfloor.tasks.floors.visible_roll import days_left
from fifthfloor.tasks.floors.wipe import wipe
from fifthfloor.tasks.search.tidy import tidy
from fifthfloor.tasks.secret import FloorKeys, Made
from fifthfloor.words import sentence
from fifthfloor_theatre.journey.props import Stage
from fifthfloor_theatre.journey.teller import Teller
from fifthfloor_theatre.rehearsal import delete_under_guard, look_at, visible_paths

LOSE = 1
OVERWRITE = 0.20


def said_of(verdict: str) -> str:
    return sentence(f"journey.verdict.{verdict}")


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the photographer knows by heart, and the keys that follow from it.

    Args:
        own, keys: of everything that must come back.
        decoy, decoy_keys: of the floor that may be found.
    """

    own: Made
    keys: FloorKeys
    decoy: Made
    decoy_keys: FloorKeys


def learn(teller: Teller) -> Phrases:
    """Make two passphrases and derive their keys."""
    own, decoy = secret.make_passphrase(7), secret.make_passphrase(7)
    teller.tell("passphrase", passphrase=own.passphrase, bits=own.bits)
    return Phrases(own, secret.keys_of(own.passphrase, ""), decoy, secret.keys_of(decoy.passphrase, ""))


def under_guard(stage: Stage, teller: Teller) -> tuple[str, ...]:
    """Let a guard have one photograph deleted in the camera, and bring it back.

    Returns:
        today's files that are still on the card; the one that came back lies among the other photographs now.
    """
    # What was given may hold anything; only photographs are brought back, so one that was drawn is deleted.
    frame = PurePosixPath(stage.today[0] if stage.scenes else visible_paths(stage.shooting)[len(stage.today)])
    regained = delete_under_guard(stage.shooting, str(frame), stage.folder / "audit" / "recovered")
    if not regained.identical:
        raise BadInput("journey.not_back", name=str(frame))
    teller.tell("guard", name=frame.name, path=str(regained.path))
    if str(frame) not in stage.today:
        return stage.today
    shutil.copy2(regained.path, stage.photographs / frame.name)
    return stage.today[1:]


def hide_roll(stage: Stage, phrases: Phrases, teller: Teller) -> None:
    """Hide the photographs of the earlier days."""
    begun = time.monotonic()
    _hidden, swept, slots = _sweep(stage, gather([stage.photographs]), phrases.keys, (), teller)
    seconds = max(0.01, time.monotonic() - begun)
    count, threshold = len(stage.cards), len(stage.cards) - LOSE
    facts = {"swept": swept, "slots": slots, "seconds": seconds, "percent": 100 * OVERWRITE}
    teller.tell("hidden", carriers=count, threshold=threshold, **facts)


def take_today(stage: Stage, today: Sequence[str], phrases: Phrases, teller: Teller) -> None:
    """Hide today's frames straight from the camera's card, carry the roll over, and remove them from the card."""
    wanted = stage.folder / "audit" / "frames.txt"
    wanted.write_text("".join(f"{path}\n" for path in today), encoding="utf-8")
    taken = take_from([stage.shooting], str(wanted)).cards
    sources = sources_of(taken)
    hidden, _swept, _slots = _sweep(stage, sources, phrases.keys, (phrases.keys,), teller)
    removing.check_came_back(sources, hidden.file_hashes, stage.cards, phrases.keys, hidden.floor_id)
    for one in taken:
        removed = removing.remove_from_card(one)
        first, last = one.frames[0].stem, one.frames[-1].stem
        teller.tell("taken", frames=len(one.frames), first=first, last=last, size=removed.size_bytes)
        days = days_left(one.left, one.frames)
        gaps = sum(len(day.gaps) for day in days)
        left = [day for day in days if day.left]
        first, last = (left[0].first, left[-1].last) if left else ("-", "-")
        teller.tell("left", frames=len(one.left), gaps=gaps, first=first, last=last)


def hide_decoy(stage: Stage, phrases: Phrases, teller: Teller) -> None:
    """Hide a floor that may be found, and carry over what must not be."""
    sources = gather([stage.decoy])
    _sweep(stage, sources, phrases.decoy_keys, (phrases.keys,), teller)
    teller.tell("decoy", files=sources.files, passphrase=phrases.decoy.passphrase)


def rehearse(stage: Stage, noon: str, teller: Teller) -> None:
    """Look at every card as an officer would, before and after `tidy`; the camera's card is wiped as well.

    Args:
        noon: what was to be said of the camera's card before the evening.
    """
    before = look_at(stage.shooting)
    names = tidy(stage.shooting).names
    tidied = look_at(stage.shooting)
    with opened_cards([stage.shooting]) as opened:
        wipe(opened, teller.progress)
    wiped = look_at(stage.shooting)
    teller.tell("audit_camera", noon=said_of(noon), before=said_of(before.verdict), names=names)
    verdicts = {"tidied": said_of(tidied.verdict), "wiped": said_of(wiped.verdict)}
    teller.tell("audit_wiped", photographs=tidied.photographs, **verdicts)
    for card in stage.cards:
        before = look_at(card)
        scrubbed = tidy(card)
        after = look_at(card)
        key = "audit" if scrubbed.names or after != before else "audit_same"
        verdicts = {"before": said_of(before.verdict), "after": said_of(after.verdict)}
        teller.tell(key, card=card.stem, random=100 * after.random_share, **verdicts)


def verdict_now(card: Path) -> str:
    """Return what an audit says of a card at this moment."""
    return look_at(card).verdict


def _sweep(
    stage: Stage, sources: Sources, keys: FloorKeys, kept: Sequence[FloorKeys], teller: Teller
) -> tuple[Hidden, int, int]:
    """Hide in the three cards; returns what was hidden, the bytes swept and the slots of the new floor."""
    with opened_cards(stage.cards) as opened:
        found = keeping.prepare(opened, kept, teller.progress)
        intent = intend(sources, opened, LOSE, OVERWRITE, found)
        hidden = hide(intent, opened, keys, teller.progress, found)
        return hidden, sum(card.layout.free_bytes for card in opened), sum(intent.plan.slots)
