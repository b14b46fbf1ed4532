"""What follows the SHA-256 is ignored (section 6)."""

from tools.vectors.build import FILES, archive, archive_vector, tar

VECTOR = archive_vector(archive(tar(), fill=b"!"), FILES)
