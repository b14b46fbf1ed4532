"""Sentences of `health`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "health.one_more_card": "one more card",
    "health.more_cards": "{count} more cards",
    "health.locked": "floor {id}: does not open from {here:carrier|carriers}; bring more of its carriers: how many it needs, and its size, can be read only once they are enough. Where the hide that wrote it was stopped, there are no more",
    "health.opens": "floor {id}: comes back; about {size:bytes}, {here} of {carriers} carriers here, {threshold} needed",
    "health.lost_groups": "floor {id}: does not come back; {lost} of {groups} groups lost too many shards; the cards that are missing, or older images of these, may complete it",
    "health.more_carriers": "floor {id}: does not come back yet; {here:carrier is|carriers are} here, {threshold} are needed: bring {missing} more",
    "health.spare": "  the poorest group has {spare:shard|shards} to spare",
    "health.may_lose": "  you may lose {cards}, or {percent} % of each",
    "health.may_lose_no_card": "  you may lose no more card, but {percent} % of each",
    "health.may_lose_nothing": "  you may lose nothing more: open it now, and hide it again",
}
