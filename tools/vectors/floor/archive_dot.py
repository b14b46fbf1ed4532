"""A stored name with a `.` part (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/./x", b"x")
VECTOR = archive_vector(archive(tar(EXTRA)))
