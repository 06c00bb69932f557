"""A rule file that is a folder: its parts are one rule file, and nothing outside it is read."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest
import seeds

from taskpick.problems import InvalidRules, Refused, Source, concise
from taskpick.rulefile import bundled, files, reader

MAIN = """\
format: taskpick/1
title: What to carry it in
criteria:
  size:
    question: How much is it?
    why: A bag is small.
    levels: {small: One book, large: Ten books}
options: [bag, box]
cases: cases.yaml
"""
BAG = """\
name: Bag
fits:
  size: {source: carried, small: fits, large: {fails: It tears.}}
notes:
  - when: {size: small}
    say: Mind the rain.
    source: seen
"""
BOX = "name: Box\nfits:\n  size: {source: carried, small: {strains: It is heavy.}, large: fits}\n"
CASES = "- {need: Read on the way, answers: {size: small}, pick: bag}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small rule file in parts."""
    made = tmp_path / "carry"
    (made / "options").mkdir(parents=True)
    (made / "rules.yaml").write_text(MAIN)
    (made / "options" / "bag.yaml").write_text(BAG)
    (made / "options" / "box.yaml").write_text(BOX)
    (made / "cases.yaml").write_text(CASES)
    return made


def problems(path: Path) -> list[str]:
    """What is wrong there, with the names of the files as seen from the folder."""
    with pytest.raises(InvalidRules) as invalid:
        reader.load(path)
    return [concise(each).removeprefix(f"{path}/") for each in invalid.value.problems]


def test_a_folder_is_read_as_one_rule_file(folder: Path) -> None:
    rules = reader.load(folder)

    assert list(rules.options) == ["bag", "box"]
    assert [(note.option, note.say) for note in rules.notes] == [("bag", "Mind the rain.")]
    assert [case.pick for case in rules.cases] == ["bag"]
    assert list(reader.load(folder / "rules.yaml").options) == list(rules.options)


def test_every_value_knows_the_file_it_is_in(folder: Path) -> None:
    rules = reader.load(folder)
    fit = rules.options["box"].fits["size"]["small"]

    assert fit.span.file == str(folder / "options" / "box.yaml")
    assert rules.source_of(fit.span).line(fit.span.line).endswith("large: fits}")
    assert rules.cases[0].span.file == str(folder / "cases.yaml")
    assert rules.criteria["size"].span.file == str(folder / "rules.yaml")


def test_problems_of_all_files_are_told_at_once_each_in_its_file(folder: Path) -> None:
    (folder / "rules.yaml").write_text(MAIN.replace("title:", "titel:"))
    (folder / "options" / "bag.yaml").write_text(BAG.replace("small: fits, ", ""))
    (folder / "options" / "box.yaml").write_text(BOX.replace("Box", "Box\nnotes: heavy"))
    (folder / "cases.yaml").write_text(CASES.replace("pick: bag", "pick: sack"))

    assert problems(folder) == [
        "rules.yaml:1:1: the key 'title' is missing (what is decided)",
        "rules.yaml:2:1: unknown key 'titel' (did you mean 'title'?)",
        "options/box.yaml:2:8: expected a list, found 'heavy'",
        "options/bag.yaml:3:3: option 'bag' has no fit for 'size: small' (add 'small:' here)",
        "cases.yaml:1:57: unknown option: 'sack' (known: bag, box, nothing-fits)",
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("gone", "cannot read 'options/gone.yaml': No such file or directory"),
        ("../bag", "'../bag' must be one word of letters, digits and . + -"),
        ("/etc/passwd", "'/etc/passwd' must be one word of letters, digits and . + -"),
        ("out", "cannot read 'options/out.yaml': it points outside the folder of the rule file"),
        ("pipe", "cannot read 'options/pipe.yaml': it is not a regular file"),
        ("bag, bag", "duplicate option 'bag' (the first one is on line 8)"),
    ],
)
def test_only_files_of_the_folder_are_read(folder: Path, name: str, found: str) -> None:
    (folder.parent / "out.yaml").write_text(BOX)
    (folder / "options" / "out.yaml").symlink_to(folder.parent / "out.yaml")
    os.mkfifo(folder / "options" / "pipe.yaml")
    (folder / "rules.yaml").write_text(MAIN.replace("box", name))

    assert problems(folder)[0].split(": ", 1)[1].startswith(found)


@pytest.mark.parametrize("name", ["../cases.yaml", "sub/cases.yaml", "cases", "/cases.yaml"])
def test_the_cases_are_in_a_yaml_file_beside_the_main_one(folder: Path, name: str) -> None:
    (folder / "rules.yaml").write_text(MAIN.replace("cases.yaml", name))

    assert problems(folder) == [
        f"rules.yaml:9:8: '{name}' must be a list, or the name of a YAML file beside this one"
    ]


