"""Photographs in a store that fsspec reaches, `s3://BUCKET/FOLDER`: listed, and read within bounds; never written.

Rule 1: only the stores of `STORES`: fsspec knows protocols that fetch, unpack or run what nobody meant.
Rule 2: an address holds no password: where the store is and who asks is told by the environment of each machine
        (`AWS_ENDPOINT_URL`, `AWS_ACCESS_KEY_ID` ...), and so is in no archive and in no task.
Rule 3: photographs travel encrypted, or to this machine and no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any, TypeVar
from urllib.parse import urlsplit

from fifthfloor.errors import BadInput, FifthFloorError
from fifthfloor.files import read_whole
from fifthfloor.tasks.trace.store_places import STORES, Remote, Stamp, StoredAt

R = TypeVar("R")

# What tells one content of a name from another, the surest first; a listing and a question for one file agree on it.
_VERSIONS = ("ETag", "created", "LastModified")
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")


def listed(folder: Remote) -> Iterator[tuple[Remote, dict[str, Any]]]:
    """Yield every file below an address, or the one that is there, each with what the store says of it; by name.

    Raises:
        BadInput: nothing is there, or the store refuses.
    """
    store, path = _opened(folder)
    found = _asked(folder, lambda: store.info(path))
    if found["type"] == "file":
        yield folder, found
        return
    walk = store.walk(path, detail=True)
    while (level := _asked(folder, lambda: next(walk, None))) is not None:
        here, inner, files = level
        if files.pop("", None):  # a folder without a name, which is not walked
            below: dict[str, Any] = _asked(folder, partial(store.find, here, prefix="/", detail=True))
            files |= {path.removeprefix(f"{here}/"): info for path, info in below.items()}
        for name in sorted(files, key=lambda name: (name.rpartition("/")[0], name)):
            yield Remote(f"{folder.url.partition('://')[0]}://{files[name]['name'].lstrip('/')}"), files[name]
        for name in sorted(inner):  # walked in this order
            inner[name] = inner.pop(name)


def stamp_in(infos: Sequence[dict[str, Any]]) -> Stamp:
    """Say as of when files are, by what the store says: their length, and a number that changes with their contents."""
    versions = [next((_written(info[one]) for one in _VERSIONS if info.get(one)), "") for info in infos]
    number = int.from_bytes(hashlib.sha256("\n".join(versions).encode()).digest()[:8], "big") >> 1
    return Stamp(sum(int(info.get("size") or 0) for info in infos), number)


def _written(version: object) -> str:
    # A moment is a number in some answers and a date in others.
    return str(version.timestamp() if isinstance(version, datetime) else version)


def info_at(file: Remote) -> dict[str, Any] | None:
    """Ask what a store says of a file; None where there is none. Raises BadInput where the store refuses."""
    store, path = _opened(file)
    try:
        return _asked(file, lambda: dict(store.info(path)))
    except BadInput as error:
        if error.key == "files.missing":
            return None
        raise


def read_place(path: StoredAt, limit_bytes: int) -> bytes:
    """Read a file of a disk or of a store. Raises BadInput as `read_whole` does."""
    return read_at(path, limit_bytes) if isinstance(path, Remote) else read_whole(path, limit_bytes)


def read_at(file: Remote, limit_bytes: int) -> bytes:
    """Read a file of at most `limit_bytes`, as `files.read_whole` does. Raises BadInput; named."""
    store, path = _opened(file)
    length_bytes = int(_asked(file, lambda: store.info(path))["size"] or 0)
    if length_bytes > limit_bytes:
        raise BadInput("files.too_large", path=str(file), limit=limit_bytes)
    if not length_bytes:
        return b""  # of nothing no range can be asked
    data: bytes = _asked(file, lambda: store.cat_file(path, start=0, end=limit_bytes + 1))
    if len(data) > limit_bytes:
        raise BadInput("files.too_large", path=str(file), limit=limit_bytes)
    return data


def _opened(place: Remote) -> tuple[Any, str]:
    """Return fsspec's file system of an address, and the path in it: nothing of the address is taken for more."""
    protocol = place.url.partition("://")[0]
    import_module(STORES[protocol])
    kept = {} if protocol == "memory" else {"use_listings_cache": False}
    store = import_module("fsspec").filesystem(protocol, **kept)
    if protocol == "s3":
        _refuse_plain(str(_asked(place, lambda: store.s3.meta.endpoint_url)))
    return store, store._strip_protocol(place.url)


def _refuse_plain(endpoint: str) -> None:
    parts = urlsplit(endpoint)
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK_HOSTS:
        raise BadInput("stores.plain", endpoint=endpoint)


def _asked(place: Remote, ask: Callable[[], R]) -> R:
    """Ask a store. Raises BadInput for whatever it answers instead: its libraries raise errors of many kinds."""
    try:
        return ask()
    except FifthFloorError:
        raise
    except FileNotFoundError:
        raise BadInput("files.missing", path=str(place)) from None
    except Exception as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise BadInput("stores.refused", url=str(place), reason=reason) from error
