"""What commands write: apart from each other, beside other runs, and never over what is there."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from taskpick import atomic
from taskpick.atomic import locks
from taskpick.problems import Refused

ANSWERS = "--duration minutes --persistence durable --retry basic --distribution one-worker"
ADVISE = f"advise {ANSWERS} --scheduling none"


def tree(folder: Path) -> list[str]:
    """What is below a folder."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize(("force", "schedules"), [([], ["none", "cron"]), (["--force"], ["none"])])
def test_twenty_runs_at_once_leave_twenty_records_with_twenty_numbers(
    tmp_path: Path, environment: dict[str, str], force: list[str], schedules: list[str]
) -> None:
    script = str(Path(sys.executable).with_name("taskpick"))
    line = [script, "advise", *ANSWERS.split(), "--format", "markdown", "--output", "recs/", *force]
    runs = [
        subprocess.Popen(
            [*line, "--scheduling", schedules[number % len(schedules)]],
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for number in range(20)
    ]
    told = [run.communicate(timeout=120)[1].decode() for run in runs]
    names = [path.name for path in (tmp_path / "recs").iterdir()]

    assert [run.returncode for run in runs] == [0] * 20
    assert sorted(name[:4] for name in names) == [f"{number:04}" for number in range(1, 21)]
    assert Counter(told) == Counter(f"taskpick: wrote recs/{name}\n" for name in names)


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ("-o x --starter x", "'x' is given as both a file and a folder"),
        ("-o x --starter x/y", "'x' is given as both a file and a folder"),
        ("-o d/x --starter d/x/..", "'d/x' is in the folder of the starter"),
        ("--save-answers d/x --starter d", "'d/x' is in the folder of the starter"),
        ("-o x --save-answers ./x", "'x' is given for two results"),
        ("-o x --save-answers X", "'X' is given for two results"),
        ("-o linked/x --save-answers d/x", "'d/x' is given for two results"),
        ("-o one --save-answers other --force", "'one' is given for two results"),
        ("-o new/", "'new/' is a folder"),
        ("--format json -o new/", "'new/' is a folder"),
        ("--save-answers new/", "'new/' is a folder"),
        ("-o circle", "'circle' is a link to '.*/circle', which does not exist"),
        ("--starter circle", "circle' is not a folder"),
        ("-o nowhere", "'nowhere' is a link to '.*/outside/file', which does not exist"),
        ("--save-answers x --starter one/y", "one' is not a folder"),
        ("--save-answers x --starter full", "already there: 'README.md'"),
        ("--format markdown -o x --supersedes plain.md", "plain.md:1:1: no front matter here"),
        ("--format markdown -o a.md -f --supersedes a.md", "'a.md' is given for two results"),
        ("--format markdown -o x/ --save-answers x", "'x' is given as both a file and a folder"),
        ("--format markdown -o one/x/", "one' is not a folder"),
        # Root may write anywhere, but there are folders in which nobody can make anything.
        ("-o x --starter /proc/s", "cannot write '/proc/s': No such file or directory"),
        ("--save-answers x -o /proc/x", "cannot write '/proc/x': No such file or directory"),
    ],
)
def test_what_cannot_succeed_is_refused_before_anything_is_written(
    taskpick, tmp_path: Path, flags: str, message: str
) -> None:
    for folder in ("d", "outside", "full"):
        (tmp_path / folder).mkdir()
    (tmp_path / "linked").symlink_to("d")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "nowhere").symlink_to("outside/file")
    (tmp_path / "one").write_text("1\n")
    (tmp_path / "other").hardlink_to(tmp_path / "one")
    (tmp_path / "full/README.md").write_text("mine\n")
    (tmp_path / "plain.md").write_text("# Plain\n")
    (tmp_path / "a.md").write_text("---\nstatus: accepted\n---\n")
    before = tree(tmp_path)
    run = taskpick(f"{ADVISE} {flags}")

    assert (run.code, run.out) == (2, "")
    assert re.search(message, run.err)
    assert tree(tmp_path) == before


