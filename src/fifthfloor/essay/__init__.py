"""Captioned photo stories."""
