"""What is made of a site beside its folder: the ZIP that opens from a disk, and the contact sheet."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from fifthfloor.essay.asset import Asset

# ZIP's first day: a file in it has no other time, and so the same site gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_STORED = (".jpg", ".avif", ".png")
_READABLE = 0o100644 << 16


def write_zip(target: Path, top: str, paths: Sequence[str], read: Callable[[str], bytes]) -> Asset:
    """Write the offline edition; it opens from `TOP/index.html` on any disk.

    Args:
        target: written under another name and then renamed.
        top: name of the folder inside.
        paths: of the site's files.
        read: returns one of them.
    """
    partial = target.with_name(target.name + ".partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            for path in sorted(paths):
                entry = zipfile.ZipInfo(f"{top}/{path}", _NO_TIME)
                entry.external_attr = _READABLE
                entry.create_system = 3
                stored = path.endswith(_STORED)
                entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                archive.writestr(entry, read(path))
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return asset_of(target)


def write_whole(target: Path, data: bytes) -> Asset:
    """Write a file under another name and then rename it."""
    partial = target.with_name(target.name + ".partial")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        partial.write_bytes(data)
        partial.replace(target)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return asset_of(target)


def asset_of(path: Path) -> Asset:
    """Describe a file that has been written."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return Asset(str(path), file.tell(), digest.hexdigest())
