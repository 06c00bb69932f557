"""What may be used, and what is in use: `--only`, `--without` and `--have` decide as brute force
does, and reach every result, file and record."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from places import DATA
from strategies import brute_pick, every_answer, examples, rules

from taskpick.cli.completion import complete_options
from taskpick.decision.decide import decide
from taskpick.decision.restriction import restricted
from taskpick.decision.staying import Advice, staying
from taskpick.problems import Refused
from taskpick.rulefile import reader

if TYPE_CHECKING:
    from pathlib import Path

RIVER = DATA / "rules" / "valid" / "river.yaml"
BALANCE = "One hand is for the balance"
KNOWN = """\
known:
  raft:
    name: The Raft
    url: https://example.com/raft
    say: It sank in 2025.
    instead: boat
    as_of: 2026-11-22
"""


@examples(300)
@given(rules(), st.data())
def test_the_pick_is_the_best_of_the_options_that_may_be_used(rules, data):
    names = list(rules.options)
    only = data.draw(st.lists(st.sampled_from(names)))
    without = data.draw(st.lists(st.sampled_from(names)))
    left = [name for name in only or names if name not in without]
    if not left:
        with pytest.raises(Refused, match="no option is left"):
            restricted(rules, only, without)
        return
    allowed = restricted(rules, only, without)

    assert list(allowed.options) == [name for name in names if name in left]
    for answers in every_answer(rules):
        assert decide(allowed, answers).pick == brute_pick(allowed, answers)


@pytest.fixture
def river(tmp_path: Path) -> Path:
    """A rule file that also knows a system that is not an option."""
    path = tmp_path / "river.yaml"
    path.write_text(RIVER.read_text("utf-8") + KNOWN, "utf-8")
    return path


def test_a_second_restriction_takes_the_place_of_the_first():
    rules = reader.load(RIVER)
    first = restricted(rules, only=["wade"])

    assert list(restricted(first, without=["wade"]).options) == ["boat"]
    assert restricted(first) is rules
    assert [note.option for note in first.notes] == ["wade", None]


@pytest.mark.parametrize(
    ("flags", "file"),
    [
        ("--only boat", ""),
        ("--without wade", ""),
        ("--only wade,boat --without wade", ""),
        ("--only wade --only boat --without wade", ""),
        ("", "only: boat"),
        ("", "only: [wade, boat]\nwithout: wade"),
        ("", "only: wade, boat\nwithout: [wade]"),
        ("--only boat", "only: wade"),
        ("--only boat,wade", "without: wade"),
    ],
)
def test_what_may_not_be_used_is_left_out(taskpick, tmp_path, river, flags, file):
    (tmp_path / "answers.yaml").write_text(f"rules: ./river.yaml\nload: nothing\n{file}\n")
    run = taskpick(f"advise --answers answers.yaml {flags} --format json")
    data = json.loads(run.out)

    assert (run.code, data["pick"], data["left_out"]) == (0, "boat", ["wade"])
    assert data["with_all_options"] == {"status": "picked", "pick": "wade"}
    shown = taskpick(f"advise --answers answers.yaml {flags}").out
    assert "Left out         Wading; with all options the pick would be Wading" in shown
    (tmp_path / "result.json").write_text(run.out)
    again = taskpick("advise --rules river.yaml --answers result.json --format json")
    assert json.loads(again.out) == data


def test_each_command_to_go_on_with_leaves_out_the_same(taskpick, tmp_path, river):
    data = json.loads(taskpick("advise --rules river.yaml --only boat,wade --format json").out)

    assert data["command"] == "taskpick advise --rules river.yaml --only boat,wade"
    following = [level["command"] for level in data["next_question"]["levels"]]
    assert following
    assert all("--only boat,wade" in command for command in following)
    nothing = taskpick("advise --rules river.yaml --load piano --without wade")
    assert "taskpick explain boat --rules river.yaml --load piano --without wade" in nothing.out
    explained = taskpick("explain boat --rules river.yaml --load nothing --without wade")
    assert explained.code == 0
    taskpick("advise --rules river.yaml --load bag --without boat --save-answers saved.yaml")
    assert "without: [boat]\n" in (tmp_path / "saved.yaml").read_text()


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("--only bot", "no option 'bot'", "did you mean 'boat'?"),
        ("--only raft", "The Raft is not an option: It sank", "the closest option is 'boat'"),
        ("--without Raft", "The Raft is not an option: It sank", "the closest option is 'boat'"),
        ("--without wade,boat", "no option is left", "fewer with `without`"),
        ("--only ''", "no option ''", "known: wade, boat"),
        ("--only boat --expect wade", "'wade' may not be used", "left: boat"),
    ],
)
def test_what_cannot_be_left_out_is_said_in_words(taskpick, river, line, message, hint):
    run = taskpick(f"advise --rules river.yaml --load nothing {line}")

    assert (run.code, run.out) == (2, "")
    assert message in run.err
    assert hint in run.err


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("only: bot", "answers.yaml:3:7: no option 'bot'"),
        ("without: [wade, raft]", "answers.yaml:3:17: The Raft is not an option: It sank in 2025"),
        ("only: {a: b}", "answers.yaml:3:7: expected the name of an option"),
        ("only: [[a]]", "answers.yaml:3:8: expected the name of an option"),
    ],
)
def test_a_name_in_a_file_that_is_no_option_is_shown_where_it_is(
    taskpick, tmp_path, river, text, found
):
    (tmp_path / "answers.yaml").write_text(f"rules: ./river.yaml\nload: nothing\n{text}\n")
    run = taskpick("advise --answers answers.yaml")

    assert run.code == 2
    assert found in run.err


def test_a_record_keeps_what_might_be_used_and_verify_honours_it(taskpick, tmp_path, river):
    record = tmp_path / "record.md"
    line = "advise --rules river.yaml --load nothing --without wade --format markdown"
    assert taskpick(f"{line} --output record.md").code == 0
    text = record.read_text()

    assert "May not be used: Wading; with all options the pick would be Wading." in text
    assert "\nwithout: [wade]\n" in text
    assert taskpick("verify record.md").code == 0
    assert "is up to date" in taskpick("record refresh record.md").err
    assert record.read_text() == text
    river.write_text(river.read_text().replace("  wade:", "  swim:").replace("n: wade", "n: swim"))
    river.write_text(river.read_text().replace("pick: wade", "pick: swim"))
    changed = taskpick("verify record.md --strict")
    assert "'wade' is no longer an option" in changed.out
    assert "no longer holds" in changed.out


def test_a_record_of_options_that_are_all_gone_cannot_be_checked(taskpick, tmp_path, river):
    line = "advise --rules river.yaml --load nothing --only wade --format markdown"
    assert taskpick(f"{line} --output record.md").code == 0
    river.write_text(river.read_text().replace("wade", "swim"))
    run = taskpick("verify record.md")

    assert run.code == 2
    assert "none of the options that were allowed is left" in run.out


def test_a_task_may_be_kept_from_an_option_that_others_use(taskpick, tmp_path, river):
    (tmp_path / "tasks.yaml").write_text(
        "rules: ./river.yaml\n"
        "without: []\n"
        "tasks:\n"
        "  letter: {load: nothing}\n"
        "  parcel: {load: nothing, without: wade}\n"
        "  basket: {load: bag, only: wade}\n"
    )
    data = json.loads(taskpick("advise --answers tasks.yaml --format json").out)

    assert {task["task"]: task["pick"] for task in data["tasks"]} == {
        "letter": "wade",
        "parcel": "boat",
        "basket": "wade",
    }
    assert data["single"]["options"] == ["boat"]
    assert data["single"]["fails"] == {"basket": ["may not be used"]}
    everywhere = json.loads(taskpick("advise --answers tasks.yaml --only boat --format json").out)
    assert {task["pick"] for task in everywhere["tasks"][:2]} == {"boat"}


def test_lists_of_options_are_completed_name_by_name(taskpick, river):
    def offered(incomplete: str) -> list[str]:
        context = SimpleNamespace(obj=reader.load(river))
        return [name for name, _ in complete_options(context, incomplete)]

    assert offered("") == ["wade", "boat"]
    assert offered("wade,") == ["wade,boat"]
    assert offered("wade,b") == ["wade,boat"]


def _has(run) -> tuple[str, str]:
    have = json.loads(run.out)["have"]
    return have["option"], have["advice"]


@pytest.mark.parametrize(
    ("line", "pick", "option", "advice", "words"),
    [
        ("--load nothing --have wade", "wade", "wade", "stay", "Wading: stay, it is the pick"),
        (
            "--load nothing --have boat",
            "wade",
            "boat",
            "stay",
            "A boat: stay, it works for every answer, with no more drawbacks than Wading",
        ),
        (
            "--load bag --have Wading",
            "boat",
            "wade",
            "stay",
            f"Wading: stay, it works for every answer; drawbacks compared with A boat: {BALANCE}",
        ),
        (
            "--load bag --have wade --without wade",
            "boat",
            "wade",
            "move",
            "Wading: move, it may not be used; no new drawbacks with A boat",
        ),
        (
            "--load piano --have boat",
            None,
            "boat",
            "stay",
            "A boat: stay, since nothing else works either: it fails for: A piano (It sinks)",
        ),
        (
            "--load nothing --have raft",
            "wade",
            "raft",
            "unknown",
            (
                "The Raft: not an option here; A boat, the closest, works for every answer. "
                "About The Raft: It sank in 2025."
            ),
        ),
        (
            "--season summer --have boat",
            None,
            "boat",
            "stay",
            "A boat: stay, it works so far, but not with A piano",
        ),
    ],
)
def test_whoever_has_something_is_told_to_stay_or_to_move(
    taskpick, river, line, pick, option, advice, words
):
    run = taskpick(f"advise --rules river.yaml {line} --format json")
    data = json.loads(run.out)

    assert (data["pick"], *_has(run)) == (pick, option, advice)
    assert data["have"]["words"] == words
    shown = " ".join(taskpick(f"advise --rules river.yaml {line}").out.split())
    assert f"You have {words}" in shown
    assert f"--have {option}" in data["command"]


def test_what_one_stays_with_is_not_said_to_stand_first(taskpick) -> None:
    """Celery is the pick; Dramatiq stands after the others that do as well."""
    answers = "--duration hours --persistence durable --retry advanced --scheduling cron"
    line = f"advise {answers} --distribution many-workers --no-code"
    picked, stays = (taskpick(f"{line}{have}").out for have in ("", " --have dramatiq"))

    assert "the rule file lists Celery first\n" in picked
    assert "  As good here     Procrastinate, Temporal\n" in stays


def test_of_a_system_that_nobody_knows_those_that_are_known_are_named(taskpick, river) -> None:
    run = taskpick("advise --rules river.yaml --load nothing --have plane")

    assert (run.code, run.out) == (2, "")
    assert "no option 'plane'\ntaskpick: known: wade, boat, raft\n" in run.err


@examples(300)
@given(rules(), st.data())
def test_nobody_is_told_to_move_from_what_fails_at_nothing(rules, data):
    have = data.draw(st.sampled_from(list(rules.options)))
    without = data.draw(st.lists(st.sampled_from(list(rules.options)), max_size=1))
    if set(without) == set(rules.options):
        return
    allowed = restricted(rules, without=without)
    for answers in every_answer(rules):
        told = staying(decide(allowed, answers), have)
        row = rules.options[have].fits
        fails = [name for name, level in answers.items() if row[name][level].rating == "fails"]
        works = not fails and have not in without
        nothing = brute_pick(allowed, answers) is None
        assert (told.advice is Advice.STAY) == (works or nothing)
        assert [fit.criterion for fit in told.fails] == fails


def test_what_to_set_right_is_said_of_the_system_that_one_stays_with(taskpick, river):
    run = taskpick("advise --rules river.yaml --load nothing --have boat")

    assert "  Stay with A boat\n" in run.out
    assert "As good here" not in run.out
    assert "  Choose  " not in run.out
    moves = taskpick("advise --rules river.yaml --load bag --have wade").out
    assert " A boat" in moves.split("bag")[1]
    assert "  Check            Tie it up\n" in run.out
    assert "Without it the pick would be Wading." in run.out
    assert "--format markdown" in run.out.splitlines()[-1], "there does nothing to set up"
    moved = json.loads(
        taskpick(
            "advise --rules river.yaml --load bag --have wade --without wade --format json"
        ).out
    )
    assert moved["have"]["move"]["to"] == "boat"
    assert moved["headline"] == "Use A boat"


def test_the_system_in_use_may_stand_in_a_file_and_in_a_record(taskpick, tmp_path, river):
    (tmp_path / "answers.yaml").write_text("rules: ./river.yaml\nload: nothing\nhave: boat\n")
    run = taskpick("advise --answers answers.yaml --format json")
    assert _has(run) == ("boat", "stay")
    assert _has(taskpick("advise --answers answers.yaml --have wade --format json"))[0] == "wade"
    (tmp_path / "result.json").write_text(run.out)
    again = taskpick("advise --rules river.yaml --answers result.json --format json")
    assert json.loads(again.out) == json.loads(run.out)
    taskpick("advise --answers answers.yaml --save-answers saved.yaml")
    assert "have: boat\n" in (tmp_path / "saved.yaml").read_text()
    taskpick("advise --answers answers.yaml --format markdown --output record.md")
    text = (tmp_path / "record.md").read_text()
    assert "Today you run A boat: stay, it works for every answer, with no more" in text
    assert taskpick("verify record.md").code == 0
    assert "is up to date" in taskpick("record refresh record.md").err
    assert _has(taskpick("advise --answers record.md --format json")) == ("boat", "stay")
    (tmp_path / "answers.yaml").write_text("rules: ./river.yaml\nload: nothing\nhave: boot\n")
    wrong = taskpick("advise --answers answers.yaml")
    assert (wrong.code, wrong.out) == (2, "")
    assert "answers.yaml:3:7: no option 'boot'" in wrong.err


def test_a_summary_of_ci_says_what_is_in_use_and_what_is_left_out(taskpick, tmp_path, river):
    summary = tmp_path / "summary.md"
    line = "advise --rules river.yaml --load bag --have wade --without wade --format github"
    assert taskpick(line, GITHUB_STEP_SUMMARY=str(summary)).code == 0

    text = summary.read_text()
    assert "Today you run Wading: move, it may not be used; no new drawbacks with A boat." in text
    assert "May not be used: Wading" in text


@pytest.mark.parametrize("name", ["boat", "Boat", "A boat"])
def test_an_option_goes_by_the_name_that_people_see(taskpick, river, name) -> None:
    need = ["--rules", "river.yaml", "--load", "nothing"]
    explained = taskpick(["explain", name, *need])
    decided = taskpick(["advise", *need, "--only", name, "--expect", name])

    assert explained.out.startswith("  A boat ")
    assert "Use A boat" in decided.out
    assert decided.code == 0


def test_who_is_unsure_of_everything_is_told_what_is_safest_and_where_it_fails(taskpick) -> None:
    unsure = " ".join(f"--{name} unsure" for name in ("persistence", "infrastructure", "workflow"))
    given = "--duration seconds --retry none --scheduling none --distribution one-worker"
    run = taskpick(f"advise --no-input --no-code {given} {unsure}")

    assert run.code == 0
    assert "  Not decided yet; " in run.out
    assert " is the safest\n" in run.out
    assert ", except with: " in " ".join(run.out.split())


def test_explain_leads_to_the_sources_where_nothing_fits(taskpick) -> None:
    given = "--duration seconds --persistence durable --retry basic --scheduling none"
    run = taskpick(f"explain rq {given} --distribution in-process --infrastructure serverless")

    assert run.out.rstrip().endswith("--infrastructure serverless --details")
