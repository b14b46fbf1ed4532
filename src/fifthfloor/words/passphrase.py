"""Sentences of `passphrase`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "passphrase.few_words": (
        "{words} words are too few; 6 is the least",
        "seven words, the default, have 90 bits",
    ),
    "passphrase.weak": (
        "the passphrase is too weak to hide with: about 10^{power} guesses, 10^{needed} are needed",
        "make one with: fifthfloor passphrase",
    ),
    "passphrase.own": (
        "the passphrase was not drawn by chance, and nobody can say how strong one is that a person thought of",
        "make one with: fifthfloor passphrase; or say that you know what you do with --own-passphrase",
    ),
}

SENTENCES: dict[str, str] = {
    "passphrase.bits": "{bits:.0f} bits; learn it, it is stored nowhere",
}
