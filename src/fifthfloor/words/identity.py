"""Sentences of `identity`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "identity.malformed": ("not an identity file", "give the file that fifthfloor identity new wrote"),
    "identity.closed": (
        "this passphrase does not open the identity, or the file was changed",
        "try again; without the passphrase nobody can open it",
    ),
    "identity.no_recipient": (
        "{path} is of an earlier version: nothing can be sealed to it",
        "make a new one with: fifthfloor identity new; the old one still signs",
    ),
}

SENTENCES: dict[str, str] = {
    "identity.ask": "passphrase of the identity",
    "identity.ask_new": "passphrase of the new identity (Enter makes one)",
    "identity.made": "a new identity is in {path}; without its passphrase nobody can use it, you neither",
    "identity.key": "public key: {public}",
    "identity.recipient": "recipient, to whom others seal what they hide: {line}",
    "identity.fingerprint": "fingerprint of the recipient, to compare by telephone: {fingerprint}",
    "identity.narrow": "the picture needs {needed} columns, this terminal has {width}: widen it, or use --png FILE",
    "identity.drawn": "the recipient's line is drawn in {path}",
    "identity.help_qr": "Draw the recipient's line as a QR code, for a dark terminal.",
    "identity.help_png": "Draw it in a new PNG file.",
}
