"""The questions at a full terminal: keys, and pages that are redrawn."""