def test_the_files_together_are_as_large_as_one_may_be(folder: Path) -> None:
    half = "#" * (files.LARGEST // 2 - 300)
    for name in ("bag", "box"):
        path = folder / "options" / f"{name}.yaml"
        path.write_text(path.read_text() + half)

    assert reader.load(folder)
    (folder / "cases.yaml").write_text(CASES + "#" * 600)
    assert problems(folder) == ["rules.yaml:9:8: the files together are larger than 1024 KiB"]


def test_a_text_without_its_folder_says_what_it_lacks() -> None:
    with pytest.raises(InvalidRules, match="cannot be read without its folder"):
        reader.read(Source("rules.yaml", MAIN))


@pytest.mark.parametrize("name", ["options/bag.yaml", "cases.yaml", "rules.yaml", ""])
def test_a_part_is_checked_with_the_folder_that_it_belongs_to(taskpick, folder, name) -> None:
    checked = taskpick(f"rules check {folder / name} {folder / 'options' / 'box.yaml'}")

    assert checked == taskpick(f"rules check {folder}")
    assert checked.out.count("in 2 answer sets") == 1


def test_a_file_beside_a_folder_that_it_has_no_part_in_stands_alone(folder: Path) -> None:
    other = folder / "other.yaml"
    other.write_text(CASES)

    assert files.whole(other) == other
    assert files.whole(folder / "cases.yaml") == folder / "rules.yaml"


def test_one_file_and_a_folder_decide_the_same(taskpick, folder: Path) -> None:
    one = folder.parent / "one.yaml"
    one.write_text(seeds.joined(folder))
    shown = [
        taskpick(f"advise --rules {path} --size large --format json") for path in (folder, one)
    ]

    assert {each.code for each in shown} == {0}
    assert taskpick(f"rules diff {one} {folder}").out == "No pick changes in 2 answer sets\n"


def test_every_command_for_rule_files_takes_a_folder(taskpick, folder: Path) -> None:
    (folder / "options" / "bag.yaml").write_text(
        BAG.replace("It tears.", "It tears").replace("fails", "strains")
    )
    checked = taskpick(f"rules check {folder}")

    assert f"{folder}/options/box.yaml:" in checked.out
    assert taskpick(f"rules tree {folder}").code == 0
    assert taskpick(f"rules test {folder}").code == 0
    record = folder.parent / "record.md"
    taskpick(f"advise --rules {folder} --size small --format markdown --output {record}")
    assert taskpick(f"verify {record}").code == 0


def test_a_folder_is_read_from_a_revision_of_git(
    taskpick, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "First"]):
        subprocess.run(["git", *command], check=True)
    (folder / "options" / "bag.yaml").write_text(BAG.replace("{fails: It tears.}", "fits"))
    shown = taskpick("rules diff HEAD:carry ./carry")

    assert "carry/options/bag.yaml:3:" in shown.out
    assert "box → bag: 1 answer set" in shown.out
    assert taskpick("rules diff HEAD:./carry/rules.yaml HEAD:carry").code == 0
    assert "cannot read 'HEAD:none'" in taskpick("rules diff HEAD:none HEAD:carry").err


def test_a_bundled_name_means_the_bundled_file(
    taskpick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "background-tasks").mkdir()
    (tmp_path / "python-cli").write_text("")

    assert bundled.find("background-tasks") == bundled.default()
    assert taskpick("rules check background-tasks python-cli").code == 0
    with pytest.raises(Refused, match="no rule file is called 'mine'") as refused:
        bundled.find("mine")
    assert refused.value.hint.endswith("such as ./rules.yaml")
    (tmp_path / "mine").mkdir()
    with pytest.raises(Refused) as refused:
        bundled.find("mine")
    assert refused.value.hint.endswith("such as ./mine")
    assert bundled.find("./mine") == tmp_path.joinpath("mine").relative_to(tmp_path)


@pytest.mark.parametrize("named", ["./background-tasks", "background-tasks/"])
def test_a_path_never_means_a_bundled_file(
    taskpick, folder: Path, tmp_path: Path, named: str
) -> None:
    assert taskpick(["rules", "check", named]).code == 2
    with pytest.raises(FileNotFoundError):
        bundled.load(Path("background-tasks"))
    folder.rename(tmp_path / "background-tasks")

    for command in ("advise --no-input --rules", "rules tree"):
        assert "How much is it?" in taskpick(f"{command} {named}").out
    assert bundled.load(named).title == "What to carry it in"


@pytest.mark.parametrize("name", ["background-tasks", "mine", "my own"])
def test_a_command_to_copy_means_the_file_that_it_is_about(taskpick, name: str) -> None:
    made = taskpick(["rules", "new", name])
    asked = taskpick(["advise", "--no-input", "--rules", f"./{name}"])

    check = shlex.split(made.err.splitlines()[-1].removeprefix("taskpick: next: taskpick"))
    go_on = shlex.split(asked.err.splitlines()[-1].removeprefix("taskpick: go on with: taskpick"))
    assert taskpick(check).out == "0 errors and 0 warnings in 8 answer sets\n"
    assert go_on[:3] == ["advise", "--rules", f"./{name}"]


@pytest.mark.parametrize("command", ["advise --rules", "advise --answers", "record refresh"])
@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_may_never_end_is_refused(taskpick, tmp_path: Path, kind: str, command: str) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    path = {"pipe": tmp_path / "pipe.yaml", "device": "/dev/zero"}[kind]
    done = taskpick(f"{command} {path}")

    assert (done.code, done.err) == (
        2,
        f"taskpick: error: cannot read '{path}': it is not a regular file\n",
    )


def test_what_may_never_end_cannot_be_verified(taskpick, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    done = taskpick("verify pipe.md")

    assert "pipe.md:1:1: could not be checked: it cannot be read: it is not a" in done.out
    assert done.code == 2


def test_a_pipe_that_the_shell_opens_is_read(folder: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, seeds.joined(folder).encode())
    os.close(writing)

    assert reader.load(f"/dev/fd/{reading}").title == "What to carry it in"
    os.close(reading)
