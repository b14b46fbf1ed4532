"""A threshold of 4 among 3 carriers (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(2, bytes.fromhex("04"))
