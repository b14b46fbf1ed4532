"""Hiding people in photographs, for good."""
