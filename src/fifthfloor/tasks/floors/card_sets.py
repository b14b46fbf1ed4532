"""Sets of cards with a name, in a file of the person's choosing: `--in @/media/stick/cards` instead of three devices.

The file says of whoever carries it that these cards belong together, so it belongs where the program does: on the
stick, and never in the home folder. `audit` knows it. It holds no secret and no name of this program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from fifthfloor.errors import BadInput, reason_of
from fifthfloor.files import read_head

FIRST_LINE = "# cards"
_MOST_LIST_BYTES = 64 << 10
_SET_LINE = re.compile(r"(?P<name>[^\s:#@][^:]{0,60}?)\s*:\s*(?P<cards>.+)")


def expanded(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Put the cards of a set where it was named: `@FILE`, or `@FILE:NAME` where a file has several sets.

    Raises:
        BadInput: the file is no list of cards, or has no such set.
    """
    return tuple(card for path in paths for card in (_set(str(path)[1:]) if str(path).startswith("@") else [path]))


def written(name: str, cards: Sequence[Path]) -> str:
    """Return a file with one set, for whoever wants to write it. Counterpart: `expanded`."""
    return f"{FIRST_LINE}\n{name}: {', '.join(map(str, cards))}\n"


def _set(given: str) -> list[Path]:
    file, name = given, None
    # A drive letter has a colon too; what is behind the last one is a name only where no file is called so.
    if not Path(given).is_file() and ":" in given:
        file, _, name = given.rpartition(":")
    sets = _read(Path(file))
    if name is None and len(sets) == 1:
        return next(iter(sets.values()))
    if name is None or name not in sets:
        raise BadInput("sets.which", path=file, name=name or "-", names=", ".join(sets) or "-")
    return sets[name]


def _read(file: Path) -> dict[str, list[Path]]:
    try:
        text = read_head(file, _MOST_LIST_BYTES + 1).decode("utf-8-sig")
    except OSError as error:
        raise BadInput("sets.unreadable", path=str(file), reason=reason_of(error)) from error
    except UnicodeDecodeError as error:
        raise BadInput("sets.malformed", path=str(file), line=1) from error
    lines = [line.strip() for line in text.splitlines()]
    if len(text) > _MOST_LIST_BYTES or not lines or lines[0] != FIRST_LINE:
        raise BadInput("sets.malformed", path=str(file), line=1)
    sets: dict[str, list[Path]] = {}
    for number, line in enumerate(lines, start=1):
        if not line or line.startswith("#"):
            continue
        match = _SET_LINE.fullmatch(line)
        cards = [card for part in match["cards"].split(",") if (card := part.strip())] if match else []
        if match is None or not cards or match["name"] in sets:
            raise BadInput("sets.malformed", path=str(file), line=number)
        # A path that is not whole begins where the file lies: images beside it, wherever the stick is mounted.
        sets[match["name"]] = [file.parent / card for card in cards]
    return sets
