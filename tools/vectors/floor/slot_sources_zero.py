"""A group of no source symbols (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(28, bytes.fromhex("00000000"))
