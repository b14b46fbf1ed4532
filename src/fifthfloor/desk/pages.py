"""Templates filled: everything is escaped, and what could turn or steer a line is shown for what it is."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from fifthfloor.desk.address import ADDRESS, MENU, STATIC_AT
from fifthfloor.desk.door import CSRF_FIELD
from fifthfloor.words import sentence
from fifthfloor.words.form import printable, size, span
from fifthfloor.words.lines.at_desk import at_desk, hint_at_desk
from fifthfloor.words.lines.failure import Failure

_FOLDER_OF_DESK = "folder_of_the_desk"
_NAMES_OF_PATHS = "names_of_paths"
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_SEPARATORS = r"/\\"
_NOTHING_BEFORE = rf"(?<![\w{_SEPARATORS}])"
_NO_NAME_GOES_ON = r"(?![\w-]|\.\w)"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fifthfloor.desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(say=sentence, address=ADDRESS, static=STATIC_AT, span=span, menu=MENU, here="")
    environment.filters.update(size=size, said=at_desk, hinted=hint_at_desk)
    return environment


def rendered(template: str, facts: dict[str, Any], folder: Path, names: Mapping[str, str]) -> str:
    """Fill a template.

    Args:
        template: its file.
        facts: what it shows.
        folder: of the desk; what lies in it is called by its name in there.
        names: what stands for whole paths in any line (`Desk.names`).
    """
    here = template.partition("_")[0].partition(".")[0]
    facts = {"here": here, **facts, _FOLDER_OF_DESK: folder, _NAMES_OF_PATHS: names}
    field = Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, facts["csrf"])
    return _environment().get_template(template).render(token=lambda: field, **facts)


def make_ready(ended: threading.Event) -> None:
    """Compile every template and load what reads cards, while the browser begins: a click must not wait for it."""
    import fifthfloor.tasks.floors.sheet  # noqa: F401 - a sixth of a second

    for name in _environment().list_templates():
        if ended.is_set():
            return
        _environment().get_template(name)


@pass_context
def _shown(context: Context, value: object) -> object:
    """Write out what steers or turns a line: names are written by others. Markup is escaped after this."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return printable(short(_named(value, context[_NAMES_OF_PATHS]), context[_FOLDER_OF_DESK]))


def _named(text: str, names: Mapping[str, str]) -> str:
    for path in sorted(names, key=len, reverse=True):
        for whole in {path, printable(path)}:
            if whole in text:
                found = re.compile(rf"{_NOTHING_BEFORE}{re.escape(whole)}{_NO_NAME_GOES_ON}")
                text = found.sub(names[path].replace("\\", r"\\"), text)
    return text


def told_in_a_line(failure: Failure, folder: PurePath, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Say what went wrong as a page says it, for a script to show.

    Args:
        failure: of `words.lines.failure`.
        folder, names: as for `rendered`.
    """
    return printable(short(_named(f"{at_desk(failure.cause)} {hint_at_desk(failure)}", names), folder))


def short(text: str, folder: PurePath) -> str:
    """Say a line with the folder of the desk called by its name, and what lies in it as it is called in there.

    The tasks name files by their whole path, which tells whoever looks over a shoulder what the account is called.
    """
    whole = str(folder)
    if whole not in text or folder == folder.parent:
        return text
    found = re.compile(rf"{_NOTHING_BEFORE}{re.escape(whole)}(?:(?P<inside>[{_SEPARATORS}])|{_NO_NAME_GOES_ON})")
    return found.sub(lambda one: "" if one["inside"] else folder.name, text)
