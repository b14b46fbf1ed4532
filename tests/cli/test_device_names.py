"""Places are compared by `same_place` alone: Windows resolves no device's name, and `hide` ended on any card there."""

from __future__ import annotations

import ast
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import cast

import pytest

from fifthfloor.cards import opening
from fifthfloor.tasks.floors.at_hand import places_among, short_name

SOURCE = Path(__file__).parents[2] / "src" / "fifthfloor"


def test_nobody_resolves_what_may_be_a_device() -> None:
    found = [
        f"{file.relative_to(SOURCE)}:{node.lineno}"
        for folder in ("cli", "words")
        for file in sorted((SOURCE / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("resolve", "samefile", "realpath")
    ]
    assert found == []


def test_a_device_is_one_however_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "sys", SimpleNamespace(platform="win32"))

    def refuses(path: Path) -> Path:
        if str(path).startswith("\\\\."):
            raise OSError(9, "invalid handle")
        return path.absolute()

    monkeypatch.setattr(Path, "resolve", refuses)
    drive, image = Path("\\\\.\\E:"), tmp_path / "a.img"
    assert places_among([drive, image], [Path("\\\\.\\e:"), tmp_path / "b.img"]) == [drive]
    assert places_among([image, tmp_path / "A.IMG"], [image]) == [tmp_path / "A.IMG"], "once"


def test_a_drive_is_called_by_its_letter() -> None:
    drive = PureWindowsPath("\\\\.\\E:")
    assert drive.name == "", "which is why"
    assert short_name(cast("Path", drive)) == "\\\\.\\E:"
    assert short_name(Path("/media/card.img")) == "card.img"
