"""The command `taskpick advise`: its flags, what it writes, and the menu after the verdict."""
