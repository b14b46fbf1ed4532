"""A floor may hold no files (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

VECTOR = archive_vector(archive(tar(files=())), ())
