"""Forecasts made again for periods that are known by now: the back-test.

At every origin a method sees only what lay before it, the width of its forecast included: that
follows from its own errors at the origins before. Every method is scored on the same places.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import pandas as pd

from wib_lib.capture import captured
from wib_lib.count_scores import Floats, crps, interval, log_score, size_of
from wib_lib.forecast.model import Model, expect, is_known_before
from wib_lib.forecast.panel import Panel

Expect = Callable[[Panel, int], tuple[Floats, float]]


def mean_year(panel: Panel, at: int) -> tuple[Floats, float]:
    """Expect the mean of the last 52 weeks (or twelve months): the yardstick of every method."""
    past = slice(at - panel.per_year, at)
    return panel.counts[:, past].mean(axis=1), float(panel.unplaced[past].mean())


def last_period(panel: Panel, at: int) -> tuple[Floats, float]:
    """Expect what the last period brought."""
    return panel.counts[:, at - 1], float(panel.unplaced[at - 1])


def last_year(panel: Panel, at: int) -> tuple[Floats, float]:
    """Expect what the same period of a year before brought."""
    return panel.counts[:, at - panel.per_year], float(panel.unplaced[at - panel.per_year])


def by_model(model: Model) -> Expect:
    """Expect what the model says."""
    return partial(expect, model=model)


@dataclass
class Errors:
    """What a method expected and what came, over the last year of origins."""

    per_year: int
    pairs: deque[tuple[Floats, Floats]] = field(init=False)
    totals: deque[tuple[float, float]] = field(init=False)

    def __post_init__(self) -> None:
        self.pairs = deque(maxlen=self.per_year)
        self.totals = deque(maxlen=self.per_year)

    def add(self, seen: Floats, hoped: Floats, total: float, whole: float) -> None:
        """Remember one origin: per place and for all together."""
        self.pairs.append((seen, hoped))
        self.totals.append((total, whole))

    def sizes(self) -> tuple[float, float]:
        """Return the size of the negative binomial of a place and that of the total."""
        seen, hoped = (np.concatenate(side) for side in zip(*self.pairs, strict=True))
        return size_of(seen, hoped), size_of(*zip(*self.totals, strict=True))


@dataclass(frozen=True)
class Replay:
    """
    A back-test of one method.

    `origins` has a row per origin: `start`, `crps`, `log_score` (means over the places),
    `covered` (share of places inside their interval), `n`, `expected`, `total_crps`,
    `total_covered`, and of `captured` at the fixed share of dwellings `pai`, `pai_for`, `pei`,
    `rri`, `share_n`, `share_size`. `size` and `total_size` are those for the next forecast.
    """

    origins: pd.DataFrame
    size: float
    total_size: float


def warm_up(panel: Panel) -> int:
    """Origins before the scored ones, from which the first width follows: half a year."""
    return panel.per_year // 2


def replay(panel: Panel, method: Expect, origins: range, *, share: float, level: float) -> Replay:
    """
    Forecast each origin from the periods before it and score what came.

    Parameters
    ----------
    panel : Panel
    method : callable
    origins : range
        Columns to be forecast and scored; needs a year and the warm-up before the first.
    share : float
        Share of the dwellings in the places that PAI, PEI and RRI are about.
    level : float
        Of the predictive intervals.

    Returns
    -------
    Replay
    """
    past, rows = Errors(panel.per_year), []
    for at in range(origins.start - warm_up(panel), origins.stop):
        mean, elsewhere = method(panel, at)
        known = is_known_before(panel, at)
        seen, hoped = panel.counts[known, at], mean[known]
        total = float(panel.counts[:, at].sum() + panel.unplaced[at])
        whole = float(mean.sum()) + elsewhere
        if at in origins:
            size, total_size = past.sizes()
            places = captured(seen, hoped, panel.dwellings[known], share=share)
            rows.append(
                {"start": panel.starts[at], "n": total, "expected": whole}
                | _scores(seen, hoped, size, level)
                | _total_scores(total, whole, total_size, level)
                | places
            )
        past.add(seen, hoped, total, whole)
    size, total_size = past.sizes()
    return Replay(pd.DataFrame(rows), size, total_size)


def _scores(seen: Floats, hoped: Floats, size: float, level: float) -> dict[str, float]:
    low, high = interval(hoped, size, level=level)
    return {
        "crps": float(crps(seen, hoped, size).mean()),
        "log_score": float(log_score(seen, hoped, size).mean()),
        "covered": float(((low <= seen) & (seen <= high)).mean()),
    }


def _total_scores(total: float, whole: float, size: float, level: float) -> dict[str, float]:
    low, high = interval(whole, size, level=level)
    return {
        "total_crps": float(crps(total, whole, size)),
        "total_covered": float(low <= total <= high),
    }
