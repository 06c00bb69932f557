"""A file at the reader's own limits costs every command little memory, and is refused in words."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

MEGABYTES = 200


def large(criteria: int, levels: int, options: int, *, defaults: int = 0) -> str:
    """A rule file of random fits; the first criteria have a default."""
    chosen = random.Random(1)
    lines = ["format: taskpick/1", "title: Large", "about: Large", "as_of: 2026-11-22", "criteria:"]
    for number in range(criteria):
        lines += [f"  c{number}:", "    question: Which?", "    why: Because."]
        lines += ["    default: l0"] * (number < defaults)
        lines += ["    levels:", *(f"      l{level}: Level {level}" for level in range(levels))]
    lines.append("options:")
    for option in range(options):
        lines += [f"  o{option}:", f"    name: Option {option}", "    fits:"]
        for number in range(criteria):
            lines += [f"      c{number}:", "        source: measured"]
            for level in range(levels):
                fit = chosen.choices(["fits", "strains", "fails"], (6, 2, 1))[0]
                cell = fit if fit == "fits" else f"{{{fit}: because}}"
                lines.append(f"        l{level}: {cell}")
    return "\n".join(lines) + "\n"


FILES = {
    "largest": large(24, 16, 32),
    "five-open": large(24, 16, 32, defaults=19),
    "three-open": large(24, 16, 32, defaults=21),
    "two-levels": large(22, 2, 31),
    "random": large(8, 4, 8),
}
REFUSED = [
    ("largest", "rules tree", "give more of the criteria a default"),
    ("largest", "rules tree --all", "leave out --all, and give criteria a default\n"),
    ("five-open", "rules tree --all", "leave out --all\n"),
    ("five-open", "rules tree", "give more of the criteria a default"),
    ("three-open", "rules tree", "give more of the criteria a default"),
    ("two-levels", "rules tree", "give more of the criteria a default"),
    ("random", "rules tree", "give more of the criteria a default"),
    ("random", "rules tree --all", "leave out --all"),
    ("largest", "rules check", "make the rule file smaller"),
    ("largest", "rules test", "make the rule file smaller"),
    ("five-open", "rules test", "make the rule file smaller"),
    ("two-levels", "rules test", "make the rule file smaller"),
    ("largest", "advise --no-input --rules", "answer more of the criteria"),
    ("largest", "explain o1 --rules", "answer more of the criteria"),
]


WATCH = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "taskpick", *sys.argv[1:]])
with open("peak", "w") as file:
    file.write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))
sys.exit(done.returncode)
"""
"""Runs a command line and writes down how much memory it took at most, in kilobytes."""


@pytest.fixture
def run(tmp_path):
    """Run a command line on a file; it takes no more memory than is allowed."""

    def run(command: str, file: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "rules.yaml").write_text(FILES[file])
        done = subprocess.run(
            [sys.executable, "-c", WATCH, *command.split(), "rules.yaml"],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

        assert int((tmp_path / "peak").read_text()) < MEGABYTES * 1024

        return done

    return run


@pytest.mark.parametrize(("file", "command", "hint"), REFUSED)
def test_what_is_too_large_is_refused_with_what_to_do(run, file, command, hint) -> None:
    done = run(command, file)

    assert (done.returncode, done.stdout) == (2, "")
    assert hint in done.stderr
    assert "bug" not in done.stderr


@pytest.mark.parametrize(
    ("file", "command", "code"),
    [
        ("two-levels", "rules check", 1),
        ("random", "rules check", 0),
        ("five-open", "advise --no-input --format json --rules", 3),
    ],
)
def test_what_is_large_but_can_be_followed_is_followed(run, file, command, code) -> None:
    done = run(command, file)

    assert done.returncode == code
    assert done.stdout
    assert "bug" not in done.stderr


@pytest.mark.parametrize("file", FILES)
def test_the_first_question_of_a_large_file_is_asked(run, file) -> None:
    done = run("advise --quick --plain --rules", file)

    assert "Question 1" in done.stderr
    assert done.returncode == 3
