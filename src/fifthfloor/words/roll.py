"""Sentences of `roll`."""

from __future__ import annotations

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {
    "roll.audit": "{card}: what a search would say now (a sample of the free space; all of it: fifthfloor audit)",
}
