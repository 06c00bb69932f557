"""Small random rule files, for tests that compare with brute force over every answer set."""

from __future__ import annotations

from itertools import product

from hypothesis import settings
from hypothesis import strategies as st

from taskpick.problems import Source, Span
from taskpick.rulefile.model import NOTHING_FITS, Case, Criterion, Fit, Level, Option, Rating, Rules

RATINGS = [Rating.FITS, Rating.STRAINS, Rating.FAILS]


def examples(most):
    """Try `most` examples in CI, a tenth of them every day: `HYPOTHESIS_PROFILE` says which."""
    return settings(max_examples=max(1, most * settings().max_examples // 100))


@st.composite
def rules(draw, *, most_criteria=4, most_levels=4, most_options=4, cases=False):
    """Rules with any fits; some files rarely fail, so that ties and strains decide, too."""
    sizes = draw(st.lists(st.integers(2, most_levels), min_size=1, max_size=most_criteria))
    count = draw(st.integers(1, most_options))
    fails = draw(st.sampled_from([(0, 0, 0, 1, 1, 2), (0, 0, 1, 1, 1), (0, 1, 2), (0, 0, 0, 2)]))
    ratings = st.sampled_from(fails).map(RATINGS.__getitem__)
    criteria = {
        f"c{place}": _criterion(draw, f"c{place}", size) for place, size in enumerate(sizes)
    }
    options = {f"o{place}": _option(draw, f"o{place}", criteria, ratings) for place in range(count)}
    made = _cases(draw, criteria, options) if cases else ()
    return build(criteria, options, cases=made)


@st.composite
def answers(draw, rules, *, complete=False):
    """Some answers to the criteria of the rules; `unsure` now and then, unless complete."""
    given_answers = {}
    for name, criterion in rules.criteria.items():
        levels = [level.id for level in criterion.levels]
        chosen = draw(st.sampled_from(levels if complete else [*levels, *levels, "unsure", None]))
        if chosen is not None:
            given_answers[name] = chosen
    return given_answers


def build(criteria, options, *, cases=(), notes=()):
    """Rules without a file behind them."""
    return Rules(
        title="Random",
        about="",
        as_of="2026-11-22",
        criteria=criteria,
        options=options,
        notes=notes,
        cases=cases,
        allow=(),
        source=Source("random.yaml", ""),
    )


def every_answer(rules):
    """Every complete set of answers, in the order of the file."""
    levels = [[level.id for level in criterion.levels] for criterion in rules.criteria.values()]
    for chosen in product(*levels):
        yield dict(zip(rules.criteria, chosen, strict=True))


def brute_pick(rules, answers):
    """The pick for complete answers, word for word as the design says it."""
    best = None
    for name, option in rules.options.items():
        ratings = [option.fits[criterion][level].rating for criterion, level in answers.items()]
        strains = ratings.count(Rating.STRAINS)
        if Rating.FAILS not in ratings and (best is None or strains < best[0]):
            best = strains, name
    return best[1] if best else None


def _criterion(draw, name, size):
    levels = tuple(Level(f"l{place}", f"level {place}", "", 1, _SPAN) for place in range(size))
    default = draw(st.sampled_from([None, None, *(level.id for level in levels)]))
    return Criterion(name, "?", "!", levels, draw(st.booleans()), default, _SPAN)


def _option(draw, name, criteria, ratings):
    fits = {
        criterion.id: {
            level.id: _fit((name, criterion.id, level.id), draw(ratings), place, column)
            for column, level in enumerate(criterion.levels)
        }
        for place, criterion in enumerate(criteria.values())
    }
    return Option(name, name.upper(), "", {}, {}, None, fits, _SPAN)


def _fit(at, rating, line, column):
    why = "" if rating is Rating.FITS else "because"
    return Fit(*at, rating, why, "measured", Span.at(line + 1, column + 1))


def _cases(draw, criteria, options):
    made = []
    for number in range(draw(st.integers(0, 4))):
        chosen = {}
        for name, criterion in criteria.items():
            level = draw(st.sampled_from([None, *(level.id for level in criterion.levels)]))
            if level is not None:
                chosen[name] = level
        pick = draw(st.sampled_from([*options, NOTHING_FITS]))
        made.append(Case(f"case {number}", chosen, pick, "", Span.at(number + 1, 1)))
    return tuple(made)


_SPAN = Span.at(1, 1)
