"""From a request to a page and back: the door, the form, the handler in a thread, the template."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from importlib import resources

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fifthfloor.desk.address import IMAGES, STATIC_AT
from fifthfloor.desk.asked import MOST_FORM_BYTES, Answer, Asked, Data, Go, Page, Way, form_of
from fifthfloor.desk.desk import Desk
from fifthfloor.desk.door import COOKIE, CSRF_FIELD, CSRF_HEADER, HEADERS, same
from fifthfloor.desk.journal import snapshot
from fifthfloor.desk.pages import rendered
from fifthfloor.desk.receiving import receive
from fifthfloor.desk.ways import WAYS, home
from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.words import sentence
from fifthfloor.words.lines.failure import failure_of

_EVENT_SECONDS = 0.4
_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
# All that a stranger may ask for. Nothing else below /in/: a page that is missing is a page, with the token of forms.
_LAUNCH = re.compile("/in/[0-9a-f]{64}")


def app_of(desk: Desk) -> ASGIApp:
    """Return the whole desk as an ASGI application."""
    routes = [
        Route("/in/{token}", _let_in(desk), methods=["GET"]),
        Route("/", _front(), methods=["GET"]),
        Route("/s/{name}", _static(), methods=["GET"]),
        Route("/x", _panic(desk), methods=["POST"]),
        Route("/j/{job}/events", _events(desk), methods=["GET"]),
        Route(IMAGES, _received(desk), methods=["POST"]),
        *(Route(way.path, _handled(desk, way), methods=[way.method]) for way in WAYS),
    ]
    app = Starlette(routes=routes, exception_handlers={404: _missing(desk), 405: _missing(desk)})
    return _Guarded(GZipMiddleware(app, minimum_size=1000), desk)


class _Guarded:
    """Refuses what may not come in, and puts the headers on every answer, refusals and mistakes included."""

    def __init__(self, app: ASGIApp, desk: Desk) -> None:
        self._app, self._desk = app, desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # no websocket is answered

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                own = [(n.encode(), v.encode()) for n, v in HEADERS if n.encode() not in given]
                message = {**message, "headers": [*message["headers"], *own]}
            await send(message)

        request = Request(scope)
        headers = dict(request.headers.items())
        status = self._desk.door.refused(scope["method"], headers)
        if not status and not (scope["method"] == "GET" and _LAUNCH.fullmatch(scope["path"])):
            status = 0 if self._desk.door.is_ours(request.cookies.get(COOKIE, "")) else 403
        if status:
            await (_strange(request) if status == 403 else Response(status_code=status))(scope, receive, guarded)
            return
        await self._app(scope, receive, guarded)


Endpoint = Callable[[Request], Awaitable[Response]]


def _strange(request: Request) -> Response:
    """Refuse: a person who came by hand is told what to do; whatever else asks is told nothing."""
    told = {"sec-fetch-dest": "document", "sec-fetch-site": "none"}
    by_hand = request.method == "GET" and all(request.headers.get(name) == value for name, value in told.items())
    return Response(sentence("desk.stranger") if by_hand else None, status_code=403, media_type="text/plain")


def _let_in(desk: Desk) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        cookie = desk.door.exchange(request.path_params["token"])
        if cookie is None:
            return _strange(request)
        response = RedirectResponse("/", status_code=303)
        # Host-only: no domain is named. Of a session: no time is named.
        response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", path="/")
        return response

    return endpoint


def _front() -> Endpoint:
    async def endpoint(_request: Request) -> Response:
        return RedirectResponse(home(), status_code=303)

    return endpoint


def _static() -> Endpoint:
    folder = resources.files("fifthfloor.desk").joinpath("static")
    files = {STATIC_AT[file.name]: file for file in folder.iterdir() if file.name.rpartition(".")[2] in _MEDIA_TYPES}

    async def endpoint(request: Request) -> Response:
        file = files.get(f"/s/{request.path_params['name']}")
        if file is None:
            return Response(status_code=404)
        return Response(file.read_bytes(), media_type=_MEDIA_TYPES[file.name.rpartition(".")[2]])

    return endpoint


def _panic(desk: Desk) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            form = await _form(request)
        except BadInput:
            form = {}
        if not _has_token(desk, request, form):
            return Response(status_code=403)
        desk.panic()
        blank = Response(b"<!doctype html><title> </title>", media_type="text/html")
        blank.headers["clear-site-data"] = '"cache", "cookies", "storage"'
        return blank

    return endpoint


def _events(desk: Desk) -> Endpoint:
    """Progress of a job as it comes, until it is over or asks (server-sent events)."""

    async def endpoint(request: Request) -> Response:
        try:
            job = desk.jobs.of(request.path_params["job"])
        except BadInput:
            return Response(status_code=404)

        async def told() -> AsyncIterator[bytes]:
            while not desk.ended.is_set():
                now = snapshot(job)
                yield f"data: {json.dumps(now)}\n\n".encode()
                if job.state != "runs":
                    return
                await asyncio.sleep(_EVENT_SECONDS)

        return StreamingResponse(told(), media_type="text/event-stream")

    return endpoint


def _handled(desk: Desk, way: Way) -> Endpoint:
    async def done(request: Request) -> Answer:
        form = await _form(request)
        if way.method != "GET" and not _has_token(desk, request, form):
            return Page("failed.html", {"failure": failure_of(BadInput("desk.no_form"))}, 403)
        asked = Asked(dict(request.path_params), form)
        return await run_in_threadpool(way.handler, desk, asked)

    return _answering(desk, done)


def _received(desk: Desk) -> Endpoint:
    async def done(request: Request) -> Answer:
        return await receive(desk, request)

    return _answering(desk, done)


def _answering(desk: Desk, done: Callable[[Request], Awaitable[Answer]]) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            answer = await done(request)
        except ClientDisconnect:
            return Response(status_code=400)
        except (FifthFloorError, OSError) as error:
            answer = Page("failed.html", {"failure": failure_of(error)}, 400)
        except Exception as error:  # our mistake: said as one, and never as a trace
            answer = Page("failed.html", {"failure": failure_of(error)}, 500)
        try:
            return await run_in_threadpool(_answered, desk, answer)
        except Exception as error:  # of a template
            return await run_in_threadpool(_answered, desk, Page("failed.html", {"failure": failure_of(error)}, 500))

    return endpoint


def _missing(desk: Desk) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def handler(_request: Request, _error: Exception) -> Response:
        failure = failure_of(BadInput("desk.no_page"))
        return _answered(desk, Page("failed.html", {"failure": failure}, 404))

    return handler


def _answered(desk: Desk, answer: Answer) -> Response:
    match answer:
        case Go():
            return RedirectResponse(answer.to, status_code=303)
        case Data():
            return Response(answer.contents, media_type=answer.kind, status_code=answer.status)
        case Page():
            text = rendered(answer.template, {"csrf": desk.door.csrf, **answer.facts}, desk.places.folder, desk.names())
            return Response(text, media_type="text/html", status_code=answer.status)


async def _form(request: Request) -> dict[str, list[str]]:
    if request.method == "GET":
        return form_of(request.scope["query_string"])
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_FORM_BYTES:
            raise BadInput("desk.too_large", limit=MOST_FORM_BYTES)
    return form_of(bytes(body))


def _has_token(desk: Desk, request: Request, form: dict[str, list[str]]) -> bool:
    given = request.headers.get(CSRF_HEADER) or next(iter(form.get(CSRF_FIELD, ())), "")
    return bool(desk.door.csrf) and same(given, desk.door.csrf)
