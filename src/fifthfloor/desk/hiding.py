"""The work of Hide: look, ask, sweep; and, where it was wished, prove and remove the originals."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fifthfloor.desk.cards import call_cards
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.phrase import Phrase
from fifthfloor.words import error, sentence
from fifthfloor.words.lines import audit as audit_lines
from fifthfloor.words.lines import before as before_lines
from fifthfloor.words.lines import roll as roll_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.frames import Taken
    from fifthfloor.tasks.floors.hide import Hidden, Intent
    from fifthfloor.tasks.floors.pace import Step
    from fifthfloor.tasks.floors.sealing import SealedFloor
    from fifthfloor.tasks.floors.sources import Sources
    from fifthfloor.tasks.floors.sweep import OpenedCard
    from fifthfloor.tasks.floors.swept_after import SweptAfter
    from fifthfloor.tasks.secret import FloorKeys


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen.

    Args:
        sources: what is hidden.
        taken: the frames it is, where it comes from a shooting card.
        cards: where.
        lose, overwrite: damage that must lose nothing.
        remove: whether the frames go from the shooting card afterwards, and `wipe` whether that is wiped then.
        to: lines of recipients, to whom it is sealed instead of being under a passphrase.
        label: of it, where it is sealed.
        called: how the page calls a card.
        discard, discard_broken: what the same passphrase hid here before is let go, or what of it does not come back.
    """

    sources: Sources
    taken: tuple[Taken, ...]
    cards: tuple[Path, ...]
    lose: int
    overwrite: float
    quick: bool
    remove: bool
    wipe: bool
    discard: bool
    discard_broken: bool
    to: tuple[str, ...] = ()
    label: str = ""
    called: Callable[[Path], str] = str


@dataclass(frozen=True, slots=True)
class NoiseLeft:
    """Shooting cards on which noise will stand where the frames lay, among what is none.

    Args:
        wiped: those that are swept at the end.
        islands: those that are left so.
    """

    wiped: tuple[SweptAfter, ...] = ()
    islands: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Swept:
    """What the sweep did."""

    intent: Intent
    hidden: Hidden
    keys: FloorKeys
    document: dict[str, Any]
    sealed: SealedFloor | None = None


def hide_work(
    wish: Wish, typed: Phrase | None, others: Sequence[Phrase], looking: threading.Lock
) -> Callable[[Job], dict[str, Any] | None]:
    """Return the work of a job."""

    def work(job: Job) -> dict[str, Any] | None:
        from fifthfloor.tasks.floors.sealing import sealing_to
        from fifthfloor.tasks.floors.sweep import opened_cards

        with sealing_to(wish.to, wish.label) if wish.to else nullcontext() as sealed:
            noise = _noise_left(job, wish)
            with ExitStack() as held:
                # A look at the same cards for the sliders may have begun; it lets them go in a moment.
                with looking:
                    opened = held.enter_context(opened_cards(wish.cards, None, job.progress))
                if wish.quick:
                    done = _quick(job, wish, opened, _typed(typed), noise)
                else:
                    done = _sweep(job, wish, opened, sealed or _typed(typed), others, noise)
            return None if done is None else _told(job, wish, done, noise)

    return work


def _noise_left(job: Job, wish: Wish) -> NoiseLeft:
    """Find the shooting cards that noise will stand on, and measure those that are swept: that takes its time, too."""
    from fifthfloor.tasks.floors.surroundings import would_be_island
    from fifthfloor.tasks.floors.swept_after import measured

    if not wish.remove:
        return NoiseLeft()
    swept = () if wish.quick else wish.cards
    with job.progress("work.cards", 0):
        taken = [one for one in wish.taken if one.frames and one.path not in swept and would_be_island(one)]
    # A wipe would end the quick floor on it.
    wiped = [one for one in taken if wish.wipe and one.path not in wish.cards]
    left = tuple(one.path for one in taken if one not in wiped)
    return NoiseLeft(tuple(measured(one, None, job.progress) for one in wiped), left)


