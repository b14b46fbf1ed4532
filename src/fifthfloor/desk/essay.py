"""Essay: the order and the words of a telling, seen as they will be read, checked, and published."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Asked, Data, Go, Page, Way, shown_name
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.jobs import Job
from fifthfloor.desk.pages import told_in_a_line
from fifthfloor.desk.watching import address_of, small
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.words import sentence
from fifthfloor.words.lines.failure import failure_of

if TYPE_CHECKING:
    from fifthfloor.tasks.site.editing import Editing, Written

ESSAY_AT = ADDRESS["essay"]
_CONFLICTS = ("writing.conflict", "writing.other_window", "writing.no_photo")


def show(desk: Desk, _asked: Asked) -> Answer:
    """List the essays of the desk's folder, and the folders that may become one."""
    folders = [desk.places.folder, *desk.places.folders()]
    tellings = [file for folder in folders for file in sorted(folder.glob("essay*.md")) if not file.is_symlink()]
    begun = {file.parent for file in tellings}
    fresh = [one for one in folders if one not in begun and next(one.glob("*.jpg.statement.json"), None) is not None]
    facts = {
        "tellings": [(desk.places.id_of(file), f"{shown_name(file.parent)}/{file.name}") for file in tellings],
        "fresh": [(desk.places.id_of(folder), shown_name(folder)) for folder in fresh],
        "folders": [(desk.places.id_of(folder), shown_name(folder)) for folder in folders[1:]],
    }
    return Page("essay.html", facts)


def open_one(desk: Desk, asked: Asked) -> Answer:
    """Open a telling."""
    return Go(f"{ESSAY_AT}/{_opened(desk, desk.places.of_id(asked.one('telling')))}")


def _opened(desk: Desk, file: Path) -> str:
    from fifthfloor.tasks.site.editing import open_telling

    return desk.keep_draft(open_telling(file), file)


def new(desk: Desk, asked: Asked) -> Answer:
    """Begin an essay of a folder of approved photographs."""
    folder = desk.places.of_id(asked.one("folder"))
    originals = desk.places.of_id(asked.one("originals")) if asked.one("originals") else None

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.site.new import new_essay

        with job.progress("writing.beginning", 0):
            begun = new_essay(folder, originals, links=False)
        return {"begun": begun, "draft": _opened(desk, Path(begun.file))}

    return Go(address_of(desk.jobs.begin("essay", work, writes=True)))


def editing_of(desk: Desk, asked: Asked) -> Editing:
    """Return the telling that is open under the draft's name of an address. Raises BadInput where there is none."""
    from fifthfloor.tasks.site.editing import Editing

    return desk.draft(asked.place["draft"], Editing)


def edit(desk: Desk, asked: Asked) -> Answer:
    """Show the telling, piece by piece."""
    from markupsafe import Markup, escape

    from fifthfloor.tasks.site import editing as task

    editing = editing_of(desk, asked)
    pieces, number, line, pairs = [], 0, 0, task.pair_states(editing)
    for piece in editing.pieces:
        values = task.values_of(piece) if piece.kind == "photo" else {}
        shown = {
            "at": line,
            "span": piece.line_count,
            "kind": piece.kind,
            "number": number,
            "pair": pairs[number] if piece.kind == "photo" else "no",
            "file": piece.file,
            "photo": escape(piece.file),
            # Escaped as they are: what is shown in a field comes back from it, and nothing of it may be written out.
            "values": {key: escape(value) for key, value in values.items()},
            "alt_length": len(values.get("alt", "")),
            # A line end behind the tag is none of the text.
            "text": Markup("\n") + escape(piece.text),
            "rows": min(12, piece.text.count("\n") + 1),
        }
        pieces.append(shown)
        number += piece.kind == "photo"
        line += piece.line_count
    facts = {
        "draft": asked.place["draft"],
        "name": f"{shown_name(editing.file.parent)}/{editing.file.name}",
        "digest": editing.digest,
        "pieces": pieces,
        "count": number,
        "claims": task.CLAIM_WORDS,
        "alt": task.ALT_CHARACTERS,
        "undone": len(editing.before),
    }
    return Page("essay_edit.html", facts)


def change(desk: Desk, asked: Asked) -> Answer:
    """Change one photograph's words, or the head, or prose; written at once."""
    from fifthfloor.tasks.site import editing as task

    if asked.has("at"):
        action = task.set_text(
            asked.number("at", 0, 999_999, 0), asked.number("span", 1, 999_999, 1), asked.one("text")
        )
    else:
        values = {key: asked.one(key) for key in task.EDITED if key in asked.form}
        action = task.set_values(asked.number("number", 0, 99_999, 0), asked.one("photo"), values)
    return _answered(asked, desk.places.folder, lambda: editing_of(desk, asked).change(asked.one("digest"), action))


def move(desk: Desk, asked: Asked) -> Answer:
    """Move a photograph to the place of another."""
    from fifthfloor.tasks.site import editing as task

    number, to = asked.number("number", 0, 99_999, 0), asked.number("to", 0, 99_999, 0)
    action = task.set_place(number, to)
    arrow = f"#{'earlier' if to < number else 'later'}{to}"
    return _answered(
        asked, desk.places.folder, lambda: editing_of(desk, asked).change(asked.one("digest"), action), arrow
    )


