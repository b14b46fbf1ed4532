"""`publish`: from essays to a folder of plain files, a ZIP of it, and a contact sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path

from fifthfloor.errors import BadInput
from fifthfloor.essay import entry, pictures, prose, site, xmp
from fifthfloor.essay.caution import Caution, look
from fifthfloor.essay.entry import Asset, Picture
from fifthfloor.essay.telling import read_telling, telling_name
from fifthfloor.essay.tellings import Essay, gather, page_of
from fifthfloor.redact.photo import RedactedPhoto
from fifthfloor.tasks import build_stamp, editions
from fifthfloor.tasks.essay_folder import Manuscript, read_manuscript
from fifthfloor.tasks.site_folder import Made, SiteFolder


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made beside the folder.

    Args:
        base_url: where the site will stand, ending in "/", or empty.
        zip_file: the offline edition.
        pdf_file: the contact sheet.
    """

    base_url: str = ""
    zip_file: Path | None = None
    pdf_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What was published.

    Args:
        first_page: where to open it.
        files: of the site, by path.
        photographs: how many different ones.
        nobody_looked: file names of those no person looked at.
        cautions: for the writer.
        editions: ZIP and PDF, if asked for.
        unchanged: nothing had to be done.
    """

    site: Path
    first_page: Path
    files: tuple[Asset, ...]
    photographs: int
    tellings: tuple[str, ...]
    nobody_looked: tuple[str, ...]
    cautions: tuple[Caution, ...]
    editions: tuple[Asset, ...]
    unchanged: bool = False


Step = Callable[[int, int], None]


def publish(
    given: Sequence[Path], out: Path, wanted: Wanted, *, today: date, step: Step = lambda _done, _of: None
) -> Published:
    """Publish essays into a folder; nothing is done where nothing changed since the last time.

    Args:
        given: essays' folders, or one telling of one.
        out: the site's folder.
        today: decides embargoes, and nothing that is published.
        step: told how many photographs are done, of how many.

    Raises:
        BadInput: an essay, a photograph, a page under embargo; NoRoom: the disk is full.
    """
    _check_base_url(wanted.base_url)
    stamp = build_stamp.take(given, out, wanted.base_url, wanted.zip_file, wanted.pdf_file)
    manuscripts = [read_manuscript(path, today) for path in given]
    published = publish_manuscripts(manuscripts, out, wanted, step=step)
    build_stamp.leave(given, out, stamp, published)
    return published


def publish_manuscripts(
    manuscripts: Sequence[Manuscript],
    out: Path,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    *,
    step: Step = lambda _done, _of: None,
) -> Published:
    """Publish essays that have been read, whose photographs passed the gate."""
    _check_names([manuscript.essay for manuscript in manuscripts])
    folder = SiteFolder(out)
    try:
        entered = _enter_all(manuscripts, folder, step)
        for path, data in _pages(manuscripts, entered, wanted).items():
            folder.put(path, data)
        sheets = [(m.essay, pics, _prefix(manuscripts, m.essay)) for m, pics in zip(manuscripts, entered, strict=True)]
        made = editions.write(folder, sheets, wanted.zip_file, wanted.pdf_file)
        folder.commit()
    except BaseException:
        folder.take_back()
        raise
    return _published(manuscripts, out, folder, made)


def sample_manuscript(photos: Mapping[str, RedactedPhoto]) -> Manuscript:
    """Make the essay of the journey, told twice, of fourteen photographs.

    Args:
        photos: by the name of the scene they show: every one of `sample_scenes`.

    Raises:
        BadInput: one is missing.
    """
    essay = _sample()
    for scene in sample_scenes():
        if scene not in photos:
            raise BadInput("essay.no_scene", scene=scene, given=len(photos), needed=len(sample_scenes()))
    return Manuscript(essay, {photograph: photos[Path(photograph).stem] for photograph in essay.photographs()})


def sample_scenes() -> tuple[str, ...]:
    """Return the names of the scenes of the journey's essay, in reading order."""
    return tuple(Path(photograph.file).stem for photograph in _sample().first.photographs)


