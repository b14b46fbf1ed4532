"""What can hold sealed shards: the free space of a card."""
