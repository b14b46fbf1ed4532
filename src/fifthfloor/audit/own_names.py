"""Words that only repeat what a file is anyway: its camera's maker and model, or its own name as a camera gave it.

Rule: equal as a whole, but for words such as "digital camera" behind it; whatever else stands there is somebody's, and
names of owners and persons are never compared.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from fifthfloor.audit.photo_facts import PhotoFacts
from fifthfloor.metadata.naming import recording_of

_NO_LETTER = re.compile(r"[\W_]+")
_OF_ANY_CAMERA = frozenset(["camera", "digital", "image", "photo", "photograph", "picture", "still", "film", "video"])
_DAY_AND_TIME_ALONE = re.compile(r"(?:[A-Z]{2,5}_)?20\d{6}_\d{6}[\d_]{0,8}(?:\.MP)?\.\w{3,4}\Z")  # of telephones
_FEWEST_SIGNS = 3


def repeats_itself(kind: str, value: str, facts: PhotoFacts, path: str) -> bool:
    """Whether a text of a photograph says its camera's or its file's name and nothing else.

    Args:
        kind: of text (`captions.Captions`).
        value: as it is kept: "said" has the name of its property before it.
        facts: of the photograph.
        path: of the file.
    """
    text = value.partition(": ")[2] if kind == "said" else value
    name = PurePosixPath(path.rpartition(" > ")[2] or path).name
    by_camera = recording_of(name) is not None or _DAY_AND_TIME_ALONE.match(name) is not None
    if by_camera and text.casefold() in (name.casefold(), PurePosixPath(name).stem.casefold()):
        return True
    words = _words(text)
    while words and words[-1] in _OF_ANY_CAMERA:
        words.pop()
    plain = "".join(words)
    own = {"".join(_words(said)) for said in (facts.make, facts.model, facts.camera, f"{facts.make} {facts.model}")}
    return len(plain) >= _FEWEST_SIGNS and plain in own


def _words(text: str) -> list[str]:
    return [word for word in _NO_LETTER.split(text.casefold()) if word]
