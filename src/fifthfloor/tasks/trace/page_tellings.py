"""What several saved pages tell with the same photographs: pictures and captions side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fifthfloor.essay.tellings import marked, own_words
from fifthfloor.files import place_together
from fifthfloor.tasks.trace.saved_pages import ShownOn
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.store_places import Laid
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
    """A photograph and every page that shows it, in the order of the pages.

    Args:
        frames: how many of the archive it may be: more than one where they cannot be told apart.
    """

    number: int
    laid: Laid
    frames: int
    tellings: tuple[PageTelling, ...]


def told(results: Sequence[Traced | Untraced]) -> tuple[Told, ...]:
    """Gather what pages show, a photograph a row; what is on no page, or surely no photograph, is left out.

    Pictures that may be of the same frame, as far as it can be told, stand in one row.
    """
    shown = [one for one in results if isinstance(one, Traced) and one.shown is not None and one.alike_copies]
    rows: list[tuple[set[int], list[int]]] = []  # frames, and which pictures may be of them
    for number, one in enumerate(shown):
        frames, pictures = {similar.number for similar in one.alike_copies}, [number]
        met = [row for row in rows if row[0] & frames]
        at = rows.index(met[0]) if met else len(rows)
        for row in met:
            rows.remove(row)
            frames, pictures = frames | row[0], [*row[1], *pictures]
        rows.insert(at, (frames, pictures))
    return tuple(_row(frames, [shown[number] for number in sorted(pictures)]) for frames, pictures in rows)


def _row(frames: set[int], pictures: Sequence[Traced]) -> Told:
    """Make a row of the frame that most of its pictures may be of."""
    many = Counter(similar.number for picture in pictures for similar in picture.alike_copies)
    number = many.most_common(1)[0][0]
    of_pictures = [
        next((one for one in picture.alike_copies if one.number == number), picture.alike_copies[0])
        for picture in pictures
    ]
    laid = next(one.laid for one in of_pictures if one.number == number)
    told = [
        (picture.shown, picture, similar)
        for picture, similar in zip(pictures, of_pictures, strict=True)
        if picture.shown
    ]
    return Told(number, laid, len(frames), _tellings(told))


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
    place: Callable[[Laid], str],
    lines: Callable[[Similar], Sequence[str]],
    *,
    dry_run: bool = False,
) -> None:
    """Write them as a page; an existing file is refused.

    Args:
        place: says where a photograph is.
        lines: says what became of it.
    """
    with Store(archive) as store:
        rows = [
            ToldRow(
                place(one.laid),
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
