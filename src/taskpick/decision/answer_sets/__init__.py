"""Sets of answer sets: which there are, which force a pick, and how to say one in words."""
