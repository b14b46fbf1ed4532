"""The manifest gives another SHA-256 for a file (section 6)."""

from tools.vectors.build import FILES, archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest((("a.jpg", b"First photograph"), FILES[1])))))
