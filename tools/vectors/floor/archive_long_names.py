"""Names that need extended headers: long, and not ASCII (section 6)."""

from tools.vectors.build import archive, archive_vector, tar

FILES = (("é" * 120, b"1"), ("/".join(["deep"] * 40), b""), ("밤/별.jpg", b"3"))
VECTOR = archive_vector(archive(tar(files=FILES)), FILES)
