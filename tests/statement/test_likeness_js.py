"""likeness.js beside trace/*.py: the same points, the same layouts, the same areas, on every change people make."""

from __future__ import annotations

import base64
import json
import subprocess
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL import ImageEnhance, ImageOps
from tests.outside import REPOSITORY
from tests.trace.scenes import CHANGES, SETTINGS, cropped, jpeg, scene

from fifthfloor.essay.labels import Labels, languages
from fifthfloor.essay.site import SIMILAR, SIMILAR_FACTS
from fifthfloor.trace.candidates import SEARCHED_POINTS, Searched, searched
from fifthfloor.trace.differing import differences
from fifthfloor.trace.likeness import likeness_of, read_likeness
from fifthfloor.trace.matching import match
from fifthfloor.trace.points import find_points
from fifthfloor.words.lines.likeness import differing_lines
from fifthfloor.words.verdict import by_word

pytestmark = pytest.mark.judge("node")
SCRIPT = REPOSITORY / "src" / "fifthfloor" / "statement" / "likeness.js"
DRIVER = REPOSITORY / "tests" / "statement" / "likeness.js"
SIGNED = likeness_of(jpeg(scene(3, 640, 430)))
LOOKED_AT = ("as it is", "400 px", "half", "turned", "quarter", "mirror", "watermark", "hidden", "phone", "night, crop")
MADE = (*LOOKED_AT, "contrast")


