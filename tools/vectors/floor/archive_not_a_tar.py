"""Noise where the tar should be (section 6)."""

from tools.vectors.build import archive, archive_vector, chance

VECTOR = archive_vector(archive(chance("noise")(9000)))
