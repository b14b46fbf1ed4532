"""The two zero blocks are missing (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

VECTOR = archive_vector(archive(tar()[:-1024]))