def by_script(cases: list[dict[str, Any]]) -> dict[str, Any]:
    done = subprocess.run(
        ["node", str(DRIVER), str(SCRIPT)], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return {one["name"]: one for one in map(json.loads, done.stdout.splitlines())}


def case(name: str, picture: Searched, likeness: bytes = SIGNED) -> dict[str, Any]:
    pixels = np.asarray(picture.image)
    return {
        "name": name,
        "width": pixels.shape[1],
        "height": pixels.shape[0],
        "grey": base64.b64encode(pixels.tobytes()).decode(),
        "likeness": base64.b64encode(likeness).decode(),
    }


@pytest.fixture(scope="module")
def pictures() -> dict[str, Searched]:
    drawn = scene(3, 640, 430)
    made = {name: CHANGES[name](drawn, Random(name)) for name in LOOKED_AT if name in CHANGES}
    made["quarter"] = ImageOps.mirror(drawn.rotate(90, expand=True))
    made["contrast"] = ImageEnhance.Contrast(drawn).enhance(1.6)
    crop = cropped(drawn, 0.6, Random(4))
    made |= {f"crop {name}": put(crop, Random(name)) for name, put in SETTINGS.items()}
    made["another"] = scene(77, 640, 430)
    return {name: searched(jpeg(image, 50)) for name, image in made.items()}


@pytest.fixture(scope="module")
def told(pictures: dict[str, Searched]) -> dict[str, Any]:
    return by_script([case(name, picture) for name, picture in pictures.items()])


def test_the_points_are_the_same(pictures: dict[str, Searched], told: dict[str, Any]) -> None:
    for name in ("as it is", "half", "phone"):
        ours = find_points(pictures[name].image, SEARCHED_POINTS)
        bits = ["".join("01"[int(value > 0)] for value in values) for values in ours.values]
        theirs = told[name]["points"]
        x, y = (np.array([one[axis] for one in theirs]) for axis in (0, 1))
        near = np.hypot(ours.x[:, None] - x, ours.y[:, None] - y) < 0.1
        off = [
            min(sum(a != b for a, b in zip(bits[here], theirs[there][2], strict=True)) for there in np.flatnonzero(row))
            for here, row in enumerate(near)
            if row.any()
        ]
        assert len(off) >= 0.9 * len(ours.x), name
        assert np.mean(off) < 1, name


@pytest.mark.parametrize("name", [*MADE, *(f"crop {name}" for name in SETTINGS), "another"])
def test_what_is_similar_and_what_differs_is_the_same(
    name: str, pictures: dict[str, Searched], told: dict[str, Any]
) -> None:
    signed, picture, found = read_likeness(SIGNED), pictures[name], told[name]["found"]
    placement = match(signed.points, picture.points)
    if placement is None:
        assert found is None
        return
    ours = differences(signed.tiles, (signed.points.width, signed.points.height), placement, picture.image)
    assert found["kept"] == pytest.approx(ours.kept, abs=0.01)
    assert found["sides"] == pytest.approx(ours.sides, abs=0.01)
    assert found["beside"] == pytest.approx(ours.beside, abs=0.01)
    assert found["added"] == pytest.approx(ours.added, abs=0.01)
    assert (found["isMirrored"], found["quarters"]) == (ours.is_mirrored, ours.quarters)
    assert (found["tiles"], found["isThisFrame"]) == (ours.tiles, ours.is_this_frame)
    assert found["compared"] == pytest.approx(ours.compared, rel=0.03)
    assert found["misfit"] == pytest.approx(ours.misfit, abs=0.01)
    assert len(found["areas"]) == len(ours.areas)
    for area, theirs in zip(ours.areas, found["areas"], strict=True):
        edges = [theirs[edge] for edge in ("left", "top", "right", "bottom")]
        assert edges == pytest.approx((area.left, area.top, area.right, area.bottom), abs=0.03)
        assert theirs["showsThrough"] == area.shows_through


def by_page(found: dict[str, Any], say: dict[str, str]) -> list[str]:
    script = (
        "const [path, found, say] = process.argv.slice(1);"
        "const lines = require(path).said({ name: 'x', found: JSON.parse(found) }, JSON.parse(say));"
        "for (const line of lines) console.log(line)"
    )
    done = subprocess.run(
        ["node", "-e", script, str(SCRIPT), json.dumps(found), json.dumps(say)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["as it is", "mirror", "quarter"])
def test_pages_say_how_a_copy_is_laid_as_commands_do(
    name: str, pictures: dict[str, Searched], told: dict[str, Any]
) -> None:
    signed, picture = read_likeness(SIGNED), pictures[name]
    placement = match(signed.points, picture.points)
    assert placement
    ours = differences(signed.tiles, (signed.points.width, signed.points.height), placement, picture.image)
    lines = differing_lines(ours)
    expected = [f"It is {line}." for line in lines if line.startswith(("mirrored", "turned"))]
    assert len(expected) == ours.is_mirrored + (ours.quarters > 0) == {"as it is": 0, "mirror": 1, "quarter": 2}[name]
    said = by_page(told[name]["found"], by_word())
    assert [line for line in said if line.startswith(("It is mirrored", "It is turned"))] == expected


@pytest.mark.parametrize("language", languages())
def test_proof_pages_say_so_too(language: str, told: dict[str, Any]) -> None:
    label = Labels(language)
    say = {word: label.say(word, **{fact: f"{{{fact}}}" for fact in SIMILAR_FACTS}) for word in SIMILAR}
    said = by_page(told["quarter"]["found"], say)
    assert label.say("similar_turned", degrees=90 * told["quarter"]["found"]["quarters"]) in said
    assert label.say("similar_mirrored") in said


def test_another_photograph_is_not_similar(told: dict[str, Any]) -> None:
    assert told["another"]["found"] is None
    assert told["half"]["found"]["shared"] >= 8


def test_bytes_that_are_no_likeness_are_refused() -> None:
    small = searched(jpeg(scene(1, 64, 64).crop((0, 0, 64, 40))))
    wrong = [b"", b"\x02" + SIGNED[1:], SIGNED[:-1], SIGNED[:9], SIGNED + b"\0"]
    told = by_script([case(str(number), small, likeness) for number, likeness in enumerate(wrong)])
    assert [isinstance(told[str(number)]["found"], str) for number in range(len(wrong))] == [True] * len(wrong)
