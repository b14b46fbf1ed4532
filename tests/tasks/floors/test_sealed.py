"""`hide --to` and `open --identity`: who hides cannot open, and any one of the recipients can."""

from __future__ import annotations

import gc
import json
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card, fat32_card, in_partition, layout_of, outside_free, roll, tree, visible
from tests.tasks.quick import LABEL, PASSPHRASE, Said, command, hide, open_in_process

from fifthfloor.cards.image import Card, open_card
from fifthfloor.cards.reading import open_raw_to_read
from fifthfloor.cards.skipping import SkippingDevice
from fifthfloor.carriers.free_space import lay_out
from fifthfloor.cli.console import Console
from fifthfloor.floor.grid import MOST_VOLUMES
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.identity import Cost, Identity, pack
from fifthfloor.tasks.floors import sealing
from fifthfloor.tasks.people import identity as identities
from tools import rescue

pytestmark = pytest.mark.usefixtures("quick_kdf")
CHEAP = Cost(memory_kib=32, passes=1, lanes=4)
EDITOR, LAWYER, STRANGER = (bytes(range(start, start + 32)) for start in (0, 1, 2))
BYTES = 60_000_000


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", CHEAP)


def identity_file(path: Path, secret: bytes) -> Path:
    path.write_bytes(pack(Identity(bytes(32), secret), PASSPHRASE, random=lambda n: bytes(n), cost=CHEAP))
    return path


def line_of(secret: bytes) -> str:
    return RecipientKey(secret).public.line()


def hide_to(source: Path, *cards: Path, to: tuple[str | Path, ...], options: tuple[str | Path, ...] = ()) -> Said:
    where = [argument for card in cards for argument in ("--in", card)]
    whom = [argument for one in to for argument in ("--to", one)]
    return command("hide", source, *where, *whom, "--yes", "--json", *options)


def by(who: Path, verb: str, *arguments: str | Path) -> Said:
    return command(verb, *arguments, "--identity", who, "--passphrase-file", "-", "--json")


@pytest.mark.parametrize("make", [fat32_card, exfat_card])
def test_the_identity_opens_it_and_nothing_else_does(make: Callable[..., Path], tmp_path: Path) -> None:
    card, source = make(tmp_path / "card.img", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=4)
    before, seen = outside_free(card), visible(card)
    said = hide_to(source, card, to=(line_of(EDITOR),))
    assert said.code == 0, said.err
    assert said.document["sealed_to"] == [RecipientKey(EDITOR).public.fingerprint()]
    assert (outside_free(card), visible(card)) == (before, seen)
    mine, other = identity_file(tmp_path / "editor", EDITOR), identity_file(tmp_path / "other", STRANGER)
    assert open_in_process(tmp_path / "no", card, label="").code == 1
    refused = by(other, "open", card, "--out", tmp_path / "no")
    assert refused.code == 1
    opened = by(mine, "open", card, "--out", tmp_path / "out")
    assert opened.code == 0, opened.err
    assert tree(tmp_path / "out/roll") == tree(source)
    assert by(mine, "open", card, "--check", "--only", "*0041*").document["floors"][0]["files"] == 2
    assert len(by(mine, "list", card).document["floors"][0]["files"]) == 5
    assert by(mine, "health", card).document["floors"][0]["opens"] is True
    # A wrong identity and an empty card are one and the same to the eye.
    empty = make(tmp_path / "empty.img", size_bytes=BYTES)
    nothing = by(mine, "open", empty, "--out", tmp_path / "no")
    assert (nothing.code, nothing.cause_and_hint) == (1, refused.cause_and_hint)
    assert not (tmp_path / "no").exists()


