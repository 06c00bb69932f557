"""Proves that a program counts as started where a command stands, and nowhere else."""

from __future__ import annotations

import pytest

from taskpick.scan.startup.commands import commands


def programs(file: str, text: str) -> list[str]:
    return [command.program for command in commands(file, text)]


@pytest.mark.parametrize(
    "line",
    [
        "celery -A shop worker",
        "exec celery -A shop worker -l info",
        "celery --app=shop worker",
        "celery -A shop -b redis://host worker &",
        "cd /app && celery -A shop worker",
        "C_FORCE_ROOT=1 nohup /venv/bin/celery -A shop worker > log 2>&1 &",
        "$VENV/bin/celery -A $APP worker",
        "poetry run celery -A shop worker",
        "uv run --no-dev python -m celery -A shop worker",
        "sudo -u celery celery -A shop worker",
        "exec gosu app su-exec app tini -g -- celery -A shop worker",
        'su app -c "cd /app; celery -A shop worker"',
        "bash -lc 'exec celery -A shop worker'",
        "./wait-for-it.sh db:5432 -t 30 -- celery -A shop worker",
        "if [ $ROLE = worker ]; then celery -A shop worker; fi",
        "case $1 in\n  worker) celery -A shop worker ;;\nesac",
        "celery -A shop \\\n  worker",
        "celery -A shop \\\r\n  worker\r",
    ],
)
def test_a_command_of_a_script_is_seen_behind_what_runs_it(line) -> None:
    assert programs("start.sh", f"#!/bin/sh\nset -e\n{line}\n") == ["celery worker"]


@pytest.mark.parametrize(
    ("script", "line"),
    [
        ('CMD="celery -A shop worker"\nexec $CMD', 1),
        ('export CMD="celery -A shop worker"\nexec "${CMD}" -l info', 1),
        ("CELERY=/venv/bin/celery\n$CELERY -A shop worker", 2),
        ('CMD="${GIVEN:-celery -A shop worker}"\neval "$CMD"', 1),
        ('APP="celery -A shop"\nCMD="$APP worker"\nsh -c "$CMD"', 2),
        ("\nexec ${CMD:-celery -A shop worker}", 2),
        ("sh -c ${CMD:-celery worker} x", 1),
        ('run() { exec "$@"; }\nrun celery -A shop worker', 2),
        ('function run { exec "$@"; }\nrun celery -A shop worker', 2),
        ('function as {\n  user=$1\n  shift\n  exec gosu $user "$@"\n}\nas app celery worker', 6),
        ('as() {\n  user=$1\n  shift\n  exec gosu $user "$@"\n}\nas app celery worker', 6),
        ('run() {\n  $@ &\n}\nCMD="celery worker"\nrun $CMD', 4),
    ],
)
def test_a_name_of_the_script_itself_is_followed(script, line) -> None:
    (command,) = commands("start.sh", script)

    assert (command.program, command.line) == ("celery worker", line)


def test_each_value_that_a_script_gives_a_variable_is_followed() -> None:
    script = 'CMD="celery worker"\nif [ $BEAT ]; then CMD="$CMD -B"; fi\nexec $CMD\n'

    assert [(command.text, command.line) for command in commands("start.sh", script)] == [
        ("celery worker", 1),
        ("celery worker -B", 2),
    ]


