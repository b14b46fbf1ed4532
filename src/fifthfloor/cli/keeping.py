"""`--keep` and `--keep-file`, of `hide` and of `wipe`."""

from __future__ import annotations

from click import option

from fifthfloor.cli.asking import ANY_PATH
from fifthfloor.words import sentence

keep_option = option("--keep", "keep", is_flag=True, help=sentence("help.keep"))
keep_file_option = option(
    "--keep-file",
    "keep_files",
    type=ANY_PATH,
    multiple=True,
    metavar="FILE",
    help=sentence("help.keep_file"),
)
