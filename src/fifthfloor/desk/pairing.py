"""The maker of pairs: two photographs that follow one another, one over the other with a slider, and their words."""

from __future__ import annotations

from markupsafe import escape

from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Go, Page, Way
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.essay import editing_of
from fifthfloor.errors import BadInput

_PAIR = ADDRESS["essay"] + "/{draft}/pair/{number}"


def show(desk: Desk, asked: Asked) -> Answer:
    """Show a photograph and the next one as a pair."""
    from fifthfloor.tasks.site import editing as task

    editing, number = editing_of(desk, asked), _number(asked)
    state = task.pair_states(editing)[number : number + 1]
    if state not in (("can",), ("is",)):
        raise BadInput("writing.no_pair")
    two = editing.photographs[number : number + 2]
    facts = {
        "draft": asked.place["draft"],
        "digest": editing.digest,
        "number": number,
        "is_pair": state == ("is",),
        "title": escape(task.pair_title(editing, number)),
        "two": [{"file": one.file, "label": escape(task.values_of(one)["label"])} for one in two],
        "names": [escape(one.file) for one in two],
    }
    return Page("essay_pair.html", facts)


def change(desk: Desk, asked: Asked) -> Answer:
    """Make the pair, change its words, or take it apart, as the button says."""
    from fifthfloor.tasks.site import editing as task

    editing, number = editing_of(desk, asked), _number(asked)
    if asked.one("do") == "part":
        action = task.set_parted(number, asked.one("first"))
    else:
        action = task.set_pair(number, asked.one("first"), asked.one("title"), (asked.one("left"), asked.one("right")))
    editing.change(asked.one("digest"), action)
    return Go(f"{ADDRESS['essay']}/{asked.place['draft']}")


def _number(asked: Asked) -> int:
    given = asked.place["number"]
    if not (given.isascii() and given.isdecimal() and len(given) < 6):
        raise BadInput("writing.no_photo")
    return int(given)


WAYS = (Way("GET", _PAIR, show), Way("POST", _PAIR, change))