def _told(job: Job, wish: Wish, done: Swept, noise: NoiseLeft) -> dict[str, Any]:
    """Say what was done; and remove the originals, where that was wished."""
    count, said = len(wish.cards), before_lines.what(done.document)
    verdict, lines = sentence("hide.done", what=said, count=count), []
    if done.sealed is not None:
        verdict = sentence("sealed.done", what=said, count=count, slots=sum(done.intent.plan.slots))
        lines = [sentence("sealed.to", fingerprints=", ".join(done.intent.sealed_to))]
    result: dict[str, Any] = {
        "verdict": verdict,
        "threshold": done.intent.plan.threshold,
        "count": count,
        "lines": lines,
    }
    if wish.remove:
        _remove(job, wish, done, noise, result)
    return result


def _sweep(
    job: Job,
    wish: Wish,
    opened: Sequence[OpenedCard],
    opener: Phrase | SealedFloor,
    others: Sequence[Phrase],
    noise: NoiseLeft,
) -> Swept | None:
    from fifthfloor.tasks.floors.before import sweep_document
    from fifthfloor.tasks.floors.earlier import LettingGo, decide
    from fifthfloor.tasks.floors.hide import hide, intend
    from fifthfloor.tasks.floors.look import look_all
    from fifthfloor.tasks.floors.pace import whole_time
    from fifthfloor.tasks.floors.sealed_check import check_every_shard
    from fifthfloor.tasks.floors.steps import look_steps, pace_of
    from fifthfloor.tasks.floors.swept_after import look_before

    sealed = None if isinstance(opener, Phrase) else opener
    sealed_to = sealed.fingerprints if sealed else ()
    # Too little room is said before the passphrase is worked on; what is kept takes some more of it.
    intend(wish.sources, opened, wish.lose, wish.overwrite, sealed_to=sealed_to)
    steps, pace = _steps(wish, opened, noise), pace_of(opened, noise.wiped)
    job.expect(pace, [*look_steps(opened, keys=sealed is None, after=noise.wiped), *steps])
    keys = opener.keys(job) if isinstance(opener, Phrase) else opener.keys
    looked = look_all(opened, [] if sealed else [keys], job.progress)
    kept = [one.keys(job) for one in others]
    there = decide(opened, looked, keys, kept, LettingGo(wish.discard, wish.discard_broken), job.progress)
    intent = intend(wish.sources, opened, wish.lose, wish.overwrite, there.keeping, sealed_to)
    after = look_before(noise.wiped, [] if sealed else [keys], None, job.progress, discard=wish.discard)
    job.expect(pace, steps)
    document = sweep_document(opened, there, intent, whole_time(pace, steps), wish.taken, remove=wish.remove)
    document["swept_after"] = after
    if job.ask(_question(wish, document, noise)) != "yes":
        return None
    job.if_stopped = sentence("sealed.stopped" if sealed else there.stopped_key)
    hidden = hide(intent, opened, sealed or keys, job.progress, there.keeping)
    if sealed is not None:
        check_every_shard(intent, hidden, opened, keys, job.progress)
    return Swept(intent, hidden, keys, document, sealed)


def _typed(typed: Phrase | None) -> Phrase:
    if typed is None:
        raise ValueError
    return typed


def _steps(wish: Wish, opened: Sequence[OpenedCard], noise: NoiseLeft) -> list[Step]:
    from fifthfloor.tasks.floors.steps import prove_steps, remove_steps, sweep_after_steps, sweep_steps

    size = wish.sources.size_bytes
    steps = sweep_steps(opened, size)
    if wish.to:
        steps += prove_steps(opened)
    steps += remove_steps(opened, size) if wish.remove else []
    return steps + sweep_after_steps(opened, noise.wiped)