def test_a_wrong_identity_reads_what_it_reads_on_an_empty_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same work: the same places are tried, whether capsules stand there or not."""
    from fifthfloor.carriers import capsules

    tried: list[int] = []
    honest = capsules.open_capsules  # type: ignore[attr-defined]

    def counted(candidates: object, *arguments: object) -> object:
        got = list(honest(candidates, *arguments))  # type: ignore[arg-type]
        tried.append(len(got))
        return iter(got)

    monkeypatch.setattr(capsules, "open_capsules", counted)
    empty = fat32_card(tmp_path / "empty.img", size_bytes=BYTES)
    card = Path(shutil.copy(empty, tmp_path / "card.img"))
    assert hide_to(roll(tmp_path / "roll", megabytes=1), card, to=(line_of(EDITOR),)).code == 0
    other = identity_file(tmp_path / "other", STRANGER)
    assert by(other, "list", empty).code == by(other, "list", card).code == 1
    assert tried[:2] == tried[2:], "where the file system says, and then where another may have been"
    assert min(tried) >= BYTES // (1 << 20) - 2


def test_any_of_several_recipients_and_any_cards_that_are_enough(tmp_path: Path) -> None:
    cards = [exfat_card(tmp_path / f"card{n}.img", n, size_bytes=BYTES) for n in range(3)]
    source = roll(tmp_path / "roll", megabytes=4)
    held = tmp_path / "line.txt"
    held.write_text(f"recipient, to whom floors are sealed: {line_of(LAWYER)}\n")
    said = hide_to(source, *cards, to=(line_of(EDITOR), held), options=("--lose", "1", "--overwrite", "10"))
    assert said.code == 0, said.err
    for who, given in ((EDITOR, cards[:2]), (LAWYER, cards[1:])):
        file = identity_file(tmp_path / str(who[0]), who)
        assert by(file, "open", *given, "--out", tmp_path / f"out{who[0]}").code == 0
        assert tree(tmp_path / f"out{who[0]}/roll") == tree(source)
    alone = by(file, "open", cards[0], "--out", tmp_path / "no")
    assert alone.code == 1
    assert alone.cause_and_hint[0] == "something is here, but 2 of its cards are needed to open it; given: 1"
    assert alone.cause_and_hint[1].startswith("where it is on other cards too, give 1 more card of those")
    health = by(file, "health", cards[0]).document["floors"][0]
    assert (health["carriers"], health["threshold"], health["more_carriers_needed"]) == (3, 2, 1)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[sealing.SealedFloor]:
    """Every floor that is sealed."""
    drawn: list[sealing.SealedFloor] = []
    honest = sealing.seal_to

    def watched(*arguments: object) -> sealing.SealedFloor:
        drawn.append(honest(*arguments))  # type: ignore[arg-type]
        assert all(map(any, (drawn[-1].master, drawn[-1].keys.recogniser, drawn[-1].keys.seal)))
        return drawn[-1]

    monkeypatch.setattr(sealing, "seal_to", watched)
    return drawn


def all_wiped(drawn: list[sealing.SealedFloor]) -> bool:
    secrets = [secret for one in drawn for secret in (one.master, one.keys.recogniser, one.keys.seal, one.keys.roll)]
    return not any(map(any, secrets))


def test_the_key_is_wiped_whatever_happens(
    tmp_path: Path, drawn: list[sealing.SealedFloor], monkeypatch: pytest.MonkeyPatch
) -> None:
    card, source = fat32_card(tmp_path / "card.img", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=1)
    assert hide_to(source, card, to=(line_of(EDITOR),)).code == 0
    monkeypatch.setattr("fifthfloor.tasks.floors.sealed_check.file_hashes", lambda *_: {})
    said = hide_to(source, card, to=(line_of(EDITOR),))
    assert (said.code, said.document["error"]) == (3, "floor.archive_broken")
    assert len(drawn) == 2
    assert all_wiped(drawn)


def test_the_key_is_wiped_when_nothing_is_written(
    tmp_path: Path, drawn: list[sealing.SealedFloor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By "no", by Ctrl-C at the question, after a dry run, and where there is no room."""
    card, source = fat32_card(tmp_path / "card.img", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=1)
    before, to = card.read_bytes(), (line_of(EDITOR),)
    assert hide_to(source, card, to=to, options=("--dry-run",)).code == 0
    assert hide_to(source, card, to=to, options=("--overwrite", "95")).document["error"] == "sealed.no_room"

    def no(_console: object, _question: str) -> bool:
        assert any(drawn[-1].master)
        return False

    monkeypatch.setattr(Console, "confirm", no)
    assert hide_to(source, card, to=to).code == 1

    def stopped(_console: object, _question: str) -> bool:
        raise KeyboardInterrupt

    monkeypatch.setattr(Console, "confirm", stopped)
    assert hide_to(source, card, to=to).code == 130
    assert len(drawn) == 4
    assert all_wiped(drawn)
    assert card.read_bytes() == before


