"""Files whose names Windows forbids come back there under lawful ones, whole, and it is said how many."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import fat32_card
from tests.tasks.quick import PASSPHRASE, command, quick_argon2id

from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import restore

NAMES = ("aux.JPG", "12:30?.jpg", "A.jpg", "a.jpg", "plain.jpg")
ON_WINDOWS = ("aux_.JPG", "12_30_.jpg", "A.jpg", "a~2.jpg", "plain.jpg")


@pytest.mark.parametrize("windows", [True, False])
def test_open_gives_lawful_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, windows: bool) -> None:
    monkeypatch.setattr(secret, "KDF", quick_argon2id)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "roll").mkdir()
    for number, name in enumerate(NAMES):
        (tmp_path / "roll" / name).write_bytes(bytes([number]) * 1000)
    fat32_card(tmp_path / "card.img", 1)
    (tmp_path / "key").write_text(PASSPHRASE + "\n")
    given = ("--passphrase-file", "key", "--label", "")
    assert command("hide", "roll", "--in", "card.img", *given, "--yes").code == 0
    monkeypatch.setattr(restore, "ON_WINDOWS", windows)
    said = command("open", "card.img", "--out", "back", *given, "--json")
    assert said.code == 0
    assert said.document["floors"][0]["renamed"] == (3 if windows else 0)
    assert not any(name in said.out + said.err for name in (*NAMES, *ON_WINDOWS))
    found = {path.name: hashlib.sha256(path.read_bytes()).digest() for path in (tmp_path / "back/roll").iterdir()}
    wanted = ON_WINDOWS if windows else NAMES
    assert set(found) == set(wanted)
    stored = sorted(zip(NAMES, wanted, strict=True))
    assert all(found[there] == hashlib.sha256(bytes([NAMES.index(name)]) * 1000).digest() for name, there in stored)
