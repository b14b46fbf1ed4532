"""The journey, told step by step: take, hide, rehearse the search, cross, open, protect, prove, publish.

Rule: whatever it says has just been done and checked; no number in it is written by hand.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor_theatre.apart import open_apart
from fifthfloor_theatre.journey import evening
from fifthfloor_theatre.journey.afterwards import prove_one, publish_essay
from fifthfloor_theatre.journey.border import cross, draw_maps
from fifthfloor_theatre.journey.carried import carry_note
from fifthfloor_theatre.journey.evening import Phrases
from fifthfloor_theatre.journey.props import Stage, files_of, is_photograph, set_stage
from fifthfloor_theatre.journey.teller import Teller
from fifthfloor_theatre.mapping import CardState, compared, state_of

__all__ = ["Arrival", "Teller", "travel"]


@dataclass(frozen=True, slots=True)
class Arrival:
    """How it ended.

    Args:
        photographs: that had to come back.
        came_back: equal in every byte.
        decoy: photographs that the other passphrase opened.
        seconds_until_back: until the photographs were compared.
        seconds: in all.
        folder: where everything is.
        essay: where to open it.
    """

    photographs: int
    came_back: int
    decoy: int
    seconds_until_back: float
    seconds: float
    folder: Path
    essay: Path


def travel(folder: Path, given: Path | None, teller: Teller) -> Arrival:
    """Play the whole journey in a folder.

    Args:
        folder: made if it is not there; may hold other things.
        given: photographs to hide, or None for drawn ones.
        teller: hears every step.

    Raises:
        BadInput, NoRoom: as the commands that it plays.
    """
    begun = time.monotonic()
    stage = set_stage(folder, given)
    phrases, left, back = until_back(stage, teller, drawn=given is None)
    same = came_back(stage, Counter(back.values()))
    teller.tell("came_back", back=same, all=stage.count)
    seconds_until_back = time.monotonic() - begun
    if given is not None:
        carry_note(stage, teller)
    decoy = _shown(stage, left, phrases, teller)
    by_digest = {digest: path for path, digest in back.items()}
    chosen = {scene: by_digest[digest] for scene, digest in stage.scenes.items() if digest in by_digest}
    prove_one(folder, chosen, teller)
    page = publish_essay(folder, chosen, teller)
    teller.tell("essay", page=str(page))
    seconds = time.monotonic() - begun
    return Arrival(stage.count, same, decoy, seconds_until_back, seconds, stage.folder, page)


def until_back(stage: Stage, teller: Teller, *, drawn: bool) -> tuple[Phrases, tuple[Path, ...], dict[Path, str]]:
    """Play the road: evening, border, and opening on the other side.

    Returns:
        the passphrases, the cards that are left, and every file that came back with its SHA-256.
    """
    today = sum(is_photograph(path) for path in stage.today)
    teller.tell("drawn" if drawn else "given", files=stage.count, today=today)
    size = sum(path.stat().st_size for path in (stage.shooting, *stage.cards))
    teller.tell("cards", count=len(stage.cards), size=size)
    (stage.folder / "audit").mkdir()
    phrases = _evening(stage, teller)
    left = _border(stage, phrases, teller)
    return phrases, left, _opened(stage, left, phrases, teller)


def _evening(stage: Stage, teller: Teller) -> Phrases:
    """Everything that happens in the hotel, until the cards are packed."""
    today = evening.under_guard(stage, teller)
    noon = evening.verdict_now(stage.shooting)
    phrases = evening.learn(teller)
    evening.hide_roll(stage, phrases, teller)
    if today:
        evening.take_today(stage, today, phrases, teller)
    evening.hide_decoy(stage, phrases, teller)
    evening.rehearse(stage, noon, teller)
    return phrases


def _border(stage: Stage, phrases: Phrases, teller: Teller) -> tuple[Path, ...]:
    """Draw the cards, cross, draw what is left; returns it."""
    hidden = [_state(card, phrases) for card in stage.cards]
    draw_maps(stage, "1-hidden", hidden, [state.stretches for state in hidden], teller)
    left = cross(stage, hidden, teller)
    after = [_state(card, phrases) for card in left]
    before = [hidden[stage.cards.index(card)] for card in left]
    draw_maps(stage, "2-after-the-border", after, list(map(compared, before, after)), teller)
    return left


def _state(card: Path, phrases: Phrases) -> CardState:
    return state_of(card, phrases.keys, phrases.decoy_keys)


def _opened(stage: Stage, left: Sequence[Path], phrases: Phrases, teller: Teller) -> dict[Path, str]:
    """Open what is left in a fresh process, with the originals out of its reach; returns path -> SHA-256."""
    stage.photographs.rename(stage.folder / "taken-away")
    floors = open_apart(left, phrases.own.passphrase, "", stage.folder / "came-back")
    (stage.folder / "taken-away").rename(stage.photographs)
    teller.tell("opened", cards=len(left), floors=len(floors))
    return dict(files_of(stage.folder / "came-back"))


def _shown(stage: Stage, left: Sequence[Path], phrases: Phrases, teller: Teller) -> int:
    """Open the floor that may be found, with its own passphrase; returns how many photographs it gives."""
    shown = stage.folder / "shown-to-them"
    open_apart(left, phrases.decoy.passphrase, "", shown)
    same = sorted(d for _, d in files_of(shown)) == sorted(d for _, d in files_of(stage.decoy))
    count = sum(1 for _ in files_of(shown)) if same else 0
    teller.tell("shown", files=count)
    return count


def came_back(stage: Stage, found: Counter[str]) -> int:
    """Count the photographs that came back equal in every byte."""
    wanted = Counter(digest for _, digest in stage.hashes)
    photographs = [digest for name, digest in stage.hashes if is_photograph(name)]
    lost = wanted - found
    same = len(photographs) - sum(lost[digest] for digest in set(photographs))
    # A lost sidecar or a stranger among the files is no whole return either.
    return same if found == wanted else min(same, len(photographs) - 1)
