"""A manifest that is no UTF-8 (section 6)."""

from tools.vectors.build import archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=b"\xff" + manifest())))
