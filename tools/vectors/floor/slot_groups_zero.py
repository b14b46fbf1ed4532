"""A floor of no groups (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(20, bytes.fromhex("0000000000000000"))
