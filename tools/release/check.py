"""What must be so before a release: licences that may travel with ours, and no known fault in what we take.

python -m tools.release.check              licences, in the environment at hand
python -m tools.release.check --audit      also pip-audit on the lock; it asks a database on the network
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.portable.wheels import LOCK, REPOSITORY
from tools.release.sbom import LICENCES

# Ours is Apache-2.0. What a user installs from us may be permissive, or weak copyleft of whole files and libraries.
_MAY = re.compile(
    r"\b(MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla Public|LGPL|Lesser General|HPND|Zlib|CC0)\b",
    re.IGNORECASE,
)
_MAY_NOT = re.compile(r"\b(AGPL|GPL|Affero|GNU General Public)", re.IGNORECASE)
_LESSER = re.compile(r"\b(LGPL|GNU Lesser General Public|GNU Library or Lesser General Public)", re.IGNORECASE)


def main() -> None:
    """Say what is wrong; exit code 1 if anything is."""
    parser = argparse.ArgumentParser(prog="check", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--audit", action="store_true", help="run pip-audit as well")
    asked = parser.parse_args()
    wrong = [*licence_faults(), *(audit() if asked.audit else ())]
    for line in wrong:
        print(line)
    print(f"{len(needed())} packages looked at, {len(wrong)} faults")
    sys.exit(bool(wrong))


def needed() -> dict[str, str]:
    """Return every package that the base or an extra for use installs: name -> licence as it says itself."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    waiting = [*project["dependencies"], *(need for name in extras if name != "dev" for need in extras[name])]
    found: dict[str, str] = {}
    while waiting:
        text = waiting.pop()
        name = _plain(re.split(r"[<>=!~ ;\[(]", text)[0])
        if name in found or _is_not_for_here(text):
            continue
        try:
            about = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
            continue
        found[name] = _licence(about)
        waiting += [one for one in importlib.metadata.requires(name) or [] if "extra ==" not in one]
    return found


def licence_faults() -> Iterator[str]:
    """Give a line for each package whose licence may not travel with ours, or is not the one in the bill."""
    for name, licence in sorted(needed().items()):
        if licence == "not installed":
            yield f"{name}: not installed here, so its licence was not read"
        elif not may_travel(licence):
            yield f"{name}: its licence is {licence!r}"
    for name, licence in LICENCES.items():
        if not may_travel(licence):
            yield f"{name}: the bill of materials says {licence!r}"


def may_travel(licence: str) -> bool:
    """Say whether a licence lets the package be used by ours; of several joined by OR one is enough."""
    choices = re.split(r"\bOR\b|;", licence)
    return any(_MAY.search(one) and not _MAY_NOT.search(_LESSER.sub("", one)) for one in choices)


def audit() -> Iterator[str]:
    """Give pip-audit's findings on the lock; pip-audit is installed into a folder of its own."""
    with tempfile.TemporaryDirectory() as made:
        python = Path(made) / "venv" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", str(python.parents[1])], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "pip-audit>=2.7,<3"], check=True)
        yield from audit_faults([str(python), "-m", "pip_audit"], LOCK)


def audit_faults(pip_audit: Sequence[str], lock: Path) -> Iterator[str]:
    """Give a line for each fault that pip-audit knows of a lock, and for each package that it did not ask about.

    A package that its database does not know it leaves out, and ends with 0: of a lock of which it asked nothing it
    says "No known vulnerabilities found".

    Args:
        pip_audit: the command.
        lock: with a line `name==version` for each package.
    """
    command = [*pip_audit, "--requirement", str(lock), "--disable-pip", "--no-deps", "--progress-spinner", "off"]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=False)
    try:
        told = {_plain(one["name"]): one for one in json.loads(done.stdout)["dependencies"]}
    except (ValueError, KeyError, TypeError):
        yield from (f"pip-audit: {line}" for line in (done.stdout + done.stderr).splitlines() if line.strip())
        yield f"pip-audit: ended with {done.returncode} and told of no package"
        return
    for name in sorted(map(_plain, re.findall(r"^([\w.-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE))):
        about = told.get(name, {"skip_reason": "not told of"})
        if "skip_reason" in about:
            yield f"pip-audit: {name} was not asked about: {about['skip_reason']}"
        yield from (f"pip-audit: {name} {about['version']}: {known['id']}" for known in about.get("vulns", ()))


def _licence(about: importlib.metadata.PackageMetadata) -> str:
    # PEP 639's expression, else the classifiers, else the free text's first line.
    if "License-Expression" in about:
        return str(about["License-Expression"])
    classified = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    if classified:
        return " AND ".join(one.rpartition(" :: ")[2] for one in classified)
    text = [str(one) for one in about.get_all("License") or []]
    said = (" ".join(text).strip().splitlines() or ["nothing"])[0]
    return _READ_BY_HAND.get(_plain(str(about["Name"])), said) if said == "nothing" else said


# What says it in the text of its licence only (read in the wheel of pyrage 1.4.0).
_READ_BY_HAND = {"pyrage": "MIT"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _is_not_for_here(need: str) -> bool:
    marker = need.partition(";")[2]
    elsewhere = re.search(
        r"""(sys_platform|platform_system|os_name)\s*==\s*["'](win32|Windows|nt|darwin|Darwin)["']""", marker
    )
    old = re.search(r"""python_version\s*<=?\s*["']3\.(\d+)["']""", marker)
    other = re.search(r"""platform_python_implementation\s*==\s*["']PyPy["']""", marker)
    return bool(elsewhere or other or (old and int(old[1]) <= sys.version_info[1]))


if __name__ == "__main__":
    main()
