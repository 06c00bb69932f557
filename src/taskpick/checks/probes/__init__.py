"""Measuring the claims of a rule file again: its probes, and what they showed."""
