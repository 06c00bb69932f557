"""Everything that is known: of a decision for `--details`, and of one option for `explain`."""
