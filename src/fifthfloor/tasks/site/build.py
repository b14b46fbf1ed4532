"""One build of a site: photographs enter, pages are made, the folder is exchanged, editions are written."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Literal

from fifthfloor.engine.many import Executor, InThisProcess
from fifthfloor.errors import BadInput
from fifthfloor.essay import entry, pictures, prose, site, written_xmp
from fifthfloor.essay.asset import Asset, Caution
from fifthfloor.essay.contact_sheet import Sheet, contact_sheet
from fifthfloor.essay.entry import EssayEntry, EssayPicture, PictureSource
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.shown import show
from fifthfloor.essay.tellings import Essay, page_of
from fifthfloor.redact.admission import RedactedPhoto
from fifthfloor.statement.c2pa import Newsroom, embed_shown, manifest_of_shown
from fifthfloor.statement.sign import RedactedBytes
from fifthfloor.tasks.progress import Progress, silent
from fifthfloor.tasks.site import editions
from fifthfloor.tasks.site.essay_folder import Manuscript, cautions_of, read_manuscript
from fifthfloor.tasks.site.folder import MadePicture, SiteFolder
from fifthfloor.tasks.site.published import Checked, Heed, Published, Wanted, unheeded
from fifthfloor.tasks.site.rendering import ToRender, rendered_by
from fifthfloor.trace.likeness import soft_binding_of


def read_all(given: Sequence[Path], today: date, heed: Heed = unheeded) -> list[Manuscript]:
    """Read essays and take their photographs through the gate; raises all that is wrong with any, at once.

    Args:
        heed: is told the cautions of all of them where one is refused.
    """
    faults = Faults()
    read = [faults.get(functools.partial(read_manuscript, path, today, heed=heed), None) for path in given]
    manuscripts = [manuscript for manuscript in read if manuscript is not None]
    if faults:
        heed(_cautions(manuscripts))
    faults.end()
    return manuscripts


def checked(given: Sequence[Path], today: date, out: Path | None, heed: Heed) -> Checked:
    """Do what comes before a build, and say what was found (`publish.check_essays`)."""
    manuscripts = read_all(given, today, heed)
    if out is not None:
        SiteFolder(out)  # refuses a folder that holds other things, and writes nothing yet
    _check_names([manuscript.essay for manuscript in manuscripts])
    return Checked(
        photographs=sum(len(manuscript.photos) for manuscript in manuscripts),
        nobody_looked=_nobody_looked(manuscripts),
        cautions=_cautions(manuscripts),
    )


def publish_manuscripts(
    manuscripts: Sequence[Manuscript],
    out: Path,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    *,
    progress: Progress = silent,
    executor: Executor | None = None,
) -> Published:
    """Publish essays that have been read, whose photographs passed the gate.

    Args:
        executor: what makes the pictures that pages show; None: this process. It is given what passed the gate.
    """
    _check_names([manuscript.essay for manuscript in manuscripts])
    folder = SiteFolder(out)
    try:
        entered = _enter_all(manuscripts, _PictureDoor(folder, wanted.newsroom, executor or InThisProcess()), progress)
        for path, data in _pages(manuscripts, entered, wanted).items():
            folder.put(path, data)
        folder.commit()
    except BaseException:
        folder.take_back()
        raise
    return _published(manuscripts, out, folder, _editions(manuscripts, entered, folder, wanted))


def _check_names(essays: Sequence[Essay]) -> None:
    names = [essay.name for essay in essays]
    for name in names:
        if len(names) > 1 and (names.count(name) > 1 or name in ("pictures", "proof")):
            raise BadInput("essay.same_folder", folder=name)


def _prefix(manuscripts: Sequence[Manuscript], essay: Essay) -> str:
    return f"{essay.name}/" if len(manuscripts) > 1 else ""


@dataclass(frozen=True, slots=True)
class _PictureDoor:
    """Where pictures go, who signs a manifest in each that is shown, and who makes them; `prefix` is the essay's."""

    folder: SiteFolder
    newsroom: Newsroom | None
    executor: Executor
    prefix: str = ""

    def known(self, guest: _Guest) -> MadePicture | None:
        return self.folder.known(self.prefix, guest.entered.stem)


@dataclass(frozen=True, slots=True)
class _Guest:
    """A photograph at the door: its file's name, and what will be made of it."""

    file: str
    photo: RedactedPhoto
    packet: bytes
    sides_px: Sequence[int]
    entered: EssayEntry


def _enter_all(
    manuscripts: Sequence[Manuscript], door: _PictureDoor, progress: Progress
) -> list[dict[str, EssayPicture]]:
    sizes = [_size(photo) for manuscript in manuscripts for photo in manuscript.photos.values()]
    with progress("work.pictures", sum(sizes)) as done:
        return [_enter_essay(one, replace(door, prefix=_prefix(manuscripts, one.essay)), done) for one in manuscripts]


def _enter_essay(manuscript: Manuscript, door: _PictureDoor, done: Callable[[int], None]) -> dict[str, EssayPicture]:
    guests = list(_guests(manuscript, door))
    rendered = rendered_by(door.executor, _to_render(guests, door))
    found: dict[str, EssayPicture] = {}
    for guest in guests:
        found[guest.file] = _enter(guest, door, rendered)
        done(_size(guest.photo))
    return found


