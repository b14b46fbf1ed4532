"""Deleted photographs in pieces come back whole, and what does not fit is never joined."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image
from tests.audit.fragmented import CLUSTER_BYTES, card_in_pieces
from tests.audit.made import exif, picture, segment
from tests.cards.cards_made import bend
from tests.cards.exfat_builder import ExfatBuilder

from fifthfloor.audit import rejoin
from fifthfloor.audit.thumbnail_witness import contradicts, witness_of
from fifthfloor.errors import BadInput
from fifthfloor.jpeg import following
from fifthfloor.jpeg.following import Scanned
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


def shown(seed: int, **how: int) -> bytes:
    """A photograph with its own thumbnail, and a restart marker behind each row, as some cameras write."""
    full = Image.open(io.BytesIO(picture(seed, 1600, 1200)))
    small, out = io.BytesIO(), io.BytesIO()
    full.resize((160, 120)).save(small, "JPEG")
    full.save(out, "JPEG", quality=92, restart_marker_rows=1, **how)
    return out.getvalue()[:2] + segment(0xE1, exif(thumbnail=small.getvalue())) + out.getvalue()[2:]


def row_at(data: bytes, row: int) -> int:
    """Where the scan's row begins, behind its restart marker."""
    scan = data.rindex(b"\xff\xda")
    marks = list(re.finditer(rb"\xff[\xd0-\xd7]", data[scan:]))
    return scan + marks[row - 1].end()


def alone(path: Path, *files: bytes) -> Path:
    """A card on which nothing but these files is left in free space."""
    builder = ExfatBuilder(path, 24 << 20, cluster_bytes=32768)
    builder.finish()
    for number, data in enumerate(files):
        bend(builder.path, builder.place(100 + 60 * number), data)
    return builder.path


def test_the_tail_of_another_photograph_of_the_same_camera_is_not_whole(tmp_path: Path) -> None:
    """Every code fits, every marker is in turn, every MCU is there: only the thumbnail knows better."""
    one, other = shown(1), shown(2)
    joined = one[: row_at(one, 40)] + other[row_at(other, 40) :]
    found = recover(alone(tmp_path / "c.img", joined, one, other), tmp_path / "out").files
    assert [file.whole for file in found] == [False, True, True]


def test_a_photograph_that_ends_too_early_is_not_whole(tmp_path: Path) -> None:
    """The end mark is another picture's, whose head is gone."""
    one, other = picture(1, 1600, 1200), picture(2, 800, 600)
    joined = one[: len(one) // 2] + other[len(other) // 2 :]
    (found,) = recover(alone(tmp_path / "c.img", joined), tmp_path / "out").files
    assert not found.whole


def test_a_head_that_was_cut_before_its_scan_is_put_together(tmp_path: Path) -> None:
    """The next segment begins where the last one says; between them is the cut, and more than one place is none."""
    made = shown(5)
    at = 4 + int.from_bytes(made[4:6], "big")
    blocks = b"".join(segment(0xE2, b"FPXR" + noise(3000 + n)[:3000]) for n in range(12))
    made = made[:at] + blocks + made[at:]
    builder = ExfatBuilder(tmp_path / "c.img", 24 << 20, cluster_bytes=CLUSTER_BYTES)
    builder.finish()
    cut = at // CLUSTER_BYTES + 4
    bend(builder.path, builder.place(100), made[: cut * CLUSTER_BYTES] + noise(7 * CLUSTER_BYTES))
    bend(builder.path, builder.place(100 + cut + 7), made[cut * CLUSTER_BYTES :])
    (found,) = recover(builder.path, tmp_path / "out").files
    assert found.whole
    assert found.path.read_bytes() == made


@pytest.mark.parametrize(
    "small", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xd9", picture(9, 16, 16), picture(9, 1600, 1200)]
)
def test_a_thumbnail_that_says_nothing_is_no_witness(small: bytes) -> None:
    witness = witness_of(small)
    if witness is not None:
        full = Scanned(data := picture(3, 640, 480))
        full.step(full.beginning, data[full.start_bytes :])
        assert not contradicts(witness, full)


def test_what_a_camera_writes_behind_the_end_mark_comes_back_with_the_pieces(tmp_path: Path) -> None:
    made = {name: data + b"maker's block" * 300 for name, data in photographs(2).items()}
    recovery = recover(card_in_pieces(tmp_path, made, (7,), between=noise), tmp_path / "out")
    assert whole_ones(recovery) == set(made.values())


def test_clusters_behind_a_picture_that_nothing_tells_of_are_not_called_its_own(tmp_path: Path) -> None:
    """The picture is whole before the cut; what its camera wrote behind it lies elsewhere, and has no form."""
    made = {"IMG_0001.JPG": picture(1, 640, 480) + noise(400_000)}
    (found,) = recover(card_in_pieces(tmp_path, made, (7,), between=noise), tmp_path / "out").files
    assert found.length_bytes == len(made["IMG_0001.JPG"])
    assert not found.whole


def test_trying_pieces_has_a_bar_of_its_own(tmp_path: Path) -> None:
    steps: dict[str, list[int]] = {}

    @contextmanager
    def progress(key: str, total: int) -> Iterator[Callable[[int], None]]:
        steps[key] = [total]
        yield steps[key].append

    recover(card_in_pieces(tmp_path, photographs(1), (6,), between=noise), tmp_path / "out", progress=progress)
    assert list(steps) == ["audit.reading", "recover.pieces"]
    assert all(total == sum(done) > 0 for total, *done in steps.values())
    assert 0 in steps["recover.pieces"]  # while clusters are tried: a stop is heard
