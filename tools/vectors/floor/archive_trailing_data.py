"""Something after the two zero blocks (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

VECTOR = archive_vector(archive(tar(tail=b"hidden twice".ljust(512))))
