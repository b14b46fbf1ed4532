"""An image of a card that was dropped on the page or chosen in a field: copied as it comes, looked at, or removed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from fifthfloor.desk.address import ADDRESS
from fifthfloor.desk.asked import Answer, Go, Page
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.door import CSRF_FIELD, same
from fifthfloor.desk.upload import Upload
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.words.lines.failure import failure_of


class _NotOursError(Exception):
    """The form has no token of this desk."""


async def receive(desk: Desk, request: Request) -> Answer:
    """Take a form with one image. Its token comes first: nothing is written before it was seen.

    Raises:
        BadInput: no such form, too many or too large, or no image of a card.
        NoRoom: the disk would be full.
        ClientDisconnect: the browser, or the desk, has gone.
    """
    with ExitStack() as kept:

        def begin(fields: dict[str, str], name: str) -> Callable[[bytes], None]:
            if not desk.door.csrf or not same(fields.get(CSRF_FIELD, ""), desk.door.csrf):
                raise _NotOursError
            return kept.enter_context(desk.received.new(name))

        upload = Upload(request.headers.get("content-type", ""), begin)
        try:
            async for piece in request.stream():
                if desk.ended.is_set():
                    raise ClientDisconnect
                await run_in_threadpool(upload.feed, piece)
        except _NotOursError:
            return Page("failed.html", {"failure": failure_of(BadInput("desk.no_form"))}, 403)
        if not upload.whole:
            raise BadInput("desk.no_form")
    await run_in_threadpool(_keep_cards, desk)
    return Go(ADDRESS["cards"])


def _keep_cards(desk: Desk) -> None:
    """Remove again what is no image of a card, and say why it is none."""
    from fifthfloor.tasks.floors.at_hand import understood

    path: Path = desk.received.images[-1]
    try:
        understood(path)
    except FifthFloorError as error:
        desk.received.drop(path)
        error.facts["path"] = path.name  # not where the copy lay
        raise
