"""What a person writes after `--only`: names, ranges and patterns of frames, understood whole or refused.

Rule 1: what is taken may be removed, so a word that fits nothing, or not wholly, is an error and never a guess.
Rule 2: a frame is taken whole (JPEG, raw, sidecars), whichever of its files a word names; an ending must be there.
Rule 3: of a range, what is not on the card is named, because a person who counts to ten expects ten.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path, PurePosixPath

from fifthfloor.errors import BadInput
from fifthfloor.files import read_whole
from fifthfloor.metadata.naming import set_folder
from fifthfloor.tasks.floors.frame_names import joined, runs_of
from fifthfloor.tasks.floors.releases import Frame
from fifthfloor.tasks.picking_list import decoded

_COMMENT = re.compile(r"(?:^|\s)#")
_SPACED_DASH = re.compile(r"\s+(-|–|—|\.\.)\s+")
_SEPARATOR = re.compile(r"\.\.\.?|-|–|—|…")
_NUMBERED_NAME = re.compile(r"(?P<letters>.*?)(?P<number>[0-9]+)(?P<ending>\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,10})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What some camera might have called a frame: not a day, and no word of a person's language.
_LIKE_A_NAME = re.compile(
    r"(?:[^/]*[A-Za-z][^/]*/)*(?=[^./]*[A-Za-z_]|[0-9]+$)[A-Za-z0-9_-]*[0-9](?:\.[A-Za-z0-9]{1,10}){0,2}"
)
_MAX_SELECTION_BYTES = 64 << 20  # more names than any card has files
_MOST_IN_A_RANGE = 100_000  # a mistyped range is an error and not a million names


@dataclass(frozen=True, slots=True)
class Selection:
    """Frames that were chosen, and what was asked for beside them and is not there.

    Args:
        frames: in the order of the card.
        absent: numbers of the ranges that no frame has, by how each is written as a name, e.g. "IMG_{:04d}".
    """

    frames: tuple[Frame, ...]
    absent: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[str, ...]:
        """Their names, each once, e.g. "IMG_0803" or "IMG_0805 to IMG_0807"."""
        return tuple(name for form, numbers in self.absent.items() for name in joined(numbers, form.format))

    @property
    def missing_frames(self) -> tuple[int, ...]:
        """How many frames each of these names stands for."""
        return tuple(len(run) for numbers in self.absent.values() for run in runs_of(numbers))


def choose(frames: Sequence[Frame], wanted: str, today: date | None = None) -> Selection:
    """Choose frames by what a person wrote after `--only`.

    Args:
        frames: of the card, or of all cards of one camera.
        wanted: words separated by commas or white space, or the path of a file of them (one a line, # begins a
            comment), such as `audit --pick` writes. A word is a name (`IMG_0819`, `img_0819.jpg`), a path on the card,
            a range (`IMG_0801-0810`, `IMG_0801.JPG-IMG_0810.JPG`, `img_0801..img_0810`, `801-810`), a number, a
            pattern (`IMG_08*`, `*.NEF`), a day (`2026-05-03`), `today`, or `all`.
        today: the day that `today` means; the computer's where it is not given.

    Raises:
        BadInput: a word is not understood, fits no frame, or nothing is asked for.
    """
    words = _words(frames, wanted)
    if not words:
        raise BadInput("frames.nothing_asked", count=len(frames))
    chosen: set[Frame] = set()
    absent: dict[str, set[int]] = {}
    for word in words:
        found = _understood(frames, word, today or date.today())
        chosen.update(found.frames)
        for form, numbers in found.absent.items():
            absent.setdefault(form, set()).update(numbers)
    ordered = {form: sorted(numbers) for form, numbers in absent.items()}
    return Selection(tuple(frame for frame in frames if frame in chosen), ordered)


def _words(frames: Sequence[Frame], wanted: str) -> list[str]:
    path = Path(wanted)
    try:
        # Whoever stands in a folder of the same photographs names a frame, and not the file that lies there.
        if path.is_file() and not _named(frames, wanted):
            written = read_whole(path, _MAX_SELECTION_BYTES).removeprefix(codecs.BOM_UTF8)  # as Notepad begins a file
            lines = [_line(frames, raw.rstrip(b"\r")) for raw in written.split(b"\n")]
            # A picking list may hold paths with spaces at their ends, or a # in them: a line that names is no comment.
            words = [line if _named(frames, line) else _COMMENT.split(line, maxsplit=1)[0].strip() for line in lines]
            return [word for word in words if word.strip()]
    except (OSError, ValueError) as error:
        raise BadInput("frames.list_unreadable", path=wanted) from error
    return [word for word in re.split(r"[,\s]+", _SPACED_DASH.sub(r"\1", wanted)) if word]


def _line(frames: Sequence[Frame], raw: bytes) -> str:
    """Read a line of a list; bytes that are no text are a name that such a list holds, or the file is no list."""
    line = decoded(raw)
    if any("\udc80" <= letter <= "\udcff" for letter in line) and not _named(frames, line):
        raise ValueError(line)
    return line


def _understood(frames: Sequence[Frame], word: str, today: date) -> Selection:
    """Say what one word means; the first reading that fits some frame."""
    if named := _named(frames, word):
        return Selection(tuple(named))
    low = word.lower()
    if low == "all":
        return _some(frames, word, lambda _frame: True)
    if low == "today" or _DAY.fullmatch(word):
        return _of_day(frames, today.isoformat() if low == "today" else word)
    if "*" in word or "?" in word:
        pattern = re.compile("".join(_WILD.get(sign, re.escape(sign)) for sign in word.upper()))
        return _some(frames, word, lambda frame: any(pattern.fullmatch(name) for name in _names(frame)))
    if "/" not in word and (ends := _ends(word)):
        return _range(frames, word, *ends)
    if word.isdecimal() and word.isascii():
        return _some(frames, word, lambda frame: _meant(frame, len(word)) == int(word))
    raise _refusal(frames, word)


_WILD = {"*": "[^/]*", "?": "[^/]"}


def _names(frame: Frame) -> list[str]:
    """Return all that a pattern may fit: the name, with and without endings and folder, in capitals."""
    paths = [f"{frame.folder}/{frame.stem}".upper(), *(file.path.upper() for file in frame.files)]
    return [*paths, *(_base(path) for path in paths if not set_folder(path) or path == paths[0])]


def _named(frames: Sequence[Frame], word: str) -> list[Frame]:
    """Return the frames that a name or path names whole; with an ending, only those that have this very file."""
    path = PurePosixPath(word)
    name, folder = path.name.upper(), str(path.parent).upper() if len(path.parts) > 1 else None
    here = [frame for frame in frames if folder is None or folder in _folders(frame)]
    if not here and folder:  # as the frames of two folders are told apart (`frame_names.named`)
        here = [frame for frame in frames if any(one.endswith(f"/{folder}") for one in _folders(frame))]
    if "." not in name:
        return [frame for frame in here if name == frame.stem or name in frame.stems]
    holding = [frame for frame in here if any(_is_called(file.path, name, folder) for file in frame.files)]
    # The other slot of a camera may hold the raw of this very release: half a frame must not stay behind.
    places = {(frame.folder, frame.stem) for frame in holding}
    return [f for f in here if f in holding or (f.alone and (f.folder, f.stem) in places)]


def _folders(frame: Frame) -> set[str]:
    """The folders its files lie in, in capitals: thumbnails of a recording may have one of their own."""
    paths = {path for file in frame.files for path in (file.path, set_folder(file.path) or file.path)}
    return {frame.folder.upper(), *(str(PurePosixPath(path).parent).upper() for path in paths)}


def _is_called(path: str, name: str, folder: str | None) -> bool:
    """Whether a word names this file; a picture of a panorama only with its folder, as all have a DJI_0001.JPG."""
    if _base(path) != name or not set_folder(path):
        return _base(path) == name
    return folder is not None and f"/{path.rpartition('/')[0]}".upper().endswith(f"/{folder}")


def _base(path: str) -> str:
    return path.rpartition("/")[2].upper()


def _some(frames: Sequence[Frame], word: str, fits: Callable[[Frame], bool]) -> Selection:
    found = tuple(frame for frame in frames if fits(frame))
    if not found:
        raise BadInput("frames.not_there", name=word, count=len(frames))
    return Selection(found)


def _of_day(frames: Sequence[Frame], day: str) -> Selection:
    found = tuple(frame for frame in frames if frame.taken and frame.taken.date().isoformat() == day)
    if not found:
        days = [frame.taken.date().isoformat() for frame in frames if frame.taken]
        # A camera's clock is often not set, or set to home: the day it believes in is said, and can be typed.
        raise BadInput("frames.not_that_day", day=day, newest=max(days, default="-"), count=len(frames))
    return Selection(found)


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a range: letters in capitals, a number and how many digits it has, an ending or none."""

    letters: str
    number: int
    digits: int
    ending: str


