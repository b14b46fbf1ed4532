"""The first three laws (docs/threat-model.md), judged from outside: by what is asked of the cards, and what is said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from tests.cards.judges import assert_clean
from tests.doubles import Call
from tests.tasks.cards_at_hand import CARD_BYTES, KINDS, exfat_card, layout_of, outside_free, roll, visible
from tests.tasks.quick import LABEL, PASSPHRASE, WRONG, Said, command, hide, open_in_process
from tests.tasks.recording import Reader

from fifthfloor import argon
from fifthfloor.cards.image import open_card
from fifthfloor.floor import seal
from fifthfloor.floor.recipient import RecipientKey

pytestmark = pytest.mark.usefixtures("quick_kdf")


def set_of(kind: str, folder: Path) -> list[Path]:
    """Two cards in pieces; the same in every folder."""
    folder.mkdir()
    return [KINDS[kind](folder / f"card{number}.img", number) for number in range(2)]


@pytest.mark.parametrize("kind", KINDS)
def test_wipe_and_hide_ask_the_same_of_a_card(kind: str, tmp_path: Path, reader: Reader) -> None:
    sweeps: dict[str, Callable[[list[Path]], Said]] = {
        "wipe": lambda cards: command("wipe", *cards, "--yes"),
        "hide": lambda cards: hide(roll(tmp_path / "roll"), *cards),
        "hide more": lambda cards: hide(roll(tmp_path / "more", megabytes=20), *cards, options=("--overwrite", "5")),
        "hide little": lambda cards: hide(roll(tmp_path / "little", megabytes=0.1), *cards, options=("--lose", "1")),
    }
    logs: dict[str, list[list[Call]]] = {}
    for name, sweep in sweeps.items():
        cards = set_of(kind, tmp_path / name)
        reader.forget()
        said = sweep(cards)
        assert said.code == 0, said.err
        logs[name] = reader.logs
    assert len(logs["wipe"]) == 2
    assert any(call[0] == "write" for call in logs["wipe"][1])
    for name in sweeps:
        assert logs[name] == logs["wipe"], name


@pytest.mark.parametrize("kind", KINDS)
def test_a_sealed_floor_is_written_like_a_wipe(kind: str, tmp_path: Path, reader: Reader) -> None:
    """And read once more afterwards, to the end: the one check that anybody will ever make."""
    line = RecipientKey(bytes(32)).public.line()
    empty, cards = set_of(kind, tmp_path / "wiped"), set_of(kind, tmp_path / "sealed")
    reader.forget()
    assert command("wipe", *empty, "--yes").code == 0
    wiped = reader.logs
    reader.forget()
    where = [argument for card in cards for argument in ("--in", card)]
    said = command("hide", roll(tmp_path / "roll", megabytes=2), *where, "--to", line, "--overwrite", "5", "--yes")
    assert said.code == 0, said.err
    for log, plain in zip(reader.logs, wiped, strict=True):
        assert log[: len(plain)] == plain
        assert {call[0] for call in log[len(plain) :]} == {"read"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sweep_of_a_swept_card_asks_the_same_again(kind: str, tmp_path: Path, reader: Reader) -> None:
    cards = set_of(kind, tmp_path / "cards")
    logs = []
    sweeps: list[Callable[[], Said]] = [
        lambda: hide(roll(tmp_path / "roll"), *cards),
        lambda: command("wipe", *cards, "--yes"),
    ]
    for sweep in sweeps:
        reader.forget()
        assert sweep().code == 0
        logs.append(reader.logs)
    assert logs[0] == logs[1]


@pytest.mark.parametrize("kind", KINDS)
def test_every_free_byte_is_written_once_in_pieces_and_read_back(kind: str, tmp_path: Path, reader: Reader) -> None:
    (card, _other) = set_of(kind, tmp_path / "cards")
    layout = layout_of(card)
    with open_card(card) as opened:
        free, heap = opened.free.tolist(), opened.volumes[0].heap_offset_bytes
    reader.forget()
    assert command("wipe", card, "--yes").code == 0
    (log,) = reader.logs
    writes = [(offset, length) for name, offset, length in log if name == "write"]
    assert joined(writes) == [(offset, offset + length) for offset, length in free]
    begin = next(index for index, call in enumerate(log) if call[0] == "write")
    end = log.index(("drop_cache", 0, 0), begin)
    assert {call[0] for call in log[begin:end]} == {"write", "flush"}
    pieces = split_at_flushes(log[begin:end])
    for piece in pieces:
        first, last = piece[0][0] - heap, sum(piece[-1]) - 1 - heap
        assert first // (4 << 20) == last // (4 << 20), "one stretch of 4 MiB, and a flush"
    assert [(offset, length) for name, offset, length in log[end + 1 :]] == writes
    assert len(layout.writes) == len(writes)


def joined(writes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Writes that touch, as one; (start, end)."""
    runs: list[tuple[int, int]] = []
    for offset, length in writes:
        assert not runs or offset >= runs[-1][1], "a sweep only rises"
        if runs and runs[-1][1] == offset:
            runs[-1] = (runs[-1][0], offset + length)
        else:
            runs.append((offset, offset + length))
    return runs


