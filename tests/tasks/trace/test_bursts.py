"""Frames of a burst: the one that a copy was made of is named, or it is said that they cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import Image
from tests.trace.scenes import CHANGES, hidden, jpeg, scene, smaller

from fifthfloor.tasks.trace.ingest import add
from fifthfloor.tasks.trace.store import Store
from fifthfloor.tasks.trace.trace import Finder, Traced

SPARE_PX = 12


def frame(number: int, at: tuple[int, int] = (SPARE_PX, SPARE_PX), moved_px: int | None = None) -> Image.Image:
    """Return one of a scene, 900 x 600, with grain of its own, beginning somewhere, and with something that moves."""
    image = scene(7, 900 + 2 * SPARE_PX, 600 + 2 * SPARE_PX)
    if moved_px is not None:
        image.paste(scene(8, 70, 110), (300 + moved_px, 220))
    pixels = np.asarray(image.crop((*at, at[0] + 900, at[1] + 600)), np.float64)
    noisy = pixels + np.random.default_rng(number).normal(0, 4, pixels.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def looked_for(folder: Path, frames: Sequence[Image.Image], copies: Sequence[Image.Image]) -> list[Traced]:
    paths = [folder / f"{number}.jpg" for number in range(len(frames))]
    for path, one in zip(paths, frames, strict=True):
        path.write_bytes(jpeg(one, 92))
    list(add(paths, folder / "ours"))
    with Store(folder / "ours") as store:
        return [Finder(store).find("copy", jpeg(one, 40)) for one in copies]


def told(found: Traced) -> list[int]:
    """Return the frames that a picture is said to be made of; several where they cannot be told apart."""
    return sorted(int(Path(one.places[0]).stem) for one in found.similar[: found.alike])


def test_where_something_moves_the_frame_is_named(tmp_path: Path) -> None:
    frames = [frame(number, moved_px=14 * number) for number in range(4)]
    made_of = {"400 px": 0, "colour": 1, "watermark": 2, "hidden": 3, "half": 1}
    copies = [CHANGES[change](frames[at], Random(3)) for change, at in made_of.items()]
    assert [told(one) for one in looked_for(tmp_path, frames, copies)] == [[at] for at in made_of.values()]


def test_what_moved_and_was_then_hidden_tells_nothing(tmp_path: Path) -> None:
    frames = [frame(number, moved_px=14 * number) for number in range(3)]
    copy = frames[1].copy()
    copy.paste((128, 128, 128), (250, 180, 450, 360))
    (found,) = looked_for(tmp_path, frames, [copy])
    assert told(found) == [0, 1, 2]


def test_where_only_the_grain_differs_they_cannot_be_told_apart(tmp_path: Path) -> None:
    frames = [frame(number) for number in range(3)]
    found = looked_for(tmp_path, frames, [frames[1], smaller(frames[2], 400), hidden(frames[0], Random(1))])
    assert [told(one) for one in found] == [[0, 1, 2]] * 3


def test_a_frame_a_little_beside_is_told_by_its_edges_while_they_are_there(tmp_path: Path) -> None:
    frames = [frame(number, at) for number, at in enumerate([(0, 4), (8, 12), (24, 3)])]
    whole, cut = smaller(frames[1], 640), frames[1].crop((60, 50, 800, 560))
    found = looked_for(tmp_path, frames, [whole, cut])
    assert [told(one) for one in found] == [[1], [0, 1, 2]]


@pytest.mark.parametrize("mirrored", [False, True])
def test_another_scene_in_the_archive_changes_nothing(mirrored: bool, tmp_path: Path) -> None:
    frames = [frame(0, moved_px=0), frame(1, moved_px=30), scene(9, 900, 600)]
    copy = CHANGES["mirror"](frames[1], Random(1)) if mirrored else frames[1]
    (found,) = looked_for(tmp_path, frames, [copy])
    assert told(found) == [1]
