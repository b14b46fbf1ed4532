"""The length says more than was sealed (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

VECTOR = archive_vector(archive(tar(), length=1 << 40))
