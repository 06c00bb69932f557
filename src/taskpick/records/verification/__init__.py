"""Whether the decisions in files still hold, and how that is shown."""
