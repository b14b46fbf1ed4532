"""`stamp request` and `stamp finish`: the files that a time stamp takes."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fifthfloor.statement.timestamp import MAX_ANSWER_BYTES, attach, prepare, read_batch
from fifthfloor.statement.verify import verify
from fifthfloor.tasks.prove import read_limited, statement_path, verified_file
from fifthfloor.tasks.writing import place_together

REQUEST_NAME = "request.tsq"
BATCH_NAME = "batch.json"
MAX_BATCH_BYTES = 256 << 20


def request_stamp(pictures: Sequence[Path], out: Path, chance: Callable[[int], bytes] = secrets.token_bytes) -> int:
    """Write a request and its batch for pictures that verify.

    Returns:
        How many statements it is for: a picture and its rendition have one.
    """
    digests = [verified_file(path).statement.digest() for path in pictures]
    batch, request = prepare(digests, chance)
    out.mkdir(parents=True, exist_ok=True)
    place_together({out / REQUEST_NAME: request, out / BATCH_NAME: batch.to_bytes()})
    return len(batch.places)


def finish_stamp(pictures: Sequence[Path], batch_folder: Path, answer: Path) -> Iterator[Path]:
    """Put the authority's answer into the statements of pictures; yields each picture that is done."""
    batch = read_batch(read_limited(batch_folder / BATCH_NAME, MAX_BATCH_BYTES))
    response = read_limited(answer, MAX_ANSWER_BYTES + 1)
    for path in pictures:
        stamped = attach(verified_file(path).statement, batch, response).to_bytes()
        # A statement that does not verify as it will be read must not take the old one's place.
        verify(path.read_bytes(), stamped)
        part = statement_path(path).with_suffix(".part")
        with part.open("wb") as file:
            file.write(stamped)
            file.flush()
            os.fsync(file.fileno())
        part.replace(statement_path(path))
        yield path
