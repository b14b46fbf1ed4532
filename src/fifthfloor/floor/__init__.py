"""A floor: a hidden collection of files, opened by one passphrase."""
