"""Sentences about JPEG files that are not read."""

# All, not none: the orientation decides how the picture stands, and protect leaves the rest behind anyway.
_CONVERT = "jpegtran -copy all FILE > NEW changes the coding and no pixel; give it the new file"

ERRORS: dict[str, tuple[str, str]] = {
    "jpeg.not_jpeg": (
        "not a JPEG: it begins with {first}, a JPEG with ffd8",
        "give it JPEG photographs, or the JPEG a raw file holds",
    ),
    "jpeg.too_many_segments": (
        "the file has more than {limit} segments",
        "no camera writes such a file; save it again in another program",
    ),
    "jpeg.segment_cut": (
        "the segment at byte {offset} says {length} bytes and {left} are left",
        "the file is cut or broken; copy it again from the card",
    ),
    "jpeg.table": ("it has {what}", "the file is broken; copy it again from the card"),
    "jpeg.broken": ("the file is broken: {what}", "copy it again from the card, or take another photograph"),
    "jpeg.arithmetic": ("the picture is arithmetic coded, which is not read", _CONVERT),
    "jpeg.process": ("the picture is {process} coded, which is not read", "save it again as an ordinary JPEG"),
    "jpeg.precision": (
        "the picture has {bits} bits a sample, 8 are read",
        "save it again as an ordinary 8-bit JPEG",
    ),
    "jpeg.dnl": (
        "the picture never tells its height: 0 pixels, and no DNL segment behind its first scan",
        "the file is cut or broken; copy it again from the card",
    ),
    "jpeg.non_interleaved": ("the picture has {scans} sequential scans, 1 is read", _CONVERT),
    "jpeg.too_large": (
        "the picture says {width} x {height} pixels, {limit} pixels in all are read",
        "make it smaller first",
    ),
    "jpeg.too_many_scans": ("the picture has more than {limit} scans", _CONVERT),
    "jpeg.range": (
        "a coefficient is too large for the tables of a baseline JPEG",
        "save it again as an ordinary JPEG",
    ),
    "jpeg.quantiser": (
        "a quantisation table has entries from {low} to {high}, 1 to 255 are read",
        "save it again as an ordinary JPEG",
    ),
    "jpeg.not_canonical": (
        "not a signed picture as fifthfloor writes it: {what} at byte {offset}",
        "verify the file that was published, not one that was saved again or sent through a messenger",
    ),
    "jpeg.no_numba": (
        "photographs are rewritten with numba, and it is not installed",
        "pip install 'fifthfloor[home]'",
    ),
}

SENTENCES: dict[str, str] = {}
