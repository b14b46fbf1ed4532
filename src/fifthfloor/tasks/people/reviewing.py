"""The review page: `review.html` beside the photographs, its pictures under `review/`; both removed by `approve`."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fifthfloor.errors import BadInput
from fifthfloor.files import place_together, read_whole
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import SIDES
from fifthfloor.redact.review import SCRIPTS, ReviewPictures
from fifthfloor.tasks.people.beside import REVIEW_FOLDER, REVIEW_PAGE
from fifthfloor.tasks.people.earlier import statement_of

_MAX_DOCUMENT_BYTES = 16 << 20  # 100 bytes a part: more of them than any photograph has

PAGE, FOLDER = REVIEW_PAGE, REVIEW_FOLDER


def write_pictures(out: Path, pictures: ReviewPictures) -> None:
    """Write what the page shows of one photograph; only the owner may read it."""
    (out / FOLDER).mkdir(mode=0o700, exist_ok=True)
    contents = (pictures.original, pictures.document)
    place_together(dict(zip(_paths(out, pictures.name), contents, strict=True)), replace=True, private=True)


def remove_pictures(out: Path, name: str) -> None:
    """Remove what the page shows of one photograph; the counterpart of `write_pictures`."""
    for path in _paths(out, name):
        path.unlink(missing_ok=True)


def _paths(out: Path, name: str) -> tuple[Path, Path]:
    """Return where the original and the document of a photograph lie; the document last, it counts."""
    stem = _stem(name)
    return out / FOLDER / f"{stem}.jpg", out / FOLDER / f"{stem}.json"


def questions_of(out: Path, name: str) -> tuple[Box, ...] | None:
    """Return what the finder asks of a photograph and no decision has answered yet; None where its page is gone."""
    file = _paths(out, name)[-1]
    if not file.exists():
        return None
    try:
        document = json.loads(read_whole(file, _MAX_DOCUMENT_BYTES))
        asked = [part for part in document["parts"] if part["why"] == "uncertain"]
        return tuple(Box(*(int(part[side]) for side in SIDES)) for part in asked)
    except (ValueError, KeyError, TypeError):
        raise BadInput("approve.page_broken", name=name) from None


def write_page(out: Path) -> Path | None:
    """Write the page over all photographs of the folder that wait for a person; None where none does."""
    documents = []
    for file in sorted((out / FOLDER).glob("*.json")):
        with contextlib.suppress(BadInput, ValueError, KeyError, TypeError):
            document: dict[str, Any] = json.loads(read_whole(file, _MAX_DOCUMENT_BYTES))
            if statement_of(out / str(document["name"])) is not None:
                # As bytes: a name need not be text.
                written = quote(os.fsencode(str(document["name"])))
                documents.append(document | {"original": f"{FOLDER}/{file.stem}.jpg", "written": written})
    if not documents:
        (out / PAGE).unlink(missing_ok=True)
        return None
    documents.sort(key=lambda document: str(document["name"]))
    # "<" would let a name end the script; JSON may write it as an escape.
    data = json.dumps(documents, separators=(",", ":")).replace("<", "\\u003c")
    folder = resources.files("fifthfloor.redact")
    scripts = "\n".join(folder.joinpath("page", name).read_text(encoding="utf-8") for name in SCRIPTS)
    template = folder.joinpath("review.html").read_text(encoding="utf-8")
    whole = template.replace("/*SCRIPTS*/", scripts).replace("/*PHOTOGRAPHS*/[]", data).encode()
    place_together({out / PAGE: whole}, replace=True, private=True)
    return out / PAGE


def remove_page(out: Path) -> None:
    """Remove the page and its pictures: they show the faces."""
    (out / PAGE).unlink(missing_ok=True)
    shutil.rmtree(out / FOLDER, ignore_errors=True)


def _stem(name: str) -> str:
    # Names in any script, any length and any case: the page must find its pictures on every file system.
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
