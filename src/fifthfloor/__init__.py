"""Fifth Floor: hide, rehearse, cross, open, protect, prove, publish, trace."""

__version__ = "0.1.0"
