"""The chain: notebooks per area and a pack, then those of the region, each when what it needs is done.

One graph over areas and steps. A step that nothing changed for is passed over; of what is ready,
the step with the longest work behind it goes first. A failing area never stops the others. Steps
are done by any `concurrent.futures.Executor`: threads here, each waiting for a kernel of its own,
or the workers of a cluster.
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from datetime import UTC, datetime

from wib_lib.freshness import expected_seconds, reasons
from wib_lib.plan import (
    GATHERED,
    NEEDS,
    PACK,
    REGION,
    REGION_NOTEBOOKS,
    TO_REGION,
    Plan,
    Task,
)
from wib_lib.step import Outcome, broken, do_step
from wib_lib.store import Store

Report = Callable[[Outcome | None, str, str], None]
Do = Callable[[Plan, str, str, tuple[str, ...], datetime], Outcome]
FORCED = "gevraagd met --force"
# Seconds of a step that never ran before: only their order matters.
FIRST_GUESS = 3.0


def run_chain(
    work: Plan,
    executor: Executor,
    *,
    jobs: int,
    report: Report,
    do: Do = do_step,
    force: bool = False,
) -> list[Outcome]:
    """
    Run the steps of all areas that have a reason to run.

    Parameters
    ----------
    work : Plan
    executor : Executor
        Does the steps; it is left open.
    jobs : int
        Steps side by side.
    report : callable
        Called as `report(None, slug, step)` when a step starts, with its outcome when it ends.
    do : callable
        Does one step where the executor brings it: `do_step`, with a fork server or without, or
        what a cluster's worker makes of it.
    force : bool
        Run every step, whether something changed or not.

    Returns
    -------
    list of Outcome
        In the order in which steps ended. Steps behind a failed one are not in it.

    Raises
    ------
    BrokenExecutor
        When the executor can do no step any more, and says so with this error.
    """
    store = Store(work.project.processed(work.dataset.name))
    started = datetime.now(UTC)
    outcomes: list[Outcome] = []
    ended: dict[Task, bool] = {}
    left = by_length(work)
    running: dict[Future[Outcome], Task] = {}
    while left or running:
        while len(running) < jobs and (task := _next(left, work, ended)):
            left.remove(task)
            why = (FORCED,) if force else tuple(reasons(work, *task, store))
            report(None, *task)
            if why:
                running[executor.submit(do, work, *task, why, started)] = task
            else:
                _end(Outcome(*task, 0.0), outcomes, ended, report)
        if not running:
            break  # what is left waits for a step that failed
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            _end(_outcome(future, running.pop(future)), outcomes, ended, report)
    return outcomes


def _next(left: Iterable[Task], work: Plan, ended: Mapping[Task, bool]) -> Task | None:
    """Return the first task that can start."""
    return next((task for task in left if _is_ready(task, work, ended)), None)


def _is_ready(task: Task, work: Plan, ended: Mapping[Task, bool]) -> bool:
    """Tell whether all that a step needs ended well; the region takes the areas that did."""
    slug, step = task
    if step not in REGION_NOTEBOOKS:
        return all(ended.get((slug, need)) for need in NEEDS[step] if need in work.steps_of(slug))
    areas = [area for area in work.project.area_slugs if area in work.params]
    return all(_is_settled(area, ended) for area in areas) and any(
        ended.get((area, GATHERED)) for area in areas
    )


def _is_settled(slug: str, ended: Mapping[Task, bool]) -> bool:
    """Tell whether an area's results are there, or will not come in this run."""
    return (slug, GATHERED) in ended or any(ended.get((slug, step)) is False for step in TO_REGION)


def by_length(work: Plan) -> list[Task]:
    """
    Order all steps: the one with the longest work behind it first, by the last run's times.

    A pack has nothing behind it and goes as soon as it can, beside kernels that are busy.
    """
    seconds = {task: expected_seconds(work, *task) or FIRST_GUESS for task in work.tasks}
    behind: dict[Task, float] = {}
    for slug, step in reversed(seconds):
        later = [behind[slug, other] for other in work.steps_of(slug) if step in NEEDS[other]]
        if step == GATHERED and slug in work.project.area_slugs:
            later += [behind.get((REGION, other), 0.0) for other in REGION_NOTEBOOKS]
        behind[slug, step] = seconds[slug, step] + max(later, default=0.0)
    return sorted(seconds, key=lambda task: (task[1] != PACK, -behind[task]))


def _end(
    outcome: Outcome, outcomes: list[Outcome], ended: dict[Task, bool], report: Report
) -> None:
    outcomes.append(outcome)
    ended[outcome.slug, outcome.step] = outcome.error is None
    report(outcome, outcome.slug, outcome.step)


def _outcome(future: Future[Outcome], task: Task) -> Outcome:
    """Take a step's outcome; one that broke fails for its area only, unless none can be done."""
    problem = future.exception()
    if problem is None:
        return future.result()
    if isinstance(problem, BrokenExecutor):
        raise problem
    return broken(*task, problem)