def test_every_shard_is_opened_before_the_key_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card that loses one slot after it was read back: said while the key is still there, and nothing is removed."""
    from fifthfloor.tasks.floors import hide as hiding

    card, source = fat32_card(tmp_path / "card.img", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=1)
    honest = hiding.sweep_card  # type: ignore[attr-defined]

    def then_lose_one(opened: object, slots: object, progress: object) -> None:
        honest(opened, slots, progress)  # type: ignore[arg-type]
        at = int(slots._placed.offsets[slots._placed.owner == 0][3])  # type: ignore[attr-defined]
        with card.open("r+b") as file:
            file.seek(at + 9_000)
            file.write(b"gone")

    monkeypatch.setattr(hiding, "sweep_card", then_lose_one)
    said = hide_to(source, card, to=(line_of(EDITOR),), options=("--remove",))
    assert (said.code, said.document["error"]) == (3, "sealed.not_whole")
    assert (source / "DSC_0041.JPG").exists()


def test_remove_opens_it_once_more_before_the_originals_go(tmp_path: Path) -> None:
    card, source = exfat_card(tmp_path / "card.img", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=1)
    original = tree(source)
    assert hide_to(source, card, to=(line_of(EDITOR),), options=("--remove",)).code == 0
    assert not (source / "DSC_0041.JPG").exists()
    assert by(identity_file(tmp_path / "e", EDITOR), "open", card, "--out", tmp_path / "out").code == 0
    found = tree(tmp_path / "out/roll")
    assert {name: facts for name, facts in found.items() if facts[0] != "folder"} == {
        name: facts for name, facts in original.items() if facts[0] != "folder"
    }


def test_frames_of_a_shooting_card_are_sealed(tmp_path: Path) -> None:
    shooting, card = fat32_card(tmp_path / "shot.img", 3), exfat_card(tmp_path / "card.img", size_bytes=BYTES)
    asked = ("--to", line_of(EDITOR), "--remove", "--no-wipe", "--yes", "--json")
    said = command("hide", "--from", shooting, "--only", "IMG_0001-0003", "--in", card, *asked)
    assert said.code == 0, said.err
    assert by(identity_file(tmp_path / "e", EDITOR), "open", card, "--out", tmp_path / "out").code == 0
    assert len([path for path in (tmp_path / "out").rglob("*") if path.is_file()]) == 3
    assert not any("IMG_0002" in name for name in visible(shooting))


def test_a_floor_with_a_passphrase_is_kept_beside_it_and_not_the_other_way_round(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img", size_bytes=BYTES)
    first, second = roll(tmp_path / "first", 1, megabytes=2), roll(tmp_path / "second", 2, megabytes=2)
    assert hide(first, card).code == 0
    kept = tmp_path / "kept"
    kept.write_text(f"{PASSPHRASE}\n{LABEL}\n")
    said = hide_to(second, card, to=(line_of(EDITOR),), options=("--keep-file", kept))
    assert (said.code, said.document["kept_floors"]) == (0, 1), said.err
    who = identity_file(tmp_path / "e", EDITOR)
    assert open_in_process(tmp_path / "one", card).code == 0
    assert tree(tmp_path / "one/first") == tree(first)
    assert by(who, "open", card, "--out", tmp_path / "two").code == 0
    assert tree(tmp_path / "two/second") == tree(second)
    verbs: list[list[str | Path]] = [["wipe", card], ["hide", first, "--in", card, "--to", line_of(LAWYER)]]
    for verb in verbs:
        told = command(*verb, "--keep-file", kept, "--dry-run")
        assert "what was not named to --keep, or was sealed, is lost for good" in told.err
        assert ("kept: " in told.err) == (verb[0] == "hide"), "who wipes may be watched"
    named = command("wipe", card, "--keep-file", kept, "--dry-run", "--verbose").err
    assert re.search(r"kept: what these passphrases hid on [\d-]+ \(\d+ files, 2\.\d MB\)", named), named
    (one,) = command("wipe", card, "--keep-file", kept, "--dry-run", "--json").document["kept"]
    assert (one["files"], len(one["hidden"])) == (sum(path.is_file() for path in first.rglob("*")), 10)
    plain = command("wipe", card, "--dry-run", "--verbose")
    assert not re.search(r"kept|\bfloors?\b|\bhid\b|passphrase", plain.err.replace(str(card), ""))
    assert command("wipe", card, "--keep-file", kept, "--yes").code == 0
    assert by(who, "list", card).code == 1
    assert open_in_process(tmp_path / "three", card).code == 0


@pytest.mark.parametrize("option", ["--quick", "--discard", "--discard-broken", "--own-passphrase"])
def test_what_means_nothing_beside_it_is_refused(option: str, tmp_path: Path) -> None:
    card, source = fat32_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=1)
    said = hide_to(source, card, to=(line_of(EDITOR),), options=(option,))
    assert said.code == 2
    assert option in said.err


def test_lines_that_are_none_are_refused_before_anything(tmp_path: Path) -> None:
    card, source = fat32_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=1)
    before = card.read_bytes()
    cases = {
        (line_of(EDITOR)[:-1],): "recipient.malformed",
        ("editor.txt",): "recipient.neither",
        (line_of(EDITOR), line_of(EDITOR).upper()): "sealed.twice",
    }
    for to, key in cases.items():
        said = hide_to(source, card, to=to)
        assert (said.code, said.document["error"]) == (3, key)
    assert card.read_bytes() == before


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_line_is_read_as_shells_write_it(codec: str, tmp_path: Path) -> None:
    """PowerShell 5.1 writes UTF-16 with its mark where the guide says `> line.txt`."""
    file = tmp_path / "line.txt"
    file.write_bytes(f"public key: 00\r\nrecipient: {line_of(EDITOR)}\r\nfingerprint: w4w0\r\n".encode(codec))
    assert sealing.recipient_given(str(file)) == RecipientKey(EDITOR).public


def test_what_lacks_cards_beside_what_comes_back_is_said_in_cards(tmp_path: Path) -> None:
    cards = [exfat_card(tmp_path / f"card{n}.img", n, size_bytes=BYTES) for n in range(4)]
    for given, name in ((cards[:1], "one"), (cards[1:], "three")):
        assert hide_to(roll(tmp_path / name, megabytes=1), *given, to=(line_of(EDITOR),)).code == 0
    who = identity_file(tmp_path / "editor", EDITOR)
    said = by(who, "open", *cards[:2], "--out", tmp_path / "out")
    assert (said.code, said.document["incomplete"]) == (0, 1)
    assert "something more is here, and 2 of its cards are needed to open it; given: 1" in said.err


def test_a_card_without_room_for_the_copies_is_refused_by_name(tmp_path: Path) -> None:
    card, source = (
        exfat_card(tmp_path / "card.img", size_bytes=12_000_000, files=4),
        roll(tmp_path / "roll", megabytes=1),
    )
    said = hide_to(source, card, to=(line_of(EDITOR),))
    assert (said.code, said.document["error"]) == (4, "sealed.no_room")


def test_what_is_said_before_names_whom_and_that_it_is_for_good(tmp_path: Path) -> None:
    card, source = fat32_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=1)
    said = command("hide", source, "--in", card, "--to", line_of(EDITOR), "--dry-run")
    print_of = RecipientKey(EDITOR).public.fingerprint()
    assert f"sealed to {print_of}: nobody else opens it, you neither, and no later hide or wipe keeps it" in said.err
    assert "this card and the recipient's secret open it" in said.err
    assert "passphrase open" not in said.err


def test_no_trace_of_the_key_in_what_is_left(tmp_path: Path) -> None:
    """After the command no object of ours holds the master key or what it gave."""
    card, source = fat32_card(tmp_path / "card.img"), roll(tmp_path / "roll", megabytes=1)
    assert hide_to(source, card, to=(line_of(EDITOR),)).code == 0
    gc.collect()
    assert not [one for one in gc.get_objects() if isinstance(one, sealing.SealedFloor) and any(one.master)]


def test_places_of_capsules_are_those_of_the_grid(tmp_path: Path) -> None:
    for make in (fat32_card, exfat_card):
        card = make(tmp_path / f"{make.__name__}.img")
        layout = layout_of(card)
        with open_card(card) as opened:
            heap = opened.volumes[0].heap_offset_bytes
            assert lay_out(opened.volumes).grid.places == int(layout.on_grid.sum())
            # Writers know no more volumes than readers look at.
            crowded = lay_out(opened.volumes * (MOST_VOLUMES + 3))
            assert crowded.grid.places == MOST_VOLUMES * int(layout.on_grid.sum())
            assert len(crowded.places) == (MOST_VOLUMES + 3) * len(layout.places)
        assert set((layout.places[layout.on_grid] - heap) % (64 * 16_384)) == {0}
        assert not ((layout.places[~layout.on_grid] - heap) % (64 * 16_384) == 0).any()


def test_json_of_a_refusal_names_no_secret(tmp_path: Path) -> None:
    who = identity_file(tmp_path / "e", EDITOR)
    said = command(
        "list",
        fat32_card(tmp_path / "card.img"),
        "--identity",
        who,
        "--passphrase-file",
        "-",
        "--json",
        stdin="wrong\n",
    )
    assert (said.code, json.loads(said.out)["error"]) == (1, "identity.closed")
    assert not re.search(r"wrong\b", said.err)


@pytest.mark.parametrize("make", [fat32_card, exfat_card])
def test_the_rescue_decoder_opens_it_with_the_identity(
    make: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("KDF_KIB", CHEAP.memory_kib), ("KDF_PASSES", CHEAP.passes), ("KDF_LANES", CHEAP.lanes)):
        monkeypatch.setattr(rescue, name, value)
    bare, source = make(tmp_path / "bare.img", size_bytes=BYTES), roll(tmp_path / "roll", megabytes=1)
    card = in_partition(bare, tmp_path / "card.img", 2_048)
    assert hide_to(source, card, to=(line_of(EDITOR),), options=("--label", "Ámbar")).code == 0
    mine, other = (identity_file(tmp_path / str(secret[0]), secret).read_bytes() for secret in (EDITOR, STRANGER))
    assert rescue.rescue(PASSPHRASE, "ámbar", tmp_path / "no", [card], other) == 1
    assert rescue.rescue(PASSPHRASE, "", tmp_path / "no", [card], mine) == 1
    assert rescue.rescue(PASSPHRASE, "ámbar", tmp_path / "out", [card], mine) == 0
    found = {path.name: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert found == {path.name: path.read_bytes() for path in source.rglob("*") if path.is_file()}


def test_two_people_each_with_a_part_of_the_cards(tmp_path: Path) -> None:
    """What the first brought is kept in one file, sealed as it was; with the second's cards it opens, cards gone."""
    cards = [exfat_card(tmp_path / f"card{n}.img", n, size_bytes=BYTES) for n in range(3)]
    source = roll(tmp_path / "roll", megabytes=4)
    assert hide_to(source, *cards, to=(line_of(EDITOR),), options=("--lose", "0", "--overwrite", "10")).code == 0
    who, first, both = identity_file(tmp_path / "e", EDITOR), tmp_path / "first", tmp_path / "both"
    said = by(who, "open", cards[0], "--out", tmp_path / "no", "--collect", first)
    assert said.code == 1
    assert said.cause_and_hint[1].startswith("where it is on other cards too, give 2 more cards of those")
    assert f"kept in {first}" in said.err
    assert not (tmp_path / "no").exists()
    cards[0].unlink()
    said = by(who, "open", first, cards[1], "--out", tmp_path / "no", "--collect", both)
    assert said.cause_and_hint[1].startswith("where it is on other cards too, give 1 more card of those")
    cards[1].unlink()
    assert first.stat().st_size % 16_384 == both.stat().st_size % 16_384 == 0
    assert by(identity_file(tmp_path / "x", STRANGER), "list", both).code == 1
    assert by(who, "health", both, cards[2]).document["floors"][0]["opens"] is True
    last = by(who, "open", cards[2], both, "--out", tmp_path / "out", "--collect", tmp_path / "unneeded")
    assert last.code == 0, last.err
    assert not (tmp_path / "unneeded").exists()
    assert tree(tmp_path / "out/roll") == tree(source)


