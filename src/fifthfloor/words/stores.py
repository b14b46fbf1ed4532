"""Sentences of stores: photographs that lie behind an address."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {
    "stores.protocol": (
        "addresses of {protocol}:// are not read, {known} are",
        "give a path, or copy the photographs to a disk first",
    ),
    "stores.password": (
        "the address holds a name or a password, which would stand in the archive",
        "write `s3://BUCKET/FOLDER` and give the rest by the environment: AWS_ACCESS_KEY_ID and others (docs/scale.md)",
    ),
    "stores.plain": (
        "photographs would come from {endpoint} for everybody on the way to see",
        "use an address with https://; http:// is for this machine alone",
    ),
    "stores.refused": (
        "the store does not give {url}: {reason}",
        "see that AWS_ENDPOINT_URL and the credentials in the environment are right, on every machine (docs/scale.md)",
    ),
}
SENTENCES: dict[str, str] = {}
