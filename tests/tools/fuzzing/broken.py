"""Valid input, broken in every way: bytes cut out, doubled, moved; words that nobody knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from places import DATA

if TYPE_CHECKING:
    import random

    from fuzzing.bench import Bench

RULES = (DATA / "screens/commute.yaml").read_bytes()
ANSWERS = b"distance: medium\nluggage: little\nweather: dry\nparking: anything\n"
TASKS = b"tasks:\n  office: {distance: near, weather: dry, luggage: little, pick: walk}\n"
LINES = b"2\n1\n?\nb\n2\n1\n1\n\n"
PIECES = [
    *(b"", b" ", b"\n", b"\r\n", b"\t", b":", b": ", b"- ", b"{", b"}", b"[", b"]", b"#", b"'"),
    *(b'"', b"&a ", b"*a", b"!!python/object:os.system ", b"<<: ", b"---\n", b"...\n", b"|\n"),
    *(b"\x00", b"\x1b[31m", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", "\u202e".encode(), b"%"),
    *("\u05e9\U0001f600\u0301".encode(), b"unsure", b"pick: ", b"tasks:\n", b"taskpick:\n"),
    *(b"<!-- taskpick more 00000000 -->", b"<!-- /taskpick more -->", b"A" * 5000, b"[" * 200),
    *(
        b"<<<<<<< HEAD\n",
        b"\xc2\x9b31m",
        "\u2028".encode(),
        b"{{ 7 * 7 }}",
        b"https://e.example/<b>",
    ),
]
WORDS = [
    *("--distance", "--luggage=much", "--weather", "dry", "unsure", "--rules", "rules.yaml"),
    *("--answers", "answers.yaml", "-", "--format", "json", "sarif", "--output", "out.txt"),
    *("--expect", "walk", "--no-input", "--plain", "--quick", "--all", "--save-answers", "--"),
    *("--force", "-f", "-o", "docs/", "", "\x1b[31m", "--decider", "\udcff", "x" * 3000, "-h"),
    *("advise", "compare", "verify", "record", "refresh", "help", "rules", "check", "*.yaml"),
    *("explain", "walk", "starter", "tree", "test", "diff", "new", "schema", "\u202e", "--list"),
]
RIDE = ["--distance", "medium", "--luggage", "little", "--weather", "dry"]
READ = [
    ["advise", "--rules", "rules.yaml", "--no-input", *RIDE, "--format"],
    ["compare", "--rules", "rules.yaml", "--format"],
    ["explain", "walk", "--rules", "rules.yaml", *RIDE, "--format"],
    ["rules", "check", "rules.yaml", "--format"],
    ["rules", "test", "rules.yaml", "--format"],
    ["rules", "tree", "rules.yaml", "--format"],
    ["rules", "diff", "rules.yaml", "good.yaml", "--format"],
    ["verify", "x.md", "--format"],
]
"""What reads the rule file, each in every format."""


def edited(chance: random.Random, data: bytes) -> bytes:
    """The bytes with a few places cut out, doubled, moved or filled with something."""
    for _ in range(chance.choice([1, 1, 2, 3, 8])):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.choice([0, 1, 2, 10, 100]))
        middle = chance.choice([b"", chance.choice(PIECES), data[start:end] * 2, data[end:start]])
        data = data[:start] + middle + data[end:]
    return data


def misspelt(chance: random.Random, data: bytes) -> bytes:
    """The answers with one of their words misspelt."""
    words = [b"distance", b"medium", b"luggage", b"little", b"weather", b"dry", b"near"]
    word = chance.choice([word for word in words if word in data])
    return data.replace(word, word + chance.choice([b"x", b"q", b"zz"]), 1)


def inputs(bench: Bench, formats: dict[str, list[str]]) -> None:
    """One broken input of any kind: it may be refused, never misread."""
    chance = bench.chance
    for name, data in {"rules": RULES, "good": RULES, "answers": ANSWERS, "tasks": TASKS}.items():
        bench.write(f"{name}.yaml", data)
    bench.run("advise", "--rules", "rules.yaml", "--no-input", *RIDE, *RECORD, code=0)
    record = (bench.folder / "x.md").read_bytes()
    kinds = [rules, rules, answers, answers, piped, words, environment]
    chance.choice([*kinds, lambda bench, _: records(bench, record)])(bench, formats)


RECORD = ["--format", "markdown", "-o", "x.md"]


def rules(bench: Bench, formats: dict[str, list[str]]) -> None:
    bench.write("rules.yaml", edited(bench.chance, RULES))
    line = bench.chance.choice(READ)
    command = " ".join(line[:2] if line[0] == "rules" else line[:1])
    bench.run(*line, bench.chance.choice(formats[command]))


def answers(bench: Bench, _: object) -> None:
    name, data = bench.chance.choice([("answers.yaml", ANSWERS), ("tasks.yaml", TASKS)])
    wrong = bench.chance.random() < 0.4
    bench.write(name, (misspelt if wrong else edited)(bench.chance, data))
    advise = ["advise", "--rules", "rules.yaml", "--no-input", "--format", "json", "--answers"]
    verb = bench.chance.choice([advise, ["verify", "--rules", "rules.yaml"]])
    bench.run(*verb, name, code=2 if wrong else None)


def records(bench: Bench, record: bytes) -> None:
    start, end = record.index(b"\nanswers:"), record.index(b"\nparts:")
    wrong = bench.chance.random() < 0.4
    made = edited(bench.chance, record)
    if wrong:
        made = record[:start] + misspelt(bench.chance, record[start:end]) + record[end:]
    bench.write("x.md", made)
    advise = ["advise", "--rules", "rules.yaml", "--no-input", "--format", "json", "--answers"]
    verb = bench.chance.choice([["verify"], ["record", "refresh"], advise])
    bench.run(*verb, "x.md", code=2 if wrong else None)


def words(bench: Bench, _: object) -> None:
    some = bench.chance.choices(WORDS, k=bench.chance.randint(1, 8))
    before = bench.chance.choice([[], ["advise"], ["verify"], ["explain"], ["rules"], ["starter"]])
    bench.run(*before, *some)


def environment(bench: Bench, _: object) -> None:
    chance = bench.chance
    name = chance.choice(["DISTANCE", "LUGAGE", "RULES", "WEATHER", "X", "NO_COLOR", ""])
    value = chance.choice(["near", "neer", "", "\x1b", "rules.yaml", "x" * 3000])
    bad = (name, value) in [("DISTANCE", "neer"), ("LUGAGE", "near"), ("X", "near")]
    line = ["advise", "--no-input", "--rules", "rules.yaml", "--luggage", "little"]
    bench.run(*line, env=((f"TASKPICK_{name}", value),), code=2 if bad else None)


def piped(bench: Bench, _: object) -> None:
    line = ["advise", "--plain", "--rules", "rules.yaml", "--format", "json"]
    bench.run(*line, stdin=edited(bench.chance, LINES))
