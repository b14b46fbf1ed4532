"""How a file with a given ending begins: whether bytes can be what a name says they are.

Source: the specifications named in `endings.py`, libmagic's tables, and for raws libraw's `identify`.
"""

from __future__ import annotations

from fifthfloor.metadata.brands import OPENERS, STILLS, form_of
from fifthfloor.metadata.endings import OF_SEVERAL_MAKERS, is_text_beside_a_shot, kind_of_name, known_ending_of
from fifthfloor.metadata.tiff import MAGICS

Magic = tuple[int, bytes]
"""Offset from the start, and the bytes there."""

_TELLING_BYTES = 3
_JPEG_MARK: tuple[Magic, ...] = ((0, b"\xff\xd8\xff"),)
_TIFF: tuple[Magic, ...] = tuple((0, magic) for magic in MAGICS)
_BOX_BEGINNINGS: tuple[Magic, ...] = tuple((4, kind) for kind in (*OPENERS, b"uuid"))
_STREAM_BEGINNING: tuple[Magic, ...] = (
    (0, b"G"),
    (4, b"G"),
)  # MPEG-TS, and with four bytes of time before each packet
_BEFORE_TEXT = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\0\0", b"\xfe\xff\0", b"\0\0\xfe\xff\0\0\0", b"\0")


def _texts(*firsts: bytes) -> tuple[Magic, ...]:
    """Beginnings of a text: one of these letters in any Unicode, or a blank or an empty line before it."""
    return tuple((0, before + first) for before in _BEFORE_TEXT for first in (*firsts, b" ", b"\t", b"\r", b"\n"))


_TEXT_OF_TAGS = _texts(b"<")
_BEGINNINGS: dict[str, tuple[Magic, ...]] = {
    "jpg jpeg jpe jfif mpo insp thm jps": _JPEG_MARK,
    # Phase One, Panasonic and Leica write TIFFs with a number of their own.
    "tif tiff dng nef nrw arw arq sr2 srf cr2 pef srw orf ori rw2 rwl raw gpr 3fr fff iiq mos erf kdc dcr k25 mef eip":
        _TIFF,
    "cr3 crm mov mp4 m4v f4v qt 3gp 3gpp 3g2 360 insv osv lrv lrf glv braw nev m4a cap "
    "heic heics heif heifs hif avif avifs": _BOX_BEGINNINGS,
    "raf": ((0, b"FUJIFILMCCD-RAW "),),
    "mrw": ((0, b"\0MRM"),),
    "x3f": ((0, b"FOVb"),),
    "crw": ((6, b"HEAPCCDR"),),
    "r3d": ((4, b"RED"),),
    "png": ((0, b"\x89PNG\r\n\x1a\n"),),
    "jxl": ((0, b"\xff\x0a"), (4, b"JXL ")),
    "webp avi divx wav": ((0, b"RIFF"),),
    "jp2 jpx jpf j2k j2c": ((4, b"jP  "), (0, b"\xff\x4f\xff\x51")),
    "mkv webm": ((0, b"\x1aE\xdf\xa3"),),
    "asf wmv wma": ((0, bytes.fromhex("3026b2758e66cf11")),),
    "flv": ((0, b"FLV\x01"),),
    "ogv": ((0, b"OggS"),),
    "rm rmf rmvb": ((0, b".RMF"),),
    "dav": ((0, b"DHAV"), (0, b"DAHUA"), *_BOX_BEGINNINGS),
    "cine": ((0, b"CI"),),
    "mxf": ((0, bytes.fromhex("060e2b34")),),
    "mts m2ts m2t ts trp tod": _STREAM_BEGINNING,
    "mpg mpeg m2p mod vob evo": ((0, b"\0\0\x01"),),
    "bmp": ((0, b"BM"),),
    "gif": ((0, b"GIF8"),),
    "mp3": ((0, b"ID3"), *((0, bytes((0xFF, kind))) for kind in (0xE2, 0xE3, 0xF2, 0xF3, 0xFA, 0xFB))),
    "aac": ((0, b"\xff\xf1"), (0, b"\xff\xf9"), (0, b"ADIF"), (0, b"ID3")),
    "flac": ((0, b"fLaC"), (0, b"ID3")),
    "264 265 h264 h265": ((0, b"\0\0\0\1"), (0, b"\0\0\1"), (0, b"DHAV"), (0, b"IMKH"), *_BOX_BEGINNINGS),
    "vrd": ((0, b"CANON OPTIONAL DATA\0"),),
    "dr4": ((0, b"IIII"),),
    "aae": ((0, b"bplist"), *_TEXT_OF_TAGS),
    "xmp gpx nksc cos": _TEXT_OF_TAGS,
    "on1": _texts(b"{"),
    "srt": _texts(*(b"%d" % digit for digit in range(10))),
}  # fmt: skip
_OF_ENDING = {ending: magics for endings, magics in _BEGINNINGS.items() for ending in endings.split()}


def begins_as(name: str, head: bytes) -> bool | None:
    """Say whether a file can be what its name says.

    Args:
        name: of the file.
        head: its first 16 bytes or more.

    Returns:
        None where nobody here knows how such a file begins, or the first letter of a text is all that is known.
    """
    ending = known_ending_of(name)
    magics = _OF_ENDING.get(ending)
    if magics is None:
        return None
    fitting = [magic for at, magic in magics if head[at : at + len(magic)] == magic]
    if fitting and magics is _BOX_BEGINNINGS and form_of(head) in STILLS and kind_of_name(name) == "film":
        return False  # both begin with a box, and its brand says that it is a picture
    if fitting and is_text_beside_a_shot(name) and len(max(fitting, key=len)) < _TELLING_BYTES:
        return None  # one byte of noise in some is a letter
    return bool(fitting) or (None if ending in OF_SEVERAL_MAKERS and ending != "thm" else False)
