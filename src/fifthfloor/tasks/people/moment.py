"""The moment that goes out with a photograph: the day, and not the second, unless a person wants it told."""

from __future__ import annotations

from datetime import UTC, datetime


def this_day() -> float:
    """Return the beginning of today (UTC) in seconds since 1970: the time of files that will be copied elsewhere.

    The second tells when somebody sat at a computer, and with it which of many computers it was. When a file came into
    being stays with the file system that it was written to, and goes no further.
    """
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
