"""What can hold sealed shards: the free space of a card (spec/card-carrier.md), a roll (spec/roll-carrier.md).

Rule 1: wipe and hide are one code path, `free_space.sweep`; what differs is only what a few places hold.
Rule 2: reading needs no file system: `collection` looks at every sector of whatever it is given.
"""
