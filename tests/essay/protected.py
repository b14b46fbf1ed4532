"""Protected photographs for tests, made by the real codec, the real signature and the real approval."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from tests.jpeg.pictures import jpeg

from fifthfloor.identity import SigningKey
from fifthfloor.jpeg import canonical
from fifthfloor.statement.claims import FACTS, Approval
from fifthfloor.statement.hidden_runs import HiddenRuns
from fifthfloor.statement.sign import Fact, Original, sign

KEY = SigningKey(bytes(range(1, 33)))
LOOKED = Approval("looked at", "The Traveller", "2026-11-20T10:00:00Z")
ALT = (
    "A grey slope with a bright edge across it and a field of coloured noise on the right, drawn by a program so that "
    "tests have something to describe at length."
)


def protect(
    folder: Path, name: str, photograph: bytes, *, approval: Approval = LOOKED, hide: HiddenRuns = ((3, 2),)
) -> Path:
    """Write a photograph and its statement as `protect` and `approve` leave them; too small for a rendition."""
    folder.mkdir(parents=True, exist_ok=True)
    original = Original(canonical.canonicalise(photograph), hashlib.sha256(os.fsencode(name)).digest(), hide)
    facts = {fact: Fact("", hashlib.sha256(fact.encode()).digest()) for fact in FACTS}
    made = sign(KEY, [original], facts, key_life="story", approval=approval)[0]
    (folder / name).write_bytes(made.picture)
    (folder / f"{name}.statement.json").write_bytes(made.statement)
    return folder / name


def lines(name: str, **fields: str) -> str:
    """Write the lines of a photograph."""
    all_fields = {"kicker": "Entry point", "caption": f"What {name} shows.", "alt": ALT, "claim": "seen"} | fields
    return f"photo: {name}\n" + "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in all_fields.items())


def telling(*blocks: str, **front: str) -> str:
    """Write a telling of blocks; an empty line between them."""
    head = {
        "title": '"A title"',
        "standfirst": '"What it is about."',
        "byline": '"A pseudonym"',
        "place": '"withheld"',
        "date": '"withheld"',
        "language": '"en"',
        "licence": '"CC BY 4.0"',
        "published": "2026-11-22",
    } | front
    return "+++\n" + "".join(f"{k} = {v}\n" for k, v in head.items()) + "+++\n\n" + "\n\n".join(blocks) + "\n"


def essay(folder: Path, photographs: Mapping[str, bytes] | int = 3, text: str = "") -> Path:
    """Write an essay of protected photographs, of the project's own drawing where only their number is given."""
    if isinstance(photographs, int):
        photographs = {f"{n:02d}-picture.jpg": jpeg(640, 424, seed=n, subsampling=2) for n in range(1, photographs + 1)}
    for name, data in photographs.items():
        protect(folder, name, data)
    (folder / "essay.md").write_text(text or telling("Some words.", *(lines(name) for name in photographs)))
    return folder
