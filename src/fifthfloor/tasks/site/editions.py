"""What is made of a site beside its folder: the ZIP that opens from a disk, and the contact sheet."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

from fifthfloor.essay.asset import Asset
from fifthfloor.files import digest_of, make_folder, place_together, placed

# ZIP's first day: a file in it has no other time, and so the same site gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_STORED = (".jpg", ".avif", ".png")
_READABLE_MODE = 0o100644 << 16


def write_zip(target: Path, top: str, paths: Sequence[str], read: Callable[[str], bytes]) -> Asset:
    """Write the offline edition; it opens from `TOP/index.html` on any disk.

    Args:
        target: replaced where it is there.
        top: name of the folder inside.
        paths: of the site's files.
        read: returns one of them.
    """
    make_folder(target.parent)
    with placed(target, replace=True) as file, zipfile.ZipFile(file, "w") as archive:
        for path in sorted(paths):
            entry = zipfile.ZipInfo(f"{top}/{path}", _NO_TIME)
            entry.external_attr = _READABLE_MODE
            entry.create_system = 3
            stored = path.endswith(_STORED)
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, read(path))
    return asset_of(target)


def write_whole(target: Path, data: bytes) -> Asset:
    """Write a file, replacing what is there."""
    make_folder(target.parent)
    place_together({target: data}, replace=True)
    return asset_of(target)


def asset_of(path: Path) -> Asset:
    """Describe a file that has been written."""
    length_bytes, digest = digest_of(path)
    return Asset(str(path), length_bytes, digest.hex())
