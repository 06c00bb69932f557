"""The work of a code base, its settings and its processes."""
