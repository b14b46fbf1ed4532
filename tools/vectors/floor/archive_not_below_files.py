"""A member outside `files/` (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("etc/passwd", b"x")
VECTOR = archive_vector(archive(tar(EXTRA)))
