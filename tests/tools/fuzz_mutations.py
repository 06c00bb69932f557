"""Whether the fuzzer would notice: the program broken in a named way, and a short run of `fuzz.py`.

    python tests/tools/fuzz_mutations.py              every way, each in a process of its own
    python tests/tools/fuzz_mutations.py --only NAME  one of them

The program is patched while it runs; nothing in it is written. First of all comes the program as it
is, in which the run must find nothing. A way that cannot be applied any more, since what it patches
has another name, fails like one that is not found. Of the 23 ways all were found, each within 4 s
and 20 trials; the program as it is took 27 s for all 150 (on two cores).
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fuzz

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 150
"""Trials within which each way has to be found."""


def replace(name: str, made: Callable[[Any], Any], *, home: str = "") -> None:
    """Replace a function wherever the program has it; `home` is part of its module's name."""
    import taskpick

    names = [found.name for found in pkgutil.walk_packages(taskpick.__path__, "taskpick.")]
    modules = [importlib.import_module(n) for n in names if not n.endswith("__main__")]
    places = [
        (module, alias, value)
        for module in modules
        for alias, value in vars(module).items()
        if callable(value)
        and getattr(value, "__name__", "") == name
        and value.__module__.startswith("taskpick.")
        and home in value.__module__
    ]
    if not places:
        raise SystemExit(f"nothing to break: no function {name} in taskpick.{home}")
    for module, alias, value in places:
        setattr(module, alias, made(value))


def replace_method(cls: type, name: str, made: Callable[[Any], Any]) -> None:
    setattr(cls, name, made(getattr(cls, name)))


def around_main(change: Callable[[list[str], int], int]) -> None:
    """Let the program end with another exit code: `change` has its words, and what it was."""

    def made(main: Callable[[], None]) -> Callable[[], None]:
        def other() -> None:
            code = 0
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
            sys.exit(change(sys.argv[1:], code))

        return other

    replace("main", made, home="cli.main")


def raising(_: object) -> Callable[..., Any]:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("oops")

    return broken


def identity(_: object) -> Callable[..., str]:
    return lambda text, *_, **__: text


def in_decide(change: Callable[[Any, dict[str, str]], dict[str, str]]) -> None:
    """Let the decision be about other answers."""
    replace("decide", lambda old: lambda rules, answers: old(rules, change(rules, dict(answers))))


def in_json(change: Callable[[dict[str, Any]], object]) -> None:
    """Let the JSON that is printed be other than it was made."""

    def made(old: Callable[[dict[str, Any]], str]) -> Callable[[dict[str, Any]], str]:
        def text(value: dict[str, Any]) -> str:
            change(value)
            return old(value)

        return text

    replace("text", made, home="formats.json")


def pick_is_the_last_option() -> None:
    from taskpick.decision.answer_sets.space import Space

    def made(old: Callable[[Space], None]) -> Callable[[Space], None]:
        def decide(self: Space) -> None:
            old(self)
            *others, last = self.rules.options
            for name in others:
                self.picks[last] |= self.picks[name]
                self.picks[name] = 0

        return decide

    replace_method(Space, "_decide", made)


def strains_do_not_count() -> None:
    replace("sums", lambda old: lambda *given: (old(*given)[0], [0]), home="decision.space")


def defaults_are_ignored() -> None:
    in_decide(lambda rules, answers: dict.fromkeys(rules.criteria, "unsure") | answers)


def unsure_is_the_first_level() -> None:
    in_decide(
        lambda rules, answers: {
            name: rules.criteria[name].levels[0].id if level == "unsure" else level
            for name, level in answers.items()
        }
    )


def order_of_the_flags_matters() -> None:
    def change(rules: Any, answers: dict[str, str]) -> dict[str, str]:
        typed = [word[2:] for word in sys.argv if word[2:] in rules.criteria]
        if typed != sorted(typed):
            answers.pop(typed[0], None)
        return answers

    in_decide(change)


def environment_is_ignored() -> None:
    def change(old: Callable[[], None]) -> Callable[[], None]:
        def main() -> None:
            for name in [name for name in os.environ if name.startswith("TASKPICK_C")]:
                del os.environ[name]
            old()

        return main

    replace("main", change, home="cli.main")


def verify_never_ends_with_1() -> None:
    around_main(lambda words, code: 0 if words[:1] == ["verify"] and code == 1 else code)