def _sample() -> Essay:
    folder = resources.files("fifthfloor.essay") / "sample"
    files = sorted((file for file in folder.iterdir() if telling_name(file.name) is not None), key=lambda f: f.name)
    return gather("essay", [read_telling(file.name, file.read_bytes()) for file in files])


def _check_base_url(base_url: str) -> None:
    if base_url and not (base_url.startswith(("http://", "https://")) and base_url.endswith("/")):
        raise BadInput("essay.base_url", given=base_url)


def _check_names(essays: Sequence[Essay]) -> None:
    names = [essay.name for essay in essays]
    for name in names:
        if len(names) > 1 and (names.count(name) > 1 or name in ("pictures", "proof")):
            raise BadInput("essay.same_folder", folder=name)


def _prefix(manuscripts: Sequence[Manuscript], essay: Essay) -> str:
    return f"{essay.name}/" if len(manuscripts) > 1 else ""


def _enter_all(manuscripts: Sequence[Manuscript], folder: SiteFolder, step: Step) -> list[dict[str, Picture]]:
    total = sum(len(manuscript.photos) for manuscript in manuscripts)
    done = 0
    entered: list[dict[str, Picture]] = []
    for manuscript in manuscripts:
        prefix = _prefix(manuscripts, manuscript.essay)
        credit = manuscript.essay.first.head.credit
        found: dict[str, Picture] = {}
        for file, photograph in manuscript.essay.photographs().items():
            packet = xmp.packet(
                caption=prose.plain(photograph.caption), alt=photograph.alt, credit=photograph.credit or credit
            )
            found[file] = _enter(manuscript.photos[file], packet, folder, prefix)
            done += 1
            step(done, total)
        entered.append(found)
    return entered


def _enter(photo: RedactedPhoto, packet: bytes, folder: SiteFolder, prefix: str) -> Picture:
    entered = entry.enter(photo, packet)
    picture, statement = entry.rendition(photo)
    made = folder.known(prefix, entered.stem)
    if made is None:
        rendered = pictures.derive(picture, name=photo.name, xmp=packet)
        written = entry.sources(entered.stem, rendered.derivatives)
        for source, data in written:
            folder.put(prefix + source.path, data)
        made = Made(rendered.width_px, rendered.height_px, rendered.colour, tuple(source for source, _ in written))
        folder.remember(prefix, entered.stem, made)
    folder.put(prefix + entered.proof.path, picture)
    folder.put(prefix + entered.statement.path, statement)
    return entry.picture_of(photo, entered, (made.width_px, made.height_px), made.colour, made.sources)


def _pages(
    manuscripts: Sequence[Manuscript], entered: Sequence[Mapping[str, Picture]], wanted: Wanted
) -> dict[str, bytes]:
    several = len(manuscripts) > 1
    verifier = editions.verifier_script()
    pages: dict[str, bytes] = {}
    for manuscript, found in zip(manuscripts, entered, strict=True):
        options = site.Options(wanted.base_url, manuscript.theme, verifier, "../" if several else "")
        prefix = _prefix(manuscripts, manuscript.essay)
        made = site.essay_pages(manuscript.essay, found, options)
        pages |= {prefix + path: data for path, data in made.items()}
    if several:
        essays = [(manuscript.essay, found) for manuscript, found in zip(manuscripts, entered, strict=True)]
        pages |= site.list_pages(essays, site.Options(wanted.base_url, manuscripts[0].theme))
    return pages


def _published(
    manuscripts: Sequence[Manuscript], out: Path, folder: SiteFolder, made: tuple[Asset, ...]
) -> Published:
    tellings = [(m, telling) for m in manuscripts for telling in m.essay.tellings]
    return Published(
        site=out,
        first_page=out / "index.html",
        files=folder.assets,
        photographs=sum(len(manuscript.photos) for manuscript in manuscripts),
        tellings=tuple(_prefix(manuscripts, m.essay) + page_of(m.essay, telling) for m, telling in tellings),
        nobody_looked=tuple(
            photo.name for m in manuscripts for photo in m.photos.values() if not photo.approval.looked_at
        ),
        cautions=tuple(caution for _, telling in tellings for caution in look(telling)),
        editions=made,
    )
