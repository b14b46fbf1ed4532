"""From the bytes of `essay.md` to a `Telling`: the body, block by block.

ordinary Markdown                      prose; `## Heading` begins a section
photo: FILE ... to the empty line      a photograph (`photo_lines.py`)
::: pair Day and night                 a group: `pair`, `sequence` or `full`, and its title
:::                                    its end
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from fifthfloor.errors import BadInput
from fifthfloor.essay import prose
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.front import read_front, split_front
from fifthfloor.essay.labels import Labels, languages
from fifthfloor.essay.photo_lines import field_name, read_photograph
from fifthfloor.essay.story import (
    ALT_MAX_CHARACTERS,
    ALT_MIN_CHARACTERS,
    GROUP_KINDS,
    Group,
    GroupKind,
    Photograph,
    Prose,
    StoryBlock,
    Telling,
)

# Half a million words; what is longer is no essay and would only cost time.
MAX_TELLING_BYTES = 4_000_000
FILE_NAME = re.compile(r"essay(?:\.([a-z0-9]+(?:-[a-z0-9]+)*))?\.md")
# What `essay new` writes for the writer to replace, each in `labels`; what is left says to readers what it says to him.
_TEMPLATE = ("about", "paragraphs", "claim", "alt")
# Pages of the site that are not tellings.
RESERVED = ("index", "side-by-side", "proof")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_CODE_FENCE = re.compile(r" {0,3}(```|~~~)")
_GROUP = re.compile(r":::[ \t]*([A-Za-z]*)[ \t]*(.*?)[ \t]*$")


def template(language: str) -> dict[str, str]:
    """Return the sentences that `essay new` writes for the writer to replace, in the language that the essay names."""
    labels = Labels(language)
    limits = {"least": ALT_MIN_CHARACTERS, "most": ALT_MAX_CHARACTERS}
    return {part: labels.say(f"template_{part}", **limits).replace("|", "") for part in _TEMPLATE}


@cache
def _beginnings() -> tuple[str, ...]:
    """Return how these sentences begin in every language: one of which a half was replaced is known by that."""
    said = (Labels(language).say(f"template_{part}", least=0, most=0) for language in languages() for part in _TEMPLATE)
    return tuple(text.partition("|")[0].casefold() for text in said)


def is_template(text: str) -> bool:
    """Tell whether a line has a sentence that `essay new` wrote for the writer to replace."""
    plain = " ".join(text.split()).casefold()
    return any(beginning in plain for beginning in _beginnings())


def telling_name(file: str) -> str | None:
    """Return NAME of `essay.NAME.md`, empty for `essay.md`, None for what is no telling."""
    found = FILE_NAME.fullmatch(file)
    return (found[1] or "") if found else None


def read_telling(file: str, data: bytes) -> Telling:
    """Read one telling.

    Args:
        file: its name, `essay.md` or `essay.NAME.md`.
        data: its bytes, UTF-8, at most 4 MB.

    Raises:
        BadInput: whatever is wrong, all of it, with file, line and what to write instead.
    """
    faults = Faults()
    try:
        found = read_as_far(file, data, faults)
    except BadInput as error:
        faults.add(error)
    faults.end()
    return found


def read_as_far(file: str, data: bytes, faults: Faults) -> Telling:
    """Read one telling as far as it can be read, for whoever looks at more than the telling.

    Args:
        faults: takes what is wrong.

    Raises:
        BadInput: what makes the whole unreadable.
    """
    name = telling_name(file)
    if name is None or name in RESERVED:
        raise BadInput("essay.telling_name", file=file)
    if len(data) > MAX_TELLING_BYTES:
        raise BadInput("essay.too_long", file=file, size=len(data), most=MAX_TELLING_BYTES)
    text = _text(file, data, faults)
    for number, line in enumerate(text.split("\n"), start=1):
        if is_template(line):
            given = line if len(line) <= 60 else f"{line[:59]}…"
            faults.add(BadInput("essay.template", file=file, line=number, given=given))
    toml, body, body_line = split_front(file, text, faults)
    head = read_front(file, toml, faults)
    blocks = _Body(file, body.split("\n"), body_line, faults).read()
    telling = Telling(file, name, head, blocks)
    _check_files(file, telling.photographs, faults)
    return telling


def _text(file: str, data: bytes, faults: Faults) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(BadInput("essay.not_text", file=file, line=data.count(b"\n", 0, error.start) + 1))
        text = data.decode("utf-8-sig", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        if _CONTROL.search(line):
            faults.add(BadInput("essay.control", file=file, line=number))
    return _CONTROL.sub(" ", text)


def _check_files(file: str, photographs: Sequence[Photograph], faults: Faults) -> None:
    if not photographs and not faults:
        faults.add(BadInput("essay.no_photographs", file=file))
    seen: dict[str, Photograph] = {}
    for photograph in photographs:
        before = seen.setdefault(photograph.name.casefold(), photograph)
        if before is not photograph:
            line, photo, first = photograph.line, photograph.name, before.line
            faults.add(BadInput("essay.same_name", file=file, line=line, photo=photo, first=first))


class _Body:
    """The one walk over a telling's lines.

    Args:
        file: name of the telling, for errors.
        lines: after the front matter.
        first_line: number of `lines[0]` in the file.
    """

    def __init__(self, file: str, lines: Sequence[str], first_line: int, faults: Faults) -> None:
        self._file = file
        self._faults = faults
        self._lines = lines
        self._first = first_line
        self._blocks: list[StoryBlock] = []
        self._prose: list[str] = []
        self._prose_at = 0

    def read(self) -> tuple[StoryBlock, ...]:
        at = 0
        fence = ""
        while at < len(self._lines):
            line = self._lines[at]
            marker = _CODE_FENCE.match(line)
            if marker and (not fence or marker[1] == fence):
                fence = "" if fence else marker[1]
            if fence or marker:
                at = self._take_prose(at)
            elif line.startswith(":::"):
                self._end_prose()
                at = self._group(at)
            elif (key := field_name(line)) and self._begins_a_block(at):
                self._end_prose()
                at = self._photograph(at, key)
            else:
                at = self._take_prose(at)
        self._end_prose()
        return tuple(self._blocks)

    def _begins_a_block(self, at: int) -> bool:
        return field_name(self._lines[at]) == "photo" or at == 0 or not self._lines[at - 1].strip()

    def _take_prose(self, at: int) -> int:
        if not self._prose:
            self._prose_at = at
        self._prose.append(self._lines[at])
        return at + 1

    def _end_prose(self) -> None:
        markdown = "\n".join(self._prose)
        line = self._first + self._prose_at
        self._prose = []
        if not markdown.strip():
            return
        for kind, at in prose.forbidden(markdown):
            if kind == "picture":
                self._faults.add(BadInput("essay.picture_in_text", file=self._file, line=line + at))
            else:
                self._faults.add(BadInput("essay.title_in_text", file=self._file, line=line + at))
        self._blocks.append(Prose(markdown, line))

    def _photograph(self, at: int, key: str) -> int:
        if key != "photo":
            self._faults.add(BadInput("essay.no_photo_line", file=self._file, line=self._first + at, field=key))
            return self._end_of(at)
        photograph, at = self._read_photograph(at)
        if photograph is not None:
            self._blocks.append(photograph)
        return at

    def _end_of(self, at: int) -> int:
        end = at + 1
        while end < len(self._lines) and self._lines[end].strip() and not self._lines[end].startswith(":::"):
            end += 1
        return end

    def _read_photograph(self, at: int) -> tuple[Photograph | None, int]:
        end = self._end_of(at)
        line, lines = self._first + at, self._lines[at:end]
        return self._faults.get(lambda: read_photograph(self._file, line, lines, self._faults), None), end

    def _group(self, start: int) -> int:
        """Read a group; one that has no end is named and its photographs stand alone, so that the rest is read too."""
        kind, title = self._group_head(start)
        end = next((at for at in range(start + 1, len(self._lines)) if self._lines[at].startswith(":::")), start)
        if end == start or self._lines[end].strip() != ":::":
            if kind is not None:
                self._faults.add(BadInput("essay.open_group", file=self._file, line=self._first + start, kind=kind))
            return start + 1
        photographs = self._members(start + 1, end, kind)
        if kind is not None:
            self._check_group(kind, start, photographs)
            self._blocks.append(Group(kind, title, tuple(photographs), self._first + start))
        else:
            self._blocks.extend(photographs)
        return end + 1

    def _members(self, at: int, end: int, kind: GroupKind | None) -> list[Photograph]:
        photographs: list[Photograph] = []
        while at < end:
            if not self._lines[at].strip():
                at += 1
            elif field_name(self._lines[at]) == "photo":
                photograph, at = self._read_photograph(at)
                photographs += [photograph] if photograph is not None else []
            else:
                if kind is not None:
                    line = self._first + at
                    self._faults.add(BadInput("essay.prose_in_group", file=self._file, line=line, kind=kind))
                at = self._end_of(at)
        return photographs

    def _group_head(self, at: int) -> tuple[GroupKind | None, str]:
        found = _GROUP.match(self._lines[at])
        for kind in GROUP_KINDS:
            if found and found[1].casefold() == kind:
                return kind, found[2]  # type: ignore[return-value]  # mypy does not narrow a member of get_args
        given = self._lines[at][:60]
        self._faults.add(BadInput("essay.group_kind", file=self._file, line=self._first + at, given=given))
        return None, ""

    def _check_group(self, kind: GroupKind, start: int, photographs: Sequence[Photograph]) -> None:
        line, count = self._first + start, len(photographs)
        least, most = {"pair": (2, 2), "full": (1, 1), "sequence": (2, 1_000)}[kind]
        if not least <= count <= most:
            file = self._file
            self._faults.add(BadInput("essay.group_count", file=file, line=line, kind=kind, count=count, wanted=least))
        for photograph in photographs:
            if kind == "pair" and not photograph.label:
                line, photo = photograph.line, photograph.file
                self._faults.add(BadInput("essay.no_label", file=self._file, line=line, photo=photo))