def expect_never_ends_with_1() -> None:
    around_main(lambda words, code: 0 if "--expect" in words and code == 1 else code)


def rules_test_never_ends_with_1() -> None:
    around_main(lambda words, code: 0 if words[:2] == ["rules", "test"] and code == 1 else code)


def unusable_input_ends_with_1() -> None:
    around_main(lambda _, code: 1 if code == 2 else code)


def failure_leaves_a_file() -> None:
    def change(_: list[str], code: int) -> int:
        if code == 2:
            Path("left.txt").write_text("left\n")
        return code

    around_main(change)


def rules_tree_raises() -> None:
    replace("grow", raising, home="questions.tree")


def rules_diff_raises() -> None:
    replace("diff", raising, home="checks.diff.diff")


def json_drops_a_key() -> None:
    in_json(lambda value: value.pop("assumed", None))


def json_swaps_two_options() -> None:
    def change(value: dict[str, Any]) -> None:
        options = value.get("options", [])
        if len(options) > 1 and "fits" in options[0]:
            options[0]["fits"], options[1]["fits"] = options[1]["fits"], options[0]["fits"]

    in_json(change)


def markdown_is_not_escaped() -> None:
    replace("escape", identity, home="markdown")


def xml_is_not_escaped() -> None:
    replace("in_xml", identity, home="drawn_text")


def control_characters_pass() -> None:
    replace("printable", identity)


def unknown_levels_are_taken() -> None:
    replace("unknown_answers", lambda _: lambda *_, **__: iter(()))


def changes_are_wrong() -> None:
    def made(old: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
        return lambda *given: [change._replace(answers={}) for change in old(*given)]

    replace("why_not", made, home="taskpick.decision")


def record_takes_a_number_twice() -> None:
    def made(old: Callable[..., str]) -> Callable[..., str]:
        return lambda names, title: re.sub(r"^\d+", "0001", old(names, title))

    replace("next_name", made)


def starter_leaves_a_file_out() -> None:
    def made(old: Callable[..., Any]) -> Callable[..., Any]:
        return lambda files, *given, **named: old(dict([*files.items()][1:]), *given, **named)

    replace("write", made, home="starter.write")


def starter_replaces_files() -> None:
    def made(old: Callable[..., Any]) -> Callable[..., Any]:
        return lambda files, directory, *_, **__: old(files, directory, force=True)

    replace("write", made, home="starter.write")


def not_at_all() -> None:
    """The program as it is."""


WAYS = {
    way.__name__.replace("_", "-"): way
    for way in [
        not_at_all,
        *(pick_is_the_last_option, strains_do_not_count, defaults_are_ignored),
        *(unsure_is_the_first_level, order_of_the_flags_matters, environment_is_ignored),
        *(verify_never_ends_with_1, expect_never_ends_with_1, rules_test_never_ends_with_1),
        *(unusable_input_ends_with_1, failure_leaves_a_file, rules_tree_raises, rules_diff_raises),
        *(json_drops_a_key, json_swaps_two_options, markdown_is_not_escaped, xml_is_not_escaped),
        *(control_characters_pass, unknown_levels_are_taken, changes_are_wrong),
        *(record_takes_a_number_twice, starter_leaves_a_file_out, starter_replaces_files),
    ]
}


def is_noticed(name: str) -> tuple[bool, str]:
    """Whether a short run finds the program that is broken in this way, and its first line."""
    command = [sys.executable, __file__, "--only", name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    first = next(iter((done.stdout + done.stderr).splitlines()), "")
    return done.returncode == 1 and first.startswith("--runs 1 --seed "), first


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--only", choices=WAYS, metavar="NAME", help=", ".join(WAYS))
    only = parser.parse_args().only
    if only:
        WAYS[only]()
        sys.argv[1:] = ["--runs", str(RUNS), "--first"]
        fuzz.main()
    wrong = 0
    for name, way in WAYS.items():
        start = time.monotonic()
        noticed, line = is_noticed(name)
        wrong += noticed == (way is not_at_all)
        said = "found" if noticed else "not found"
        print(f"{name:30} {said} in {time.monotonic() - start:.0f} s: {line[:150]}", flush=True)
    print(f"{len(WAYS) - 1} ways to break the program, {wrong} not seen for what they are")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
