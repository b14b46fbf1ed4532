"""Group 7 of 7 (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(24, bytes.fromhex("00000007"))
