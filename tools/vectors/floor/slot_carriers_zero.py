"""No carriers, and a threshold and carrier of none (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(1, bytes.fromhex("000000"))
