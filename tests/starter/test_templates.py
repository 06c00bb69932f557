"""A stranger's templates: what they may not do, and that they end."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from live import sweep
from places import ROOT

from taskpick.problems import TooLarge
from taskpick.starter import places, project, templates
from taskpick.starter.project import StarterError
from taskpick.starter.template_tree import TemplateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

VALUES = {"answers": {"retry": "none"}, "full": True, "reasons": ["a", "b"]}


def rendered(folder: Path, text: str) -> str:
    (folder / "t.jinja").write_text(text)
    return templates.Renderer(folder).render("t.jinja", VALUES)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{ answers.retry }}", "none"),
        ("{{ answers['retry'] }}", "none"),
        ("{% if answers.retry == 'none' %}\nno\n{% endif %}\n", "no\n"),
        ("{% for reason in reasons %}\n- {{ reason }}\n{% endfor %}\n", "- a\n- b\n"),
        ("{{ reasons|join(', ') }} {{ reasons|length }} {{ reasons|json }}", 'a, b 2 ["a", "b"]'),
        ("{% for id, level in answers|items %}{{ id }}={{ level }}{% endfor %}", "retry=none"),
        ("{% set n = {'none': 1}[answers.retry] %}{{ n }}", "1"),
        ("<a> & {{ 'b' ~ 'c' }}", "<a> & bc"),
        (
            "{% for a in reasons %}{% for b in reasons %}{{ a ~ b }} {% endfor %}{% endfor %}",
            "aa ab ba bb ",
        ),
        ("{% for a in reasons %}{% include '_parts/p' %}{% endfor %}", "part apart b"),
        ("{% for a in reasons %}{{ a }}{{ ', ' if not loop.last }}{% endfor %}", "a, b"),
        ("{% for a in reasons if a != 'a' %}{{ a }}{% else %}none{% endfor %}", "b"),
    ],
)
def test_a_template_reads_chooses_and_repeats(tmp_path: Path, text: str, result: str) -> None:
    (tmp_path / "_parts").mkdir()
    (tmp_path / "_parts/p").write_text("part {{ a }}")

    assert rendered(tmp_path, text) == result


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__ }}",
        "{{ answers.__class__.__mro__ }}",
        "{{ answers['__class__'] }}",
        "{{ answers|attr('__class__') }}",
        "{{ range(9) }}",
        "{{ lipsum() }}",
        "{{ cycler.__init__ }}",
        "{{ self.__init__ }}",
        "{{ reasons.append('c') }}",
        "{{ '%s'|format(answers) }}",
        "{{ '{0.__class__}'.format(answers) }}",
        "{% import 'os' as os %}",
        "{% extends 'x' %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% for a in reasons recursive %}{{ loop(reasons) }}{% endfor %}",
        "{{ 2 ** 999999999 }}",
        "{{ 'a' * 999999999 }}",
        "{{ unknown }}",
        "{{ answers.unknown }}",
        "{% if %}",
    ],
)
def test_a_template_does_nothing_else(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplateError, match=r"t\.jinja"):
        rendered(tmp_path, text)


LONG = "x" * 14_000
TRIES = "{% if b|json == 1 %}{% endif %}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ unknown }}", r"t\.jinja:1: 'unknown' is not defined"),
        ("\n{{ answers.unknown }}", r"t\.jinja:2: 'unknown' is not defined"),
        ("a\n\n{{ 'b'\n ~ reasons.x }}", r"t\.jinja:3: 'x' is not defined"),
        ("{% for a in reasons %}\n{{ a < 1 }}\n{% endfor %}", r"t\.jinja:2: '<' not supported"),
        ("{% include '_parts/p' %}", r"_parts/p:2: 'unknown' is not defined"),
        ("{% for a in 1 %}{% endfor %}", r"t\.jinja:1: int has no items"),
        ("{{ reasons|upper }}", r"t\.jinja:1: there is no filter 'upper'; known: items, join"),
    ],
)
def test_an_error_names_its_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "_parts").mkdir()
    (tmp_path / "_parts/p").write_text("part\n{{ unknown }}")
    with pytest.raises(TemplateError, match=message):
        rendered(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        f"{{% set b = '{'a' * 20_000}' %}}{{% for i in '{LONG}' %}}{TRIES * 50}{{% endfor %}}",
        f"{{% set b = '{'a' * 20_000}' %}}{{% for i in '{LONG}' %}}{TRIES * 700}{{% endfor %}}",
        f"{{% set b = '{LONG}' %}}" + "{% for i in b %}" * 9 + "{% endfor %}" * 9,
        f"{{% set b = '{LONG}' %}}{{% for i in b %}}{{{{ b }}}}{{% endfor %}}",
        f"{{% set b = '{LONG}' %}}{{% if b ~ 'y' in b ~ b %}}{{% endif %}}",
        "{% set a = 'xx' %}" + "{% set a = a ~ a %}" * 99,
        "{% set a = ['x'] %}" + "{% set a = [a, a] %}" * 99 + "{{ a }}",
        "{% set a = ['x'] %}" + "{% set a = [a, a] %}" * 99 + "{% if a == [a] %}{% endif %}",
        "{% set a = ('x',) %}" + "{% set a = (a, a) %}" * 99 + "{{ {a: 1} }}",
        "{% set a = ('x',) %}" + "{% set a = (a, a) %}" * 99 + "{{ answers[a] }}",
        "{{ 'xxxxxxxxxx'" + "|join('xxxxxxxxxx')" * 20 + " }}",
        "{{ '\"'" + "|json" * 40 + " }}",
    ],
)
def test_a_template_stops_when_it_has_taken_too_many_steps(tmp_path: Path, text: str) -> None:
    with pytest.raises(TooLarge, match="takes more than 2,000,000 steps") as stopped:
        rendered(tmp_path, text)
    assert stopped.value.hint == "make the starter's templates and their loops smaller"


def test_a_file_of_a_starter_has_a_greatest_size(tmp_path: Path) -> None:
    text = f"{{% for i in '{'x' * 1100}' %}}{'y' * 1000}{{% endfor %}}"
    with pytest.raises(TooLarge, match=r"t\.jinja:1: the starter writes more than 1,048,576 char"):
        rendered(tmp_path, text)


def test_all_files_of_a_starter_share_its_steps(tmp_path: Path) -> None:
    home = stranger(tmp_path)
    for number in range(40):
        (home / f"project/{number}").write_text("x" * templates.MAX_TEMPLATE)
    with pytest.raises(TooLarge, match="takes more than 2,000,000 steps"):
        plan(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
        "{{ " + "not " * 3000 + "1 }}",
        "{% if full %}" * 500 + "{% endif %}" * 500,
        "{% include '_parts/itself' %}",
        "{% for a in reasons recursive %}{% endfor %}",
        "{% for a in reasons %}{% set b = a %}{% endfor %}",
        "{{ " + "9" * 5000 + " }}",
        "{{ 0x" + "f" * 5000 + " }}",
    ],
)
def test_a_template_is_not_nested_without_end_nor_its_numbers(tmp_path: Path, text: str) -> None:
    (tmp_path / "_parts").mkdir()
    (tmp_path / "_parts/itself").write_text("{% include '_parts/itself' %}")
    with pytest.raises(TemplateError, match=r"nested|recursive|loop|number|digits"):
        rendered(tmp_path, text)


@pytest.mark.parametrize("name", ["secret", "parts/secret", ".env"])
def test_a_template_shows_no_file_that_is_not_meant_to_be_included(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "parts").mkdir()
    for place in ("secret", "parts/secret", ".env"):
        (tmp_path / place).write_text("secret")
    with pytest.raises(TemplateError, match="a file of a folder whose name starts with '_'"):
        rendered(tmp_path, f"{{% include '{name}' %}}")


@pytest.mark.parametrize("name", ["../_out/secret", "/etc/_hosts/x", "_parts/link", "_link/secret"])
def test_an_include_does_not_leave_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "_out").mkdir()
    (tmp_path / "_out/secret").write_text("secret")
    home = tmp_path / "home"
    (home / "_parts").mkdir(parents=True)
    (home / "_parts/link").symlink_to(tmp_path / "_out/secret")
    (home / "_link").symlink_to(tmp_path / "_out")
    with pytest.raises(TemplateError, match=r"leads out|there is no"):
        rendered(home, f"{{% include '{name}' %}}")


def stranger(tmp_path: Path) -> Path:
    """A rule file's folder with the least that a starter needs."""
    home = tmp_path / "starters" / "rq"
    (home / "snippet").mkdir(parents=True)
    (home / "project").mkdir()
    (home / "project/app.py.jinja").write_text("full = {{ full }}\n")
    (home / "commands.jinja").write_text("install: pip install x\n")
    return home


