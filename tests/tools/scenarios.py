"""How well a rule file agrees with what people chose in situations described in public.

    python tests/tools/scenarios.py [RULE FILE] [--list]

Situations whose recommendation is uncertain (`confidence: low`) are left out. Core criteria that a
situation does not state are open; the others take their defaults. A system that the rule file
knows, but does not offer, counts as the option that the file names instead of it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml
from places import DATA, ROOT

from taskpick.decision.decide import Status, decide
from taskpick.rulefile.model import Rating
from taskpick.rulefile.reader import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskpick.rulefile.model import Rules

SETTLED, AMONG, AS_GOOD, DISAGREES, OUTSIDE = (
    "settled, and what was chosen",
    "what was chosen is possible",
    "what was chosen is as good as a possible pick",
    "another option is recommended",
    "what was chosen is no option",
)


class Scored(NamedTuple):
    """A situation, and how the recommendation agrees with what was chosen there."""

    id: str
    chosen: str
    result: str
    recommended: tuple[str, ...]
    need: str
    against: tuple[str, ...]
    """What speaks against what was chosen, for the answers that the situation states."""


def situations() -> list[dict]:
    """Every situation whose recommendation is certain enough."""
    files = sorted((DATA / "scenarios").glob("*.yaml"))
    assert files

    every = [each for file in files for each in yaml.safe_load(file.read_text("utf-8"))]
    return [each for each in every if each["confidence"] != "low"]


def as_good(rules: Rules, answers: dict[str, str]) -> set[str]:
    """The options that some completion of the answers leaves with as few drawbacks as the pick."""
    levels = [
        [answers[name]]
        if name in answers
        else [criterion.default]
        if criterion.default
        else [level.id for level in criterion.levels]
        for name, criterion in rules.criteria.items()
    ]
    good = set()
    for complete in product(*levels):
        drawbacks = {}
        for option in rules.options.values():
            ratings = [
                option.fits[name][level].rating
                for name, level in zip(rules.criteria, complete, strict=True)
            ]
            if Rating.FAILS not in ratings:
                drawbacks[option.id] = ratings.count(Rating.STRAINS)
        least = min(drawbacks.values(), default=0)
        good |= {option for option, count in drawbacks.items() if count == least}
    return good


def score(rules: Rules) -> Iterator[Scored]:
    """Each situation with how the rules agree with it."""
    known = getattr(rules, "known", {})
    for situation in situations():
        names = [situation["chosen"], *situation.get("also", [])]
        chosen = {
            name if name in rules.options else known[name].instead if name in known else ""
            for name in names
        }
        levels = {
            name: level
            for name, level in situation["answers"].items()
            if name in rules.criteria and level in [lv.id for lv in rules.criteria[name].levels]
        }
        decision = decide(rules, levels)
        if not chosen & set(rules.options):
            result = OUTSIDE
        elif decision.status is Status.PICKED and decision.pick in chosen:
            result = SETTLED
        elif chosen & set(decision.possible):
            result = AMONG
        elif chosen & as_good(rules, levels):
            result = AS_GOOD
        else:
            result = DISAGREES
        picks = tuple(pick or "nothing fits" for pick in decision.counts)
        need = " ".join(situation["need"].split())
        against = tuple(
            f"{option}: {fit.rating.word} at {name} {level}: {fit.why}"
            for option in sorted(chosen & set(rules.options))
            for name, level in decision.answers.items()
            if (fit := rules.options[option].fits[name][level]).rating is not Rating.FITS
        )
        yield Scored(situation["id"], situation["chosen"], result, picks, need, against)


def main() -> None:
    """Print the counts, and with `--list` what does not agree."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = ROOT / "rules" / "background-tasks"
    parser.add_argument("rules", nargs="?", default=default, type=Path)
    parser.add_argument("--list", action="store_true", help="show each disagreement")
    arguments = parser.parse_args()
    scored = list(score(load(arguments.rules)))
    counts = Counter(each.result for each in scored)
    inside = len(scored) - counts[OUTSIDE]
    for result in (SETTLED, AMONG, AS_GOOD, DISAGREES, OUTSIDE):
        print(f"{counts[result]:4}  {result}")
    agree = inside - counts[DISAGREES]
    print(f"{agree} of {inside} agree ({agree / inside:.0%}); ", end="")
    print(f"{counts[OUTSIDE]} of {len(scored)} are outside ({counts[OUTSIDE] / len(scored):.0%})")
    for each in scored if arguments.list else ():
        if each.result in (DISAGREES, OUTSIDE):
            print(f"\n{each.id}: {each.result}: {each.chosen} was chosen")
            print(f"  {each.need}\n  recommended: {', '.join(each.recommended)}")
            for reason in each.against:
                print(f"  {reason}")


if __name__ == "__main__":
    main()