def test_a_collection_of_a_floor_with_a_passphrase(tmp_path: Path) -> None:
    cards = [fat32_card(tmp_path / f"card{n}.img", n) for n in range(2)]
    source = roll(tmp_path / "roll", megabytes=2)
    assert hide(source, *cards, options=("--lose", "0")).code == 0
    kept = tmp_path / "kept"
    asked: list[str | Path] = ["--label", LABEL, "--passphrase-file", "-", "--json"]
    assert command("open", cards[1], "--out", tmp_path / "no", "--collect", kept, *asked).code == 1
    again = command("open", cards[1], "--out", tmp_path / "no", "--collect", kept, *asked)
    assert (again.code, again.document["error"]) == (3, "open.collection_there")
    assert command("open", cards[1], "--check", "--collect", tmp_path / "n", *asked).code == 2
    assert open_in_process(tmp_path / "out", kept, cards[0]).code == 0
    assert tree(tmp_path / "out/roll") == tree(source)


def test_a_collection_of_two_sealed_floors(tmp_path: Path) -> None:
    """Both capsules stand where a reader looks."""
    who, given = identity_file(tmp_path / "e", EDITOR), []
    for number in range(2):
        cards = [exfat_card(tmp_path / f"{number}{n}.img", n, size_bytes=BYTES) for n in range(2)]
        source = roll(tmp_path / f"roll{number}", number, megabytes=0.3)
        assert hide_to(source, *cards, to=(line_of(EDITOR),), options=("--lose", "0", "--overwrite", "0")).code == 0
        given.append(cards)
    kept = tmp_path / "kept"
    firsts, seconds = zip(*given, strict=True)
    assert by(who, "open", *firsts, "--out", tmp_path / "no", "--collect", kept).code == 1
    assert by(who, "open", kept, *seconds, "--out", tmp_path / "out").code == 0
    assert len(list((tmp_path / "out").iterdir())) == 2


