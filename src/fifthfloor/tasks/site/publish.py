"""`publish`: from essays to a folder of plain files, a ZIP of it, and a contact sheet.

This module costs little to import: where nothing changed, nothing else is (`site_build` brings libvips and the gate).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fifthfloor.errors import BadInput
from fifthfloor.essay.asset import Asset, Caution
from fifthfloor.tasks.one_writer import writing_in
from fifthfloor.tasks.progress import Progress, silent
from fifthfloor.tasks.site import build_stamp
from fifthfloor.tasks.site.published import Checked, Heed, Published, Wanted, unheeded

if TYPE_CHECKING:
    from fifthfloor.engine.many import Executor


def publish(
    given: Sequence[Path],
    out: Path,
    wanted: Wanted,
    *,
    today: Callable[[], date] = date.today,
    progress: Progress = silent,
    executor: Executor | None = None,
    heed: Heed = unheeded,
) -> Published:
    """Publish essays into a folder; nothing is done where nothing changed since the last time.

    Args:
        given: essays' folders, or one telling of one.
        out: the site's folder.
        today: decides embargoes, and nothing that is published.
        progress: shows how much is done.
        executor: what makes the pictures that pages show; None: this process.
        heed: is told the cautions where an essay is refused.

    Raises:
        BadInput: an essay, a photograph, an embargo, or another run writes there.
        NothingFound: a photograph that nobody approved.
        NoRoom: the disk is full; the old site is whole.
    """
    _check(given, out, wanted)
    with writing_in(out):
        return _publish(given, out, wanted, today, progress, executor, heed)


def _publish(
    given: Sequence[Path],
    out: Path,
    wanted: Wanted,
    today: Callable[[], date],
    progress: Progress,
    executor: Executor | None,
    heed: Heed,
) -> Published:
    asked = [wanted.base_url, *(str(path) for path in (wanted.zip_file, wanted.pdf_file))]
    if wanted.newsroom:
        asked.append(hashlib.sha256(wanted.newsroom.certificate_pem).hexdigest())
    stamp = build_stamp.take(given, out, asked)
    report = build_stamp.unchanged(stamp, given, wanted.editions)
    if report is not None:
        return _again(report)
    from fifthfloor.tasks.site import build as site_build

    read = site_build.read_all(given, today(), heed)
    published = site_build.publish_manuscripts(read, out, wanted, progress=progress, executor=executor)
    files = [out / asset.path for asset in published.files]
    build_stamp.leave(stamp, given, [*files, *wanted.editions], build_stamp.as_report(published))
    return published


def check_essays(
    given: Sequence[Path],
    out: Path | None = None,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    *,
    today: Callable[[], date] = date.today,
    heed: Heed = unheeded,
) -> Checked:
    """Read essays and take their photographs through the gate, as `publish` does first; build nothing.

    Args:
        given: essays' folders, or one telling of one.
        out: where they would be published; None to look at the essays alone.
        wanted: what would be made beside the folder.
        today: decides embargoes.
        heed: is told the cautions where something stands in the way.

    Raises:
        BadInput, NothingFound: everything that stands in the way, at once.
    """
    if out is None:
        _check_given(given)
    else:
        _check(given, out, wanted)
    from fifthfloor.tasks.site import build as site_build

    return site_build.checked(given, today(), out, heed)


def _check(given: Sequence[Path], out: Path, wanted: Wanted) -> None:
    url = wanted.base_url
    if url and not (url.startswith(("http://", "https://")) and url.endswith("/")):
        raise BadInput("essay.base_url", given=url)
    _check_given(given)
    for path in given:
        folder = (path.parent if path.is_file() else path).resolve()
        if out.resolve() == folder or out.resolve() in folder.parents:
            raise BadInput("essay.out_is_essay", site=str(out), folder=str(folder))


def _check_given(given: Sequence[Path]) -> None:
    for path in given:
        if not path.exists():
            raise BadInput("essay.no_folder", folder=str(path))


def _again(report: dict[str, Any]) -> Published:
    return Published(
        site=report["site"],
        first_page=report["first_page"],
        files=tuple(Asset(**one) for one in report["files"]),
        photographs=report["photographs"],
        tellings=tuple(report["tellings"]),
        nobody_looked=tuple(report["nobody_looked"]),
        cautions=tuple(Caution(**one) for one in report["cautions"]),
        editions=tuple(Asset(**one) for one in report["editions"]),
        unchanged=True,
    )
