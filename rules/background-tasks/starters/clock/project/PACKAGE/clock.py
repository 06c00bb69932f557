"""A clock for where the system has none: it runs the command in `due.py`, every CLOCK_SECONDS."""

from __future__ import annotations

from . import due
from .settings import settings

if __name__ == "__main__":
    due.main(every=settings.clock_seconds)
