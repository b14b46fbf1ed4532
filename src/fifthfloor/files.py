"""How files are read within bounds, and the only way a file is placed.

Rule 1: a file is written beside its place, flushed to the medium, given its name, and the folder is flushed: whoever
        sees the name, after a power cut too, sees the whole file. "Done" is said only then; the person wipes next.
Rule 2: a failure leaves nothing behind, and nothing is overwritten unless it is asked for.
Rule 3: nothing is read whole without a limit.

Windows knows no flush of a folder; its renames are in its file system's journal in any case.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from fifthfloor.errors import BadInput, reason_of

_READ_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_LONGEST_READ_BYTES = 1 << 24
_LONGEST_BESIDE_BYTES = 240  # of 255 on every file system of today; the rest is for the mark of a part
_FLUSHES_AT_ONCE = 16
# What file systems say that cannot flush a folder; all others must not be ignored.
_NO_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EROFS}


class FileOnDisk:
    """A file as readers of parts want it. Reads fewer bytes where the file has become shorter."""

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self._descriptor = descriptor
        self.size_bytes = size_bytes

    def read(self, offset_bytes: int, length_bytes: int) -> bytes:
        if offset_bytes < 0 or length_bytes <= 0:
            return b""
        os.lseek(self._descriptor, offset_bytes, os.SEEK_SET)
        parts = []
        while length_bytes > 0 and (part := os.read(self._descriptor, min(length_bytes, _LONGEST_READ_BYTES))):
            parts.append(part)
            length_bytes -= len(part)
        return b"".join(parts)


@contextmanager
def opened(path: Path, *, follow: bool = False) -> Iterator[FileOnDisk | None]:
    """Open a regular file without waiting for anything or touching its access time; None if it is none.

    Args:
        path: of the file.
        follow: also where it is a link.
    """
    read_only = _READ_FLAGS if follow else _READ_FLAGS | _NO_LINK
    descriptor = -1
    for flags in (read_only | getattr(os, "O_NOATIME", 0), read_only):
        with suppress(OSError, ValueError):
            descriptor = os.open(path, flags)
            break
    if descriptor < 0:
        yield None
        return
    try:
        size = _regular_size(descriptor)
        yield FileOnDisk(descriptor, size) if size is not None else None
    finally:
        os.close(descriptor)


def _regular_size(descriptor: int) -> int | None:
    with suppress(OSError):  # Windows opens a volume and has no `stat` of it
        state = os.fstat(descriptor)
        return state.st_size if stat.S_ISREG(state.st_mode) else None
    return None


@contextmanager
def reading(path: Path, *, pipes: bool = False) -> Iterator[BufferedReader]:
    """Open a file to be read in pieces; links are followed.

    Args:
        path: of an ordinary file: a pipe would be waited for without an end, and a device has none.
        pipes: also where it is one, as the shell makes of `<(...)`.

    Raises:
        BadInput: it is no ordinary file; named.
        OSError: from the system, for whoever has words of their own for it.
    """
    if not pipes and not stat.S_ISREG(path.stat().st_mode):
        raise BadInput("files.not_a_file", path=str(path))
    with open(path, "rb", opener=None if pipes else _without_waiting) as file:
        yield file


def read_head(path: Path, length_bytes: int) -> bytes:
    """Read at most the first `length_bytes` of a file; raises as `reading`."""
    with reading(path) as file:
        return file.read(length_bytes)


def digest_of(path: Path) -> tuple[int, bytes]:
    """Return the length of a file in bytes and its SHA-256, read in pieces; raises as `reading`."""
    with reading(path) as file:
        digest = hashlib.file_digest(file, "sha256").digest()
        return file.tell(), digest


def read_whole(path: Path, limit_bytes: int, *, pipes: bool = False) -> bytes:
    """Read a file of at most `limit_bytes`. Raises BadInput where it cannot be read or is larger; named.

    Args:
        path, pipes: as for `reading`.
        limit_bytes: no more than one byte beyond is read.
    """
    try:
        with reading(path, pipes=pipes) as file:
            data = file.read(limit_bytes + 1)
    except FileNotFoundError:
        raise BadInput("files.missing", path=str(path)) from None
    except OSError as error:
        reason = reason_of(error)
        raise BadInput("files.unreadable", path=str(path), reason=reason) from error
    if len(data) > limit_bytes:
        raise BadInput("files.too_large", path=str(path), limit=limit_bytes)
    return data


def files_below(folder: Path, *, links: bool = False, without: Path | None = None) -> Iterator[Path]:
    """Walk the ordinary files of a folder and of those in it, each folder by name; linked folders are not walked.

    Args:
        folder: where it begins.
        links: also links to ordinary files.
        without: a folder that is left out.

    Raises:
        BadInput: it, or one in it, cannot be opened: what is not seen is never passed in silence.
    """

    def refuse(error: OSError) -> None:
        path = os.fspath(error.filename or folder)
        raise BadInput("files.unreadable", path=path, reason=reason_of(error)) from error

    for here, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if Path(here, name) != without)
        for name in sorted(names):
            path = Path(here, name)
            with suppress(OSError):  # one that has gone meanwhile
                if stat.S_ISREG((path.stat() if links else path.lstat()).st_mode):
                    yield path


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))


@contextmanager
def flushed(
    path: Path, *, modified: float | None = None, private: bool = False, later: bool = False
) -> Iterator[BinaryIO]:
    """Write a new file and flush it to the medium. Its name is not yet safe: `rename_all` or `flush_folder` follows.

    Args:
        path: in a folder of our own, or the name of a part; a file that lies there is an error.
        modified: its time, seconds since 1970; None for now.
        private: only its owner may read it.
        later: many are written, and `flush_all` follows.

    Raises:
        OSError: from the system; what was written is removed then.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600 if private else 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if modified is not None:
                set_time(path, modified)
            if not later:
                os.fsync(file.fileno())
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def flush_all(paths: Iterable[Path]) -> None:
    """Flush files of our own that were written one after the other; asked for together, a medium joins its waits."""
    waiting, failed = deque(paths), list[BaseException]()

    def flush_some() -> None:
        try:
            while not failed:
                with growing(waiting.popleft(), 0):
                    pass
        except IndexError:
            return  # another thread took the last one
        except BaseException as error:
            failed.append(error)

    threads = [Thread(target=flush_some) for _ in range(min(len(waiting), _FLUSHES_AT_ONCE))]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        waiting.clear()
        for thread in filter(Thread.is_alive, threads):
            thread.join()
    if failed:
        raise failed[0]


