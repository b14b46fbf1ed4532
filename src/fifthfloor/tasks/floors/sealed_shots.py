"""`open` with sealed shots: files that a camera sealed to somebody, by spec/sealed-shot.md or by age."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.files import make_folder, opened, placed, read_head, reading
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.shot import SHOT_MAGIC, is_shot, open_shot

SealedKind = Literal["shot", "age"]
_AGE = b"age-encryption.org/v1\n"
_AGE_ARMOR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_AGE_SECRET = "AGE-SECRET-KEY-"
_SEALED_ENDINGS = (".shot", ".age")
MAX_AGE_IDENTITY_BYTES = 64 << 10


@dataclass(frozen=True, slots=True, repr=False)
class ShotKeys:
    """What opens sealed shots. Has no repr, so that no traceback or log can show it.

    Args:
        recipients: secrets of identities.
        age: secrets of age's own identity files, as its library holds them.
    """

    recipients: tuple[RecipientKey, ...] = ()
    age: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedShots:
    """What came of some sealed shots.

    Args:
        files, size_bytes: that were opened, and what they hold.
        others: that are sealed to somebody else.
    """

    files: int
    size_bytes: int
    others: int


def kind_of(path: Path) -> SealedKind | None:
    """Say whether a file is a sealed shot, by its first bytes; None for everything else, a device too."""
    with opened(path, follow=True) as file:
        head = file.read(0, max(len(SHOT_MAGIC), len(_AGE_ARMOR))) if file is not None else b""
    if is_shot(head):
        return "shot"
    return "age" if head.startswith((_AGE, _AGE_ARMOR)) else None


def is_age_identity(path: Path) -> bool:
    """Say whether a file holds secrets of age, as `age-keygen` writes them."""
    with suppress(OSError, BadInput):
        return _AGE_SECRET in read_head(path, MAX_AGE_IDENTITY_BYTES).decode("utf-8", errors="replace").upper()
    return False


def age_secrets(path: Path) -> tuple[Any, ...]:
    """Read the secrets of an age identity file.

    Raises:
        BadInput: one of its lines is wrong.
        ModuleNotFoundError: the library is not installed (extra `home`).
    """
    import pyrage

    lines = read_head(path, MAX_AGE_IDENTITY_BYTES).decode("utf-8", errors="replace").splitlines()
    try:
        return tuple(
            pyrage.x25519.Identity.from_str(line.strip())
            for line in lines
            if line.strip().upper().startswith(_AGE_SECRET)
        )
    except pyrage.IdentityError:
        raise BadInput("shot.age_identity", path=str(path)) from None


def open_shots(
    paths: Sequence[Path], keys: ShotKeys, out: Path | None, *, force: bool, advance: Callable[[int], None]
) -> OpenedShots:
    """Open sealed shots into a folder, each file whole or not at all; memory does not grow with their length.

    Args:
        paths: of sealed shots.
        keys: any of them may open one.
        out: made if it is not there; None to read everything and write nothing.
        force: overwrite files that are there.
        advance: told the bytes just read.

    Raises:
        NothingFound: none is sealed to any of the keys.
        BadInput: some were cut or changed (the others are opened), or a name is taken or meant twice.
    """
    targets = [out / _opened_name(path) for path in paths] if out else []
    if len(set(targets)) < len(targets):
        raise BadInput("shot.same_name", count=len(targets))
    if there := [target for target in targets if not force and os.path.lexists(target)]:
        raise BadInput("open.exists", count=len(there), path=str(out))
    files = size = 0
    unsound: list[BadInput] = []
    for number, path in enumerate(paths):
        try:
            length = _open_one(path, keys, targets[number] if targets else None, force=force)
        except BadInput as error:
            if len(paths) == 1 or not error.key.startswith("shot."):
                raise
            length = None
            unsound.append(BadInput("shot.unsound", path=path.name))  # one film that was torn off holds up no other
        files, size = files + (length is not None), size + (length or 0)
        advance(path.stat().st_size)
    if unsound:
        unsound[0].also = tuple(unsound[1:])
        raise unsound[0]
    if not files:
        raise NothingFound("shot.nothing", count=len(paths))
    return OpenedShots(files, size, len(paths) - files)


def open_in_folder(folder: Path, keys: ShotKeys) -> int:
    """Open the sealed shots that came back in a floor, where they lie; those of others stay as they are.

    Args:
        folder: of our own, not given its name yet.
        keys: any of them may open one.

    Returns:
        how many; one that was cut or changed stays sealed and is not counted.
    """
    count = 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file() or kind_of(path) is None:
            continue
        name = _opened_name(path)
        if name in (".", "..") or (name != path.name and os.path.lexists(path.with_name(name))):
            continue
        target = path.with_name(name)
        try:
            if _open_one(path, keys, target, force=True) is None:
                continue
        except BadInput:  # cut, as by a battery that was taken out, or changed: it stays as it came back
            continue
        count += 1
        if target != path:
            path.unlink()
    return count


def _opened_name(path: Path) -> str:
    """Return the name without the ending that says that it is sealed."""
    return path.stem if path.suffix.lower() in _SEALED_ENDINGS and path.stem else path.name


def _open_one(path: Path, keys: ShotKeys, target: Path | None, *, force: bool) -> int | None:
    """Open one; returns its length, or None where it is sealed to others."""
    if kind_of(path) == "age":
        return _open_age(path, keys, target, force=force)
    with reading(path) as file:
        pieces = open_shot(file.read, keys.recipients)
        return None if pieces is None else _written(pieces, path, target, force=force)


def _written(pieces: Iterator[bytes], path: Path, target: Path | None, *, force: bool) -> int:
    if target is None:
        return sum(map(len, pieces))
    length = 0
    make_folder(target.parent)
    with placed(target, replace=force, modified=path.stat().st_mtime) as out:
        for piece in pieces:
            out.write(piece)
            length += len(piece)
    return length


def _open_age(path: Path, keys: ShotKeys, target: Path | None, *, force: bool) -> int | None:
    if not keys.age:
        return None
    import pyrage

    try:
        if target is None:
            counted = _Counted(None)
            with reading(path) as file:
                pyrage.decrypt_io(file, counted, keys.age)
            return counted.length
        make_folder(target.parent)
        with reading(path) as file, placed(target, replace=force, modified=path.stat().st_mtime) as out:
            counted = _Counted(out)
            pyrage.decrypt_io(file, counted, keys.age)
        return counted.length
    except pyrage.DecryptError as error:
        if "matching" in str(error):  # of the keys none is a recipient's
            return None
        raise BadInput("shot.age_broken", path=path.name) from None
    except OSError as error:
        if error.errno is not None:  # a full disk; the library's own has no number
            raise
        raise BadInput("shot.age_broken", path=path.name) from None


class _Counted:
    """What age's library writes to: counts, and hands on."""

    def __init__(self, out: BinaryIO | None) -> None:
        self._out = out
        self.length = 0

    def write(self, data: bytes) -> int:
        if self._out is not None:
            self._out.write(data)
        self.length += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held here."""
