"""Twelve-month evaluations of the burglary approach, from delivery to pack."""

__version__ = "0.1.0"
