"""`verify --among`: copies of which no statement can be proved, and what signed picture they are similar to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fifthfloor import words
from fifthfloor.cli.console import Console
from fifthfloor.errors import FifthFloorError
from fifthfloor.words import sentence
from fifthfloor.words.form import printable
from fifthfloor.words.lines.likeness import differing_document, differing_lines

if TYPE_CHECKING:
    from fifthfloor.tasks.people.similar import SimilarTo


def look_among(console: Console, files: tuple[Path, ...], folder: Path) -> int:
    """Say what each file is similar to; 1 even where something is: similar is not proved."""
    from fifthfloor.tasks.people.similar import signed_pictures_in, similar_to

    signed = signed_pictures_in(folder)
    lines: list[str] = []
    documents: list[dict[str, Any]] = []
    code = 1
    for file in files:
        name = printable(file.name)
        try:
            found = similar_to(file, signed)
        except FifthFloorError as error:
            cause, hint = words.error(error.key, error.facts)
            documents.append({"file": str(file), "error": error.key, "cause": cause, "hint": hint})
            lines.append(sentence("trace.untraced", name=name, cause=cause))
            code = max(code, error.exit_code)
            continue
        documents.append({"file": str(file), "proved": False, "similar": [_json(one) for one in found]})
        if not found:
            lines.append(sentence("prove.similar_to_none", name=name, count=len(signed)))
        for one in found[:1]:
            if not one.differences.is_this_frame:
                lines.append(name + ": " + sentence("trace.scene", count=1, place=printable(one.name)))
                break
            lines.append(sentence("prove.similar", name=name, other=printable(one.name)))
            lines.extend("  " + line for line in differing_lines(one.differences))
            lines.append("  " + sentence("prove.similar_key", public=one.key))
    console.result({"files": documents}, lines, sentence("prove.similar_only"))
    return code


def _json(one: SimilarTo) -> dict[str, Any]:
    told = {"name": one.name, "key": one.key, "points": one.shared, "copy": one.differences.is_this_frame}
    return told | differing_document(one.differences)
