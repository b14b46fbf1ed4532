"""Version 6 (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(0, bytes.fromhex("06"))
