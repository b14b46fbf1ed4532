"""`tools/rescue.py` on fresh cards of both file systems: everything comes back without the package that hid it."""

from __future__ import annotations

import ast
import errno
import io
import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import cast

import pytest
from tests.outside import REPOSITORY
from tests.tasks import damage
from tests.tasks.cards_at_hand import KINDS, Tree, in_partition, roll, tree
from tests.tasks.quick import LABEL, PASSPHRASE, WRONG, hide, quick_argon2id, seeded
from tools.vectors.__main__ import VECTORS
from tools.vectors.build import LABEL as VECTOR_LABEL
from tools.vectors.build import PASSPHRASE as VECTOR_PASSPHRASE
from tools.vectors.build import files_of, group_bytes, images_of, parse

from fifthfloor.floor import plan
from fifthfloor.floor.shards import decode, encode
from fifthfloor.tasks import secret
from fifthfloor_theatre.cards.format import quick_format
from tools import rescue

PERCENT = 20
SCRIPT = REPOSITORY / "tools" / "rescue.py"
Hidden = tuple[tuple[Path, ...], Tree]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("KDF_KIB", 64), ("KDF_PASSES", 1), ("KDF_LANES", 1)):
        monkeypatch.setattr(rescue, name, value)


@pytest.fixture(scope="module", params=KINDS)
def hidden(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hidden]:
    """Three swept cards, lose 1, overwrite 20; what they hide is gone from the disk."""
    folder = tmp_path_factory.mktemp(f"rescue-{request.param}")
    cards = tuple(KINDS[request.param](folder / f"card{number}.img", number) for number in range(3))
    source = roll(folder / "roll")
    inside = {f"roll/{name}": facts for name, facts in tree(source).items()}
    inside["roll"] = ("folder", source.stat().st_mtime_ns)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(secret, "KDF", quick_argon2id)
        patch.setattr(secret, "RANDOM", seeded(5))
        patch.setattr(plan, "MAX_SOURCE_SYMBOLS", 150)  # several groups of a small roll
        said = hide(source, *cards, options=("--overwrite", str(PERCENT), "--lose", "1"))
    assert said.code == 0, said.err
    shutil.rmtree(source)
    yield cards, inside
    shutil.rmtree(folder)


def copies(hidden: Hidden, folder: Path, chosen: tuple[int, ...]) -> list[Path]:
    return [Path(shutil.copyfile(hidden[0][number], folder / f"copy{number}.img")) for number in chosen]


def opens(hidden: Hidden, out: Path, images: list[Path]) -> None:
    assert rescue.rescue(PASSPHRASE + "\n", f" {LABEL.upper()}", out, images) == 0
    found = tree(out)
    assert found.keys() == hidden[1].keys()
    for name, (digest, time) in hidden[1].items():
        assert found[name][0] == digest
        assert abs(found[name][1] - time) < 1000, name  # rescue keeps microseconds


@pytest.mark.parametrize("left", list(combinations(range(3), 2)), ids=str)
def test_one_card_missing(hidden: Hidden, tmp_path: Path, left: tuple[int, ...]) -> None:
    opens(hidden, tmp_path / "out", [hidden[0][number] for number in reversed(left)])


HARM: dict[str, Callable[[Path, float, int], None]] = {
    "the first free clusters": damage.first_free_clusters,
    "scattered places": damage.scattered_places,
    "flipped bits": damage.flipped_bits,
    "cut short": damage.cut_short,
}


@pytest.mark.parametrize("harm", HARM)
def test_a_fifth_overwritten_and_a_card_missing(hidden: Hidden, tmp_path: Path, harm: str) -> None:
    images = copies(hidden, tmp_path, (0, 2))
    for seed, image in enumerate(images):
        HARM[harm](image, PERCENT, seed)
    opens(hidden, tmp_path / "out", images)


def test_formatted_again(hidden: Hidden, tmp_path: Path) -> None:
    """As FAT32, whatever it was: boot sectors, two tables and a root directory are new."""
    images = copies(hidden, tmp_path, (0, 1))
    for image in images:
        quick_format(image, label="NEW")
    opens(hidden, tmp_path / "out", images)


@pytest.mark.parametrize("first_sector", [63, 2048])
def test_a_shifted_image(hidden: Hidden, tmp_path: Path, first_sector: int) -> None:
    shifted = in_partition(hidden[0][2], tmp_path / "card.img", first_sector)
    opens(hidden, tmp_path / "out", [shifted, hidden[0][1]])


class BadFile(io.FileIO):
    """A disk some of whose sectors cannot be read."""

    bad: frozenset[int] = frozenset()

    def read(self, size: int | None = -1, /) -> bytes:
        first = self.tell() // 512
        last = (self.tell() + max(1, size or 0) - 1) // 512
        if not self.bad.isdisjoint(range(first, last + 1)):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


class BadDisk:
    def __init__(self, path: Path, bad: list[int]) -> None:
        self._path, self._bad = path, frozenset(bad)

    def open(self, _mode: str, *, buffering: int) -> BadFile:
        assert buffering == 0
        file = BadFile(self._path, "rb")
        file.bad = self._bad
        return file


def test_sectors_that_cannot_be_read(hidden: Hidden, tmp_path: Path) -> None:
    disks = [BadDisk(card, damage.bad_sectors(card, PERCENT, seed)) for seed, card in enumerate(hidden[0][:2])]
    opens(hidden, tmp_path / "out", cast(list[Path], disks))


