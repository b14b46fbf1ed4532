"""A modification time that is no number of seconds (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/x", b"x", pax={"mtime": "inf"})
VECTOR = archive_vector(archive(tar(EXTRA)))
