"""Essays: begun, built, published."""
