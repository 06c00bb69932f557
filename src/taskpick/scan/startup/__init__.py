"""What start-up files start: Dockerfiles, compose files, Procfiles, scripts."""
