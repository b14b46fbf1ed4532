"""Capsules among noise, by an examiner who knows the format: candidate places of wiped and of sealed cards alike.

Every test has its planted tell, which must be seen.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from numpy.typing import NDArray
from scipy.stats import binom, chisquare, hypergeom
from tests.property.test_kemeleon import unlikely_digits, unlikely_spare_bits
from tests.tasks.cards_at_hand import exfat_card, layout_of, roll
from tests.tasks.quick import command, seeded

from fifthfloor.cards.image import open_card
from fifthfloor.carriers.free_space import Layout
from fifthfloor.floor import elligator
from fifthfloor.floor.capsule import KEM_AT, MARK_AT
from fifthfloor.floor.plan import Plan
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.seal import FloorKeys, keys_of_master
from fifthfloor.floor.slot import SLOT_BYTES, SlotCipher
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import sealing
from fifthfloor.tasks.floors.here import collected
from fifthfloor.tasks.floors.kept import Keeping, KeptCard, KeptFloor, KeptHealth
from fifthfloor.tasks.floors.place import CAPSULE, NEW, place
from fifthfloor.tasks.progress import silent

EDITOR = RecipientKey(bytes(range(32))).public.line()
UNLIKELY = 1e-6


def candidates(card: Path) -> list[bytes]:
    """What may be a representative and a ciphertext at every place where a capsule may stand, in free space."""
    layout = layout_of(card)
    with open_card(card) as opened:
        return [opened.device.read(int(at), MARK_AT) for at in layout.places[layout.on_grid]]


def is_identity(first: bytes) -> bool:
    """Decode, and multiply by the order of the prime subgroup."""
    u = int.from_bytes(elligator.point_of(first), "little")
    return elligator.ladder(elligator.ORDER, u) is None


def unlikely_rate(found: Sequence[bytes]) -> float:
    """How unlikely so many identities (or so few) are where each has odds of 1 in 8."""
    count = sum(map(is_identity, found))
    return 2 * float(min(binom.cdf(count, len(found), 1 / 8), binom.sf(count - 1, len(found), 1 / 8)))


def unlikely_classes(found: Sequence[bytes]) -> float:
    """How unlikely the classes of the bytes, read as a plain key, are: its two highest bits, curve or twist."""
    numbers = [int.from_bytes(one, "little") for one in found]
    us = [number % 2**255 % elligator.PRIME for number in numbers]
    on_curve = [pow(u * (u * (u + elligator.A) + 1), (elligator.PRIME - 1) // 2, elligator.PRIME) <= 1 for u in us]
    classes = np.bincount([4 * on + (n >> 254) for on, n in zip(on_curve, numbers, strict=True)], minlength=8)
    return float(chisquare(classes).pvalue)


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """Candidates of wiped cards and of sealed ones, half of whose candidates are capsules."""
    folder = tmp_path_factory.mktemp("cards")
    source = roll(folder / "roll", megabytes=0.5)
    found: dict[str, list[bytes]] = {"wiped": [], "sealed": []}
    for number in range(3):
        card = exfat_card(folder / "card.img", number, size_bytes=70_000_000, files=4)
        assert command("wipe", card, "--yes").code == 0
        found["wiped"] += candidates(card)
        more = [argument for one in range(1, 3) for argument in ("--to", RecipientKey(bytes([one] * 32)).public.line())]
        assert command("hide", source, "--in", card, "--to", EDITOR, *more, "--overwrite", "4", "--yes").code == 0
        found["sealed"] += candidates(card)
        card.unlink()
    return found


@pytest.mark.parametrize("kind", ["wiped", "sealed"])
def test_the_order_and_the_classes_say_the_same_of_both(kind: str, cards: dict[str, list[bytes]]) -> None:
    assert len(cards[kind]) > 180
    keys, ciphertexts = ([one[part] for one in cards[kind]] for part in (slice(KEM_AT), slice(KEM_AT, MARK_AT)))
    assert unlikely_rate(keys) > UNLIKELY
    assert unlikely_classes(keys) > UNLIKELY
    assert not unlikely_digits(ciphertexts)
    assert not unlikely_spare_bits(ciphertexts)


def among_noise(made: Callable[[random.Random], bytes]) -> list[bytes]:
    """As many candidates as on the sealed cards, a third of them planted."""
    chance = random.Random(5)
    return [made(chance) if number % 3 == 0 else chance.randbytes(32) for number in range(190)]


def test_a_generator_of_the_clean_subgroup_is_seen() -> None:
    """Keys without torsion, as most libraries draw them: the order gives the identity always."""

    def clean(chance: random.Random) -> bytes:
        while True:
            key = X25519PrivateKey.from_private_bytes(chance.randbytes(32)).public_key().public_bytes_raw()
            found = elligator.representative_of(int.from_bytes(key, "little"), chance.randrange(8))
            if found is not None:
                return found

    assert unlikely_rate(among_noise(clean)) < UNLIKELY


def test_ordinary_keys_are_seen() -> None:
    def ordinary(chance: random.Random) -> bytes:
        return X25519PrivateKey.from_private_bytes(chance.randbytes(32)).public_key().public_bytes_raw()

    assert unlikely_classes(among_noise(ordinary)) < UNLIKELY


# What a floor's places say of what was put beside it (spec/sealed.md, section 5; spec/unseen.md).

PLACES, KEPT, NEW_SLOTS, CAPSULES, DRAWS = 6_400, 2_000, 2_000, 20, 250


def layout() -> Layout:
    places = np.arange(PLACES, dtype=np.int64) * SLOT_BYTES
    writes = np.array([[0, PLACES * SLOT_BYTES]], np.int64)
    return Layout(writes, np.array([1], np.int64), places, np.arange(PLACES) % 64 == 0)


def kept(slots: int) -> Keeping:
    card = KeptCard(np.arange(slots, dtype=np.int64) * SLOT_BYTES, np.zeros(slots, np.int64))
    cipher = SlotCipher(FloorKeys(bytes(32), bytes(32)))
    return Keeping((KeptFloor(cipher, (card,), np.zeros(1, np.int64), KeptHealth(0, 0, 0, 0)),))


def on_grid(owner: int, keeping: Keeping, capsules: int) -> NDArray[np.int64]:
    """Of many draws, how many of an owner's places lie on the grid."""
    plan, where, counts = Plan((NEW_SLOTS,), (NEW_SLOTS,), 1, 0.0), layout(), []
    for _ in range(DRAWS):
        placed = place(plan, 0, where, keeping, "card", capsules)
        assert int((placed.owner == CAPSULE).sum()) == capsules
        counts.append(int((placed.offsets[placed.owner == owner] % (64 * SLOT_BYTES) == 0).sum()))
    return np.array(counts)


