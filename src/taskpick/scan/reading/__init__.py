"""Files, their syntax, and names followed across them."""
