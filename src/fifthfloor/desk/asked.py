"""What a request brings, and what a page answers: plain values, so that pages know nothing of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from fifthfloor.errors import BadInput

if TYPE_CHECKING:
    from fifthfloor.desk.desk import Desk

MOST_FORM_BYTES = 2 << 20  # 5,000 names of frames are a tenth of it
_MOST_FIELDS = 20_000
_MOST_DIGITS = 8  # Python refuses to read a number of thousands of them


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was let in.

    Args:
        place: the named parts of its address.
        form: fields of the form that was sent, each with all its values; of the address where none was.
    """

    place: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, list[str]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return "Asked()"  # a passphrase may be in it

    def one(self, name: str, otherwise: str = "") -> str:
        """Return the value of a field."""
        return next(iter(self.form.get(name, ())), otherwise)

    def every(self, name: str) -> list[str]:
        """Return all values of a field."""
        return self.form.get(name, [])

    def has(self, name: str) -> bool:
        """Say whether a box is ticked."""
        return bool(self.form.get(name))

    def number(self, name: str, least: int, most: int, otherwise: int) -> int:
        """Return a whole number within its bounds. Raises BadInput for anything else."""
        given = self.one(name, str(otherwise))
        if not (given.isascii() and given.isdecimal() and len(given) < 7 and least <= int(given) <= most):
            raise BadInput("desk.number", least=least, most=most)
        return int(given)


@dataclass(frozen=True, slots=True)
class Page:
    """A template with its facts."""

    template: str
    facts: dict[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True, slots=True)
class Go:
    """Another address of the desk, to be fetched instead (303)."""

    to: str


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes of a kind; a script's answer, or a picture."""

    contents: bytes
    kind: str
    status: int = 200


Answer = Page | Go | Data
Handler = Callable[["Desk", Asked], Answer]


@dataclass(frozen=True, slots=True)
class Way:
    """One address and what answers there.

    Args:
        method: "GET" or "POST".
        path: as the router writes it: "/2/{draft}".
        handler: called in a thread.
    """

    method: str
    path: str
    handler: Handler


def form_of(body: bytes) -> dict[str, list[str]]:
    """Read a form as browsers send it. Raises BadInput where it is none, or larger than any of ours."""
    if len(body) > MOST_FORM_BYTES:
        raise BadInput("desk.too_large", limit=MOST_FORM_BYTES)
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise BadInput("desk.no_form") from None
    form: dict[str, list[str]] = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def index_of(given: str, count: int) -> int | None:
    """Return a number that an address or a ticked box gives, if it counts one of so many things; None otherwise."""
    if not (given.isascii() and given.isdecimal() and len(given) < _MOST_DIGITS):
        return None
    return int(given) if int(given) < count else None


def shown_name(path: Path) -> str:
    """Return how a path is called on a page."""
    return path.name or str(path)
