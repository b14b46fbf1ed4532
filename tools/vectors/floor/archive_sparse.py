"""A sparse file, by GNU's extended headers (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/s", b"x", pax={"GNU.sparse.map": "0,1", "GNU.sparse.size": "9"})
VECTOR = archive_vector(archive(tar(EXTRA)))
