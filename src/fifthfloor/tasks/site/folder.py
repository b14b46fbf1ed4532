"""The folder a site stands in: new files beside the old ones, pages exchanged last, what is left over removed after.

Rule 1: until every new file is written, nothing a reader could ask for has changed; a build that fails takes back what
        it wrote and leaves the old site whole.
Rule 2: pictures are named by their contents, so an old page and a new one never want different bytes of one name.
Rule 3: a build that is killed while it exchanges pages has left its report as `published.json.partial`; the next one
        takes what that lists for its own, and goes on.
Rule 4: only what `published.json` lists, and looks like ours, is ever removed; whatever else lies there stays.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fifthfloor.errors import BadInput, NoRoom
from fifthfloor.essay.asset import Asset
from fifthfloor.essay.entry import PictureSource
from fifthfloor.files import digest_of, flushed, make_folder, read_whole, rename_all

REPORT = "published.json"
_FOLDER_FORMAT = 1
MAX_REPORT_BYTES = 64_000_000
_PARTIAL = ".partial"
_OUR_PATHS = re.compile(
    r"(?:[a-z0-9][a-z0-9-]*/)?(?:pictures/[0-9a-f]{20}-\d+\.(?:avif|jpg)|proof/[0-9a-f]{20}\.jpg(?:\.statement\.json)?|"
    r"[a-z0-9][a-z0-9-]*\.html|feed\.atom|icon\.png)"
)
_BY_CONTENT = re.compile(r".*(?:pictures/[^/]+|proof/[^/]+)")
_EARLY = re.compile(rf"{_BY_CONTENT.pattern}|.*\{_PARTIAL}")


@dataclass(frozen=True, slots=True)
class MadePicture:
    """What an earlier build made of a photograph: derivatives need not be encoded again."""

    width_px: int
    height_px: int
    colour: str
    sources: tuple[PictureSource, ...]


class SiteFolder:
    """One build into a folder.

    Args:
        path: of the site; made if it is not there.

    Raises:
        BadInput: there is something that no `publish` made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._was_there = path.exists()
        self._fresh: list[str] = []
        self._exchanging = False
        self._staged: list[str] = []
        self._assets: dict[str, Asset] = {}
        self._made: dict[str, MadePicture] = {}
        self._old_assets, self._old_made = _read_report(path)
        self._dirs: set[Path] = set()

    @property
    def assets(self) -> tuple[Asset, ...]:
        """Every file of the new site but the report, by path."""
        return tuple(self._assets[path] for path in sorted(self._assets))

    def known(self, prefix: str, stem: str) -> MadePicture | None:
        """Return what this build or an earlier one made under a stem, if all its files are what they were."""
        if prefix + stem in self._made:
            return self._made[prefix + stem]
        made = self._old_made.get(prefix + stem)
        if made is None or not all(self._is_whole(prefix + source.path) for source in made.sources):
            return None
        for source in made.sources:
            self._assets[prefix + source.path] = self._old_assets[prefix + source.path]
        self._made[prefix + stem] = made
        return made

    def remember(self, prefix: str, stem: str, made: MadePicture) -> None:
        """Note what was made under a stem, for the next build."""
        self._made[prefix + stem] = made

    def put(self, path: str, data: bytes) -> None:
        """Write one file: at once where its name says its contents, else staged until `commit`."""
        asset = Asset(path, len(data), hashlib.sha256(data).hexdigest())
        if self._assets.get(path) == asset:
            return  # one photograph under two names
        self._assets[path] = asset
        if self._old_assets.get(path) == asset and self._is_whole(path):
            return
        if _BY_CONTENT.fullmatch(path):
            if path not in self._old_assets:
                self._fresh.append(path)
            self._write(path + _PARTIAL, data)
            rename_all([(self.path / (path + _PARTIAL), self.path / path)])
            return
        self._staged.append(path)
        self._write(path + _PARTIAL, data)

    def read(self, path: str) -> bytes:
        """Return a file of the site, once it has been committed."""
        return read_whole(self.path / path, self._assets[path].size_bytes)

    def commit(self) -> None:
        """Exchange the pages, the first page last; then write the report and remove what is left over."""
        report = self._report()
        self._write(REPORT + _PARTIAL, report)
        self._exchanging = True
        ordered = sorted(self._staged, key=lambda path: (path == "index.html", path.endswith("index.html"), path))
        rename_all([(self.path / (path + _PARTIAL), self.path / path) for path in (*ordered, REPORT)])
        self._staged, self._fresh = [], []
        for path in self._old_assets.keys() - self._assets.keys():
            (self.path / path).unlink(missing_ok=True)
        self._remove_empty()

    def take_back(self) -> None:
        """Remove what this build wrote; the old site is as it was. What new pages need already stays (rule 3)."""
        if self._exchanging:
            return
        for path in (*self._fresh, *(path + _PARTIAL for path in (*self._staged, REPORT))):
            (self.path / path).unlink(missing_ok=True)
        for path in self._assets:
            # A write that was cut off has left this.
            (self.path / (path + _PARTIAL)).unlink(missing_ok=True)
        self._remove_empty()

    def _is_whole(self, path: str) -> bool:
        asset = self._old_assets.get(path)
        file = self.path / path
        try:
            if asset is None or file.stat().st_size != asset.size_bytes:
                return False
            return digest_of(file)[1].hex() == asset.sha256
        except (BadInput, OSError):
            return False

    def _write(self, path: str, data: bytes) -> None:
        target = self.path / path
        if target.parent not in self._dirs:
            make_folder(target.parent)
            self._dirs.add(target.parent)
        try:
            target.unlink(missing_ok=True)
            with flushed(target) as file:
                file.write(data)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                free = shutil.disk_usage(self.path).free
                name = path.removesuffix(_PARTIAL)
                raise NoRoom("essay.no_room", file=name, size=len(data), free=free) from None
            raise

    def _report(self) -> bytes:
        document = {
            "format": _FOLDER_FORMAT,
            "files": {asset.path: {"bytes": asset.size_bytes, "sha256": asset.sha256} for asset in self.assets},
            "pictures": {
                stem: {
                    "width": made.width_px,
                    "height": made.height_px,
                    "colour": made.colour,
                    "sources": [[s.path, s.width_px, s.height_px, s.format] for s in made.sources],
                }
                for stem, made in sorted(self._made.items())
            },
        }
        return (json.dumps(document, indent=1) + "\n").encode()

    def _remove_empty(self) -> None:
        folders = {(self.path / path).parent for path in (*self._old_assets, *self._assets)} | self._dirs
        if not self._was_there:
            folders.add(self.path)
        for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
            with contextlib.suppress(OSError):  # not empty, or never made
                folder.rmdir()


