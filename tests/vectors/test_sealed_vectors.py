"""`spec/vectors/sealed` against both readers: the package, and `tools/rescue.py` without it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from tests.vectors.readers import hashes
from tools.vectors.build import FILES, Vector, images_of, parse
from tools.vectors.sealed import VECTORS, vectors

from fifthfloor.errors import BadInput, NothingFound
from fifthfloor.floor.capsule import open_capsules
from fifthfloor.floor.recipient import RecipientKey, recipient_of
from fifthfloor.floor.shot import open_shot
from fifthfloor.identity import Cost, Identity, pack
from fifthfloor.tasks.floors.here import ByIdentity
from fifthfloor.tasks.floors.open import open_floors
from fifthfloor.tasks.progress import silent
from tools import rescue

CAPSULES = sorted(path.name for path in VECTORS.glob("capsule*"))


def load(name: str) -> tuple[Vector, RecipientKey, str]:
    vector = parse((VECTORS / name).read_text(encoding="ascii"))
    return vector, RecipientKey(bytes.fromhex(vector.head["secret"])), json.loads(vector.head.get("label", '""'))


def test_the_generator_knows_all_that_is_stored() -> None:
    made = vectors()
    assert sorted(made) == sorted(path.name for path in VECTORS.iterdir())
    for name, vector in made.items():
        stored = load(name)[0]
        assert (stored.expect, stored.head) == (vector.expect, vector.head)


def test_line_and_fingerprint() -> None:
    vector, key, _label = load("recipient")
    assert key.public.line() == vector.head["line"]
    assert recipient_of(vector.head["line"]).fingerprint() == vector.head["fingerprint"]


@pytest.mark.parametrize("name", CAPSULES)
def test_capsule(name: str) -> None:
    vector, key, label = load(name)
    data = vector.body[0][1]
    (found,) = open_capsules([data], key, label)
    rescued = rescue.masters([io.BytesIO(data + bytes(16_384))], bytes.fromhex(vector.head["secret"]), label)
    if vector.expect == "nothing":
        assert (found, rescued) == (None, [])
        return
    assert found is not None
    master = bytes.fromhex(vector.head["master"])
    assert (found.master, str(found.carriers), str(found.threshold)) == (
        master, vector.head["carriers"], vector.head["threshold"],
    )  # fmt: skip
    assert rescued == [master]


@pytest.mark.parametrize("name", sorted(path.name for path in VECTORS.glob("shot*")))
def test_shot(name: str) -> None:
    vector, key, _label = load(name)
    read = io.BytesIO(vector.body[0][1]).read
    pieces = open_shot(read, [key])
    if vector.expect == "nothing":
        assert pieces is None
        return
    assert pieces is not None
    if vector.expect == "opens":
        assert b"".join(pieces).decode() == json.loads(vector.head["holds"])
        return
    with pytest.raises(BadInput):
        list(pieces)


@pytest.mark.parametrize("name", ["floor", "floor_one_card"])
def test_floor(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vector, key, label = load(name)
    paths = [tmp_path / f"{number}.img" for number in range(len(images_of(vector)))]
    for path, data in zip(paths, images_of(vector), strict=True):
        path.write_bytes(data)
    cost = Cost(memory_kib=64, passes=1, lanes=1)
    for attribute, value in (("KDF_KIB", 64), ("KDF_PASSES", 1), ("KDF_LANES", 1)):
        monkeypatch.setattr(rescue, attribute, value)
    secret = bytes.fromhex(vector.head["secret"])
    identity = pack(Identity(bytes(32), secret), "pass", random=lambda length: bytes(length), cost=cost)
    code = rescue.rescue("pass", label, tmp_path / "rescued", paths, identity)
    if vector.expect == "incomplete":
        with pytest.raises(NothingFound) as caught:
            open_floors(paths, ByIdentity(key, label), tmp_path / "out", force=False, progress=silent)
        assert (caught.value.key, caught.value.facts["missing"], code) == ("open.more_carriers", 1, 1)
        return
    assert code == 0
    open_floors(paths, ByIdentity(key, label), tmp_path / "out", force=False, progress=silent)
    files = dict(FILES)
    for folder in ("out", "rescued"):
        assert sorted(dict(hashes(tmp_path / folder))) == sorted(files)
        assert {name: (tmp_path / folder / name).read_bytes() for name in files} == files


def test_a_wrong_passphrase_of_the_identity_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, phrase, image = tmp_path / "identity", tmp_path / "phrase", tmp_path / "image"
    cost = Cost(memory_kib=8 << 10, passes=1, lanes=1)
    file.write_bytes(pack(Identity(bytes(32), bytes(32)), "right", random=lambda length: bytes(length), cost=cost))
    phrase.write_text("wrong\n")
    image.write_bytes(bytes(1 << 20))
    given = ["--identity", file, "--passphrase-file", phrase, "--out", tmp_path / "out", image]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rescue, "KDF_KIB", 8 << 10)
        assert rescue.main([str(one) for one in given]) == 3
    assert "the identity does not open" in capsys.readouterr().err
