"""The smaller files a person gives to `sign`: boxes (`docs/guide/prove.md`), and a newsroom's certificate and key."""

from __future__ import annotations

from pathlib import Path

from fifthfloor.files import read_whole
from fifthfloor.redact.boxes import MAX_BOXES_FILE_BYTES, Box, read_boxes
from fifthfloor.tasks.people.prove import Newsroom

MAX_PEM_BYTES = 1 << 20


def boxes_from(path: Path) -> dict[str, tuple[Box, ...]]:
    """Read a file of boxes. Raises BadInput if it is not one."""
    return read_boxes(read_whole(path, MAX_BOXES_FILE_BYTES))


def newsroom_from(certificate: Path, key: Path) -> Newsroom:
    """Read the certificate and key that sign C2PA manifests. Raises BadInput if a file is not there."""
    return Newsroom(read_whole(certificate, MAX_PEM_BYTES), read_whole(key, MAX_PEM_BYTES))
