"""What stands before the question, made from one document; `screen` says it shorter where it is more than eight lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fifthfloor.words import sentence
from fifthfloor.words.form import Document, span
from fifthfloor.words.lines.notes import notes

_MOST_GAPS = 3
_MOST_RANGES = 6


def lines(document: Document) -> Iterator[str]:
    """Say what goes where, what is lost, what will be gone and how long it takes.

    Args:
        document: of `tasks.floors.before.as_document`.
    """
    if document.get("files"):
        yield opened_by(document)
    if document.get("sealed_to"):
        yield sentence("sealed.to", fingerprints=", ".join(document["sealed_to"]))
    names = ", ".join(map(card, document["cards"]))
    yield from notes(document)
    yield from where(document, names)
    if not document.get("files"):
        yield from tails(document)  # `hide` says it with --verbose: its screen is full
    yield from none(document)
    yield from borne(document)
    yield from lost(document)
    yield from gone(document.get("discarded", ()))
    yield from kept(document.get("kept", ()), document.get("kept_others", ()))
    yield from (removed(card) for card in document.get("removed", ()))
    yield from map(swept_after, document.get("swept_after", ()))
    if count := document.get("removed_files"):
        yield sentence("before.removed_files", files=count)
    yield sentence("before.time", time=span(*document["seconds"]))


def where(document: Document, names: str) -> Iterator[str]:
    """Say which cards are written, whole or in part."""
    if "written_percent" in document:
        yield sentence("quick.cards", cards=names, percent=document["written_percent"])
        yield sentence("quick.others", percent=document["written_percent"])
        yield sentence("quick.images")
    else:
        yield sentence("before.cards", cards=names)


def tails(document: Document) -> Iterator[str]:
    """Say what is not rewritten: bytes behind the ends of visible files, in clusters of nobody, and cut off."""
    if size := sum(card["tail_bytes"] for card in document["cards"]):
        # Whoever stands behind the person at a wipe reads nothing of floors.
        yield sentence("before.tails" if document.get("files") else "before.tails_wiped", size=size)
    if size := sum(card.get("lost_bytes", 0) for card in document["cards"]):
        yield sentence("before.lost_clusters", size=size)
    if count := sum(card.get("cut_clusters", 0) for card in document["cards"]):
        yield sentence("before.cut_clusters", count=count)


def none(document: Document) -> Iterator[str]:
    """Say that nothing was hidden under this passphrase and label: a forgotten label looks as a first evening does.

    Nothing else is said of it: whether there is a floor under another label, nobody can see.
    """
    looked_for = document.get("others") and document.get("files") and not document.get("sealed_to")
    if looked_for and not document.get("kept") and not document.get("discarded"):
        # A tired Enter is a label of its own, and not typed twice: here it is seen.
        yield sentence("before.none" if document.get("labelled", True) else "before.none_unlabelled")


def borne(document: Document) -> Iterator[str]:
    """Say what runs leave of what the same passphrase hid before: that nothing of it is hit, or what it can still bear."""
    if "borne" not in document:
        return
    if floors := document["borne"]:
        known = [floor for floor in floors if floor["hidden"]]
        bears = {name: min(floor[f"may_lose_{name}"] for floor in floors) for name in ("cards", "percent")}
        yield sentence("quick.borne", **_days(known), **bears) if known else sentence("quick.borne_damaged", **bears)
    elif not document["discarded"]:
        yield sentence("quick.none" if document.get("labelled", True) else "quick.none_unlabelled")


def gone(floors: Sequence[Document]) -> Iterator[str]:
    """Say what is let go, each by its date, files and size."""
    for floor in floors:
        key = "before.discarded" if floor["hidden"] else "before.discarded_damaged"
        yield sentence(key, **_days([floor])) if floor["hidden"] else sentence(key)


def kept(floors: Sequence[Document], others: Sequence[Document]) -> Iterator[str]:
    """Say what is kept, by its dates, files and size, in one line.

    Args:
        floors: of the same passphrase.
        others: of those that were given with --keep.
    """
    if known := [floor for floor in (*floors, *others) if floor["hidden"]]:
        yield sentence("before.kept_others" if others else "before.kept", **_days(known))
    elif floors or others:
        yield sentence("before.kept_damaged")


def what(document: Document) -> str:
    """Say what is hidden: frames of a card, or photographs and other files; and how large."""
    if document.get("frames"):
        return sentence("before.frames", frames=document["frames"], size=document["bytes"])
    photographs, others = document["photographs"], document["files"] - document["photographs"]
    kind = "both" if photographs and others else "photographs" if photographs else "files"
    return sentence(f"before.{kind}", photographs=photographs, others=others, size=document["bytes"])


def opened_by(document: Document) -> str:
    """Say what is hidden, and what opens it."""
    carriers, threshold = len(document["cards"]), document["threshold"]
    if folders := len(document.get("rolls", ())):
        key = "before.all_mixed" if threshold == carriers + folders else "before.any_mixed"
        return sentence(key, what=what(document), cards=carriers, folders=folders, threshold=threshold)
    key = "one" if carriers == 1 else "all" if threshold == carriers else "any"
    if document.get("sealed_to"):
        key = f"{key}_sealed"
    return sentence(f"before.{key}", what=what(document), carriers=carriers, threshold=threshold)


def card(one: Document) -> str:
    """Name a card with its label and size."""
    key = "before.card" if one["label"] else "before.card_unnamed"
    return sentence(key, name=one["name"], label=one["label"], size=one["bytes"])


def _days(floors: Sequence[Document]) -> Document:
    days = sorted({floor["hidden"] for floor in floors})
    key = "before.day" if len(days) == 1 else "before.days"
    said = sentence(key, first=days[0], last=days[-1], count=len(days))
    return {"days": said, "files": sum(f["files"] for f in floors), "size": sum(f["bytes"] for f in floors)}


def lost(document: Document) -> Iterator[str]:
    """Say what a sweep destroys for good, as far as it is known, in one line where it is two things."""
    count, size = document["deleted_photographs"], document["deleted_bytes"]
    others = document.get("others")
    if count is None:
        yield sentence("before.stake_unknown")
    elif count and others:
        key = "before.stake_and_others" if others == "ask" else "before.stake_and_others_too"
        yield sentence(key, count=count)
        return
    elif count:
        key = "before.stake" if document["deleted_photographs_exact"] else "before.stake_at_least"
        yield sentence(key, count=count, size=size)
    if others:
        yield sentence("before.others" if others == "ask" else "before.others_too")
    elif not document.get("files"):
        yield sentence("before.whole")  # of a wipe, which speaks of no floors (decision 154)


def removed(card: Document, most_ranges: int | None = _MOST_RANGES, most_gaps: int | None = _MOST_GAPS) -> str:
    """Say what goes from a shooting card, and what a minder will then count; None: all of them are named."""
    gaps = [f"{low}-{high}" if low != high else str(low) for low, high in card["gaps"]]
    shown = _first(gaps, most_gaps)
    key = "before.no_gap" if not gaps else "before.gap" if len(gaps) == 1 else "before.gaps"
    facts = {"card": card["card"], "left": card["left"], "names": _first(card["ranges"], most_ranges)}
    if not card["left"]:
        return sentence("before.removed_all", count=card["frames"], **facts)
    return sentence("before.removed", count=card["frames"], gaps=sentence(key, count=len(gaps), gaps=shown), **facts)


def removed_names(document: Document) -> Iterator[str]:
    """Name all that goes from each shooting card, where `removed` does not."""
    for card in document.get("removed", ()):
        if len(card["ranges"]) > _MOST_RANGES:
            yield sentence("before.removed_names", card=card["card"], names=card["names"])


def _first(listed: Sequence[str], most: int | None) -> str:
    return ", ".join(listed[:most]) + (", ..." if most is not None and len(listed) > most else "")


def swept_after(card: Document) -> str:
    """Say that a shooting card is swept too, once frames were removed from it, and what that ends."""
    count, kind = stake_of([card])
    return sentence(f"before.swept_after{kind}", card=card["card"], size=card["free_bytes"], count=count)


def stake_of(cards: Sequence[Document]) -> tuple[int, str]:
    """Return how many deleted photographs go with cards that are swept at the end, and the ending of its sentence."""
    counts = [card["deleted_photographs"] for card in cards]
    if None in counts:
        return 0, "_unknown"
    if not any(counts):
        return 0, "_none"
    return sum(counts), "" if all(card["deleted_photographs_exact"] for card in cards) else "_at_least"
