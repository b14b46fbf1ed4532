"""A directory stored twice, once with a final slash (section 6)."""

import tarfile

from tools.vectors.build import archive, archive_vector, member, tar

EXTRA = member("files/trip/", kind=tarfile.DIRTYPE)
VECTOR = archive_vector(archive(tar(EXTRA)))
