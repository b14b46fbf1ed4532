"""The manifest lists a file that is not there (section 6)."""

from tools.vectors.build import FILES, archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest((*FILES, ("c.jpg", b""))))))
