"""What holds for every command, by one table: --yes and --json in any place, one document, no answer without a person.

A new command has no row, and the first test says so.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from tests.essay.protected import essay
from tests.jpeg.pictures import jpeg
from tests.tasks.cards_at_hand import exfat_card, fat32_card, roll
from tests.tasks.quick import PASSPHRASE, command, hide, quick_argon2id

from fifthfloor.cards.descriptor import DeviceFacts, Offered
from fifthfloor.cards.image import open_card
from fifthfloor.cli.group import COMMANDS, fifthfloor
from fifthfloor.engine.many import InThisProcess
from fifthfloor.identity import Cost
from fifthfloor.tasks import secret
from fifthfloor.tasks.floors import readers
from fifthfloor.tasks.people import identity as identities
from fifthfloor_theatre.cards.camera_delete import delete_like_a_camera
from fifthfloor_theatre.journey import trip

KEY = ("--passphrase-file", "key.txt")
# What answers until somebody ends it; its tests are those of tests/desk.
SERVES = {"desk"}


@dataclass(frozen=True, slots=True)
class Row:
    """One lawful call.

    Args:
        words: arguments in groups that belong together; flags may stand between any two.
        asks: whether a person must say yes.
        code: exit code of the call.
    """

    words: tuple[tuple[str, ...], ...]
    asks: bool = False
    code: int = 0


TABLE: dict[str, Row] = {
    "journey": Row((("--photos", "photos"), ("--out", "trip")), asks=True),
    "passphrase": Row((("--words", "6"),)),
    "plan": Row((("card.img",),)),
    "wipe": Row((("card.img",), ("untidy.img",)), asks=True),
    "hide": Row((("photos",), ("--in", "card.img"), ("--label", ""), KEY), asks=True),
    "open": Row((("hidden.img",), ("--out", "back"), KEY)),
    "list": Row((("hidden.img",), KEY)),
    "audit": Row((("untidy.img",),), code=1),
    "tidy": Row((("untidy.img",),), asks=True),
    "recover": Row((("deleted.img",), ("--out", "recovered"))),
    "cards": Row(()),
    "health": Row((("hidden.img",), KEY)),
    "protect": Row((("photos",), ("--out", "protected"), ("--faces", "none"), ("--approve-all",))),
    "approve": Row((("waiting",), ("--by", "Kim"), ("--all-looked-at",)), asks=True),
    "identity new": Row((("story.json",), KEY)),
    "identity show": Row((("made.json",), KEY)),
    "sign": Row((("photos",), ("--out", "signed"))),
    "verify": Row((("waiting/photo-0001.jpg",),)),
    "stamp request": Row((("waiting/photo-0001.jpg",), ("--out", "batch"))),
    "stamp finish": Row((("waiting/photo-0001.jpg",), ("--batch", "requested"), ("--answer", "key.txt")), code=3),
    "essay new": Row((("approved",),)),
    "publish": Row((("essay",), ("--out", "site"))),
    "archive add": Row((("photos",), ("--archive", "new"))),
    "trace": Row((("photos",), ("--archive", "ours"))),
}


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Give every command that does something, `identity new` and its like included."""
    context = click.Context(fifthfloor)
    assert set(fifthfloor.list_commands(context)) == {*COMMANDS, "journey"}, "`make test` installs the theatre"
    for name in fifthfloor.list_commands(context):
        found = fifthfloor.get_command(context, name)
        assert found is not None
        if name in SERVES:
            continue
        if isinstance(found, click.Group):
            yield from ((f"{name} {inner}", found.commands[inner]) for inner in found.commands)
        else:
            yield name, found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything that the table names."""
    return make_all(tmp_path_factory.mktemp("made"))


def make_all(folder: Path) -> Path:
    """Make what the table names in an empty folder (`tools.windows` uses it too)."""
    (folder / "key.txt").write_text(PASSPHRASE + "\n")
    (folder / "photos").mkdir()
    (folder / "photos" / "a.jpg").write_bytes(jpeg(640, 424, seed=1, subsampling=2))
    exfat_card(folder / "card.img", 1, size_bytes=9_000_000, files=5)
    exfat_card(folder / "hidden.img", 2, size_bytes=9_000_000, files=5)
    fat32_card(folder / "untidy.img", 3, files=5)
    delete_like_a_camera(folder / "untidy.img", "DCIM/100CANON/IMG_0002.JPG")
    essay(folder / "essay")
    essay(folder / "approved")
    (folder / "approved" / "essay.md").unlink()
    with_photograph(folder / "deleted.img")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        quick(patch)
        assert hide(roll(folder / "roll", megabytes=0.2), folder / "hidden.img", label="").code == 0
        assert command("protect", "photos", "--out", "waiting", "--faces", "none").code == 0
        assert command("identity", "new", "made.json", *KEY).code == 0
        assert command("stamp", "request", "waiting/photo-0001.jpg", "--out", "requested").code == 0
        assert command("archive", "add", "photos", "--archive", "ours").code == 0
    return folder


def with_photograph(card: Path) -> None:
    """A card whose one photograph is deleted and can be brought back."""
    from fifthfloor_theatre.cards.format import FatWriter, format_fat32

    format_fat32(card, 40_000_000, label="CARD")
    with FatWriter(card) as writer:
        writer.add_file("DCIM/100CANON/IMG_0001.JPG", jpeg(640, 424, seed=5, subsampling=2), datetime(2012, 9, 3))
    delete_like_a_camera(card, "DCIM/100CANON/IMG_0001.JPG")


def quick(patch: pytest.MonkeyPatch) -> None:
    """Key derivations that take no time, one process, and a journey that is over at once."""
    patch.setattr(secret, "KDF", quick_argon2id)
    patch.setattr(identities, "COST", Cost(memory_kib=32, passes=1, lanes=4))
    patch.setattr("fifthfloor.engine.cores", lambda: 1)
    patch.setattr("fifthfloor.tasks.workers.Processes", InThisProcess)
    arrived = trip.Arrival(3, 3, 1, 1.0, 2.0, Path("trip"), Path("trip/essay/index.html"))
    offered = [Offered("/dev/sdx", DeviceFacts("SanDisk", "Extreme", "42", True, True), 64 << 30, ("sdx1",), ("EOS",))]
    patch.setattr(readers, "offered", lambda: offered)
    patch.setattr(trip, "travel", lambda *_arguments: arrived)


@pytest.fixture
def place(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the working directory."""
    target = tmp_path / "place"
    shutil.copytree(made, target)
    monkeypatch.chdir(target)
    quick(monkeypatch)
    return target


