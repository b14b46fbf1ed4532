"""Protect: photographs of a folder, what was found in them, what a person says of it, and who looked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Data, Go, Page, Way, index_of, shown_name
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.pages import told_in_a_line
from fifthfloor.desk.protecting import Protecting, Row, run, signer_of, verifiable
from fifthfloor.desk.watching import address_of, small
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.words.lines.failure import failure_of
from fifthfloor.words.review import on_the_page

if TYPE_CHECKING:
    from fifthfloor.tasks.people.looking import Look

PROTECT_AT = ADDRESS["protect"]


def show(desk: Desk, _asked: Asked) -> Answer:
    """Ask which photographs, and list the folders that wait for somebody to look."""
    folders = [(desk.places.id_of(path), shown_name(path)) for path in desk.places.folders()]
    waiting = [(desk.places.id_of(path), shown_name(path)) for path in desk.places.folders() if _has_protected(path)]
    return Page("protect.html", {"folders": folders, "waiting": waiting, "folder": shown_name(desk.places.folder)})


def _has_protected(path: Path) -> bool:
    return next(path.glob("*.jpg.statement.json"), None) is not None


def begin(desk: Desk, asked: Asked) -> Answer:
    """Begin to protect the photographs of a folder."""
    source, out = desk.places.of_id(asked.one("folder")), desk.places.new(asked.one("out"))
    if out == desk.places.folder or out == source or source.is_relative_to(out):
        raise BadInput("looking.same_folder")
    faces, writing = asked.has("faces"), asked.has("writing")
    return _run(desk, Protecting(source, out, signer_of(desk, asked), faces, writing))


def _run(desk: Desk, chosen: Protecting) -> Answer:
    name = desk.keep_draft(chosen, chosen.out, *filter(None, [chosen.source]))

    def work(job: Job) -> dict[str, Any]:
        return {**run(chosen, job), "draft": name, "out": shown_name(chosen.out)}

    return Go(address_of(desk.jobs.begin("protect", work, writes=True)))


def again(desk: Desk, asked: Asked) -> Answer:
    """Protect once more, with what was decided."""
    chosen = desk.draft(asked.place["draft"], Protecting)
    if asked.has("folder"):
        chosen.source = desk.places.of_id(asked.one("folder"))
    return _run(desk, chosen)


def open_folder(desk: Desk, asked: Asked) -> Answer:
    """Go on with a folder that was protected before."""
    out = desk.places.of_id(asked.one("folder"))
    return Go(f"{PROTECT_AT}/{desk.keep_draft(Protecting(None, out, signer_of(desk, asked)), out)}")


def grid(desk: Desk, asked: Asked) -> Answer:
    """Show all photographs of the folder, with what was found and said."""
    chosen = desk.draft(asked.place["draft"], Protecting)
    rows = chosen.rows()
    waiting = [row.look for row in rows if row.look]
    facts = {
        "draft": asked.place["draft"],
        "chosen": chosen,
        "by": escape(chosen.by),
        "rows": rows,
        "name": shown_name(chosen.out),
        "ticked": sum(look.looked for look in waiting),
        "decided": _all_decided([look for look in waiting if look.looked]),
        "ready": sum(look.looked and not look.differs and not look.questions for look in waiting),
        "waiting": len(waiting),
        "unlooked": sum(row.look is None and not row.approved for row in rows),
        "questions": sum(look.questions for look in waiting),
        "differs": sum(look.differs for look in waiting),
        "folders": [(desk.places.id_of(path), shown_name(path)) for path in desk.places.folders()],
    }
    return Page("protect_grid.html", facts)


def _row(desk: Desk, asked: Asked) -> tuple[Protecting, Row, list[Row]]:
    chosen = desk.draft(asked.place["draft"], Protecting)
    rows, number = chosen.rows(), asked.place["number"]
    if not (number.isascii() and number.isdecimal() and len(number) < 7 and 1 <= int(number) <= len(rows)):
        raise BadInput("desk.no_page")
    return chosen, rows[int(number) - 1], rows


def _seen(asked: Asked, row: Row) -> Look:
    """Return how a photograph waits, if it is the very one that the form showed: numbers and pictures change.

    What the form saw of the decisions is compared where they are written (`looking.unchanged`).
    """
    if row.look is None:
        raise BadInput("looking.none_waits")
    if (asked.one("photo"), asked.one("digest")) != (row.photo, row.look.digest):
        raise BadInput("looking.stale")
    return row.look


def one(desk: Desk, asked: Asked) -> Answer:
    """Show one photograph: as it was, as it was written, and what a person says of its parts."""
    from fifthfloor.tasks.people.looking import SHARED_SCRIPTS

    chosen, row, rows = _row(desk, asked)
    unsure = [other.number for other in rows if other.look and other.look.questions]
    after = [number for number in unsure if number > row.number] + [number for number in unsure if number < row.number]
    facts = {
        "draft": asked.place["draft"],
        "shared": [f"{PROTECT_AT}/s/{number}" for number in SHARED_SCRIPTS],
        "by": escape(chosen.by),  # as it is: what is shown in a field comes back from it, and is signed
        "row": row,
        "look": row.look,
        "count": len(rows),
        "next_unsure": after[0] if after else 0,
        "verifiable": verifiable(row.picture),
        "document": json.dumps(_document(row)) if row.look else "",
    }
    return Page("protect_one.html", facts)


def _document(row: Row) -> dict[str, Any]:
    look = row.look
    assert look is not None
    parts = [{**asdict(part.box), **asdict(part), "found": part.found and asdict(part.found)} for part in look.parts]
    return {**asdict(look), "parts": parts}


def decide(desk: Desk, asked: Asked) -> Answer:
    """Keep what a person says of one photograph: from the script as it is done, from a form at once."""
    from fifthfloor.tasks.people import looking

    chosen, row, rows = _row(desk, asked)
    if asked.has("file"):
        return Data(json.dumps(_decided(chosen, row, asked, desk.places.folder)).encode(), "application/json")
    seen, name = _seen(asked, row), row.picture.name
    answers = {
        number: asked.one(f"p{number}") == "hide" for number in range(len(seen.parts)) if asked.has(f"p{number}")
    }
    changed = {number: hide for number, hide in answers.items() if _changes(row, number, hide=hide)}
    decision = looking.answered(seen, changed, looked=asked.has("looked"))
    looking.decide(chosen.out, {name: decision}, {name: asked.one("decided")})
    following = f"{PROTECT_AT}/{asked.place['draft']}/{min(row.number + 1, len(rows))}"
    return Go(following if asked.has("next") else _place(asked))


def _decided(chosen: Protecting, row: Row, asked: Asked, folder: Path) -> dict[str, Any]:
    """Keep what the script says, and tell it what stands for it now, or in words why it was not kept."""
    from fifthfloor.tasks.people import looking

    name = row.picture.name
    decision = looking.read_decision(name, asked.one("file"))
    try:
        _seen(asked, row)
        looking.decide(chosen.out, {name: decision}, {name: asked.one("decided")})
    except (FifthFloorError, OSError) as error:
        return {"fault": told_in_a_line(failure_of(error), folder)}
    return {"decided": looking.mark_of(decision)}


def _changes(row: Row, number: int, *, hide: bool) -> bool:
    part = row.look.parts[number] if row.look else None
    return part is not None and (part.hide != hide or part.asks)


def _place(asked: Asked) -> str:
    return f"{PROTECT_AT}/{asked.place['draft']}/{asked.place['number']}"


def approve_one(desk: Desk, asked: Asked) -> Answer:
    """Begin to sign one photograph as looked at."""
    chosen, row, rows = _row(desk, asked)
    _seen(asked, row)
    following = next((other.number for other in rows if other.look and other.number != row.number), 0)
    return _approve(desk, asked, chosen, {row.picture.name: asked.one("decided")}, following)


def approve_ticked(desk: Desk, asked: Asked) -> Answer:
    """Begin to sign all that are ticked."""
    chosen = desk.draft(asked.place["draft"], Protecting)
    ticked = [row.look for row in chosen.rows() if row.look and row.look.looked]
    if asked.one("decided") != _all_decided(ticked):
        raise BadInput("looking.changed")
    return _approve(desk, asked, chosen, {look.name: look.decided for look in ticked}, 0)


def _all_decided(looks: list[Look]) -> str:
    """Return what stands for all that is ticked: what the grid showed of it."""
    return hashlib.sha256(json.dumps([(look.name, look.digest, look.decided) for look in looks]).encode()).hexdigest()


def _approve(desk: Desk, asked: Asked, chosen: Protecting, seen: dict[str, str], following: int) -> Answer:
    chosen.by = asked.one("by").strip()
    draft = asked.place["draft"]

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.one_writer import writing_in
        from fifthfloor.tasks.people.approve import approve_some
        from fifthfloor.tasks.people.looking import unchanged

        with job.progress("work.sign", 0), writing_in(chosen.out):
            decisions = unchanged(chosen.out, seen)
            done = approve_some(chosen.out, seen, chosen.by, chosen.signer, decisions, on_the_page())
        return {"done": [item.name for item in done], "by": chosen.by, "draft": draft, "following": following}

    return Go(address_of(desk.jobs.begin("approve", work, writes=True)))


def thumbnail(desk: Desk, asked: Asked) -> Answer:
    """Give a small picture as it was written."""
    from fifthfloor.tasks.people.looking import small_of

    return small(small_of(desk.draft(asked.place["draft"], Protecting).picture(asked.place["photo"])))


def written(desk: Desk, asked: Asked) -> Answer:
    """Give the very picture that was written."""
    from fifthfloor.tasks.people.looking import contents_of

    return small(contents_of(desk.draft(asked.place["draft"], Protecting).picture(asked.place["photo"])))


def original(desk: Desk, asked: Asked) -> Answer:
    """Give the photograph with nothing hidden, while it waits."""
    from fifthfloor.tasks.people.reviewing import original_of

    chosen = desk.draft(asked.place["draft"], Protecting)
    return small(original_of(chosen.out, chosen.picture(asked.place["photo"]).name))


def script(_desk: Desk, asked: Asked) -> Answer:
    """Give a script that this page shares with review.html."""
    from fifthfloor.tasks.people.looking import SHARED_SCRIPTS, shared_script

    number = index_of(asked.place["number"], len(SHARED_SCRIPTS))
    return Data(b"" if number is None else shared_script(number), "text/javascript", 404 if number is None else 200)


WAYS = (
    Way("GET", PROTECT_AT, show),
    Way("POST", PROTECT_AT, begin),
    Way("POST", PROTECT_AT + "/open", open_folder),
    Way("GET", PROTECT_AT + "/s/{number}", script),
    Way("GET", PROTECT_AT + "/{draft}", grid),
    Way("POST", PROTECT_AT + "/{draft}/again", again),
    Way("POST", PROTECT_AT + "/{draft}/approve", approve_ticked),
    Way("GET", PROTECT_AT + "/{draft}/{number}", one),
    Way("POST", PROTECT_AT + "/{draft}/{number}", decide),
    Way("POST", PROTECT_AT + "/{draft}/{number}/approve", approve_one),
    Way("GET", PROTECT_AT + "/{draft}/{photo}/t", thumbnail),
    Way("GET", PROTECT_AT + "/{draft}/{photo}/w", written),
    Way("GET", PROTECT_AT + "/{draft}/{photo}/o", original),
)
