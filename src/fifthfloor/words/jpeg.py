"""Sentences about JPEG files that are not read."""

from __future__ import annotations

# All, not none: the orientation decides how the picture stands, and protect leaves the rest behind anyway.
_CONVERT = "jpegtran -copy all FILE > NEW changes the coding and no pixel; give it the new file"

ERRORS: dict[str, tuple[str, str]] = {
    "jpeg.not_jpeg": (
        "not a JPEG: it begins with {first:phrase}, a JPEG with ffd8",
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
    "jpeg.table": ("it has {what:phrase}", "the file is broken; copy it again from the card"),
    "jpeg.broken": ("the file is broken: {what:phrase}", "copy it again from the card, or take another photograph"),
    "jpeg.damaged": (
        "the picture is damaged inside: {what:phrase}",
        "jpegtran -copy all FILE > NEW takes what is there, smeared where it is damaged; give it the new file, or copy "
        "it again from the card",
    ),
    "jpeg.arithmetic": ("the picture is arithmetic coded, which is not read", _CONVERT),
    "jpeg.process": ("the picture is {process:phrase} coded, which is not read", "save it again as an ordinary JPEG"),
    "jpeg.precision": (
        "the picture has {bits} bits a sample, 8 are read",
        "save it again as an ordinary 8-bit JPEG",
    ),
    "jpeg.dnl": (
        "the picture never tells its height: 0 pixels, and no DNL segment behind its first scan",
        "the file is cut or broken; copy it again from the card",
    ),
    "jpeg.dnl_coding": (
        "the picture tells its height behind its first scan, and is coded as such pictures are not read",
        "no program known here mends that; give it another copy, as the program that made it saves one",
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
        "not a signed picture as fifthfloor writes it: {what:phrase} at byte {offset}",
        "verify the file that was published, not one that was saved again or sent through a messenger",
    ),
    "jpeg.no_numba": (
        "photographs are rewritten with numba, and it is not installed",
        "{extra:extra}",
    ),
}

# What is wrong inside a file, as `{what:phrase}` of the errors above; "odd" is against the canonical form alone.
SENTENCES: dict[str, str] = {
    "jpeg.what.nothing": "nothing, for it is empty",
    "jpeg.what.lossless": "lossless",
    "jpeg.what.hierarchical": "hierarchical",
    "jpeg.what.frame_length": "a frame header of the wrong length",
    "jpeg.what.factors": "sampling factors or a table number that do not exist",
    "jpeg.what.one_name": "two components of one name",
    "jpeg.what.large_mcu": "an MCU of more than 10 blocks",
    "jpeg.what.quantiser_cut": "a quantisation table that does not fit its segment",
    "jpeg.what.two_frames": "two frame headers",
    "jpeg.what.restart_length": "a restart interval of the wrong length",
    "jpeg.what.quantiser_changes": "a quantisation table that changes between scans",
    "jpeg.what.early_scan": "a scan before its frame header",
    "jpeg.what.scan_length": "a scan header of the wrong length, or a scan without data",
    "jpeg.what.scan_of_nothing": "a scan of a component that does not exist",
    "jpeg.what.no_picture": "no picture in it",
    "jpeg.what.no_quantiser": "a quantisation table is missing",
    "jpeg.what.no_huffman": "a Huffman table is missing",
    "jpeg.what.unscanned": "a component without any scan",
    "jpeg.what.scan_mixed": "a progressive scan of coefficients that do not go together",
    "jpeg.what.scan_skips": "a progressive scan that skips a bit",
    "jpeg.what.scan_turn": "a progressive scan out of turn",
    "jpeg.what.many_codes": "a Huffman table with more codes than bits allow",
    "jpeg.what.huffman_cut": "a Huffman table that does not fit its segment",
    "jpeg.what.huffman_empty": "an empty Huffman table",
    "jpeg.what.data_ends": "the coded data ends too early",
    "jpeg.what.unknown_code": "the coded data has a code that no table has",
    "jpeg.what.coefficient_range": "a coefficient is out of range",
    "jpeg.what.block_long": "more than 64 coefficients in a block",
    "jpeg.what.restart_turn": "a restart marker is out of turn",
    "jpeg.what.restart_long": "a restart interval is longer than its blocks",
    "jpeg.what.restart_many": "more restart intervals than the picture has",
    "jpeg.what.odd_header": "a header in another form",
    "jpeg.what.odd_end": "something behind the end",
    "jpeg.what.odd_marker_cut": "a marker cut in two",
    "jpeg.what.odd_marker_turn": "a marker out of turn",
    "jpeg.what.odd_empty": "an empty interval",
    "jpeg.what.odd_no_segment": "no segment",
    "jpeg.what.odd_segment_cut": "a segment that is cut",
    "jpeg.what.odd_app11": "an APP11 segment that is no manifest",
    "jpeg.what.odd_manifest": "a second manifest",
    "jpeg.what.odd_quantiser": "a quantisation table",
    "jpeg.what.odd_frame": "a frame header",
    "jpeg.what.odd_restart": "a restart interval",
    "jpeg.what.odd_size": "a size or colour",
    "jpeg.what.odd_quantiser_turn": "a quantisation table out of turn",
    "jpeg.what.odd_factors": "sampling factors",
    "jpeg.what.odd_exif": "EXIF beyond the orientation",
    "jpeg.what.odd_profile": "a colour profile",
    "jpeg.what.width": "{width} pixels wide, {components} components",
    "jpeg.what.odd_intervals": "{found} intervals where {wanted} belong",
}
