"""Carrier number 0 (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(3, bytes.fromhex("00"))
