"""From what happened to an exit code and two lines: `fifthfloor: error: CAUSE`, `fifthfloor: hint: WHAT TO DO`."""

from __future__ import annotations

import _thread
import itertools
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict

import click

from fifthfloor import words
from fifthfloor.cli.console import Reply, Stopped, Unusable, WouldAsk, as_text
from fifthfloor.cli.group import COMMANDS
from fifthfloor.cli.terminal import show
from fifthfloor.cli.usage import usage_of
from fifthfloor.words.lines import failure as failures
from fifthfloor.words.lines.failure import Failure

USAGE = 2
INTERRUPTED = 130  # what a shell expects after Ctrl-C


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; whatever goes wrong is said in two lines and never as a stack trace.

    With `--json` it is also the one document on stdout, where the command has not given its result yet.
    """
    # A closed pipe or terminal must end like Ctrl-C does: through the same clean-up.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:  # what a shell ignores stays ignored
        signal.signal(signal.SIGINT, _interrupt)
    sys.unraisablehook = _raise_again
    reply = Reply()
    try:
        code = command.main(args=list(arguments), prog_name="fifthfloor", standalone_mode=False, obj=reply)
        if code != 1 or reply.given:
            return code if isinstance(code, int) else 0
        failure = Failure("declined", words.sentence("cli.declined"), "", 1)
    except BrokenPipeError:
        # Whoever read our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 1
    except (KeyboardInterrupt, click.exceptions.Abort) as error:
        # The end of the interpreter must not answer with its innards.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # click makes an Abort of its own of every interrupt; what was to be said is in its cause.
        told = next((one for one in (error, error.__cause__) if isinstance(one, Stopped)), None)
        said = told.said if told else reply.if_stopped or words.sentence("cli.interrupted")
        if isinstance(error, click.exceptions.Abort) and error.__cause__ is None:
            click.echo(err=True)  # stopped at a question, whose line is still open
        failure = Failure("interrupted", said, "", INTERRUPTED)
    except Exception as error:
        failure = failure_of(error, arguments)
    if failure.hint:
        for one in (failure, *failure.also):
            say(one.cause, one.hint)
    else:
        show(f"fifthfloor: {failure.cause}", err=True)
    if "--json" in itertools.takewhile(lambda word: word != "--", arguments) and not reply.given:
        document = asdict(failure)
        if not failure.also:
            del document["also"]
        click.echo(as_text(document))
    return failure.exit_code


def failure_of(error: Exception, arguments: Sequence[str]) -> Failure:
    """Return the words and the exit code of an error, those of the command line itself included."""
    match error:
        case WouldAsk():
            return Failure("cli.would_ask", error.message, error.hint, USAGE)
        case click.ClickException():
            return _usage(error, arguments)
    return failures.failure_of(error)


def _usage(error: click.ClickException, arguments: Sequence[str]) -> Failure:
    context = error.ctx if isinstance(error, click.UsageError) else None
    # click's parser does not say of which command it speaks.
    known = ["fifthfloor", *itertools.takewhile(COMMANDS.__contains__, arguments[:1])]
    path = context.command_path if context else " ".join(known)
    hint = error.hint if isinstance(error, Unusable) else words.sentence("cli.see_help", command=path)
    return Failure("cli.usage", usage_of(error), hint, USAGE)


def say(cause: str, hint: str) -> None:
    """Print the two lines of an error on stderr."""
    show(words.sentence("cli.error", cause=cause), "bad", err=True)
    show(words.sentence("cli.hint", hint=hint), err=True)


def _interrupt(_signal: int, _frame: object) -> None:
    # Whoever presses it twice means the same: the clean-up that has begun goes on, and what is true is said at its end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def _raise_again(what: sys.UnraisableHookArgs) -> None:
    """Interrupt again where Python met the interrupt within a callback: it would print a page of it, and go on."""
    if not isinstance(what.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(what)
        return
    signal.signal(signal.SIGINT, _interrupt)
    later = threading.Timer(_CALLBACK_SECONDS, _interrupt_main)
    later.daemon = True
    later.start()


def _interrupt_main() -> None:
    if sys.platform == "win32":
        _thread.interrupt_main()
    elif main := threading.main_thread().ident:
        signal.pthread_kill(main, signal.SIGINT)  # a call that waits is woken, too


_CALLBACK_SECONDS = 0.02  # until whatever called back is over