def everything(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def flat(row: Row) -> list[str]:
    return [word for group in row.words for word in group]


def test_every_command_has_its_row() -> None:
    assert sorted(TABLE) == sorted(name for name, _ in leaves())


@pytest.mark.parametrize("name", TABLE)
def test_yes_and_json_are_taken_in_every_place(name: str) -> None:
    found, row = dict(leaves())[name], TABLE[name]
    for yes, as_json in itertools.product(range(len(row.words) + 1), repeat=2):
        groups = [list(group) for group in row.words] + [[]]
        groups[yes] = ["--yes", *groups[yes]]
        groups[as_json] = ["--json", *groups[as_json]]
        with found.make_context(name, [word for group in groups for word in group]) as context:
            assert context.params["yes"], groups
            assert context.params["as_json"], groups


@pytest.mark.parametrize("name", TABLE)
def test_with_json_stdout_is_one_document(name: str, place: Path) -> None:
    del place
    row = TABLE[name]
    said = command(*name.split(), "--json", *flat(row), "--yes")
    assert said.code == row.code, said
    assert isinstance(said.document, dict)
    assert said.out.count("\n}\n") == 1
    assert "\x1b" not in said.out + said.err


@pytest.mark.parametrize("name", [name for name in TABLE if " " in name])
def test_flags_may_stand_before_the_second_word(name: str, place: Path) -> None:
    del place
    first, second = name.split()
    said = command(first, "--yes", "--json", second, *flat(TABLE[name]))
    assert said.code == TABLE[name].code, said
    assert isinstance(said.document, dict)


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.asks])
def test_where_nobody_can_answer_nothing_is_done(name: str, place: Path) -> None:
    before = everything(place)
    said = command(*name.split(), *flat(TABLE[name]), "--json")
    assert said.code == 2, said
    assert "there is no terminal" in said.cause_and_hint[0]
    assert said.document == {
        "error": "cli.would_ask", "cause": said.cause_and_hint[0], "hint": said.cause_and_hint[1], "exit_code": 2,
    }  # fmt: skip
    assert everything(place) == before


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if not row.asks])
def test_what_asks_nothing_needs_no_yes(name: str, place: Path) -> None:
    del place
    assert command(*name.split(), *flat(TABLE[name])).code == TABLE[name].code


@pytest.mark.parametrize("name", ["hide", "open", "list", "health", "identity new", "identity show"])
def test_a_passphrase_is_never_taken_from_nowhere(name: str, place: Path) -> None:
    before = everything(place)
    words = [word for group in TABLE[name].words if group != KEY for word in group]
    said = command(*name.split(), *words, "--yes")
    assert said.code == 2
    assert said.out == ""
    assert everything(place) == before


@pytest.mark.parametrize("name", TABLE)
def test_a_mistyped_option_is_exit_2_and_names_the_help(name: str, place: Path) -> None:
    before = everything(place)
    said = command(*name.split(), *flat(TABLE[name]), "--jason", "--json")
    assert said.code == 2
    assert said.cause_and_hint[1] == f"fifthfloor {name} --help shows how it is called"
    assert said.document["exit_code"] == 2
    assert everything(place) == before


