"""The file of boxes that a person gives (`docs/guide/prove.md`)."""

from __future__ import annotations

from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.redact.boxes import MAX_FILE_BYTES, Box, read_boxes


def boxes_from(path: Path) -> dict[str, tuple[Box, ...]]:
    """Read a file of boxes. Raises BadInput if it is not one."""
    try:
        with path.open("rb") as file:
            return read_boxes(file.read(MAX_FILE_BYTES + 1))
    except OSError as error:
        raise BadInput("prove.unreadable", path=str(path), reason=(error.strerror or "").lower()) from error
