"""What the cases of a rule file would and would not notice."""