@pytest.mark.parametrize("name", TABLE)
def test_help_explains_in_a_screen(name: str) -> None:
    shown = CliRunner().invoke(fifthfloor, [*name.split(), "--help"], terminal_width=80).output
    lines = shown.splitlines()
    assert len(lines) <= 40
    assert max(map(len, lines)) <= 80
    assert "..." not in shown.partition("Options:")[2], "a sentence was cut"
    undescribed = [line for line in lines if line.startswith("  --") and len(line.split()) < 2]
    assert not undescribed


EXITS: list[tuple[int, str, str]] = [
    (0, "passphrase", ""),
    (1, "open card.img --out back --passphrase-file key.txt", "open.nothing"),
    (1, "health card.img --passphrase-file key.txt", "open.nothing"),
    (1, "audit untidy.img", ""),
    (2, "wipe", "cli.usage"),
    (2, "hide photos --in card.img --lose 1 --passphrase-file key.txt --yes", "cli.usage"),
    (2, "nonsense", "cli.usage"),
    (3, "wipe key.txt --yes", "cards.no_file_system"),
    (3, "tidy nowhere.img", "cards.missing"),
    (3, "passphrase --words 5", "passphrase.few_words"),
    (4, "hide card.img --in hidden.img --passphrase-file key.txt --yes", "hide.no_room_at_all"),
]


@pytest.mark.parametrize(("code", "line", "error"), EXITS)
def test_exit_codes_are_those_of_the_guide(code: int, line: str, error: str, place: Path) -> None:
    del place
    said = command(*line.split(), "--json")
    assert said.code == code, said
    document = said.document
    if error:
        cause, hint = said.cause_and_hint
        assert document == {"error": error, "cause": cause, "hint": hint, "exit_code": code}
    else:
        assert "exit_code" not in document


def test_a_card_that_is_in_use_is_exit_5(place: Path) -> None:
    with open_card(place / "card.img", writable=True):
        said = command("wipe", "card.img", "--yes", "--json")
    assert (said.code, said.document["exit_code"]) == (5, 5)


def test_what_cannot_be_read_back_does_not_steer_a_terminal(place: Path) -> None:
    del place
    said = command("wipe", "no\x1b[31msuch\u202ecard", "--yes", "--json")
    assert said.code == 3
    assert "\x1b" not in said.out + said.err
    assert "\u202e" not in said.out
    assert json.loads(said.out)["exit_code"] == 3


# Each of them has --dry-run, and so have those that write only where an option of theirs names a file.
WRITES = (
    "wipe", "hide", "open", "tidy", "recover", "protect", "approve", "identity new", "sign",
    "stamp request", "stamp finish", "essay new", "publish", "archive add",
)  # fmt: skip
WRITES_BY_OPTION = ("plan", "audit", "verify", "trace", "identity show")
ONLY_READ = ("passphrase", "cards", "list", "health")


def test_every_command_that_writes_has_a_dry_run() -> None:
    has = {name for name, found in leaves() if any("--dry-run" in one.opts for one in found.params)}
    assert has == {*WRITES, *WRITES_BY_OPTION}
    assert has | set(ONLY_READ) | {"journey"} == set(TABLE)


@pytest.mark.parametrize("name", WRITES)
def test_a_dry_run_writes_nothing_asks_for_no_yes_and_says_what_would_be_written(name: str, place: Path) -> None:
    row = TABLE[name]
    words = (
        ["waiting/photo-0001.jpg", "--batch", "requested", "--url", "https://stamp.example/"]
        if row.code == 3
        else flat(row)
    )
    before, folders = everything(place), sorted(place.rglob("*"))
    said = command(*name.split(), *words, "--dry-run")
    assert said.code == 0, said
    assert (everything(place), sorted(place.rglob("*"))) == (before, folders)
    told = said.out + said.err
    assert "nothing was written" in told
    target = {"identity new": "story.json", "essay new": "essay.md", "tidy": "deleted file", "open": "would come back"}
    target |= {"wipe": "card.img", "hide": "card.img", "stamp finish": "would be sent to stamp.example"}
    target |= {"approve": "waiting/photo-0001.jpg", "sign": "signed/photo-0001.jpg"}
    target |= {"protect": "protected/photo-0001.jpg"}
    target |= {
        "recover": "MG_0001.JPG",
        "stamp request": "batch/request.tsq",
        "publish": "would be written: site",
        "archive add": "would be written: new",
    }
    assert target[name] in told, told
    document = command(*name.split(), *words, "--dry-run", "--json").document
    assert document["written"] is False
    assert everything(place) == before
