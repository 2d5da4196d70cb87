"""What the analyst sees while a run goes on: areas by steps, or plain lines without a terminal."""

from collections.abc import Sequence
from time import perf_counter
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from wib_lib.dutch import number
from wib_lib.freshness import expected_seconds
from wib_lib.plan import Plan
from wib_lib.step import Outcome

HEAD_AND_FOOT = 6  # lines of a table beside its rows
WAITING, RUNNING, FAILED, UNCHANGED = "·", "bezig", "mislukt", "ongewijzigd"


class Progress:
    """
    Progress of a run.

    Parameters
    ----------
    console : Console
    work : Plan
    """

    def __init__(self, console: Console, work: Plan) -> None:
        self.console, self.steps, self.names = console, work.steps, work.names
        self.cells = {slug: dict.fromkeys(work.steps_of(slug), WAITING) for slug in self.names}
        self.expected = {task: expected_seconds(work, *task) for task in work.tasks}
        self.ended: list[Outcome] = []
        self.begun = perf_counter()
        self.live = Live(console=console, refresh_per_second=4) if console.is_terminal else None

    def __enter__(self) -> "Progress":
        if self.live:
            self.live.__enter__()
            self.live.update(self.table())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.live:
            self.live.__exit__(kind, error, trace)

    def report(self, outcome: Outcome | None, slug: str, step: str) -> None:
        """Show that a step started (no outcome) or how it ended."""
        self.cells[slug][step] = RUNNING if outcome is None else _ended(outcome)
        if outcome is not None:
            self.ended.append(outcome)
        if self.live:
            self.live.update(self.table())
        elif outcome is not None and not outcome.was_done:
            line = f"{self.names[slug]}: {step} {_ended(outcome)}"
            self.console.print(
                f"{line} ({outcome.error})" if outcome.error else line, soft_wrap=True
            )

    def seconds_left(self) -> float | None:
        """
        Expect the rest to take as long as the last time, at the pace of this run so far.

        None until something ended whose time is known, or when a step never ran before.
        """
        done = {(outcome.slug, outcome.step) for outcome in self.ended}
        left = [seconds for task, seconds in self.expected.items() if task not in done]
        ran = [(o.slug, o.step) for o in self.ended if not o.was_done]
        known = sum(self.expected[task] or 0.0 for task in ran)
        if not known or any(seconds is None for seconds in left):
            return None
        return (perf_counter() - self.begun) / known * sum(seconds or 0.0 for seconds in left)

    def kept(self) -> str:
        """Say what an interrupted run leaves."""
        n_done = sum(outcome.error is None for outcome in self.ended)
        return (
            f"{number(n_done)} van {number(len(self.expected))} stappen zijn klaar en blijven "
            "bewaard; hetzelfde commando gaat verder waar het ophield."
        )

    def table(self) -> Table:
        """Return the state of all areas; of more than fit, of those that are busy or failed."""
        elapsed = number(perf_counter() - self.begun, 0)
        left = self.seconds_left()
        caption = (
            f"{elapsed} s" if left is None else f"{elapsed} s; nog ongeveer {number(left, 0)} s"
        )
        shown = self.cells
        if len(shown) > self.console.height - HEAD_AND_FOOT:
            n_done = len(self.ended)
            caption = f"{number(n_done)} van {number(len(self.expected))} stappen klaar; {caption}"
            telling = {RUNNING, FAILED}
            shown = {slug: own for slug, own in shown.items() if telling & set(own.values())}
        table = Table("Gebied", *self.steps, caption=caption)
        for slug, cells in shown.items():
            table.add_row(self.names[slug], *(cells.get(step, "") for step in self.steps))
        return table


def closing_table(progress: Progress, outcomes: Sequence[Outcome]) -> Table:
    """
    Return the table that closes a run: areas, seconds per step, and how each ended.

    Parameters
    ----------
    progress : Progress
    outcomes : sequence of Outcome
    """
    elapsed = number(perf_counter() - progress.begun, 1)
    steps = [step.partition("_")[0] for step in progress.steps]
    table = Table("Gebied", *steps, "Totaal (s)", "Uitkomst", caption=f"Duur: {elapsed} s")
    for slug, name in progress.names.items():
        own = {outcome.step: outcome for outcome in outcomes if outcome.slug == slug}
        errors = [outcome.error for outcome in own.values() if outcome.error]
        known = progress.cells[slug]
        cells = [_seconds(own.get(step)) if step in known else "" for step in progress.steps]
        total = number(sum(outcome.seconds for outcome in own.values()), 1)
        done = UNCHANGED if all(outcome.was_done for outcome in own.values()) else "gereed"
        table.add_row(name, *cells, total, FAILED if errors else done)
    return table


def _seconds(outcome: Outcome | None) -> str:
    return "–" if outcome is None or outcome.was_done else number(outcome.seconds, 1)


def _ended(outcome: Outcome) -> str:
    if outcome.was_done:
        return UNCHANGED
    return FAILED if outcome.error else f"{number(outcome.seconds, 1)} s"
