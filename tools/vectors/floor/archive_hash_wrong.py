"""The SHA-256 of the tar does not agree (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

VECTOR = archive_vector(archive(tar(), digest=bytes(32)))
