"""From what happened to an exit code and two lines: `fifthfloor: error: CAUSE`, `fifthfloor: hint: WHAT TO DO`."""

from __future__ import annotations

import errno
import os
import signal
import traceback
from collections.abc import Sequence
from pathlib import Path

import click

from fifthfloor import words
from fifthfloor.cli.console import WouldAsk
from fifthfloor.errors import FifthFloorError

USAGE = 2
BAD_INPUT = 3
NO_ROOM = 4
MISTAKE = 70
# What only the extra `home` installs; without it, commands for home say so.
OF_EXTRAS = frozenset(["numba", "llvmlite", "PIL", "rfc3161_client", "c2pa", "onnxruntime"])
INTERRUPTED = 130  # what a shell expects after Ctrl-C


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; whatever goes wrong is said in two lines and never as a stack trace."""
    # A closed pipe or terminal must end like Ctrl-C does: through the same clean-up.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    try:
        code = command.main(args=list(arguments), prog_name="fifthfloor", standalone_mode=False)
    except FifthFloorError as error:
        say(*words.error(error.key, error.facts))
        return error.exit_code
    except WouldAsk as error:
        say(error.message, error.hint)
        return USAGE
    except click.ClickException as error:
        where = (
            f" {error.ctx.info_name}" if isinstance(error, click.UsageError) and error.ctx and error.ctx.parent else ""
        )
        message = error.format_message().rstrip(".")
        say(message[:1].lower() + message[1:], words.sentence("cli.see_help", command=f"fifthfloor{where}"))
        return USAGE
    except (KeyboardInterrupt, click.exceptions.Abort):
        click.echo(f"fifthfloor: {words.sentence('cli.interrupted')}", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except OSError as error:
        # The path is the person's own argument or --out; names of hidden files never get this far (tasks catch them).
        say(*words.error("cli.system", {"reason": (error.strerror or type(error).__name__).lower()}))
        return NO_ROOM if error.errno in (errno.ENOSPC, errno.EDQUOT) else BAD_INPUT
    except ModuleNotFoundError as error:
        package = (error.name or "").split(".")[0]
        if package in OF_EXTRAS:
            say(*words.error("cli.extra_missing", {"package": package}))
            return BAD_INPUT
        say(*words.error("cli.mistake", {"kind": type(error).__name__, "where": _where(error)}))
        return MISTAKE
    except Exception as error:
        # Our own mistake. Kind and line are enough to mend it; a message or a trace could quote a name or a key.
        say(*words.error("cli.mistake", {"kind": type(error).__name__, "where": _where(error)}))
        return MISTAKE
    return code if isinstance(code, int) else 0


def say(cause: str, hint: str) -> None:
    """Print the two lines of an error on stderr."""
    click.echo(f"fifthfloor: error: {cause}", err=True)
    click.echo(f"fifthfloor: hint: {hint}", err=True)


def _where(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt
