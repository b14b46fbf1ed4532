"""Colour profiles that may be published: three, known by hash, the same for every photographer.

Rule 1: a profile is written by a camera, a phone or a program, and says so: none is ever copied.
Rule 2: sRGB is what no profile means. Display P3 and Adobe RGB (1998) become ours, byte for byte the same in every
        picture. Anything else goes, and the person is told that colours may look different.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

ProfileVerdict = Literal["none", "srgb", "replaced", "unknown"]

# Profiles round to 1/65,536 and adapt the white point by slightly different matrices; neighbouring colour spaces
# differ by more than ten times this.
NEAR = 0.006
MAX_TAGS = 100  # a display profile has about 20
# Where curves are compared: sRGB's own and a plain 2.2, which many programs write for it, differ by 0.004, the 1.8 of
# old screens by 0.07, light that is not coded at all by 0.29.
CURVE_AT = np.array([0.25, 0.5, 0.75])
NEAR_CURVE = 0.015
MAX_CURVE_POINTS = 1 << 16


@dataclass(frozen=True, slots=True)
class _Space:
    """Columns red, green, blue (XYZ under D50), and its curve as ICC `para` type and parameters."""

    title: str
    red: tuple[float, float, float]
    green: tuple[float, float, float]
    blue: tuple[float, float, float]
    curve: tuple[float, ...]


_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_SRGB = _Space(
    "sRGB", (0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410), _SRGB_CURVE
)
_OURS = (
    _Space(
        "Display P3",
        (0.51512, 0.24120, -0.00105),
        (0.29198, 0.69225, 0.04189),
        (0.15710, 0.06657, 0.78407),
        _SRGB_CURVE,
    ),
    _Space(
        "Adobe RGB (1998)",
        (0.60974, 0.31111, 0.01947),
        (0.20528, 0.62567, 0.06087),
        (0.14919, 0.06322, 0.74457),
        (563 / 256,),
    ),
)
_CURVES = (b"rTRC", b"gTRC", b"bTRC")
_D50 = (0.9642, 1.0, 0.8249)
# Bradford, D65 to D50: what ICC.1:2010 wants said when a display's white is not D50.
_D65_TO_D50 = (1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)


def publishable(profile: bytes) -> tuple[bytes, ProfileVerdict]:
    """Return the profile that may stand in for `profile` (empty for none), and what was done.

    Args:
        profile: of an unknown source, whole; any bytes.
    """
    if not profile:
        return b"", "none"
    tags = _tags(profile)
    columns = _columns(profile, tags)
    if columns is None:
        return b"", "unknown"
    for space in (_SRGB, *_OURS):
        if _near(columns, space) and all(_is_curve(profile, tags.get(name), space) for name in _CURVES):
            return (b"", "srgb") if space is _SRGB else (_write(space), "replaced")
    return b"", "unknown"


def display_p3() -> bytes:
    """Return our Display P3, for phones that name its colours without a profile."""
    return _write(_OURS[0])


def adobe_rgb() -> bytes:
    """Return our Adobe RGB (1998), for cameras that name it in EXIF only."""
    return _write(_OURS[1])


def is_known(profile: bytes) -> bool:
    """Tell whether a profile is one of ours, byte for byte; the publish gate's question."""
    return hashlib.sha256(profile).hexdigest() in KNOWN_PROFILES


def _near(columns: np.ndarray, space: _Space) -> bool:
    return bool(np.abs(columns - np.array([space.red, space.green, space.blue])).max() < NEAR)


def _tags(profile: bytes) -> dict[bytes, tuple[int, int]]:
    """Read where the tags of an RGB profile lie: offset and length (ICC.1:2010 7.3); none of anything else."""
    if len(profile) < 132 or profile[16:20] != b"RGB " or profile[36:40] != b"acsp":
        return {}
    count = min(int.from_bytes(profile[128:132], "big"), MAX_TAGS)
    rows = (struct.unpack_from(">4sII", profile, at) for at in range(132, min(132 + 12 * count, len(profile) - 11), 12))
    return {name: (offset, length) for name, offset, length in rows if offset + length <= len(profile)}


def _columns(profile: bytes, tags: Mapping[bytes, tuple[int, int]]) -> np.ndarray | None:
    """Read rXYZ, gXYZ, bXYZ (ICC.1:2010 10.31); None where a table would win over them, or one is missing."""
    found = []
    for name in (b"rXYZ", b"gXYZ", b"bXYZ"):
        offset, length = tags.get(name, (0, 0))
        if length < 20 or profile[offset : offset + 4] != b"XYZ ":
            return None
        found.append([value / 65536 for value in struct.unpack_from(">3i", profile, offset + 8)])
    return None if {b"A2B0", b"A2B1"} & tags.keys() else np.array(found)


