"""Decision records, and whether they still hold."""
