"""What a scan has read, kept in the user's cache folder for the next one."""
