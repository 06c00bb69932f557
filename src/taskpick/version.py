"""The version, alone in a module so that nothing has to import the package's face for it."""

__version__ = "0.1.0"
