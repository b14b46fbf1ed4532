"""Sentences of `protect`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "protect.no_files": (
        "there is nothing to do in what was given ({count})",
        "give photographs, or a folder of them; pictures with a statement beside, films and sidecars are left",
    ),
    "protect.same_name": (
        "{name} would stand for two photographs: {first} and {second}",
        "rename one of them, or protect them into different folders",
    ),
    "protect.not_a_photograph": (
        "this is no photograph of a kind that is read: JPEG, HEIC, AVIF, PNG, WebP, TIFF, NEF, CR2, CR3, ARW, DNG, RAF",
        "give photographs",
    ),
    "protect.raw_unseen": (
        "this raw was not looked at: {name}, which it goes with, was refused",
        "give the raw alone: the camera's own JPEG inside it is taken",
    ),
    "protect.empty": ("the file is empty: 0 bytes", "copy it from the card again"),
    "protect.not_a_file": ("this is no ordinary file", "give photographs"),
    "protect.not_ours": (
        "{name} is there already, and was not written by fifthfloor",
        "give another folder with --out, or move that file away",
    ),
    "protect.other_owner": (
        "{name} is there already and belongs to a photograph of another name",
        "give another folder with --out, or rename one of the two photographs",
    ),
    "protect.link": (
        "this is a link, and links inside folders are not followed",
        "give the file that it leads to",
    ),
    "protect.film": (
        "this is a film: faces in films cannot be hidden here, and nothing was written of it",
        "take a photograph out of it with another program and give that",
    ),
    "protect.other_there": (
        "{name} is there already, approved, and shows another photograph",
        "give another folder with --out, or rename the photograph",
    ),
    "protect.another_waits": (
        "{name} is there already, waits to be looked at, and shows another photograph of this name",
        "give another folder with --out, or rename the photograph",
    ),
    "protect.union": (
        "this photograph is there already as {name}, and hides parts there that would now be shown",
        "whoever has both sees what either shows: hide at least as much, or destroy the first if nobody has it",
    ),
    "protect.unknown_name": (
        "the boxes name {name}, and no such photograph was given",
        "names are those of the files written, or of their sources with .jpg behind: photo-0001.jpg, DSC_0001.jpg",
    ),
    "protect.two_of_a_name": (
        "the boxes name {name}, which may be two photographs: the one that is called so in the folder, and {other}",
        "give the boxes of both by the names in the folder",
    ),
    "protect.names_broken": (
        "{name} is not our list of which photograph is which",
        "if it is yours, give another folder with --out; if it was ours, put back what was there",
    ),
    "protect.killed": (
        "the system ended the process that worked on it, most likely for want of memory",
        "close other programs, or protect it on a machine with more memory",
    ),
    "protect.inside": ("the folder {path} was not searched: photographs are written there", "give another --out"),
    "protect.long_name": (
        "the name {name} is too long: {length} bytes, {limit} are written",
        "leave --names source away, so that it is called by a number, or rename it",
    ),
    "protect.system": (
        "the system refused: {reason:phrase}",
        "check that the file is there and may be read, and the room on the disk; then run it again",
    ),
}

SENTENCES: dict[str, str] = {
    "protect.named": "{name} ({source})",
    "protect.which": "{path} says which photograph is which; it is for you alone: never publish it",
    "protect.done": "{name}: {hidden:part|parts} hidden, {percent:.1f} % of the picture; {questions:question|questions} to answer",
    "protect.done_unasked": "{name}: {hidden:part|parts} hidden ({uncertain} of them uncertain, and nobody was asked), {percent:.1f} % of the picture",
    "protect.capped": (
        "{name}: {count:find|finds} more that may be a face stay shown: together they would make more than 10 % of the picture grey"
    ),
    "protect.stopped": "stopped; the photographs are as they were. Copies that were made by then lie in {path}, and approve refuses them: no picture with a face is left beside them. The same command makes all of them",
    "protect.stopped_whole": "stopped; the photographs are as they were. Copies that were made by then lie in {path}, each whole and signed; the same command makes all of them",
    "protect.left": "left where they are: {what}",
    "protect.left_films": "{count:film|films} ({names})",
    "protect.left_sidecars": "{count:sidecar or system file|sidecars or system files}",
    "protect.left_signed": "{count:picture|pictures} with a statement beside, written by sign or protect",
    "protect.left_raws": "{count:raw that goes with its photograph|raws that go with their photographs}, signed as part of it",
    "protect.left_folders": "{count:folder|folders} of a computer's or a NAS's own, not looked into",
    "protect.as_before": "{name}: as before, nothing to do",
    "protect.remark_cut": "{name}: the file is cut: what is there was taken, the rest is grey or coarse",
    "protect.remark_converted": (
        "{name}: converted: it was decoded once and written as a JPEG; what else the file held (gain map, depth map, film, "
        "thumbnail) stays behind"
    ),
    "protect.remark_preview": (
        "{name}: the raw file holds no full-size JPEG of the camera's own: its preview was taken, which is smaller; for more, "
        "develop the raw file and protect the JPEG"
    ),
    "protect.remark_film": "{name}: a film behind the picture (motion photograph) was left behind",
    "protect.remark_second": "{name}: further pictures in the file (gain map, depth map, preview) were left behind",
    "protect.remark_trailer": "{name}: what the camera or a program wrote behind the picture was left behind",
    "protect.profile": "{name}: its colour profile was dropped, colours may look different",
    "protect.look": (
        "now look at {path} in a browser: answer what is asked, tick each photograph, save boxes.json; "
        "then run fifthfloor approve {folder} --boxes boxes.json"
    ),
    "protect.review_shows": "{path} and the folder review/ show the faces; approve removes them; never publish them",
    "protect.nobody": "nobody looked at these photographs: what was perhaps a face is hidden too (up to 10 % of a picture), and their statements say that nobody looked",
    "protect.once": "signed with a key made for this run and not stored; the statements say so",
    "protect.remains": (
        "what remains: the full-size picture keeps its quantisation tables and the sensor's own noise, by which the "
        "camera can be recognised; publish the smaller NAME.2048.jpg"
    ),
    "protect.finder": (
        "faces are missed; plates, badges and signs are suggested on the page and never hidden by themselves; "
        "clothes, tattoos and places are not looked for at all"
    ),
    "protect.progress": "protecting",
    "protect.ask_identity": "identity file to sign with (empty: a key for this run, never stored)",
}
