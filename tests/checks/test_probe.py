"""Proves that probes are run apart, whatever they do."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from taskpick.checks.check import check
from taskpick.checks.probes import engine, formats, scripts
from taskpick.problems import Refused
from taskpick.rulefile import reader
from taskpick.rulefile.last_run import ProbeOutcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

PYTHON = Path(sys.executable)
RULES = """\
format: taskpick/1
title: What to drink
as_of: 2026-11-01
criteria:
  thirst: {question: How thirsty?, why: A cup is small., levels: {little: A sip, much: A pint}}
options:
  water:
    name: Water
    versions: {tap: "1"}
    fits:
      thirst: {little: {fits: It runs., source: measured on tap 1, probe: runs}, much: fits}
    notes: [{say: Drink it., source: measured on tap 1, probe: clear}]
  coffee:
    name: Coffee
    versions: {bean: "1"}
    fits:
      thirst: {source: https://example.com, little: fits, much: {fails: Too much of it.}}
"""


def header(*claims: str, more: str = "") -> str:
    return f"# /// script\n{more}# [tool.taskpick]\n# claims = {json.dumps(claims)}\n# ///\n"


def report(claim: str, holds: bool = True, seen: str = "as it was") -> str:
    return f"print({json.dumps({'claim': claim, 'holds': holds, 'seen': seen})!r}, flush=True)\n"


@pytest.fixture
def measure(tmp_path: Path) -> Callable[..., list[engine.Measured]]:
    """Run a script with this interpreter, as a probe of water."""

    def run(script: str, time_limit: float = 30) -> list[engine.Measured]:
        folder = tmp_path / "probes"
        (folder / "water").mkdir(parents=True, exist_ok=True)
        (folder / "water" / "tap.py").write_text(script)
        (each,) = scripts.scripts(folder, ["water"])
        return list(engine.run_script(each, PYTHON, tmp_path / "work", time_limit))

    return run


@pytest.fixture
def rule_file(tmp_path: Path) -> Path:
    """A rule file with a probe for both of its claims."""
    (tmp_path / "rules.yaml").write_text(RULES)
    (tmp_path / "probes" / "water").mkdir(parents=True)
    script = header("runs", "clear") + report("runs") + report("clear")
    (tmp_path / "probes" / "water" / "tap.py").write_text(script)
    return tmp_path / "rules.yaml"


class TestOutcomes:
    def test_a_claim_holds_or_has_changed_as_its_script_reports(self, measure: Any) -> None:
        script = header("a", "b") + report("a") + report("b", holds=False, seen="30 s") + "print(1)"

        a, b = measure(script)

        assert (a.outcome, a.seen) == (ProbeOutcome.HOLDS, "as it was")
        assert (b.outcome, b.seen) == (ProbeOutcome.CHANGED, "30 s")

    def test_a_claim_reported_twice_holds_only_if_it_holds_twice(self, measure: Any) -> None:
        (a,) = measure(header("a") + report("a", holds=False, seen="first") + report("a"))

        assert (a.outcome, a.seen) == (ProbeOutcome.CHANGED, "first; as it was")

    def test_what_was_reported_before_a_crash_stands(self, measure: Any) -> None:
        a, b = measure(header("a", "b") + report("a") + "raise SystemError('no tap')")

        assert a.outcome is ProbeOutcome.HOLDS
        assert (b.outcome, b.seen) == (
            ProbeOutcome.COULD_NOT_RUN,
            "it exited with 1: SystemError: no tap",
        )

    def test_a_script_that_reports_nothing_could_not_run(self, measure: Any) -> None:
        (a,) = measure(header("a"))

        assert (a.outcome, a.seen) == (ProbeOutcome.COULD_NOT_RUN, "the probe did not report it")

    def test_a_script_that_takes_too_long_can_end_its_servers_and_is_ended(
        self, measure: Any, tmp_path: Path
    ) -> None:
        script = "import time\ntry:\n    time.sleep(60)\nfinally:\n    open('ended', 'w').close()\n"

        a, b = measure(header("a", "b") + report("a") + script, time_limit=1)

        assert a.outcome is ProbeOutcome.HOLDS
        assert (b.outcome, b.seen) == (ProbeOutcome.COULD_NOT_RUN, "it took more than 1 seconds")
        assert (tmp_path / "work" / "ended").exists()

    def test_a_process_that_is_left_behind_is_ended_and_not_waited_for(
        self, measure: Any, tmp_path: Path
    ) -> None:
        child = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', " + repr(
            "import time; time.sleep(3); open('alive', 'w').close()"
        )

        (a,) = measure(header("a") + child + "])\n" + report("a"))
        time.sleep(4)

        assert a.outcome is ProbeOutcome.HOLDS
        assert not (tmp_path / "work" / "alive").exists()

    @pytest.mark.parametrize(
        "line",
        [
            "[" * 100_000,
            '{"claim": ["a"], "holds": true, "seen": ""}',
            '{"claim": "a", "holds": "yes", "seen": ""}',
            '{"claim": "a", "holds": true}',
            '{"claim": "another", "holds": true, "seen": ""}',
            "\x00\x1b[2J",
        ],
    )
    def test_a_line_of_another_form_reports_nothing(self, measure: Any, line: str) -> None:
        (a,) = measure(header("a") + f"print({line!r})")

        assert a.outcome is ProbeOutcome.COULD_NOT_RUN

    def test_what_was_seen_is_one_short_line(self, measure: Any) -> None:
        (a,) = measure(header("a") + report("a", seen="x\n" * 10_000))

        assert len(a.seen) == 300
        assert "\n" not in a.seen

    def test_no_variable_of_the_person_reaches_a_script(
        self, measure: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MY_PASSWORD", "secret")

        script = "import os\nassert 'MY_PASSWORD' not in os.environ\n"
        (a,) = measure(header("a") + script + report("a"))

        assert a.outcome is ProbeOutcome.HOLDS


class TestHeaders:
    @pytest.mark.parametrize(
        ("script", "message"),
        [
            ("print()", "has no header"),
            ("# /// script\n# dependencies = []\n# ///\n", "lacks 'tool'"),
            ("# /// script\n# [\n# ///\n", "cannot be read"),
            (header("a", more='# dependencies = "rq"\n'), "expected a list of strings"),
            (header("a", more='# requires-python = "<4"\n'), "not of the form >=3.12"),
        ],
    )
    def test_one_that_cannot_be_used_is_named(
        self, tmp_path: Path, script: str, message: str
    ) -> None:
        (tmp_path / "water").mkdir()
        (tmp_path / "water" / "tap.py").write_text(script)

        with pytest.raises(Refused, match=message):
            scripts.scripts(tmp_path, ["water"])

    def test_a_python_that_is_not_there_is_why_nothing_ran(
        self, rule_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shim = tmp_path / "shims" / "python3.99"
        shim.parent.mkdir()
        shim.write_text("#!/bin/sh\nexit 127\n")
        shim.chmod(0o755)
        monkeypatch.setenv("PATH", str(shim.parent), prepend=os.pathsep)
        script = header("runs", "clear", more='# requires-python = ">=3.99"\n')
        (rule_file.parent / "probes" / "water" / "tap.py").write_text(script)
        rules = reader.load(rule_file)

        probes = scripts.scripts(scripts.folder(rules), rules.options)
        measured = list(engine.run(rules.options["water"], probes, newest=False))

        assert {each.outcome for each in measured} == {ProbeOutcome.COULD_NOT_RUN}
        assert "it needs Python 3.99" in measured[0].seen


class TestCommand:
    """In an environment of its own, which takes pip nothing to fill."""

    def test_probes_of_others_run_only_when_told_so(self, taskpick: Any, rule_file: Path) -> None:
        run = taskpick(f"rules probe --rules {rule_file}")

        assert run.code == 2
        assert "are programs that did not come with taskpick" in run.err
        assert "--run-code" in run.err

    def test_all_hold_and_the_day_is_kept_for_the_sources(
        self, taskpick: Any, rule_file: Path
    ) -> None:
        run = taskpick(f"rules probe Water --rules {rule_file} --run-code --save --format markdown")

        assert run.code == 0
        assert "| water | runs | holds | as it was |" in run.out
        rules = reader.load(rule_file)
        fit = rules.options["water"].fits["thirst"]["little"]
        assert fit.source == "measured on tap 1"
        assert fit.evidence.startswith("measured on tap 1; measured again, 20")
        assert rules.notes[0].last_run == fit.last_run

    def test_a_change_is_shown_where_the_rule_file_rests_on_it(
        self, taskpick: Any, rule_file: Path
    ) -> None:
        script = header("runs", "clear") + report("runs", holds=False, seen="dry") + report("clear")
        (rule_file.parent / "probes" / "water" / "tap.py").write_text(script)

        run = taskpick(f"rules probe water --rules {rule_file} --run-code --format github")

        assert run.code == 1
        assert "line=11" in run.out
        assert "'runs' of water: changed: dry" in run.out
        assert "2 claims: 1 holds, 1 changed" in run.err

    def test_an_option_that_there_is_not_is_refused(self, taskpick: Any) -> None:
        run = taskpick("rules probe hueey")

        assert run.code == 2
        assert "did you mean 'huey'?" in run.err


class TestLastRuns:
    def measured(self, outcome: ProbeOutcome) -> engine.Measured:
        return engine.Measured("water", "runs", outcome, "seen", {"tap": "1"})

    def test_what_could_not_run_today_keeps_what_was_measured_before(self, rule_file: Path) -> None:
        folder = rule_file.parent / "probes"
        path = folder / formats.LAST_RUN
        for day, outcome in (
            ("2026-11-01", ProbeOutcome.HOLDS),
            ("2026-11-02", ProbeOutcome.COULD_NOT_RUN),
        ):
            path.write_text(formats.last_runs(folder, [self.measured(outcome)], day))

        last_run = reader.load(rule_file).options["water"].fits["thirst"]["little"].last_run

        assert last_run == ("holds", "tap 1", "2026-11-01")

    def test_a_day_that_there_is_not_is_a_problem_of_the_file(
        self, taskpick: Any, rule_file: Path
    ) -> None:
        path = rule_file.parent / "probes" / "last-run.yaml"
        path.write_text("water: {runs: {outcome: holds, as_of: 2026-02-30}}\n")

        run = taskpick(f"rules check {rule_file}")

        assert run.code == 2
        assert "last-run.yaml:1:" in run.err
        assert "no such day: '2026-02-30'" in run.err

    def test_age_counts_from_the_day_it_ran(self, rule_file: Path, today: date) -> None:
        path = rule_file.parent / "probes" / "last-run.yaml"
        path.write_text("water: {runs: {outcome: holds, as_of: 2026-11-10}}\n")

        checked = check(reader.load(rule_file), today=today, max_age=1)

        assert [f.message for f in checked.findings if "'runs'" in f.message] == [
            "'runs' of 'water' was last checked 15 days ago, on 2026-11-10"
        ]


@pytest.fixture
def today() -> date:
    from datetime import date

    return date(2026, 11, 25)


class TestLinks:
    def found(self, rule_file: Path, today: date) -> dict[str, str]:
        checked = check(reader.load(rule_file), today=today)
        return {f.check.id: f.message for f in checked.findings if "probe" in f.check.id}

    def test_claims_and_scripts_that_belong_together_are_no_finding(
        self, rule_file: Path, today: date
    ) -> None:
        assert self.found(rule_file, today) == {}

    def test_a_claim_that_no_script_measures_and_one_that_nothing_names(
        self, rule_file: Path, today: date
    ) -> None:
        script = rule_file.parent / "probes" / "water" / "tap.py"
        script.write_text(header("runs", "blue"))

        assert self.found(rule_file, today) == {
            "probe-unknown": "no probe of 'water' measures 'clear'",
            "probe-unused": "no fit and no note relies on what tap.py measures as 'blue'",
        }

    def test_a_measurement_at_which_a_pick_turns_asks_for_a_probe(
        self, rule_file: Path, today: date
    ) -> None:
        rule_file.write_text(RULES.replace(", probe: runs", ""))

        found = self.found(rule_file, today)

        assert "at 'thirst: little'" in found["claim-without-probe"]

    def test_a_file_without_any_probe_is_asked_for_none(self, rule_file: Path, today: date) -> None:
        rule_file.write_text(RULES.replace(", probe: runs", "").replace(", probe: clear", ""))
        shutil.rmtree(rule_file.parent / "probes")

        assert self.found(rule_file, today) == {}
