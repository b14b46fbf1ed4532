"""The manifest misses a file that is there (section 6)."""

from tools.vectors.build import FILES, archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest(FILES[:1]))))
