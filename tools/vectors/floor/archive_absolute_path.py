"""An absolute stored name (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files//etc/passwd", b"x")
VECTOR = archive_vector(archive(tar(EXTRA)))
