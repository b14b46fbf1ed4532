"""A photograph of a telling beside its pictures, as templates ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from fifthfloor.essay import prose
from fifthfloor.essay.entry import EssayPicture
from fifthfloor.essay.labels import direction
from fifthfloor.essay.pictures import Format
from fifthfloor.essay.story import Photograph, Telling

# How wide each kind stands on a page; an upright picture is held to the height of the window.
_SIZES = {
    "single": "(min-width: 84rem) 61rem, (min-width: 70rem) calc(100vw - 23rem), 100vw",
    "full": "100vw",
    "half-of": "(min-width: 84rem) 39rem, (min-width: 44rem) 50vw, 100vw",
    "small": "(min-width: 84rem) 26rem, (min-width: 44rem) 45vw, 100vw",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One photograph on one page.

    Args:
        number: its place in this telling, from 1.
        credit: its own, or the essay's.
        lang: of its caption where that is not the page's, else empty.
        caption: HTML.
    """

    number: int
    photograph: Photograph
    picture: EssayPicture
    credit: str
    lang: str
    direction: str
    caption: Markup

    @property
    def ratio(self) -> float:
        return self.picture.width_px / self.picture.height_px

    def of(self, form: Format) -> list[tuple[str, int]]:
        """Path and width in px of each derivative of one format, the smallest first."""
        return sorted(
            ((source.path, source.width_px) for source in self.picture.sources if source.format == form),
            key=lambda pair: pair[1],
        )

    def srcset(self, form: Format) -> str:
        return ", ".join(f"{path} {width_px}w" for path, width_px in self.of(form))

    @property
    def fallback(self) -> str:
        """What a browser without `srcset` shows: the middle size."""
        paths = self.of("jpg")
        return paths[len(paths) // 2][0]

    @property
    def smallest(self) -> str:
        return self.of("jpg")[0][0]

    def sizes(self, kind: str) -> str:
        stands = _SIZES[kind]
        if self.ratio >= 1.2 or kind in ("full", "small"):
            return stands
        tall = f"{88 * self.ratio:.0f}vh"
        return ", ".join(
            " ".join((*part.split(" ")[:-1], f"min({part.split(' ')[-1]}, {tall})"))
            if "calc" not in part
            else part.replace("calc(", f"min({tall}, ")
            for part in stands.split(", ")
        )


def show(telling: Telling, pictures: Mapping[str, EssayPicture], *, links: bool) -> tuple[Shown, ...]:
    """Join a telling's photographs with their pictures, in reading order.

    Args:
        pictures: by the photograph's file.
        links: whether captions may link out of the site.

    Raises:
        KeyError: a photograph has no picture, which is our own mistake.
    """
    shown = []
    for number, photograph in enumerate(telling.photographs, start=1):
        language = photograph.language or telling.head.language
        shown.append(
            Shown(
                number=number,
                photograph=photograph,
                picture=pictures[photograph.file],
                credit=photograph.credit or telling.head.credit,
                lang=photograph.language if photograph.language.casefold() != telling.head.language.casefold() else "",
                direction=direction(language),
                # Made by our own renderer with HTML off: safe to stand in a page as it is.
                caption=Markup(prose.inline_html(photograph.caption, links=links)),
            )
        )
    return tuple(shown)
