"""2^20 + 1 groups (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(20, bytes.fromhex("00100001"))
