"""What several saved pages tell with the same photographs: pictures and captions side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.essay.tellings import marked, own_words
from fifthfloor.files import place_together
from fifthfloor.tasks.trace.saved_pages import ShownOn
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.trace import Similar, Traced, Untraced
from fifthfloor.trace.side_by_side import Sayer, ToldCell, ToldRow, side_by_side


@dataclass(frozen=True, slots=True)
class PageTelling:
    """One page's picture of a photograph.

    Args:
        words: of its caption that no other one of the same photograph has, run by run.
        others: those captions.
    """

    shown: ShownOn
    picture: Traced
    similar: Similar
    words: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A photograph and every page that shows it, in the order of the pages."""

    number: int
    place: str
    tellings: tuple[PageTelling, ...]


def told(results: Sequence[Traced | Untraced]) -> tuple[Told, ...]:
    """Gather what pages show, a photograph a row; what is on no page, or surely no photograph, is left out."""
    found: dict[int, list[tuple[ShownOn, Traced, Similar]]] = {}
    for one in results:
        if isinstance(one, Traced) and one.shown is not None:
            similar = next((similar for similar in one.similar if similar.is_copy), None)
            if similar is not None:
                found.setdefault(similar.number, []).append((one.shown, one, similar))
    return tuple(Told(number, shown[0][2].places[0], _tellings(shown)) for number, shown in found.items())


def _tellings(shown: Sequence[tuple[ShownOn, Traced, Similar]]) -> tuple[PageTelling, ...]:
    captions = [one.caption for one, _, _ in shown]
    others = [tuple(filter(None, captions[:at] + captions[at + 1 :])) for at in range(len(captions))]
    return tuple(
        PageTelling(where, picture, similar, tuple(own_words(where.caption, other)), other)
        for (where, picture, similar), other in zip(shown, others, strict=True)
    )


def write_page(
    photographs: Sequence[Told],
    archive: Path,
    file: Path,
    say: Sayer,
    lines: Callable[[Similar], Sequence[str]],
    *,
    dry_run: bool = False,
) -> None:
    """Write them as a page; an existing file is refused. `lines` says what became of a photograph."""
    with Store(archive) as store:
        rows = [
            ToldRow(
                one.place,
                store.known(one.number).thumbnail,
                tuple(
                    ToldCell(
                        telling.shown.title,
                        marked(telling.shown.caption, telling.others),
                        telling.picture.seen,
                        telling.similar.differences,
                        tuple(lines(telling.similar)),
                    )
                    for telling in one.tellings
                ),
            )
            for one in photographs
        ]
    place_together({file: side_by_side(rows, str(archive), say)}, dry_run=dry_run)
