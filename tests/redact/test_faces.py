"""The finder finds drawn faces, large and small, at the seams of tiles and at the edges, and says where."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from tests.outside import kernel_refused
from tests.redact.drawn import WALL, pixels, scene

from fifthfloor.redact import faces
from fifthfloor.redact.faces import Face, find_faces, head_box
from fifthfloor.redact.networks import network


def over(found: tuple[Face, ...], left: int, top: int, size: int) -> list[Face]:
    """Return finds around the middle of a drawn face; its square is 4/3 of its height."""
    square = size * 4 / 3
    x, y = left + square / 2, top + square * 0.51
    return [face for face in found if face.left_px < x < face.right_px and face.top_px < y < face.bottom_px]


@pytest.mark.parametrize("size", [16, 24, 40, 90, 220])
def test_a_drawn_face_is_found_at_its_place_and_size(size: int) -> None:
    picture = scene(640, 480, faces=((200, 100, size),))
    found = over(find_faces(pixels(picture)), 200, 100, size)
    assert len(found) == 1
    assert 0.5 * size < found[0].height_px < 1.4 * size


def test_a_face_on_the_seam_of_two_tiles_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "TILE_PX", 256)
    monkeypatch.setattr(faces, "OVERLAP_PX", 96)
    for left in range(130, 230, 20):
        picture = scene(480, 200, faces=((left, 60, 40),))
        assert over(find_faces(pixels(picture)), left, 60, 40), left


def test_two_faces_side_by_side_are_two() -> None:
    picture = scene(480, 320, faces=((100, 100, 60), (165, 100, 60)))
    found = find_faces(pixels(picture))
    assert len(found) == 2


def test_an_uncertain_find_under_a_sure_head_is_not_said_twice() -> None:
    sure, aside, other = [100, 100, 140, 150, 0.9, 0], [112, 104, 150, 152, 0.1, 0], [300, 100, 340, 150, 0.1, 0]
    kept = faces._not_hidden_already(np.array([sure, aside, other], np.float32))
    assert kept[:, 0].tolist() == [100, 300]


def test_only_what_may_be_a_face_is_looked_at_a_third_time(monkeypatch: pytest.MonkeyPatch) -> None:
    third: list[int] = []

    def alone(_: object, boxes: np.ndarray, changed: faces.Change) -> np.ndarray:
        if changed is faces._evened:
            third.append(len(boxes))
            return np.full(len(boxes), 0.9, np.float32)
        return np.full(len(boxes), 0.01, np.float32)

    monkeypatch.setattr(faces, "_look_alone", alone)
    boxes = np.array([[0, 0, 9, 9, 0.02], [0, 0, 9, 9, 0.2]], np.float32)
    low = np.full(1, 0.01, np.float32)
    stones, shaded = faces._looked_again(np.zeros((10, 10, 3), np.uint8), boxes)
    assert third == [1]
    assert stones == faces._agreed(boxes[:1, 4], low)[0]
    assert shaded > faces._agreed(boxes[1:, 4], low)[0]


def test_light_is_evened_out_in_the_middle_and_colours_stay() -> None:
    crop = np.full((3, 96, 96), 250, np.float32)
    crop[:, 24:72, 24:72] = np.linspace(8, 30, 48)[None, None, :] * np.array([1.2, 1, 0.8])[:, None, None]
    evened = faces._evened(crop)
    middle = evened[:, 24:72, 24:72]
    assert middle.mean(axis=0).min() < 20
    assert middle.mean(axis=0).max() > 200
    assert np.allclose(middle[0, :, :24] / middle[2, :, :24], 1.5, atol=0.05)
    assert np.isfinite(faces._evened(np.zeros((3, 96, 96), np.float32))).all()


def test_a_wall_has_no_sure_face() -> None:
    assert not find_faces(pixels(scene(640, 480, faces=())), faces.SURE)


def test_a_candidate_larger_than_the_photograph_is_looked_at_like_any_other() -> None:
    # Pillow refuses to lay out more than 179 million pixels, and warns of half as many; warnings are errors here.
    photograph = scene(600, 400)
    for box in ([-30_000, -9_000, 30_000, 9_000, 0.1], [590, 390, 9_000, 9_000, 0.1], [-900, -900, -90, -90, 0.1]):
        assert faces._crop(pixels(photograph), np.array(box, np.float32)).shape == (3, 96, 96)


@pytest.mark.parametrize("box", [(200, 100, 290, 190), (-20, 60, 120, 200), (440, 250, 640, 450)])
def test_a_candidate_at_the_edge_has_black_beyond_it(box: tuple[int, int, int, int]) -> None:
    photograph = scene(600, 400)
    half = (box[2] - box[0]) * 96 / 40 / 2
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    around = (round(x - half), round(y - half), round(x + half), round(y + half))
    wanted = np.asarray(photograph.crop(around).resize((96, 96), Image.Resampling.BOX), float)
    made = faces._crop(pixels(photograph), np.array([*box, 0.1], np.float32)).transpose(1, 2, 0)
    inner = np.abs(made - wanted)[(wanted > 0).all(axis=2)]
    assert np.quantile(inner, 0.9) < 12
    black = (wanted == 0).all(axis=2)
    assert (made[black] == 0).mean() > 0.95 if black.any() else np.array_equal(made, wanted)


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (31, 33)])
def test_any_size_is_looked_at(shape: tuple[int, int]) -> None:
    grey = np.full((*shape, 3), WALL, np.uint8)
    for face in find_faces(grey, 0):
        assert 0 <= face.left_px < face.right_px <= shape[1]
        assert 0 <= face.top_px < face.bottom_px <= shape[0]


def test_noise_is_answered_within_bounds() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    assert len(find_faces(noise, 0)) <= faces.MAX_CANDIDATES


@pytest.mark.parametrize("bad", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((4, 4, 4), np.uint8)])
def test_other_than_pixels_is_our_own_mistake(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="pixels"):
        find_faces(bad)


def test_the_finder_runs_on_the_processor_only() -> None:
    for weights in (faces.CENTERFACE, "writing.onnx"):
        assert network(weights).get_providers() == ["CPUExecutionProvider"]


@pytest.mark.judge("strace")
@pytest.mark.kernel
def test_nobody_is_told_and_nothing_is_left_at_home(tmp_path: Path) -> None:
    """onnxruntime 1.32 left a number of the machine in ~/.cache/Microsoft and asked for its server."""
    log, home = tmp_path / "log", tmp_path / "home"
    home.mkdir()
    watched = ["strace", "-f", "-qq", "-o", str(log), "-e", "trace=socket"]
    if subprocess.run([*watched, "true"], capture_output=True, check=False).returncode:
        kernel_refused("no tracing")
    run = "from fifthfloor.redact.networks import network; network('writing.onnx')"
    own = os.environ | {"HOME": str(home), "TMPDIR": str(home)}
    done = subprocess.run([*watched, sys.executable, "-B", "-c", run], env=own, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [*home.rglob("*")] == []
    assert "AF_INET" not in log.read_text()


def test_the_head_is_larger_than_the_face_and_within_the_picture() -> None:
    assert head_box(Face(100, 100, 140, 160, 0.9), 1000, 1000) == (84, 71, 156, 177)
    assert head_box(Face(0, 0, 40, 60, 0.9), 50, 70) == (0, 0, 50, 70)


def test_the_hair_is_where_the_face_has_it() -> None:
    beyond = []
    for turns in range(4):
        left, top, right, bottom = head_box(Face(300, 300, 500, 500, 0.9, turns), 1000, 1000)
        beyond.append((300 - left, 300 - top, right - 500, bottom - 500))
    assert [around.index(max(around)) for around in beyond] == [1, 2, 3, 0]
    assert {tuple(sorted(around)) for around in beyond} == {(40, 50, 50, 70)}


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_face_that_lies_is_hidden_where_it_lies(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def white(given: np.ndarray, _scales: tuple[float, ...]) -> np.ndarray:
        rows, columns = np.nonzero(given[..., 0] == 255)
        edges = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        # Upright it is higher than wide: only one way of turning shows a face.
        return np.array([[*edges, 0.9 if edges[3] > 120 and edges[1] < 30 else 0.01]], np.float32)

    monkeypatch.setattr(faces, "_found", white)
    upright = np.zeros((200, 300, 3), np.uint8)
    upright[20:140, 40:120] = 255
    lying = np.ascontiguousarray(np.rot90(upright, -turns))
    (found,) = find_faces(lying, 0.1)
    assert (found.turns, found.score < 0.9) == (turns, True)
    assert (lying[found.top_px : found.bottom_px, found.left_px : found.right_px] == 255).all()
    assert (found.bottom_px - found.top_px) * (found.right_px - found.left_px) == 120 * 80


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_photograph_that_lies_is_looked_at_as_one_that_stands(turns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "TURNED_DOUBT", 0.0)  # drawn faces are not as sure as real ones
    # The small ones are too small in half the size; the large ones say how it lies.
    some = ((30, 60, 60), (140, 60, 60), (260, 60, 24), (330, 60, 24))
    standing = pixels(scene(480, 320, faces=some))
    lying = find_faces(np.ascontiguousarray(np.rot90(standing, -turns)), faces.SURE)
    assert {face.turns for face in lying} == {turns}
    assert [round(face.score, 2) for face in lying] == [
        round(face.score, 2) for face in find_faces(standing, faces.SURE)
    ]


def test_a_stone_that_looks_like_a_face_from_the_side_turns_no_photograph() -> None:
    one, two, none = (
        np.array([[0, 0, 9, 9, score, 1]] * count, np.float32) for score, count in ((0.5, 1), (0.5, 2), (0, 1))
    )
    assert faces._lies(none, {1: one, 2: none, 3: none}) == 0
    assert faces._lies(none, {1: none, 2: two, 3: one}) == 2
    assert faces._lies(two, {1: none, 2: two, 3: one}) == 0, "as many stand"


def test_a_find_that_would_hide_much_must_be_surer() -> None:
    face = Face(100, 100, 200, 200, 0.2)
    assert face.is_sure_in(2000, 2000)
    assert not face.is_sure_in(500, 500)
    assert Face(100, 100, 200, 200, 0.4).is_sure_in(500, 500)


def test_tiles_cover_every_pixel_and_overlap() -> None:
    for length in (1, faces.TILE_PX, faces.TILE_PX + 1, 3 * faces.TILE_PX, 9999):
        starts = faces._starts(length)
        assert starts[0] == 0
        assert starts[-1] + faces.TILE_PX >= length
        for one, following in itertools.pairwise(starts):
            assert one < following <= one + faces.TILE_PX - faces.OVERLAP_PX


@pytest.mark.photos
def test_real_faces_are_found(photos_dir: object) -> None:
    from pathlib import Path

    from PIL import Image

    with Image.open(Path(str(photos_dir)) / "cameras/Canon_PowerShot_A70.jpg") as photo:
        found = find_faces(np.asarray(photo.convert("RGB").crop((700, 400, 1500, 700))), faces.SURE)
    # Three skiers with helmets and goggles.
    assert len(found) == 3


def test_weak_finds_do_not_outvote_the_faces_of_a_photograph_that_lies() -> None:
    """A group on its side had seven weak finds as it stood, and three faces of which the finder was sure."""

    def boxes(*scores: float) -> NDArray[np.float32]:
        return np.array([[10 * n, 0, 10 * n + 8, 8, score, 0] for n, score in enumerate(scores)], np.float32)

    stones, nobody = boxes(*[0.25] * 7), boxes()
    turned = {1: nobody.reshape(0, 6), 2: nobody.reshape(0, 6), 3: faces._doubted(boxes(0.7, 0.6, 0.5))}
    assert faces._lies(stones, turned) == 3
    # Nor do stones on their side beat faces that stand.
    assert faces._lies(boxes(0.7, 0.6, 0.5), {**turned, 3: faces._doubted(boxes(*[0.25] * 7))}) == 0
    assert faces._lies(boxes(0.7, 0.6, 0.5), turned) == 0
