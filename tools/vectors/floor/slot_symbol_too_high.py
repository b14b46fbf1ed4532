"""Symbol number 2^20 (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(32, bytes.fromhex("00100000"))
