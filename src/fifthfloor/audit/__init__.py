"""What a search would find, worked out without any key."""
