"""From the bytes of `essay.md` to a `Telling`: the body, block by block.

ordinary Markdown                      prose; `## Heading` begins a section
photo: FILE ... to the empty line      a photograph (`photo_lines.py`)
::: pair Day and night                 a group: `pair`, `sequence` or `full`, and its title
:::                                    its end
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fifthfloor.errors import BadInput
from fifthfloor.essay import prose
from fifthfloor.essay.faults import Faults
from fifthfloor.essay.front import read_front, split_front
from fifthfloor.essay.photo_lines import field_name, read_photograph
from fifthfloor.essay.story import GROUP_KINDS, Block, Group, GroupKind, Photograph, Prose, Telling

# Half a million words; what is longer is no essay and would only cost time.
MAX_TELLING_BYTES = 4_000_000
FILE_NAME = re.compile(r"essay(?:\.([a-z0-9]+(?:-[a-z0-9]+)*))?\.md")
# Sentences that `essay new` writes for the writer to replace; one that is left says to readers what it says to him.
TEMPLATE = (
    "Write here what the photographs together are about.",
    "An empty line ends a paragraph; `## ` begins a section.",
    "Claim is one of seen, told, believed.",
    "Alt text says what is seen, in",
)
# Pages of the site that are not tellings.
RESERVED = ("index", "side-by-side", "proof")

_FENCE = re.compile(r" {0,3}(```|~~~)")
_GROUP = re.compile(r":::[ \t]*([A-Za-z]*)[ \t]*(.*?)[ \t]*$")


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
    text = _text(file, data)
    toml, body, body_line = split_front(file, text)
    head = read_front(file, toml, faults)
    blocks = _Body(file, body.split("\n"), body_line, faults).read()
    telling = Telling(file, name, head, blocks)
    faults.get(lambda: _check_files(file, telling.photographs, faults), None)
    return telling


def _text(file: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("essay.not_text", file=file, line=data.count(b"\n", 0, error.start) + 1) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for number, line in enumerate(text.split("\n"), start=1):
        if any((ord(c) < 32 and c != "\t") or ord(c) == 127 for c in line):
            raise BadInput("essay.control", file=file, line=number)
    return text


def _check_files(file: str, photographs: Sequence[Photograph], faults: Faults) -> None:
    if not photographs and not faults:
        raise BadInput("essay.no_photographs", file=file)
    seen: dict[str, Photograph] = {}
    for photograph in photographs:
        before = seen.setdefault(photograph.name.casefold(), photograph)
        if before is not photograph:
            raise BadInput("essay.same_name", file=file, line=photograph.line, photo=photograph.name, first=before.line)


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
        self._blocks: list[Block] = []
        self._prose: list[str] = []
        self._prose_at = 0

    def read(self) -> tuple[Block, ...]:
        at = 0
        fence = ""
        while at < len(self._lines):
            line = self._lines[at]
            marker = _FENCE.match(line)
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
        found = prose.forbidden(markdown)
        if found and found[0] == "picture":
            self._faults.add(BadInput("essay.picture_in_text", file=self._file, line=line + found[1]))
        elif found:
            self._faults.add(BadInput("essay.title_in_text", file=self._file, line=line + found[1]))
        for number, text in enumerate(markdown.split("\n")):
            if any(template in text for template in TEMPLATE):
                self._faults.add(BadInput("essay.template", file=self._file, line=line + number, given=text[:60]))
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

    def _group(self, at: int) -> int:
        start = at
        kind, title = self._group_head(at)
        photographs: list[Photograph] = []
        at += 1
        while at < len(self._lines) and not self._lines[at].startswith(":::"):
            if not self._lines[at].strip():
                at += 1
            elif field_name(self._lines[at]) == "photo":
                photograph, at = self._read_photograph(at)
                photographs += [photograph] if photograph is not None else []
            else:
                raise BadInput("essay.prose_in_group", file=self._file, line=self._first + at, kind=kind)
        if at >= len(self._lines) or self._lines[at].strip() != ":::":
            raise BadInput("essay.open_group", file=self._file, line=self._first + start, kind=kind)
        self._faults.get(lambda: self._check_group(kind, start, photographs), None)
        self._blocks.append(Group(kind, title, tuple(photographs), self._first + start))
        return at + 1

    def _group_head(self, at: int) -> tuple[GroupKind, str]:
        found = _GROUP.match(self._lines[at])
        for kind in GROUP_KINDS:
            if found and found[1].casefold() == kind:
                return kind, found[2]  # type: ignore[return-value]  # mypy does not narrow a member of get_args
        given = self._lines[at][:60]
        raise BadInput("essay.group_kind", file=self._file, line=self._first + at, given=given)

    def _check_group(self, kind: GroupKind, start: int, photographs: Sequence[Photograph]) -> None:
        line = self._first + start
        wanted = {"pair": (2, 2), "full": (1, 1), "sequence": (2, 1_000)}[kind]
        if not wanted[0] <= len(photographs) <= wanted[1]:
            raise BadInput(
                "essay.group_count", file=self._file, line=line, kind=kind, count=len(photographs), wanted=wanted[0]
            )
        for photograph in photographs:
            if kind == "pair" and not photograph.label:
                raise BadInput("essay.no_label", file=self._file, line=photograph.line, photo=photograph.file)
