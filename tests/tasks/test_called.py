"""Names that tell nothing of their source, and stay what they are within a folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.redact.drawn import jpeg, scene

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.errors import BadInput
from fifthfloor.tasks.called import LIST, by_name, call, read_list, write_list
from fifthfloor.tasks.site.new import new_essay

BOX = {"left": 300, "top": 120, "right": 380, "bottom": 200}


def test_numbers_rise_in_the_order_given_and_take_no_name_that_is_there() -> None:
    called = call(["b.jpg", "a.jpg", "c.jpg"], {"photo-0002.jpg"}, {"z.jpg": "photo-0001.jpg"})
    assert called == {"b.jpg": "photo-0003.jpg", "a.jpg": "photo-0004.jpg", "c.jpg": "photo-0005.jpg"}


def test_no_number_is_another_source_s_own_name() -> None:
    assert call(["a.jpg", "PHOTO-0001.jpg"], (), {}) == {"a.jpg": "photo-0002.jpg", "PHOTO-0001.jpg": "photo-0003.jpg"}


def test_a_name_stays_whatever_is_given_later() -> None:
    known = call(["b.jpg", "c.jpg"], (), {})
    later = call(["a.jpg", "b.jpg", "c.jpg"], {*known.values()}, known)
    assert later == known | {"a.jpg": "photo-0003.jpg"}
    assert call(["old.jpg"], {"old.jpg"}, {}) == {"old.jpg": "old.jpg"}, "it lies there under its source's name"


def test_a_person_may_name_either_and_is_asked_where_that_is_two() -> None:
    called = {"a.jpg": "photo-0001.jpg", "b.jpg": "photo-0002.jpg"}
    assert by_name({"a.jpg": 1, "photo-0002.jpg": 2}, called) == {
        "a.jpg": "photo-0001.jpg",
        "photo-0002.jpg": "photo-0002.jpg",
    }
    for given, key in (
        ({"c.jpg": 1}, "protect.unknown_name"),
        ({"a.jpg": 1, "photo-0001.jpg": 2}, "protect.two_of_a_name"),
    ):
        with pytest.raises(BadInput) as refused:
            by_name(given, called)
        assert refused.value.key == key
    with pytest.raises(BadInput, match=r"protect\.two_of_a_name"):
        by_name({"photo-0001.jpg": 1}, {"a.jpg": "photo-0001.jpg", "photo-0001.jpg": "photo-0009.jpg"})


def test_the_list_comes_back_and_is_for_its_owner(tmp_path: Path) -> None:
    called = {"сад.jpg": "photo-0001.jpg", os.fsdecode(b"\xff.jpg"): "photo-0002.jpg", "same.jpg": "same.jpg"}
    write_list(tmp_path, called)
    write_list(tmp_path, {"new.jpg": "photo-0003.jpg"})
    assert read_list(tmp_path) == {key: name for key, name in called.items() if key != name} | {
        "new.jpg": "photo-0003.jpg"
    }
    if os.name == "posix":
        assert (tmp_path / LIST).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"photo-0001.jpg": "../a.jpg"}',
        '{"a/b": "c.jpg"}',
        '{"a": "x", "b": "x"}',
        '{"a": 1}',
        "{}",
        '{"a": "b.jpg"}',
        '{"photo-0001.jpg": 1}',
        '{"photo-0001.jpg": "a.jpg", "photo-0002.jpg": "a.jpg"}',
    ],
)
def test_a_list_that_is_none_is_refused_and_never_written(tmp_path: Path, text: str) -> None:
    (tmp_path / LIST).write_text(text)
    with pytest.raises(BadInput, match=r"protect\.names_broken"):
        write_list(tmp_path, {"b.jpg": "photo-0001.jpg"})
    assert (tmp_path / LIST).read_text() == text
    with pytest.raises(BadInput, match=r"protect\.names_broken"):
        read_list(tmp_path)


def said(*arguments: object) -> int:
    return run(fifthfloor, [str(argument) for argument in arguments])


def test_approve_and_essay_find_what_is_called_by_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fifthfloor.engine.cores", lambda: 1)
    photos, out, boxes = tmp_path / "DCIM", tmp_path / "out", tmp_path / "boxes.json"
    photos.mkdir()
    for name, seed in (("Kim at the border.jpg", 1), ("IMG.jpg", 2), ("IMG.2048.jpg", 3)):
        (photos / name).write_bytes(jpeg(scene(seed=seed)))
    (photos / "IMG.xmp").write_text(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt>'
        '<rdf:li xml:lang="x-default">A slope</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF>'
        "</x:xmpmeta>"
    )
    boxes.write_text(json.dumps({"IMG.jpg": [BOX]}))
    protect = ("protect", photos, "--out", out, "--faces", "none", "--yes")
    assert said(*protect, "--boxes", boxes) == 0
    assert "photo-0002.jpg (IMG.jpg): 1 part hidden" in capsys.readouterr().out
    written = {path.name for path in out.rglob("*")}
    assert not any("Kim" in name or "IMG" in name for name in written)
    assert {"photo-0001.jpg", "photo-0002.jpg", "photo-0003.jpg"} <= written
    page = (out / "review.html").read_text()
    assert "Kim at the border" not in page
    # Given again with another beside it, each keeps its name; and the box may be under the number.
    (photos / "A.jpg").write_bytes(jpeg(scene(seed=4)))
    boxes.write_text(json.dumps({"photo-0002.jpg": [BOX]}))
    assert said(*protect, "--boxes", boxes) == 0
    assert read_list(out)["A.jpg"] == "photo-0004.jpg"
    assert said("approve", out, "--by", "K", "--yes", "--all-looked-at") == 0
    made = new_essay(out, photos)
    assert set(made.photographs) == {f"photo-000{number}.jpg" for number in range(1, 5)}
    assert made.captions == 1
    assert "A slope" in (out / "essay.md").read_text()
    assert said("protect", photos, "--out", tmp_path / "two", "--names", "source", "--faces", "none", "--yes") == 3
    assert (tmp_path / "two" / "Kim at the border.jpg").exists()
    assert not (tmp_path / "two" / LIST).exists()
