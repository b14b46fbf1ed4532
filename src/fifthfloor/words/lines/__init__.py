"""Results as lines for a person, from the same documents that `--json` prints."""
