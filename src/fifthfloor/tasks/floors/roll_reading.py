"""The photographs of a folder, and the slots that some keys find in them (spec/roll-carrier.md, section 6)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from fifthfloor import engine
from fifthfloor.carriers.found_slots import FoundSlots
from fifthfloor.carriers.roll.covers import cover_of
from fifthfloor.carriers.roll.embedding import extract
from fifthfloor.errors import FifthFloorError
from fifthfloor.files import files_below, read_whole
from fifthfloor.floor.seal import FloorKeys
from fifthfloor.floor.slot import SlotCipher
from fifthfloor.jpeg.stream import kernels
from fifthfloor.tasks.progress import Progress

# The largest photographs of today's cameras stay below; bounds what one file can ask of memory.
MAX_COVER_BYTES = 80 << 20
_SEVERAL_BYTES = 48 << 20  # below, starting a second process costs more than it gives

Task = TypeVar("Task")
Result = TypeVar("Result")


def size_of(paths: Iterable[Path]) -> int:
    """Return the bytes of some files together; one that has gone meanwhile has none."""
    return sum(path.stat().st_size for path in paths if path.exists())


def each(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    paths: Sequence[Path],
    advance: Callable[[int], None],
) -> Iterator[Result]:
    """Apply a function to every file, in several processes where there is much to do.

    Args:
        function: importable by name.
        tasks: one a file, picklable.
        paths: the files.
        advance: told the bytes just done.
    """
    sizes = [path.stat().st_size if path.exists() else 0 for path in paths]
    workers = None if sum(sizes) > _SEVERAL_BYTES else 1
    try:
        for size, result in zip(sizes, engine.map_processes(function, tasks, workers=workers), strict=True):
            yield result
            advance(size)
    except SystemError as error:
        if isinstance(error.__cause__, KeyboardInterrupt):  # a stop within compiled code comes out of it so
            raise KeyboardInterrupt from None
        raise


def read_roll(folder: Path, keys: FloorKeys, progress: Progress) -> FoundSlots:
    """Read every photograph of a folder and return the slots of these keys; the same work whatever is found.

    Raises:
        BadInput: the folder cannot be read, or the extra `roll` is not installed.
    """
    kernels()  # what is missing is said once, not taken for a file that is no photograph
    paths = sorted(files_below(folder))
    with progress("work.roll_read", size_of(paths)) as advance:
        return FoundSlots(list(each(_slots_in, [(path, keys) for path in paths], paths, advance)))


def _slots_in(task: tuple[Path, FloorKeys]) -> list[bytes]:
    path, keys = task
    try:
        return extract(cover_of(read_whole(path, MAX_COVER_BYTES)), SlotCipher(keys), keys)
    except FifthFloorError:
        return []  # no photograph, or none that can be read
