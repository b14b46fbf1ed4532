"""What each command does: joins everything below; the only holder of paths, clock and chance."""
