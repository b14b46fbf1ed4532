"""A hard link (section 6)."""

import tarfile

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/link", kind=tarfile.LNKTYPE)
VECTOR = archive_vector(archive(tar(EXTRA)))