def _quick(job: Job, wish: Wish, opened: Sequence[OpenedCard], typed: Phrase, noise: NoiseLeft) -> Swept | None:
    from fifthfloor.tasks.floors.before import Before, as_document
    from fifthfloor.tasks.floors.earlier import LettingGo
    from fifthfloor.tasks.floors.hide import hide
    from fifthfloor.tasks.floors.look import Looked
    from fifthfloor.tasks.floors.pace import whole_time
    from fifthfloor.tasks.floors.quick import draw, refuse_what_is_no_noise
    from fifthfloor.tasks.floors.quick_earlier import Meeting, Outcome, reckon_earlier
    from fifthfloor.tasks.floors.steps import pace_of, remove_steps, sweep_after_steps, sweep_steps
    from fifthfloor.tasks.floors.swept_after import look_before

    drawn = draw(wish.sources, opened, wish.lose, wish.overwrite)
    keys = typed.keys(job)
    meeting, letting_go = Meeting(keys), LettingGo(wish.discard, wish.discard_broken)
    for card in drawn.cards:
        refuse_what_is_no_noise(card, job.progress, meeting.see)
    there = reckon_earlier(opened, drawn.cards, keys, letting_go, job.progress) if meeting.met else Outcome()
    size = wish.sources.size_bytes
    steps = sweep_steps(drawn.cards, 0) + (remove_steps(drawn.cards, size) if wish.remove else [])
    steps += sweep_after_steps(drawn.cards, noise.wiped)
    pace = pace_of(drawn.cards, noise.wiped)
    after = look_before(noise.wiped, [keys], None, job.progress, discard=wish.discard)
    job.expect(pace, steps)
    # What is written over looks like noise and holds no deleted photograph: that was refused.
    looked = [Looked(None, met=False, everything=False)] * len(drawn.cards)
    extra = {"written_percent": round(100 * drawn.written_share, 2), "runs": sum(drawn.runs), "borne": there.document}
    removed = wish.taken if wish.remove else ()
    before = Before(
        drawn.cards, looked, whole_time(pace, steps), drawn.intent, discarded=there.gone, removed=removed, extra=extra
    )
    document = as_document(before) | {"deleted_photographs": 0, "swept_after": after}
    if job.ask(_question(wish, document, noise)) != "yes":
        return None
    job.if_stopped = sentence("quick.stopped")
    return Swept(drawn.intent, hide(drawn.intent, drawn.cards, keys, job.progress), keys, document)


def _question(wish: Wish, document: dict[str, Any], noise: NoiseLeft) -> dict[str, Any]:
    swept = ", ".join(card["card"] for card in document["swept_after"])
    call_cards(wish.called, document)
    lines = list(before_lines.lines(document))
    lines += [sentence("before.island_stays", card=wish.called(path)) for path in noise.islands]
    return {"lines": lines, "count": len(wish.cards), "remove": wish.remove, "swept": swept}


def _remove(job: Job, wish: Wish, done: Swept, noise: NoiseLeft, result: dict[str, Any]) -> None:
    """Open the floor again in a fresh process, and only then delete the originals."""
    from fifthfloor.tasks.floors import remove as removing
    from fifthfloor.tasks.floors.at_hand import places_among
    from fifthfloor.tasks.floors.still_named import still_named
    from fifthfloor.tasks.search.audit import as_document, audit

    job.if_stopped = sentence("sealed.stopped_proving" if done.sealed else "hide.stopped_proving")
    removing.check_came_back(
        wish.sources, done.hidden.file_hashes, wish.cards, done.keys, done.hidden.floor_id, job.progress
    )
    job.if_stopped = sentence("remove.stopped_card")
    with job.progress("work.remove", wish.sources.size_bytes):
        removed = removing.remove_originals(wish.sources, wish.taken)
    lost = [(str(one.card), one.lost_bytes) for one in removed if one.card]
    result["lines"] += roll_lines.removed(removing.as_document(removed), lost)
    waiting = [str(card.path) for card in noise.wiped]
    job.if_stopped = roll_lines.removed_by_now(waiting)
    for number, card in enumerate(noise.wiped, 1):
        job.if_stopped = sentence("remove.stopped_wiping", card=str(card.path))
        result["lines"].append(_wiped(job, card.path))
        job.if_stopped = roll_lines.removed_by_now(waiting[number:])
    result["lines"] += roll_lines.islands_left(noise.islands, places_among(noise.islands, wish.cards))
    named = [(str(one.path), path) for one in wish.taken for path in still_named(one)]
    result["lines"] += roll_lines.still_named(named)
    for one in wish.taken:
        report = as_document(audit([one.path], None, quick=True, closely=one.places).report, sentence, error)
        result["lines"] += [line.strip() for line in audit_lines.short(wish.called(one.path), report)]


def _wiped(job: Job, path: Path) -> str:
    from fifthfloor.tasks.floors.sweep import opened_cards
    from fifthfloor.tasks.floors.wipe import wipe

    with opened_cards([path], None, job.progress) as opened:
        wipe(opened, job.progress)
        return sentence("wipe.done", count=1, size=opened[0].layout.free_bytes)
