"""What is kept of a bundled file is used for exactly that file, and made anew if it is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from taskpick.rulefile import bundled, cache, reader
from taskpick.starter import template_parser, templates

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The rule files of an installed taskpick: one, with a template."""
    folder = tmp_path / "rules"
    (folder / "starter").mkdir(parents=True)
    (folder / "starter/t.jinja").write_text("{% if a %}yes{% else %}no{% endif %}")
    (folder / "small.yaml").write_bytes((DATA / "rules/valid/small.yaml").read_bytes())
    monkeypatch.setattr(cache, "PACKAGED", folder)
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    templates._parsed.cache_clear()
    return folder


def kept(packaged: Path) -> list[str]:
    return sorted(path.name.split(".cpython")[0] for path in packaged.glob("__pycache__/*"))


def rendered(packaged: Path) -> str:
    templates._parsed.cache_clear()
    return templates.Renderer(packaged).render("starter/t.jinja", {"a": True})


def no_more(*arguments: object) -> None:
    raise AssertionError("made anew")


def test_what_is_kept_is_used_again_even_where_nothing_may_be_written(
    packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = bundled.load(packaged / "small.yaml")
    assert rendered(packaged) == "yes"
    assert kept(packaged) == ["small.yaml", "starter.t.jinja"]

    monkeypatch.setattr(reader, "load", no_more)
    monkeypatch.setattr(template_parser, "parse", no_more)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert bundled.load(packaged / "small.yaml").title == rules.title
    assert rendered(packaged) == "yes"


def test_nothing_is_kept_where_python_keeps_nothing(
    packaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    bundled.load(packaged / "small.yaml")
    assert rendered(packaged) == "yes"
    assert kept(packaged) == []


def test_nothing_is_kept_of_a_stranger_s_files(packaged: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    packaged.rename(other)
    bundled.load(other / "small.yaml")
    assert rendered(other) == "yes"
    assert kept(other) == kept(packaged) == []


def test_what_is_kept_and_broken_is_made_anew(packaged: Path) -> None:
    first = bundled.load(packaged / "small.yaml")
    assert rendered(packaged) == "yes"
    for path in (packaged / "__pycache__").iterdir():
        whole = path.read_bytes()
        for broken in (b"", whole[:-1], whole[:-9], b"x" + whole):
            path.write_bytes(broken)

            assert bundled.load(packaged / "small.yaml").title == first.title
            assert rendered(packaged) == "yes"


def test_an_edited_file_is_read_anew(packaged: Path) -> None:
    bundled.load(packaged / "small.yaml")
    assert rendered(packaged) == "yes"
    for name, old, new in (("small.yaml", "to carry", "to put"), ("starter/t.jinja", "yes", "aye")):
        path = packaged / name
        path.write_text(path.read_text().replace(old, new))

    assert bundled.load(packaged / "small.yaml").title == "What to put it in"
    assert rendered(packaged) == "aye"


def test_another_installation_is_not_believed(packaged: Path, monkeypatch) -> None:
    cache.write(packaged / "small.yaml", b"key", b"data")
    assert cache.read(packaged / "small.yaml", b"key") == b"data"
    assert cache.read(packaged / "small.yaml", b"ke") is None
    monkeypatch.setattr(cache, "__version__", "99")
    assert cache.read(packaged / "small.yaml", b"key") is None
