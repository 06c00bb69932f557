"""Decisions a second, beside GoRules ZEN on the equivalent table; run by hand, not a test.

    pip install -e ".[benchmark]" && python tests/tools/benchmark_decide.py

The table has one row for each condition under which a pick is given (see
`taskpick.decision.answer_sets.conditions`), and hit policy "first"; both engines have to agree on
every answer set of the sample. A sweep is given levels in the order of the criteria, ZEN a mapping,
which is all it takes. Each figure is the best of several runs. It is the ratio that counts: it
hardly depends on the machine.
"""

from __future__ import annotations

import random
import time
from itertools import product

from places import ROOT

from taskpick import load
from taskpick.decision.answer_sets import boxes, conditions
from taskpick.decision.answer_sets.space import Space
from taskpick.decision.decide import decide
from taskpick.decision.scores import scores

RUNS = 5
SAMPLE = 5_000


def main():
    rules = load(ROOT / "rules" / "background-tasks")
    levels = [[level.id for level in c.levels] for c in rules.criteria.values()]
    everything = list(product(*levels))
    random.seed(1)
    sample = random.sample(everything, SAMPLE)
    asked = [dict(zip(rules.criteria, chosen, strict=True)) for chosen in sample]

    table = jdm(rules)
    evaluate = zen(table)
    picks = list(scores(rules).sweep(sample))
    assert [evaluate(answers)["result"].get("pick") for answers in asked] == picks
    assert [decide(rules, answers).pick for answers in asked] == picks

    rates = {
        "taskpick, sweep over every answer set": rate(
            lambda: sum(1 for _ in scores(rules).sweep(everything)), len(everything)
        ),
        "taskpick, all picks as sets": rate(lambda: Space(rules), len(everything)),
        "taskpick, decide() with all that explains it": rate(
            lambda: [decide(rules, answers) for answers in asked], SAMPLE
        ),
        "ZEN, evaluate()": rate(lambda: [evaluate(answers) for answers in asked], SAMPLE),
    }
    rows = len(table["nodes"][1]["content"]["rules"])
    print(f"{len(everything):,} answer sets; the table has {rows} rows")
    for name, per_second in rates.items():
        print(f"{per_second:14,.0f}/s  {name}")
    print(
        f"{rates['taskpick, sweep over every answer set'] / rates['ZEN, evaluate()']:14.1f}  times"
    )


def rate(work, decisions):
    """Decisions a second, the best of all runs."""
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return decisions / best


def zen(table):
    """The engine in its fastest form: a static loader, so that the table is read once."""
    from zen import ZenEngine

    engine = ZenEngine({"loader": {"type": "static", "content": {"table": table}}})
    return lambda answers: engine.evaluate("table", answers)


def jdm(rules):
    """The rules as a JSON decision model."""
    inputs = [{"id": name, "name": name, "field": name} for name in rules.criteria]
    space, rows = Space(rules), []
    for pick, bits in space.picks.items():
        if pick is None or not bits:
            continue
        demands = boxes.demands(rules, pick)
        described = conditions.describe(space, bits, demands, most=5000, bits=2**50)
        assert not described.left
        for number, box in enumerate(described.boxes):
            cells = {
                name: ", ".join(f'"{lv}"' for lv in space.levels[name] if lv in some)
                if len(some) < len(space.levels[name])
                else ""
                for name, some in box.items()
            }
            rows.append({"_id": f"{pick}-{number}", **cells, "out": f'"{pick}"'})
    content = {
        "hitPolicy": "first",
        "inputs": inputs,
        "outputs": [{"id": "out", "name": "pick", "field": "pick"}],
        "rules": rows,
    }
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "table",
                "type": "decisionTableNode",
                "name": "table",
                "position": {"x": 1, "y": 0},
                "content": content,
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }


if __name__ == "__main__":
    main()
