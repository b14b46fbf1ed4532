"""A named pipe (section 6)."""

import tarfile

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/pipe", kind=tarfile.FIFOTYPE)
VECTOR = archive_vector(archive(tar(EXTRA)))
