"""The project that runs the pick."""
