"""The background work in a code base, and what is wrong with it; nothing of it is run."""