def _ends(word: str) -> tuple[_End, _End] | None:
    """Cut a range in two; None where no cut leaves two names of one kind. Names may hold dashes themselves."""
    for cut in _SEPARATOR.finditer(word):
        first, last = _end(word[: cut.start()]), _end(word[cut.end() :])
        if first and last and last.letters in ("", first.letters):
            return first, last
    return None


def _end(text: str) -> _End | None:
    match = _NUMBERED_NAME.fullmatch(text)
    if match is None:
        return None
    number = match["number"]
    return _End(match["letters"].upper(), int(number), len(number), (match["ending"] or "").upper())


def _range(frames: Sequence[Frame], word: str, first: _End, last: _End) -> Selection:
    if last.number < first.number or last.number - first.number > _MOST_IN_A_RANGE:
        raise BadInput("frames.bad_range", name=word)
    if first.ending and last.ending and first.ending != last.ending:
        raise BadInput("frames.two_endings", name=word, first=first.ending[1:], last=last.ending[1:])
    ending = first.ending or last.ending
    found = _between(frames, first, last, ending)
    if not found:
        raise _range_refusal(frames, word, first, last, ending)
    absent = [number for number in range(first.number, last.number + 1) if number not in found]
    digits = first.digits if first.letters else max(4, first.digits)
    # With an ending asked for, a frame may be there without it, and must not be called missing.
    letters = first.letters.replace("{", "{{").replace("}", "}}")
    form = f"{letters}{{:0{digits}d}}{ending}"
    return Selection(tuple(frame for row in found.values() for frame in row), {form: absent} if absent else {})


