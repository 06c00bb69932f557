"""Which question is next, and asking it."""
