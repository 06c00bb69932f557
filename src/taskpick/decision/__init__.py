"""What follows from rules and answers; pure."""
