"""A manifest of version 2 (section 6)."""

from tools.vectors.build import archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest(version=2))))
