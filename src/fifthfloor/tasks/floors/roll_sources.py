"""Smaller pictures to hide: `--shrink` (Pillow, in the extra `home`); nothing of them touches a disk."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fifthfloor.errors import BadInput
from fifthfloor.floor.tar_stream import Entry
from fifthfloor.jpeg.frame import MAX_PIXELS
from fifthfloor.metadata.endings import is_picture
from fifthfloor.redact.converting import plain
from fifthfloor.tasks.floors.sources import Sources

if TYPE_CHECKING:
    from PIL import Image

_ROLL_QUALITY = 82
# What eight bits a colour do not hold: a scan or a measurement would come out white.
_DEEP_MODES = ("I", "F")
# A photograph of a camera beside its own previews or second view; of it the first picture is the photograph.
_WITH_VIEWS = "MPO"
SMALL_BYTES = 300_000  # what a photograph of 1,600 pixels takes then, about


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What was made smaller, of how many pictures, and from how much to how much; other files are as they were."""

    pictures: int
    of_pictures: int
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
        BadInput: a picture cannot be read, or would lose more than size: pages, frames, more than eight bits a colour.
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
    pictures = sum(map(_may_shrink, sources.entries))
    return Sources(tuple(entries), _Held(sources, made)), Shrunk(len(made), pictures, before, after)


def _may_shrink(entry: Entry) -> bool:
    return not entry.is_directory and is_picture(entry.name)


def _why_not(picture: Image.Image) -> str:
    """Return the key of what a smaller picture would lose beside its size; empty for nothing."""
    if getattr(picture, "n_frames", 1) > 1 and picture.format != _WITH_VIEWS:
        return "roll.what.frames"
    return "roll.what.deep" if picture.mode.startswith(_DEEP_MODES) else ""


def _smaller(sources: Sources, entry: Entry, long_edge_pixels: int) -> bytes | None:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(b"".join(sources.reader(entry)))) as picture:
            if max(picture.size) <= long_edge_pixels:
                return None
            if picture.width * picture.height > MAX_PIXELS:
                raise ValueError("more pixels than are read")
            if why := _why_not(picture):
                raise BadInput("roll.no_picture", path=entry.name, reason=why)
            picture.draft("RGB", (long_edge_pixels, long_edge_pixels))
            upright = plain(ImageOps.exif_transpose(picture)).convert("RGB")  # what is transparent lies on white
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise BadInput("roll.no_picture", path=entry.name, reason="roll.what.unread") from error
    upright.thumbnail((long_edge_pixels, long_edge_pixels), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    upright.info.clear()  # Pillow writes the comment of the original, which it keeps here, of its own accord
    upright.save(out, "JPEG", quality=_ROLL_QUALITY, optimize=True)
    return out.getvalue()
