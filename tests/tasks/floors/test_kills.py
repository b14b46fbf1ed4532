"""SIGKILL while `--keep`, `--remove` and `tidy` write: real processes, at moments that chance chooses.

The replays (`test_removing.py`, `test_keeping.py`, `tests/cards/test_remove.py`) know every state of the card; these
know processes, open devices and what the command says when it is run again.
"""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
from tests.cards import judges
from tests.cards.test_remove import FSCK, HARMLESS
from tests.tasks.cards_at_hand import KINDS, exfat_card, fat32_card, roll, tree, visible
from tests.tasks.kills import Moments, killed_in_writing, started
from tests.tasks.quick import LABEL, PASSPHRASE, command, hide, open_in_process

from fifthfloor.cards.image import open_card
from fifthfloor.cards.remove import remove_names

pytestmark = [pytest.mark.usefixtures("quick_kdf"), pytest.mark.judge("fsck.fat", "fsck.exfat", "fls")]
SMALL = {"fat32": fat32_card, "exfat": exfat_card}
BYTES = {"fat32": 34_500_000, "exfat": 12_000_000}
ASKED = ("--label", LABEL, "--passphrase-file", "-", "--yes")
FLUSH = 0.04  # seconds more a flush: a kill then falls between any two of them


def small(kind: str, path: Path, seed: int) -> Path:
    return SMALL[kind](path, seed, size_bytes=BYTES[kind], files=16)


def assert_no_file_harmed(card: Path, kind: str) -> None:
    """Nothing worse than clusters that belong to nobody, and what a stopped deletion leaves."""
    result = judges.run(FSCK[kind], "-n", card)
    said = [line.strip() for line in (result.stdout + result.stderr).splitlines()]
    assert [line for line in said if line and not re.search(HARMLESS[kind], line)] == []


def names_on(card: Path) -> set[str]:
    """Files that have a name, by a reader that bears a deletion that was stopped."""
    with open_card(card, mending=True) as opened:
        return {file.path.rpartition("/")[2] for file in opened.files() if not file.is_directory}


@pytest.mark.parametrize(("kind", "longest_seconds"), [("fat32", 0.36), ("exfat", 0.28)])
def test_killed_while_removing(kind: str, longest_seconds: float, tmp_path: Path) -> None:
    shooting, carrier = small(kind, tmp_path / "shooting.img", 4), exfat_card(tmp_path / "carrier.img", 9, files=4)
    whole = {path.rpartition("/")[2]: digest for path, digest in visible(shooting).items()}
    fresh, kept = Path(shutil.copyfile(shooting, tmp_path / "fresh.img")), visible(carrier)
    moments = Moments(random.Random(3), longest_seconds, wanted=3)
    taken = {f"IMG_{number:04d}.JPG" for number in range(3, 9)}
    for number, moment in enumerate(moments):
        shutil.copyfile(fresh, shooting)
        arguments = (
            "--from",
            shooting,
            "--only",
            "IMG_0003-0008",
            "--in",
            carrier,
            "--remove",
            "--no-wipe",
            "--discard",
            *ASKED,
        )
        process = started("hide", *arguments, slow=FLUSH)
        moments.tell(killed_in_writing(process, shooting, moment))
        assert visible(carrier) == kept
        judges.assert_clean(carrier, "exfat")
        assert_no_file_harmed(shooting, kind)
        left = names_on(shooting)
        assert whole.keys() - taken <= left
        out = tmp_path / f"out{number}"
        assert open_in_process(out, carrier).code == 0, "every frame is in the floor before the first of these writes"
        assert {path.name for path in out.iterdir()} == taken
        run_again(shooting, carrier, left & taken)
        judges.assert_clean(shooting, kind)
        now = {path.rpartition("/")[2]: digest for path, digest in visible(shooting).items()}
        assert now == {name: digest for name, digest in whole.items() if name not in taken}
    assert moments.met == 3, "the moments fell behind the end"


def run_again(shooting: Path, carrier: Path, left: set[str]) -> None:
    """Run the same command; where it says so, `tidy` first; and for the frames that still have a name."""
    asked = ("--from", shooting, "--in", carrier, "--remove", "--no-wipe", "--discard", *ASKED)
    said = command("hide", "--only", "IMG_0003-0008", "--discard", *asked)
    if said.code:
        assert said.cause_and_hint[1].endswith("run: fifthfloor tidy --lost"), said.err
    tidied = command("tidy", shooting, "--lost", "--yes")
    assert tidied.code == 0, tidied.err
    if said.code and left:
        again = command("hide", "--only", ",".join(sorted(left)), "--discard", *asked)
        assert again.code == 0, again.err


@pytest.mark.parametrize("kind", KINDS)
def test_killed_while_keeping(kind: str, tmp_path: Path) -> None:
    # Room enough that the floor can spare any piece, wherever chance puts its shards.
    card, source = SMALL[kind](tmp_path / "card.img", 3, size_bytes=34_500_000), roll(tmp_path / "one", megabytes=1)
    assert hide(source, card, label="one", options=("--overwrite", "50")).code == 0
    files, inside, new = visible(card), tree(source), roll(tmp_path / "two", 8, megabytes=0.5)
    keep = tmp_path / "keep.txt"
    keep.write_text(f"{PASSPHRASE}\none\n", encoding="utf-8")
    arguments = ("hide", new, "--in", card, "--keep-file", keep, "--discard-broken", "--overwrite", "30", *ASKED)
    moments = Moments(random.Random(4), 0.45, wanted=2)
    for number, moment in enumerate(moments):
        moments.tell(killed_in_writing(started(*arguments, slow=0.15), card, moment))
        assert visible(card) == files
        judges.assert_clean(card, kind)
        said = open_in_process(tmp_path / f"out{number}", card, label="one")
        assert said.code == 0, said.err
        assert tree(tmp_path / f"out{number}/one") == inside
    assert moments.met == 2, "the moments fell behind the end"
    said = command(*arguments)
    assert said.code == 0, said.err
    for label in ("one", LABEL):
        assert open_in_process(tmp_path / f"out-{label}", card, label=label).code == 0
    assert tree(tmp_path / "out-one/one") == inside


@pytest.mark.parametrize("kind", KINDS)
def test_killed_while_tidying(kind: str, tmp_path: Path) -> None:
    """On a card whose deletion was stopped: lost clusters to sweep and free, deleted names to scrub."""
    card = small(kind, tmp_path / "card.img", 5)
    whole = visible(card)
    with open_card(card, writable=True) as opened:
        remove_names(opened, [path for path in sorted(whole) if path[-5] in "2468"])
    kept = {path: digest for path, digest in whole.items() if path[-5] not in "2468"}
    untidy = Path(shutil.copyfile(card, tmp_path / "untidy.img"))
    moments = Moments(random.Random(5), 10 * FLUSH, wanted=3)
    for moment in moments:
        shutil.copyfile(untidy, card)
        moments.tell(killed_in_writing(started("tidy", card, "--lost", "--yes", slow=FLUSH), card, moment))
        assert_no_file_harmed(card, kind)
        said = command("tidy", card, "--lost", "--yes")
        assert said.code == 0, said.err
        assert visible(card) == kept
        judges.assert_clean(card, kind)
        assert judges.deleted_by_sleuthkit(card) == set()
    assert moments.met == 3, "the moments fell behind the end"
