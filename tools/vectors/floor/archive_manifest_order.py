"""The manifest lists the files in another order (section 6)."""

from tools.vectors.build import FILES, archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest(FILES[::-1]))))
