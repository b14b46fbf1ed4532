"""Hashes of whole pictures, against the programs they are of."""

from __future__ import annotations

import base64

import imagehash
import iscc_core
import numpy as np
import pdqhash
import pytest
from PIL import Image
from tests.trace.scenes import scene

from fifthfloor.trace.hashes import difference_hash, iscc, iscc_unit, pdq

SIZES = [(1200, 800), (512, 341), (301, 512), (64, 64)]


def bits(data: bytes) -> list[int]:
    return np.unpackbits(np.frombuffer(data, np.uint8)).tolist()


@pytest.mark.parametrize("size", SIZES)
def test_pdq_is_that_of_threatexchange_in_every_way_to_lay_it(size: tuple[int, int]) -> None:
    grey = scene(3).convert("L").resize(size)
    rgb = np.asarray(grey.convert("RGB"))
    ours = [bits(one) for one in pdq(grey)]
    assert ours[0] == pdqhash.compute(rgb)[0].tolist()
    theirs = [one.tolist() for one in pdqhash.compute_dihedral(rgb)[0]]
    assert sorted(ours) == sorted(theirs)
    for way, one in enumerate(ours):
        laid = rgb[:, ::-1] if way & 1 else rgb
        expected = pdqhash.compute(np.ascontiguousarray(np.rot90(laid, -(way >> 1))))[0].tolist()
        # Places are taken a little to one side, so the picture turned differs from its hash turned: by how much, the
        # reference's own turns say, of which this one is nearest; 31 is what PDQ calls the same picture.
        off = [sum(a != b for a, b in zip(turned, expected, strict=True)) for turned in (one, *theirs)]
        assert off[0] == min(off) <= 31


@pytest.mark.parametrize("size", SIZES)
def test_the_difference_hash_is_that_of_imagehash(size: tuple[int, int]) -> None:
    image = scene(4).resize(size)
    assert bits(difference_hash(image)) == imagehash.dhash(image, 16).hash.ravel().astype(int).tolist()


@pytest.mark.parametrize("seed", range(3))
def test_the_iscc_is_that_of_the_reference(seed: int) -> None:
    image = scene(seed)
    pixels = np.asarray(image.convert("L").resize((32, 32), Image.Resampling.BICUBIC)).ravel().tolist()
    assert iscc(image) == iscc_core.gen_image_code_v0(pixels)["iscc"]
    unit = iscc_core.gen_image_code_v0(pixels, bits=256)["iscc"]
    assert iscc_unit(image) == iscc_core.encode_seq([unit]), "as IEP-0020 has a unit"
    assert iscc_unit(image)[2:10] == base64.b32decode(iscc(image)[5:])[2:]


def test_a_border_of_one_colour_does_not_change_the_iscc() -> None:
    framed = Image.new("RGB", (1300, 900), (10, 20, 30))
    framed.paste(scene(1), (50, 50))
    assert iscc(framed) == iscc(scene(1))
