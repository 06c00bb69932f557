"""The code base as it was at a git revision, and what has been added since.

The objects of git are read and nothing else: no hook, filter or setting of the repository runs.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from taskpick.named_tuple import NamedTuple
from taskpick.problems import Refused
from taskpick.scan.findings import fingerprint
from taskpick.scan.reading.files import LARGEST, matters
from taskpick.wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskpick.scan.facts import Kind
    from taskpick.scan.findings import Finding
    from taskpick.scan.result import Scan


class Blob(NamedTuple):
    """A file of a revision."""

    object: str
    path: str


@contextmanager
def checked_out(root: Path, revision: str) -> Iterator[Path]:
    """A folder with the files that a scan reads, as they were; it is gone afterwards.

    Raises:
        Refused: there is no git, no repository, or no such revision.
    """
    blobs = _blobs(root, revision)
    with tempfile.TemporaryDirectory(prefix="taskpick-") as made:
        folder = Path(made, root.resolve().name)  # a package may be imported by that name
        folder.mkdir(exist_ok=True)
        _write(root, blobs, folder)
        yield folder


def _blobs(root: Path, revision: str) -> list[Blob]:
    hint = "name a commit, branch or tag of the repository that holds the code"
    named = f"{revision}^{{commit}}"
    commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", named)
    if commit is None:
        raise Refused(f"no git revision {quoted(revision)} here", hint)
    listed = _git(root, "ls-tree", "-r", "-l", "-z", commit.decode().strip()) or b""
    blobs = []
    for row in listed.split(b"\0"):
        about, _, path = row.decode("utf-8", "surrogateescape").partition("\t")
        mode, _, object_, size = about.split() if path else ("", "", "", "")
        is_inside = ".." not in path.split("/") and not path.startswith("/")
        if mode.startswith("100") and is_inside and matters(path) and int(size) <= LARGEST:
            blobs.append(Blob(object_, path))
    return blobs


def _git(root: Path, *words: str) -> bytes | None:
    """What git says; None where it refuses."""
    try:
        done = subprocess.run(["git", "-C", root, *words], capture_output=True, check=False)  # noqa: S603, S607
    except OSError as error:
        raise Refused("--diff needs git", error.strerror or str(error)) from None
    return done.stdout if done.returncode == 0 else None


def _write(root: Path, blobs: Sequence[Blob], folder: Path) -> None:
    names = "".join(f"{blob.object}\n" for blob in blobs).encode()
    with tempfile.TemporaryFile() as wanted:
        wanted.write(names)
        wanted.seek(0)
        command = ["git", "-C", str(root), "cat-file", "--batch"]
        with subprocess.Popen(command, stdin=wanted, stdout=subprocess.PIPE) as git:  # noqa: S603
            assert git.stdout  # noqa: S101
            for blob in blobs:
                *_, size = git.stdout.readline().split()
                data = git.stdout.read(int(size) + 1)[:-1] if size.isdigit() else b""
                file = folder / blob.path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(data)


def new_findings(now: Scan, before: Scan | None) -> list[Finding]:
    """The findings that a change adds: one that moved, also to another file, is not new."""
    if before is None:
        return now.findings
    was, read = cache(before.files.read), cache(now.files.read)
    old = Counter(
        (finding.rule, finding.file, fingerprint(finding, was)) for finding in before.findings
    )
    added: list[Finding] = []
    for finding in now.findings:
        key = (finding.rule, finding.file, fingerprint(finding, read))
        if old[key]:
            old[key] -= 1
        else:
            added.append(finding)
    gone: Counter[tuple[str, str]] = Counter()
    for (rule, file, text), count in old.items():
        gone[rule, text] += count if file not in now.files.python else 0
    return [
        finding for finding in added if not _taken(gone, (finding.rule, fingerprint(finding, read)))
    ]


def new_work(now: Scan, before: Scan | None) -> list[Kind]:
    """The kinds of work that a change adds; one that moved to another file is not new."""
    old = Counter((kind.system, kind.name) for kind in before.work) if before else Counter()
    return [kind for kind in now.work if not _taken(old, (kind.system, kind.name))]


def _taken(counts: Counter[tuple[str, str]], key: tuple[str, str]) -> bool:
    """Whether something was held for a key; it is not any more."""
    counts[key] -= 1
    return counts[key] >= 0
