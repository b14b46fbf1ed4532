"""One thing that is audited, a card, a folder or a file: opened, walked and read, never written.

Files are opened so that even their access times stay, where the system allows it.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path, PurePosixPath

from fifthfloor.audit import previews
from fifthfloor.audit.card import CardAudit, FileOnCard, audit_card
from fifthfloor.audit.carve_boxes import small_in_film
from fifthfloor.audit.carved import JPEG_FORMS, Carved
from fifthfloor.audit.catalogues import names_in_catalogue
from fifthfloor.audit.finding import Finding, on_target, path_on
from fifthfloor.audit.free_bytes import SECTOR_BYTES, FreeSpace
from fifthfloor.audit.gather import Gathering
from fifthfloor.audit.islands import Extents
from fifthfloor.audit.laptop import trace_of
from fifthfloor.audit.opaque import MIN_OPAQUE_BYTES, is_opaque, looks_like_card
from fifthfloor.audit.report import Remnant, Target, Unchecked, VolumeSummary
from fifthfloor.cards.extents import Extent
from fifthfloor.cards.image import Card
from fifthfloor.cards.opening import is_device, same_place
from fifthfloor.cards.reading import read_card
from fifthfloor.errors import BadInput, reason_of
from fifthfloor.files import opened, read_head
from fifthfloor.metadata.source import Source
from fifthfloor.tasks.search.around import ReadAround

MAX_FILES = 1_000_000  # of one folder; a laptop of a photographer has a third of that
MAX_THUMBNAILS = 120  # made for the page
_MAX_INNER_PICTURE_BYTES = 32 << 20
MAX_THUMBNAIL_BYTES = 64 << 10  # put on the page as it is (Exif's limit for a whole segment); larger ones are reduced
Passed = Callable[[int], None]


def look_at(
    path: Path,
    name: str,
    gathering: Gathering,
    *,
    quick: bool,
    progress: Passed,
    closely: Extents = (),
    shown: Path | None = None,
) -> tuple[Target, list[Finding], list[Unchecked]]:
    """Look at one thing that was given.

    Args:
        path: a card, an image, a folder or a file.
        name: what findings call it; empty where there is nothing else.
        gathering: takes its files.
        quick: of free space only a sample is looked at.
        progress: called with the bytes just passed.
        closely: extents of a card that are read whole all the same.
        shown: how a person gave `path`, where it is the same in other words.

    Raises:
        BadInput, DeviceRefused: it cannot be looked at.
    """
    before, shown = gathering.photographs, shown or path
    if is_folder(path):
        missed = _folder(path, shown, gathering)
        return Target(str(shown), "folder", gathering.photographs - before), [], missed
    if is_card(path):
        with read_card(path) as card:
            found = audit_card(card, quick=quick, closely=closely, progress=progress)
            _files_of(card, name, gathering)
            missed = [*found.unchecked, *_unread_of(card)]
            target = _card_target(shown, card, found, gathering.photographs - before)
            return target, on_target(found.findings, name), missed
    with opened(path, follow=True) as source:
        if source is None or not source.size_bytes:
            raise _unlooked(path)
        try:
            _take_file(str(shown), path.name, source, _modified(path), gathering)
        except OSError as error:
            raise _closed(path, error) from error
    return Target(str(shown), "file", gathering.photographs - before), [], []


def _unlooked(path: Path) -> BadInput:
    """Say why a file that was given cannot be looked at, or holds nothing: silence would be an all-clear."""
    try:
        return BadInput("cards.empty", path=str(path), size=len(read_head(path, 1)))
    except BadInput as error:
        return error
    except OSError as error:
        return _closed(path, error)


def _closed(path: Path, error: OSError) -> BadInput:
    """Name what the system keeps from us: where it is the right that is lacking, with the way to it."""
    if isinstance(error, PermissionError):
        return BadInput("cards.no_permission", path=str(path), doing="cards.what.reading")
    return BadInput("files.unreadable", path=str(path), reason=reason_of(error))


def _unread_of(card: Card) -> list[Unchecked]:
    """What of a card could not be read, once all of it has been."""
    unread = sum(length for _, length in card.unreadable)
    found = [Unchecked("sectors", unread)] if unread else []
    return found if card.volumes else [*found, Unchecked("tables", card.device.size_bytes)]


def is_folder(path: Path) -> bool:
    """Say whether a path is a folder to be searched, and no device."""
    # Of a Windows volume its device can be meant or the folders on it: the device's name also looks like a folder.
    try:
        return path.is_dir() and not is_device(path)
    except OSError:
        return False


def is_card(path: Path) -> bool:
    """Say whether a path is a card: a device, an image by its first sectors, or whole sectors of nothing known.

    A card whose tables are gone is one too: what else is a mebibyte and more of whole sectors, and no file of any kind?

    Raises:
        BadInput: there is nothing at the path.
    """
    try:
        if is_device(path):
            return True
        kind = path.stat().st_mode
    except PermissionError as error:
        raise _closed(path, error) from error
    except OSError as error:
        raise BadInput("audit.no_such_path", path=str(path)) from error
    if not stat.S_ISREG(kind):
        return False
    with opened(path, follow=True) as source:
        if source is None:
            return False
        around = ReadAround(source)
        try:
            return looks_like_card(around) or is_opaque(path.name, around)
        except OSError:
            # Of its beginning nothing can be read: a card's reader goes on behind it.
            return source.size_bytes >= MIN_OPAQUE_BYTES and source.size_bytes % SECTOR_BYTES == 0


def once_each(paths: Iterable[Path]) -> list[Path]:
    """Leave out what is there already in another spelling, or under another name of the same file or device."""
    found: dict[tuple[object, ...], Path] = {}
    for path in paths:
        try:
            facts = path.stat()
        except OSError:
            found.setdefault(("", str(path)), path)  # said by who looks at it
            continue
        device = stat.S_ISBLK(facts.st_mode)
        key = ("device", getattr(facts, "st_rdev", 0) or same_place(path)) if device else (facts.st_dev, facts.st_ino)
        found.setdefault(key if key[1] else ("", same_place(path)), path)
    return list(found.values())


def _modified(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime)
    except (OSError, ValueError, OverflowError):
        return None


def _folder(root: Path, called: Path, gathering: Gathering) -> list[Unchecked]:
    count = unreadable = 0
    closed: list[OSError] = []
    for folder, names, files in os.walk(root, onerror=closed.append, followlinks=False):
        names.sort()
        for name in names:
            _link_of_ours(Path(folder, name), called / Path(folder, name).relative_to(root), gathering)
        for name in sorted(files):
            count += 1
            if count > MAX_FILES:
                break
            path = Path(folder, name)
            below = path.relative_to(root)
            unreadable += not _file_in_folder(path, str(called / below), below.as_posix(), gathering)
        if count > MAX_FILES:
            break
    if closed and closed[0].filename == os.fspath(root):
        raise _closed(root, closed[0])
    many = MAX_FILES if count > MAX_FILES else 0
    missed = {"many": many, "unreadable": unreadable, "folders": len(closed)}
    return [Unchecked(what, number) for what, number in missed.items() if number]


def _file_in_folder(path: Path, shown: str, below: str, gathering: Gathering) -> bool:
    trace = trace_of(below)
    if trace is not None and trace.how == "tables" and _is_plain_file(path):
        gathering.tables(shown, trace.kind, _names_in_tables(path))
        return True
    _link_of_ours(path, Path(shown), gathering)
    with opened(path) as source:
        if source is None:
            # Links and sockets hold nothing; only a file that would not open is unread.
            return not path.is_file() or path.is_symlink()
        try:
            _take_file(shown, below, source, _modified(path), gathering)
        except OSError:
            return False
    return True


def _link_of_ours(path: Path, shown: Path, gathering: Gathering) -> None:
    """Take a link to this program for the trace it is, though nothing is there any more: its name, or where it led."""
    try:
        led = f"{path.name} {path.readlink()}" if path.is_symlink() else ""
    except OSError:
        return
    if "fifthfloor" in led.lower():
        gathering.link(str(shown))


def _take_file(shown: str, below: str, source: Source, modified: datetime | None, gathering: Gathering) -> None:
    """Look at a file of a disk around its bad sectors, and count those; raises OSError where there are too many."""
    around = ReadAround(source)
    gathering.file(shown, below, around, modified)
    gathering.unread["sectors"] += around.unread_bytes


def _is_plain_file(path: Path) -> bool:
    """Whether SQLite may be given a path: it would follow a link out of what is audited, and wait for a pipe."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _names_in_tables(path: Path) -> list[str] | None:
    address = path.absolute().as_uri() + "?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            found = names_in_catalogue(connection)
    except sqlite3.Error:
        return None
    return found[1] if found else None