def plan(tmp_path: Path) -> dict[str, str]:
    return project.plan(tmp_path, sweep.option("rq"), sweep.answers()).files


def test_a_stranger_s_starter_is_planned(tmp_path: Path) -> None:
    home = stranger(tmp_path)
    (home / "project/verbatim.txt").write_text("{{ not rendered }}\n")
    (home / "project/left-out.txt.jinja").write_text("{% if not full %}\nx\n{% endif %}\n")

    assert plan(tmp_path) == {"app.py": "full = True\n", "verbatim.txt": "{{ not rendered }}\n"}


def test_a_starter_s_link_is_not_followed_out(tmp_path: Path) -> None:
    home = stranger(tmp_path / "rules")
    (tmp_path / "secret").write_text("secret")
    (home / "project/leak").symlink_to(tmp_path / "secret")
    with pytest.raises(StarterError, match="leads out of the folder of the rule file"):
        plan(tmp_path / "rules")


@pytest.mark.parametrize("place", ["out", "rules/beside"])
def test_a_starter_s_linked_folder_is_refused_and_not_walked(tmp_path: Path, place: str) -> None:
    home = stranger(tmp_path / "rules")
    (tmp_path / place).mkdir()
    (tmp_path / place / "secret").write_text("secret")
    (home / "project/linked").symlink_to(tmp_path / place)
    with pytest.raises(StarterError, match=r"project/linked: (leads out of|is a link)"):
        plan(tmp_path / "rules")


