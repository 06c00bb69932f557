"""What every command needs from the command line."""
