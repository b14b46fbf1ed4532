"""Sentences about cards: file systems, partitions, devices."""

ERRORS: dict[str, tuple[str, str]] = {}

SENTENCES: dict[str, str] = {}
