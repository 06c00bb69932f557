"""What changes between two rule files, or two revisions of one."""
