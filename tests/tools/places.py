"""Where the tests find what they need."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The repository."""
DATA = ROOT / "tests" / "data"
"""Rule files, snapshots, filmed screens and recorded sessions."""
