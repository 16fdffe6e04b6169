"""Overcut: open Formula 1 race intelligence."""

__version__ = "0.1.0"
