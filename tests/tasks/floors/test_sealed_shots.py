"""Sealed shots: written by a page of Python on a camera, or by age; opened at home, and carried in floors."""

from __future__ import annotations

import functools
import io
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tasks.cards_at_hand import exfat_card
from tests.tasks.floors.test_sealed import CHEAP, EDITOR, LAWYER, STRANGER, by, hide_to, identity_file, line_of
from tests.tasks.quick import LABEL, PASSPHRASE, Said, command, hide, open_in_process

from fifthfloor.errors import BadInput
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.shot import SHOT_PIECE_BYTES, open_shot, seal_shot
from fifthfloor.tasks.floors.sealed_shots import kind_of
from fifthfloor.tasks.people import identity as identities
from tools import shot as camera

pytestmark = pytest.mark.usefixtures("quick_kdf")
KEYS = {secret: RecipientKey(secret) for secret in (EDITOR, LAWYER, STRANGER)}


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identities, "COST", CHEAP)


def taken(data: bytes, *whom: bytes) -> bytes:
    """A shot as the camera's writer seals it."""
    return b"".join(camera.sealed(io.BytesIO(data), [line_of(one) for one in whom]))


def opened(data: bytes, secret: bytes = EDITOR) -> bytes | None:
    pieces = open_shot(io.BytesIO(data).read, [KEYS[secret]])
    return None if pieces is None else b"".join(pieces)


def open_with(who: Path, *arguments: str | Path) -> Said:
    return by(who, "open", *arguments)


LENGTHS = [0, 1, SHOT_PIECE_BYTES - 1, SHOT_PIECE_BYTES, SHOT_PIECE_BYTES + 1, 2 * SHOT_PIECE_BYTES, 200_000]


@pytest.mark.parametrize("length", LENGTHS)
def test_two_writers_and_one_reader_agree(length: int) -> None:
    data = random.Random(length).randbytes(length)
    pieces = [data[at : at + 9_000] for at in range(0, length, 9_000)]
    ours = b"".join(seal_shot(pieces, [KEYS[EDITOR].public, KEYS[LAWYER].public], random=os.urandom))
    for sealed in (taken(data, EDITOR, LAWYER), ours):
        assert opened(sealed) == opened(sealed, LAWYER) == data
        assert opened(sealed, STRANGER) is None
    assert len(ours) == len(taken(data, EDITOR, LAWYER))


@functools.cache
def film() -> tuple[bytes, bytes]:
    """A film of four pieces, and the same sealed."""
    plain = random.Random(1).randbytes(3 * SHOT_PIECE_BYTES + 100)
    return plain, taken(plain, EDITOR)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_is_done_to_it_nothing_wrong_comes_out(data: st.DataObject) -> None:
    """Cut, changed, pieces left out or in another order: a named error, or what was sealed up to there."""
    plain, sealed = film()
    how = data.draw(st.sampled_from(["cut", "bit", "drop", "swap", "more"]))
    header, step = 17 + 1168, SHOT_PIECE_BYTES + 16
    pieces = [sealed[at : at + step] for at in range(header, len(sealed), step)]
    if how == "cut":
        bent = sealed[: data.draw(st.integers(0, len(sealed) - 1))]
    elif how == "bit":
        at = data.draw(st.integers(0, len(sealed) - 1))
        bent = sealed[:at] + bytes([sealed[at] ^ 1 << data.draw(st.integers(0, 7))]) + sealed[at + 1 :]
    elif how == "drop":
        gone = data.draw(st.integers(0, 3))
        bent = sealed[:header] + b"".join(pieces[:gone] + pieces[gone + 1 :])
    elif how == "swap":
        bent = sealed[:header] + b"".join([pieces[1], pieces[0], *pieces[2:]])
    else:
        bent = sealed + data.draw(st.binary(min_size=1, max_size=40))
    said, out = outcome(bent)
    assert said in ("nobody's", "shot.malformed", "shot.broken")
    assert plain.startswith(out)


def outcome(data: bytes) -> tuple[str, bytes]:
    """What a reader says of a file, and what it gave out before."""
    out = bytearray()
    try:
        pieces = open_shot(io.BytesIO(data).read, [KEYS[EDITOR]])
        if pieces is None:
            return "nobody's", b""
        for piece in pieces:
            out += piece
    except BadInput as error:
        return error.key, bytes(out)
    return "whole", bytes(out)


def test_memory_does_not_grow_with_the_shot() -> None:
    """A shot of 64 MB through a reader that never holds more than three pieces."""
    asked: list[int] = []

    def long_film() -> Iterator[bytes]:
        for number in range(1_000):
            yield bytes([number % 256]) * SHOT_PIECE_BYTES

    held = bytearray()
    source = seal_shot(long_film(), [KEYS[EDITOR].public], random=os.urandom)

    def read(length: int) -> bytes:
        asked.append(length)
        while len(held) < length and (piece := next(source, None)) is not None:
            held.extend(piece)
        got = bytes(held[:length])
        del held[:length]
        assert len(held) <= 2 * SHOT_PIECE_BYTES
        return got

    assert sum(map(len, open_shot(read, [KEYS[EDITOR]]) or ())) == 1_000 * SHOT_PIECE_BYTES
    assert max(asked) <= SHOT_PIECE_BYTES + 16


