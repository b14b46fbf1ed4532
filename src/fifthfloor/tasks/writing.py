"""Writing results so that a stop at any moment leaves whole files or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from fifthfloor.errors import BadInput


def place_together(contents: Mapping[Path, bytes]) -> None:
    """Write files beside their places first, then give all of them their names.

    Args:
        contents: where each file belongs, and what is in it.

    Raises:
        BadInput: something lies there already; nothing is written then.
    """
    for target in contents:
        if target.exists() or target.is_symlink():
            raise BadInput("writing.exists", path=str(target))
    waiting = {target: target.with_name(f".{target.name}.part") for target in contents}
    try:
        for target, part in waiting.items():
            with part.open("wb") as file:
                file.write(contents[target])
                file.flush()
                os.fsync(file.fileno())
        for target, part in waiting.items():
            part.replace(target)
    finally:
        for part in waiting.values():
            part.unlink(missing_ok=True)
