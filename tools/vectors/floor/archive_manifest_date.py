"""A date that would lead out of the folder (section 6)."""

from tools.vectors.build import archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest(hidden="../../2026-11-22"))))
