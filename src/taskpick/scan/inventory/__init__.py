"""The work of a code base: what is defined, and where it is started."""
