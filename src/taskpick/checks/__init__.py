"""What is wrong with a valid rule file."""
