"""Several kinds of work at once: a pick for each, and what fewer systems save and lose."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import pytest
from commute import FILE, RULES
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples

from taskpick.decision import tasks
from taskpick.decision.decide import decide
from taskpick.problems import Span
from taskpick.rulefile.model import Rating

Taskpick = Callable[..., Run]
HERE = Span.at(1, 1)
TASKS = """\
rules: rules/commute.yaml
tasks:
  office: {distance: medium, luggage: little, weather: dry}
  shopping: {distance: near, luggage: much, weather: any, pick: car}
  school: {distance: near, luggage: little, weather: dry, passengers: child}
  bakery: {distance: near, luggage: little, weather: dry}
"""


@pytest.fixture
def file(taskpick: Taskpick) -> Path:
    """An answers file with tasks, that names its rule file."""
    Path("rules").mkdir()
    shutil.copy(FILE, "rules/commute.yaml")
    Path("tasks.yaml").write_text(TASKS)
    return Path("tasks.yaml")


@pytest.mark.parametrize("format", ["text", "markdown", "json", "github"])
def test_every_format_shows_picks_and_plans(
    taskpick: Taskpick,
    file: Path,
    format: str,  # noqa: A002
    snapshot: Callable[[str, str], None],
) -> None:
    done = taskpick(f"advise --answers {file} --format {format}")

    assert (done.code, done.err) == (0, "")
    snapshot(f"tasks.{format}", done.out)


def test_flags_answer_for_every_task(taskpick: Taskpick, file: Path) -> None:
    done = taskpick(f"advise --answers {file} --parking bicycles --format json")
    picks = [task["pick"] for task in json.loads(done.out)["tasks"]]

    assert picks == ["bicycle", "bicycle", "bicycle", "walk"]
    assert (done.code, done.err) == (
        1,
        "taskpick: shopping: expected car, but the pick is bicycle\n",
    )


def test_a_task_that_is_undecided_is_named_with_what_is_missing(
    taskpick: Taskpick, file: Path
) -> None:
    file.write_text("rules: rules/commute.yaml\ntasks:\n  trip: {luggage: little}\n")
    done = taskpick(f"advise --answers {file}")
    said = "taskpick: trip: undecided between walk, bicycle, car; answer distance, weather\n"

    assert (done.code, done.err) == (3, said)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tasks: none\n", "'tasks' names no task"),
        ("tasks: {}\n", "'tasks' names no task"),
        ("tasks:\n  a: b\n", "the task 'a' has no answers"),
        ("tasks:\n  a: {distance: middling}\n", "unknown value 'middling' for 'distance'"),
        ("tasks:\n  a: {distanze: near}\n", "unknown criterion 'distanze'"),
        ("tasks:\n  a: {pick: bike}\n", "no option 'bike'"),
        ("tasks:\n  a: {distance: near}\ndistance: far\n", "unknown key 'distance' next to"),
        ("tasks:\n  a: {distance: near}\n  a: {}\n", "duplicate key 'a'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    taskpick: Taskpick, file: Path, text: str, message: str
) -> None:
    file.write_text("rules: rules/commute.yaml\n" + text)
    done = taskpick(f"advise --answers {file}")

    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("tasks.yaml:")
    assert message in done.err


def test_the_problems_of_all_tasks_are_shown_at_once(taskpick: Taskpick, file: Path) -> None:
    file.write_text("rules: rules/commute.yaml\ntasks:\n  a: {x: y}\n  b: {z: y}\n")

    assert taskpick(f"advise --answers {file}").err.endswith("taskpick: error: 2 problems found\n")


@pytest.mark.parametrize("flag", ["--expect car", "--save-answers x.yaml"])
def test_flags_for_one_decision_are_refused(taskpick: Taskpick, file: Path, flag: str) -> None:
    done = taskpick(f"advise --answers {file} {flag}")

    assert (done.code, done.out) == (2, "")
    assert "is for one decision" in done.err


def test_compare_cannot_mark_the_levels_of_several_tasks(taskpick: Taskpick, file: Path) -> None:
    assert taskpick(f"compare --answers {file}").code == 2


def test_an_answers_file_with_a_pick_expects_it(taskpick: Taskpick, file: Path) -> None:
    text = "rules: rules/commute.yaml\ndistance: near\nluggage: little\nweather: dry\n"
    codes = []
    for pick in ("walk", "car", "bike"):
        file.write_text(f"{text}pick: {pick}\n")
        codes.append(taskpick(f"advise --answers {file}").code)

    assert codes == [0, 1, 2]


def test_verify_takes_the_tasks_with_a_pick(taskpick: Taskpick, file: Path) -> None:
    assert taskpick(f"verify {file}").out == "1 decision (still holds: 1)\n"

    file.write_text(TASKS.replace("pick: car", "pick: walk"))
    done = taskpick(f"verify {file}")

    assert done.code == 1
    assert "tasks.yaml:4:65: shopping no longer holds: walk then, car today\n" in done.out
    assert "walk, luggage much (rules/commute.yaml:71) fails: Arms are not" in done.out


answer_sets = st.fixed_dictionaries(
    {
        name: st.sampled_from([*(level.id for level in criterion.levels), "unsure"])
        for name, criterion in RULES.criteria.items()
    }
)


@examples(150)
@given(st.lists(answer_sets, min_size=1, max_size=5))
def test_plans_are_the_best_there_are(kinds: list[dict[str, str]]) -> None:
    found = [
        tasks.task(RULES, f"t{at}", kind, expected="", span=HERE) for at, kind in enumerate(kinds)
    ]
    workload = tasks.workload(RULES, found)

    def cost(options: tuple[str, ...]) -> tuple[int, int]:
        """How many tasks are not served, and with how many strains the others are."""
        best = [min(_done(kind, option) for option in options) for kind in kinds]
        served = [strains for fails, strains in best if not fails]
        return len(best) - len(served), sum(served)

    assert cost(workload.single.options) == min(cost((option,)) for option in RULES.options)
    if workload.pair:
        pairs = list(combinations(RULES.options, 2))
        assert cost(workload.pair.options) == min(map(cost, pairs)) <= cost(workload.single.options)
    if workload.triple:
        triples = list(combinations(RULES.options, 3))
        assert cost(workload.triple.options) == min(map(cost, triples))
        assert len(workload.triple.options) == 3
    best = min(cost(way) for size in (1, 2, 3) for way in combinations(RULES.options, size))
    found_sets = filter(None, (workload.single, workload.pair, workload.triple))
    assert best == min(cost(setup.options) for setup in found_sets)
    for task, served in zip(found, workload.own.served, strict=True):
        if task.decision.pick:
            assert (task.decision.pick, False) == (served.option, served.beyond)


def _done(kind: dict[str, str], option: str) -> tuple[int, int]:
    """Fails and strains of an option at answers, the open ones at their worst."""
    closed = decide(RULES, kind).answers
    worst = []
    for name, row in RULES.options[option].fits.items():
        fits = [row[closed[name]]] if name in closed else list(row.values())
        worst.append(max(list(Rating).index(fit.rating) for fit in fits))
    return worst.count(2), worst.count(1)


def test_ten_thousand_tasks_are_decided_at_once(taskpick: Taskpick, file: Path) -> None:
    line = "{distance: near, luggage: little, weather: dry, passengers: child, parking: bicycles}"
    lines = [f"  task-{number}: {line}\n" for number in range(10_000)]
    file.write_text("rules: rules/commute.yaml\ntasks:\n" + "".join(lines))
    done = taskpick(f"advise --answers {file}")

    assert done.out.startswith("10000 kinds of work: 10000 for By bicycle\n")


def test_of_very_many_tasks_the_first_of_each_pick_are_named_and_the_others_counted(
    taskpick: Taskpick, file: Path
) -> None:
    levels = ("near", "medium", "far")
    tasks = [
        f"  task-{number}: {{distance: {levels[number % 3]}, luggage: little, weather: dry}}\n"
        for number in range(200)
    ]
    file.write_text("rules: rules/commute.yaml\ntasks:\n" + "".join(tasks))
    done = taskpick(f"advise --answers {file}")

    assert " • On foot (67): task-0, task-3, task-6, task-9, task-12 and 62 more\n" in done.out
    assert len(done.out.splitlines()) < 40
    assert max(map(len, done.out.splitlines())) <= 80


def test_what_keeps_very_many_tasks_from_a_pick_is_said_once(
    taskpick: Taskpick, file: Path
) -> None:
    tasks = [f"  task-{number}: {{luggage: little}}\n" for number in range(50)]
    file.write_text("rules: rules/commute.yaml\ntasks:\n" + "".join(tasks))
    done = taskpick(f"advise --answers {file}")
    (line,) = done.err.splitlines()

    assert done.code == 3
    assert "task-0, task-1, task-2, task-3, task-4 and 45 more: undecided between" in line


IN_USE = """\
rules: rules/commute.yaml
have: bicycle
tasks:
  office: {distance: medium, luggage: little, weather: dry}
  bakery: {distance: near, luggage: little, weather: dry}
  shopping: {distance: near, luggage: much, weather: any, have: walk}
