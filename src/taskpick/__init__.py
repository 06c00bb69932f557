"""An interactive decision adviser for the command line."""

__version__ = "0.1.0"
