"""Opening in a fresh process, which knows the passphrase, the label and the images, and nothing of what was hidden."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from fifthfloor import engine
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors.open import open_floors
from fifthfloor.tasks.floors.restore import Restored
from fifthfloor.tasks.progress import silent


def open_apart(paths: Sequence[Path], passphrase: str, label: str, out: Path) -> list[Restored]:
    """Do what `tasks.floors.open.open_floors` does in a process of its own.

    Args:
        paths: carriers.
        passphrase, label: as typed; they go through a pipe, and the keys are derived on its other side.
        out: where the files go.

    Raises:
        what `open_floors` raises.
    """
    documents = engine.stream(_open, [str(path) for path in paths], passphrase, label, str(out))
    return [_restored(json.loads(bytes(document))) for document in documents]


def _open(paths: Sequence[str], passphrase: str, label: str, out: str) -> Iterator[bytes]:
    keys = secret.keys_of(passphrase, label)
    restored, _ = open_floors([Path(path) for path in paths], keys, Path(out), force=False, progress=silent)
    for floor in restored:
        yield json.dumps(asdict(floor) | {"folder": str(floor.folder)}).encode()


def _restored(document: dict[str, str | int]) -> Restored:
    return Restored(
        str(document["short_id"]),
        str(document["hidden"]),
        Path(str(document["folder"])),
        int(document["files"]),
        int(document["size_bytes"]),
        renamed=int(document["renamed"]),
    )
