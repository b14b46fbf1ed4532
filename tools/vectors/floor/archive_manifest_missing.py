"""No manifest (section 6)."""

from tools.vectors.build import archive, archive_vector, member

VECTOR = archive_vector(archive(member("files/a.jpg", b"x") + bytes(1024)))
