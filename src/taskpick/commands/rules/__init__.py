"""The commands `taskpick rules …`, which check, test, compare and draw rule files."""
