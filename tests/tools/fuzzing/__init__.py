"""The parts of `tests/tools/fuzz.py`: what it tries, and what must hold."""
