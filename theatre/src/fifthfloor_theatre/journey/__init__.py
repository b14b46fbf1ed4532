"""The whole trip on virtual cards."""
