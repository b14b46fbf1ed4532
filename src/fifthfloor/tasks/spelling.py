"""Which words of a typed passphrase are none of the list: a slip of the finger, told before minutes are spent on it.

It is no oracle: it looks at what was typed and at a public list, and never at a card.
"""

from __future__ import annotations

from fifthfloor.tasks.secret import wordlist

LEAST_WORDS_TYPED = 5  # below, or with more strangers than friends, it is a passphrase of one's own


def strange_words(passphrase: str) -> tuple[int, ...]:
    """Return which words, counted from 1, are not in the list of 7,776; empty where most are none of it anyway.

    Args:
        passphrase: as typed.
    """
    typed = passphrase.lower().split()
    listed = frozenset(wordlist())
    strange = tuple(number for number, word in enumerate(typed, start=1) if word not in listed)
    return strange if len(typed) >= LEAST_WORDS_TYPED and 2 * len(strange) < len(typed) else ()
