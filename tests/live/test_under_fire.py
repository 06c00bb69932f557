"""The short form of `under_fire.py`: a few tasks, a few kills, all systems at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from . import projects, systems, under_fire

TASKS = 60
KILLS, CRASHES = 2, 1


def test_whatever_is_killed_every_task_is_done_and_none_twice() -> None:
    kinds = [kind for kind in projects.KINDS if "rabbit" not in kind or systems.answers(5672)]
    with ThreadPoolExecutor(len(kinds)) as pool:
        outcomes = {
            kind: pool.submit(
                under_fire.fire, kind, tasks=TASKS, kills=KILLS, crashes=CRASHES, seed=1
            )
            for kind in kinds
        }
        came = {kind: future.result() for kind, future in outcomes.items()}
    print("\n".join([under_fire.HEAD, *(outcome.row() for outcome in came.values())]))

    assert {outcome.twice for outcome in came.values()} == {0}
    assert {outcome.done for outcome in came.values()} == {TASKS}
    assert {outcome.asked_again for outcome in came.values()} == {0}
