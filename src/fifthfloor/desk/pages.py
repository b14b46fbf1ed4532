"""Templates filled: everything is escaped, and what could turn or steer a line is shown for what it is."""

from __future__ import annotations

import threading
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fifthfloor.desk.address import ADDRESS, MENU
from fifthfloor.desk.door import CSRF_FIELD
from fifthfloor.words import sentence
from fifthfloor.words.form import printable, size, span
from fifthfloor.words.lines.at_desk import at_desk, hint_at_desk


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("fifthfloor.desk", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(say=sentence, address=ADDRESS, span=span, menu=MENU, here="")
    environment.filters.update(size=size, said=at_desk, hinted=hint_at_desk)
    return environment


def rendered(template: str, facts: dict[str, Any]) -> str:
    """Fill a template."""
    facts = {"here": template.partition("_")[0].partition(".")[0], **facts}
    field = Markup('<input type="hidden" name="{}" value="{}">').format(CSRF_FIELD, facts["csrf"])
    return _environment().get_template(template).render(token=lambda: field, **facts)


def make_ready(ended: threading.Event) -> None:
    """Compile every template and load what reads cards, while the browser begins: a click must not wait for it."""
    import fifthfloor.tasks.floors.sheet  # noqa: F401 - a sixth of a second

    for name in _environment().list_templates():
        if ended.is_set():
            return
        _environment().get_template(name)


def _harmless(value: object) -> object:
    """Write out what steers or turns a line: names are written by others. Markup is escaped after this."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return printable(value)
