"""Write `spec/vectors/roll`: orders, ladders and photographs that carry slots (spec/roll-carrier.md).

Photographs are drawn as coefficients and written with typical tables; what they carry is found by the trellis here, and
any reader that follows the page finds it.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from tools.vectors.build import FLOOR_ID, Vector, asking, chance, keys

from fifthfloor.carriers.roll.covers import cover_of, ladder_of
from fifthfloor.carriers.roll.embedding import embed
from fifthfloor.floor.header import SlotHeader
from fifthfloor.floor.roll_order import order_of
from fifthfloor.floor.slot import SlotCipher

OUT = Path(__file__).parents[2] / "spec" / "vectors" / "roll"
WRITTEN_BEFORE = {"photograph_ten_rows"}  # section 4.1: what nobody writes any more stays as it was written
OTHER = "another passphrase altogether"


def slot(number: int) -> bytes:
    """Return a slot of the vectors' keys."""
    made = bytearray(1024)
    header = SlotHeader(7, FLOOR_ID, 0, number, bytes(range(32)), bytes(range(32, 64)), fine=True)
    SlotCipher(keys()).seal_into([(header, chance(f"symbol {number}")(880))], bytes(range(16)), [memoryview(made)])
    return bytes(made)


def drawn(mode: str, side: int, **how: object) -> bytes:
    """Return a photograph of noise, small for its blocks."""
    bytes_a_pixel = len(mode) if mode == "RGB" else 1
    noise = np.frombuffer(chance(f"noise {mode}")(side * side * bytes_a_pixel), np.uint8).astype(np.float32)
    grey = 118 + (noise.reshape(side, side, -1) - 127.5) * 0.1
    out = io.BytesIO()
    Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8).squeeze(), mode).save(out, "JPEG", **{"quality": 50} | how)
    return out.getvalue()


def order(blocks: int) -> Vector:
    """Return the order of a photograph, whole."""
    fingerprint, key = chance("fingerprint")(32), keys().roll
    block, turn = order_of(key, fingerprint, blocks)
    head = {**asking(), "roll_key": key.hex(), "fingerprint": fingerprint.hex(), "blocks": str(blocks)}
    said = {"block": " ".join(map(str, block.tolist())), "turn": " ".join(map(str, turn.tolist()))}
    return Vector("order", head | said)


def ladder(blocks: int) -> Vector:
    """Return how many slots a photograph of so many blocks may carry."""
    counts = " ".join(map(str, ladder_of(blocks)))
    return Vector("ladder", {"blocks": str(blocks), "slots": counts or "none"})


def carrying(data: bytes, *slots: bytes) -> Vector:
    """Return a photograph with slots in it."""
    made = embed(cover_of(data), slots, keys().roll)
    if made is None:
        raise ValueError("the photograph does not hold them")
    head = asking() | {"fingerprint": cover_of(data).fingerprint.hex(), "count": str(len(slots))}
    body = [("photograph", made.data), *((f"slot {number}", one) for number, one in enumerate(slots))]
    return Vector("slots", head, tuple(body))


def cases() -> dict[str, Vector]:
    """Return name to vector."""
    colour = drawn("RGB", 1200, subsampling="4:2:0", restart_marker_rows=1)
    return {
        "order_of_twelve_blocks": order(12),
        "ladder_below_the_smallest": ladder(11_096),
        "ladder_smallest": ladder(11_097),
        "ladder_twelve_megapixels": ladder(504 * 378),
        "photograph_grey": carrying(drawn("L", 848), slot(1)),
        "photograph_colour_two_slots": carrying(colour, slot(2), slot(3)),
        "photograph_other_passphrase": Vector("nothing", asking(OTHER) | {"photograph": "photograph_grey"}),
    }


def main() -> int:
    """Write all of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    found = cases()
    for stale in {path.name for path in OUT.iterdir()} - set(found) - WRITTEN_BEFORE:
        (OUT / stale).unlink()
    for name, case in found.items():
        (OUT / name).write_text(case.text(), encoding="ascii", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
