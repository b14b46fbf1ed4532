"""JPEG files as bytes, segments and coefficients."""
