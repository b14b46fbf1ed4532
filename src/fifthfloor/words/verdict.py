"""What a check of a signed picture comes to: the same sentences in `verify`, at the desk, in verify.html and on an essay's proof page."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "verdict.proved": "Proved: signed with the key you expected, and what it shows is unchanged since.",
    "verdict.somebody": (
        "Somebody signed this, and what it shows is unchanged since. Who it was, only the key tells: compare it with the "
        "one that the author published elsewhere."
    ),
    "verdict.once": (
        "This was signed with a key that was made for one run and thrown away: it names nobody. What the picture shows is unchanged since."
    ),
    "verdict.other_key": "Signed, but with another key than the one you expected. Do not take it for that author's.",
    "verdict.no_key": "What you expect is no key: 64 digits of 0-9 and a-f are one.",
    "verdict.cannot_tell": (
        "Cannot tell: this file was saved again, made smaller or sent through a messenger. That says nothing against the "
        "picture, and nothing for it. Get the file from where it was published."
    ),
    "verdict.no_picture": "This is not a JPEG picture.",
    "verdict.other_picture": "This statement belongs to another picture. Get the one that was published beside this picture.",
    "verdict.changed": (
        "Not what was signed: the picture was changed after it was signed, or the statement is that of another picture of the same size."
    ),
    "verdict.no_statement": "The statement does not hold: it is not one, or it was changed after it was signed. It proves nothing.",
    "verdict.afterwards": (
        "{percent:.1f} % of the picture was hidden after it was signed. Anybody can do that; whoever looked at it has not "
        "looked at these parts, and the signer did not hide them."
    ),
    # The lines below it, each indented on a terminal and an item of a list on a page.
    "verdict.key": "key: {public}",
    "verdict.parts": "{shown:.1f} % of the picture is shown and unchanged, {hidden:.1f} % is hidden",
    "verdict.rendition": "this is the smaller picture; that it shows the same as the full-size one is the signer's claim",
    "verdict.fact": "{name:phrase}, as the signer read it: {value}",
    "verdict.approval_not_yet_approved": "nobody has approved what is hidden yet",
    "verdict.approval_looked_at_by_nobody": "the signer says that nobody looked at what is hidden",
    "verdict.approval_looked_at": "the signer says that {by} looked at what is hidden, {at}",
    "verdict.approval_looked_at_before": "the signer says that {by} looked at what was hidden then, {at}",
    "verdict.manifest": "beside it the file has {size:bytes} that call themselves a C2PA manifest; this check does not cover them",
    "verdict.jumbf": "beside it the file has {size:bytes} that are no C2PA manifest, put there by anybody; this check does not cover them",
    "verdict.stamp": "there is a time stamp, which was not checked",
    "verdict.fact_camera": "camera",
    "verdict.fact_captured": "time",
    "verdict.fact_original": "SHA-256 of the original file",
    "verdict.fact_place": "place",
    "verdict.fact_raw": "SHA-256 of the raw file",
    "verdict.converted": (
        "The original was a {kind} file: it was decoded once and written as this JPEG. The hash is that of the original."
    ),
    "verdict.similar": "Similar to {name}. Similar is not verified.",
    "verdict.similar_whole": "The whole frame is there.",
    "verdict.similar_cropped": "It was cropped by {percent} %.",
    "verdict.similar_covered": "{percent} % of it is not there: cut off, or covered by what stands beside it.",
    "verdict.similar_sides": "Not there: {sides}.",
    "verdict.similar_left": "{percent} % at the left",
    "verdict.similar_top": "{percent} % at the top",
    "verdict.similar_right": "{percent} % at the right",
    "verdict.similar_bottom": "{percent} % at the bottom",
    "verdict.similar_framed": "{percent} % of it is not of the signed picture: a border, a bar or a screen, around it or over it.",
    "verdict.similar_mirrored": "It is mirrored.",
    "verdict.similar_turned": "It is turned by {degrees} degrees.",
    "verdict.similar_areas": "These areas differ: {count}.",
    "verdict.similar_area": "{left} to {right} % across, {top} to {bottom} % down",
    "verdict.similar_no_area": "No area was seen to differ.",
    "verdict.similar_tiles": "{compared} of {tiles} tiles were compared; of the others, and of what is smaller than a tile, nothing is said.",
    "verdict.similar_not_compared": "Too little of it is there to say what differs.",
    "verdict.similar_scene": "It seems to show the same scene as {name}, in another frame or much changed.",
    "verdict.similar_only": "Nothing here proves what it shows. Get the file from where it was published.",
    "verdict.stripped": "taken out of this copy, though the signer showed it: {name:phrase}",
}


def by_word() -> dict[str, str]:
    """Return the sentences by the word of each verdict, for a page that says them."""
    return {key.removeprefix("verdict."): text for key, text in SENTENCES.items()}
