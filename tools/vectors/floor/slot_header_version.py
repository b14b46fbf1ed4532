"""Version 3 (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(0, bytes.fromhex("03"))
