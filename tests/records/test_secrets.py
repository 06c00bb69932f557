"""No error shows a word of a file that was not meant to be read."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commute import FILE
from conftest import Run

Taskpick = Callable[..., Run]
SECRETS = {
    "env": "API_KEY=supersecret\nDB=supersecret\n",
    "mapping": "password: supersecret\nsupersecret: [1, 2]\n",
    "twice": "password: supersecret\npassword: supersecret\n",
    "broken": 'password: "supersecret\n supersecret: [\n',
    "quotes": "it's 'supersecret' that's\n",
    "list": "- supersecret\n- 'a': supersecret\n",
    "json": json.dumps({"token": "supersecret", "supersecret": 1}),
    "not text": "supersecret \udcff",
    "control": "supersecret\x07",
    "tag": "!supersecret x: &supersecret y\n",
}


@pytest.fixture(params=SECRETS)
def secret(taskpick: Taskpick, request: pytest.FixtureRequest) -> Path:
    """A file with a secret, that ends as rule files do."""
    path = Path("secret.yaml")
    path.write_bytes(SECRETS[request.param].encode(errors="surrogateescape"))
    return path


@pytest.mark.parametrize(
    "line",
    [
        "rules check parts/",
        "advise --no-input --rules parts/",
        "advise --no-input --rules secret.yaml",
        "compare --rules secret.yaml",
        "rules check secret.yaml",
        "rules check secret.yaml --format json",
        "advise --no-input --answers secret.yaml",
        "advise --no-input --answers named.yaml",
        "verify named.yaml secret.yaml",
        "verify .",
        "record refresh secret.yaml",
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_without_its_text(
    taskpick: Taskpick, secret: Path, line: str
) -> None:
    Path("named.yaml").write_text("rules: ./secret.yaml\npick: rq\nretry: none\n")
    criteria, _, _ = FILE.read_text().partition("\noptions:")
    Path("parts/options").mkdir(parents=True)
    Path("parts/rules.yaml").write_text(f"{criteria}\noptions: [secret]\ncases: secret.yaml\n")
    shutil.copy(secret, "parts")
    shutil.copy(secret, "parts/options")
    done = taskpick(line)

    assert done.code == 2
    assert "supersecret" not in done.out + done.err


def test_a_rule_file_is_still_shown_with_the_line_at_fault(taskpick: Taskpick) -> None:
    Path("own.yaml").write_text("format: taskpick/1\ntitel: Mine\n")

    assert "2 | titel: Mine" in taskpick("advise --rules ./own.yaml").err


def test_answers_are_still_shown_with_the_line_at_fault(taskpick: Taskpick) -> None:
    Path("own.yaml").write_text("retry: none\nduratoin: hours\n")
    done = taskpick("advise --no-input --answers own.yaml")

    assert "2 | duratoin: hours" in done.err
    assert "did you mean 'duration'?" in done.err


@pytest.mark.parametrize("answers", ["/dev/stdin", "-"])
def test_a_pipe_with_answers_is_read_once(
    installed: Callable[..., Run], tmp_path: Path, answers: str
) -> None:
    (tmp_path / "commute.yaml").write_bytes(FILE.read_bytes())
    text = "rules: ./commute.yaml\ndistance: near\nluggage: little\nweather: dry\n"
    line = f"{Path(sys.executable).with_name('taskpick')} advise --no-input --format json --answers"
    script = f"cd {tmp_path}; printf '{text}' | {line} {answers}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)

    result = json.loads(done.stdout)
    assert result["pick"] == "walk", done.stderr
    assert "--distance near" in result["command"]
    assert "--answers" not in result["command"]


def test_answers_from_a_process_are_read(installed: Callable[..., Run], tmp_path: Path) -> None:
    answers = "retry: none\npersistence: none\nscheduling: none\nduration: seconds\n"
    line = f"{Path(sys.executable).with_name('taskpick')} advise --no-input --format json"
    script = f"{line} --distribution in-process --answers <(printf '{answers}')"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)

    assert json.loads(done.stdout)["pick"] == "background-tasks", done.stderr