def _is_curve(profile: bytes, place: tuple[int, int] | None, space: _Space) -> bool:
    """Say whether a tone curve (ICC.1:2010 10.6, 10.18) is that of a space, as near as an eye sees."""
    if place is None or place[1] < 12:
        return False
    with np.errstate(all="ignore"):  # a curve may say anything; what is no number is near nothing
        found = _curve(profile[place[0] : place[0] + place[1]])
        return found is not None and bool(np.abs(found - _parametric(space.curve)).max() < NEAR_CURVE)


def _curve(data: bytes) -> np.ndarray | None:
    """Return what a tone curve makes of `CURVE_AT`; None for one that is broken."""
    count = int.from_bytes(data[8:12], "big")
    if data[:4] == b"curv" and len(data) >= 12 + 2 * count and count <= MAX_CURVE_POINTS:
        points = np.frombuffer(data[12 : 12 + 2 * count], ">u2")
        if count < 2:
            return _parametric((float(points[0]) / 256 if count else 1.0,))
        return np.array([float(points[round(at * (count - 1))]) / 65535 for at in CURVE_AT])
    kind = int.from_bytes(data[8:10], "big")
    values = [value / 65536 for value in struct.unpack(f">{(len(data) - 12) // 4}i", data[12 : len(data) & ~3])]
    wanted = {0: 1, 1: 3, 2: 4, 3: 5, 4: 7}.get(kind, len(values) + 1)
    if data[:4] != b"para" or len(values) < wanted:
        return None
    return _parametric(tuple(values[:wanted]))


def _parametric(values: tuple[float, ...]) -> np.ndarray:
    """Return what a `para` curve makes of `CURVE_AT`, by how many parameters it has: g, a, b, c, d, e, f."""
    g, a, b, *rest = values if len(values) > 1 else (values[0], 1.0, 0.0)
    if len(values) < 5:
        # Below -b/a it is flat, which none of ours is; there is no value of `CURVE_AT` so low.
        return np.maximum(a * CURVE_AT + b, 0) ** g + (rest[0] if rest else 0.0)
    c, d, e, f = (*rest, 0.0, 0.0)[:4]
    return np.where(d <= CURVE_AT, np.maximum(a * CURVE_AT + b, 0) ** g + e, c * CURVE_AT + f)


def _write(space: _Space) -> bytes:
    """Write a version 4.3 display profile without date, maker or id (ICC.1:2010 section 8.4)."""
    text = space.title.encode("utf-16-be")
    name = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    free = "CC0".encode("utf-16-be")
    right = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(free), 28) + free
    kind = 0 if len(space.curve) == 1 else 3
    curve = b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + _fixed(space.curve)
    adaptation = b"sf32\0\0\0\0" + _fixed(_D65_TO_D50)
    white, red, green, blue = (
        b"XYZ \0\0\0\0" + _fixed(values) for values in (_D50, space.red, space.green, space.blue)
    )
    contents = {b"desc": name, b"cprt": right, b"wtpt": white, b"chad": adaptation}
    contents |= {b"rXYZ": red, b"gXYZ": green, b"bXYZ": blue, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    return _assemble(contents)


def _assemble(contents: dict[bytes, bytes]) -> bytes:
    places: dict[bytes, int] = {}
    table, data = b"", b""
    start = 128 + 4 + 12 * len(contents)
    for name, content in contents.items():
        if content not in places:
            places[content] = start + len(data)
            data += content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    size = start + len(data)
    return _header(size) + len(contents).to_bytes(4, "big") + table + data


def _header(size: int) -> bytes:
    """Write the 128 bytes of ICC.1:2010 7.2: no preferred program, date, platform, maker, model, creator or id."""
    head = struct.pack(">I4xI4s4s4s", size, 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H", 2000, 1, 1, 0, 0, 0)  # a date is demanded; this one is everybody's
    head += b"acsp" + bytes(28) + _fixed(_D50)
    return head.ljust(128, b"\0")


def _fixed(values: tuple[float, ...]) -> bytes:
    return b"".join(struct.pack(">i", round(value * 65536)) for value in values)


KNOWN_PROFILES: dict[str, str] = {hashlib.sha256(_write(space)).hexdigest(): space.title for space in _OURS}
