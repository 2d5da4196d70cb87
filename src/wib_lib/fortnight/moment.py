"""Part of the day and kind of day of an incident, where its span says enough.

A burglary is found later than it happened. An incident belongs to the part of the day (dagdeel)
that holds at least half of its span, and to none when no part does, the span is 24 hours or more,
or the times are those that a system fills in (00:00 twice, 00:00 to 23:59). Clock times: a span
over a change to summer time is an hour off, which moves no incident by a whole part.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from wib_lib.hot_times import DAGDELEN
from wib_lib.tables import require_columns

if TYPE_CHECKING:  # it draws on scipy.stats, which a check of parameters need not load
    from wib_lib.count_scores import Floats

MOMENT = {"dagdeel": "dagdeel", "soort_dag": "soort dag"}
WEEKEND, WORKING_DAY = "weekend", "doordeweeks"
DAY = 24 * 60


def with_moment(
    incidents: pd.DataFrame, *, dagdelen: Mapping[str, tuple[int, int]] = DAGDELEN
) -> pd.DataFrame:
    """
    Add the part of the day and the kind of day.

    Parameters
    ----------
    incidents : DataFrame
        With `pleeg_van` and `pleeg_tot`.
    dagdelen : mapping of str to (int, int)
        Name to first hour and the hour after; together they cover the day once.

    Returns
    -------
    DataFrame
        `incidents` plus `dagdeel` and `soort_dag` (of the middle of the span; Saturday and Sunday
        are weekend), missing where the span does not tell.

    Raises
    ------
    ValueError
        When the parts do not cover the day once.

    Examples
    --------
    >>> span = pd.to_datetime(["2018-12-14 09:00"]), pd.to_datetime(["2018-12-14 17:00"])
    >>> rows = pd.DataFrame({"pleeg_van": span[0], "pleeg_tot": span[1]})
    >>> with_moment(rows)[["dagdeel", "soort_dag"]].iloc[0].tolist()
    ['middag (12 tot 18 uur)', 'doordeweeks']
    """
    require_columns(incidents, ["pleeg_van", "pleeg_tot"], name="incidents")
    edges = np.array([(a, b if b > a else b + 24) for a, b in dagdelen.values()]) * 60.0
    covered = sorted(hour % 24 for a, b in edges / 60 for hour in range(int(a), int(b)))
    if covered != list(range(24)):
        raise ValueError(f"dagdelen must cover every hour of the day once, found {dict(dagdelen)}")
    start, end = incidents["pleeg_van"], incidents["pleeg_tot"]
    width = (end - start).dt.total_seconds() / 60
    first = (start - start.dt.normalize()).dt.total_seconds() / 60
    is_default = first.eq(0) & (width.eq(0) | width.eq(DAY - 1))
    usable = width.ge(0) & width.lt(DAY) & ~is_default
    held = _held(first[usable].to_numpy(), width[usable].to_numpy(), edges)
    spelled = np.array([f"{name} ({a} tot {b} uur)" for name, (a, b) in dagdelen.items()])
    part = pd.Series(spelled[held.argmax(axis=1)], index=incidents.index[usable], dtype="str")
    weekend = (start + (end - start) / 2).dt.day_of_week.ge(5)
    return incidents.assign(
        dagdeel=part[held.max(axis=1) >= 0.5],
        soort_dag=weekend.map({True: WEEKEND, False: WORKING_DAY}).where(usable),
    )


def _held(first: Floats, width: Floats, edges: Floats) -> Floats:
    """Share of each span in each part of the day, the night before and after included."""
    last = first + np.maximum(width, 1e-6)  # a moment lies in the part that it begins
    held = np.zeros((len(first), len(edges)))
    for midnight in (-DAY, 0, DAY):
        low = np.maximum(first[:, None], edges[:, 0] + midnight)
        high = np.minimum(last[:, None], edges[:, 1] + midnight)
        held += np.maximum(high - low, 0)
    return np.asarray(held / (last - first)[:, None])