@pytest.mark.parametrize(
    "text", ["", "fifthfloor1", line_of(EDITOR)[:-1], line_of(EDITOR)[:50] + "q" + line_of(EDITOR)[51:]]
)
def test_the_cameras_writer_refuses_a_wrong_line(text: str) -> None:
    if text[50:51] == line_of(EDITOR)[50]:
        text = text[:-1]
    with pytest.raises(ValueError, match="line is wrong"):
        camera.public_half(text)


def test_the_cameras_writer_finds_the_line_in_what_identity_show_prints() -> None:
    line, public = line_of(EDITOR), KEYS[EDITOR].public
    shown = f"public key: {bytes(32).hex()}\nrecipient, to whom: {line}\nfingerprint of the recipient: w4w0 yl65\n"
    wrapped = "\n".join(line[at : at + 64] for at in range(0, len(line), 64))
    for text in (shown, shown.replace("\n", "\r\n"), f"\ufeff{line}", f"{wrapped}\n\nyours, r.", line.upper()):
        assert camera.public_half(text) == public.public
    for text in (f"{line}q", line[:100].upper() + line[100:]):
        with pytest.raises(ValueError, match="line is wrong"):
            camera.public_half(text)


def test_on_the_camera_and_at_home(tmp_path: Path) -> None:
    """The script in a process of its own, as on a Raspberry Pi, and `open` of what it wrote."""
    (tmp_path / "line.txt").write_text(f"recipient, to whom floors are sealed: {line_of(EDITOR)}\n")
    data = random.Random(3).randbytes(150_000)
    script = Path(camera.__file__)
    target = tmp_path / "0001.jpg.shot"
    call = [sys.executable, str(script), "--to", str(tmp_path / "line.txt"), str(target)]
    assert subprocess.run(call, input=data, check=False).returncode == 0
    again = subprocess.run(call, input=data, capture_output=True, check=False)
    assert (again.returncode, b"error" in again.stderr) == (3, True)
    who = identity_file(tmp_path / "e", EDITOR)
    said = open_with(who, target, "--out", tmp_path / "out")
    assert (said.code, said.document["shots"], said.document["bytes"]) == (0, 1, len(data)), said.err
    assert (tmp_path / "out/0001.jpg").read_bytes() == data
    assert open_with(who, target, "--out", tmp_path / "out").document["error"] == "open.exists"
    assert open_with(who, target, "--out", tmp_path / "out", "--force").code == 0
    assert open_with(who, target, "--check").document["written"] is False
    other = open_with(identity_file(tmp_path / "x", STRANGER), target, "--out", tmp_path / "no")
    assert (other.code, other.document["error"]) == (1, "shot.nothing")
    target.write_bytes(target.read_bytes()[:-1])
    cut = open_with(who, target, "--out", tmp_path / "no")
    assert (cut.code, cut.document["error"]) == (3, "shot.broken")
    assert not list((tmp_path / "no").glob("*"))
    assert command("open", target, "--out", tmp_path / "no").code == 2
    (tmp_path / "0002.jpg.shot").write_bytes(taken(data[:9], EDITOR))
    beside = open_with(who, target, tmp_path / "0002.jpg.shot", "--out", tmp_path / "beside")
    assert (beside.code, beside.document["error"]) == (3, "shot.unsound")
    assert [file.name for file in (tmp_path / "beside").iterdir()] == ["0002.jpg"], "one torn off holds up no other"
    for option in (("--only", "*1*"), ("--label", "trip"), ("--collect", tmp_path / "part")):
        assert open_with(who, target, "--out", tmp_path / "no", *option).code == 2


def test_shots_go_into_floors_as_they_are_and_come_back_open(tmp_path: Path) -> None:
    source, card = tmp_path / "day", exfat_card(tmp_path / "card.img", size_bytes=60_000_000)
    source.mkdir()
    (source / "0001.jpg.shot").write_bytes(taken(b"mine", EDITOR))
    (source / "0002.jpg.shot").write_bytes(taken(b"somebody else's", STRANGER))
    (source / "0003.jpg.shot").write_bytes(taken(b"twice", EDITOR))
    (source / "0003.jpg").write_bytes(b"already there")
    (source / "0004.jpg.shot").write_bytes(taken(b"the battery was taken out", EDITOR)[:-1])
    (source / "plain.jpg").write_bytes(b"plain")
    sealed = {path.name: path.read_bytes() for path in source.iterdir()}
    assert hide_to(source, card, to=(line_of(EDITOR),)).code == 0
    said = open_with(identity_file(tmp_path / "e", EDITOR), card, "--out", tmp_path / "out")
    assert said.document["floors"][0]["unsealed"] == 1
    found = {path.name: path.read_bytes() for path in (tmp_path / "out/day").iterdir()}
    del sealed["0001.jpg.shot"]
    assert found == sealed | {"0001.jpg": b"mine"}
    # Under a passphrase they come back as they were, and are opened by themselves.
    assert hide(source, card).code == 0
    assert open_in_process(tmp_path / "two", card).code == 0
    assert (tmp_path / "two/day/0001.jpg.shot").exists()