def test_too_few_cards_and_too_much_damage_say_so(
    hidden: Hidden, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert rescue.rescue(PASSPHRASE, LABEL, out, [hidden[0][1]]) == 1
    assert "slots of 1 cards were found, and more cards are needed" in capsys.readouterr().err
    images = copies(hidden, tmp_path, (0, 1))
    for image in images:
        damage.scattered_places(image, 60)
    assert rescue.rescue(PASSPHRASE, LABEL, out, images) == 1
    assert "groups have too few shards left" in capsys.readouterr().err
    assert not out.exists()


def test_a_wrong_passphrase_and_a_card_of_noise_say_the_same(
    hidden: Hidden, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "noise.img").write_bytes(os.urandom(1 << 20))
    said = set()
    for passphrase, label, image in ((WRONG, LABEL, hidden[0][0]), (PASSPHRASE, "", hidden[0][0])):
        assert rescue.rescue(passphrase, label, tmp_path / "out", [image]) == 1
        said.add(capsys.readouterr())
    assert rescue.rescue(PASSPHRASE, LABEL, tmp_path / "out", [tmp_path / "noise.img"]) == 1
    said.add(capsys.readouterr())
    assert len(said) == 1


def test_nothing_that_exists_is_replaced(hidden: Hidden, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "roll" / "märz 행군" / "notes.txt"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    assert rescue.rescue(PASSPHRASE, LABEL, tmp_path, list(hidden[0])) == 3
    assert "is already in the output folder" in capsys.readouterr().err
    assert there.read_text() == "mine"
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [there]


@pytest.mark.parametrize("why", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_leaves_no_file(why: int, hidden: Hidden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.rename
    calls: list[Path] = []

    def full(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 3:
            raise OSError(why, os.strerror(why))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", full)
    asked = tmp_path / "asked"
    asked.write_text(PASSPHRASE + "\nnot this line\n", encoding="utf-8")
    out = tmp_path / "out"
    arguments = ["--passphrase-file", str(asked), "--label", LABEL, "--out", str(out), *map(str, hidden[0])]
    assert rescue.main(arguments) == 4
    assert not [path for path in out.rglob("*") if path.is_file()]
    monkeypatch.undo()


def test_what_is_given_wrongly_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = tmp_path / "asked"
    asked.write_text("x")
    common = ["--out", str(tmp_path / "out"), "--passphrase-file"]
    assert rescue.main([*common, str(asked), str(tmp_path / "nowhere.img")]) == 3
    assert "nowhere.img" in capsys.readouterr().err
    assert rescue.main([*common, str(tmp_path / "no passphrase"), str(asked)]) == 3
    assert "no passphrase" in capsys.readouterr().err
    asked.write_bytes(b"\xff\xfe")
    assert rescue.main([*common, str(asked), str(asked)]) == 3
    with pytest.raises(SystemExit) as raised:
        rescue.main(["--out", "x"])
    assert raised.value.code == 2


def test_it_stands_alone() -> None:
    """One file below 700 lines, 70 of them tables, that needs PyNaCl and cryptography, and nothing of ours."""
    text = SCRIPT.read_text(encoding="utf-8")
    assert text.count("\n") < 700
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert names - set(sys.stdlib_module_names) == {"nacl", "cryptography"}


@pytest.mark.parametrize("count", [1, 9, 11, 26, 100, 320])
def test_its_own_code_is_ours(count: int) -> None:
    """A second implementation of RFC 6330, in integers: the same group of the same symbols, and the same fate."""
    group = group_bytes(count)
    for seed in range(12):
        numbers = sorted(random.Random(seed).sample(range(3 * count + 20), count + seed % 4))
        made = encode(group, numbers)
        symbols = {number: row.tobytes() for number, row in zip(numbers, made, strict=True)}
        theirs, ours = rescue.decode(count, symbols), decode(count, symbols)
        assert (theirs is None) == (ours is None)
        assert theirs is None or theirs == group


def test_its_own_code_notices_a_wrong_symbol() -> None:
    group = group_bytes(30)
    symbols = {number: row.tobytes() for number, row in enumerate(encode(group, range(5, 51)), 5)}
    assert rescue.decode(30, symbols) == group
    symbols[17] = bytes([symbols[17][0] ^ 4]) + symbols[17][1:]
    with pytest.raises(rescue.RefusedError, match="contradict each other"):
        rescue.decode(30, symbols)


@pytest.mark.real_kdf
def test_as_a_program_by_itself_with_the_real_cost(tmp_path: Path) -> None:
    """As a stranger runs it, from a folder of its own, without the package on the path, images read-only."""
    script = Path(shutil.copyfile(SCRIPT, tmp_path / "rescue.py"))
    vector = parse((VECTORS / "floor_real_cost").read_text(encoding="ascii"))
    images = [tmp_path / f"{number}.img" for number in range(2)]
    for path, data in zip(images, images_of(vector), strict=True):
        path.write_bytes(data)
        path.chmod(stat.S_IRUSR)
    arguments = ["--passphrase-file", "-", "--label", VECTOR_LABEL, "--out", "out", *map(str, images)]
    blocked = "import runpy, sys; sys.modules['fifthfloor'] = sys.modules['numpy'] = None; sys.argv = sys.argv[1:]; "
    run = [sys.executable, "-c", blocked + "runpy.run_path(sys.argv[0], run_name='__main__')", str(script), *arguments]
    done = subprocess.run(
        run, input=VECTOR_PASSPHRASE + "\n", capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 files came back whole" in done.stdout
    assert {name for name, facts in tree(tmp_path / "out").items() if facts[0] != "folder"} == set(files_of(vector))
