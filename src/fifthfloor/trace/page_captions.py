"""Which caption of a page is whose: what stands in a page, in order, and what its containers hold.

Rule: a caption goes to pictures that it is surely of, or to none: never to another one's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from fifthfloor.trace.page_addresses import Addresses

MOST_CAPTION = 4000
# More than this between a picture and a caption is no name of a button; and more than that is a story.
_MANY_LETTERS, _STORY_LETTERS = 60, 400


@dataclass(slots=True, eq=False)
class PlacedPicture:
    """A picture where it stands; `is_ours` not for films and frames, which have captions too."""

    addresses: Addresses
    alt: str = ""
    caption: str = ""
    is_ours: bool = True
    is_spare: bool = False  # shown where no script runs
    is_holder: bool = False  # of the place of another one, until a script has run


@dataclass(slots=True, eq=False)
class PlacedCaption:
    """Text that is being read, or was; `of_figure` where it is of all pictures of its figure."""

    of_figure: bool
    text: list[str] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _OtherText:
    """Text that is no caption, so many letters of it."""

    letters: int


class _Settled:
    """Stands for what was settled: nothing is given across it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a container begins."""

    row: int
    loose: int
    placed: int


_InRow = PlacedPicture | PlacedCaption | _OtherText | _Settled


class PageRow:
    """What stands in a page, in order; each container that has captions and pictures is settled when it ends."""

    def __init__(self) -> None:
        self._standing: list[_InRow] = []
        # Where pictures and captions stand, so that most containers need not be looked through.
        self._pictures: list[int] = []
        self._captions: list[int] = []
        # Those that are in no figure that has a caption.
        self._loose: list[PlacedPicture] = []
        self._placed = 0

    @property
    def end(self) -> Mark:
        """Where a container would begin."""
        return Mark(len(self._standing), len(self._loose), self._placed)

    def picture(self, picture: PlacedPicture) -> None:
        """Put a picture at the end."""
        self._pictures.append(len(self._standing))
        self._standing.append(picture)
        self._loose.append(picture)
        self._placed += 1

    def caption(self, caption: PlacedCaption, first: Mark) -> None:
        """Put a caption where it began, in place of what stands in it."""
        self._cut(first)
        if plain(caption.text):
            self._captions.append(len(self._standing))
            self._standing.append(caption)

    def text(self, letters: int) -> None:
        """Put text at the end."""
        last = self._standing[-1] if self._standing else None
        if isinstance(last, _OtherText):
            last.letters += letters
        else:
            self._standing.append(_OtherText(letters))

    def had_pictures(self, first: Mark) -> bool:
        """Say whether a picture was put behind a place, settled or not."""
        return self._placed > first.placed

    def has_pictures(self, first: Mark) -> bool:
        """Say whether a picture that was not settled stands behind a place."""
        return bool(self._pictures) and self._pictures[-1] >= first.row

    def has_captions(self, first: Mark) -> bool:
        """Say whether a caption that was not settled stands behind a place."""
        return bool(self._captions) and self._captions[-1] >= first.row

    def settle(self, first: Mark) -> None:
        """Give the captions of a container, which began at a place and ends here, to its pictures."""
        if not (self.has_captions(first) and self.has_pictures(first)):
            return
        part: list[_InRow] = []
        for one in [*self._cut(first), _Settled()]:
            if not isinstance(one, _Settled):
                part.append(one)
                continue
            for caption, picture in _given(part):
                picture.caption = picture.caption or caption
            part = []
        self._standing.append(_Settled())

    def settle_figure(self, first: Mark) -> None:
        """Give the only caption of a figure to all of its pictures that have none; several are settled as elsewhere."""
        inside = takewhile(lambda at: at >= first.row, reversed(self._captions))
        captions = (self._standing[at] for at in inside)
        of_figure = [one for one in captions if isinstance(one, PlacedCaption) and one.of_figure]
        if len(of_figure) != 1:
            self.settle(first)
            return
        for picture in self._loose[first.loose :]:
            picture.caption = picture.caption or plain(of_figure[0].text)
        del self._loose[first.loose :]
        self._cut(first)
        self._standing.append(_Settled())

    def _cut(self, first: Mark) -> list[_InRow]:
        cut = self._standing[first.row :]
        del self._standing[first.row :]
        for places in (self._pictures, self._captions):
            while places and places[-1] >= first.row:
                places.pop()
        return cut


def plain(parts: list[str]) -> str:
    """Return text as one line."""
    return " ".join("".join(parts).split())[:MOST_CAPTION]


def _given(part: list[_InRow]) -> list[tuple[str, PlacedPicture]]:
    """Say which caption is of which picture: by what stands beside each, or else by their order."""
    row = _joined([one for one in part if not isinstance(one, _OtherText) or one.letters > _MANY_LETTERS])
    captions = [(at, one) for at, one in enumerate(row) if isinstance(one, PlacedCaption)]
    beside = [(plain(one.text), _beside(row, at)) for at, one in captions]
    clear = [(text, pictures[0]) for text, pictures in beside if len(pictures) == 1]
    is_once = len(clear) == len({id(picture) for _, picture in clear})
    if is_once and len(clear) == len(captions):
        return clear
    order = [one for one in row if not isinstance(one, _OtherText)]
    is_story = any(isinstance(one, _OtherText) and one.letters > _STORY_LETTERS for one in row)
    is_after = isinstance(order[-1], PlacedCaption)
    if is_story or is_after == isinstance(order[0], PlacedCaption):
        return clear if is_once else []
    return [
        (plain(caption.text), picture)
        for caption, picture in ((two, one) if is_after else (one, two) for one, two in pairwise(order))
        if isinstance(caption, PlacedCaption) and isinstance(picture, PlacedPicture)
    ]


def _joined(row: list[_InRow]) -> list[_InRow]:
    """Join captions behind each other, as a credit is, where one picture is beside them; of more nobody can tell."""
    joined: list[_InRow] = []
    at = 0
    while at < len(row):
        end = at
        while end < len(row) and isinstance(row[end], PlacedCaption):
            end += 1
        run = [one for one in row[at:end] if isinstance(one, PlacedCaption)]
        if len(run) > 1 and (_are_pictures(row[max(0, at - 2) : at]) or _are_pictures(row[end : end + 2])):
            joined.append(_OtherText(_STORY_LETTERS + 1))
        elif run:
            joined.append(PlacedCaption(False, [part for one in run for part in (*one.text, " ")]))
        else:
            joined.append(row[at])
            end += 1
        at = end
    return joined


def _are_pictures(two: list[_InRow]) -> bool:
    return len(two) == 2 and all(isinstance(one, PlacedPicture) for one in two)


def _beside(row: list[_InRow], at: int) -> list[PlacedPicture]:
    return [one for one in (*row[max(0, at - 1) : at], *row[at + 1 : at + 2]) if isinstance(one, PlacedPicture)]
