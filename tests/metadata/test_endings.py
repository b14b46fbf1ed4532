"""The one list of endings, and that histories and cards know every ending in it."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fifthfloor.audit.traces import names_in
from fifthfloor.metadata.endings import (
    KIND_OF,
    TELLING_IN_TEXT,
    ending_of,
    is_of_a_frame,
    is_picture,
    is_shot,
    kind_of_name,
)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("DCIM/100MEDIA/IMG_0001.JPG", "photograph"),
        ("a.3fr", "raw"),
        ("A.NRW", "raw"),
        ("MVI_0001.MOV", "film"),
        ("GX010001.LRV", "low-resolution copy"),
        ("MVI_0001.THM", "thumbnail"),
        ("SND_0001.WAV", "sound"),
        ("IMG_0001.CR3.XMP", "sidecar"),
        ("M0100.CTG", "system file"),
        ("notes.txt", "other"),
        ("jpg", "other"),
    ],
)
def test_the_kind_of_a_name(name: str, kind: str) -> None:
    assert kind_of_name(name) == kind


@given(
    st.text("aB._", min_size=1, max_size=6).filter(lambda name: name.strip(".")), st.sampled_from(["", "DCIM/", "a.b/"])
)
def test_an_ending_is_what_paths_call_a_suffix(name: str, folder: str) -> None:
    assert ending_of(folder + name) == PurePosixPath(folder + name).suffix[1:].lower()


def test_each_ending_has_one_kind_and_each_question_its_kinds() -> None:
    assert all(ending == ending.lower() and "." not in ending for ending in KIND_OF)
    assert is_picture("a.dng")
    assert not is_picture("a.mov")
    assert is_shot("a.mov")
    assert not is_shot("a.wav")
    assert is_of_a_frame("a.wav")
    assert not is_of_a_frame("a.txt")


@pytest.mark.parametrize("ending", TELLING_IN_TEXT)
def test_histories_and_caches_know_every_ending(ending: str) -> None:
    line = f"cp /media/card/DSC_0001.{ending.upper()} /tmp"
    assert names_in("home/me/.bash_history", line.encode()) == [line]
    name = f"DSC_0001.{ending}"
    assert names_in("thumbs.db", b"\0" + name.encode() + b"\0") == [name]
    assert names_in("thumbs.db", b"\0\0" + name.encode("utf-16-le") + b"\0\0") == [name]
