"""Before a sweep a person hears which deleted photographs it would destroy."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.audit.made import MOMENT, photograph
from tests.tasks.cards_at_hand import KINDS
from tests.tasks.quick import command

from fifthfloor.cards.image import open_card
from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.tasks.floors import look as looking
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.cards.format import FatWriter, format_fat32


def card_with_a_deleted_photograph(path: Path) -> Path:
    format_fat32(path, 40 << 20, label="EOS_DIGITAL", cluster_bytes=512, partitioned=False)
    with FatWriter(path) as writer:
        for number in (1, 2):
            writer.add_file(f"DCIM/100CANON/IMG_000{number}.JPG", photograph(number), MOMENT)
    delete_like_a_camera(path, "DCIM/100CANON/IMG_0002.JPG")
    return path


def test_wipe_says_what_it_would_destroy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    card = card_with_a_deleted_photograph(tmp_path / "card.img")
    assert run(fifthfloor, ["wipe", str(card), "--yes"]) == 0
    assert "  1 deleted photograph can still be recovered here (" in capsys.readouterr().err
    assert run(fifthfloor, ["wipe", str(card), "--yes"]) == 0
    assert "can still be recovered" not in capsys.readouterr().err


def test_a_bad_sector_does_not_stop_the_count_from_being_said_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    card = card_with_a_deleted_photograph(tmp_path / "card.img")

    def unreadable(*_arguments: object) -> None:
        raise OSError(5, "input/output error")

    monkeypatch.setattr(looking, "recoverable", unreadable)
    assert run(fifthfloor, ["wipe", str(card), "--yes"]) == 0
    assert "were not counted" in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_how_much_stays_behind_the_ends_of_files_is_counted(kind: str, tmp_path: Path) -> None:
    """Rounded up to whole clusters, by hand; a wipe says it before it asks, in so many bytes."""
    card = KINDS[kind](tmp_path / "card.img", 7)
    with open_card(card) as opened:
        tails = sum(-file.size_bytes % volume.cluster_bytes for volume in opened.volumes for file in volume.files())
    (told,) = command("wipe", card, "--dry-run", "--json").document["cards"]
    assert told["tail_bytes"] == tails > 5_000
    assert f"{tails / 1e3:.1f} kB behind the ends of visible files stay as they are" in command(
        "wipe", card, "--dry-run"
    ).err.replace("\n", " ")
