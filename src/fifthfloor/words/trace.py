"""Sentences of archives and of looking for photographs in them."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "trace.too_large": (
        "the picture has {width} x {height} pixels, at most {limit} are looked at",
        "no camera makes such a picture; save it smaller, or leave it out",
    ),
    "trace.no_picture": (
        "no picture that can be read ({reason})",
        "jpeg, heic, avif, png, webp, tiff, gif and bmp are read; open it in a viewer and save it as one of these",
    ),
    "trace.likeness": (
        "what the statement says its picture looks like is {what:phrase}",
        "use the version of fifthfloor that wrote it, or a newer one",
    ),
    "trace.too_small": (
        "the picture has {width} x {height} pixels, at least {least} each way are looked at",
        "such a small picture may be part of many photographs; look for a larger copy",
    ),
    "trace.no_files": (
        "no photograph in {count:folder or file|folders or files}",
        "jpeg, heic, avif, png, webp, tiff, gif and bmp are added; give the folder they are in",
    ),
    "trace.no_archive": ("there is no archive at {path}", "`archive add DIR --archive {path}` makes one"),
    "trace.archive_version": (
        "the archive at {path} is of format {found}, this version reads {known}",
        "use the version of fifthfloor that made it, or make it anew with `archive add`",
    ),
    "trace.archive_damaged": (
        "the archive at {path} cannot be read: {reason}",
        "the photographs are not in it, only what they look like; make it anew with `archive add`",
    ),
    "trace.poisoned": (
        "the process that looked at it died, each of {count:time|times}",
        "it may be made to harm programs, or need more memory than there is; open it nowhere else before you know",
    ),
    "trace.system": ("the file cannot be read: {reason}", "read it on another machine, or leave it out"),
}
SENTENCES: dict[str, str] = {
    "trace.would_add": "{waiting} would be looked at, {known} are in the archive as they are",
    "trace.added": "{new:photograph|photographs} added to {path}; {copies} lay there from another place, {known} were there as they are, {aside} set aside",
    "trace.aside": "set aside: {name}: {cause}",
    "trace.raws": "{count:raw file is|raw files are} left out: add the JPEGs that were made of them",
    "trace.stopped": "stopped; {count:photograph is|photographs are} in the archive, {left} are left. The same command goes on",
    "trace.found": "{found} of {count:picture is|pictures are} similar to photographs in {path}; similar is not verified",
    "trace.untraced": "{name}: not looked at: {cause}",
    "trace.same_file": "{name}: the same file as {place}, byte for byte",
    "trace.similar": "{name}: similar to {place}",
    "trace.nothing": "{name}: nothing in the archive is similar",
    "trace.nothing_sure": "{name}: nothing in the archive is surely the same frame",
    "trace.hash_only": "only its hash says so (PDQ, {distance} of 256 bits differ): nothing was compared",
    "trace.alike": "these {count} cannot be told apart from it",
    "trace.scene": "{count:photograph seems|photographs seem} to show the same scene, in another frame or much changed, e.g. {place}",
    "trace.whole": "the whole frame is there",
    "trace.cropped": "cropped by {percent:.0f} % ({sides})",
    "trace.side": "{side} {percent:.0f} %",
    "trace.side_left": "left",
    "trace.side_top": "top",
    "trace.side_right": "right",
    "trace.side_bottom": "bottom",
    "trace.framed": "{percent:.0f} % of the copy is not of the photograph: a border, a caption or a screen around it",
    "trace.mirrored": "mirrored",
    "trace.turned": "turned by {degrees} degrees",
    "trace.areas": "{count:area differs|areas differ}: {where}",
    "trace.area": "{left:.0f} to {right:.0f} % across, {top:.0f} to {bottom:.0f} % down",
    "trace.mark": "; in {count} of them the photograph shows through: a mark laid over it is suspected",
    "trace.no_area": "no area was seen to differ",
    "trace.every_tile": "every one of {tiles} tiles was compared; what is smaller than a tile is not seen",
    "trace.some_tiles": "{compared} of {tiles} tiles were compared; of the others nothing is said",
    "trace.not_compared": "too little of it is there to say what differs",
    "trace.what.short": "cut short",
    "trace.what.version": "of another version",
    "trace.what.length": "of another length than it says",
    "trace.what.place": "outside of the picture",
}
