"""A stored name with a backslash (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/trip\\x", b"x")
VECTOR = archive_vector(archive(tar(EXTRA)))
