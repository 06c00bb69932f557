"""What is written: records, answers, starters, files of any size, with texts of any kind."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

from fuzzing.compared import ADVISE, Formats, changed, small, status
from fuzzing.rulebook import LARGEST, NOTHING, PICKED, SMALL, Words, flags, grown, some_answers

if TYPE_CHECKING:
    from fuzzing.bench import Bench

OWN = re.compile(r"\s*<!--((?!-->|<!--|taskpick x).)*-->\s*|<br>", re.DOTALL)
"""The HTML that the program itself writes: one comment, or the end of a line in a table."""

ELEMENTS = {
    *("svg", "title", "desc", "g", "rect", "path", "text", "tspan", "style"),
    *("testsuites", "testsuite", "testcase", "failure", "error", "skipped", "system-out"),
}
"""The elements that the program writes in pictures and reports."""
HIDDEN = ["\x1b[31mred", "\u202eabc", "a\x9bb", "x\u2028y", "\x07", "a\u200fb", "\x1b]0;title\x07"]
"""Texts that a terminal obeys, or that are not read in the order in which they are written."""


def recorded(bench: Bench, formats: Formats) -> None:
    """A record holds until what it rests on changes; none takes the number of another."""
    chance = bench.chance
    book = small(bench)
    answers = some_answers(chance, book, complete=True)
    if status(book, answers)[0] != PICKED:
        return
    write = [*ADVISE, *flags(answers), "--format", "markdown", "--output", "docs/"]
    first = bench.run(*write, code=0)
    second = bench.run(*write, "--force", code=0)
    numbers = [re.findall(r"docs/(\d+)-", name) for name in [*first.written, *second.written]]
    bench.same("numbers of records", [["0001"], ["0002"]], numbers)
    for form in formats["verify"]:
        bench.run("verify", "docs", "--format", form, code=0)
    before = bench.files()
    bench.run("record", "refresh", *first.written, code=0)
    bench.same("files after a needless refresh", before, bench.files())
    bench.same("saved answers", answers, saved(bench, answers))
    other = changed(chance, book)
    bench.write("rules.yaml", other.text(Words(chance)))
    pick, now = book.pick(answers), other.pick(answers)
    for form in formats["verify"]:
        done = bench.run("verify", "docs", "--format", form, code=int(pick != now))
        if form == "json":
            for result in json.loads(done.out)["results"]:
                bench.same("then and today", (pick, now), (result["then"], result["today"]))


def saved(bench: Bench, answers: dict[str, str]) -> dict[str, str]:
    """The answers as the program saves and reads them."""
    bench.run(*ADVISE, *flags(answers), "--save-answers", "saved.yaml")
    done = bench.run(*ADVISE, "--answers", "saved.yaml", "--format", "json")
    found: dict[str, str] = json.loads(done.out)["answers"]
    return found


def started(bench: Bench, formats: Formats) -> None:
    """A starter is what its dry run says, whole, with the answers in it; nothing is replaced."""
    chance = bench.chance
    book = grown(chance, SMALL)
    tree = book.tree(Words(chance))
    option, name = next(iter(book.options)), next(iter(book.criteria))
    tree["options"][option]["starter"] = "kit"
    bench.write("rules.yaml", json.dumps(tree))
    bench.write("kit/project/app.py.jinja", f"ANSWER = {{{{ answers.{name}|json }}}}\n")
    bench.write("kit/project/notes.txt.jinja", "{{ option.name }} {{ title }}\n")
    bench.write("kit/commands.jinja", "web: python app.py\n")
    answers = some_answers(chance, book, complete=True)
    line = ["starter", option, "out", "--rules", "rules.yaml", *flags(answers)]
    planned = bench.run(*line, "--dry-run", code=0)
    bench.same("written by a dry run", {}, planned.written)
    made = bench.run(*line, code=0)
    names = sorted(path.removeprefix("out/") for path in made.written)
    bench.same("files of the starter", planned.out.split(), names)
    text = made.written.get("out/app.py", b"").decode()
    bench.same("the answer in the starter", f'ANSWER = "{answers[name]}"\n', text)
    bench.write("out/app.py", "mine\n")
    bench.run(*line, code=2)
    bench.same("a file that was there", b"mine\n", bench.files()["out/app.py"])
    bench.run(*line, "--force", code=0)
    bench.run("starter", "--list", "--rules", "rules.yaml", code=0)
    compared_starters(bench, formats, tree, [*book.options])


def compared_starters(bench: Bench, formats: Formats, tree: Any, options: list[str]) -> None:
    """Two starters differ by the files that they do not share."""
    if len(options) < 2:
        return
    first, second = options[:2]
    tree["options"][second]["starter"] = "other"
    bench.write("rules.yaml", json.dumps(tree))
    bench.write("other/project/own.txt", "own\n")
    bench.write("other/commands.jinja", "web: python own.py\n")
    own = {"subject": "files of its own", first: ["app.py", "notes.txt"], second: ["own.txt"]}
    for form in formats["starter"]:
        line = ["starter", "--compare", first, second, "--rules", "rules.yaml", "--format", form]
        done = bench.run(*line, code=0)
        bench.same(f"own.txt in the {form}", True, "own.txt" in done.out)
        if form == "json":
            bench.same("what differs", [own], json.loads(done.out)["differences"])


_PROBE = """\
# /// script
# [tool.taskpick]
# claims = ["claim"]
# ///
print({text})
"""


def probed(bench: Bench, formats: Formats) -> None:
    """A claim holds, has changed or was not measured, as its script says; none runs unasked."""
    book = small(bench)
    option = next(iter(book.options))
    said = bench.chance.choice([True, False, None])
    report = json.dumps({"claim": "claim", "holds": said, "seen": "so"}) if said is not None else ""
    bench.write(f"probes/{option}/script.py", _PROBE.format(text=repr(report)))
    line = ["rules", "probe", option, "--rules", "rules.yaml"]
    bench.run(*line, code=2)
    outcome, code = {True: ("holds", 0), False: ("changed", 1), None: ("could-not-run", 2)}[said]
    for form in formats["rules probe"]:
        done = bench.run(*line, "--run-code", "--format", form, code=code)
        if form == "json":
            found = [claim["outcome"] for claim in json.loads(done.out)["claims"]]
            bench.same("outcomes", [outcome], found)


def new(bench: Bench, formats: Formats) -> None:
    """A new rule file is in order, and every command knows its help."""
    bench.run("rules", "new", "mine.yaml", code=0)
    bench.run("rules", "new", "mine.yaml", code=2)
    bench.run("rules", "check", "mine.yaml", code=0)
    bench.run("rules", "test", "mine.yaml", code=0)
    json.loads(bench.run("rules", "schema", code=0).out)
    bench.run("--version", code=0)
    for command in formats:
        bench.run(*command.split(), "--help", code=0)
        bench.run("help", *command.split(), code=0)


_CODE = """
from celery import Celery