def split_at_flushes(log: list[Call]) -> list[list[tuple[int, int]]]:
    pieces: list[list[tuple[int, int]]] = [[]]
    for name, offset, length in log:
        if name == "flush":
            pieces.append([])
        else:
            pieces[-1].append((offset, length))
    assert pieces.pop() == [], "the last thing a sweep does to a card is to flush it"
    assert all(pieces)
    return pieces


@pytest.mark.judge("fsck.fat", "fsck.exfat")
@pytest.mark.parametrize("sweep", ["wipe", "hide"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_but_free_bytes_changes(kind: str, sweep: str, tmp_path: Path) -> None:
    cards = set_of(kind, tmp_path / "cards")
    for card in cards:
        assert_clean(card, kind)
    files, others = [visible(card) for card in cards], [outside_free(card) for card in cards]
    said = command("wipe", *cards, "--yes") if sweep == "wipe" else hide(roll(tmp_path / "roll"), *cards)
    assert said.code == 0, said.err
    assert len(files[0]) == 30
    assert [visible(card) for card in cards] == files
    assert [outside_free(card) for card in cards] == others
    for card in cards:
        assert_clean(card, kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("sweep", ["wipe", "hide"])
def test_no_byte_of_the_free_space_stays(kind: str, sweep: str, tmp_path: Path) -> None:
    card = KINDS[kind](tmp_path / "card.img", 5)
    before = np.fromfile(card, np.uint8)
    said = command("wipe", card, "--yes") if sweep == "wipe" else hide(roll(tmp_path / "roll"), card)
    assert said.code == 0, said.err
    after = np.fromfile(card, np.uint8)
    with open_card(card) as opened:
        for offset, length in opened.free.tolist():
            same = before[offset : offset + length] == after[offset : offset + length]
            stretches = same[: length // 512 * 512].reshape(-1, 512).sum(axis=1)
            assert not (stretches > 40).any(), "by chance two bytes of a sector are equal, forty never"


class Witness:
    """Stands in for Argon2id and notes at which cost it is asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def __call__(self, **cost: Any) -> Argon2id:
        self.asked.append(cost)
        return Argon2id(salt=cost["salt"], length=cost["length"], iterations=1, lanes=1, memory_cost=64)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asked", ["open", "health"])
def test_nothing_tells_a_wrong_passphrase_from_an_empty_or_a_wiped_card(
    kind: str, asked: str, tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fifthfloor.tasks import secret

    card = tmp_path / "card.img"
    witness = Witness()
    monkeypatch.setattr(argon, "Argon2id", witness)
    monkeypatch.setattr(secret, "KDF", seal.argon2id)
    prepared: dict[str, Callable[[], object]] = {
        "empty card": lambda: None,
        "wiped card": lambda: command("wipe", card, "--yes"),
        "wrong passphrase": lambda: hide(roll(tmp_path / "roll"), card, label=LABEL),
        "full card": lambda: hide(roll(tmp_path / "full", megabytes=18), card, options=("--overwrite", "0")),
    }
    seen = {}
    for name, prepare in prepared.items():
        KINDS[kind](card, 3)
        prepare()
        reader.forget()
        witness.asked.clear()
        said = ask(asked, card, tmp_path / "out", WRONG)
        seen[name] = (said, reader.logs, list(witness.asked))
        if name == "full card":
            assert ask(asked, card, tmp_path / "really", PASSPHRASE).code == 0, "there is something to find"
        card.unlink()
    first = seen["empty card"]
    assert all(other == first for other in seen.values())
    said, (before_the_secret, log), costs = first
    assert said.code == 1
    assert before_the_secret == [], "the card is opened once before anything is typed, and nothing of it is read"
    told = said.err
    if said.out:  # with --json the same words are on stdout too
        assert said.document.keys() == {"error", "cause", "hint", "exit_code"}
        told += said.document["cause"] + said.document["hint"]
    assert {call[0] for call in log} == {"read"}
    assert sum(length for _read, _offset, length in log) >= CARD_BYTES // 512 * 512, "all of it, whatever is there"
    assert [(c["memory_cost"], c["iterations"], c["lanes"]) for c in costs] == [(262_144, 3, 4)]
    assert not any(character.isdigit() or character == "/" for character in told), "no path, size, count or time"
    assert not (tmp_path / "out").exists()


def ask(command_name: str, card: Path, out: Path, passphrase: str) -> Said:
    if command_name == "open":
        return open_in_process(out, card, passphrase=passphrase)
    return command("health", card, "--label", LABEL, "--passphrase-file", "-", stdin=passphrase + "\n")


def test_a_wrong_label_is_a_wrong_passphrase(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", 3)
    assert hide(roll(tmp_path / "roll"), card).code == 0
    wrong_label = open_in_process(tmp_path / "out", card, label="other")
    assert wrong_label == open_in_process(tmp_path / "out", card, passphrase=WRONG)
    assert open_in_process(tmp_path / "out", card, label=f"  {LABEL.upper()} ").code == 0, (
        "case and spaces do not count"
    )
    shutil.rmtree(tmp_path / "out")
