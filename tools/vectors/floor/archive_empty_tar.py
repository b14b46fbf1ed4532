"""A tar of no bytes (section 6)."""

from tools.vectors.build import archive, archive_vector

VECTOR = archive_vector(archive(b""))
