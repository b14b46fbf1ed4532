"""The manifest gives another size for a file (section 6)."""

from tools.vectors.build import archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest().replace(b"1500", b"1501"))))
