"""Sentences of `health`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "health.locked": "does not come back: {here:card of it is|cards of it are} here, and not enough. Where it is on other cards too, give those: how many it needs, and its size, can be read only then. What a stopped hide left was never complete, and there are no others",
    "health.opens": "comes back: about {size:bytes}; {here} of its {carriers:card is|cards are} here, {threshold:is|are} needed",
    "health.opens_roll": "comes back: about {size:bytes}, from {photographs:photograph|photographs}; {here} of its {carriers:place is|places are} here (folders, cards), {threshold:is|are} needed",
    "health.may_lose_photographs": "  you may lose {percent} % of these photographs, whichever they are",
    "health.lost_groups": "does not come back: too much of it was overwritten or is missing; older images of these cards, or other cards where it is on more, may complete it. What a stopped hide left was never complete",
    "health.broken": "does not come back: enough is here, and it contradicts itself (16 KiB that open and hold something else than was hidden, and what is here does not tell which). Older images of these cards, or other cards where it is on more, may complete it",
    "health.lost_photographs": "does not come back: too many of its photographs are missing or were written anew; copies of them from elsewhere may complete it, or the cards where it is on some too. What a stopped hide left was never complete",
    "health.more_carriers": "does not come back: {here:of its cards is|of its cards are} here, {threshold:is|are} needed. Where it is on other cards too, give {missing} more of those. What a stopped hide left was never complete, and there are no others",
    "health.may_lose": "  you may lose {cards:more card|more cards}, or {percent} % of each",
    "health.may_lose_no_card": "  you may lose no more card, but {percent} % of each",
    "health.may_lose_nothing": "  you may lose nothing more: open it now, and hide it again",
    "health.all": "everything that was found comes back",
    "health.some": "not everything comes back: {opens} of the {count} that were found",
    "health.none": "what was found does not come back from these cards",
    "health.detail": "{number}: floor {id}; {lost} of {groups} groups are lost; the poorest group has {spare:shard|shards} to spare",
    "health.numbered": "{numbers}: {said}",
    "health.numbered_alike": "each of {numbers}: {said}",
}