def odd(counts: NDArray[np.int64], places: int, grid: int, slots: int) -> float:
    """Standard errors between the mean of the counts and what the law gives."""
    law = hypergeom(places, grid, slots)
    return float(abs(counts.mean() - law.mean()) / (law.std() / np.sqrt(len(counts))))


def test_a_kept_floor_lies_on_the_grid_as_if_there_were_no_capsules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "RANDOM", seeded(11))
    grid = PLACES // 64
    assert odd(on_grid(1, kept(KEPT), CAPSULES), PLACES, grid, KEPT) < 5
    assert odd(on_grid(NEW, kept(KEPT), CAPSULES), PLACES - CAPSULES, grid - CAPSULES, NEW_SLOTS) < 5
    # The planted tell: drawn among what the capsules leave, as one would at first.
    chance = random.Random(3)
    left = [at for at in range(PLACES) if at % 64 or at >= 64 * CAPSULES]
    naive = [sum(at % 64 == 0 for at in chance.sample(left, KEPT)) for _ in range(DRAWS)]
    assert odd(np.array(naive), PLACES, grid, KEPT) > 5


# Below the threshold what the archive holds is seen nowhere.


def test_two_archives_of_one_size_give_one_view_below_the_threshold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One card of two, with the recipient's own key: a permutation test over slots, numbers, shares and symbols."""
    monkeypatch.setattr(secret, "RANDOM", seeded(17))
    # ML-KEM's own chance cannot be seeded; what a capsule holds is no part of this view.
    monkeypatch.setattr(sealing, "seal_capsule", lambda *_, random: random(SLOT_BYTES))
    drawn: list[FloorKeys] = []
    honest = sealing.seal_to

    def watched(given: Sequence[str], label: str) -> sealing.SealedFloor:
        floor = honest(given, label)
        drawn.append(keys_of_master(bytes(floor.master)))  # its own are overwritten when the command ends
        return floor

    monkeypatch.setattr(sealing, "seal_to", watched)
    empty = [exfat_card(tmp_path / f"empty{n}.img", n, size_bytes=6_000_000, files=2).read_bytes() for n in range(2)]
    contents = [bytes(400_000), random.Random(1).randbytes(400_000)]

    def view(number: int) -> list[float]:
        paths = [tmp_path / f"card{n}.img" for n in range(2)]
        for path, data in zip(paths, empty, strict=True):
            path.write_bytes(data)
        source = tmp_path / "IMG_0001.JPG"
        source.write_bytes(contents[number % 2])
        where = [argument for path in paths for argument in ("--in", path)]
        said = command("hide", source, *where, "--to", EDITOR, "--lose", "0", "--overwrite", "0", "--yes")
        assert said.code == 0, said.err
        keys = drawn[-1]
        seen = np.frombuffer(paths[0].read_bytes(), np.uint8)
        hits = SlotCipher(keys).recognise(seen[: len(seen) // 512 * 512])
        opened = [SlotCipher(keys).open(seen[at : at + SLOT_BYTES].tobytes()) for at in (hits.sector * 512).tolist()]
        symbols = np.array([np.frombuffer(bytes(one[1]), np.uint8) for one in opened if one])
        shares = np.frombuffer(b"".join(one[0].share for one in opened[:1] if one), np.uint8)
        with collected([paths[0]], keys, silent) as (collection, _found):
            assert collection.floors()[0].unlock() is None
        return [len(hits.sector), hits.symbol.mean(), hits.sector.mean(), symbols.mean(), symbols.var(), shares.mean()]

    views = np.array([view(number) for number in range(16)])
    spread = views.std(axis=0)
    views = (views - views.mean(axis=0)) / np.where(spread > 0, spread, 1)
    assert p_value(views) > 0.01
    tell = views.copy()
    tell[1::2, 3] += 4  # symbols that show what the archive holds
    assert p_value(tell) < 0.01


def p_value(views: NDArray[np.float64]) -> float:
    """How often chance parts the views as well as the archives do."""
    chance = np.random.default_rng(7)

    def apart(labels: NDArray[np.int64]) -> float:
        return float(np.abs(views[labels == 1].mean(axis=0) - views[labels == 0].mean(axis=0)).max())

    labels = np.arange(len(views)) % 2
    honest = apart(labels)
    return float(np.mean([apart(chance.permutation(labels)) >= honest - 1e-12 for _ in range(2_000)]))