def test_a_link_to_nowhere_is_written_through_by_force_alone(taskpick, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")

    assert taskpick(f"{ADVISE} --format json -o link").code == 2
    assert taskpick(f"{ADVISE} --format json -o link --force").code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text().startswith("{")


@pytest.mark.parametrize("command", ["compare", "rules schema", "rules tree"])
def test_a_name_that_ends_in_a_slash_is_a_folder_for_every_command(
    taskpick, tmp_path: Path, command: str
) -> None:
    run = taskpick(f"{command} --output new/")

    assert run.code == 2
    assert run.err == "taskpick: error: 'new/' is a folder\ntaskpick: name a file in it\n"
    assert tree(tmp_path) == []


def test_a_starter_is_written_with_the_recommendation_and_offered_no_more(
    taskpick, tmp_path: Path
) -> None:
    offered = taskpick(ADVISE)
    run = taskpick(f"{ADVISE} --starter project")

    assert "--starter my-service" in offered.out
    assert "--starter" not in run.out
    assert re.fullmatch(
        r"taskpick: wrote \d+ files into project\ntaskpick: next: read project/README.md\n", run.err
    )


def test_a_read_me_is_named_only_where_there_is_one(taskpick, tmp_path: Path) -> None:
    (tmp_path / "s/project").mkdir(parents=True)
    (tmp_path / "s/project/app.py").write_text("app = 1\n")
    (tmp_path / "s/commands.jinja").write_text("")
    (tmp_path / "r.yaml").write_text(
        "format: taskpick/1\ntitle: T\ncriteria:\n  a:\n    question: A?\n    why: so\n"
        "    levels: {x: X, y: Y}\noptions:\n  one:\n    name: One\n    starter: s\n"
        "    fits:\n      a: {x: fits, y: fits}\n"
    )
    run = taskpick("starter one out --rules r.yaml --a x")

    assert run.err == "taskpick: wrote 1 file into out\n"

    (tmp_path / "s/project/app.py.jinja").write_text("app = 2\n")
    twice = taskpick("starter one two --rules r.yaml --a x")

    assert twice.code == 2
    assert "two files 'app.py': 's/project/app.py' and 's/project/app.py.jinja'" in twice.err

    (tmp_path / "s/project/app.py.jinja").rename(tmp_path / "s/project/nul.txt")
    windows = taskpick("starter one two --rules r.yaml --a x")

    assert "a path that Windows does not allow in 's/project': 'nul.txt'" in windows.err


def test_what_is_called_like_a_leftover_but_leads_elsewhere_is_not_followed(
    tmp_path: Path,
) -> None:
    top, outside = tmp_path / "top", tmp_path / "outside"
    (top / ".taskpick-00000000/new").mkdir(parents=True)
    outside.mkdir()
    (outside / "precious").write_text("same\n")
    (top / "sub").symlink_to(outside)
    (top / ".taskpick-00000000/new/sub").mkdir()
    (top / ".taskpick-00000000/new/sub/precious").write_text("same\n")
    (top / ".taskpick-00000000/old").symlink_to(outside)
    (top / ".taskpick-00000000/new/precious").write_text("new\n")
    (top / ".taskpick-00000001").symlink_to(outside)
    (top / ".taskpick-notes").write_text("mine\n")
    told = atomic.mend(top)

    assert told == [f"undid what a run had written into '{top}' before it was killed"]
    assert (outside / "precious").read_text() == "same\n"
    assert tree(top) == [".taskpick-00000001", ".taskpick-notes", "sub"]


def test_what_somebody_changed_after_a_run_was_killed_stays_and_is_named(tmp_path: Path) -> None:
    stage = tmp_path / ".taskpick-00000000"
    for folder, text in (("new", "new\n"), ("old", "old\n")):
        (stage / folder).mkdir(parents=True)
        (stage / folder / "app.py").write_text(text)
    (tmp_path / "app.py").write_text("mine since\n")
    (told,) = atomic.mend(tmp_path)

    assert "'app.py' changed since" in told
    assert (tmp_path / "app.py").read_text() == "mine since\n"
    assert (stage / "old/app.py").read_text() == "old\n"


def test_where_the_system_locks_no_folder_a_file_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(fcntl, "flock", refuse)
    monkeypatch.setattr(locks, "_PATIENCE", 0.1)
    atomic.write(tmp_path / "a", b"a")
    assert tree(tmp_path) == ["a"]

    (tmp_path / ".taskpick-lock").touch()
    with pytest.raises(Refused, match="or was killed there") as caught:
        atomic.write(tmp_path / "b", b"b")
    assert caught.value.hint == f"if none is, remove '{tmp_path}/.taskpick-lock'"