def undo(desk: Desk, asked: Asked) -> Answer:
    """Take the last change back."""
    return _answered(asked, desk.places.folder, lambda: editing_of(desk, asked).undo(asked.one("digest")))


def _answered(asked: Asked, folder: Path, action: Callable[[], Written], arrow: str = "") -> Answer:
    if not asked.has("script"):
        here = f"{ESSAY_AT}/{asked.place['draft']}"
        try:
            action()
        except FifthFloorError as error:
            # The way on stands on the page that says no.
            return Page("failed.html", {"failure": failure_of(error), "reload": f"{here}/reload"}, 400)
        return Go(here + arrow)
    try:
        told: dict[str, Any] = asdict(action())
    except (FifthFloorError, OSError) as error:
        failure = failure_of(error)
        # Of a full disk the page tries again; where the file is another one, nothing more is written.
        told = {"fault": told_in_a_line(failure, folder), "conflict": failure.error in _CONFLICTS}
    return Data(json.dumps(told).encode(), "application/json")


def reload(desk: Desk, asked: Asked) -> Answer:
    """Open the file again as it is now; what was typed and not written is not kept."""
    return Go(f"{ESSAY_AT}/{_opened(desk, editing_of(desk, asked).file)}")


def preview(desk: Desk, asked: Asked) -> Answer:
    """Show the telling as it reads, at two widths."""
    from markupsafe import Markup

    from fifthfloor.tasks.site.editing import preview as preview_of

    editing = editing_of(desk, asked)
    story, faults = preview_of(editing)
    numbers = {piece.file: number for number, piece in enumerate(editing.photographs)}
    for block in story["blocks"]:
        # Both were made by `essay.prose`, which shows HTML as it was typed and obeys none.
        if "html" in block:
            block["html"] = Markup(block["html"])
        for one in block.get("photographs", ()):
            one["caption"] = Markup(one["caption"])
            one["number"] = numbers.get(one["file"], -1)
    facts = {"draft": asked.place["draft"], "story": story, "faults": [failure_of(error) for error in faults]}
    return Page("essay_preview.html", facts)


def picture(desk: Desk, asked: Asked) -> Answer:
    """Give a photograph as it will be published."""
    from fifthfloor.tasks.people.looking import contents_of, small_of
    from fifthfloor.tasks.site.editing import shown_file

    editing = editing_of(desk, asked)
    number, photographs = asked.place["number"], editing.photographs
    if not (number.isascii() and number.isdecimal() and len(number) < 6 and int(number) < len(photographs)):
        raise BadInput("writing.no_photo")
    file = shown_file(editing.file, photographs[int(number)].file)
    return small(small_of(file) if asked.place["size"] == "t" else contents_of(file))


def check(desk: Desk, asked: Asked) -> Answer:
    """Begin to check what stands in the way of publishing."""
    editing, draft = editing_of(desk, asked), asked.place["draft"]

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.site.publish import check_essays
        from fifthfloor.tasks.site.published import Caution

        cautions: list[Caution] = []
        with job.progress("writing.checking", 0):
            try:
                checked = check_essays([editing.file], heed=cautions.extend)
                return {"draft": draft, "checked": checked, "faults": []}
            except FifthFloorError as error:
                failure = failure_of(error)
                return {"draft": draft, "checked": None, "faults": [failure, *failure.also], "cautions": cautions}

    return Go(address_of(desk.jobs.begin("checked", work)))


def publish(desk: Desk, asked: Asked) -> Answer:
    """Begin to publish the whole essay into a folder of the desk."""
    editing, draft = editing_of(desk, asked), asked.place["draft"]
    out = desk.places.new(asked.one("out"))
    zip_file = desk.places.new(asked.one("out").strip() + ".zip") if asked.has("zip") else None

    def work(job: Job) -> dict[str, Any]:
        from fifthfloor.tasks.site.publish import publish as run_publish
        from fifthfloor.tasks.site.published import Wanted

        job.if_stopped, job.wrote = sentence("writing.stopped"), True
        return {
            "draft": draft,
            "published": run_publish([editing.file.parent], out, Wanted("", zip_file), progress=job.progress),
        }

    return Go(address_of(desk.jobs.begin("published", work, writes=True)))


WAYS = (
    Way("GET", ESSAY_AT, show),
    Way("POST", ESSAY_AT + "/open", open_one),
    Way("POST", ESSAY_AT + "/new", new),
    Way("GET", ESSAY_AT + "/{draft}", edit),
    Way("POST", ESSAY_AT + "/{draft}", change),
    Way("POST", ESSAY_AT + "/{draft}/move", move),
    Way("POST", ESSAY_AT + "/{draft}/undo", undo),
    Way("POST", ESSAY_AT + "/{draft}/reload", reload),
    Way("GET", ESSAY_AT + "/{draft}/preview", preview),
    Way("GET", ESSAY_AT + "/{draft}/{number}/{size}", picture),
    Way("POST", ESSAY_AT + "/{draft}/check", check),
    Way("POST", ESSAY_AT + "/{draft}/publish", publish),
)
