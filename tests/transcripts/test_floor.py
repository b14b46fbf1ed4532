"""What a person reads who hides, is searched and opens: the whole conversation, word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.tasks.cards_at_hand import exfat_card, roll
from tests.tasks.quick import LABEL, WRONG, Said, command

pytestmark = pytest.mark.usefixtures("quick_kdf")

HIDE = """\
3 photographs and 2 other files (2.0 MB); any 2 of these 3 cards and the passphrase open it
all free space is rewritten on card1.img (EOS_DIGITAL, 12.0 MB), card2.img (EOS_DIGITAL, 12.0 MB), card3.img \
(EOS_DIGITAL, 12.0 MB)
  nothing that this passphrase and label hid before was found on these cards
  what other passphrases or labels hid (--keep asks) or is sealed: lost for good
this takes N; a closer time comes once it writes
hidden: 3 photographs and 2 other files (2.0 MB), on 3 cards; every write was read back
"""
HEALTH = """\
comes back: about 2.0 MB; 2 of its 3 cards are here, 2 are needed
  you may lose no more card, but N % of each
"""
ONE_CARD = """\
does not come back: 1 card of it is here, and not enough. Where it is on other cards too, give those: how many it \
needs, and its size, can be read only then. What a stopped hide left was never complete, and there are no others
"""
OPEN = """\
5 files, 2.0 MB, in OUT; every SHA-256 is right (hidden DATE)
"""
NOTHING = """\
fifthfloor: error: nothing was found that this passphrase opens
fifthfloor: hint: check passphrase and label, and that all cards are given; a wiped or empty card looks the same
"""
WIPE = """\
swept 1 card, N MB in all; every write was read back
"""


def plain(text: str, folder: Path) -> str:
    """Names for what changes from run to run."""
    text = text.replace(str(folder / "out"), "OUT")
    text = re.sub(re.escape(str(folder)) + r"/card(\d)\.img", r"CARD\1", text)
    text = re.sub(r"\d{4}-\d\d-\d\d", "DATE", text)
    text = re.sub(r"this takes [^;]+;", "this takes N;", text)
    text = re.sub(r"\b(or|but) \d+ % of each$", r"\1 N % of each", text, flags=re.MULTILINE)
    return re.sub(r"card, [\d.]+ MB", "card, N MB", text)


def test_the_whole_conversation(tmp_path: Path) -> None:
    cards = [exfat_card(tmp_path / f"card{number}.img", number, size_bytes=12_000_000, files=8) for number in (1, 2, 3)]
    source = roll(tmp_path / "roll", megabytes=2)
    key = ("--label", LABEL, "--passphrase-file", "-")

    def both(said: Said, code: int) -> str:
        assert said.code == code, said
        return plain(said.err + said.out, tmp_path)

    into = [word for card in cards for word in ("--in", card)]
    assert both(command("hide", source, *into, *key, "--yes"), 0) == HIDE
    assert both(command("health", *cards[1:], *key), 0) == HEALTH
    assert both(command("health", cards[0], *key), 1) == ONE_CARD
    assert both(command("open", cards[2], cards[0], "--out", tmp_path / "out", *key), 0) == OPEN
    wrong = command("open", *cards, "--out", tmp_path / "wrong", *key, stdin=WRONG + "\n")
    assert both(wrong, 1) == NOTHING
    assert not (tmp_path / "wrong").exists()
    assert both(command("wipe", cards[0], "--yes"), 0).splitlines(keepends=True)[-1] == WIPE
    assert both(command("health", cards[0], *key), 1) == NOTHING
