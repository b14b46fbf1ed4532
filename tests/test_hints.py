"""Suggestions never offer an option with a price: all hints are read."""

from __future__ import annotations

import re

from fifthfloor import words

# Options that destroy something, give up a protection, or answer a question that was put for a reason.
PRICED = re.compile(
    r"--(?:discard(?:-broken)?|force|remove|wipe|no-wipe|lost|quick|yes|device|own-passphrase|all-looked-at)\b"
)
# Where one is named all the same, and why.
ALLOWED = {
    "approve.not_looked": "it is an affirmation, and names what one affirms; the way without it stands first",
    "cards.mirrors_differ": "tidy --lost sweeps what a stopped removal left, which is what was wanted; it asks first",
    "cards.not_removable": "the only way to a card that the system calls fixed; who checked it types its serial",
    "frames.not_there": "as cards.mirrors_differ",
    "open.exists": "named as what it is, behind the way without it",
    "passphrase.own": "the way without it stands first",
    "quick.ends": "to leave it out",
    "quick.ends_unnamed": "to leave it out",
    "quick.no_room": "to leave it out",
    "quick.no_room_at_all": "to leave it out",
    "quick.not_noise": "to leave it out",
    "remove.hidden_there": "--no-wipe loses nothing, and the sweep that keeps it stands behind",
    "remove.island_quick": "the way without an island stands first",
    "remove.island": "one of two must be chosen; each is named with its price",
}
# Sentences that stand where a hint would: what a stop leaves, and phrases that hints are filled with.
LIKE_HINTS = re.compile(r"\.(?:stopped|what)|_hint$")
ALLOWED_SENTENCES = {
    "cli.would_ask_hint": "nobody is there to answer: the answer is all that is missing",
    "remove.stopped_card": "as cards.mirrors_differ",
}


def priced(texts: dict[str, str]) -> set[str]:
    return {key for key, text in texts.items() if PRICED.search(text)}


def test_no_hint_offers_an_option_with_a_price() -> None:
    assert priced({key: hint for key, (_, hint) in words.ERRORS.items()}) == set(ALLOWED)
    said = {key: text for key, text in words.SENTENCES.items() if LIKE_HINTS.search(key)}
    assert {"hide.stopped", "quick.stopped", "hide.what.lose_fewer"} <= set(said)
    assert priced(said) == set(ALLOWED_SENTENCES)


def test_what_destroys_what_was_hidden_is_named_nowhere_and_the_other_ways_come_first() -> None:
    texts = [hint for _, hint in words.ERRORS.values()] + [
        text for key, text in words.SENTENCES.items() if not key.startswith("help.")
    ]
    assert not [text for text in texts if "--discard" in text]
    first = {
        "keep.no_room": "hide fewer photographs",
        "keep.no_spare": "open it first",
        "keep.nothing_spare": "open it first",
        "keep.locked": "give its other",
    }
    assert all(words.ERRORS[key][1].startswith(way) for key, way in first.items())


def test_nothing_says_to_bring_a_card_that_may_not_exist() -> None:
    keys = ("health.locked", "health.more_carriers", "health.lost_groups", "desk.open.incomplete")
    texts = [words.SENTENCES[key] for key in keys]
    texts += [words.ERRORS[key][1] for key in ("open.more_carriers", "open.more_carriers_unknown")]
    assert not [text for text in texts if "bring" in text]
    assert all("on other cards too" in text or "other cards where it is" in text for text in texts)


def test_a_stop_says_what_may_be_lost_and_how_to_see_before_anything_else_to_do() -> None:
    for key in ("hide.stopped", "hide.stopped_keeping", "hide.stopped_discarding", "quick.stopped"):
        said = words.SENTENCES[key]
        told = [said.index(part) for part in ("as it was", "may not be complete", "fifthfloor health", "begins anew")]
        assert told == sorted(told), key
        assert "cannot go on from here, because how far it came is noted nowhere" in said, key
        assert re.search("may be damaged or gone|lost what was written over", said[: told[1]]), key
