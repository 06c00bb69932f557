"""The program `taskpick`, which is `python -m taskpick` too."""

import gc


def main() -> None:
    """Run the command line without the garbage collector.

    A run is over before a collection would pay, but Python collects while it imports and once more
    when it ends: a fifth of the time. What is frozen is left alone at the end.
    """
    gc.disable()
    from taskpick.cli.main import main

    try:
        main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