@pytest.mark.parametrize("seed", range(3))
def test_the_promised_overwriting_leaves_a_key_and_a_floor(seed: int, tmp_path: Path) -> None:
    card, source = fat32_card(tmp_path / "card.img", seed, size_bytes=BYTES), roll(tmp_path / "roll", megabytes=4)
    assert hide_to(source, card, to=(line_of(EDITOR),)).code == 0
    chance = random.Random(seed)
    with open_card(card) as opened:
        free = [(int(offset), int(length)) for offset, length in opened.free]
    left, total = sum(length for _, length in free) // 5, sum(length for _, length in free)
    skipped = chance.randrange(total - left)
    with card.open("r+b") as file:  # one burst of a fifth of the free bytes
        for offset, length in free:
            begin = min(length, max(0, skipped))
            skipped -= length
            take = min(length - begin, left)
            if skipped < 0 < take:
                file.seek(offset + begin)
                file.write(chance.randbytes(take))
                left -= take
    assert left == 0
    assert by(identity_file(tmp_path / "e", EDITOR), "open", card, "--out", tmp_path / "out").code == 0
    assert tree(tmp_path / "out/roll") == tree(source)


def test_a_card_without_its_file_system_still_gives_its_shards(tmp_path: Path) -> None:
    """One capsule on one card opens the slots of all; where none is left, it looks like an empty card."""
    cards = [exfat_card(tmp_path / f"card{n}.img", n, size_bytes=BYTES) for n in range(2)]
    source, who = roll(tmp_path / "roll", megabytes=2), identity_file(tmp_path / "e", EDITOR)
    assert hide_to(source, *cards, to=(line_of(EDITOR),), options=("--lose", "0", "--overwrite", "5")).code == 0
    shifted = cards[0].read_bytes()[512 * 7 :]
    cards[0].write_bytes(shifted)
    assert by(who, "open", *cards, "--out", tmp_path / "out").code == 0
    assert tree(tmp_path / "out/roll") == tree(source)
    assert by(who, "open", cards[0], "--out", tmp_path / "no").document["error"] == "sealed.nothing"


@pytest.mark.parametrize("kind", ["noise", "zeros", "many volumes"])
def test_hostile_cards_are_read_in_bounds(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that names a hundred volumes one over the other does not cost a hundred readings."""
    from fifthfloor.carriers import capsules

    card = exfat_card(tmp_path / "card.img", size_bytes=30_000_000)
    data = {"noise": random.Random(1).randbytes(3 << 20), "zeros": bytes(3 << 20)}.get(kind)
    if data is not None:
        card.write_bytes(data)
    else:
        honest = capsules.read_card_on  # type: ignore[attr-defined]

        def crowded(device: SkippingDevice) -> Card:
            found = honest(device)
            return replace(found, volumes=found.volumes * 100)

        monkeypatch.setattr(capsules, "read_card_on", crowded)
    with open_raw_to_read(card) as device:
        assert len(capsules.capsule_places(device)) <= 31
    assert by(identity_file(tmp_path / "e", EDITOR), "list", card).code == 1
