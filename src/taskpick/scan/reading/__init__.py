"""The files of a code base, and the names that lead from one to another."""