def _guests(manuscript: Manuscript, door: _PictureDoor) -> Iterator[_Guest]:
    credit = manuscript.essay.first.head.credit
    full = manuscript.essay.full()
    certificate = door.newsroom.certificate_pem if door.newsroom else b""
    for file, photograph in manuscript.essay.photographs().items():
        photo = manuscript.photos[file]
        packet = written_xmp.packet(
            caption=prose.plain(photograph.caption), alt=photograph.alt, credit=photograph.credit or credit
        )
        sides_px = pictures.FULL_SIDES_PX if file in full else pictures.SIDES_PX
        yield _Guest(file, photo, packet, sides_px, entry.enter(photo, packet, sides_px, signed_by=certificate))


def _to_render(guests: Sequence[_Guest], door: _PictureDoor) -> Iterator[ToRender]:
    """Say what has to be made, in the order of the guests; `_enter` takes one of these where nothing is known."""
    asked: set[str] = set()
    for guest in guests:
        if guest.entered.stem not in asked and door.known(guest) is None:
            asked.add(guest.entered.stem)
            picture, _ = entry.rendition(guest.photo)
            yield ToRender(guest.photo.name, picture, guest.packet, tuple(guest.sides_px))


def _size(photo: RedactedPhoto) -> int:
    return (photo.web_picture_path or photo.picture_path).stat().st_size


def _enter(guest: _Guest, door: _PictureDoor, rendered: Iterator[pictures.Rendered]) -> EssayPicture:
    folder, prefix, entered = door.folder, door.prefix, guest.entered
    picture, statement = entry.rendition(guest.photo)
    made = door.known(guest)
    if made is None:
        fresh = next(rendered)
        written = entry.sources(entered.stem, fresh.derivatives)
        for path, data in _with_manifests(written, RedactedBytes(picture, statement), door.newsroom):
            folder.put(prefix + path, data)
        made = MadePicture(fresh.width_px, fresh.height_px, fresh.colour, tuple(source for source, _ in written))
        folder.remember(prefix, entered.stem, made)
    folder.put(prefix + entered.proof.path, picture)
    folder.put(prefix + entered.statement.path, statement)
    return entry.picture_of(guest.photo, entered, (made.width_px, made.height_px), made.colour, made.sources)


def _with_manifests(
    written: Iterable[tuple[PictureSource, bytes]], made_of: RedactedBytes, newsroom: Newsroom | None
) -> Iterator[tuple[str, bytes]]:
    manifest = manifest_of_shown(made_of) if newsroom else {}
    for source, data in written:
        mime: Literal["image/avif", "image/jpeg"] = "image/avif" if source.format == "avif" else "image/jpeg"
        yield source.path, embed_shown(data, mime, manifest, newsroom, soft_binding_of) if newsroom else data


def verifier() -> str:
    """Return the verifier's scripts, which `proof.html` holds."""
    names = ("verify.js", "likeness.js")
    return "\n".join((resources.files("fifthfloor.statement") / name).read_text(encoding="utf-8") for name in names)


def _pages(
    manuscripts: Sequence[Manuscript], entered: Sequence[Mapping[str, EssayPicture]], wanted: Wanted
) -> dict[str, bytes]:
    several = len(manuscripts) > 1
    pages: dict[str, bytes] = {}
    for manuscript, found in zip(manuscripts, entered, strict=True):
        options = site.Options(wanted.base_url, manuscript.theme, verifier(), "../" if several else "")
        prefix = _prefix(manuscripts, manuscript.essay)
        made = site.essay_pages(manuscript.essay, found, options)
        pages |= {prefix + path: data for path, data in made.items()}
    if several:
        essays = [(manuscript.essay, found) for manuscript, found in zip(manuscripts, entered, strict=True)]
        pages |= site.list_pages(essays, site.Options(wanted.base_url, manuscripts[0].theme))
    return pages


def _editions(
    manuscripts: Sequence[Manuscript],
    entered: Sequence[Mapping[str, EssayPicture]],
    folder: SiteFolder,
    wanted: Wanted,
) -> tuple[Asset, ...]:
    made = []
    if wanted.zip_file:
        top = manuscripts[0].essay.name if len(manuscripts) == 1 else "essays"
        paths = [asset.path for asset in folder.assets]
        made.append(editions.write_zip(wanted.zip_file, top, paths, folder.read))
    if wanted.pdf_file:
        sheets = []
        for manuscript, found in zip(manuscripts, entered, strict=True):
            telling = manuscript.essay.first
            prefix = _prefix(manuscripts, manuscript.essay)
            shown = show(telling, found, links=False)
            sheets.append(Sheet(telling.head, shown, functools.partial(_read, folder, prefix)))
        made.append(editions.write_whole(wanted.pdf_file, contact_sheet(sheets)))
    return tuple(made)


def _read(folder: SiteFolder, prefix: str, path: str) -> bytes:
    return folder.read(prefix + path)


def _published(manuscripts: Sequence[Manuscript], out: Path, folder: SiteFolder, made: tuple[Asset, ...]) -> Published:
    tellings = [(m, telling) for m in manuscripts for telling in m.essay.tellings]
    return Published(
        site=str(out),
        first_page=str(out / "index.html"),
        files=folder.assets,
        photographs=sum(len(manuscript.photos) for manuscript in manuscripts),
        tellings=tuple(_prefix(manuscripts, m.essay) + page_of(m.essay, telling) for m, telling in tellings),
        nobody_looked=_nobody_looked(manuscripts),
        cautions=_cautions(manuscripts),
        editions=made,
    )


def _nobody_looked(manuscripts: Sequence[Manuscript]) -> tuple[str, ...]:
    return tuple(photo.name for m in manuscripts for photo in m.photos.values() if not photo.approval.looked_at)


def _cautions(manuscripts: Sequence[Manuscript]) -> tuple[Caution, ...]:
    return tuple(caution for m in manuscripts for caution in cautions_of(m.essay.tellings))
