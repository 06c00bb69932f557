"""The command `taskpick scan`: its flags, and what it asks."""
