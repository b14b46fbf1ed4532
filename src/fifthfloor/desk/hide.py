"""Hide: frames picked on the shooting card's sheet, or a folder; then cards, sliders and the question."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fifthfloor.desk import phrase
from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Data, Go, Page, Way, index_of, shown_name
from fifthfloor.desk.cards import at_hand, chosen, refuse_copies
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.hiding import Wish, hide_work
from fifthfloor.desk.pages import told_in_a_line
from fifthfloor.desk.watching import address_of, small
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.words import sentence
from fifthfloor.words.form import size, span
from fifthfloor.words.lines.at_desk import at_desk
from fifthfloor.words.lines.before import what
from fifthfloor.words.lines.failure import failure_of

if TYPE_CHECKING:
    from fifthfloor.tasks.floors.frames import Taken
    from fifthfloor.tasks.floors.reckoning import CardRoom
    from fifthfloor.tasks.floors.sheet import CardSheet
    from fifthfloor.tasks.floors.sources import Sources

MOST_LOSE, MOST_PERCENT, USUAL_PERCENT = 20, 95, 20


_TICKS = ("quick", "remove", "wipe", "own")


@dataclass
class HideDraft:
    """What a person is choosing to hide.

    Args:
        sheet: of the shooting card; None where files of a folder are hidden.
        files: of the folder.
        taken, sources: what was picked, once it was.
        rooms: what cards offered when they were looked at, by card and length: an image may have been cut since.
        cards, lose, overwrite, ticked, earlier: as they were sent last, for whoever comes back from a refusal.
    """

    sheet: CardSheet | None = None
    files: tuple[Path, ...] = ()
    taken: tuple[Taken, ...] = ()
    sources: Sources | None = None
    picked: set[int] = field(default_factory=set)
    rooms: dict[tuple[Path, int], CardRoom] = field(default_factory=dict)
    cards: list[str] = field(default_factory=list)
    lose: str = ""
    overwrite: str = str(USUAL_PERCENT)
    ticked: set[str] = field(default_factory=set)
    earlier: str = "keep"
    # Held while a card is open for a look: whoever presses the button meanwhile waits instead of being refused.
    looking: threading.Lock = field(default_factory=threading.Lock)


def show(desk: Desk, asked: Asked) -> Answer:
    """Ask where the photographs are."""
    folders = [(desk.places.id_of(path), shown_name(path)) for path in desk.places.folders()]
    return Page("hide.html", {"cards": at_hand(desk), "folders": folders, "chosen": asked.every("card")})


def begin(desk: Desk, asked: Asked) -> Answer:
    """Read which frames are on the card that was chosen."""
    from fifthfloor.tasks.floors.sheet import sheet_of
    from fifthfloor.tasks.floors.sources import gather

    path = next(iter(chosen(desk, asked)), None) or desk.places.of_id("")
    if path.is_dir():
        name = desk.keep_draft(HideDraft(files=(path,), sources=gather([path])), path)
        return Go(f"{ADDRESS['hide']}/{name}/1")
    return Go(f"{ADDRESS['hide']}/{desk.keep_draft(HideDraft(sheet=sheet_of(path)), path)}")


def sheet(desk: Desk, asked: Asked) -> Answer:
    """Show the contact sheet, day by day."""
    draft = desk.draft(asked.place["draft"], HideDraft)
    if draft.sheet is None:
        raise BadInput("desk.no_draft")
    days: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for number, frame in enumerate(draft.sheet.frames):
        taken = frame.taken
        kinds = " ".join(sorted({file.path.rpartition(".")[2].upper() for file in frame.files}))
        day = taken.date().isoformat() if taken else ""
        days.setdefault((frame.folder, day), []).append((number, frame.stem, kinds))
    name = desk.called(draft.sheet.path)
    facts = {"draft": asked.place["draft"], "days": days, "picked": draft.picked, "name": name}
    return Page("hide_sheet.html", facts)


def pick(desk: Desk, asked: Asked) -> Answer:
    """Take what was picked: by looking, and by names where some were typed."""
    from fifthfloor.tasks.floors.frames import sources_of, take_chosen, take_from

    draft = desk.draft(asked.place["draft"], HideDraft)
    if draft.sheet is None:
        raise BadInput("desk.no_draft")
    frames = draft.sheet.frames
    draft.picked = {n for given in asked.every("f") if (n := index_of(given, len(frames))) is not None}
    path, wanted = draft.sheet.path, {(frames[n].folder, frames[n].stem, frames[n].taken) for n in draft.picked}
    if asked.one("only").strip():
        picked = take_from([path], _words_alone(asked.one("only")))
        wanted |= {(frame.folder, frame.stem, frame.taken) for one in picked.cards for frame in one.frames}
    if not wanted:
        raise BadInput("desk.none_picked")
    found = take_chosen([path], lambda _card, frame: (frame.folder, frame.stem, frame.taken) in wanted)
    draft.taken, draft.sources = found.cards, sources_of(found.cards)
    return Go(f"{ADDRESS['hide']}/{asked.place['draft']}/1")


def _words_alone(typed: str) -> str:
    """Return what was typed if it can only be names: `--only` would read a file of that name, of any folder."""
    if "/" in typed and Path(typed).exists():
        raise BadInput("desk.outside", path=typed)
    return typed + " "  # no file is called so


def frame(desk: Desk, asked: Asked) -> Answer:
    """Give the small picture of a frame."""
    from fifthfloor.tasks.floors.sheet import small_frame

    draft = desk.draft(asked.place["draft"], HideDraft)
    number = index_of(asked.place["number"], len(draft.sheet.frames) if draft.sheet else 0)
    if draft.sheet is None or number is None:
        return small(b"")
    return small(small_frame(draft.sheet, number))


def where(desk: Desk, asked: Asked) -> Answer:
    """Ask on which cards, how much may be lost, and for the passphrase."""
    return _where(desk, asked, {})


def _where(desk: Desk, asked: Asked, more: dict[str, Any]) -> Page:
    from fifthfloor.tasks.secret import make_passphrase

    draft = desk.draft(asked.place["draft"], HideDraft)
    if draft.sources is None:
        raise BadInput("desk.no_draft")
    facts = {
        "draft": asked.place["draft"],
        "cards": at_hand(desk),
        "chosen": asked.every("card") or draft.cards,
        "what": _what(draft),
        "shooting": desk.called(draft.sheet.path) if draft.sheet else "",
        "shooting_id": desk.places.id_of(draft.sheet.path) if draft.sheet else "",
        "visible": _visible(draft),
        "lose": asked.one("lose", draft.lose),
        "overwrite": asked.one("overwrite", draft.overwrite),
        "asked": asked,
        "ticked": draft.ticked,
        "earlier": draft.earlier,
        "made": make_passphrase(7).passphrase,
        "others": range(phrase.MOST_OTHERS),
        "reckoned": None,
    }
    return Page("hide_where.html", facts | more)


def _what(draft: HideDraft) -> str:
    from fifthfloor.tasks.floors.before import photographs

    sources = draft.sources
    if sources is None:
        raise BadInput("desk.no_draft")
    names = [entry.name for entry in sources.entries if not entry.is_directory]
    facts = {"files": sources.files, "photographs": photographs(names), "bytes": sources.size_bytes}
    if draft.taken:
        facts["frames"] = sum(len(one.frames) for one in draft.taken)
    return what(facts)


def _visible(draft: HideDraft) -> list[str]:
    """Say what a minder will count on the shooting card if the frames go."""
    from fifthfloor.tasks.floors.before import removed_document
    from fifthfloor.words.lines.before import removed

    return [removed(removed_document(one)).strip() for one in draft.taken if one.frames]


def reckon(desk: Desk, asked: Asked) -> Answer:
    """Say what it would cost, for the script that follows the sliders."""
    try:
        found = _reckoned(desk, asked)
    except (FifthFloorError, OSError) as error:  # a card was pulled since the page was made
        found = {"fits": False, "lines": [told_in_a_line(failure_of(error), desk.places.folder, desk.names())]}
    return Data(json.dumps(found).encode(), "application/json")


def _length(card: Path) -> int:
    return card.stat().st_size if card.is_file() else 0


def _reckoned(desk: Desk, asked: Asked) -> dict[str, Any]:
    from fifthfloor.tasks.floors import reckoning

    draft, cards = desk.draft(asked.place["draft"], HideDraft), chosen(desk, asked)
    if draft.sources is None:
        raise BadInput("desk.no_draft")
    if not cards:
        return {"fits": False, "lines": [sentence("desk.hide.choose")]}
    lose = min(asked.number("lose", 0, MOST_LOSE, 0), len(cards) - 1)
    percent = asked.number("overwrite", 0, MOST_PERCENT, USUAL_PERCENT)
    with draft.looking:
        for card in cards:
            if (card, _length(card)) not in draft.rooms:
                draft.rooms[card, _length(card)] = reckoning.room_of(card)
        rooms = [draft.rooms[card, _length(card)] for card in cards]
    found = reckoning.reckon(rooms, draft.sources, lose, percent / 100, quick=asked.has("quick"))
    count = len(cards)
    if not found.fits:
        room = {"room": size(found.room_bytes), "needed": size(found.needed_bytes)}
        lines = [sentence("desk.hide.no_fit", **room)]
        if found.largest_percent is not None:
            lines.append(sentence("desk.hide.fits_at", percent=found.largest_percent))
        return {"fits": False, "lines": lines, "lose": lose}
    key = "before.one" if count == 1 else "before.all" if lose == 0 else "before.any"
    said = sentence(key, what=_what(draft), carriers=count, threshold=found.threshold)
    times = found.needed_bytes / max(1, draft.sources.size_bytes)
    quick = asked.has("quick")
    lines = [
        *([sentence("desk.hide.quick.unseen")] if quick else ()),
        sentence("desk.hide.fit", said=said),
        sentence("desk.hide.survives" if lose else "desk.hide.survives_none", lose=lose, percent=percent),
        sentence("hide.cost", written=found.needed_bytes, times=times),
        sentence("before.time", time=span(*found.seconds)),
    ]
    return {"fits": True, "seen": not quick, "lines": [at_desk(line) for line in lines], "lose": lose}


def sweep(desk: Desk, asked: Asked) -> Answer:
    """Begin: the look at the cards, the question, the sweep; or only reckon, where that button was pressed."""
    draft, cards = desk.draft(asked.place["draft"], HideDraft), chosen(desk, asked)
    draft.ticked, draft.earlier = {name for name in _TICKS if asked.has(name)}, asked.one("earlier", "keep")
    if asked.has("reckon"):
        return _where(desk, asked, {"reckoned": _reckoned(desk, asked)})
    if draft.sources is None:
        raise BadInput("desk.no_draft")
    if not cards:
        raise BadInput("desk.unknown_place")
    wish = Wish(
        sources=draft.sources,
        taken=draft.taken,
        cards=cards,
        lose=min(asked.number("lose", 0, MOST_LOSE, 0), len(cards) - 1),
        overwrite=asked.number("overwrite", 0, MOST_PERCENT, USUAL_PERCENT) / 100,
        quick=asked.has("quick"),
        remove=asked.has("remove") and bool(draft.taken),
        wipe=asked.has("wipe"),
        discard=asked.one("earlier") == "discard",
        discard_broken=asked.one("earlier") == "broken",
        to=phrase.recipients(asked),
        label=asked.one("label"),
        called=desk.called,
    )
    draft.cards, draft.lose = asked.every("card"), asked.one("lose")
    draft.overwrite = asked.one("overwrite", draft.overwrite)
    if wish.quick and phrase.others(asked):
        raise BadInput("desk.quick_keeps_nothing")
    if wish.to and (wish.quick or wish.discard or wish.discard_broken):
        raise BadInput("desk.sealed_alone")
    work = hide_work(wish, None if wish.to else phrase.new(asked), phrase.others(asked), draft.looking)
    refuse_copies(desk, [*cards, *(one.path for one in wish.taken if wish.remove or wish.wipe)])
    return Go(address_of(desk.jobs.begin("hide", work, writes=True)))


_HERE: Callable[[str], str] = (ADDRESS["hide"] + "{}").format
WAYS = (
    Way("GET", _HERE(""), show),
    Way("POST", _HERE(""), begin),
    Way("GET", _HERE("/{draft}"), sheet),
    Way("POST", _HERE("/{draft}"), pick),
    Way("GET", _HERE("/{draft}/p/{number}"), frame),
    Way("GET", _HERE("/{draft}/1"), where),
    Way("POST", _HERE("/{draft}/1"), sweep),
    Way("POST", _HERE("/{draft}/r"), reckon),
)
