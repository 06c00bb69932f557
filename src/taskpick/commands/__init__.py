"""One file per command, called like the command."""
