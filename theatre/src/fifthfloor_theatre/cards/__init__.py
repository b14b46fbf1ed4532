"""Virtual cards: made, filled and emptied as cameras do. Nothing here is safe against being stopped."""
