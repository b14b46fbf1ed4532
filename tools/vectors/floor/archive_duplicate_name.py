"""A name stored twice (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/a.jpg", b"second")
VECTOR = archive_vector(archive(tar(EXTRA)))