"""


def test_for_systems_in_use_it_is_said_which_to_keep_and_which_to_leave(
    taskpick: Taskpick, file: Path
) -> None:
    file.write_text(IN_USE)
    done = taskpick(f"advise --answers {file}")
    said = " ".join(done.out.split())

    assert said.startswith(
        "3 kinds of work: stay with By bicycle for 2, 1 for By car"
        " office stay with By bicycle bakery stay with By bicycle shopping move to By car What you"
    )
    assert "Move 1 kind of work to By car, since On foot does not work (" in said
    assert "Today you run By bicycle and On foot; with this advice, By bicycle and By car." in said
    assert "one fewer system" in said
    data = json.loads(taskpick(f"advise --answers {file} --format json").out)
    assert [task["have"]["advice"] for task in data["tasks"]] == ["stay", "stay", "move"]
    assert data["kept"]["options"] == ["bicycle", "car"]
    flagged = json.loads(taskpick(f"advise --answers {file} --have car --format json").out)
    assert {task["have"]["option"] for task in flagged["tasks"]} == {"car"}
    assert {task["have"]["advice"] for task in flagged["tasks"]} == {"stay"}


@examples(100)
@given(
    st.lists(st.tuples(answer_sets, st.sampled_from(list(RULES.options))), min_size=1, max_size=5)
)
def test_no_task_is_taken_from_a_system_that_works_for_it(
    kinds: list[tuple[dict[str, str], str]],
) -> None:
    found = [
        tasks.task(RULES, f"t{at}", kind, expected="", span=HERE, have=have)
        for at, (kind, have) in enumerate(kinds)
    ]
    workload = tasks.workload(RULES, found)

    kept, fewer = workload.kept, workload.without_one
    served = {one.task: one.option for one in kept.served}
    still_open = {task.name for task in workload.still_open}
    for task, (_, have) in zip(found, kinds, strict=True):
        works = not task.decision.evaluations[have].fails
        if works:
            assert served[task.name] == have
        assert (task.name in still_open) == (task.name not in served)
        assert task.name not in still_open or not (works or task.outcome)
    assert (fewer is None) == (len(kept.options) < 2)
    if fewer:
        assert len(fewer.options) == len(kept.options) - 1


SPARED = """\
rules: rules/commute.yaml
tasks:
  office: {distance: medium, luggage: little, weather: dry, have: bicycle}
  school: {distance: medium, luggage: little, weather: dry, have: bicycle}
  shopping: {distance: near, luggage: much, weather: any}
  trip: {luggage: little}
