"""The tests: `pytest` in the folder above."""
