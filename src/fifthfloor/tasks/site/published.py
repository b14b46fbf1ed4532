"""What `publish` is asked for and what it reports; costs nothing to import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fifthfloor.essay.asset import Asset
from fifthfloor.essay.asset import Caution as Caution  # for the layer above

if TYPE_CHECKING:
    from fifthfloor.statement.c2pa import Newsroom


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be made beside the folder.

    Args:
        base_url: where the site will stand, ending in "/", or empty.
        zip_file: the offline edition.
        pdf_file: the contact sheet.
        newsroom: signs a C2PA manifest in each picture that pages show; None for none.
    """

    base_url: str = ""
    zip_file: Path | None = None
    pdf_file: Path | None = None
    newsroom: Newsroom | None = None

    @property
    def editions(self) -> tuple[Path, ...]:
        return tuple(path for path in (self.zip_file, self.pdf_file) if path is not None)


# Takes what is for the writer to think about.
Heed = Callable[[Sequence[Caution]], None]


def unheeded(cautions: Sequence[Caution]) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What `publish --check` found where nothing stands in the way.

    Args:
        photographs: how many different ones.
        nobody_looked: names of photographs no person looked at.
        cautions: for the writer.
    """

    photographs: int
    nobody_looked: tuple[str, ...]
    cautions: tuple[Caution, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """What was published.

    Args:
        site: its folder.
        first_page: where to open it.
        files: of the site but its report, by path.
        photographs: how many different ones.
        tellings: their pages.
        nobody_looked: names of photographs no person looked at.
        cautions: for the writer.
        editions: ZIP and PDF, if asked for.
        unchanged: nothing had to be done.
    """

    site: str
    first_page: str
    files: tuple[Asset, ...]
    photographs: int
    tellings: tuple[str, ...]
    nobody_looked: tuple[str, ...]
    cautions: tuple[Caution, ...]
    editions: tuple[Asset, ...]
    unchanged: bool = False
