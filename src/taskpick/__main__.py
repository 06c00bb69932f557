"""`python -m taskpick`."""

from taskpick.cli.main import main

if __name__ == "__main__":
    main()
