"""Every hint of `essay`, `sign`, `stamp` and `identity` that names a command or an option is followed here.

As `test_hints_of_protect.py`: a new hint that names one and is in no list makes this fail.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from tests.cli.test_hints_of_protect import NAMES_A_COMMAND, said
from tests.essay.protected import essay, lines, protect, telling
from tests.jpeg.pictures import jpeg

from fifthfloor.essay import pictures
from fifthfloor.identity import Cost, Identity, pack
from fifthfloor.tasks.people import identity as identities
from fifthfloor.words import error

AREAS = ("essay", "identity", "prove", "statement", "time")
# Followed in this file, by the name of the test.
FOLLOWED = {
    "essay.bad_report": "test_another_folder_is_the_way_out",
    "essay.empty_photo": "test_protecting_the_original_again_mends_a_picture",
    "essay.no_telling": "test_from_an_empty_folder_to_a_first_essay",
    "essay.not_a_folder": "test_another_folder_is_the_way_out",
    "essay.not_a_site": "test_another_folder_is_the_way_out",
    "essay.nothing_protected": "test_from_an_empty_folder_to_a_first_essay",
    "essay.out_is_essay": "test_another_folder_is_the_way_out",
    "essay.too_many_pixels": "test_a_photograph_that_was_made_smaller_enters",
    "essay.two_of_one_name": "test_two_of_one_name_enter_once_one_is_renamed",
    "essay.unnameable": "test_a_name_that_no_line_can_hold_enters_by_a_number",
    "essay.unprotected": "test_a_photograph_is_protected_and_the_essay_written_there",
    "essay.unreadable_picture": "test_protecting_the_original_again_mends_a_picture",
    "identity.malformed": "test_a_new_identity_is_one_and_has_a_recipient",
    "identity.no_recipient": "test_a_new_identity_is_one_and_has_a_recipient",
}
# They need an authority at the other end; tests/statement/test_timestamp.py follows them there.
AT_AN_AUTHORITY = {"time.answered", "time.no_connection"}
# It needs workers that die; tests/tasks/test_no_secret_leaves.py follows it there.
ON_A_CLUSTER = {"essay.killed"}
# The way out is another version of this program.
ANOTHER_VERSION = {"statement.version"}
CHEAP = Cost(memory_kib=32, passes=1, lanes=4)


def test_every_hint_that_names_a_command_is_followed() -> None:
    errors = {
        key: hint
        for area in AREAS
        for key, (_, hint) in importlib.import_module(f"fifthfloor.words.{area}").ERRORS.items()
    }
    named = {key for key, hint in errors.items() if NAMES_A_COMMAND.search(hint)}
    assert named == FOLLOWED.keys() | AT_AN_AUTHORITY | ON_A_CLUSTER | ANOTHER_VERSION
    assert {name for name in FOLLOWED.values() if name not in globals()} == set()


def publish(folder: Path, out: Path) -> int:
    return said("publish", folder, "--out", out)


def protected(photo: Path, out: Path) -> None:
    assert said("protect", photo, "--out", out, "--faces", "none", "--yes") == 0
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 0


def fill(folder: Path) -> None:
    """Write the essay of a folder whose photographs are called by numbers."""
    names = sorted(path.name for path in folder.glob("photo-????.jpg"))
    (folder / "essay.md").write_text(telling("Some words.", *(lines(name) for name in names)))


@pytest.mark.parametrize("kind", ["out_is_essay", "not_a_folder", "not_a_site", "bad_report"])
def test_another_folder_is_the_way_out(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, out = essay(tmp_path / "trip", 1), tmp_path / "site"
    if kind == "out_is_essay":
        out = folder
    elif kind == "not_a_folder":
        out.write_text("a file")
    else:
        out.mkdir()
        (out / ("published.json" if kind == "bad_report" else "mine.txt")).write_text("{")
    assert publish(folder, out) == 3
    assert error(f"essay.{kind}", {"site": "", "folder": "", "report": "published.json"})[1] in capsys.readouterr().err
    assert publish(folder, tmp_path / "another") == 0


def test_from_an_empty_folder_to_a_first_essay(tmp_path: Path) -> None:
    photo, folder = tmp_path / "a.jpg", tmp_path / "trip"
    photo.write_bytes(jpeg(640, 424))
    folder.mkdir()
    assert publish(folder, tmp_path / "site") == 3
    assert said("essay", "new", folder) == 3
    protected(photo, folder)
    assert said("essay", "new", folder) == 0
    assert publish(folder, tmp_path / "site") == 3, "what only the writer knows is empty"
    fill(folder)
    assert publish(folder, tmp_path / "site") == 0


def test_a_photograph_is_protected_and_the_essay_written_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "trip"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(jpeg(640, 424))
    (folder / "essay.md").write_text(telling("Some words.", lines("a.jpg")))
    assert publish(folder, tmp_path / "site") == 3
    assert "fifthfloor protect a.jpg --out PROTECTED" in capsys.readouterr().err
    protected(folder / "a.jpg", tmp_path / "PROTECTED")
    fill(tmp_path / "PROTECTED")
    assert publish(tmp_path / "PROTECTED", tmp_path / "site") == 0


def test_a_name_that_no_line_can_hold_enters_by_a_number(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photo = tmp_path / "a: b.jpg"
    photo.write_bytes(jpeg(640, 424))
    options = ("--faces", "none", "--approve-all", "--yes")
    said("protect", photo, "--out", tmp_path / "named", "--names", "source", *options)
    assert said("essay", "new", tmp_path / "named") == 3
    assert "no line of essay.md can name it" in capsys.readouterr().err
    said("protect", photo, "--out", tmp_path / "numbered", *options)
    assert said("essay", "new", tmp_path / "numbered") == 0


@pytest.mark.parametrize("broken", ["empty_photo", "unreadable_picture"])
def test_protecting_the_original_again_mends_a_picture(broken: str, tmp_path: Path) -> None:
    photo, folder = tmp_path / "a.jpg", tmp_path / "trip"
    photo.write_bytes(jpeg(640, 424))
    protected(photo, folder)
    fill(folder)
    picture = folder / "photo-0001.jpg"
    picture.write_bytes(b"" if broken == "empty_photo" else picture.read_bytes()[:9000])
    assert publish(folder, tmp_path / "site") == 3
    protected(photo, folder)
    assert publish(folder, tmp_path / "site") == 0


def test_two_of_one_name_enter_once_one_is_renamed(tmp_path: Path) -> None:
    folder = tmp_path / "trip"
    for name, seed in (("a.jpg", 1), ("b.jpg", 2)):
        protect(folder / f"of {name[0]}", "a.jpg", jpeg(640, 424, seed=seed))
    (folder / "essay.md").write_text(telling("Some words.", lines("of a/a.jpg"), lines("of b/a.jpg")))
    assert publish(folder, tmp_path / "site") == 3
    protect(folder / "of b", "b.jpg", jpeg(640, 424, seed=2))
    (folder / "essay.md").write_text(telling("Some words.", lines("of a/a.jpg"), lines("of b/b.jpg")))
    assert publish(folder, tmp_path / "site") == 0


def test_a_photograph_that_was_made_smaller_enters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_MAX_ESSAY_PIXELS", 400 * 300)
    for name, size, code in (("large", (640, 424), 3), ("smaller", (320, 212), 0)):
        (tmp_path / f"{name}.jpg").write_bytes(jpeg(*size))
        protected(tmp_path / f"{name}.jpg", tmp_path / name)
        fill(tmp_path / name)
        assert publish(tmp_path / name, tmp_path / f"site of {name}") == code


def test_a_new_identity_is_one_and_has_a_recipient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", CHEAP)
    secret, broken, old, new = (tmp_path / name for name in ("passphrase", "broken", "old", "new"))
    passphrase = "onward parrot recital deplete mosaic ferment rockfish"
    secret.write_text(passphrase + "\n")
    broken.write_bytes(b"no identity")
    old.write_bytes(pack(Identity(bytes(32)), passphrase + "\n", random=lambda count: bytes(count), cost=CHEAP))
    with_picture = ("--passphrase-file", secret, "--png", tmp_path / "code.png")
    assert said("identity", "show", broken, *with_picture) == 3
    assert said("identity", "show", old, *with_picture) == 3
    assert said("identity", "new", new, "--passphrase-file", secret) == 0
    assert said("identity", "show", new, *with_picture) == 0
    photo = tmp_path / "a.jpg"
    photo.write_bytes(jpeg(640, 424))
    assert said("sign", photo, "--out", tmp_path / "signed", "--identity", old, "--passphrase-file", secret) == 0
