"""A regular file of the old type NUL (section 6)."""

import tarfile

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/old", kind=tarfile.AREGTYPE)
VECTOR = archive_vector(archive(tar(EXTRA)))
