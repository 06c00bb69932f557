"""Results held against what brute force says, and against the same thing asked another way."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fuzzing.rulebook import (
    FAILS,
    FITS,
    NOTHING,
    PICKED,
    SMALL,
    STRAINS,
    UNDECIDED,
    UNSURE,
    Rulebook,
    Words,
    flags,
    grown,
    of_matrix,
    some_answers,
)

if TYPE_CHECKING:
    import random

    from fuzzing.bench import Bench, Done

Formats = dict[str, list[str]]
ADVISE = ["advise", "--rules", "rules.yaml", "--no-input"]


def small(bench: Bench, name: str = "rules.yaml") -> Rulebook:
    book = grown(bench.chance, SMALL)
    bench.write(name, book.text(Words(bench.chance)))
    return book


def ends(book: Rulebook, answers: dict[str, str]) -> int:
    """The exit code of `advise --no-input`."""
    picks = book.picks(answers)
    if len(picks) > 1:  # a safe choice, but only once everything was answered
        return 3 if book.criteria.keys() - book.closed(answers) - answers.keys() else 0
    return 1 if NOTHING in picks else 0


def status(book: Rulebook, answers: dict[str, str]) -> tuple[str, str | None]:
    picks = book.picks(answers)
    if len(picks) > 1:
        return UNDECIDED, None
    return (NOTHING, None) if NOTHING in picks else (PICKED, next(iter(picks)))


def judge(bench: Bench, book: Rulebook, answers: dict[str, str], found: dict[str, Any]) -> None:
    """A recommendation as JSON is what brute force says."""
    picks = book.picks(answers)
    closed = book.closed(answers)
    assumed = {name: level for name, level in closed.items() if name not in answers}
    total = sum(picks.values())
    bench.same("status", status(book, answers), (found["status"], found["pick"]))
    bench.same("possible", [name for name in book.options if name in picks], found["possible"])
    bench.same("nothing fits", NOTHING in picks, found["may_fit_nothing"])
    details = found["details"]
    shares = {pick: str(Fraction(count, total)) for pick, count in picks.items()}
    bench.same("shares", shares, details["shares"])
    bench.same("answers", answers, found["answers"])
    bench.same("assumed", assumed, found["assumed"])
    bench.same("open", [name for name in book.criteria if name not in closed], found["open"])
    bench.same("ranking", sorted(book.options), sorted(details["ranking"]))
    bench.same("criteria", [*book.criteria], [row["criterion"] for row in details["criteria"]])
    for row in details["options"]:
        ratings = {name: cell["fit"] for name, cell in row["fits"].items()}
        expected = {name: book.options[row["id"]][name][level] for name, level in closed.items()}
        bench.same(f"fits of {row['id']}", expected, ratings)
    for reason in details["forced_by"]:
        inside = {n: set(levels) for n, levels in reason["answers"].items()}
        for complete in book.completions(dict.fromkeys(book.criteria, UNSURE)):
            if all(complete[name] in levels for name, levels in inside.items()):
                bench.same("forced", found["pick"] or NOTHING, book.pick(complete))
    if found["safe_choice"]:
        bench.same("safe choice", safe(book, answers), found["safe_choice"]["option"])
    for other in details["why_not"]:
        changes(bench, book, closed, other["option"], other["instead"])


def safe(book: Rulebook, answers: dict[str, str]) -> str:
    """The option that fails for the fewest open answers; of those the likeliest; the first."""
    picks, every = book.picks(answers), book.completions(answers)
    failing = {
        option: sum(any(fits[n][level] == FAILS for n, level in c.items()) for c in every)
        for option, fits in book.options.items()
    }
    return min(book.options, key=lambda option: (failing[option], -picks[option]))


def changes(
    bench: Bench, book: Rulebook, closed: dict[str, str], option: str, ways: list[dict[str, str]]
) -> None:
    """Each change makes the option the pick, where nothing is open; and one is shown if any is."""
    if len(closed) < len(book.criteria):
        return
    for way in ways:
        bench.same(f"changing to {way}", option, book.pick(closed | way))
    can = any(
        book.pick(c) == option for c in book.completions(dict.fromkeys(book.criteria, UNSURE))
    )
    bench.same(f"ways to {option}", can, bool(ways))


def decided(bench: Bench, formats: Formats) -> None:
    """Answers lead to the pick of brute force, in whichever way and format."""
    chance = bench.chance
    book = small(bench)
    answers = some_answers(chance, book, complete=chance.random() < 0.4)
    code = ends(book, answers)
    json_ = ["--format", "json", "--details"]
    first = bench.run(*ADVISE, *flags(answers), *json_, code=code)
    found = json.loads(first.out)
    judge(bench, book, answers, found)
    shuffled = dict(chance.sample([*answers.items()], len(answers)))
    bench.write("answers.yaml", json.dumps(answers))
    bench.write("result.json", first.out)
    environment = tuple((f"TASKPICK_{name.upper()}", level) for name, level in answers.items())
    again = {
        "flags in another order": bench.run(*ADVISE, *flags(shuffled), *json_, code=code),
        "a file": bench.run(*ADVISE, "--answers", "answers.yaml", *json_, code=code),
        "a result": bench.run(*ADVISE, "--answers", "result.json", *json_, code=code),
        "the environment": bench.run(*ADVISE, *json_, env=environment, code=code),
    }
    for way, done in again.items():
        other = json.loads(done.out)
        for key in found.keys() | other.keys():
            if key != "command":
                bench.same(f"{key} by {way}", found[key], other[key])
    expected(bench, book, answers, code)
    for form in formats["advise"]:
        done = bench.run(*ADVISE, *flags(answers), "--format", form, code=code)
        names(bench, done, form, [status(book, answers)[1] or ""])


def names(bench: Bench, done: Done, form: str, options: list[str]) -> None:
    for option in options:
        if option and f"Option {option}" not in done.out and f"Option {option}" not in done.err:
            bench.fault(f"{form} does not name {option}")


def expected(bench: Bench, book: Rulebook, answers: dict[str, str], code: int) -> None:
    """`--expect` agrees with the pick, and with nothing else."""
    pick = status(book, answers)[1]
    option = bench.chance.choice([*book.options])
    right = 0 if option == pick else 1
    line = [*ADVISE, *flags(answers), "--expect", option]
    bench.run(*line, code=3 if code == 3 else right)


def explained(bench: Bench, formats: Formats) -> None:
    """What would make an option the pick makes it the pick."""
    book = small(bench)
    answers = some_answers(bench.chance, book, complete=True)
    option = bench.chance.choice([*book.options])
    line = ["explain", option, "--rules", "rules.yaml", *flags(answers), "--format"]
    for form in formats["explain"]:
        done = bench.run(*line, form, code=0)
        names(bench, done, form, [] if form == "json" else [option])
        if form == "json":
            found = json.loads(done.out)
            bench.same("the pick", book.pick(answers), found["pick"] or NOTHING)
            bench.same("is the pick", book.pick(answers) == option, found["is_pick"])
            if not found["is_pick"]:
                ways = [way["answers"] for way in found["ways"]]
                changes(bench, book, answers, option, ways)


def matrix(bench: Bench, formats: Formats) -> None:
    """The matrix is the file, in every format."""
    book = small(bench)
    for form in formats["compare"]:
        done = bench.run("compare", "--rules", "rules.yaml", "--format", form, code=0)
        names(bench, done, form, [*book.options])
        if form == "json":
            bench.same("matrix", book.options, of_matrix(json.loads(done.out)).options)


def shipped(bench: Bench, _: Formats) -> None:
    """The default rules decide as their printed matrix says."""
    book = of_matrix(json.loads(bench.run("compare", "--format", "json", code=0).out))
    answers = some_answers(bench.chance, book, complete=True)
    for name in bench.chance.sample([*book.criteria], 2):
        answers[name] = UNSURE
    done = bench.run("advise", "--no-input", *flags(answers), "--format", "json")
    found = json.loads(done.out)
    bench.same("status", status(book, answers), (found["status"], found["pick"]))


def tasks(bench: Bench, formats: Formats) -> None:
    """Several tasks at once are decided as each alone."""
    book = small(bench)
    wanted = {f"t{n}": some_answers(bench.chance, book) for n in range(bench.chance.randint(1, 4))}
    bench.write("tasks.yaml", json.dumps({"tasks": wanted}))
    done = bench.run(*ADVISE, "--answers", "tasks.yaml", "--format", "json")
    for row in json.loads(done.out)["tasks"]:
        answers = wanted[row["task"]]
        bench.same(f"task {row['task']}", status(book, answers), (row["status"], row["pick"]))
    for form in formats["advise"]:
        bench.run(*ADVISE, "--answers", "tasks.yaml", "--format", form, code=done.code)  # type: ignore[arg-type]


def asked(bench: Bench, _: Formats) -> None:
    """Answers typed one by one lead to what brute force says of them."""
    book = small(bench)
    answers = some_answers(bench.chance, book, complete=True)
    bench.write("answers.yaml", json.dumps(dict([*answers.items()][1:])))
    name = next(iter(book.criteria))
    number = 1 + book.criteria[name].levels.index(answers[name])
    line = ["advise", "--plain", "--all", "--rules", "rules.yaml", "--answers", "answers.yaml"]
    done = bench.run(*line, "--format", "json", stdin=f"{number}\n\n\n".encode())
    if done.out:
        found = json.loads(done.out)
        bench.same("typed", status(book, answers), (found["status"], found["pick"]))
    else:
        bench.fault("asked, and printed nothing")


def drawn(bench: Bench, formats: Formats) -> None:
    """The tree names the picks that its answers can lead to, and no other option."""
    book = small(bench)
    wide = bench.chance.random() < 0.5
    unknown = dict.fromkeys(book.criteria, UNSURE) if wide else {}
    picks = book.picks(unknown)
    for form in formats["rules tree"]:
        words = ["rules", "tree", "rules.yaml", "--format", form, *(["--all"] if wide else [])]
        done = bench.run(*words, code=0)
        found = {name for name in book.options if f"Option {name}" in done.out}
        bench.same(f"picks in the {form}", {*picks} - {NOTHING}, found)


def differing(bench: Bench, formats: Formats) -> None:
    """Two files differ for as many answers as brute force counts; a file and itself for none."""
    chance = bench.chance
    book = small(bench)
    bench.run("rules", "diff", "rules.yaml", "rules.yaml", code=0)
    other = changed(chance, book)
    bench.write("new.yaml", other.text(Words(chance)))
    everything = book.completions(dict.fromkeys(book.criteria, UNSURE))
    count = sum(book.pick(complete) != other.pick(complete) for complete in everything)
    for form in formats["rules diff"]:
        done = bench.run("rules", "diff", "rules.yaml", "new.yaml", "--format", form)
        bench.same("exit code of rules diff", done.code in (0, 1), True)
        if form == "json":
            found = json.loads(done.out)
            bench.same("answer sets that change", count, found["changed"])
            moved = sum(change["answer_sets"] for change in found["changes"])
            bench.same("answer sets in the changes", count, moved)


def changed(chance: random.Random, book: Rulebook) -> Rulebook:
    """The rules with one fit turned into another."""
    options = {o: {c: dict(row) for c, row in fits.items()} for o, fits in book.options.items()}
    row = chance.choice([*chance.choice([*options.values()]).values()])
    level = chance.choice([*row])
    row[level] = chance.choice([r for r in (FITS, STRAINS, FAILS) if r != row[level]])
    if set(row.values()) == {FAILS}:
        row[level] = STRAINS if row[level] == FITS else FITS
    return book._replace(options=options)


def checked(bench: Bench, formats: Formats) -> None:
    """Options never picked are found; cases hold that have the pick of brute force."""
    chance = bench.chance
    book = small(bench)
    every = book.picks(dict.fromkeys(book.criteria, UNSURE))
    for form in formats["rules check"]:
        done = bench.run("rules", "check", "rules.yaml", "--format", form)
        if form == "json":
            found = {
                finding["subject"]["option"]
                for finding in json.loads(done.out)["files"][0]["findings"]
                if finding["check"] in ("option-never-picked", "options-equal")
            }
            bench.same("never picked", {*book.options} - {*every}, found)
    answers = some_answers(chance, book, complete=True)
    wrong = chance.random() < 0.5
    picks = [book.pick(answers)]
    if wrong:
        picks = [name for name in [*book.options, NOTHING] if name != picks[0]]
    tree = book.tree(Words(chance))
    tree["cases"] = [{"need": "a need", "answers": answers, "pick": chance.choice(picks)}]
    bench.write("rules.yaml", json.dumps(tree))
    for form in formats["rules test"]:
        bench.run("rules", "test", "rules.yaml", "--format", form, code=int(wrong))
