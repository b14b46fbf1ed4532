"""How this program was put here, and with it what a person types to add one of its extras.

`pip install` alone reaches neither what `uv` or `pipx` put into a folder of its own nor the folder on a stick, and it
finds nothing by name while no registry has it: what is named is the file it came from.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fifthfloor import __version__

# The one extra that has all of a laptop's work. Who asks for another asks for this too: `uv` and `pipx` make the place
# anew with what is asked for, and with nothing else.
ALL = "home"
_OF_A_LAPTOP = (ALL, "desk", "roll")
# Those of an archive, by a package that only they have; what is here already is asked for again.
_OF_ARCHIVES = {"cluster": "distributed", "stores": "s3fs"}
_LISTED = "files.sha256"  # in the folder that runs where it stands


def way_to_add(extra: str) -> tuple[str, Mapping[str, str]]:
    """Return the key of the sentence that says what to type, and its facts."""
    noted = _noted()
    source = _path_of(noted)
    wheel = source or f".{os.sep}fifthfloor-{__version__}-py3-none-any.whl"
    further = [one for one, package in _OF_ARCHIVES.items() if one == extra or find_spec(package) is not None]
    what = _quoted(f"{wheel}[{','.join([extra if extra in _OF_A_LAPTOP and not further else ALL, *further])}]")
    if noted.get("dir_info", {}).get("editable"):
        what = f"--editable {what}"
    by = _put_here_by(Path(sys.prefix), Path(__file__).absolute())
    there = "" if source or by == "folder" else "_wheel"
    return f"cli.add.{by}{there}", {"what": what, "python": _quoted(sys.executable)}


def _put_here_by(prefix: Path, module: Path) -> str:
    """Say what put it here, by what each leaves beside it."""
    if (prefix / "uv-receipt.toml").is_file():
        return "uv"
    if (prefix / "pipx_metadata.json").is_file():
        return "pipx"
    # FOLDER/lib/any/fifthfloor/words/installed.py
    if any((above / _LISTED).is_file() for above in module.parents[4:5]):
        return "folder"
    return "pip" if find_spec("pip") is not None else "uv_pip"  # `uv venv` makes places without a pip


def _noted() -> dict[str, dict[str, bool]]:
    """Return what the installer noted of where this came from (PEP 610); nothing where it did not."""
    from importlib.metadata import PackageNotFoundError, distribution  # slow to import, asked for after a failure only

    try:
        noted = json.loads(distribution("fifthfloor").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}


def _path_of(noted: Mapping[str, object]) -> str | None:
    """Return the wheel, or the folder of sources, that this was installed from; None if it is no longer there."""
    parts = urlsplit(str(noted.get("url", "")))
    path = unquote(parts.path)
    if os.name == "nt":
        path = path.removeprefix("/").replace("/", "\\")
    return path if parts.scheme == "file" and Path(path).exists() else None


def _quoted(word: str) -> str:
    if os.name == "nt":
        return f'"{word}"' if set(word) & set(" [&") else word
    return shlex.quote(word)
