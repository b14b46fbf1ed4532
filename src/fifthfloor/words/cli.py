"""Sentences of the command line itself."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "cli.system": (
        "the system refused: {reason:phrase}",
        "check the path, its permissions (of a card in a reader sudo has them) and the room on the disk",
    ),
    "cli.extra_missing": (
        "this command needs {package}, and it is not installed",
        "{extra:extra}",
    ),
    "cli.mistake": (
        "the program made a mistake ({kind} at {where}); visible files are as they were",
        "please report these two lines; they hold nothing of yours",
    ),
}

SENTENCES: dict[str, str] = {
    # Of these sentences, as BCP 47 writes it: pages tell it to browsers and screen readers.
    "cli.language": "en",
    "cli.error": "fifthfloor: error: {cause}",
    "cli.hint": "fifthfloor: hint: {hint}",
    "cli.stopped_before": "stopped before anything was written; the cards are as they were",
    "cli.interrupted": "stopped; every visible file is as it was, and the command can be run again",
    "cli.declined": "nothing was done",
    "cli.would_ask": "this needs an answer, and there is no terminal to ask on",
    "cli.would_ask_hint": "run it on a terminal, or give the answer as an option (--yes, --passphrase-file)",
    "cli.see_help": "{command} --help shows how it is called",
    "cli.no_option": "no such option: {option}",
    "cli.no_option_but": "no such option: {option}; did you mean {others}?",
    "cli.no_command": "no such command: {given}",
    "cli.no_command_but": "no such command: {given}; did you mean {others}?",
    "cli.missing_argument": "missing argument: {name}",
    "cli.missing_option": "missing option: {name}",
    "cli.needs_value": "{option} needs something behind it",
    "cli.takes_no_value": "{option} stands alone; nothing goes behind it",
    "cli.which": "behind it goes one of these: {choices}",
    "cli.too_many": "too much was given: {given}",
    "cli.one_of": "{name} takes one of these: {choices}",
    "cli.whole": "{name} takes a whole number from {least} to {most}",
    "cli.whole_from": "{name} takes a whole number from {least} up",
    "cli.number": "{name} takes a number from {least} to {most}",
    "cli.number_from": "{name} takes a number from {least} up",
    "cli.whole_alone": "{name} takes a whole number",
    "cli.number_alone": "{name} takes a number",
    "cli.bad_value": "{name} does not take what was typed behind it",
    "cli.version": "{program}, version {version}",
    "cli.again": "once more",
    "cli.yes_or_no_mark": "[y/N]",
    # What adds an extra to what is here, by how it was put here; with "_wheel", its wheel is no longer where it was.
    "cli.add.uv": "uv tool install {what}",
    "cli.add.uv_wheel": "in the folder where its wheel lies: uv tool install {what}",
    "cli.add.pipx": "pipx install --force {what}",
    "cli.add.pipx_wheel": "in the folder where its wheel lies: pipx install --force {what}",
    "cli.add.pip": "{python} -m pip install {what}",
    "cli.add.pip_wheel": "in the folder where its wheel lies: {python} -m pip install {what}",
    "cli.add.uv_pip": "uv pip install --python {python} {what}",
    "cli.add.uv_pip_wheel": "in the folder where its wheel lies: uv pip install --python {python} {what}",
    "cli.add.folder": "this folder has the work of the road alone; on a computer that stays, in the folder where the wheel lies: uv tool install {what}, or pipx install {what}",
    # What is taken for an answer, in small letters, with blanks between.
    "cli.yes": "y yes",
    "cli.no": "n no",
    "cli.yes_or_no": "please type y for yes or n for no",
    "cli.differ": "the two did not match; nothing was done",
    "cli.differ_hint": "what is typed is not shown: look at Caps Lock and at the keyboard's language, then give the command again",
    "cli.not_text": "the passphrase file is not UTF-8 text",
    "cli.not_text_hint": "save it as plain text in UTF-8, with the passphrase as its first line",
    "cli.unreadable": "{path} cannot be read: {reason:phrase}",
    "cli.unreadable_hint": "check the name of the file with the passphrase, and whether you may read it",
}
