"""YAML in; rules, or every problem at once, out."""
