"""The last of the 28 zero bytes is 1 (section 3)."""

from tools.vectors.build import unlawful

VECTOR = unlawful(95, bytes.fromhex("01"))
