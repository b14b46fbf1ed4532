"""Sentences of `card`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "card.identity": "{path}: {what}, {size:bytes}, label {label}, {photographs:photograph|photographs} and {others:other file|other files}",
    "card.offered": "{path}: {what}, {size:bytes}, {labels}",
    "card.none_offered": "no card is in a reader here, or each is in use: those that are mounted are not listed",
    "card.room": "  {free:bytes} free, room for {room:bytes} ({slots:whole free slot|whole free slots} of 16 KiB)",
    "card.rate": "  read at {rate:bytes} a second just now",
    "card.labelled": '"{label}"',
    "card.labelled_at": '"{label}" ({place})',
    "card.unlabelled": "no label",
    "card.unlabelled_at": "no label ({place})",
    "card.device": "device",
    "card.image": "image",
    "card.unknown_maker": "maker not told",
    "card.slot": ", in slot {slot} of its reader",
    "card.slot_own": ", in the slot of this computer",
}
