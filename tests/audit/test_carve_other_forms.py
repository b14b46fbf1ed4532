"""Forms that cameras of today no longer write, or dashcams and recorders do: found on a formatted card, and named."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.audit import judged
from tests.audit.made import CARD_BYTES, MOMENT, on_sectors, photograph
from tests.audit.other_forms import OTHER_FORMS, program
from tests.audit.test_carve_forms import Counted, carved

from fifthfloor.audit.carve import carve
from fifthfloor.audit.free_bytes import FreeSpace
from fifthfloor.cards.image import open_card
from fifthfloor.metadata.source import BytesSource
from fifthfloor.tasks.search.audit import audit
from fifthfloor.tasks.search.recover import recover
from fifthfloor_theatre.cards.format import FatWriter, format_fat32, quick_format


def test_each_is_found_whole_and_named() -> None:
    data, starts = on_sectors(*(made for _, made in OTHER_FORMS.values()), bytes(4096))
    found = {item.offset_bytes: (item.found.form, item.found.length_bytes, item.found.whole) for item in carved(data)}
    expected = zip(starts, OTHER_FORMS.values(), strict=False)
    assert found == {start: (form, len(made), True) for start, (form, made) in expected}


@pytest.mark.parametrize("form", sorted(OTHER_FORMS.keys() - {"mpg", "mod", "asf", "bmp", "mrw"}))
def test_what_a_camera_overwrote_is_partial(form: str) -> None:
    made = OTHER_FORMS[form][1]
    half = len(made) // 2 // 4096 * 4096
    later = photograph(3, width=800, height=600)
    found = carved((made[:half] + later).ljust(half + len(later) + 8192, b"\0"))
    assert half in [item.offset_bytes for item in found]
    assert all(not item.found.whole for item in found if item.offset_bytes < half)


def test_a_recording_that_lies_right_behind_another_is_one_of_its_own() -> None:
    """Clocks of a program stream rise; where one falls back, the next recording begins."""
    first, second = program(1, ends=False), program(2, ends=False)
    found = carved((first + second).ljust(len(first) * 3, b"\0"))
    assert [(item.offset_bytes, item.found.length_bytes) for item in found] == [
        (0, len(first)),
        (len(first), len(second)),
    ]


def formatted(image: Path) -> Path:
    """A card with one of each on it, formatted by the camera since."""
    format_fat32(image, CARD_BYTES, label="CARD", cluster_bytes=512, partitioned=False)
    with FatWriter(image) as writer:
        for ending, (_, made) in OTHER_FORMS.items():
            writer.add_file(f"DCIM/100OTHER/FILE0001.{ending.upper()}", made, MOMENT)
    quick_format(image, label="CARD")
    return image


def test_a_formatted_card_of_them_is_no_all_clear(tmp_path: Path) -> None:
    image = formatted(tmp_path / "card.img")
    (found,) = [one for one in audit([image], None).report.findings if one.kind == "card.recoverable"]
    assert found.facts["whole"] == len(OTHER_FORMS)
    back = {file.path.read_bytes() for file in recover(image, tmp_path / "out").files}
    assert back == {made for _, made in OTHER_FORMS.values()}


@pytest.mark.judge("photorec")
def test_starts_include_those_of_photorec(tmp_path: Path) -> None:
    image = formatted(tmp_path / "card.img")
    theirs = judged.carved_by_photorec(image, tmp_path, "everything")
    with open_card(image) as card:
        ours = {item.offset_bytes for item in carve(FreeSpace(card.device, [(int(a), int(b)) for a, b in card.free]))}
    assert len(theirs) >= 9
    assert set(theirs) <= ours


def test_noise_is_none_of_them() -> None:
    data = random.Random(2).randbytes(4 << 20)
    for begins in (
        b"BM",
        b"GIF89a",
        b"FLV\1\5\0\0\0\x09",
        b"\0\0\1\xba",
        b"\x1a\x45\xdf\xa3",
        b"\xff\x4f\xff\x51",
        b"\0MRM",
        b"OggS\0\2",
        b".RMF\0\0\0\x12",
        b"\x1f\7\0\x3f",
    ):
        bent = b"".join(begins + data[at + len(begins) : at + 512] for at in range(0, 1 << 20, 512))
        assert not any(item.found.whole for item in carved(bent)), begins


def test_chains_of_nothing_cost_no_more_than_their_bytes() -> None:
    heads = {
        "mpg": b"\0\0\1\xba\x44\0\4\0\4\1\1\x89\xc3\xf8" + b"\0\0\1\xbe\0\0" * 200_000,
        "mkv": OTHER_FORMS["webm"][1][:90] + b"\xec\x80" * 500_000,
        "flv": b"FLV\1\5\0\0\0\x09" + b"\0\0\0\0" + b"".join([b"\x09\0\0\0" + bytes(7) + b"\0\0\0\x0b"] * 60_000),
        "ogv": OTHER_FORMS["ogv"][1][:200] + (b"OggS" + bytes(23)) * 100_000,
        "rm": b".RMF\0\0\0\x12" + bytes(10) + b"CONT\0\0\0\x0a\0\0" * 200_000,
        "gif": OTHER_FORMS["gif"][1][:13] + b"!\xfe\0" * 300_000,
        "r3d": b"\0\0\0\x08RED2" + b"\0\0\0\x08REDV" * 100_000,
    }
    for name, data in heads.items():
        space = Counted(BytesSource(data), [(0, len(data))])
        list(carve(space))
        assert space.reads < 500_000, name