def age_identity(path: Path) -> pyrage.x25519.Identity:
    identity = pyrage.x25519.Identity.generate()
    path.write_text(f"# created: 2026-11-29\n# public key: {identity.to_public()}\n{identity}\n")
    return identity


def test_files_of_rages_library_and_of_both_kinds_together(tmp_path: Path) -> None:
    key, data = age_identity(tmp_path / "key.txt"), random.Random(5).randbytes(100_000)
    (tmp_path / "a.jpg.age").write_bytes(pyrage.encrypt(data, [key.to_public()]))
    (tmp_path / "b.jpg.shot").write_bytes(taken(data[:10], EDITOR))
    by_age: list[str | Path] = ["--identity", tmp_path / "key.txt"]
    alone = command("open", tmp_path / "a.jpg.age", *by_age, "--out", tmp_path / "o", "--json")
    assert (alone.code, (tmp_path / "o/a.jpg").read_bytes() == data) == (0, True), alone.err
    who = identity_file(tmp_path / "e", EDITOR)
    said = open_with(who, tmp_path / "a.jpg.age", tmp_path / "b.jpg.shot", *by_age, "--out", tmp_path / "both")
    assert (said.code, said.document["shots"], said.document["others"]) == (0, 2, 0), said.err
    only = open_with(who, tmp_path / "a.jpg.age", tmp_path / "b.jpg.shot", "--out", tmp_path / "one")
    assert (only.document["shots"], only.document["others"]) == (1, 1)
    for bent, name in ((pyrage.encrypt(data, [key.to_public()])[:-1], "c.age"), (b"age-encryption.org/v1\n", "d.age")):
        (tmp_path / name).write_bytes(bent)
        said = command("open", tmp_path / name, "--identity", tmp_path / "key.txt", "--out", tmp_path / "n", "--json")
        assert (said.code, said.document["error"]) == (3, "shot.age_broken")
    assert not list((tmp_path / "n").glob("*"))
    card = exfat_card(tmp_path / "card.img")
    said = command("open", card, "--identity", tmp_path / "key.txt", "--out", tmp_path / "n")
    assert said.code == 2
    mixed = command("open", card, tmp_path / "b.jpg.shot", "--identity", who, "--out", tmp_path / "n")
    assert mixed.code == 2


@pytest.mark.judge("age", "age-keygen")
@pytest.mark.parametrize("armor", [[], ["-a"]])
def test_files_that_debians_age_made(tmp_path: Path, armor: list[str]) -> None:
    made = subprocess.run(["age-keygen", "-o", tmp_path / "key.txt"], capture_output=True, text=True, check=True)
    public = made.stderr.split()[-1]
    data = random.Random(6).randbytes(300_000)
    source = tmp_path / "day"
    source.mkdir()
    subprocess.run(["age", *armor, "-r", public, "-o", source / "film.mp4.age"], input=data, check=True)
    assert kind_of(source / "film.mp4.age") == "age"
    card, who = exfat_card(tmp_path / "card.img", size_bytes=60_000_000), identity_file(tmp_path / "e", EDITOR)
    assert hide_to(source, card, to=(line_of(EDITOR),)).code == 0
    said = open_with(who, card, "--identity", tmp_path / "key.txt", "--out", tmp_path / "out")
    assert said.document["floors"][0]["unsealed"] == 1, said.err
    assert (tmp_path / "out/day/film.mp4").read_bytes() == data


def test_no_passphrase_is_asked_for_an_identity_of_age(tmp_path: Path) -> None:
    key = age_identity(tmp_path / "key.txt")
    (tmp_path / "a.age").write_bytes(pyrage.encrypt(b"x", [key.to_public()]))
    said = command("open", tmp_path / "a.age", "--identity", tmp_path / "key.txt", "--check", "--json", stdin="")
    assert (said.code, said.document["shots"]) == (0, 1)
    (tmp_path / "bad.txt").write_text("AGE-SECRET-KEY-1QQQQ\n")
    said = command("open", tmp_path / "a.age", "--identity", tmp_path / "bad.txt", "--check", "--json", stdin="")
    assert (said.code, said.document["error"]) == (3, "shot.age_identity")
    assert "QQQQ" not in said.err + said.out


def test_labels_and_passphrases_still_open_floors_beside_it(tmp_path: Path) -> None:
    card = exfat_card(tmp_path / "card.img")
    (tmp_path / "a.jpg").write_bytes(b"a")
    assert hide(tmp_path / "a.jpg", card).code == 0
    assert open_in_process(tmp_path / "out", card, passphrase=PASSPHRASE, label=LABEL).code == 0
