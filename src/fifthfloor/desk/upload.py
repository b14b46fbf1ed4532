"""A form with one file in it, read as it comes: bounded fields first, then the file in pieces, never all of it.

Source: RFC 7578 and RFC 2046, 5.1. Strict: what browsers send and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fifthfloor.errors import BadInput

MOST_HEAD_BYTES = 4 << 10
MOST_FIELD_BYTES = 1 << 10
_BOUNDARY = re.compile(r'multipart/form-data; *boundary="?([A-Za-z0-9\'()+_,./:=?-]{1,70})"?', re.IGNORECASE)
_FIELD_NAME = re.compile(
    rb'(?:^|\r\n)content-disposition: *form-data; *name="([^"\r\n]*)"(?:; *filename="([^\r\n]*)")?', re.IGNORECASE
)

Begin = Callable[[dict[str, str], str], Callable[[bytes], None]]


class Upload:
    """Reads a form that is fed to it.

    Args:
        content_type: header of the request.
        begin: called with the fields that came before and the name of the file; gives what takes its bytes.

    Raises:
        BadInput: it is no such form.
    """

    def __init__(self, content_type: str, begin: Begin) -> None:
        found = _BOUNDARY.fullmatch(content_type.strip())
        if found is None:
            raise BadInput("desk.no_form")
        self._mark = b"\r\n--" + found[1].encode()
        self._begin = begin
        self._held = bytearray(b"\r\n")  # the first boundary has no line before it
        self._fields: dict[str, str] = {}
        self._state = "boundary"
        self._name = ""
        self._write: Callable[[bytes], None] | None = None
        self.whole = False

    def feed(self, data: bytes) -> None:
        """Take what came. Raises BadInput where it is no such form, and what the file's taker raises."""
        self._held += data
        while self._step():
            pass
        if self._state != "file" and len(self._held) > MOST_HEAD_BYTES + len(self._mark) + len(data):
            raise BadInput("desk.no_form")

    def _step(self) -> bool:
        match self._state:
            case "boundary":
                return self._boundary()
            case "head":
                return self._head()
            case "field" | "file":
                return self._body()
            case _:
                self._held.clear()  # what stands behind the end is nobody's
                return False

    def _boundary(self) -> bool:
        if len(self._held) < len(self._mark) + 2:
            return False
        if not self._held.startswith(self._mark):
            raise BadInput("desk.no_form")
        follows = bytes(self._held[len(self._mark) : len(self._mark) + 2])
        if follows not in (b"\r\n", b"--"):
            raise BadInput("desk.no_form")
        del self._held[: len(self._mark) + 2]
        self._state = "head" if follows == b"\r\n" else "end"
        self.whole = follows == b"--"
        return True

    def _head(self) -> bool:
        end = self._held.find(b"\r\n\r\n")
        if end < 0 or end > MOST_HEAD_BYTES:
            if len(self._held) > MOST_HEAD_BYTES:
                raise BadInput("desk.no_form")
            return False
        found = _FIELD_NAME.search(bytes(self._held[:end]))
        if found is None:
            raise BadInput("desk.no_form")
        del self._held[: end + 4]
        self._name = found[1].decode("utf-8", "replace")
        if found[2] is None:
            self._state = "field"
        elif self._write is not None:
            raise BadInput("desk.one_image")
        else:
            self._state, self._write = (
                "file",
                self._begin(self._fields, found[2].decode("utf-8", "replace").rstrip('"')),
            )
        return True

    def _body(self) -> bool:
        end = self._held.find(self._mark)
        # A boundary may be cut in two: its length is held back.
        ready = end if end >= 0 else max(0, len(self._held) - len(self._mark) + 1)
        if self._state == "field":
            if ready > MOST_FIELD_BYTES:
                raise BadInput("desk.no_form")
            if end < 0:
                return False
            self._fields[self._name] = bytes(self._held[:end]).decode("utf-8", "replace")
        elif self._write is not None and ready:
            self._write(bytes(self._held[:ready]))
        if self._state == "file" or end >= 0:
            del self._held[:ready]
        if end < 0:
            return False
        self._state = "boundary"
        return True
