"""What the analyst sees while a run goes on: areas by steps, or plain lines without a terminal."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from types import TracebackType

from rich.console import Console
from rich.live import Live
from rich.table import Table

from wib_lib.chain import Outcome
from wib_lib.dutch import number

WAITING, RUNNING, FAILED = "·", "bezig", "mislukt"


class Progress:
    """
    Progress of a run.

    Parameters
    ----------
    console : Console
    names : mapping of str to str
        Area's slug to its name.
    steps : sequence of str
    """

    def __init__(self, console: Console, names: Mapping[str, str], steps: Sequence[str]) -> None:
        self.console, self.names, self.steps = console, names, steps
        self.cells = {slug: dict.fromkeys(steps, WAITING) for slug in names}
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
        if self.live:
            self.live.update(self.table())
        elif outcome is not None:
            line = f"{self.names[slug]}: {step} {_ended(outcome)}"
            self.console.print(
                f"{line} ({outcome.error})" if outcome.error else line, soft_wrap=True
            )

    def table(self) -> Table:
        """Return the state of all areas."""
        elapsed = number(perf_counter() - self.begun, 0)
        table = Table("Gebied", *self.steps, caption=f"{elapsed} s")
        for slug, cells in self.cells.items():
            table.add_row(self.names[slug], *(cells[step] for step in self.steps))
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
        cells = [number(own[step].seconds, 1) if step in own else "–" for step in progress.steps]
        total = number(sum(outcome.seconds for outcome in own.values()), 1)
        table.add_row(name, *cells, total, FAILED if errors else "gereed")
    return table


def _ended(outcome: Outcome) -> str:
    return FAILED if outcome.error else f"{number(outcome.seconds, 1)} s"
