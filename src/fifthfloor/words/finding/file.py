"""What the audit says of files of any kind."""

from __future__ import annotations

SAID: dict[str, tuple[str, str, str, str]] = {
    "file.image": (
        "{count:image of a card or disk is|images of cards or disks are} among the files, {size:bytes}: {names}",
        "whatever is on it, deleted photographs too, can be read from it; it was not looked into",
        "audit each by itself: `fifthfloor audit IMAGE`",
        "nothing",
    ),
    "file.noise": (
        "{count:file looks|files look} random from the first byte, {size:bytes}: {names}",
        "an encrypted container looks like this, and whoever meets one asks for the passphrase",
        "leave it at home, or know what you will say",
        "nothing",
    ),
}
