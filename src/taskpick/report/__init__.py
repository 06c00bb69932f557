"""A recommendation for people and programs."""
