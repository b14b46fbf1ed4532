"""One table of brands: what a file of boxes is, told alike by every part of the program."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from tests.audit.made import box

from fifthfloor.metadata.blocks import container_of
from fifthfloor.metadata.brands import KIND_OF_BRAND, OPENERS, form_of
from fifthfloor.redact.converting import converted_kind_of
from fifthfloor.redact.raw import raw_kind_of
from fifthfloor.tasks.people.beside import is_film

SOURCE = Path(__file__).parent.parent.parent / "src" / "fifthfloor"
# The gate is a second hand, which knows nothing of the readers it judges; `avc1` is a code of samples, too, and the box
# of brands is one of all that are known.
OWN_BRANDS = {"metadata/brands.py", "redact/gate.py", "audit/inner_lengths.py", "metadata/parts.py"}


def beginning(brand: bytes, *others: bytes) -> bytes:
    return box(b"ftyp", brand + bytes(4) + b"".join(others)) + box(b"meta", bytes(40))


@pytest.mark.parametrize("brand", [*KIND_OF_BRAND, b"a7S "], ids=bytes.decode)
def test_every_part_says_the_same_of_a_brand(brand: bytes) -> None:
    head = beginning(brand, brand)
    form, is_picture = form_of(head), container_of(head) == "heic"
    assert (form in ("heic", "avif")) == is_picture
    assert converted_kind_of(head) == {"heic": "HEIC", "avif": "AVIF"}.get(str(form))
    assert (raw_kind_of(head) == "CR3") == (form == "cr3") == (brand == b"crx ")
    assert is_film(head) == (form in ("mov", "mp4"))
    assert is_film(head) == ("film" in KIND_OF_BRAND.get(brand, "film"))


@pytest.mark.parametrize(
    ("brands", "form"),
    [
        ((b"mif1", b"avif"), "avif"),
        ((b"miaf", b"mif1", b"MA1B"), "avif"),
        ((b"1pic", b"heic"), "heic"),
        ((b"msf1", b"avis"), "avif"),
        ((b"mif2",), "heic"),
        ((b"heic", b"avif"), "heic"),
        ((b"isom", b"avif"), "mp4"),
    ],
)
def test_a_brand_of_structure_leaves_the_code_to_the_others(brands: tuple[bytes, ...], form: str) -> None:
    assert form_of(beginning(*brands)) == form
    behind = beginning(brands[0]) + b"avif" * 8
    assert form_of(behind) == form_of(beginning(brands[0])), "what stands behind the box is no brand"


@pytest.mark.parametrize("kind", OPENERS[1:], ids=bytes.decode)
def test_what_begins_without_brands_is_a_film(kind: bytes) -> None:
    head = box(kind, bytes(60))
    assert form_of(head) == "mov"
    assert is_film(head)


def test_no_other_module_names_a_brand() -> None:
    """Boxes and codes of samples share some letters (`avc1`), so a single one counts for pictures alone."""
    found = {}
    for file in SOURCE.rglob("*.py"):
        texts = [node.value for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.Constant)]
        named = {text for text in texts if isinstance(text, bytes) and len(text) == 4 and text in KIND_OF_BRAND}
        named |= {text for text in texts if isinstance(text, bytes) and b"ftyp" in text and text != b"ftyp"}
        if named:
            found[file.relative_to(SOURCE).as_posix()] = named
    assert {name: named for name, named in found.items() if name not in OWN_BRANDS} == {}
