"""`stamp request` and `stamp finish`: the files that a time stamp takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.files import make_folder, place_together, read_whole
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.statement.timestamp import (
    MAX_ANSWER_BYTES,
    MAX_REQUEST_BYTES,
    ask,
    attach,
    host_of,
    prepare,
    read_batch,
)
from fifthfloor.statement.verify import verify
from fifthfloor.tasks import secret
from fifthfloor.tasks.people.prove import statement_path, verified_file

REQUEST_NAME = "request.tsq"
BATCH_NAME = "batch.json"
ANSWER_NAME = "answer.tsr"
MAX_BATCH_BYTES = 256 << 20


def request_stamp(
    pictures: Sequence[Path],
    out: Path,
    chance: Callable[[int], bytes] = secret.fresh_bytes,
    *,
    dry_run: bool = False,
) -> int:
    """Write a request and its batch for pictures that verify; in a dry run, nothing.

    Returns:
        How many statements it is for: a picture and its rendition have one.
    """
    digests = [verified_file(path).statement.digest() for path in pictures]
    batch, request = prepare(digests, chance)
    if not dry_run:
        make_folder(out)
    place_together({out / REQUEST_NAME: request, out / BATCH_NAME: batch.to_bytes()}, dry_run=dry_run)
    return len(batch.places)


def host_to_ask(batch_folder: Path, url: str) -> str:
    """Return the host that `ask_authority` would ask. Raises BadInput if the address is none, or an answer is there."""
    answer = batch_folder / ANSWER_NAME
    if answer.exists():
        raise BadInput("time.answered", path=str(answer))
    return host_of(url)


def ask_authority(batch_folder: Path, url: str) -> Path:
    """Send a batch's request to an authority, and keep the answer beside it; returns where."""
    answer = batch_folder / ANSWER_NAME
    request = read_whole(batch_folder / REQUEST_NAME, MAX_REQUEST_BYTES + 1)
    place_together({answer: ask(url, request)})
    return answer


def finish_stamp(
    pictures: Sequence[Path], batch_folder: Path, answer: Path, *, dry_run: bool = False
) -> Iterator[Path]:
    """Put the authority's answer into the statements of pictures, but for a dry run; yields each that is done."""
    batch = read_batch(read_whole(batch_folder / BATCH_NAME, MAX_BATCH_BYTES))
    response = read_whole(answer, MAX_ANSWER_BYTES + 1)
    for path in pictures:
        stamped = attach(verified_file(path).statement, batch, response).to_bytes()
        # A statement that does not verify as it will be read must not take the old one's place.
        verify(read_whole(path, MAX_PICTURE_BYTES), stamped)
        place_together({statement_path(path): stamped}, replace=True, dry_run=dry_run)
        yield path
