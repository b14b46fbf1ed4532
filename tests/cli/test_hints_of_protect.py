"""Every hint of `protect`, `approve`, the gate and the codec that names a program or an option is followed here.

`FOLLOWED` says which test follows a hint. A new hint that names a command and is in no list makes this fail.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tests.redact.drawn import jpeg, scene
from tests.statement.test_c2pa import newsroom

from fifthfloor.cli.group import fifthfloor
from fifthfloor.cli.outcome import run
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import Decision, read_decisions
from fifthfloor.words import error

AREAS = ("protect", "approve", "redact", "jpeg", "c2pa", "gate")
NAMES_A_COMMAND = re.compile(r"fifthfloor [a-z]|jpegtran|openssl|pip |exiftool|--[a-z]")
# Followed in this file, by the name of the test.
FOLLOWED = {
    "protect.not_ours": "test_another_folder_is_the_way_out",
    "protect.other_owner": "test_another_folder_is_the_way_out",
    "protect.other_there": "test_another_folder_is_the_way_out",
    "protect.another_waits": "test_another_folder_is_the_way_out",
    "protect.inside": "test_another_folder_is_the_way_out",
    "protect.long_name": "test_a_long_name_is_called_by_a_number",
    "protect.names_broken": "test_a_list_that_is_broken_is_left_behind",
    "approve.none": "test_protect_then_look_then_approve",
    "approve.not_looked": "test_protect_then_look_then_approve",
    "approve.questions": "test_an_answer_opens_the_way",
    "approve.not_applied": "test_a_box_is_applied_by_running_protect_again",
    "approve.no_page": "test_running_protect_again_brings_the_page_back",
    "approve.page_broken": "test_running_protect_again_brings_the_page_back",
    "approve.manifest": "test_the_manifest_is_signed_again",
    "approve.nobody": "test_protect_then_look_then_approve",
    "gate.found": "test_protecting_again_mends_what_the_gate_refuses",
    "gate.changed": "test_protecting_again_mends_what_the_gate_refuses",
    "gate.another": "test_protecting_again_mends_what_the_gate_refuses",
    "gate.not_approved": "test_protect_then_look_then_approve",
    "gate.hidden_afterwards": "test_protecting_again_mends_what_the_gate_refuses",
    "jpeg.arithmetic": "test_the_coding_is_changed_and_the_orientation_stays",
    "jpeg.non_interleaved": "test_the_coding_is_changed_and_the_orientation_stays",
    "jpeg.too_many_scans": "test_the_coding_is_changed_and_the_orientation_stays",
    "c2pa.key": "test_openssl_takes_the_passphrase_off",
}
# tests/jpeg/test_leniency.py follows it there, with the other files that no reader takes as they are.
BESIDE_THE_LENIENT = {"jpeg.damaged"}


def hints() -> Iterator[tuple[str, str]]:
    for area in AREAS:
        for key, (_, hint) in importlib.import_module(f"fifthfloor.words.{area}").ERRORS.items():
            if NAMES_A_COMMAND.search(hint):
                yield key, hint


def test_every_hint_that_names_a_command_is_followed() -> None:
    named = {key for key, _ in hints()}
    assert named == FOLLOWED.keys() | BESIDE_THE_LENIENT
    assert {name for name in FOLLOWED.values() if name not in globals()} == set()


@pytest.fixture(name="photo")
def _photo(tmp_path: Path) -> Path:
    file = tmp_path / "a.jpg"
    file.write_bytes(jpeg(scene()))
    return file


def said(*arguments: str | Path) -> int:
    return run(fifthfloor, [str(argument) for argument in arguments])


def protected(photo: Path, out: Path, *more: str | Path) -> int:
    return said("protect", photo, "--out", out, "--faces", "none", "--names", "source", "--yes", *more)


def test_another_folder_is_the_way_out(photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.jpg").write_bytes(b"mine")
    assert protected(photo, out) == 3
    assert error("protect.not_ours", {"name": "a.jpg"})[1] in capsys.readouterr().err
    assert protected(photo, tmp_path / "another") == 0
    photo.write_bytes(jpeg(scene(seed=2)))
    assert protected(photo, tmp_path / "another") == 3
    assert error("protect.another_waits", {"name": "a.jpg"})[1] in capsys.readouterr().err
    assert protected(photo, tmp_path / "third") == 0


def test_a_long_name_is_called_by_a_number(photo: Path, tmp_path: Path) -> None:
    long = photo.rename(tmp_path / ("a" * 251 + ".jpg"))
    assert protected(long, tmp_path / "out") == 3
    assert said("protect", long, "--out", tmp_path / "out", "--faces", "none", "--yes") == 0


def test_a_list_that_is_broken_is_left_behind(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "names.json").write_text("{")
    assert said("protect", photo, "--out", out, "--faces", "none", "--yes") == 3
    assert said("protect", photo, "--out", tmp_path / "another", "--faces", "none", "--yes") == 0


def test_protect_then_look_then_approve(photo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, boxes = tmp_path / "out", tmp_path / "boxes.json"
    (tmp_path / "empty").mkdir()
    assert said("approve", tmp_path / "empty", "--by", "Kim", "--yes") == 3
    assert protected(photo, out) == 0
    assert said("approve", out, "--by", "Kim", "--yes") == 3
    assert "--all-looked-at" in capsys.readouterr().err
    assert said("approve", out, "--by", " ", "--yes", "--all-looked-at") == 3
    digest = json.loads(next((out / "review").glob("*.json")).read_bytes())["digest"]
    boxes.write_text(json.dumps({"a.jpg": {"looked": digest}}))
    assert said("approve", out, "--by", "Kim", "--yes", "--boxes", boxes) == 0


def test_an_answer_opens_the_way(photo: Path, tmp_path: Path) -> None:
    out, boxes = tmp_path / "out", tmp_path / "boxes.json"
    assert said("protect", photo, "--out", out, "--writing", "none", "--names", "source", "--yes") == 0
    document = json.loads(next((out / "review").glob("*.json")).read_bytes())
    (asked,) = [part for part in document["parts"] if part["why"] == "uncertain"]
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 3
    box = {side: asked[side] for side in ("left", "top", "right", "bottom")}
    boxes.write_text(json.dumps({"a.jpg": {"show": [box], "looked": document["digest"]}}))
    assert said("approve", out, "--by", "Kim", "--yes", "--boxes", boxes) == 0


def test_a_box_is_applied_by_running_protect_again(photo: Path, tmp_path: Path) -> None:
    out, boxes = tmp_path / "out", tmp_path / "boxes.json"
    boxes.write_text(json.dumps({"a.jpg": [{"left": 10, "top": 20, "right": 110, "bottom": 140}]}))
    assert read_decisions(boxes.read_bytes()) == {"a.jpg": Decision((Box(10, 20, 110, 140),))}
    assert protected(photo, out) == 0
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at", "--boxes", boxes) == 3
    assert protected(photo, out, "--boxes", boxes) == 0
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at", "--boxes", boxes) == 0


@pytest.mark.parametrize("broken", [None, b"{"])
def test_running_protect_again_brings_the_page_back(photo: Path, tmp_path: Path, broken: bytes | None) -> None:
    out = tmp_path / "out"
    assert protected(photo, out) == 0
    document = next((out / "review").glob("*.json"))
    document.write_bytes(broken) if broken else document.unlink()
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 3
    assert protected(photo, out) == 0
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 0


def test_the_manifest_is_signed_again(photo: Path, tmp_path: Path) -> None:
    out, pair = tmp_path / "out", (tmp_path / "chain.pem", tmp_path / "key.pem")
    for file, data in zip(pair, newsroom(), strict=True):
        file.write_bytes(data)
    assert protected(photo, out, "--c2pa", *pair) == 0
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 3
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at", "--c2pa", *pair) == 0


def test_protecting_again_mends_what_the_gate_refuses(photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert protected(photo, out) == 0
    picture = out / "a.jpg"
    picture.write_bytes(picture.read_bytes() + b"behind the end")
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 3
    assert protected(photo, out) == 0
    assert said("approve", out, "--by", "Kim", "--yes", "--all-looked-at") == 0


@pytest.mark.judge("jpegtran", "exiftool")
def test_the_coding_is_changed_and_the_orientation_stays(tmp_path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x112] = 6
    plain, hard, new = (tmp_path / name for name in ("plain.jpg", "hard.jpg", "new.jpg"))
    plain.write_bytes(jpeg(scene(), exif=exif))
    made = subprocess.run(["jpegtran", "-copy", "all", "-arithmetic", plain], capture_output=True, check=True)
    hard.write_bytes(made.stdout)
    assert protected(hard, tmp_path / "out") == 3
    (command, _) = error("jpeg.arithmetic", {})[1].split(" changes ")
    words = [str({"FILE": hard, "NEW": new}.get(word, word)) for word in command.split()]
    shown = subprocess.run(words[: words.index(">")], capture_output=True, check=True)
    new.write_bytes(shown.stdout)
    assert protected(new, tmp_path / "out") == 0
    told = subprocess.run(
        ["exiftool", "-s3", "-n", "-Orientation", tmp_path / "out/new.jpg"], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "6"


@pytest.mark.judge("openssl")
def test_openssl_takes_the_passphrase_off(photo: Path, tmp_path: Path) -> None:
    chain, key = newsroom()
    locked, chain_file, plain = tmp_path / "locked.pem", tmp_path / "chain.pem", tmp_path / "plain.pem"
    chain_file.write_bytes(chain)
    form = serialization.PrivateFormat.PKCS8
    encryption = serialization.BestAvailableEncryption(b"secret")
    private = load_pem_private_key(key, None)
    locked.write_bytes(private.private_bytes(serialization.Encoding.PEM, form, encryption))
    assert protected(photo, tmp_path / "out", "--c2pa", chain_file, locked) == 3
    words = error("c2pa.key", {})[1].split(" takes ")[0].split()
    command = [str({"KEY": locked, "PLAIN": plain}.get(word, word)) for word in words]
    subprocess.run([*command, "-passin", "pass:secret"], check=True, capture_output=True)
    assert protected(photo, tmp_path / "out", "--c2pa", chain_file, plain) == 0
