"""The screen before the question at a terminal: at most eight lines of 80 columns, whatever the cards are called.

What does not fit as `before` says it is said shorter: names cut in the middle, several days as one. --verbose says all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fifthfloor.words import sentence
from fifthfloor.words.form import span
from fifthfloor.words.lines import before, rolls
from fifthfloor.words.lines.before import Document
from fifthfloor.words.lines.width import broken

SCREEN_LINES, SCREEN_COLUMNS = 8, 80
_NAME = 16  # characters of a card's name
_RANGE = 20  # characters of a range of frames, as IMG_0801 to IMG_0810
_NAMED = 3  # cards that are named
_CAMERA_SLOTS = 2  # of one camera, each on a line
_COMPARED = 2  # recipients whose fingerprints fit on a line


def screen(document: Document) -> list[str]:
    """Say what will happen, as `before.lines` does where that fits.

    Args:
        document: of `tasks.floors.before.as_document`.
    """
    full = everything(document)
    if sum(len(broken(line, SCREEN_COLUMNS)) for line in full) <= SCREEN_LINES:
        return full
    return list(_mixed(document) if document.get("rolls") else _brief(document))


def everything(document: Document) -> list[str]:
    """Say all that will happen, on cards and in folders, however many lines that takes."""
    return [*before.lines(document), *(rolls.lines(document) if document.get("rolls") else ())]


def _mixed(document: Document) -> Iterator[str]:
    """Say in eight lines what happens on cards and, beside them, in folders of photographs."""
    cards, folders, percent = len(document["cards"]), document["rolls"], document["lose_photographs_percent"]
    key = "all" if document["threshold"] == cards + len(folders) else "any"
    facts = {"places": cards + len(folders), "threshold": document["threshold"]}
    yield sentence(f"brief.{key}_mixed", what=before.what(document), **facts)
    yield from before.where(document, _fewer_names(document))
    name = shortened(folders[0]["name"]) if len(folders) == 1 else sentence("brief.folders", count=len(folders))
    covers, count = (sum(one[of] for one in folders) for of in ("written", "photographs"))
    key = "brief.roll_smaller" if document.get("shrunk") else "brief.roll"
    yield sentence(key, covers=covers, count=count, folder=name, percent=percent)
    if deleted := document["deleted_photographs"]:
        yield sentence("brief.stake_mixed", count=deleted)
    elif deleted is None:
        yield sentence("brief.unknown_and_others")
    else:
        yield sentence("brief.lost_mixed" if document.get("others") == "ask" else "brief.lost_mixed_too")
    earlier = [
        *before.none(document),
        *_floors("gone", document.get("discarded", ())),
        *_floors("kept", (*document.get("kept", ()), *document.get("kept_others", ()))),
    ]
    yield from earlier
    rules = ("rules_all",) if len(earlier) > 1 else ("rules", "rules_more")
    yield from (sentence(f"brief.{rule}") for rule in rules)
    yield sentence("before.time", time=span(*document["seconds"]))


def _brief(document: Document) -> Iterator[str]:
    if document.get("files"):
        carriers, threshold = len(document["cards"]), document["threshold"]
        key = "one" if carriers == 1 else "all" if threshold == carriers else "any"
        yield sentence(f"brief.{key}", what=before.what(document), carriers=carriers, threshold=threshold)
    names = _fewer_names(document) if document.get("swept_after") else _names(_of(document))
    if sealed_to := document.get("sealed_to"):
        # A line that was changed on its way shows in its fingerprint alone, so that stands before the question.
        key = "brief.sealed" if len(sealed_to) <= _COMPARED else "brief.sealed_to_many"
        yield sentence(key, fingerprints=", ".join(sealed_to), count=len(sealed_to))
    yield from before.where(document, names)
    if not document.get("files"):
        yield from before.tails(document)
    yield from before.none(document)
    yield from _lost(document)
    yield from _floors("gone", document.get("discarded", ()))
    yield from _floors("kept", (*document.get("kept", ()), *document.get("kept_others", ())))
    full = any(document.get(key) for key in ("discarded", "kept", "kept_others", "swept_after"))
    yield from _removed(document.get("removed", ()), full=full)
    yield from _swept_after(document.get("swept_after", ()))
    if count := document.get("removed_files"):
        yield sentence("before.removed_files", files=count)
    yield sentence("before.time", time=span(*document["seconds"]))


def _frames(card: Document) -> str:
    """Name what goes from a card in a few letters: one short range, or its first frame; --verbose names all."""
    first, *others = card["ranges"]
    if not others and len(first) <= _RANGE:
        return str(first)
    return sentence("brief.first", name=shortened(first.partition(" to ")[0]))


def _lost(document: Document) -> Iterator[str]:
    others = document.get("others")
    if document["deleted_photographs"] is None:
        yield sentence("brief.unknown_and_others" if others else "brief.unknown")
        if not document.get("files"):
            yield sentence("before.whole")
    elif others == "ask" and document["deleted_photographs"]:
        yield sentence("brief.stake_and_others", count=document["deleted_photographs"])
    else:
        yield from before.lost(document)


def _removed(removed: Sequence[Document], *, full: bool) -> Iterator[str]:
    """Say what goes from shooting cards: a line each, where there is room for the slots of a camera."""
    gaps = [len(card["gaps"]) for card in removed]
    if len(removed) > (1 if full else _CAMERA_SLOTS):
        frames, left = (sum(card[of] for card in removed) for of in ("frames", "left"))
        yield sentence("brief.removed_all", cards=len(removed), frames=frames, left=left, gaps=sum(gaps))
    else:
        for card, count in zip(removed, gaps, strict=True):
            facts = {key: card[key] for key in ("frames", "left")} | {
                "card": shortened(card["card"]),
                "names": _frames(card),
            }
            yield sentence("brief.removed", gaps=count, **facts)


def _swept_after(swept: Sequence[Document]) -> Iterator[str]:
    if swept:
        count, kind = before.stake_of(swept)
        cards = shortened(swept[0]["card"]) if len(swept) == 1 else sentence("brief.swept_cards", count=len(swept))
        yield sentence(f"brief.swept_after{kind}", cards=cards, count=count)


def _floors(key: str, floors: Sequence[Document]) -> Iterator[str]:
    """Say in one line what is kept, or goes; a list that cannot be read counts as something more."""
    known = [floor for floor in floors if floor["hidden"]]
    if not known:
        if floors:
            yield sentence(f"brief.{key}_damaged")
        return
    days = sorted(floor["hidden"] for floor in known)
    facts = {"files": sum(one["files"] for one in known), "size": sum(one["bytes"] for one in known)}
    when = sentence("brief.day" if days[0] == days[-1] else "brief.days", first=days[0], last=days[-1])
    yield sentence(f"brief.{key}", days=when, **facts) + (sentence("brief.more") if len(known) < len(floors) else "")


def _of(document: Document) -> list[str]:
    return [card["name"] for card in document["cards"]]


def _fewer_names(document: Document) -> str:
    """Name the cards on one line, where that is possible."""
    names = _of(document)
    wide = any(len(line) > SCREEN_COLUMNS for line in before.where(document, _names(names)))
    return _names(names, _NAMED - 1) if wide else _names(names)


def _names(names: Sequence[str], most: int = _NAMED) -> str:
    short = [shortened(name) for name in names]
    if len(set(short)) < len(names):  # two that look alike are told apart, even if that takes a line
        short = list(names)
    if len(short) <= most:
        return ", ".join(short)
    return sentence("brief.cards", names=", ".join(short[: most - 1]), more=len(short) - most + 1)


def shortened(name: str) -> str:
    """Cut a name in its middle; its beginning and its end tell most names apart."""
    half = _NAME // 2
    return name if len(name) <= _NAME else f"{name[: half - 2]}..{name[-half:]}"