def _files_of(card: Card, name: str, gathering: Gathering) -> None:
    named = [(number, file) for number, volume in enumerate(card.volumes, 1) for file in volume.files()]
    for number, file in named:
        if file.is_directory:
            continue
        # Two partitions may hold the same path.
        where = f"{name}#{number}" if number > 1 else name
        try:
            gathering.file(path_on(where, file.path), file.path, FileOnCard(card, file), file.modified)
        except OSError:
            gathering.unread["unreadable"] += 1


def _card_target(path: Path, card: Card, found: CardAudit, photographs: int) -> Target:
    volumes = tuple(
        VolumeSummary(
            volume.file_system,
            volume.label,
            volume.facts.formatter,
            volume.offset_bytes,
            volume.length_bytes,
            volume.cluster_bytes,
            sum(not file.is_directory for file in volume.files()),
            tuple((e.offset_bytes, e.length_bytes) for file in volume.files() for e in file.extents),
        )
        for volume in card.volumes
    )
    remnants = tuple(_remnants(card, found))
    return Target(
        str(path),
        "card",
        photographs,
        card.device.size_bytes,
        volumes,
        found.free_map,
        remnants,
        found.quick,
        card.borne,
        card.unreadable,
    )


def _remnants(card: Card, found: CardAudit) -> Iterator[Remnant]:
    names = {
        entry.extents[0].offset_bytes: PurePosixPath(entry.path).name
        for entry in found.deleted
        if entry.extents and not entry.is_directory
    }
    for number, item in enumerate(found.carved):
        thumbnail = _small(card, item) if number < MAX_THUMBNAILS else b""
        name = names.get(item.offset_bytes, "")
        yield Remnant(
            name, item.offset_bytes, item.found.length_bytes, item.found.form, item.found.whole, thumbnail, item.where
        )


def _small(card: Card, item: Carved) -> bytes:
    """Return a small JPEG of a remnant: its own thumbnail, or, where Pillow is, one made of it; else nothing."""
    place = item.found.thumbnail or small_in_film(_space_of(card, item.runs), 0, item.found)
    if place is not None and place[1] <= MAX_THUMBNAIL_BYTES:
        return _bytes_of(card, item.runs, *place)
    if place is None and item.found.form in JPEG_FORMS:
        place = (0, item.found.length_bytes)
    if place is None or place[1] > _MAX_INNER_PICTURE_BYTES or not previews.available():
        return b""
    return previews.small_picture(_bytes_of(card, item.runs, *place)) or b""


def _bytes_of(card: Card, runs: tuple[Extent, ...], offset: int, length: int) -> bytes:
    return _space_of(card, runs).read(offset, min(length, _MAX_INNER_PICTURE_BYTES))


def _space_of(card: Card, runs: tuple[Extent, ...]) -> FreeSpace:
    return FreeSpace(card.device, [(run.offset_bytes, run.length_bytes) for run in runs])
