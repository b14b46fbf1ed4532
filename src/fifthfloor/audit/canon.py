"""Canon's file number: in a tag of its own, packed in FileInfo, or at a place of CameraInfo that each model moved.

Source: the tag pages of ExifTool (Canon FileInfo, CameraInfo); a number is believed only if it could be a DCF one.
"""

from __future__ import annotations

import re
import struct

from fifthfloor.metadata.tiff import Directory, Tiff

# model -> (offset of FileIndex, of DirectoryIndex, what is added to the directory), in CameraInfo, little-endian
_CANON_PLACES: tuple[tuple[str, int, int, int], ...] = (
    (r"1Ds? Mark III$", 0x172, 0x17E, -1),
    (r"1D Mark IV$", 0x22C, 0x238, -1),
    (r"EOS-1D X$", 0x2D0, 0x2DC, -1),
    (r"EOS 5D Mark II$", 0x1BB, 0x1C7, -1),
    (r"EOS 5D Mark III$", 0x28C, 0x298, -1),
    (r"EOS 6D$", 0x2AA, 0x2B6, -1),
    (r"EOS 7D$", 0x1EB, 0x1F7, -1),
    (r"EOS 40D$", 0x133, 0x13F, -1),
    (r"EOS 50D$", 0x19B, 0x1A7, -1),
    (r"EOS 60D$|\b(1200D|REBEL T5|Kiss X70)\b", 0x1D9, 0x1E5, -1),
    (r"EOS 70D$", 0x2B3, 0x2BF, -1),
    (r"EOS 80D$", 0x4AE, 0x4BA, -1),
    (r"\b(450D|REBEL XSi|Kiss X2)\b", 0x13F, 0x133, 0),
    (r"\b(500D|REBEL T1i|Kiss X3)\b", 0x1D3, 0x1DF, -1),
    (r"\b(550D|REBEL T2i|Kiss X4)\b", 0x1E4, 0x1F0, -1),
    (r"\b(600D|REBEL T3i|Kiss X5|1100D|REBEL T3|Kiss X50)\b", 0x1DB, 0x1E7, -1),
    (r"\b(650D|REBEL T4i|Kiss X6i)\b", 0x274, 0x280, -1),
    (r"\b(700D|REBEL T5i|Kiss X7i)\b", 0x274, 0x280, -1),
    (r"\b(1000D|REBEL XS|Kiss F)\b", 0x143, 0x137, 0),
)


def canon_file_number(note: Tiff, directory: Directory, model: str) -> int | None:
    """Return folder and file as one number, 1001782 for 100-1782; None where this model keeps none we know."""
    own = note.number(directory.entries.get(0x08))
    if own:
        return own
    packed = note.raw(directory.entries.get(0x93), 6)
    if len(packed) == 6:
        number = _from_file_info(struct.unpack(note.order + "I", packed[2:6])[0], model)
        if number:
            return number
    return _from_camera_info(note.raw(directory.entries.get(0x0D), 8192), model)


def _from_file_info(value: int, model: str) -> int | None:
    if re.search(r"\b(20D|350D|REBEL XT|Kiss Digital N)\b", model):
        return ((value & 0xFFC0) >> 6) * 10000 + (value >> 16 & 0xFF) + ((value & 0x3F) << 8)
    if re.search(r"\b(30D|400D|REBEL XTi|Kiss Digital X|K236)\b", model):
        folder = (value & 0xFFC00) >> 10
        while folder < 100:  # the upper bits are not stored
            folder += 0x40
        return folder * 10000 + ((value & 0x3FF) << 4) + (value >> 20 & 0x0F)
    return None


def _from_camera_info(info: bytes, model: str) -> int | None:
    if re.search(r"EOS 5D$", model) and len(info) >= 0xD2:
        folder, file = struct.unpack_from("<IH", info, 0xCC)
        return _joined(folder, file + 1)
    for pattern, file_at, folder_at, added in _CANON_PLACES:
        if re.search(pattern, model) and len(info) >= max(file_at, folder_at) + 4:
            file = struct.unpack_from("<I", info, file_at)[0] + 1
            return _joined(struct.unpack_from("<I", info, folder_at)[0] + added, file)
    return None


def _joined(folder: int, file: int) -> int | None:
    if file == 10000:  # the camera stores the numbers of the photograph before
        folder, file = folder + 1, 1
    return folder * 10000 + file if 100 <= folder <= 999 and 0 < file <= 9999 else None


def canon_lens_serial(data: bytes) -> str:
    """Return the first five bytes of LensInfo in hexadecimal; empty where the model leaves them blank."""
    return data[:5].hex() if len(data) >= 5 and any(data[:4]) else ""
