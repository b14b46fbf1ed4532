"""Fixtures of the floor's tests."""

from __future__ import annotations

from tests.cli.person import card
from tests.tasks.quick import quick_kdf, seeded_chance
from tests.tasks.recording import reader
from tests.tasks.writes import write_log

__all__ = ["card", "quick_kdf", "reader", "seeded_chance", "write_log"]
