"""What CI runs, as a user runs it: the action, the hooks and the examples of `taskpick help ci`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from places import ROOT

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HELP = ROOT / "src" / "taskpick" / "help"
PAGES = "".join((HELP / f"{topic}.md").read_text(encoding="utf-8") for topic in ("ci", "answers"))
BLOCK = re.compile(r"```\w+\n# (?P<name>[^\n]+)\n(?P<text>.*?)```", re.DOTALL)
EXAMPLES = {found["name"]: found["text"] for found in BLOCK.finditer(PAGES)}
TASKPICK = Path(sys.executable).with_name("taskpick")
ANSWERS = "--duration minutes --persistence durable --retry basic --scheduling none"
RECORD = f"{ANSWERS} --distribution one-worker --format markdown --output docs/decisions/"
SAFE = 'CELERY_TASK_SERIALIZER = "json"\n'
OFFLINE = re.compile("No matching distribution|Connection|Temporary failure|Could not fetch", re.I)


@pytest.fixture
def project(tmp_path: Path, environment: dict[str, str]) -> Path:
    """A project with a record that holds and the tasks of `taskpick help answers`."""
    folder = tmp_path / "project"
    folder.mkdir()
    run([str(TASKPICK), "advise", *RECORD.split()], folder)
    (folder / "tasks.yaml").write_text(EXAMPLES["tasks.yaml"], encoding="utf-8")
    (folder / "settings.py").write_text(SAFE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone of this repository as it stands here, committed or not."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    folder = tmp_path_factory.mktemp("clone") / "taskpick"
    wanted = ("src", "rules", "action.yml", ".pre-commit-hooks.yaml", "pyproject.toml")
    folder.mkdir()
    for name in (*wanted, "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    for command in ("init -q", "add -A", "commit -q -m all", "tag v0.1.0"):
        run(["git", *command.split()], folder, **GIT)
    return folder


GIT = {
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.com",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def run(
    command: list[str], folder: Path, code: int = 0, **env: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **env}, capture_output=True, text=True, timeout=300
    )
    if done.returncode != code and OFFLINE.search(done.stdout + done.stderr):
        pytest.skip("no package index is within reach")

    assert code == done.returncode, done.stdout + done.stderr

    return done


def outdate(project: Path) -> None:
    """Make the record of the project say that another option was picked."""
    record = next((project / "docs/decisions").iterdir())
    text = record.read_text(encoding="utf-8")
    record.write_text(text.replace("{pick: rq,", "{pick: celery,"), encoding="utf-8")


def endanger(project: Path) -> None:
    """Put a hazard into the code of the project."""
    (project / "settings.py").write_text(SAFE.replace("json", "pickle"), encoding="utf-8")


def steps(inputs: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """The shell and the environment of each step of the action, with its inputs filled in."""
    values = {name: given.get("default", "") for name, given in ACTION["inputs"].items()} | inputs
    found = []
    for step in ACTION["runs"]["steps"]:
        env = {
            name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: values[m[1]], text)
            for name, text in step.get("env", {}).items()
        }
        assert "${{" not in step["run"], "inputs go through the environment, never into the shell"
        found.append((step["run"], env))
    return found


@pytest.mark.slow
def test_the_action_runs_as_the_help_topic_uses_it(
    project: Path, checkout: Path, tmp_path: Path
) -> None:
    workflow = yaml.safe_load(EXAMPLES[".github/workflows/decisions.yml"])
    used = workflow["jobs"]["decisions"]["steps"][-1]
    surroundings = {
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ACTION_PATH": str(checkout),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
    }
    (project / "rules").mkdir()
    shutil.copy(ROOT / "rules/python-cli.yaml", project / "rules/mine.yaml")
    inputs = {**used["with"], "check": "rules/mine.yaml\n", "python": sys.executable}
    install, check, scan, verify = steps(inputs)
    for script, env in (install, check, scan, verify):
        run(["bash", "-e", "-o", "pipefail", "-c", script], project, **env, **surroundings)

    assert used["uses"] == "OWNER/taskpick@v0.1.0"
    assert "2 decisions (still holds: 2)" in (tmp_path / "summary.md").read_text()
    assert "holds=2\n" in (tmp_path / "output").read_text()

    outdate(project)
    script, env = verify
    done = run(["bash", "-e", "-c", script], project, code=1, **env, **surroundings)

    assert "::error file=docs/decisions/0001-" in done.stdout

    endanger(project)
    script, env = scan
    done = run(["bash", "-e", "-c", script], project, code=1, **env, **surroundings)

    assert "::error file=settings.py,line=1" in done.stdout

    run(["git", "init", "-q"], project, **GIT)
    run(["git", "add", "-A"], project, **GIT)
    run(["git", "commit", "-q", "-m", "all"], project, **GIT)
    run(["bash", "-e", "-c", script], project, **{**env, "SINCE": "HEAD"}, **surroundings)
    for script, env in (scan, verify):
        nothing = dict.fromkeys(env, "")
        run(["bash", "-e", "-c", script], project, **nothing, **surroundings)

    script, env = check
    env["CHECK"] = "rules/mine.yaml\nrules/gone.yaml\n"
    run(["bash", "-e", "-c", script], project, code=2, **env, **surroundings)


def test_the_outputs_of_the_action_are_those_that_are_written() -> None:
    from taskpick.records.verification.verify import Outcome

    assert set(ACTION["outputs"]) <= {outcome.value for outcome in Outcome}


@pytest.mark.slow
def test_the_hooks_run_from_a_clone(project: Path, checkout: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("pre-commit")
    if not program.exists():
        pytest.skip("pre-commit is not installed")
    config = EXAMPLES[".pre-commit-config.yaml"]
    config = config.replace("https://github.com/OWNER/taskpick", str(checkout))
    (project / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    (project / "rules").mkdir()
    shutil.copy(ROOT / "rules/python-cli.yaml", project / "rules/mine.yaml")
    home = {**GIT, "PRE_COMMIT_HOME": str(tmp_path / "pre-commit")}
    for command in ("init -q", "add -A"):
        run(["git", *command.split()], project, **home)
    command = [str(program), "run", "--all-files", "--verbose"]
    done = run(command, project, **home)

    assert "1 decision (still holds: 1)" in done.stdout
    assert done.stdout.count("Passed") == 3

    outdate(project)
    endanger(project)
    mine = project / "rules/mine.yaml"
    mine.write_text(mine.read_text().replace("title:", "titel:"), encoding="utf-8")
    run(["git", "add", "-A"], project, **home)
    done = run(command, project, code=1, **home)

    assert "no longer holds: celery then, rq today" in done.stdout
    assert "unknown key 'titel'" in done.stdout
    assert "messages are pickled" in done.stdout


def shell(script: str, project: Path, tmp_path: Path, code: int = 0) -> None:
    """Run a script of the help topic; taskpick is installed already, so its pip does nothing."""
    tools = tmp_path / "bin"
    tools.mkdir(exist_ok=True)
    (tools / "taskpick").unlink(missing_ok=True)
    (tools / "taskpick").symlink_to(TASKPICK)
    (tools / "pip").write_text('#!/bin/sh\n[ "$1" = install ] || exit 9\n')
    (tools / "pip").chmod(0o755)
    script = script.replace(".taskpick/bin/", f"{tools}/").replace("python3 -m venv", "mkdir -p")
    path = f"{tools}{os.pathsep}{os.environ['PATH']}"
    run(["sh", "-e", "-c", script], project, code=code, PATH=path)


def test_the_example_for_gitlab_reports_to_junit(project: Path, tmp_path: Path) -> None:
    job = yaml.safe_load(EXAMPLES[".gitlab-ci.yml"])["decisions"]
    script = "\n".join(job["script"])
    shell(script, project, tmp_path)
    report = project / job["artifacts"]["reports"]["junit"]

    assert 'tests="1" failures="0"' in report.read_text()

    report.unlink()
    outdate(project)
    shell(script, project, tmp_path, code=1)

    assert 'tests="1" failures="1"' in report.read_text()


def test_the_example_for_gitlab_reports_hazards(project: Path, tmp_path: Path) -> None:
    job = yaml.safe_load(EXAMPLES[".gitlab-ci.yml"])["hazards"]
    script = "\n".join(job["script"])
    shell(script, project, tmp_path)
    report = project / job["artifacts"]["reports"]["junit"]

    assert 'failures="0"' in report.read_text()

    report.unlink()
    endanger(project)
    shell(script, project, tmp_path, code=1)

    assert 'tests="1" failures="1"' in report.read_text()


def test_the_example_for_a_plain_shell_ends_as_verify_does(project: Path, tmp_path: Path) -> None:
    script = EXAMPLES["every night, for instance"]
    shell(script, project, tmp_path)
    outdate(project)
    shell(script, project, tmp_path, code=1)
