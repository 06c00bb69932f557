"""What each file of a code base says by itself: parsed and read once."""