app = Celery({text})


@app.task(name={text})
def work(text):
    print({text})


def begin():
    work.apply_async(args=[{text}], queue={text})
"""
"""A program with background work, and with any text in it."""


def hostile(bench: Bench, formats: Formats) -> None:
    """Texts that mean something else are texts in every format."""
    chance = bench.chance
    book = grown(chance, SMALL)
    tree = book.tree(Words(chance, nasty=0.7))
    words = Words(chance, nasty=0.7)
    tree["cases"] = [{"need": words("need"), "answers": {}, "pick": NOTHING}]
    for option in tree["options"].values():
        option["facts"] = {words("fact")[:100]: words("value")}
        option["name"] = option["name"].replace("\n", " ")
    bench.write("rules.yaml", json.dumps(tree, ensure_ascii=False))
    bench.write("old.yaml", changed(chance, book).text(Words(chance, nasty=0.5)))
    answers = some_answers(chance, book)
    option = chance.choice([*book.options])
    lines = {
        "advise": [*ADVISE, *flags(answers)],
        "compare": ["compare", "--rules", "rules.yaml"],
        "explain": ["explain", option, "--rules", "rules.yaml", *flags(answers)],
        "rules check": ["rules", "check", "rules.yaml"],
        "rules test": ["rules", "test", "rules.yaml"],
        "rules tree": ["rules", "tree", "rules.yaml"],
        "rules diff": ["rules", "diff", "old.yaml", "rules.yaml"],
    }
    for command, line in lines.items():
        for form in formats[command]:
            text_is_text(bench, form, bench.run(*line, "--format", form).out)
    bench.write("app.py", _CODE.format(text=json.dumps(words("text"))))
    for form in formats["scan"]:
        text_is_text(bench, form, bench.run("scan", ".", "--format", form).out)
    if status(book, answers)[0] == PICKED:
        bench.run(*lines["advise"], "--format", "markdown", "--output", "docs/", code=0)
        for form in formats["verify"]:
            text_is_text(bench, form, bench.run("verify", "docs", "--format", form, code=0).out)


def named(bench: Bench, formats: Formats) -> None:
    """What the command line, the environment and the names of files hold is only shown."""
    chance = bench.chance
    book = small(bench)
    nasty = chance.choice(HIDDEN)
    name = bench.write(f"{chance.choice(HIDDEN)}.yaml", book.text(Words(chance)))
    answers = some_answers(chance, book, complete=True)
    bench.write("answers.yaml", json.dumps({**answers, nasty: nasty}))
    for command in formats:
        words = command.split()
        bench.run(*words, nasty)
        bench.run(*words, f"--{nasty}", nasty)
        bench.run(*words, "--format", nasty)
    bench.run(nasty)
    bench.run("help", nasty)
    bench.run(*ADVISE, "--answers", "answers.yaml", code=2)
    bench.run(*ADVISE, "--expect", nasty, code=2)
    bench.run("advise", "--no-input", "--rules", name, *flags(answers))
    bench.run("rules", "check", name)
    bench.run("rules", "diff", "rules.yaml", name)
    bench.run(*ADVISE, env=((f"TASKPICK_{next(iter(book.criteria)).upper()}", nasty),), code=2)


def text_is_text(bench: Bench, form: str, out: str) -> None:
    """What a reader of the format takes for more than text is the program's own."""
    if form in ("json", "sarif") and out:
        json.loads(out)
    elif form in ("svg", "junit"):
        tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(out).iter()}
        bench.same(f"elements of the {form}", set(), tags - ELEMENTS)
    elif form == "github":
        for line in out.splitlines():
            if "::" in line and not re.match(r"::(error|warning|notice)( [^:]*)?::", line):
                bench.same("a workflow command within a line", False, line.startswith("::"))
    elif form == "markdown":
        markdown_is_text(bench, out)


