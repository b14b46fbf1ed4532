"""Deleted photographs in pieces come back whole, and what does not fit is never joined."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.audit.fragmented import CLUSTER_BYTES, card_in_pieces
from tests.audit.made import picture

from fifthfloor.audit import rejoin
from fifthfloor.errors import BadInput
from fifthfloor.jpeg import following
from fifthfloor.tasks.search.recover import Recovery, recover

pytestmark = [pytest.mark.judge("mkfs.fat", "mcopy", "mdel")]


def photographs(count: int, first: int = 1) -> dict[str, bytes]:
    return {f"IMG_{number:04}.JPG": picture(number, 1600, 1200) for number in range(first, first + count)}


def noise(length: int) -> bytes:
    """What a film's coded data looks like: noise that never holds a start of a photograph."""
    return random.Random(length).randbytes(length)


def whole_ones(recovery: Recovery) -> set[bytes]:
    return {file.path.read_bytes() for file in recovery.files if file.whole and file.path.suffix.lower() == ".jpg"}


@pytest.mark.parametrize("gaps", [(7,), (3, 40)], ids=["two pieces", "three pieces"])
def test_photographs_in_pieces_come_back_byte_for_byte(tmp_path: Path, gaps: tuple[int, ...]) -> None:
    made = photographs(2)
    recovery = recover(card_in_pieces(tmp_path, made, gaps, between=noise), tmp_path / "out")
    assert whole_ones(recovery) == set(made.values())


def test_of_many_pieces_most_come_back_and_none_is_wrong(tmp_path: Path) -> None:
    """A film written beside the stills: five pieces each. What is not sure stays partial."""
    made = photographs(3, 3)
    found = whole_ones(recover(card_in_pieces(tmp_path, made, (5, 2, 9, 4), between=noise), tmp_path / "out"))
    assert len(found) >= 2
    assert found <= set(made.values())


def test_the_end_of_another_photograph_is_not_joined(tmp_path: Path) -> None:
    """Between the pieces lies what is left of a picture with the same tables: its code is valid, and it has an end."""
    other = picture(99, 1600, 1200)
    tail = other[len(other) // 2 // CLUSTER_BYTES * CLUSTER_BYTES :]

    def between(length: int) -> bytes:
        return tail.ljust(length, b"\1")[-length:] if length >= len(tail) else tail

    made = photographs(2)
    recovery = recover(
        card_in_pieces(tmp_path, made, (-(-len(tail) // CLUSTER_BYTES),), between=between), tmp_path / "o"
    )
    assert whole_ones(recovery) == set(made.values())


def test_a_photograph_whose_second_piece_is_gone_stays_partial(tmp_path: Path) -> None:
    made = photographs(1)
    image = card_in_pieces(tmp_path, made, (6,), between=noise)
    data = bytearray(image.read_bytes())
    for photograph in made.values():
        at = data.find(photograph[-6000:-4000])
        start = at // CLUSTER_BYTES * CLUSTER_BYTES
        data[start : start + 2 * CLUSTER_BYTES] = random.Random(at).randbytes(2 * CLUSTER_BYTES)
    image.write_bytes(data)
    recovery = recover(image, tmp_path / "out")
    assert recovery.files
    assert not whole_ones(recovery)


def test_the_base_install_brings_back_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> None:
        raise BadInput("jpeg.no_numba")

    monkeypatch.setattr(following, "kernels", none)
    made = photographs(2)
    recovery = recover(card_in_pieces(tmp_path, made, (6,), between=noise), tmp_path / "out")
    assert sum(not file.whole for file in recovery.files) == 2


def test_a_card_full_of_remains_is_tried_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left to try is shared by all photographs of a card; when it is used up, they stay as they were carved."""
    monkeypatch.setattr(rejoin, "ALL_STEPS", 60)
    made = photographs(2)
    recovery = recover(card_in_pieces(tmp_path, made, (6,), between=noise), tmp_path / "out")
    assert sum(not file.whole for file in recovery.files) == 2
