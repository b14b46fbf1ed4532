"""What a browser's folders hold when it is closed: searched by `audit`, and for every word somebody would look for."""

from __future__ import annotations

from pathlib import Path

from fifthfloor.tasks.search.audit import audit

_PROGRAM = ("fifthfloor", "Fifth Floor", "panic.js", "essay.js", "protect.js", "originals.js", "sheet.js", "reckon.js")


def left_behind(home: Path, *told: str) -> list[tuple[str, str]]:
    """Return each file below a home folder with a word that was told to the desk, and what `audit` says of the program.

    Args:
        home: with the browser's profile, its cache and its temporary files in it.
        told: passphrases and names; the names of the program are searched for in any case.
    """
    found = []
    for path in home.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            found += [
                (str(path.relative_to(home)), word)
                for word in (*told, *_PROGRAM)
                if word.encode() in data or word.encode("utf-16-le") in data
            ]
    report = audit([home], None).report
    said = [item.kind for item in report.findings if "fifthfloor" in item.kind or "program" in item.kind]
    return found + [("audit", kind) for kind in said]
