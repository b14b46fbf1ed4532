"""A directory and two files (section 6)."""

from tools.vectors.build import FILES, archive, archive_vector, tar

VECTOR = archive_vector(archive(tar()), FILES)
