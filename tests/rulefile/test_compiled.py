"""A rule file that was compiled is the same one, and what is none is refused."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples, rules

from taskpick.rulefile import bundled, compiled
from taskpick.rulefile.model import Rating


@pytest.mark.parametrize("name", bundled.names())
def test_a_bundled_rule_file_is_the_same(name: str) -> None:
    made = bundled.load(name)

    again = compiled.loads(compiled.dumps(made))

    assert type(again) is type(made)
    assert tuple(again) == tuple(made)
    for option in again.options.values():
        assert isinstance(option.fits, MappingProxyType)
        assert all(
            fit.rating in list(Rating) and type(fit.rating) is Rating
            for row in option.fits.values()
            for fit in row.values()
        )


@examples(100)
@given(rules())
def test_any_rules_are_the_same(made) -> None:
    assert tuple(compiled.loads(compiled.dumps(made))) == tuple(made)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.tuples))
def test_any_text_and_number_is_the_same(value: object) -> None:
    assert compiled.loads(compiled.dumps(value)) == value


def test_no_more_is_compiled_than_rule_files_have() -> None:
    for value in (1.5, ["list"], b"bytes", object()):
        with pytest.raises(TypeError, match="no value of a rule file"):
            compiled.dumps((value,))
