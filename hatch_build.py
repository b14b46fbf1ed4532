"""Build hook: the wheel carries pages of the manual, made from the commands of this very source."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

EARLIEST = 315_619_200  # 1980-01-02, the first whole day a ZIP can say


class ManualHook(BuildHookInterface[Any]):
    """Makes the pages at the build and lists them as files of the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the pages into the builder's own folder; an editable install has none."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path[:0] = [str(root), str(root / "src")]
        # Compiled files of this build stay nowhere.
        sys.dont_write_bytecode = True
        from tools.release.man import pages

        folder = Path(self.directory) / "man"
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages(int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST))).items():
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
            build_data["shared_data"][str(folder / name)] = f"share/man/man1/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the pages away again; they are in the wheel."""
        del version, build_data, artifact_path
        folder = Path(self.directory) / "man"
        for page in folder.glob("*.1"):
            page.unlink()
        if folder.is_dir():
            folder.rmdir()
