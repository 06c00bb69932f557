"""Files are written whole or not at all, by one run at a time, and nothing is lost by it.

Whoever writes into a folder holds its lock. What is called `.taskpick-…` in a folder that nobody
has locked was therefore left by a run that was killed: `mend` puts the folder right by it.

The libraries for atomic writing replace one file, which `os.replace` does by itself; none takes
back a set of files, or clears up after a run that was killed.
"""

from taskpick.atomic.locks import alone_in, uninterrupted
from taskpick.atomic.undo import mend
from taskpick.atomic.writing import check_writable, write, write_folder, write_into

__all__ = [
    "alone_in",
    "check_writable",
    "mend",
    "uninterrupted",
    "write",
    "write_folder",
    "write_into",
]
