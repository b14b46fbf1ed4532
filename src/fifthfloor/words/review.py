"""Sentences of review.html, the page that `protect` leaves: what it shares with the desk's page stands in `looking.py`."""

from __future__ import annotations

from fifthfloor.words import cli, looking

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "review.title": "Review before publishing",
    "review.sum": "{looked} of {count} looked at, {open:question|questions} open",
    "review.place": "photograph {number} of {count}",
    "review.looked": "looked at",
    "review.save": "Save boxes.json",
    "review.save_unsaved": "Save boxes.json (not saved)",
    "review.shows_faces": "This page shows the faces. Never publish it or the folder review/; `fifthfloor approve` removes both.",
    "review.differs": (
        "You changed something here that is not in the pictures yet: save boxes.json, run `fifthfloor protect` again with "
        "`--boxes boxes.json`, then look at this photograph again."
    ),
    "review.broken": "The original of {name} cannot be opened: run fifthfloor protect again",
    "review.questions": "Is this a face? It is not hidden until you say so",
    "review.none": "None of these is a face (key N)",
    "review.writing": "writing: a number plate, a badge, a sign, a screen? Nothing of it is hidden until you say so",
    "review.full": "100 %",
    "review.no_face": "no face",
    "review.guessed": "{what} ({percent} %)",
    "review.box": "box {number}: {what}, {state}, {width} by {height} pixels, {left} from the left, {top} from the top",
    "review.compare": (
        "Compare the two pictures: what is grey on the right is hidden for good, everything else will be seen. Faces and "
        "writing are missed; people from behind, clothes, tattoos and places are not looked for: draw a box over them. The "
        "per cent say how sure the finder is, not how often it is right. Keys: [ and ] previous and next, L looked at, N no "
        "faces, D draw, A add, arrows move and with Shift resize the chosen box, Delete, Ctrl+Z, 0 fit, 1 full size."
    ),
    "review.then": (
        "When every photograph is looked at and nothing is changed any more: save boxes.json and run `fifthfloor approve` "
        "with `--boxes boxes.json`."
    ),
    "review.no_script": "This page needs JavaScript; it sends nothing anywhere.",
}


# Of the desk's page, which shows the same.
_SHARED_KEYS = (
    "previous next tools fit larger draw add delete undo original original.alt written written.alt more hide show "
    "is.hidden is.open is.shown why.sure why.uncertain why.unasked why.given why.drawn why.doubtful why.taken why.writing"
)


def on_the_page() -> dict[str, str]:
    """Return all that the page says, by key."""
    shared = {f"looking.{name}": looking.SENTENCES[f"looking.{name}"] for name in _SHARED_KEYS.split()}
    return SENTENCES | shared | {"cli.language": cli.SENTENCES["cli.language"]}
