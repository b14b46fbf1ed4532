"""Fifth Floor: `hide` photographs, `audit` what a search would find, `open`, `protect`, `sign`, `verify`, `publish`."""

__version__ = "0.1.0"
