"""Knowing that nothing changed since the last `publish`, without opening a photograph.

The stamp lies in the essay's folder, not in the site: it holds times and inode numbers of the writer's machine. A file
counts as unchanged when its size, its times of change and its inode are what they were, and it is older than the stamp
(the rule git has for its index). Nothing is published on the word of a stamp: it only says that all of it already is.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import fifthfloor
from fifthfloor.errors import BadInput, reason_of
from fifthfloor.files import place_together, read_whole

_STAMP_NAME = ".fifthfloor-published.json"
_MAX_BYTES = 64_000_000
# Coarser than any file system's clock in use: a file changed within it could change again unseen.
SETTLED_NS = 2_000_000_000

BuildStamp = dict[str, Any]


def take(given: Sequence[Path], out: Path, asked: Sequence[str]) -> BuildStamp:
    """Note how everything that a build reads looks now.

    Args:
        given: essays' folders, or tellings.
        out: the site's folder.
        asked: options and paths that decide what is made.
    """
    return {
        "given": [str(path.resolve()) for path in given],
        "out": str(out.resolve()),
        "asked": list(asked),
        "inputs": sorted(_inputs(given)),
        "taken_ns": time.time_ns(),
    }


def unchanged(stamp: BuildStamp, given: Sequence[Path], outputs: Sequence[Path]) -> BuildStamp | None:
    """Return the report of the last build where it still holds, else None.

    Args:
        stamp: what `take` returned just now.
        given: essays' folders, or tellings.
        outputs: files beside the site that were asked for.
    """
    try:
        old = json.loads(read_whole(_file(given), _MAX_BYTES))
        if any(old["stamp"][key] != stamp[key] for key in ("given", "out", "asked", "inputs")):
            return None
        if any(row[2] > old["stamp"]["taken_ns"] - SETTLED_NS for row in stamp["inputs"]):
            return None
        if sorted(_looks(Path(path)) for path in old["outputs"]) != sorted(old["looks"]):
            return None
        wanted = {str(path.resolve()) for path in outputs}
        return dict(old["report"]) if wanted <= set(old["outputs"]) else None
    except (BadInput, OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None


def leave(stamp: BuildStamp, given: Sequence[Path], outputs: Sequence[Path], report: BuildStamp) -> None:
    """Leave the stamp for the next build; where the folder cannot be written, the next build does its work again."""
    paths = [str(path.resolve()) for path in outputs]
    document = {"stamp": stamp, "outputs": paths, "looks": [_looks(Path(path)) for path in paths], "report": report}
    with contextlib.suppress(OSError):
        place_together({_file(given): json.dumps(document).encode()}, replace=True)


def _file(given: Sequence[Path]) -> Path:
    first = given[0]
    return (first.parent if first.is_file() else first) / _STAMP_NAME


def _inputs(given: Sequence[Path]) -> Iterator[list[Any]]:
    program = Path(fifthfloor.__file__).parent
    yield [f"fifthfloor {fifthfloor.__version__}", 0, 0, 0, 0]
    for folder in ("essay", "redact", "statement", "tasks"):
        yield from _walk(program / folder)
    for path in given:
        yield from _walk(path.parent if path.is_file() else path)


def _walk(folder: Path) -> Iterator[list[Any]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.startswith((_STAMP_NAME, f".{_STAMP_NAME}")) or entry.name == "__pycache__":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    yield from _walk(Path(entry.path))
                else:
                    yield _row(entry.path, entry.stat())
    except OSError as error:
        raise BadInput("essay.no_folder", folder=str(folder), reason=reason_of(error)) from None


def _looks(path: Path) -> list[Any]:
    return _row(str(path), path.stat())


def _row(path: str, status: os.stat_result) -> list[Any]:
    return [path, status.st_size, max(status.st_mtime_ns, status.st_ctime_ns), status.st_mtime_ns, status.st_ino]


def as_report(value: Any) -> BuildStamp:
    """Turn a frozen report into what JSON can hold."""
    return dict(json.loads(json.dumps(dataclasses.asdict(value))))
