"""Vectors of sealed floors: `python -m tools.vectors.sealed` writes those that are not there yet.

ML-KEM's encapsulation takes its chance from the system, so these are made once and then kept as they are.
"""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from unittest import mock

from tools.vectors.build import FILES, Terms, Vector, archive, dealt_2, tar

from fifthfloor.floor import capsule as sealing
from fifthfloor.floor.capsule import MEANT_BYTES, Entrusted, seal_capsule
from fifthfloor.floor.recipient import RecipientKey
from fifthfloor.floor.seal import keys_of_master
from fifthfloor.floor.shot import seal_shot

VECTORS = Path(__file__).parents[2] / "spec" / "vectors" / "sealed"
SECRET = bytes(range(32))
MASTER = bytes(range(0x60, 0x80))
LABEL = "Reykjavík 2027"


def capsule(label: str = LABEL, secret: bytes = SECRET) -> bytes:
    """Seal `MASTER`, of a floor on three cards of which two are needed."""
    return seal_capsule(Entrusted(MASTER, 3, 2), RecipientKey(secret).public, label, random=secrets.token_bytes)


def unlawful(head: bytes, behind: bytes = b"") -> bytes:
    """Seal what no writer may: a version, carriers and threshold as given, bytes that are no zeros before the key."""
    version, carriers, threshold = head
    what = Entrusted(behind + MASTER, carriers, threshold)
    with mock.patch.multiple(sealing, CAPSULE_VERSION=version, MASTER_BYTES=len(what.master)):
        return seal_capsule(what, RecipientKey(SECRET).public, LABEL, random=secrets.token_bytes)[:MEANT_BYTES]


def vectors() -> dict[str, Vector]:
    """Make all of them anew."""
    line, print_of = RecipientKey(SECRET).public.line(), RecipientKey(SECRET).public.fingerprint()
    asked = {"secret": SECRET.hex(), "label": json.dumps(LABEL)}
    opens = asked | {"master": MASTER.hex(), "carriers": "3", "threshold": "2"}
    sound = capsule()
    terms = Terms(carriers=3, threshold=2, number_bits=6, groups=1, symbols=1, first=0, shards=2)
    shards = {0xC3: ((0, 41), (0, 7)), 0x05: ((0, 0), (0, 63)), 0x71: ((0, 12), (0, 50))}
    slots = dealt_2(archive(tar()), terms, shards, by=keys_of_master(MASTER))
    images = [(f"image {n} at {1 << 20}", capsule()) for n in (1, 2)]
    for number, x in enumerate((0xC3, 0x71), 1):
        images += [(f"image {number} at {16_384 * (3 + at)}", slot) for at, slot in enumerate(slots[x])]
    names = {f"file_{n}": json.dumps(name) for n, (name, _data) in enumerate(FILES, 1)}
    shot = b"".join(seal_shot([b"one photograph"], [RecipientKey(SECRET).public], random=secrets.token_bytes))
    taken = {"secret": SECRET.hex()}
    return {
        "shot": Vector("opens", taken | {"holds": json.dumps("one photograph")}, (("shot", shot),)),
        "shot_cut": Vector("rejected", taken, (("shot", shot[:-1]),)),
        "shot_something_behind": Vector("rejected", taken, (("shot", shot + bytes(30)),)),
        "shot_other_secret": Vector("nothing", {"secret": bytes(32).hex()}, (("shot", shot),)),
        "recipient": Vector("line", {"secret": SECRET.hex(), "line": line, "fingerprint": print_of}),
        "capsule": Vector("opens", opens, (("capsule", sound[:MEANT_BYTES]),)),
        "capsule_other_label": Vector("nothing", asked, (("capsule", capsule(label="other")[:MEANT_BYTES]),)),
        "capsule_other_secret": Vector("nothing", asked, (("capsule", capsule(secret=bytes(32))[:MEANT_BYTES]),)),
        "capsule_mark_wrong": Vector("nothing", asked, (("capsule", _bent(sound, 1_290)),)),
        "capsule_tag_wrong": Vector("nothing", asked, (("capsule", _bent(sound, 1_379)),)),
        "capsule_high_bits": Vector("nothing", asked, (("capsule", _bent(sound, 31)),)),
        "capsule_version_2": Vector("nothing", asked, (("capsule", unlawful(b"\2\3\2")),)),
        "capsule_no_threshold": Vector("nothing", asked, (("capsule", unlawful(b"\1\3\0")),)),
        "capsule_threshold_above_carriers": Vector("nothing", asked, (("capsule", unlawful(b"\1\2\3")),)),
        "capsule_not_zero": Vector("nothing", asked, (("capsule", unlawful(b"\1\3\2", b"\1")),)),
        "floor": Vector("files", asked | {"image_bytes": str(2 << 20)} | names, tuple(images)),
        "floor_one_card": Vector("incomplete", asked | {"image_bytes": str(2 << 20)}, tuple(images[:1] + images[2:4])),
    }


def _bent(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x80]) + data[at + 1 : MEANT_BYTES]


def write(folder: Path = VECTORS) -> None:
    """Write the vectors that are not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, vector in vectors().items():
        if not (folder / name).exists():
            (folder / name).write_text(vector.text(), encoding="ascii", newline="\n")


if __name__ == "__main__":
    write()