@pytest.mark.parametrize(
    "line",
    [
        'echo "do not run celery -A shop worker -B here"',
        "echo celery worker",
        "# celery -A shop worker",
        "CMD='celery -A shop worker'",
        "LOCK_FILE=/tmp/gunicorn.lock",
        "rm -f /tmp/uvicorn.port",
        "command -v gunicorn >/dev/null",
        'kill_gracefully "uvicorn"',
        "pgrep -f 'celery worker'",
        "pip install gunicorn uvicorn",
        "sudo apt install gunicorn python3",
        "celery -A shop.worker inspect ping",
        "case $1 in\n  uvicorn|gunicorn) ;;\nesac",
        "cat <<EOF\ncelery -A shop worker\nit's for workers\nEOF",
        'echo "usage:\n  celery -A shop worker\n"',
        "gunicorn() { true; }",
        "{{ .Values.celery }} worker",
        "$CELERY worker",
        "CELERY=$(which celery)\n$CELERY worker",
        "CMD='celery -A shop worker'\necho $CMD",
        "CMD=$OTHER\nexec $CMD",
        'log() { echo "$@"; }\nlog celery -A shop worker',
        'function log { echo "$@"; }\nlog celery -A shop worker',
        "run() {\n  echo $1\n}\nrun celery -A shop worker",
    ],
)
def test_what_a_script_only_mentions_is_no_process(line) -> None:
    assert programs("start.sh", f"{line}\nfastapi run\n") == ["fastapi run"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Procfile", "worker: celery -A shop worker\n"),
        ("Dockerfile", 'CMD ["celery", "-A", "shop", "worker"]\n'),
        ("Dockerfile", 'ENTRYPOINT ["sh", "-c", "exec celery -A shop worker"]\n'),
        ("Dockerfile", "RUN x\nCMD celery -A shop \\\n  worker\n"),
        ("Makefile", "worker:\n\t@celery -A shop worker\n"),
        ("compose.yaml", "  celery-worker:\n    command: celery -A shop worker\n"),
        ("compose.yaml", "    command: celery -A shop\n      worker -l info\n"),
        ("compose.yaml", '    command: ["celery", "-A", "shop", "worker"]\n'),
        (
            "compose.yaml",
            "    command:\n      - celery\n      - -A\n      - shop\n      - worker\n",
        ),
        (
            "compose.yaml",
            "    command:\n    - sh\n    - -c\n    - |\n      cd x\n      celery worker\n",
        ),
        ("compose.yaml", "    command: >\n      sh -c 'x &&\n      celery -A shop worker'\n"),
        ("compose.yaml", "    command: |\n      x\n      # why\n      celery -A shop worker\n"),
        ("worker.yaml", "command:\n  {{- if .Values.x }}\n  - celery\n  {{- end }}\n  - worker\n"),
        ("worker.yaml", 'args: ["celery -A {{ .Values.app }} worker"]\n'),
        ("supervisor.conf", "[program:w]\ncommand=%(ENV_BIN)s/celery -A shop worker\n"),
        ("worker.service", "ExecStart=/venv/bin/celery -A shop worker\n"),
        ("fly.toml", '[processes]\nworker = "celery -A shop worker"\n'),
    ],
)
def test_a_command_is_seen_where_a_file_has_one(file, text) -> None:
    assert programs(file, text) == ["celery worker"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("compose.yaml", "  gunicorn: x\n    depends_on:\n      - gunicorn\n      - uvicorn x\n"),
        ("compose.yaml", "    # command: celery worker\n    image: uvicorn latest\n"),
        ("worker.yaml", "{{/* uvicorn app: celery worker */}}\n"),
        ("tox.ini", "[testenv]\ndeps =\n  gunicorn>=23.0.0\n  uvicorn x\n"),
        ("Dockerfile", "RUN celery -A shop worker\nHEALTHCHECK CMD uvicorn app\n"),
        ("Makefile", "gunicorn: uvicorn app\nRUN = celery worker\n"),
        ("tool", "#!/usr/bin/env python\ncelery worker\n"),
    ],
)
def test_what_is_no_command_of_a_file_is_no_process(file, text) -> None:
    assert programs(file, text) == []


@pytest.mark.parametrize(
    ("command", "program"),
    [
        ("./manage.py rq worker", "rq worker"),
        ("python manage.py rqworker default", "rqworker"),
        ("/app/manage.py run_huey", "run_huey"),
        ("python manage.py procrastinate --app=x worker", "procrastinate worker"),
        ("flask rq scheduler", "rq scheduler"),
        ("python /venv/bin/huey_consumer.py tasks.huey", "huey_consumer"),
    ],
)
def test_a_command_of_a_framework_is_one(command, program) -> None:
    assert programs("Procfile", f"a: {command}") == [program]


def test_the_path_of_an_app_is_no_command_of_celery() -> None:
    text = (
        "a: celery -A shop.worker.main beat\nb: celery -A worker worker\nc: celery -A beat flower\n"
    )

    assert programs("Procfile", text) == ["celery beat", "celery worker", "celery flower"]


def test_a_command_is_at_the_line_where_it_begins() -> None:
    script = "#!/bin/sh\n\ncat <<EOF\nx\nEOF\necho 'a\nb'\nexec celery \\\n  worker\nuvicorn app\n"
    compose = "command:\n  # why\n  - celery\n  - worker\nb:\n  command: |\n\n    rq worker\n"

    assert [command.line for command in commands("start.sh", script)] == [8, 10]
    assert [command.line for command in commands("compose.yml", compose)] == [3, 8]


def test_a_web_server_says_how_many_processes_it_has() -> None:
    (command,) = commands("Dockerfile", 'CMD ["uvicorn", "web:app", "--workers", "4"]\n')

    assert command.web_workers == 4


@pytest.mark.parametrize(
    "part",
    [
        *("sudo -u ", "a -- ", "sh -c ", "'", '"', "<<A\n", "$x ", "(", "- ", "sh ", "x/"),
        *("A=$A$A$A\n$A $A\n", "f() {\n$@\nf\n", "${A:-", "${A:-a b c} "),
    ],
)
def test_a_long_text_is_read_all_the_same(part) -> None:
    assert programs("start.sh", part * 50_000) == []
    assert programs("compose.yml", "command: " + part * 50_000) == []
