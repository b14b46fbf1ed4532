"""Archives that are unlawful in one thing and agree with themselves in all else: nothing else can be why they go."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.vectors.readers import Reader
from tools.vectors.build import CONTENT_KEY, archive, encrypted, manifest, member, tar

from fifthfloor.errors import BadInput

PHOTOGRAPH = ("a.jpg", b"first photograph")
OTHER = b"another photograph"


def refused(reader: Reader, whole: bytes, folder: Path) -> None:
    with pytest.raises(BadInput):
        reader.unpack(encrypted(archive(whole)), CONTENT_KEY, 1 << 20, folder)
    assert not list(folder.iterdir())


def listed(name: str, stored: str | None = None, pax: Mapping[str, str] | None = None, data: bytes = OTHER) -> bytes:
    """A tar of a photograph and a member of any name, both of which the manifest lists."""
    said = manifest((PHOTOGRAPH, (name, OTHER)))
    extra = member("files/" + name if stored is None else stored, data, pax=dict(pax or {}))
    return tar(extra, (PHOTOGRAPH,), said)


def test_what_is_lawful_comes_back(reader: Reader, tmp_path: Path) -> None:
    found = reader.unpack(encrypted(archive(listed("b.jpg"))), CONTENT_KEY, 1 << 20, tmp_path)
    assert sorted(found) == ["a.jpg", "b.jpg"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../b.jpg", "b/../c.jpg", "b/./c.jpg", "b//c.jpg", "/b.jpg", "b\\c.jpg", "..\\b.jpg"]
)
def test_a_name_that_leads_elsewhere(name: str, reader: Reader, tmp_path: Path) -> None:
    refused(reader, listed(name), tmp_path)


def test_a_name_that_ends_in_the_midst(reader: Reader, tmp_path: Path) -> None:
    refused(reader, listed("b\0.jpg", stored="files/b", pax={"path": "files/b\0.jpg"}), tmp_path)


def test_a_name_outside_of_the_files(reader: Reader, tmp_path: Path) -> None:
    refused(reader, listed("b.jpg", stored="b.jpg"), tmp_path)


def test_a_name_twice(reader: Reader, tmp_path: Path) -> None:
    refused(reader, listed("a.jpg"), tmp_path)


def test_a_file_after_the_manifest(reader: Reader, tmp_path: Path) -> None:
    said = manifest((PHOTOGRAPH, ("b.jpg", OTHER)))
    stored = member("files/a.jpg", PHOTOGRAPH[1]) + member("manifest.json", said) + member("files/b.jpg", OTHER)
    refused(reader, stored + bytes(1024), tmp_path)


def test_a_sparse_file(reader: Reader, tmp_path: Path) -> None:
    """GNU's format 1.0: a regular file by its type, whose map of holes comes before its bytes."""
    pax = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "files/b.jpg"}
    pax["GNU.sparse.realsize"] = str(len(OTHER))
    holes = f"1\n0\n{len(OTHER)}\n".encode().ljust(512, b"\0")
    refused(reader, listed("b.jpg", stored="files/sparse", pax=pax, data=holes + OTHER), tmp_path)
