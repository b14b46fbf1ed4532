"""Zeros after the two zero blocks, as tar programs like them (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

VECTOR = archive_vector(archive(tar(tail=bytes(5120))))
