"""What a run has to load: a command line is paid for at every start."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import taskpick as package

HOME = Path(package.__file__).parent
HEAVY = ("typer", "rich", "yaml", "jinja2", "prompt_toolkit", "pydantic", "pickle", "difflib")
PROMPT = ("questions.full",)
"""The modules that know the prompt."""
PARSER = ("starter.template_parser",)
"""The modules that know Jinja."""


def module(path: Path) -> str:
    """The name of a module, below the package."""
    return ".".join(path.relative_to(HOME).with_suffix("").parts).removesuffix(".__init__")


MODULES = sorted(
    module(path) for path in HOME.rglob("*.py") if path.stem not in ("__main__", "__init__")
)
COMMANDS = [name for name in MODULES if name.startswith(("cli.", "commands."))]
"""The modules that know Typer."""


def loaded(installed, code: str) -> set[str]:
    """Which heavy modules a program has loaded in the end."""
    asking = f"\nimport sys; print(*[name for name in {HEAVY} if name in sys.modules])"
    run = installed([sys.executable, "-c", code + asking])

    assert (run.code, run.err) == (0, "")

    return set(run.out.splitlines()[-1].split())


def imports(names: list[str]) -> str:
    """A program that imports these modules."""
    return "\n".join(f"import taskpick.{name}" for name in names)


def test_only_the_commands_import_typer_and_only_the_prompt_its_library(installed) -> None:
    light = [name for name in MODULES if name not in (*COMMANDS, *PROMPT, *PARSER)]

    assert loaded(installed, imports(light)) == set()
    assert loaded(installed, imports(list(PROMPT))) >= {"prompt_toolkit"}
    assert {"decision.decide", "report.report", "rulefile.reader"} <= set(light)


def test_the_commands_import_typer_and_nothing_else_that_is_heavy(installed) -> None:
    assert loaded(installed, imports(COMMANDS)) - {"difflib"} == {"typer"}


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("--version", {"typer"}),
        ("--help", {"typer"}),
        ("advise --help", {"typer", "yaml"}),
        ("compare --format json", {"typer", "yaml"}),
        ("advise --format json", {"typer", "yaml"}),
        ("advise --format json --scheduling cron", {"typer", "yaml", "jinja2"}),
        ("advise --format markdown --scheduling cron", {"typer", "yaml", "jinja2"}),
        ("advise --scheduling cron", {"typer", "yaml", "jinja2"}),
        ("advise --scheduling cron --details", {"typer", "yaml", "jinja2", "rich"}),
    ],
)
def test_a_run_loads_no_more_than_it_needs(installed, line, needed) -> None:
    code = f"""
import sys
sys.argv = ["taskpick", *{line.split()}]
from taskpick.cli.main import main
try:
    main()
except SystemExit:
    pass
sys.stderr = open("/dev/null", "w")
"""
    run = installed(
        [
            sys.executable,
            "-c",
            f"{code}\nsys.stdout.write('\\n' + ' '.join(n for n in {HEAVY} if n in sys.modules))",
        ]
    )

    assert set(run.out.splitlines()[-1].split()) - {"difflib", "pickle"} == needed
