"""How a function goes on: what it waits for, and whether it ends."""
