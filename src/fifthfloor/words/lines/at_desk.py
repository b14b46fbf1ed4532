"""The sentences of the command line as pages say them: no options, no commands, a capital and a full stop."""

from __future__ import annotations

import re

from fifthfloor.words import SENTENCES
from fifthfloor.words.lines.failure import Failure

_OPTION = re.compile(r"--([a-z][a-z-]*)")
_ASIDE = re.compile(r" \((?:--[a-z]|fifthfloor )[^)]*\)")
_COMMAND = re.compile(r"`?\bfifthfloor ([a-z]+)((?: --[a-z-]+)*)`?")
_QUOTED = re.compile(r"`([^`]*)`")
_WORD_FIRST = re.compile(r"[a-z]+[ ,:;]")
# command -> its page, where it is called otherwise
_AGAIN = "run the command again"
_CALLED = {"health": "check", "list": "check", "cards": "cards"}


def at_desk(line: str) -> str:
    """Say a line on a page.

    Args:
        line: of `words`, filled.
    """
    said = _ASIDE.sub("", line.strip())
    said = _COMMAND.sub(lambda found: _page(found[1]), said)
    said = _QUOTED.sub(lambda found: _page(found[1]), said)
    said = _OPTION.sub(lambda found: SENTENCES.get(f"desk.option.{found[1]}", found[0]), said)
    said = said.replace(_AGAIN, SENTENCES["desk.begin_again"])
    if _WORD_FIRST.match(said):
        said = said[0].upper() + said[1:]
    return said if not said or said[-1] in ".?!:…" else said + "."


def hint_at_desk(failure: Failure) -> str:
    """Say what to do about an error: its own line where a page does it in another way than the commands do."""
    return SENTENCES.get(f"desk.hint.{failure.error}") or at_desk(failure.hint)


def _page(command: str) -> str:
    return SENTENCES.get(f"desk.nav.{_CALLED.get(command, command)}", command)
