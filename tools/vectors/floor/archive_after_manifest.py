"""A member after the manifest (section 6)."""

from tools.vectors.build import archive, archive_vector, member, tar

VECTOR = archive_vector(archive(tar()[:-1024] + member("files/c.jpg", b"x") + bytes(1024)))
