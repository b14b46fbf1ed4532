"""Sentences of `protect` and `approve`."""

ERRORS: dict[str, tuple[str, str]] = {
    "protect.no_files": ("there is no file in what was given ({count})", "give photographs, or a folder of them"),
    "protect.same_name": (
        "{name} would be written twice: for {first} and for {second}",
        "rename one of them, or protect them into different folders",
    ),
    "protect.not_a_photograph": (
        "this is no photograph of a kind that is read: JPEG, HEIC, AVIF, PNG, WebP, TIFF, NEF, CR2, CR3, ARW, DNG, RAF",
        "give photographs",
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
    "protect.union": (
        "this photograph is there already as {name}, and hides parts there that would now be shown",
        "whoever has both sees what either shows: hide at least as much, or destroy the first if nobody has it",
    ),
    "protect.unknown_name": (
        "the boxes name {name}, and no such photograph was given",
        "names are those of the files written, NAME.jpg",
    ),
    "protect.inside": ("the folder {path} was not searched: photographs are written there", "give another --out"),
    "protect.system": ("the system refused: {reason:phrase}", "check the room on the disk, then run it again"),
    "approve.none": (
        "there is no protected photograph in {path}",
        "give the folder that fifthfloor protect wrote",
    ),
    "approve.not_looked": (
        "nobody has ticked {name} as looked at, as it was written last",
        "tick it in review.html, save boxes.json and give it with --boxes; or, if you looked at every one in another way, "
        "say so with --all-looked-at",
    ),
    "approve.questions": (
        "{name} has {count:question|questions} that nobody answered: is it a face or not",
        "answer in review.html (one key says that none is a face), save boxes.json and give it with --boxes",
    ),
    "approve.not_applied": (
        "the boxes hide a part of {name} that the picture shows",
        "run fifthfloor protect again with --boxes, look at the photograph again, then approve",
    ),
    "approve.no_page": (
        "what the review page showed of {name} is gone: protect was stopped, or somebody removed it",
        "run fifthfloor protect again, then look at it",
    ),
    "approve.page_broken": (
        "what the review page has of {name} is broken",
        "run fifthfloor protect again",
    ),
    "approve.manifest": (
        "the C2PA manifest of {name} would not agree with the new statement",
        "give --c2pa CERT KEY to approve exactly when it was given to protect",
    ),
    "approve.union": (
        "{first} and {second} are one photograph, and each shows what the other hides",
        "protect the second again so that it hides at least as much, or remove one of them",
    ),
    "approve.nobody": (
        "nobody's name was given",
        "say with --by who looked at the photographs: a name or a pseudonym, 1 to 200 characters that can be seen",
    ),
}

SENTENCES: dict[str, str] = {
    "protect.done": "{name}: {hidden} hidden, {percent:.1f} % of the picture; {questions:question|questions}",
    "protect.done_unasked": "{name}: {hidden} hidden ({uncertain} uncertain, nobody was asked), {percent:.1f} % of the picture",
    "protect.left": "left where they are, not protected: {what}",
    "protect.left_films": "{count:film|films} ({names})",
    "protect.left_sidecars": "{count:sidecar or system file|sidecars or system files}",
    "protect.as_before": "{name}: as before, nothing to do",
    "protect.refused": "{name}: {cause}",
    "protect.hint": "    {hint}",
    "protect.remark_cut": "{name}: the file is cut: what is there was taken, the rest is grey or coarse",
    "protect.remark_converted": (
        "{name}: converted: it was decoded once and written as a JPEG; what else the file held (gain map, depth map, film, "
        "thumbnail) stays behind"
    ),
    "protect.remark_film": "{name}: a film behind the picture (motion photograph) was left behind",
    "protect.remark_second": "{name}: further pictures in the file (gain map, depth map, preview) were left behind",
    "protect.profile": "{name}: its colour profile was dropped, colours may look different",
    "protect.look": (
        "now look at {path} in a browser: answer what is asked, tick each photograph, save boxes.json; "
        "then run fifthfloor approve {folder} --boxes boxes.json"
    ),
    "protect.review_shows": "{path} and the folder review/ show the faces; approve removes them; never publish them",
    "protect.nobody": "nobody looked at these photographs: what was perhaps a face is hidden too, and their statements say that nobody looked",
    "protect.once": "signed with a key made for this run and not stored; the statements say so",
    "protect.remains": (
        "what remains: the full-size picture keeps its quantisation tables and the sensor's own noise, by which the "
        "camera can be recognised; publish the smaller NAME.2048.jpg"
    ),
    "protect.finder": "faces are missed, and clothes, tattoos, places and plates are not looked for at all",
    "protect.progress": "protecting",
    "protect.ask_identity": "identity file to sign with (empty: a key for this run, never stored)",
    "approve.ask_name": "who looked at these photographs (a name or a pseudonym)",
    "approve.ask": "{count:photograph|photographs}; did you look at every one, hidden and shown faces",
    "approve.done": "{count:photograph|photographs} approved by {by}; the review page was removed",
    "approve.already": "{name}: was approved before",
}
