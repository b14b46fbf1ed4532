"""Names that Windows forbids: the lawful ones are lawful, different, and the same for writer and reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.floor.lawful import LawfulNames, renamed
from fifthfloor.floor.tar_stream import Digests, Entry, Unpacked, check_name, pack, unpack

# Written from the Win32 documentation apart from the program's own table.
DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    f"{p}{n}" for p in ("COM", "LPT") for n in "0123456789¹²³"
}
PART = st.text(st.sampled_from('aAbB.~2 _:?*<>|"\x01\x1fcConNuUlLmM1¹ß'), min_size=1, max_size=9)
LONG = st.builds(lambda part, at, more: part[:at] + "x" * (255 - len(part.encode())) + part[at:] + more, PART,
                 st.integers(0, 9), st.just(""))  # fmt: skip
NAMES = st.lists(
    st.lists(PART | LONG, min_size=1, max_size=3).map("/".join).filter(check_name), min_size=1, max_size=12, unique=True
)


def is_lawful(part: str) -> bool:
    return (
        not re.search(r'[\x00-\x1f<>:"/\\|?*]', part)
        and part[-1] not in " ."
        and len(part.encode("utf-16-le")) // 2 <= 255
        and part.split(".")[0].rstrip(" ").upper() not in DEVICES
    )


@pytest.mark.parametrize(
    ("stored", "lawful"),
    [
        (["aux.JPG"], ["aux_.JPG"]),
        (["Con"], ["Con_"]),
        (["nul .tar.gz"], ["nul _.tar.gz"]),
        (["com¹.txt"], ["com¹_.txt"]),
        (["COM10.txt", "console.txt", "xaux.jpg"], ["COM10.txt", "console.txt", "xaux.jpg"]),
        (["12:30?.jpg"], ["12_30_.jpg"]),
        (["notes. . "], ["notes____"]),
        (["A.jpg", "a.jpg", "a~2.jpg"], ["A.jpg", "a~2.jpg", "a~2~2.jpg"]),
        (["aux.jpg", "aux_.jpg"], ["aux_.jpg", "aux_~2.jpg"]),
        ([".x", ".X"], [".x", ".X~2"]),
        (["PRN/a.jpg", "PRN/b.jpg", "prn_/a.jpg"], ["PRN_/a.jpg", "PRN_/b.jpg", "prn_~2/a.jpg"]),
        (["DSC_0041.JPG", "x/DSC_0041.JPG"], ["DSC_0041.JPG", "x/DSC_0041.JPG"]),
        (["A" * 251 + ".jpg", "a" * 251 + ".jpg"], ["A" * 251 + ".jpg", "a" * 249 + "~2.jpg"]),
        (["aux." + "x" * 251], ["aux_." + "x" * 250]),
        (["aux." + "x" * 249 + ".x"], ["aux_." + "x" * 248 + ".x"]),
        (["b" * 255, "B" * 255], ["b" * 255, "B" * 253 + "~2"]),
        (
            ["\U0001f600" * 125 + "a:.jpg", "\U0001f600" * 125 + "a?.jpg"],
            ["\U0001f600" * 125 + "a.jpg", "\U0001f600" * 124 + "~2.jpg"],
        ),
    ],
)
def test_what_the_specification_says(stored: list[str], lawful: list[str]) -> None:
    names = LawfulNames()
    assert [names.of(name) for name in stored] == lawful
    assert renamed(stored) == {a: b for a, b in zip(stored, lawful, strict=True) if a != b}


@given(NAMES)
def test_every_name_is_lawful_and_no_two_are_one(stored: list[str]) -> None:
    names = LawfulNames()
    found = [names.of(name) for name in stored]
    assert len({name.upper() for name in found}) == len(stored)
    for before, after in zip(stored, found, strict=True):
        assert before.count("/") == after.count("/")
        assert all(is_lawful(part) for part in after.split("/"))
    # Once lawful and different, they stay as they are.
    assert renamed(found) == {}


def test_the_manifest_records_them_and_readers_bear_it() -> None:
    entries = [Entry("aux.JPG", 3, 0), Entry("plain.jpg", 2, 0), Entry("PRN", 0, 0, is_directory=True)]

    def read(entry: Entry) -> Iterator[bytes]:
        yield b"x" * entry.size_bytes

    archive = b"".join(pack(entries, "2026-11-29", read, Digests()))
    start = archive.index(b'{\n"version"')
    manifest = json.loads(archive[start : archive.index(b"\0", start)])
    assert [file.get("windows") for file in manifest["files"]] == ["aux_.JPG", None]
    unpacked = Unpacked()
    names = [(entry.name, b"".join(contents)) for entry, contents in unpack([archive], unpacked)]
    assert names == [("aux.JPG", b"xxx"), ("plain.jpg", b"xx"), ("PRN", b"")]