@pytest.mark.parametrize("part", ["project/leak", "snippet/leak", "commands.jinja"])
def test_a_starter_s_link_to_a_file_beside_the_rules_is_refused(tmp_path: Path, part: str) -> None:
    home = stranger(tmp_path)
    (tmp_path / ".env").write_text("secret: secret")
    (home / "snippet").mkdir(exist_ok=True)
    (home / part).unlink(missing_ok=True)
    (home / part).symlink_to(tmp_path / ".env")
    make = project.plan if part.startswith("project") else project.snippet
    with pytest.raises(StarterError, match=f"{part}: is a link"):
        make(tmp_path, sweep.option("rq")._replace(starter="starters/rq"), sweep.answers())


def test_a_pipe_is_no_template(tmp_path: Path) -> None:
    home = stranger(tmp_path)
    os.mkfifo(home / "project/pipe")
    with pytest.raises(StarterError, match="is not a file"):
        plan(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"x" * (templates.MAX_TEMPLATE + 1), "more than"), (b"\xff\xfe", "cannot be read")],
)
def test_what_is_no_text_of_reasonable_size_is_refused(
    tmp_path: Path, content: bytes, words: str
) -> None:
    home = stranger(tmp_path)
    (home / "project/file").write_bytes(content)
    with pytest.raises(StarterError, match=words):
        plan(tmp_path)


def test_two_templates_for_one_file_are_refused(tmp_path: Path) -> None:
    home = stranger(tmp_path)
    (home / "project/app.py").write_text("x = 1\n")
    with pytest.raises(StarterError, match=r"two files 'app\.py'"):
        plan(tmp_path)


@pytest.mark.parametrize("place", ["..", "../out", "absolute"])
def test_a_starter_s_folder_is_below_the_rule_file(tmp_path: Path, place: str) -> None:
    home = stranger(tmp_path / "out")
    (tmp_path / "rules").mkdir()
    where = str(home) if place == "absolute" else f"{place}/starters/rq"
    (tmp_path / "starters").symlink_to(tmp_path / "out/starters")
    option = sweep.option("rq")._replace(starter=where)
    for make in (project.plan, project.snippet):
        with pytest.raises(StarterError, match="leads out"):
            make(tmp_path / "rules", option, sweep.answers())


def test_an_option_without_a_starter_is_said(tmp_path: Path) -> None:
    with pytest.raises(StarterError, match="'rq' has no starter"):
        plan(tmp_path)
    assert places.available(tmp_path, [sweep.option("rq")]) == []


def test_the_shared_project_lies_under_one_whose_starter_has_data(tmp_path: Path) -> None:
    home = stranger(tmp_path)
    shared = tmp_path / "starters/_shared/project"
    (shared / "PACKAGE").mkdir(parents=True)
    (shared / "PACKAGE/jobs.py.jinja").write_text("from {{ package }} import {{ starter.queue }}\n")
    (shared / "app.py").write_text("shared = True\n")
    (shared / "unwanted.txt").write_text("shared\n")
    (home / "project/unwanted.txt.jinja").write_text("{# not in this one #}\n")
    assert list(plan(tmp_path)) == ["app.py"]

    (home / "starter.yaml.jinja").write_text("queue: {{ answers.retry }}\n")

    assert plan(tmp_path) == {
        "app.py": "full = True\n",
        "app_rq/jobs.py": "from app_rq import none\n",
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n", "is not a mapping"),
        ("a: [", "cannot be read"),
        ("a: &a [x]\nb: [*a, *a]\n", "aliases are not allowed"),
        ("a: " + "[" * 60_000, "nested more than 16 levels deep"),
        ("[\n" * 30_000, "nested more than 16 levels deep"),
        ("a: !!python/object:os.system {}\n", "cannot be read"),
    ],
)
def test_the_data_of_a_starter_is_plain(tmp_path: Path, text: str, words: str) -> None:
    home = stranger(tmp_path)
    (home / "starter.yaml").write_text(text)
    with pytest.raises(StarterError, match=words):
        plan(tmp_path)


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{% set a = 'xx' %}" + "{% set a = a ~ a %}" * 99, "more than 2,000,000 steps"),
        ("{% if %}", "app.py.jinja:1"),
    ],
)
def test_code_that_cannot_be_made_does_not_cost_the_recommendation(
    taskpick: Callable[..., Run], tmp_path: Path, template: str, why: str
) -> None:
    shutil.copytree(ROOT / "rules/background-tasks", tmp_path / "team")
    (tmp_path / "team/starters/rq/snippet/app.py.jinja").write_text(template)
    flags = "--persistence durable --retry basic --scheduling none --distribution one-worker"
    run = taskpick(f"advise --rules team/rules.yaml --duration minutes {flags}")

    assert run.code == 0
    assert "Use RQ (Redis Queue)" in run.out
    assert "no code to show" in run.err
    assert why in run.err
