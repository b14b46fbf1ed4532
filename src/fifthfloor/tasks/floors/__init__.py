"""Floors on cards: hidden, kept, checked, brought back, and swept away."""
