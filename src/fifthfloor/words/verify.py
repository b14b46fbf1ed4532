"""Sentences of `verify`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "verify.help_key": "The key that the author published, 64 digits: only with it is it proved who signed.",
    "verify.help_authority": "Also check time stamps, by this root certificate.",
    "verify.help_among": "For copies that were saved again or cropped: say which of the signed pictures of a folder they are similar to.",
}
