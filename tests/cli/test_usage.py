"""What click says of a command line is said in our words, names the option, and leads to nothing that has a price."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from tests.tasks.quick import command

from fifthfloor import __version__, words
from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.usage import HARMLESS, HARMLESS_COMMANDS, usage_of

# What is never suggested, and why.
PRICED = {
    "--quick", "--remove", "--discard", "--discard-broken", "--wipe", "--no-wipe", "--force", "--yes",
    "--own-passphrase",
    "--overwrite", "--lose", "--lose-photos", "--lost", "--approve-all", "--all-looked-at",  # loses
    "--from",  # with --remove
    "--rate", "--shrink", "--writing", "--originals", "--boxes",  # how much is hidden, or published
    "--device", "--helper",  # lifts a check
    "--to",  # nobody here opens it again
    "--url", "--cluster", "--base-url",  # a connection, or an address that is published
    "--show", "--names", "--exact-time", "--c2pa",  # tells more
}  # fmt: skip
PRICED_COMMANDS = {"wipe", "tidy", "approve", "sign", "publish", "finish", "desk"}


def every_command(
    group: click.Group = fifthfloor, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from every_command(found, (*path, name))


def test_each_option_and_command_is_either_harmless_or_never_suggested() -> None:
    options, names = set(), set()
    for path, found in every_command():
        names.add(path[-1])
        for one in found.get_params(click.Context(found)):
            options |= {name for name in (*one.opts, *one.secondary_opts) if name.startswith("--")}
    assert options - {"--version"} == HARMLESS | PRICED
    assert not HARMLESS & PRICED
    assert names | {"help"} == HARMLESS_COMMANDS | PRICED_COMMANDS
    assert not HARMLESS_COMMANDS & PRICED_COMMANDS


def test_no_slip_leads_to_what_has_a_price() -> None:
    for path, found in every_command():
        if isinstance(found, click.Group):
            continue
        for name in [name for one in found.params for name in one.opts if name in PRICED]:
            for slip in (name[:-1], name[:-2] + name[-1] + name[-2]):
                said = command(*path, slip)
                assert not PRICED & {word.strip(",?") for word in said.cause_and_hint[0].partition("; ")[2].split()}, (
                    slip
                )


CASES = {
    "hide --qick": "no such option: --qick",
    "hide --quik": "no such option: --quik; did you mean --quiet?",
    "hide --label-": "no such option: --label-; did you mean --label?",
    "hide --verb": "no such option: --verb; did you mean --verbose?",
    "hide m --in c --no-wip": "no such option: --no-wip",
    "stamp finish --ulr": "no such option: --ulr",
    "protect --shwo": "no such option: --shwo",
    "hide --rat": "no such option: --rat",  # what the help does not show is not suggested either
    "hide --remov": "no such option: --remov",
    "hide --over 30": "no such option: --over",
    "hide --discard-brokn": "no such option: --discard-brokn",
    "hide -x": "no such option: -x",
    "hide m --in": "--in needs something behind it",
    "hide m --quick=3": "--quick stands alone; nothing goes behind it",
    "hide m --in c --overwrite 99": "--overwrite takes a number from 0 to 95",
    "hide m --in c --lose x": "--lose takes a whole number from 0 up",
    "hide m --in c --lose -1": "--lose takes a whole number from 0 up",
    "desk --port 99999": "--port takes a whole number from 0 to 65535",
    "protect m --faces maybe": "--faces takes one of these: find, none",
    "passphrase --words x": "--words takes a whole number",
    "essay --": "behind it goes one of these: new",
    "plan": "missing argument: CARDS...",
    "hide m": "missing option: --in",
    "cards x y": "too much was given: x y",
    "hid m": "no such command: hid; did you mean hide?",
    "opne m": "no such command: opne; did you mean open?",
    "nope": "no such command: nope",
    "wip m": "no such command: wip",
    "help nix": "no such command: nix",
    "essay nwe": "no such command: nwe; did you mean new?",
    "essay": "behind it goes one of these: new",
}


@pytest.mark.parametrize("typed", CASES)
def test_a_command_line_that_is_not_understood(typed: str) -> None:
    said = command(*typed.split())
    cause, hint = said.cause_and_hint
    assert (said.code, cause) == (2, CASES[typed])
    assert not PRICED & {word.strip(",?") for word in cause.partition("; ")[2].split()}
    path = (
        " ".join(typed.split()[: 2 if typed.startswith("stamp") else 1])
        if typed.split()[0] not in ("hid", "opne", "wip", "nope", "help")
        else ""
    )
    assert hint == f"fifthfloor {path} --help shows how it is called".replace("  ", " ")


def test_every_way_of_click_to_refuse_has_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a text of click's printed as it is, this would find it: its texts are made unreadable here."""
    for kind in (click.NoSuchOption, click.MissingParameter, click.BadParameter):
        monkeypatch.setattr(kind, "format_message", lambda _self: "CLICK")
    for typed, cause in CASES.items():
        assert "CLICK" not in command(*typed.split()).err, cause


def test_every_kind_of_value_is_refused_in_our_words() -> None:
    """Choices, ranges and numbers of each command; of a text and of a path nothing is refused by click."""
    kinds = (click.INT, click.FLOAT, click.IntRange(max=3), click.IntRange(1), click.FloatRange(0, 1), click.BOOL)
    of_commands = [one for _, found in every_command() for one in found.params if not one.type.is_composite]
    for parameter in (*of_commands, *(click.Option(["--x"], type=kind) for kind in kinds)):
        said = usage_of(click.BadParameter("CLICK", param=parameter))
        assert "CLICK" not in said, parameter


def test_the_version_is_said_in_our_words() -> None:
    assert command("--version").out == words.sentence("cli.version", program="fifthfloor", version=__version__) + "\n"


@pytest.mark.parametrize("typed", ["--help", "hide --help", "essay --help", "plan --help"])
def test_help_is_in_our_words_from_its_first_to_its_last_line(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in [key for key in words.SENTENCES if key.startswith("help.click.")]:
        monkeypatch.setitem(words.SENTENCES, key, "TRANSLATED ")
    said = command(*typed.split()).out
    assert "TRANSLATED " in said
    for english in ("Usage", "Options:", "Commands:", "Show this message", "[required]", "[default"):
        assert english not in said


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_help_is_no_wider_than_the_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    for typed in (["help"], ["help", "hide"], ["help", "plan"], ["help", "stamp", "request"]):
        said = command(*typed).out
        assert max(map(len, said.splitlines())) <= columns, typed
