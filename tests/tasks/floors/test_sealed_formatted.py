"""A card that was formatted anew with its clusters elsewhere: capsules at full MiB are found all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card, in_partition, roll, tree
from tests.tasks.floors.test_planted import hashes
from tests.tasks.floors.test_sealed import BYTES, CHEAP, EDITOR, STRANGER, by, hide_to, identity_file, line_of
from tests.tasks.quick import PASSPHRASE

from fifthfloor.cards.image import open_card
from fifthfloor.tasks.people import identity as identities
from fifthfloor_theatre.cards.format import format_fat32
from tools import rescue

pytestmark = pytest.mark.usefixtures("quick_kdf")
MIB = 1 << 20


@pytest.mark.parametrize("aligned", [True, False])
def test_a_card_formatted_by_another_hand(aligned: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", CHEAP)
    bare, source = exfat_card(tmp_path / "bare", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=1)
    with open_card(bare) as opened:
        heap = opened.volumes[0].heap_offset_bytes
    first = (2 * MIB - heap) // 512 if aligned else 2048
    card = in_partition(bare, tmp_path / "card.img", first)
    assert hide_to(source, card, to=(line_of(EDITOR),)).code == 0
    empty = tmp_path / "empty"
    format_fat32(empty, card.stat().st_size, label="NEW", partitioned=False)
    with open_card(empty) as opened:
        now = opened.volumes[0].heap_offset_bytes
    with card.open("r+b") as file, empty.open("rb") as fresh:
        file.write(fresh.read(now + 4096))
    assert ((first * 512 + heap) % MIB == 0) == aligned
    assert now % MIB, "elsewhere"
    who, other = (identity_file(tmp_path / name, secret) for name, secret in (("e", EDITOR), ("s", STRANGER)))
    assert by(other, "open", card, "--out", tmp_path / "no").document["error"] == "sealed.nothing"
    said = by(who, "open", card, "--out", tmp_path / "out")
    typed = tmp_path / "phrase"
    typed.write_text(PASSPHRASE)
    monkeypatch.setattr(rescue, "KDF_KIB", CHEAP.memory_kib)
    monkeypatch.setattr(rescue, "KDF_PASSES", CHEAP.passes)
    monkeypatch.setattr(rescue, "KDF_LANES", CHEAP.lanes)
    where = ["--identity", str(who), "--passphrase-file", str(typed), "--out", str(tmp_path / "rescued")]
    code = rescue.main([*where, str(card)])
    if not aligned:
        assert (said.document["error"], code) == ("sealed.nothing", 1), "the limit that the threat model names"
        return
    assert (said.code, code) == (0, 0), said.err
    assert tree(tmp_path / "out/roll") == tree(source)
    assert hashes(tmp_path / "rescued/roll") == hashes(source)
