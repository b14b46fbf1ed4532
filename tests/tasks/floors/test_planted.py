"""Whoever has a recipient's line can plant capsules; what they cost the recipient is bounded (spec/sealed.md, 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest
from tests.tasks.cards_at_hand import exfat_card, roll, tree
from tests.tasks.floors.test_sealed import BYTES, CHEAP, EDITOR, by, hide_to, identity_file, line_of
from tests.tasks.quick import PASSPHRASE, command, seeded

from fifthfloor.cards.reading import open_raw_to_read
from fifthfloor.carriers.capsules import capsule_places, find_capsules
from fifthfloor.cli.bar import Bar
from fifthfloor.floor.capsule import Entrusted, seal_capsule
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.tasks.floors import sealing
from fifthfloor.tasks.floors.here import MOST_KEYS
from fifthfloor.tasks.people import identity as identities
from tools import rescue

pytestmark = pytest.mark.usefixtures("quick_kdf")
MIB = 1 << 20


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", CHEAP)


def planted(path: Path, masters: list[bytes]) -> Path:
    """A file with a capsule in each MiB, made with the line alone."""
    with path.open("xb") as file:
        file.truncate((len(masters) + 1) * MIB)
        for number, master in enumerate(masters):
            file.seek(number * MIB)
            file.write(seal_capsule(Entrusted(master, 1, 1), RecipientKey(EDITOR).public, "", random=seeded(number)))
    return path


def hashes(folder: Path) -> dict[str, str]:
    """Names and SHA-256: the rescue decoder keeps times to the microsecond only."""
    return {name: facts[0] for name, facts in tree(folder).items()}


def key(number: int) -> bytes:
    return number.to_bytes(32, "big")


def test_all_keys_are_read_for_at_once_and_the_true_one_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    card, source = exfat_card(tmp_path / "card.img", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=1)
    assert hide_to(source, card, to=(line_of(EDITOR),)).code == 0
    more = planted(tmp_path / "planted.img", [key(number) for number in range(MOST_KEYS + 6)])
    who = identity_file(tmp_path / "editor", EDITOR)
    readings: list[str] = []
    honest = Bar.step

    @contextmanager
    def counted(self: Bar, title: str, total_bytes: int) -> Iterator[object]:
        readings.append(title)
        with honest(self, title, total_bytes) as advance:
            yield advance

    monkeypatch.setattr(Bar, "step", counted)
    said = by(who, "open", more, card, "--out", tmp_path / "out")
    assert said.code == 0, said.err
    assert tree(tmp_path / "out/roll") == tree(source)
    assert readings.count("work.scan") == 1
    assert f"{MOST_KEYS + 7} different keys" in said.err
    assert f"open --after {MOST_KEYS}" in said.err
    # What was left can be tried; the true key is not among it.
    again = by(who, "open", more, card, "--out", tmp_path / "no", "--after", str(MOST_KEYS))
    assert (again.document["error"], again.code, "different keys" in again.err) == ("sealed.keys_alone", 1, False)
    assert by(who, "open", card, "--out", tmp_path / "alone").code == 0
    # The rescue decoder does the same.
    typed = tmp_path / "phrase"
    typed.write_text(PASSPHRASE)
    monkeypatch.setattr(rescue, "KDF_KIB", CHEAP.memory_kib)
    monkeypatch.setattr(rescue, "KDF_PASSES", CHEAP.passes)
    monkeypatch.setattr(rescue, "KDF_LANES", CHEAP.lanes)
    where = ["--identity", str(who), "--passphrase-file", str(typed), "--out", str(tmp_path / "rescued")]
    assert rescue.main([*where, str(more), str(card)]) == 0
    assert f"of {MOST_KEYS + 7} keys the {MOST_KEYS} with the most copies" in capsys.readouterr().err
    assert hashes(tmp_path / "rescued/roll") == hashes(source)


def test_a_key_on_more_cards_comes_before_one_with_more_copies(tmp_path: Path) -> None:
    """Who had one card in hand does not get before a floor of which two are here."""
    two_cards, many, few = key(9), key(1), key(2)
    paths = [
        planted(tmp_path / "one", [two_cards, many, many, few, many, few]),
        planted(tmp_path / "other", [two_cards]),
    ]
    with ExitStack() as stack:
        devices = [stack.enter_context(open_raw_to_read(path)) for path in paths]
        places = [capsule_places(device) for device in devices]
        found = find_capsules(devices, places, RecipientKey(EDITOR), "", lambda _done: None)
        images: list[BinaryIO] = [stack.enter_context(path.open("rb")) for path in paths]
        theirs = rescue.masters(images, EDITOR, "")
    assert [bytes(told.master) for told, _number, _at in found] == [two_cards, many, few] == theirs


def test_after_is_for_an_identity(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", size_bytes=12_000_000, files=2)
    assert command("open", card, "--check", "--after", "64", "--passphrase-file", "-").code == 2


def test_capsules_are_made_as_they_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """With --overwrite 95 on 64 GB there are 30,000, which were all held before the first write."""
    made: list[bytes] = []

    def noted(*_: object, random: Callable[[int], bytes]) -> bytes:
        made.append(random(1))
        return made[-1]

    monkeypatch.setattr(sealing, "seal_capsule", noted)
    capsules = sealing.seal_to([line_of(EDITOR)], "").capsules(30_000, 3, 2)
    assert not made
    assert [next(capsules)] == made
