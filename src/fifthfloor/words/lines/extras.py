"""Which extra of ours brings a module that is not there, read from the package's own metadata."""

from __future__ import annotations

import re
import traceback

from fifthfloor.words.installed import ALL

# What is imported by another name than it is installed by, and what it brings along that we import as well; tests
# compare this with what is installed and with what is imported.
_IMPORTED_AS = {
    "pillow": ("PIL",),
    "markdown-it-py": ("markdown_it",),
    "c2pa-python": ("c2pa",),
    "jinja2": ("jinja2", "markupsafe"),
    "numba": ("numba", "llvmlite"),
}
_REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+).*;.*\bextra\s*==\s*["'](?P<extra>[\w-]+)["']""")
_FOR_MAKERS = "dev"


def modules_of_extras() -> dict[str, set[str]]:
    """Map each module that extras install to their names."""
    from importlib.metadata import PackageNotFoundError, requires  # slow to import, and asked for after a failure only

    try:
        wanted = requires("fifthfloor") or []
    except PackageNotFoundError:  # run from a folder of sources that nobody installed
        wanted = []
    found: dict[str, set[str]] = {}
    for requirement in filter(None, map(_REQUIREMENT.match, wanted)):
        if requirement["extra"] != _FOR_MAKERS:
            name = requirement["name"].lower()
            for module in _IMPORTED_AS.get(name, (re.sub(r"[-.]", "_", name),)):
                found.setdefault(module, set()).add(requirement["extra"])
    return found


def extra_of(error: ModuleNotFoundError) -> tuple[str, str] | None:
    """Return what is missing and the extra that brings it; None where no extra does.

    Of several it is the one of the part of the program that asked (`desk`), else the one of all a laptop's work.
    """
    module = (error.name or "").split(".")[0]
    known = modules_of_extras()
    if not known:  # nobody installed these sources: all that is not ours comes with that one
        return (module, ALL) if module != "fifthfloor" else None
    extras = known.get(module, set())
    names = [str(frame.f_globals.get("__name__", "")) for frame, _line in traceback.walk_tb(error.__traceback__)]
    asked = {name.split(".")[1] for name in names if name.startswith("fifthfloor.")}
    for extra in (*sorted(extras & asked), ALL, *sorted(extras)):
        if extra in extras:
            return module, extra
    return None
