"""How floors stand, in lines for a person: the verdict first, where there are several."""

from __future__ import annotations

from collections.abc import Sequence

from fifthfloor.words import sentence
from fifthfloor.words.form import Document


def lines(floors: Sequence[Document]) -> list[str]:
    """Say of each floor whether it comes back and what it bears, and before that of all of them.

    Args:
        floors: of `tasks.floors.health.as_document`.
    """
    alike: dict[tuple[str, ...], list[int]] = {}
    for number, floor in enumerate(floors, start=1):
        alike.setdefault(tuple(_floor(floor)), []).append(number)
    said = [_numbered(one, numbers, len(floors)) for one, numbers in alike.items()]
    opens = sum(floor["opens"] for floor in floors)
    key = "all" if opens == len(floors) else "some" if opens else "none"
    unread = max((floor["unreadable_bytes"] for floor in floors), default=0)
    passed = [sentence("open.unreadable", size=unread)] if unread else []
    several = [sentence(f"health.{key}", opens=opens, count=len(floors))] if len(floors) > 1 else []
    return [*several, *(line for each in said for line in each), *passed]


def _numbered(said: Sequence[str], numbers: Sequence[int], count: int) -> list[str]:
    """Number what was found, where it is more than one thing; what is the same of several is said once."""
    if count == 1:
        return list(said)
    key = "health.numbered_alike" if len(numbers) > 1 else "health.numbered"
    return [sentence(key, numbers=", ".join(map(str, numbers)), said=said[0]), *said[1:]]


def _floor(floor: Document) -> list[str]:
    here, threshold = floor["carriers_here"], floor["threshold"]
    if threshold is None:
        return [sentence("health.locked", here=here)]
    if here < threshold:
        return [sentence("health.more_carriers", here=here, threshold=threshold, missing=threshold - here)]
    if floor["broken"]:
        return [sentence("health.broken")]
    if not floor["opens"]:
        return [sentence("health.lost_photographs" if floor["photographs"] else "health.lost_groups")]
    facts = {"here": here, "carriers": floor["carriers"] or 0, "threshold": threshold}
    opens = sentence("health.opens", size=floor["bytes"] or 0, **facts)
    cards, percent = floor["may_lose_cards"], floor["may_lose_percent"]
    if floor["photographs"]:
        opens = sentence("health.opens_roll", size=floor["bytes"] or 0, photographs=floor["photographs"], **facts)
        lose = "health.may_lose_photographs" if percent else "health.may_lose_nothing"
        return [opens, sentence(lose, percent=percent)]
    key = "health.may_lose" if cards else "health.may_lose_no_card"
    if not cards and not percent:
        key = "health.may_lose_nothing"
    return [opens, sentence(key, cards=cards, percent=percent)]
