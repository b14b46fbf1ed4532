"""Opening in a fresh process, which knows the passphrase, the label and the images, and nothing of what was hidden."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from fifthfloor import engine
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.tasks.opening import open_floors
from fifthfloor.tasks.restoring import Restored


def open_apart(paths: Sequence[Path], keys: FloorKeys, out: Path) -> list[Restored]:
    """Do what `tasks.opening.open_floors` does in a process of its own.

    Args:
        paths: carriers.
        keys: of the floor; they go through a pipe.
        out: where the files go.

    Raises:
        what `open_floors` raises.
    """
    documents = engine.stream(_open, [str(path) for path in paths], keys.recogniser, keys.seal, str(out))
    return [_restored(json.loads(document)) for document in documents]


def _open(paths: Sequence[str], recogniser: bytes, seal: bytes, out: str) -> Iterator[bytes]:
    keys = FloorKeys(recogniser, seal)
    restored, _ = open_floors([Path(path) for path in paths], keys, Path(out), force=False, progress=_silent)
    for floor in restored:
        yield json.dumps(asdict(floor) | {"folder": str(floor.folder)}).encode()


def _restored(document: dict[str, str | int]) -> Restored:
    return Restored(
        str(document["short_id"]),
        str(document["hidden"]),
        Path(str(document["folder"])),
        int(document["files"]),
        int(document["size_bytes"]),
    )


@contextmanager
def _silent(_title: str, _total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _done: None
