"""`--keep` and `--keep-file`, of `hide` and of `wipe`."""

from __future__ import annotations

from click import option

from fifthfloor.cli.asking import ANY_PATH

keep_option = option("--keep", "keep", is_flag=True, help="Keep what other passphrases hid here; asks for them.")
keep_file_option = option(
    "--keep-file",
    "keep_files",
    type=ANY_PATH,
    multiple=True,
    metavar="FILE",
    help="The same, from FILE: passphrase, label; repeat.",
)
