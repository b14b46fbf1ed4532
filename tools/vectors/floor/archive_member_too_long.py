"""A member says that it is longer than the tar (section 6)."""

from tools.vectors.build import archive, archive_vector, member

VECTOR = archive_vector(archive(member("files/big", bytes(9000))[:2048]))
