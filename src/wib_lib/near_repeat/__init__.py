"""
Near repeat: are burglaries near each other also sooner after each other than chance would give?

`near_repeat` answers it for the incidents of one area or several, `risk_windows` lists where the
days after a burglary are still running. Frames in, frames out; chance comes from the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.errors import TableError
from wib_lib.near_repeat.events import Placed, placed_events
from wib_lib.near_repeat.knox import Events, knox
from wib_lib.near_repeat.windows import (
    LEVEL,
    RiskWindows,
    days_label,
    near_label,
    raised_bands,
    risk_windows,
)

METRES = (100.0, 200.0, 400.0)
DAYS = (7.0, 14.0, 30.0, 60.0)
N_PERMUTATIONS = 999

__all__ = [
    "DAYS",
    "LEVEL",
    "METRES",
    "N_PERMUTATIONS",
    "Events",
    "NearRepeat",
    "Placed",
    "RiskWindows",
    "days_label",
    "knox",
    "near_label",
    "near_repeat",
    "placed_events",
    "raised_bands",
    "risk_windows",
]


@dataclass(frozen=True)
class NearRepeat:
    """
    The test, its events, and what took no part.

    `table` is that of `knox` with `near` and `soon`, the bands in Dutch. `placed` holds rows of
    incidents: it stays with the analyst.
    """

    table: pd.DataFrame
    placed: Placed
    n_incidents: int
    n_permutations: int

    @property
    def n_used(self) -> int:
        """Incidents that took part in the test."""
        return len(self.placed.incidents)


def near_repeat(
    incidents: pd.DataFrame,
    *,
    rng: np.random.Generator,
    metres: Sequence[float] = METRES,
    days: Sequence[float] = DAYS,
    months: int = 3,
    n_permutations: int = N_PERMUTATIONS,
) -> NearRepeat:
    """
    Test for near repeats with dates exchanged inside strata of months and gemeente.

    Parameters
    ----------
    incidents : DataFrame
        As `placed_events` wants it; `day` is the day by the rule that all figures follow.
    rng : Generator
        The one source of chance; the same seed gives the same p.
    metres, days : sequence of float
        Upper ends of the bands, closed on the left; the same address is a band of its own.
    months : int
        Length of a stratum, at most 3.
    n_permutations : int

    Returns
    -------
    NearRepeat

    Raises
    ------
    TableError
        When a column is missing, a stratum is too long, the bands do not ascend, or fewer than two
        incidents can take part.

    Notes
    -----
    Knox (1964); Johnson and others (2007); strata after Kulldorff and Hjalmars (1999).
    """
    placed = placed_events(incidents, months=months)
    if len(placed.incidents) < 2:
        raise TableError(
            "incidents: voor near repeat zijn minstens twee incidenten op een adres nodig, "
            f"gevonden {len(placed.incidents)} van {len(incidents)}"
        )
    table = knox(placed.events, metres=metres, days=days, n_permutations=n_permutations, rng=rng)
    near = map(near_label, table["metres_from"], table["metres_to"])
    soon = map(days_label, table["days_from"], table["days_to"])
    return NearRepeat(
        table.assign(near=list(near), soon=list(soon)), placed, len(incidents), n_permutations
    )
