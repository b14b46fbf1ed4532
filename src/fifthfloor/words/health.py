"""Sentences of `health`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "health.locked": "does not come back from {here:card|cards}; bring more of the cards it is on: how many it needs, and its size, can be read only once they are enough. Where the hide that wrote it was stopped, there may be no more",
    "health.opens": "comes back: about {size:bytes}; {here} of its {carriers:card is|cards are} here, {threshold:is|are} needed",
    "health.opens_roll": "comes back: about {size:bytes}, from {photographs:photograph|photographs}; {here} of its {carriers:folder is|folders are} here, {threshold:is|are} needed",
    "health.may_lose_photographs": "  you may lose {percent} % of these photographs, whichever they are",
    "health.lost_groups": "does not come back: too much of it was overwritten or is missing; more of its cards, or older images of these, may complete it. Where the hide that wrote it was stopped, they cannot",
    "health.more_carriers": "does not come back yet: {here:of its cards is|of its cards are} here, {threshold:is|are} needed: bring {missing} more. Where the hide that wrote it was stopped, there may be no more",
    "health.may_lose": "  you may lose {cards:more card|more cards}, or {percent} % of each",
    "health.may_lose_no_card": "  you may lose no more card, but {percent} % of each",
    "health.may_lose_nothing": "  you may lose nothing more: open it now, and hide it again",
    "health.all": "everything that was found comes back",
    "health.some": "not everything comes back: {opens} of the {count} that were found",
    "health.none": "what was found does not come back from these cards",
    "health.detail": "{number}: floor {id}; {lost} of {groups} groups are lost; the poorest group has {spare:shard|shards} to spare",
    "health.numbered": "{numbers}: {said}",
}
