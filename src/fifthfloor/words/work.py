"""What the bar says is being done."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "work.card": "card {number} of {count}: {title}",
    "work.left": "{time} left",
    "work.begin": "starting",
    "work.cards": "reading the card",
    "work.plan": "working out what goes where",
    "work.look": "looking",
    "work.keys": "working on the passphrase",
    "work.find": "reading what was hidden before",
    "work.sources": "reading the photographs",
    "work.write": "writing",
    "work.check": "reading back",
    "work.capsules": "looking for what is sealed to you",
    "work.capsules_before": "looking where another format of the card had it",
    "work.scan": "reading the cards",
    "work.open": "bringing back",
    "work.count": "counting",
    "work.prove": "opening it again, to compare",
    "work.roll_look": "looking at the photographs of the roll",
    "work.roll_read": "reading the roll",
    "work.roll_write": "writing the photographs of the roll",
    "work.remove": "removing",
    "work.tidy": "scrubbing",
    "work.pictures": "photographs",
    "work.sign": "signing",
    "work.archive": "looking at photographs",
    "work.trace": "looking for pictures",
}