def markdown_is_text(bench: Bench, out: str) -> None:
    """No element, picture or link in it comes from a text of the rule file."""
    from markdown_it import MarkdownIt

    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(out):
        for part in [token, *(token.children or [])]:
            if part.type in ("html_inline", "html_block") and not OWN.fullmatch(part.content):
                bench.fault(f"HTML in Markdown: {part.content!r}"[:200])
            if part.type == "image":
                bench.fault(f"a picture in Markdown: {part.attrs}"[:200])
            if part.type == "link_open" and "example.com" not in str(part.attrs["href"]):
                bench.fault(f"a link in Markdown: {part.attrs}"[:200])


def large(bench: Bench, formats: Formats) -> None:
    """At the limits of the reader each command ends soon: with a result or in words."""
    chance = bench.chance
    book = grown(chance, LARGEST, full=True)
    bench.write("rules.yaml", book.text(Words(chance, nasty=0.01, longer=chance.choice([1, 2]))))
    bench.write("new.yaml", changed(chance, book).text(Words(chance)))
    answers = some_answers(chance, book, complete=True)
    unsure = dict(chance.sample([*answers.items()], 8))
    option = chance.choice([*book.options])
    form = {command: chance.choice(forms) for command, forms in formats.items() if forms}
    done = bench.run(*ADVISE, *flags(answers), "--format", "json")
    bench.same("the pick at the limits", status(book, answers)[1], json.loads(done.out)["pick"])
    rules = ["--rules", "rules.yaml"]
    lines = [
        ["advise", *rules, "--no-input", *flags(unsure), "--format", form["advise"]],
        ["advise", *rules, "--plain", "--quick"],
        ["explain", option, *rules, *flags(answers), "--format", form["explain"]],
        ["compare", *rules, "--format", form["compare"]],
        ["rules", "check", "rules.yaml", "--format", form["rules check"]],
        ["rules", "test", "rules.yaml", "--format", form["rules test"]],
        ["rules", "diff", "rules.yaml", "new.yaml", "--format", form["rules diff"]],
        ["rules", "tree", "rules.yaml", "--format", form["rules tree"]],
    ]
    bench.run(*chance.choice(lines))
