"""A threshold of 0 (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(2, bytes.fromhex("00"))
