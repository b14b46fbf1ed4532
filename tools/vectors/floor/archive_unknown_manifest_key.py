"""A manifest with keys a reader does not know (section 6)."""

from tools.vectors.build import FILES, archive, archive_vector, manifest, tar

VECTOR = archive_vector(archive(tar(listed=manifest(author="nobody", x=[1, {}]))), FILES)
