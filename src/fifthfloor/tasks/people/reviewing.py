"""The review page: `review.html` beside the photographs, its pictures under `review/`; both removed by `approve`."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fifthfloor.errors import BadInput
from fifthfloor.files import place_together, read_whole
from fifthfloor.jpeg.segments import MAX_PICTURE_BYTES
from fifthfloor.redact.boxes import Box
from fifthfloor.redact.decisions import SIDES
from fifthfloor.redact.review import SCRIPTS, ReviewPictures
from fifthfloor.redact.sealed_originals import GCM_KEY_BYTES, GCM_NONCE_BYTES, Run, sealed_script, unsealed
from fifthfloor.statement.page_words import with_words
from fifthfloor.tasks import secret
from fifthfloor.tasks.people.beside import REVIEW_FOLDER, REVIEW_PAGE
from fifthfloor.tasks.people.earlier_redactions import refuse_link, told_of

_MAX_REVIEW_BYTES = 16 << 20  # 100 bytes a part: more of them than any photograph has
_MAX_KEY_BYTES = 2 * GCM_KEY_BYTES

PAGE, FOLDER = REVIEW_PAGE, REVIEW_FOLDER
_RUN_NAME = re.compile("[0-9a-f]{16}")


def new_run() -> Run:
    """Draw the key of one run of `protect`; `show_run` writes it when all is done."""
    return Run(secret.fresh_bytes(8).hex(), secret.fresh_bytes(GCM_KEY_BYTES))


def write_pictures(out: Path, pictures: ReviewPictures, run: Run) -> None:
    """Write what the page shows of one photograph, sealed; only the owner may read it."""
    folder_in(out).mkdir(mode=0o700, exist_ok=True)
    document = json.loads(pictures.document) | {"run": run.name}
    script = sealed_script(_stem(pictures.name), pictures.original, run, secret.fresh_bytes(GCM_NONCE_BYTES))
    contents = (script, json.dumps(document, separators=(",", ":")).encode())
    place_together(dict(zip(_paths(out, pictures.name), contents, strict=True)), replace=True, private=True)


def show_run(out: Path, run: Run) -> None:
    """Write the key of a run: from now on its originals can be seen, and not before (`redact.sealed_originals`)."""
    if any(folder_in(out).glob("*.json")):
        place_together({_key_path(out, run.name): run.key.hex().encode()}, replace=True, private=True)
    drop_unused_keys(out)


def folder_in(out: Path) -> Path:
    """Return where the pictures of the page are. Raises BadInput where it is a link: originals would go elsewhere."""
    refuse_link(out / FOLDER)
    return out / FOLDER


def drop_unused_keys(out: Path) -> None:
    """Remove the keys of runs of which no photograph waits any more: copies of the originals may be on the disk."""
    used = set()
    for file in folder_in(out).glob("*.json"):
        with contextlib.suppress(BadInput, ValueError, KeyError, TypeError):
            used.add(str(json.loads(read_whole(file, _MAX_REVIEW_BYTES))["run"]))
    for key in folder_in(out).glob("*.key"):
        if key.stem not in used:
            key.unlink(missing_ok=True)


def _key_path(out: Path, run: str) -> Path:
    return folder_in(out) / f"{run}.key"


def _key_of(out: Path, document: Mapping[str, Any]) -> str | None:
    """Return the key of a photograph's original in hex; None where its run was stopped before it was done."""
    run = str(document["run"])
    if not _RUN_NAME.fullmatch(run):
        raise ValueError
    key = _key_path(out, run)
    return read_whole(key, _MAX_KEY_BYTES).decode("ascii") if key.exists() else None


def remove_pictures(out: Path, name: str) -> None:
    """Remove what the page shows of one photograph; the counterpart of `write_pictures`."""
    for path in _paths(out, name):
        path.unlink(missing_ok=True)


def _paths(out: Path, name: str) -> tuple[Path, Path]:
    """Return where the original and the document of a photograph lie; the document last, it counts."""
    stem = _stem(name)
    return folder_in(out) / f"{stem}.js", folder_in(out) / f"{stem}.json"


def questions_of(out: Path, name: str) -> tuple[Box, ...] | None:
    """Return what the finder asks of a photograph and no decision has answered yet; None where its page is gone."""
    file = _paths(out, name)[-1]
    if not file.exists():
        return None
    try:
        document = json.loads(read_whole(file, _MAX_REVIEW_BYTES))
        if _key_of(out, document) is None:
            return None
        asked = [part for part in document["parts"] if part["why"] == "uncertain"]
        return tuple(Box(*(int(part[side]) for side in SIDES)) for part in asked)
    except (ValueError, KeyError, TypeError):
        raise BadInput("approve.page_broken", name=name) from None


def documents_of(out: Path) -> list[dict[str, Any]]:
    """Return what `redact.review.render` said of each photograph of the folder that waits, with `stem` and `key`."""
    documents = []
    for file in sorted(folder_in(out).glob("*.json")):
        with contextlib.suppress(BadInput, ValueError, KeyError, TypeError):
            refuse_link(file)
            document: dict[str, Any] = json.loads(read_whole(file, _MAX_REVIEW_BYTES))
            key = _key_of(out, document)
            if key is not None and told_of(out / str(document["name"])) is not None:
                documents.append(document | {"stem": file.stem, "key": key})
    return documents


def original_of(out: Path, name: str) -> bytes:
    """Return a photograph that waits, with nothing hidden. Raises BadInput where it cannot be opened."""
    script, file = _paths(out, name)
    try:
        refuse_link(script)
        refuse_link(file)
        key = _key_of(out, json.loads(read_whole(file, _MAX_REVIEW_BYTES)))
        return unsealed(read_whole(script, MAX_PICTURE_BYTES * 2), bytes.fromhex(key or ""))
    except (BadInput, OSError, ValueError, KeyError, TypeError):
        raise BadInput("looking.original") from None


def write_page(out: Path, said: Mapping[str, str] | None = None) -> Path | None:
    """Write the page over all photographs of the folder that wait for a person; None where none does.

    Args:
        said: sentence by key, `words.review.on_the_page`; of a page that nobody reads, none.
    """
    documents = [
        # As bytes: a name need not be text.
        document | {"sealed": f"{FOLDER}/{document['stem']}.js", "written": quote(os.fsencode(str(document["name"])))}
        for document in documents_of(out)
    ]
    if not documents:
        (out / PAGE).unlink(missing_ok=True)
        return None
    documents.sort(key=lambda document: str(document["name"]))
    # "<" would let a name end the script; JSON may write it as an escape.
    data = json.dumps(documents, separators=(",", ":")).replace("<", "\\u003c")
    folder = resources.files("fifthfloor.redact")
    scripts = "\n".join(folder.joinpath("page", name).read_text(encoding="utf-8") for name in SCRIPTS)
    # The words first: a name of a photograph may look like a place for some.
    template = with_words(folder.joinpath("review.html").read_text(encoding="utf-8"), said or {})
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
