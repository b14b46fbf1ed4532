"""Several tellings of the same photographs, and their captions laid side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from fifthfloor.errors import BadInput
from fifthfloor.essay import prose
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.labels import direction
from fifthfloor.essay.story import Group, Photograph, Telling

_COUNTED_WORD = re.compile(r"\w+(?:[’'-]\w+)*")


@dataclass(frozen=True, slots=True)
class Essay:
    """A folder of tellings.

    Args:
        name: of its folder, as it stands in addresses: small letters, digits, hyphens.
        tellings: the first is the one readers meet; at least one.
    """

    name: str
    tellings: tuple[Telling, ...]

    @property
    def first(self) -> Telling:
        return self.tellings[0]

    def photographs(self) -> dict[str, Photograph]:
        """Every photograph of every telling by its file, each as the first telling that shows it has it."""
        found: dict[str, Photograph] = {}
        for telling in self.tellings:
            for photograph in telling.photographs:
                found.setdefault(photograph.file, photograph)
        return found

    def full(self) -> frozenset[str]:
        """The files of the photographs that stand from edge to edge in any telling."""
        groups = (block for telling in self.tellings for block in telling.blocks if isinstance(block, Group))
        return frozenset(one.file for group in groups if group.kind == "full" for one in group.photographs)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one telling says under one photograph; `caption` is None where it does not show it."""

    outlet: str
    language: str
    caption_language: str
    direction: str
    kicker: str
    caption: Markup | None
    claim: str
    href: str
    number: int
    count: int


def gather(name: str, tellings: Sequence[Telling], faults: Faults | None = None) -> Essay:
    """Make an essay of its tellings: `essay.md` first, the others by name.

    Args:
        faults: takes two photographs of one name that are different files, where more is still to be looked at.

    Raises:
        BadInput: none is there; without `faults`, also two photographs of one name.
    """
    found = Faults() if faults is None else faults
    if not tellings:
        raise BadInput("essay.no_telling", folder=name)
    ordered = tuple(sorted(tellings, key=lambda telling: telling.name))
    by_name: dict[str, tuple[str, Telling, Photograph]] = {}
    for telling in ordered:
        for photograph in telling.photographs:
            file, _, before = by_name.setdefault(photograph.name.casefold(), (photograph.file, telling, photograph))
            if file != photograph.file:
                where, line, other = telling.file, photograph.line, before.file
                error = BadInput("essay.two_of_one_name", file=where, line=line, photo=photograph.file, other=other)
                found.add(error)
    if faults is None:
        found.end()
    return Essay(name, ordered)


def page_of(essay: Essay, telling: Telling) -> str:
    """Return the address of a telling's page: the first is `index.html`."""
    return "index.html" if telling is essay.first else f"{telling.name or 'essay'}.html"


def outlet_of(telling: Telling) -> str:
    return telling.head.outlet or telling.head.title


def cells(essay: Essay, file: str) -> tuple[Cell, ...]:
    """Lay the captions of one photograph side by side, one cell a telling.

    Args:
        file: of the photograph.
    """
    found = {
        telling.file: (number, photograph)
        for telling in essay.tellings
        for number, photograph in enumerate(telling.photographs, start=1)
        if photograph.file == file
    }
    captions = {
        telling.file: _words_of(telling, found[telling.file][1]) for telling in essay.tellings if telling.file in found
    }
    return tuple(_cell(essay, telling, found.get(telling.file), captions) for telling in essay.tellings)


def same_language(essay: Essay) -> bool:
    """Whether any two tellings can be compared word by word."""
    languages = [telling.head.language.casefold() for telling in essay.tellings]
    return len(set(languages)) < len(languages)


def _words_of(telling: Telling, photograph: Photograph) -> tuple[str, str]:
    language = (photograph.language or telling.head.language).casefold()
    return language, f"{photograph.kicker} {prose.plain(photograph.caption)}"


def _cell(
    essay: Essay,
    telling: Telling,
    found: tuple[int, Photograph] | None,
    captions: Mapping[str, tuple[str, str]],
) -> Cell:
    number, photograph = found or (0, None)
    language = (photograph.language if photograph else "") or telling.head.language
    caption, kicker, claim = None, "", ""
    if photograph:
        others = [
            words for file, (other, words) in captions.items() if file != telling.file and other == language.casefold()
        ]
        caption, kicker, claim = marked(prose.plain(photograph.caption), others), photograph.kicker, photograph.claim
    return Cell(
        outlet=outlet_of(telling),
        language=telling.head.language,
        caption_language=language,
        direction=direction(language),
        kicker=kicker,
        caption=caption,
        claim=claim,
        href=f"{page_of(essay, telling)}#p{number}",
        number=number,
        count=len(telling.photographs),
    )


def marked(text: str, others: Sequence[str]) -> Markup:
    """Mark the words of a caption that none of the others has; runs of them together.

    Args:
        text: plain.
        others: captions in the same language; where there is none, nothing is marked.
    """
    parts, at = [], 0
    for start, end in _runs(text, others):
        parts.append(escape(text[at:start]) + Markup("<mark>") + escape(text[start:end]) + Markup("</mark>"))
        at = end
    return Markup("").join((*parts, escape(text[at:])))


def own_words(text: str, others: Sequence[str]) -> list[str]:
    """Return what `marked` marks, run by run."""
    return [text[start:end] for start, end in _runs(text, others)]


def _runs(text: str, others: Sequence[str]) -> list[tuple[int, int]]:
    if not others:
        return []
    known = {word.casefold() for other in others for word in _COUNTED_WORD.findall(other)}
    runs: list[tuple[int, int]] = []
    for found in _COUNTED_WORD.finditer(text):
        if found[0].casefold() in known:
            continue
        if runs and not _COUNTED_WORD.search(text, runs[-1][1], found.start()):
            runs[-1] = (runs[-1][0], found.end())
        else:
            runs.append((found.start(), found.end()))
    return runs
