"""The screen before the question of `hide --in FOLDER`, made from one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fifthfloor.words import sentence
from fifthfloor.words.form import Document

# Whether photographs fit as they are, and at 1,600 pixels.
_WHICH_FIT = {
    (True, True): "pictures",
    (True, False): "whole_pictures",
    (False, True): "small_pictures",
    (False, False): "no_pictures",
}


def lines(document: Document) -> Iterator[str]:
    """Say what goes where, what is not used, and what nobody can undo.

    Args:
        document: of `tasks.floors.roll_before.as_document`.
    """
    for roll in document["rolls"]:
        facts = {"covers": roll["written"], "count": roll["photographs"], "folder": roll["name"]}
        yield sentence(
            "roll.before.what",
            files=document["files"],
            size=document["bytes"],
            percent=document["lose_photographs_percent"],
            **facts,
        )
    if len(document["rolls"]) > 1 and "cards" not in document:
        yield sentence("roll.before.any", threshold=document["threshold"], rolls=len(document["rolls"]))
    yield from shrunk(document)
    yield from (sentence(f"roll.before.{key}") for key in ("unseen", "originals", "encoding", "others", "experimental"))


def shrunk(document: Document) -> Iterator[str]:
    """Say what --shrink leaves out."""
    if made := document.get("shrunk"):
        if not made["pictures"]:
            yield sentence("roll.before.none_shrunk")
            return
        yield sentence(
            "roll.before.shrunk",
            count=made["pictures"],
            all=made["of_pictures"],
            before=made["before_bytes"],
            after=made["after_bytes"],
        )


def rooms(rolls: Sequence[Document]) -> Iterator[str]:
    """Say what each folder can hold, and why photographs are not used (`tasks.floors.roll_before.room_of`)."""
    for roll in rolls:
        if roll["covers"]:
            key = "roll.before.room" if roll["most_bytes"] else "roll.before.no_room"
            yield sentence(key, folder=roll["name"], room=_no_more_than(roll["most_bytes"]), covers=roll["covers"])
        if roll["most_bytes"]:
            yield sentence(
                f"roll.before.{_WHICH_FIT[bool(roll['most_whole']), bool(roll['most_small'])]}",
                whole=roll["most_whole"],
                size=roll["whole_bytes"],
                small=roll["most_small"],
                small_size=roll["small_bytes"],
            )
        for why, count in roll["refused"].items():
            yield sentence("roll.before.refused", count=count, why=why)


def _no_more_than(length_bytes: int) -> int:
    """Round down to what a person is told of a length: a file of the size that is said must fit."""
    thousands = (len(str(length_bytes)) - 1) // 3
    step = 1000**thousands // 10 or 1  # a tenth of kB, MB, GB
    return length_bytes // step * step