def _meant(frame: Frame, digits: int) -> int | None:
    """Return the number that may be meant by so many digits: up to four are those the camera shows."""
    return frame.number if digits <= 4 else frame.typed_number


def _between(frames: Sequence[Frame], first: _End, last: _End, ending: str) -> dict[int, list[Frame]]:
    """Return the frames of a range, by their numbers."""
    found: dict[int, list[Frame]] = {}
    for frame in frames:
        number = frame.typed_number if first.letters else _meant(frame, max(first.digits, last.digits))
        if number is not None and first.number <= number <= last.number and _fits(frame, first, ending):
            found.setdefault(number, []).append(frame)
    return found


def _range_refusal(frames: Sequence[Frame], word: str, first: _End, last: _End, ending: str) -> BadInput:
    """Say why a range holds no frame: only the ending is another one, it is a span of days, or none is there."""
    same = [frame for row in _between(frames, first, last, "").values() for frame in row]
    if same:
        there = _endings(same)
        stem = word.upper().replace(ending, "")
        return BadInput("frames.other_ending", name=word, ending=ending[1:], stem=stem, there=there)
    if first.letters and not re.search("[A-Z_]", first.letters):
        return BadInput("frames.bad_range", name=word)
    return BadInput("frames.not_there", name=word, count=len(frames))


def _endings(frames: Sequence[Frame]) -> str:
    return ", ".join(sorted({_base(file.path).partition(".")[2] for frame in frames for file in frame.files}))


def _fits(frame: Frame, first: _End, ending: str) -> bool:
    """Say whether a frame has the letters of a range and a file with its ending; 801-810 has neither."""
    number = frame.stem.removeprefix(first.letters)
    if first.letters and (number == frame.stem or not number.isdecimal()):
        return False
    return not ending or any(_base(file.path).endswith(ending) for file in frame.files)


def _refusal(frames: Sequence[Frame], word: str) -> BadInput:
    """Say what is wrong with a word: its ending, that it is none of what can be written, or that it is not there."""
    base = word.rpartition("/")[2]
    stem, dot, ending = base.partition(".")
    same = [frame for frame in frames if frame.stem == stem.upper()]
    if dot and same and "/" not in word:
        return BadInput("frames.other_ending", name=word, ending=ending, stem=stem.upper(), there=_endings(same))
    separated = _SEPARATOR.search(base) and not any(frame.stem == base.upper() for frame in frames)
    if separated or not _LIKE_A_NAME.fullmatch(word):
        return BadInput("frames.bad_range", name=word)
    return BadInput("frames.not_there", name=word, count=len(frames))
