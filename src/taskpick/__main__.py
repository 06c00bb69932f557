"""`python -m taskpick`."""

from taskpick.cli import main

if __name__ == "__main__":
    main()