@contextmanager
def growing(path: Path, offset_bytes: int) -> Iterator[BinaryIO]:
    """Write on in a file of our own at a place, and flush it to the medium; it is made where there is none.

    Who is cut off leaves what was there before that place, and behind it anything: the file must say how far it goes.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(descriptor, "r+b") as file:
        file.seek(offset_bytes)
        yield file
        file.flush()
        os.fsync(file.fileno())


def set_time(path: Path, modified: float) -> None:
    """Set the time of a file or folder, seconds since 1970, in whole microseconds: a float of today holds no finer."""
    nanoseconds = round(modified * 1e6) * 1000
    os.utime(path, ns=(nanoseconds, nanoseconds))


@contextmanager
def placed(
    path: Path,
    *,
    replace: bool = False,
    modified: float | None = None,
    private: bool = False,
    like: os.stat_result | None = None,
) -> Iterator[BinaryIO]:
    """Write one file that appears at `path` when the block ends, and not before.

    Args:
        path: its place.
        replace: what lies there may go; otherwise it is refused.
        modified, private: as for `flushed`.
        like: of a file whose times, to the nanosecond, and permissions it gets.

    Raises:
        BadInput: something lies there already.
    """
    _refuse_existing([path] if not replace else [])
    try:
        with beside(path, modified=modified, private=private, like=like) as file:
            yield file
        place_parts([path])
    finally:
        _part_of(path).unlink(missing_ok=True)


@contextmanager
def beside(
    path: Path, *, modified: float | None = None, private: bool = False, like: os.stat_result | None = None
) -> Iterator[BinaryIO]:
    """Write a file beside its place and leave it there; `place_parts` or `remove_parts` follows.

    Args:
        path, modified, private, like: as for `placed`.
    """
    part = _part_of(path)
    part.unlink(missing_ok=True)
    with flushed(part, modified=modified, private=private) as file:
        yield file
    if like is not None:
        with suppress(OSError, AttributeError):  # root's, of a file of another's; Windows has no such call
            os.chown(part, like.st_uid, like.st_gid)
        part.chmod(stat.S_IMODE(like.st_mode))
        os.utime(part, ns=(like.st_atime_ns, like.st_mtime_ns))


def place_parts(paths: Sequence[Path]) -> None:
    """Give files that were written by `beside` their names, in order; what lies there goes."""
    rename_all([(_part_of(path), path) for path in paths])


def remove_parts(paths: Iterable[Path], keep: Iterable[Path]) -> None:
    """Remove what a killed program left half-written beside some files; nothing else has exactly these names.

    Args:
        paths: the files.
        keep: files that stay, whatever they are called.
    """
    for part in {_part_of(path) for path in paths} - set(keep):
        if part.is_file() and not part.is_symlink():
            part.unlink()


def place_together(
    contents: Mapping[Path, bytes],
    *,
    replace: bool = False,
    private: bool = False,
    dry_run: bool = False,
    modified: float | None = None,
) -> None:
    """Write files beside their places first, then give all of them their names.

    Args:
        contents: where each file belongs, and what is in it; the last one may be the one that makes the others count.
        replace, private: as for `placed`.
        dry_run: refuse what would be refused, and write nothing.
        modified: as for `flushed`.

    Raises:
        BadInput: something lies there already; nothing is written then.
    """
    _refuse_existing(contents if not replace else ())
    if dry_run:
        return
    parts = {target: _part_of(target) for target in contents}
    try:
        for target, part in parts.items():
            part.unlink(missing_ok=True)
            with flushed(part, private=private, modified=modified) as file:
                file.write(contents[target])
        rename_all([(part, target) for target, part in parts.items()])
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def rename_all(pairs: Iterable[tuple[Path, Path]]) -> None:
    """Give flushed files their names, each before the next is asked for, then flush every folder that got one."""
    folders: dict[Path, None] = {}
    for source, target in pairs:
        source.replace(target)
        folders[target.parent] = None
    for folder in folders:
        flush_folder(folder)


def make_folder(folder: Path) -> list[Path]:
    """Make a folder and its parents, each on the medium before the next; returns those that were not there.

    Raises:
        FileExistsError: something that is no folder lies there.
    """
    missing = [parent for parent in (*reversed(folder.parents), folder) if not parent.exists()]
    for parent in missing:
        parent.mkdir(exist_ok=True)
        flush_folder(parent.parent)
    if not folder.is_dir():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    return missing


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the medium, where the system and the file system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FLUSH:
            raise
    finally:
        os.close(descriptor)


def _refuse_existing(targets: Iterable[Path]) -> None:
    for target in targets:
        if target.exists() or target.is_symlink():
            raise BadInput("files.exists", path=str(target))


def is_part(path: Path) -> bool:
    """Say whether a file is called as one that is not whole yet (`beside`), such as a kill leaves."""
    return path.name.startswith(".") and path.name.endswith(".part")


def _part_of(path: Path) -> Path:
    """Return the name of a file that is not whole yet: hidden, beside its place, and short enough."""
    name = path.name
    if len(os.fsencode(name)) > _LONGEST_BESIDE_BYTES:
        name = hashlib.sha256(os.fsencode(name)).hexdigest()[:32]
    return path.with_name(f".{name}.part")
