"""Two photographs of a telling made a pair, and a pair taken apart; all else of the text stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from fifthfloor.errors import BadInput
from fifthfloor.essay.pieces import TextPiece, pieces_of, with_value

PairState = Literal["can", "is", "no"]
_END_OF_PAIR = ":::"
_PAIR_HEAD = "::: pair"


def states_of(pieces: Sequence[TextPiece]) -> tuple[PairState, ...]:
    """Say of each photograph whether it and the next one are a pair, can be made one, or neither."""
    return tuple(_state(pieces, number) for number in range(sum(piece.kind == "photo" for piece in pieces)))


def title_of(pieces: Sequence[TextPiece], number: int) -> str:
    """Return the title of the pair that a photograph is the first of; empty where it is of none."""
    head = _head_of(pieces, _places(pieces, number)[0])
    return "" if head is None else pieces[head].text.strip()[len(_PAIR_HEAD) :].strip()


def paired(pieces: Sequence[TextPiece], number: int, title: str, labels: tuple[str, str]) -> tuple[TextPiece, ...]:
    """Return pieces in which a photograph and the next one are a pair; of one that is a pair, title and labels change.

    Args:
        number: of the first, from 0.
        title: of the pair; may be empty.
        labels: a word or two for each.

    Raises:
        BadInput: there is text between them, one is in a group, or a text holds what no text may.
    """
    state = _state(pieces, number)
    if state == "no":
        raise BadInput("writing.no_pair")
    head = " ".join(f"{_PAIR_HEAD} {title}".split())
    if any(ord(c) < 32 or ord(c) == 127 for c in head):
        raise BadInput("writing.control", field="title")
    first, second = _places(pieces, number)
    made = list(pieces)
    for place, label in zip((first, second), labels, strict=True):
        made[place] = with_value(made[place], "label", label)
        if not made[place].text.endswith("\n"):
            made[place] = TextPiece("photo", made[place].text + "\n")
    if state == "is":
        made[_head_of(pieces, first) or 0] = TextPiece("group", head + "\n")
    else:
        made[second + 1 : second + 1] = [TextPiece("group", _END_OF_PAIR + "\n")]
        made[first:first] = [TextPiece("group", head + "\n")]
    return pieces_of("".join(piece.text for piece in made))


def parted(pieces: Sequence[TextPiece], number: int) -> tuple[TextPiece, ...]:
    """Return pieces in which two photographs are a pair no longer. Raises BadInput where they are none."""
    if _state(pieces, number) != "is":
        raise BadInput("writing.no_pair")
    first, second = _places(pieces, number)
    end = next(place for place in range(second + 1, len(pieces)) if pieces[place].kind == "group")
    gone = {_head_of(pieces, first), end}
    return pieces_of("".join(piece.text for place, piece in enumerate(pieces) if place not in gone))


def _state(pieces: Sequence[TextPiece], number: int) -> PairState:
    places = [place for place, piece in enumerate(pieces) if piece.kind == "photo"]
    if not 0 <= number < len(places) - 1:
        return "no"
    first, second = places[number], places[number + 1]
    if any(piece.kind != "empty" for piece in pieces[first + 1 : second]):
        return "no"
    head = _group_at(pieces, first)
    if head is None:
        return "can" if _group_at(pieces, second) is None else "no"
    return "is" if _head_of(pieces, first) is not None else "no"


def _group_at(pieces: Sequence[TextPiece], place: int) -> int | None:
    """Return the line that opens the group of a piece; None where it is in none."""
    for at in range(place - 1, -1, -1):
        if pieces[at].kind == "group":
            return None if pieces[at].text.strip() == _END_OF_PAIR else at
    return None


def _head_of(pieces: Sequence[TextPiece], first: int) -> int | None:
    """Return the line that opens the pair of which a photograph is the first; None where it is the first of none."""
    head = _group_at(pieces, first)
    if head is None or pieces[head].text.split()[:2] != _PAIR_HEAD.split():
        return None
    return head if all(piece.kind != "photo" for piece in pieces[head:first]) else None


def _places(pieces: Sequence[TextPiece], number: int) -> tuple[int, int]:
    places = [place for place, piece in enumerate(pieces) if piece.kind == "photo"]
    if not 0 <= number < len(places) - 1:
        raise BadInput("writing.no_photo")
    return places[number], places[number + 1]