"""


def test_the_system_that_is_spared_is_the_one_of_fewest_moves(
    taskpick: Taskpick, file: Path
) -> None:
    """The car would serve all without a drawback, but two tasks would have to move to it."""
    file.write_text(SPARED)
    said = " ".join(taskpick(f"advise --answers {file}").out.split())
    moved = SPARED.replace("have: bicycle", "have: car")
    file.write_text(moved)
    other = " ".join(taskpick(f"advise --answers {file}").out.split())

    assert "with this advice, By bicycle, By car and what is still open for 1 kind of work." in said
    assert (
        "Without By car you would run one fewer system, but there would be a drawback for" in said
    )
    assert "One system: By bicycle, with a drawback for shopping" in said
    assert "with this advice, By car and what is still open for 1 kind of work." in other
    assert "One system: By car" in other


UNSURE = """\
rules: background-tasks
tasks:
  mail:
    duration: unsure
    persistence: {persistence}
    retry: {retry}
    scheduling: none
    distribution: {distribution}
"""
MUST_LAST = UNSURE.format(persistence="durable", retry="basic", distribution="one-worker")
MAY_BE_LOST = UNSURE.format(persistence="unsure", retry="none", distribution="in-process")
MAY_BE_RETRIED = UNSURE.format(persistence="durable", retry="unsure", distribution="one-worker")


def test_what_works_so_far_stays_so_far_and_what_works_anyway_is_not_open(
    taskpick: Taskpick, file: Path
) -> None:
    file.write_text(f"have: celery\n{MUST_LAST}")
    stays = taskpick(f"advise --answers {file}")
    file.write_text(f"have: background-tasks\n{MAY_BE_LOST}")
    so_far = taskpick(f"advise --answers {file}")

    assert stays.code == 0
    assert stays.err == ""
    assert stays.out.startswith(
        "1 kind of work: stay with Celery for 1\n\n  mail  stay with Celery"
    )
    assert so_far.code == 0
    assert so_far.out.startswith(
        "1 kind of work: stay with FastAPI BackgroundTasks so far for 1\n\n"
        "  mail  stay with FastAPI BackgroundTasks so far"
    )


def test_with_unsure_answers_there_is_a_safe_choice(taskpick: Taskpick, file: Path) -> None:
    file.write_text(MAY_BE_RETRIED)
    done = taskpick(f"advise --answers {file}")
    (task,) = json.loads(taskpick(f"advise --answers {file} --format json").out)["tasks"]
    file.write_text(MAY_BE_RETRIED.replace("    duration: unsure\n", ""))
    missing = taskpick(f"advise --answers {file}")

    assert done.code == 0
    assert done.err == ""
    assert "mail  RQ (Redis Queue), the safe choice; perhaps Celery, depending on" in done.out
    assert (task["status"], task["safe_choice"]) == ("undecided", "rq")
    assert missing.code == 3
    assert "mail: undecided between rq, celery; answer duration, retry" in missing.err


def test_where_no_option_is_safe_the_safest_is_named(taskpick: Taskpick, file: Path) -> None:
    levels = "duration: unsure, persistence: unsure, retry: none, scheduling: unsure"
    file.write_text(
        "rules: background-tasks\nonly: [background-tasks, clock]\ntasks:\n"
        f"  mail: {{{levels}, distribution: in-process}}\n"
    )
    (task,) = json.loads(taskpick(f"advise --answers {file} --format json").out)["tasks"]
    done = taskpick(f"advise --answers {file}")

    assert task["status"] == "undecided"
    assert ", the safest; perhaps " in done.out
    assert done.code == 0


def test_a_drawback_at_an_open_answer_is_called_possible(taskpick: Taskpick, file: Path) -> None:
    file.write_text("""\
