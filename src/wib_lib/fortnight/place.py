"""Where it happens now and two weeks ago: rates for two maps with one legend, and the movement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from wib_lib.absent import Missing, Value
from wib_lib.fortnight.span import Fortnight
from wib_lib.tables import require_columns

if TYPE_CHECKING:  # it draws on scipy.stats, which a check of parameters need not load
    from wib_lib.count_scores import Floats

# The same classes on every map of two weeks, whatever the area and the date. With some 800
# dwellings in a buurt, one burglary in two weeks is about 1.25 per 1,000.
RATE_BREAKS = (0.5, 1.0, 2.0, 4.0)
COUNT_BREAKS = (1.0, 2.0, 3.0, 5.0)
MIN_POINTS = 10
N_DRAWS = 999


def with_rates(places: pd.DataFrame, *, minimum: int) -> pd.DataFrame:
    """
    Add burglaries per 1,000 dwellings in the last two weeks and in the two before.

    Parameters
    ----------
    places : DataFrame
        From `by_place`, with `n_dwellings`.
    minimum : int
        Dwellings below which a place gets no rate.

    Returns
    -------
    DataFrame
        `places` plus `rate_now`, `rate_before` (Values). Draw both with `RATE_BREAKS`.
    """
    require_columns(places, ["n_now", "n_before", "n_dwellings"], name="places")
    made = places.copy()
    for when in ("now", "before"):
        rates = [
            _rate(n, homes, minimum)
            for n, homes in zip(places[f"n_{when}"], places["n_dwellings"], strict=True)
        ]
        made[f"rate_{when}"] = pd.Series(rates, index=places.index, dtype=object)
    return made


@dataclass(frozen=True)
class Shift:
    """
    How far the mean place moved, in metres, and how far chance alone would have moved it.

    `by_chance` is the distance that 95 % of random divisions of the same incidents over the two
    periods stay below; `n_now`, `n_before` the incidents with a place.
    """

    distance: float
    by_chance: float
    n_now: int
    n_before: int

    @property
    def is_more_than_chance(self) -> bool:
        """Tell whether the movement is larger than chance makes it."""
        return self.distance > self.by_chance


def centre_shift(
    incidents: pd.DataFrame, days: Fortnight, *, rng: np.random.Generator
) -> Shift | Missing:
    """
    Measure how far the mean place of two weeks lies from that of the two before.

    Parameters
    ----------
    incidents : DataFrame
        `day`, `rd_x`, `rd_y` in metres.
    days : Fortnight
    rng : Generator
        Divides the incidents at random, to know what chance does.

    Returns
    -------
    Shift or Missing
        Missing with fewer than `MIN_POINTS` incidents with a place in one of the two: the mean
        of a few points is no place, and may point at a dwelling.
    """
    require_columns(incidents, ["day", "rd_x", "rd_y"], name="incidents")
    now, before = (_points(incidents, one) for one in (days, days.before))
    if min(len(now), len(before)) < MIN_POINTS:
        return Missing(f"minder dan {MIN_POINTS} woninginbraken met een plaats in twee weken")
    both = np.vstack([now, before])
    drawn = [_gap(rng.permutation(both), len(now)) for _ in range(N_DRAWS)]
    return Shift(_gap(both, len(now)), float(np.quantile(drawn, 0.95)), len(now), len(before))


def _points(incidents: pd.DataFrame, days: Fortnight) -> Floats:
    inside = incidents["day"].between(pd.Timestamp(days.start), pd.Timestamp(days.last))
    return incidents.loc[inside, ["rd_x", "rd_y"]].dropna().to_numpy(dtype=float)


def _gap(points: Floats, n: int) -> float:
    return float(np.hypot(*(points[:n].mean(axis=0) - points[n:].mean(axis=0))))


def _rate(n: Any, dwellings: Any, minimum: int) -> Value:
    if pd.isna(n):
        return Missing("deze twee weken zijn niet geleverd")
    if pd.isna(dwellings):
        return Missing("woningen niet bekend")
    if dwellings < minimum:
        return Missing(f"minder dan {minimum} woningen")
    return 1000 * float(n) / float(dwellings)
