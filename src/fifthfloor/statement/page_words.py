"""Puts sentences into pages that are handed out alone: the verifying page, and the page of review."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping

_WORD_PLACE = re.compile(r"\{\{([a-z_.0-9]+)\}\}")
_TYPED = re.compile(r"`([^`]+)`")
_FOR_SCRIPTS = "/*WORDS*/{}"


def with_words(template: str, said: Mapping[str, str]) -> str:
    """Return a page with its sentences: `{{key}}` in its text, and all of them for its scripts.

    Args:
        template: of the program's own, with one place for what scripts say; nothing of a person is in it yet.
        said: sentence by key; what stands between backticks is shown as something to type. A key without one shows
            itself.

    Raises:
        ValueError: the template has no place for the words of its scripts, or two.
    """
    if template.count(_FOR_SCRIPTS) != 1:
        raise ValueError("one place is for the words of the scripts")
    whole = _WORD_PLACE.sub(lambda place: _shown(said.get(place[1], place[1])), template)
    # "<" would let a sentence end the script; JSON may write it as an escape.
    return whole.replace(_FOR_SCRIPTS, json.dumps(dict(said), ensure_ascii=False).replace("<", "\\u003c"))


def _shown(sentence: str) -> str:
    return _TYPED.sub(r"<code>\1</code>", html.escape(sentence))
