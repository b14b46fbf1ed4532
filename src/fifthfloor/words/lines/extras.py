"""Which extra of ours brings a module that is not there, read from the package's own metadata."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires

# What is imported by another name than it is installed by; a test compares this with what is installed.
_IMPORTED_AS = {"pillow": "PIL", "markdown-it-py": "markdown_it", "c2pa-python": "c2pa"}
_REQUIREMENT = re.compile(r"""(?P<name>[\w.-]+).*;.*\bextra\s*==\s*["'](?P<extra>[\w-]+)["']""")
_FOR_MAKERS = "dev"


def modules_of_extras() -> dict[str, str]:
    """Map each module that an extra installs to the extra's name; of several, the first by name."""
    try:
        wanted = requires("fifthfloor") or []
    except PackageNotFoundError:  # run from a folder of sources that nobody installed
        wanted = []
    found: dict[str, str] = {}
    for requirement in filter(None, map(_REQUIREMENT.match, wanted)):
        if requirement["extra"] != _FOR_MAKERS:
            name = requirement["name"].lower()
            module = _IMPORTED_AS.get(name, re.sub(r"[-.]", "_", name))
            found[module] = min(requirement["extra"], found.get(module, requirement["extra"]))
    return found


def extra_of(error: ModuleNotFoundError) -> tuple[str, str] | None:
    """Return what is missing and the extra that brings it; None where no extra does."""
    module = (error.name or "").split(".")[0]
    extra = modules_of_extras().get(module)
    return (module, extra) if extra else None
