"""What an essay is once it has been read: front matter, prose, photographs, groups (`docs/guide/essay.md`).

Rule 1: nothing here knows a path; a photograph is named by its file inside the essay's folder.
Rule 2: `Notes` are the writer's own and are never published; no template and no exporter takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Claim = Literal["seen", "told", "believed"]
GroupKind = Literal["pair", "sequence", "full"]

CLAIMS: tuple[str, ...] = get_args(Claim)
GROUP_KINDS: tuple[str, ...] = get_args(GroupKind)
WITHHELD = "withheld"

# What a listener can take in at once, and less than which says nothing: the range the IPTC's Alt Text field is used in.
ALT_MIN_CHARACTERS = 125
ALT_MAX_CHARACTERS = 250


@dataclass(frozen=True, slots=True)
class PublishedText:
    """A text that readers will see, as the writer wrote it: its field, its line in the telling's file, its words."""

    field: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """The front matter of a telling.

    Args:
        taken: when, as the writer puts it, or "withheld" (`date` in the file).
        language: a BCP 47 tag; also decides the direction of writing.
        embargo: not published before this day.
        published: the day readers are told; also the feed's.
        outlet: who tells it, for the page that lays tellings side by side.
        credit: for every photograph that names none.
        said: its texts, in the order of the file.
        lines: on which line of the file each field stands that says anything, whether it could be read or not.
    """

    title: str
    standfirst: str
    byline: str
    place: str
    taken: str
    language: str
    licence: str
    embargo: date | None = None
    published: date | None = None
    outlet: str = ""
    credit: str = ""
    said: tuple[PublishedText, ...] = field(default=(), compare=False)
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Correction:
    """What was wrong under a caption, and the day it was put right."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Notes:
    """What the desk must know and the reader must not: never published.

    Args:
        rights: "cleared" or "restricted", with the reason after it; empty means cleared.
        embargo: this photograph is not published before this day.
    """

    consent: str = ""
    risk: str = ""
    rights: str = ""
    embargo: date | None = None

    @property
    def restricted(self) -> bool:
        return self.rights.casefold().startswith("restricted")


@dataclass(frozen=True, slots=True)
class Photograph:
    """One photograph of a telling.

    Args:
        file: its path inside the essay's folder, "/" between names.
        line: of its `photo:` in the telling's file, from 1.
        caption: Markdown of one paragraph.
        alt: what is seen, 125 to 250 characters, plain text.
        language: of the caption and the alt text, where it is not the essay's; else empty.
        label: its name in a pair; else empty.
        said: its texts, in the order of the file, those that are refused among them.
    """

    file: str
    line: int
    kicker: str
    caption: str
    alt: str
    claim: Claim
    credit: str = ""
    place: str = ""
    language: str = ""
    label: str = ""
    corrections: tuple[Correction, ...] = ()
    notes: Notes = field(default_factory=Notes)
    said: tuple[PublishedText, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        return self.file.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Prose:
    """Paragraphs and section headings between photographs, as Markdown."""

    markdown: str
    line: int


@dataclass(frozen=True, slots=True)
class Group:
    """Photographs that belong together: a pair compared, a numbered sequence, one across the full width."""

    kind: GroupKind
    title: str
    photographs: tuple[Photograph, ...]
    line: int


StoryBlock = Prose | Photograph | Group


@dataclass(frozen=True, slots=True)
class Telling:
    """One `essay*.md`, read and checked.

    Args:
        file: its name, `essay.md` or `essay.NAME.md`.
        name: NAME, or empty for `essay.md`.
    """

    file: str
    name: str
    head: Head
    blocks: tuple[StoryBlock, ...]

    @property
    def photographs(self) -> tuple[Photograph, ...]:
        """Every photograph in reading order; the number readers see is its place here, from 1."""
        found: list[Photograph] = []
        for block in self.blocks:
            if isinstance(block, Photograph):
                found.append(block)
            elif isinstance(block, Group):
                found.extend(block.photographs)
        return tuple(found)
