"""The command `taskpick scan`: its flags, what it asks, and its progress."""