rules: background-tasks
tasks:
  mail:
    {duration: unsure, persistence: durable, retry: none, scheduling: none, distribution:
      one-worker}
  log:
    {duration: seconds, persistence: none, retry: none, scheduling: none, distribution: in-process}
""")
    said = " ".join(taskpick(f"advise --answers {file}").out.split())

    assert "a drawback for mail (perhaps duration)" in said
    assert "and log (distribution)" in said


def test_what_a_plan_moves_is_counted(taskpick: Taskpick, file: Path) -> None:
    file.write_text(SPARED.replace("shopping: {", "shopping: {have: walk, "))
    said = " ".join(taskpick(f"advise --answers {file} --without bicycle").out.split())

    assert "2 kinds of work would have to move" not in said, "what may not be used is no loss"
    file.write_text(SPARED.replace("dry, have: bicycle", "dry, have: walk", 1))
    data = json.loads(taskpick(f"advise --answers {file} --format json").out)

    assert "1 kind of work would have to move" in " ".join([*data["what_you_have"], *data["fewer"]])


def test_what_is_left_out_is_named_with_the_work_that_it_would_be_the_pick_for(
    taskpick: Taskpick, file: Path
) -> None:
    file.write_text("""\
rules: rules/commute.yaml
without: [bicycle]
tasks:
  office: {distance: medium, luggage: little, weather: dry}
  bakery: {distance: near, luggage: little, weather: dry}
  trip: {distance: medium, luggage: little, weather: unsure}
""")
    said = " ".join(taskpick(f"advise --answers {file}").out.split())
    data = json.loads(taskpick(f"advise --answers {file} --format json").out)
    markdown = taskpick(f"advise --answers {file} --format markdown").out

    sentence = (
        "By bicycle is left out. With all options it would be the pick for office and might be "
        "the pick for trip."
    )
    assert sentence in said
    assert data["left_out"] == [sentence]
    assert f"* {sentence}" in markdown
    file.write_text(file.read_text().replace("bicycle", "car").replace("unsure", "dry"))
    assert "By car is left out. That changes no pick." in taskpick(f"advise --answers {file}").out
