"""Smaller pictures to hide: `--shrink` (Pillow, in the extra `home`); nothing of them touches a disk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from fifthfloor.errors import BadInput
from fifthfloor.floor.tar_stream import Entry
from fifthfloor.jpeg.frame import MAX_PIXELS
from fifthfloor.metadata.endings import is_picture
from fifthfloor.tasks.floors.sources import Sources

_ROLL_QUALITY = 82
SMALL_BYTES = 300_000  # what a photograph of 1,600 pixels takes then, about


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What was made smaller, and from how much to how much; other files are as they were."""

    pictures: int
    before_bytes: int
    after_bytes: int


class _Held:
    """Gives entries from memory where they were made smaller, and from their files elsewhere."""

    def __init__(self, sources: Sources, made: dict[str, bytes]) -> None:
        self._sources = sources
        self._made = made

    def __call__(self, entry: Entry) -> Iterator[bytes]:
        made = self._made.get(entry.name)
        return iter([made]) if made is not None else self._sources.reader(entry)

    def read_into(self, entry: Entry, offset_bytes: int, buffer: memoryview) -> None:
        made = self._made.get(entry.name)
        if made is None:
            self._sources.reader.read_into(entry, offset_bytes, buffer)
        else:
            buffer[:] = made[offset_bytes : offset_bytes + len(buffer)]


def shrink(sources: Sources, long_edge_pixels: int) -> tuple[Sources, Shrunk]:
    """Replace pictures that are larger by smaller ones, upright, without metadata, as NAME.jpg.

    Raises:
        BadInput: a picture cannot be read.
    """
    made: dict[str, bytes] = {}
    entries, before = [], 0
    for entry in sources.entries:
        small = _smaller(sources, entry, long_edge_pixels) if _may_shrink(entry) else None
        if small is None or len(small) >= entry.size_bytes:
            entries.append(entry)
            continue
        name = str(PurePosixPath(entry.name).with_suffix(".jpg"))
        entries.append(replace(entry, name=name, size_bytes=len(small)))
        made[name] = small
        before += entry.size_bytes
    names = [entry.name for entry in entries]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput("hide.same_name", name=twice, first=twice, second=twice)
    after = sum(map(len, made.values()))
    return Sources(tuple(entries), _Held(sources, made)), Shrunk(len(made), before, after)


def _may_shrink(entry: Entry) -> bool:
    return not entry.is_directory and is_picture(entry.name)


def _smaller(sources: Sources, entry: Entry, long_edge_pixels: int) -> bytes | None:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(b"".join(sources.reader(entry)))) as picture:
            if max(picture.size) <= long_edge_pixels:
                return None
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("more pixels than are read")
            picture.draft("RGB", (long_edge_pixels, long_edge_pixels))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput("roll.no_picture", path=entry.name, reason="roll.what.unread") from error
    upright.thumbnail((long_edge_pixels, long_edge_pixels), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    upright.info.clear()  # Pillow writes the comment of the original, which it keeps here, of its own accord
    upright.save(out, "JPEG", quality=_ROLL_QUALITY, optimize=True)
    return out.getvalue()
