"""What `verify` says to do with a picture that does not hold is done here, and then it holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from tests.cli.test_hints_of_protect import said
from tests.jpeg.pictures import jpeg

from fifthfloor.words import error


def saved_again(picture: Path, _statement: Path, _other: Path) -> None:
    again = BytesIO()
    Image.open(picture).save(again, "JPEG", quality=80)
    picture.write_bytes(again.getvalue())


def cut(picture: Path, _statement: Path, _other: Path) -> None:
    picture.write_bytes(picture.read_bytes()[:-900])


def of_another(_picture: Path, statement: Path, other: Path) -> None:
    shutil.copy(other.with_name(other.name + ".statement.json"), statement)


def not_there(_picture: Path, statement: Path, _other: Path) -> None:
    statement.unlink()


def empty(_picture: Path, statement: Path, _other: Path) -> None:
    statement.write_bytes(b"")


BROKEN: dict[str, Callable[[Path, Path, Path], None]] = {
    "jpeg.not_canonical": saved_again,
    "jpeg.not_canonical ": cut,
    "statement.header": of_another,
    "prove.no_statement": not_there,
    "statement.malformed": empty,
}


@pytest.mark.parametrize("key", BROKEN)
def test_what_was_published_is_fetched_again(key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jpg").write_bytes(jpeg(320, 212))
    (tmp_path / "b.jpg").write_bytes(jpeg(200, 140))
    published, here = tmp_path / "published", tmp_path / "here"
    given = [tmp_path / "a.jpg", tmp_path / "b.jpg"]
    assert said("sign", *given, "--out", published, "--names", "source", "--yes") == 0
    shutil.copytree(published, here)
    picture, statement = here / "a.jpg", here / "a.jpg.statement.json"
    assert said("verify", picture) == 0
    BROKEN[key](picture, statement, here / "b.jpg")
    capsys.readouterr()
    assert said("verify", picture) in (1, 3)
    facts: dict[str, str | int | float] = {"name": "", "what": "jpeg.what.odd_end", "offset": 0}
    facts |= {"width": 0, "height": 0, "signed": ""}
    assert error(key.strip(), facts)[1] in capsys.readouterr().err.replace("\n", " ")
    for name in (picture.name, statement.name):
        shutil.copy(published / name, here / name)
    assert said("verify", picture) == 0
