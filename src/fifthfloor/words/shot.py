"""Sentences about sealed shots."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "shot.malformed": (
        "it begins like a sealed shot and is none, or its beginning is missing",
        "copy the file again from the camera's card",
    ),
    "shot.broken": (
        "piece {piece} of a sealed shot is not what was written, or everything behind it is missing",
        "copy the file again from the camera's card; a shot whose end was never written (the battery was taken out) is not opened",
    ),
    "shot.unsound": (
        "{path} was cut or changed, and is not opened; what else was given was tried",
        "copy the file again from the camera's card; a shot whose end was never written (the battery was taken out) is not opened",
    ),
    "shot.age_broken": (
        "{path} is not what age wrote, or its end is missing",
        "copy the file again from where it was made",
    ),
    "shot.age_identity": (
        "{path} has a line that is no secret of age",
        "give the file that age-keygen wrote; one that is itself encrypted is decrypted with age first",
    ),
    "shot.nothing": (
        "of {count:sealed shot|sealed shots}, none is sealed to these identities",
        "give the identity whose line the camera has; --identity may be repeated",
    ),
    "shot.same_name": (
        "of {count} sealed shots, two would get one name",
        "open them in two runs, each into a folder of its own",
    ),
}

SENTENCES: dict[str, str] = {
    "shot.alone": "{count:of what was given is a sealed shot|of what was given are sealed shots}, the rest are none: open them apart",
    "shot.needs_identity": "{count:sealed shot needs|sealed shots need} --identity FILE to be opened",
    "shot.opened": "{count:sealed shot|sealed shots} opened, {size:bytes}, in {folder}; every piece is what was written",
    "shot.checked": "{count:sealed shot|sealed shots} would open, {size:bytes}; every piece is what was written; nothing was written",
    "shot.others": "{count:is|are} sealed to somebody else",
    "shot.in_floor": "{count:of them was a sealed shot, and is|of them were sealed shots, and are} open now",
}
