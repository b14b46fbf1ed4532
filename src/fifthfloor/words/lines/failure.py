"""From an error to its words, for the command line and the desk."""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.errors import FifthFloorError, reason_of
from fifthfloor.words import error as words_of
from fifthfloor.words.lines.extras import extra_of

BAD_INPUT = 3
NO_ROOM = 4
MISTAKE = 70


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong, as a person reads it and as a program does.

    Args:
        error: a key that stays the same in every language.
        cause, hint: the two lines; no hint where nothing is wrong.
        exit_code: of the command.
        also: further errors of the same input.
    """

    error: str
    cause: str
    hint: str
    exit_code: int
    also: tuple[Failure, ...] = ()


def failure_of(error: Exception) -> Failure:
    """Return the words and the exit code of an error."""
    if isinstance(error, FifthFloorError):
        also = tuple(failure_of(one) for one in error.also)
        return Failure(error.key, *words_of(error.key, error.facts), error.exit_code, also)
    if isinstance(error, OSError):
        # The path is the person's own argument or --out; names of hidden files never get this far.
        code = NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else BAD_INPUT
        return Failure("cli.system", *words_of("cli.system", {"reason": reason_of(error)}), code)
    if isinstance(error, ModuleNotFoundError) and (missing := extra_of(error)):
        lacks = dict(zip(("package", "extra"), missing, strict=True))
        return Failure("cli.extra_missing", *words_of("cli.extra_missing", lacks), BAD_INPUT)
    # Our own mistake. Kind and line are enough to mend it; a message or a trace could quote a name or a key.
    facts = {"kind": type(error).__name__, "where": _where(error)}
    return Failure("cli.mistake", *words_of("cli.mistake", facts), MISTAKE)


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
