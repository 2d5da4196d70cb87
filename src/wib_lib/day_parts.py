"""Burglaries by part of the day, on workdays and in weekends, as whole counts, which a release can protect.

Aoristic weights are parts of burglaries; a table of counts needs whole ones that add up: by
days, by part of the day, and over months, or two windows that differ by one month would not
agree. So every month is rounded by itself, by systematic rounding (each cell is as often rounded
up as its remainder says), from a start that differs per month.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wib_lib.hot_times import DAGDELEN, USED, hour_weights, usable_times

# Seven days by four parts hold too few burglaries: nearly all would be hidden.
DAYS = {"werkdagen": slice(0, 5), "weekend": slice(5, 7)}
UNUSED = "onbekend"
GOLDEN = (5**0.5 - 1) / 2  # its multiples spread starts evenly over any run of months
CELLS = {day: tuple(f"{day}-{part}" for part in DAGDELEN) for day in DAYS}
# What each is the exact sum of: all incidents; those used in two ways; days; a part of the day.
SUMS: Mapping[str, list[tuple[str, ...]]] = {
    "": [(USED, UNUSED)],
    USED: [tuple(DAYS), tuple(DAGDELEN)],
    **{day: [cells] for day, cells in CELLS.items()},
    **{part: [tuple(f"{day}-{part}" for day in DAYS)] for part in DAGDELEN},
}


def week_counts(incidents: pd.DataFrame) -> dict[str, int]:
    """
    Count incidents by days, part of the day and both, in whole burglaries.

    Parameters
    ----------
    incidents : DataFrame
        `day`, and as `wib_lib.hot_times.usable_times` wants it.

    Returns
    -------
    dict of str to int
        `gebruikt` and `onbekend`, `werkdagen` and `weekend`, each part of the day (`nacht`) and
        each pair (`weekend-nacht`). Counts of months add up to those of the months together; in each month
        a part of the day, and a pair, is within one of its weight.
    """
    whole = np.zeros((len(DAGDELEN), len(DAYS)), dtype=int)
    months = incidents["day"].dt.year * 12 + incidents["day"].dt.month
    for month, inside in incidents.groupby(months):
        times = usable_times(inside)
        weights = np.asarray(hour_weights(times.start, times.stop).sum(axis=0))
        by_day = weights.reshape(7, 24) @ _parts_of_hours()
        in_parts = np.column_stack([by_day[days].sum(axis=0) for days in DAYS.values()])
        whole += systematic(in_parts.ravel(), start=month * GOLDEN % 1).reshape(whole.shape)
    counts = {
        f"{day}-{part}": int(whole[j, i])
        for i, day in enumerate(DAYS)
        for j, part in enumerate(DAGDELEN)
    }
    for code in (*DAYS, *DAGDELEN):
        counts[code] = sum(counts[cell] for cell in SUMS[code][0])
    n_used = int(whole.sum())
    return {USED: n_used, UNUSED: len(incidents) - n_used, **counts}


def systematic(weights: np.ndarray, *, start: float) -> np.ndarray:
    """
    Round weights with a whole sum to whole numbers with the same sum.

    Parameters
    ----------
    weights : array of float
    start : float
        From 0 up to 1; over all starts the mean of each rounded weight is the weight.

    Examples
    --------
    >>> systematic(np.array([0.5, 0.5, 1.0]), start=0.0).tolist()
    [0, 1, 1]
    >>> systematic(np.array([0.5, 0.5, 1.0]), start=0.6).tolist()
    [1, 0, 1]
    """
    edges = np.floor(np.concatenate([[0.0], np.cumsum(weights)]) + start + 1e-9)
    rounded: np.ndarray = np.diff(edges).astype(int)
    return rounded


def _parts_of_hours() -> np.ndarray:
    """Return which hour of the day lies in which part: 24 x parts, 0 or 1."""
    inside = np.zeros((24, len(DAGDELEN)))
    for part, (first, last) in enumerate(DAGDELEN.values()):
        hours = range(first, last if last > first else last + 24)
        inside[[hour % 24 for hour in hours], part] = 1
    return inside
