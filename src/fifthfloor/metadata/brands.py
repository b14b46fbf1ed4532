"""The one table of brands of ISO media files, and what form of file a beginning of boxes is.

A file of boxes names in `ftyp` the brand it is written by, then those it can be read by (ISO/IEC 14496-12, 4.3). Brands
of structure (`mif1`, `miaf` ...) say that pictures lie in the file and not in which code: the others it names do.

Source: ISO/IEC 23008-12 (HEIF; annexes B, E, H, L and M for each code), ISO/IEC 23000-22 (MIAF), the AVIF
specification 1.1, ISO/IEC 15444-16 (JPEG 2000 in HEIF), the register of mp4ra.org, and for cameras ExifTool's
`QuickTime.pm`.
"""

from __future__ import annotations

from typing import Literal

BrandKind = Literal[
    "HEIF-still", "HEIF-sequence", "AVIF-still", "AVIF-sequence", "structure-still", "structure-sequence",
    "raw", "JPEG-XL", "QuickTime-film", "film",
]  # fmt: skip
BoxForm = Literal["heic", "avif", "cr3", "jxl", "mov", "mp4"]

_BRANDS_OF_KIND: dict[BrandKind, str] = {
    # HEVC, then AVC, JPEG, JPEG 2000, VVC and EVC, which few decoders read.
    "HEIF-still": "heic heix heim heis MiHA MiHB MiHE avci jpeg j2ki vvic evbi evmi",
    "HEIF-sequence": "hevc hevx hevm hevs avcs jpgs j2is vvis evbs evms",
    "AVIF-still": "avif avio MA1A MA1B",
    "AVIF-sequence": "avis",
    "structure-still": "mif1 mif2 mif3 miaf 1pic MiPr",
    "structure-sequence": "msf1",
    "raw": "crx",  # Canon: CR3, and films of it (CRM)
    "JPEG-XL": "jxl",  # of a file whose first box, its signature, is gone
    "QuickTime-film": "qt",
    "film": "isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 mp41 mp42 avc1 mmp4 MSNV XAVC M4V M4VH M4VP M4A "
    "3gp4 3gp5 3gp6 3gp7 3gp8 3gp9 3ge6 3gg6 3gs7 3g2a 3g2b 3g2c CAEP niko pana",
}  # fmt: skip
KIND_OF_BRAND: dict[bytes, BrandKind] = {
    brand.encode().ljust(4): kind for kind, listed in _BRANDS_OF_KIND.items() for brand in listed.split()
}
_FORM_OF: dict[BrandKind, BoxForm] = {
    "HEIF-still": "heic", "HEIF-sequence": "heic", "structure-still": "heic", "structure-sequence": "heic",
    "AVIF-still": "avif", "AVIF-sequence": "avif",
    "raw": "cr3", "JPEG-XL": "jxl", "QuickTime-film": "mov", "film": "mp4",
}  # fmt: skip
# How a file of boxes begins, behind a length of four bytes; QuickTime before 2000 has no ftyp.
OPENERS = (b"ftyp", b"moov", b"mdat", b"wide", b"skip", b"free", b"pnot")
HEAD_BYTES = 64  # of a file: as many hold the brands of all cameras
STILLS = frozenset[BoxForm | None](["heic", "avif"])
FILMS = frozenset[BoxForm | None](["mov", "mp4"])
# What stands within other bytes where a film begins there.
FILM_STARTS = tuple(b"ftyp" + brand for brand, kind in KIND_OF_BRAND.items() if kind in ("QuickTime-film", "film"))


def form_of(head: bytes) -> BoxForm | None:
    """Tell by its first bytes (12, or HEAD_BYTES to tell `avif` from `heic` always) which form a file of boxes has.

    Returns:
        None for what begins with no box; "mp4" for a brand that nobody here knows: makers of films invent them.
    """
    if head[4:8] not in OPENERS:
        return None
    if head[4:8] != b"ftyp":
        return "mov"
    kind = KIND_OF_BRAND.get(head[8:12], "film")
    if kind in ("structure-still", "structure-sequence") and _names_avif(head):
        return "avif"
    return _FORM_OF[kind]


def _names_avif(head: bytes) -> bool:
    """Say whether the brands that a file can be read by hold one of AVIF's."""
    end = min(len(head), HEAD_BYTES, int.from_bytes(head[:4], "big"))
    return any(_FORM_OF[KIND_OF_BRAND.get(head[at : at + 4], "film")] == "avif" for at in range(16, end, 4))
