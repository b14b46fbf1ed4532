"""spec/vectors/statement: Python and JavaScript come to the same outcome on every lawful case and every attack."""

from __future__ import annotations

import base64
import importlib
import json
import subprocess
from pathlib import Path

import pytest
from tests.outside import REPOSITORY

from fifthfloor.errors import FifthFloorError
from fifthfloor.statement.verify import verify

VECTORS = sorted((REPOSITORY / "spec" / "vectors" / "statement").iterdir())
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


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.name)
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


@pytest.mark.judge("node")
def test_node_comes_to_the_stated_outcome_with_and_without_webcrypto() -> None:
    script = Path(__file__).with_name("vectors.js")
    ran = subprocess.run(
        ["node", "--no-warnings", script, VERIFY_JS, VECTORS[0].parent], capture_output=True, text=True, check=True
    )
    rows = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [row[0] for row in rows] == [path.name for path in VECTORS]
    assert [row for row in rows if len(set(row[1:])) != 1] == []