def _read_report(path: Path) -> tuple[dict[str, Asset], dict[str, MadePicture]]:
    if path.exists() and not path.is_dir():
        raise BadInput("essay.not_a_folder", site=str(path))
    report = path / REPORT
    broken_off = path / (REPORT + _PARTIAL)
    found = _parsed(broken_off) if broken_off.is_file() else None
    if not report.is_file():
        if found is None and path.is_dir() and any(not _is_left_over(path, child) for child in path.iterdir()):
            raise BadInput("essay.not_a_site", site=str(path), report=REPORT)
        return found or ({}, {})
    whole = _parsed(report)
    if whole is None:
        raise BadInput("essay.bad_report", site=str(path), report=REPORT)
    return ({**found[0], **whole[0]}, {**found[1], **whole[1]}) if found else whole


def _parsed(report: Path) -> tuple[dict[str, Asset], dict[str, MadePicture]] | None:
    try:
        return _parse_report(json.loads(read_whole(report, MAX_REPORT_BYTES)))
    except (BadInput, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return None


def _is_left_over(path: Path, child: Path) -> bool:
    """Whether a build that was killed before its first `published.json` may have left this."""
    if child.is_file():
        return child.name.endswith(_PARTIAL)
    files = [name.relative_to(path).as_posix() for name in child.rglob("*") if not name.is_dir()]
    # Pages have their last names only after the report has its first: with none, only these can be there.
    ours = all(_OUR_PATHS.fullmatch(name.removesuffix(_PARTIAL)) and _EARLY.fullmatch(name) for name in files)
    return ours and (bool(files) or child.name in ("pictures", "proof"))


def _parse_report(document: Any) -> tuple[dict[str, Asset], dict[str, MadePicture]]:
    if document["format"] != _FOLDER_FORMAT:
        raise ValueError(document["format"])
    assets = {}
    for path, entry in document["files"].items():
        if not _OUR_PATHS.fullmatch(path):
            raise ValueError(path)
        assets[path] = Asset(path, int(entry["bytes"]), str(entry["sha256"]))
    made = {}
    for stem, entry in document["pictures"].items():
        sources = tuple(
            PictureSource(str(p), int(w), int(h), "avif" if f == "avif" else "jpg") for p, w, h, f in entry["sources"]
        )
        colour = str(entry["colour"])
        if not re.fullmatch(r"#[0-9a-f]{6}", colour) or not all(_OUR_PATHS.fullmatch(s.path) for s in sources):
            raise ValueError(stem)
        made[str(stem)] = MadePicture(int(entry["width"]), int(entry["height"]), colour, sources)
    return assets, made
