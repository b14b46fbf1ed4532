"""A floor: a hidden collection of files, opened by one passphrase (spec/floor.md).

Rule 1: bytes in, values out. No path, no clock, no device; chance comes in as `random: Callable[[int], bytes]`.
Rule 2: nothing inside a slot is believed before its tag is checked.
Rule 3: encryption and keys live here and nowhere above.
"""
