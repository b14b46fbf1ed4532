"""A stored name with U+0000, by an extended header (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/x", b"x", pax={"path": "files/x\0.jpg"})
VECTOR = archive_vector(archive(tar(EXTRA)))
