"""spec/vectors/statement: Python and JavaScript come to the same outcome on every lawful case and every attack."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from tests.outside import REPOSITORY

from fifthfloor.errors import FifthFloorError
from fifthfloor.essay.labels import Labels
from fifthfloor.statement.verdict import VerdictWord, verdict, verdict_of
from fifthfloor.statement.verify import verify
from fifthfloor.words.verdict import SENTENCES

VECTORS = sorted((REPOSITORY / "spec" / "vectors" / "statement").iterdir())
# Of version 1: statements that are out there. Nothing makes them any more, and they must come out as they did.
OLDER = sorted((REPOSITORY / "spec" / "vectors" / "statement-1").iterdir())
VERIFY_JS = REPOSITORY / "src" / "fifthfloor" / "statement" / "verify.js"


def head(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: value.strip() for name, value in (line.split(":", 1) for line in lines)}


def outcome(vector: dict[str, str]) -> str:
    statement = json.loads(vector["statement"]).encode("utf-8", "surrogateescape")
    try:
        verify(base64.b64decode(vector["picture"]), statement)
    except FifthFloorError as error:
        return error.key
    return "verified"


@pytest.mark.parametrize("path", [*VECTORS, *OLDER], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_python_comes_to_the_stated_outcome(path: Path) -> None:
    vector = head(path)
    assert outcome(vector) == vector["expect"]


def test_there_are_lawful_cases_and_attacks() -> None:
    expected = [head(path)["expect"] for path in VECTORS]
    assert expected.count("verified") >= 20
    assert len(set(expected)) >= 10
    assert len(expected) >= 85


def test_the_generator_writes_these_vectors() -> None:
    generator = importlib.import_module("tools.vectors.statement")
    assert generator.cases() == {path.name: path.read_text(encoding="utf-8") for path in VECTORS}


def test_the_older_ones_are_those_that_were_written() -> None:
    assert len(OLDER) == 101
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in OLDER)).hexdigest()
    assert digest == "f870e67eb5e579d8636cd3d76b66eb10d47ac5a337f1c158b3fe4b7f6fd94517"


@pytest.mark.judge("node")
@pytest.mark.parametrize("vectors", [VECTORS, OLDER], ids=["statement", "statement-1"])
def test_node_comes_to_the_stated_outcome_with_and_without_webcrypto(vectors: list[Path]) -> None:
    script = Path(__file__).with_name("vectors.js")
    ran = subprocess.run(
        ["node", "--no-warnings", script, VERIFY_JS, vectors[0].parent], capture_output=True, text=True, check=True
    )
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [row[0] for row in rows] == [path.name for path in vectors]
    assert [row for row in rows if len(set(row[1:])) != 1] == []


# A PNG, a GIF, a WebP, a HEIC, two TIFF, a BMP, a JPEG XL; a text, nothing, a PDF.
FIRST = (
    *("89504e47", "47494638", "52494646", "00000018", "49492a00", "4d4d002a", "424d3e00", "ff0a1200"),
    *("68656c6c", "", "25504446"),
)
VERDICTS = """
const F = require(process.argv[1]);
const [keys, firsts] = JSON.parse(process.argv[2]);
const key = "ab".repeat(32);
const found = (keyLife) => ({ key, keyLife });
console.log(JSON.stringify([
  keys.map((name) => F.verdictOf({ key: name })),
  firsts.map((what) => F.verdictOf({ key: "jpeg.not_jpeg", what })),
  [
    F.verdict(found("story"), null),
    F.verdict(found("once"), null),
    F.verdict(found("once"), " " + key.toUpperCase()),
    F.verdict(found("story"), "00"),
    F.verdict(found("story"), "00".repeat(32)),
    F.verdict(found("once"), " "),
    F.verdict(found("story"), key.slice(0, 30) + " \\n" + key.slice(30)),
  ],
]));
"""


@pytest.mark.judge("node")
def test_both_verifiers_come_to_one_verdict() -> None:
    """Every refusal the vectors know, and the four of a picture that verifies (statement/verdict.py)."""
    keys = sorted({head(path)["expect"] for path in VECTORS} - {"verified"})
    command = ["node", "-e", VERDICTS, str(VERIFY_JS), json.dumps([keys, FIRST])]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    refused, begun, good = json.loads(ran.stdout)
    assert refused == [verdict_of(key) for key in keys]
    assert begun == [verdict_of("jpeg.not_jpeg", first) for first in FIRST]
    assert begun == ["cannot_tell"] * (len(FIRST) - 3) + ["no_picture"] * 3
    vector = head(VECTORS[0].parent / "hidden")
    found = verify(base64.b64decode(vector["picture"]), json.loads(vector["statement"]).encode())
    once = replace(found, key_life="once")
    mine = found.key.hex()
    apart = f"{mine[:30]} \n{mine[30:]}"
    given = ((found, None), (once, None), (once, f" {mine.upper()}"), (found, "00"), (found, "00" * 32))
    assert good == [verdict(*one) for one in (*given, (once, " "), (found, apart))]
    assert good == ["somebody", "once", "proved", "no_key", "other_key", "once", "proved"]


def test_every_verdict_has_its_sentence_in_every_language() -> None:
    """One text for one fact: the essay's English is the command line's, and no language lacks one."""
    wanted = {*get_args(VerdictWord), "afterwards"}
    for language in ("en", "fr", "ar", "ko"):
        labels = Labels(language)
        said = {word: labels.say(f"verdict_{word}", percent="{percent}") for word in wanted}
        assert len(set(said.values())) == len(wanted)
        if language == "en":
            expected = {word: SENTENCES[f"verdict.{word}"].replace("{percent:.1f}", "{percent}") for word in wanted}
            assert said == expected
