"""A manifest that is no JSON (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

VECTOR = archive_vector(archive(tar(listed=b"[" * 100000)))
