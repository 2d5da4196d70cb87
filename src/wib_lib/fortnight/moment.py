"""Part of the day and kind of day of an incident, where its span says enough.

A burglary is found later than it happened. An incident belongs to the part of the day (dagdeel)
that holds at least half of its span, and to none ("onbekend") when no part does or the span is
24 hours or more. Clock times: a span over a change to summer time is an hour off, which moves
no incident by a whole part.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from wib_lib.tables import require_columns

MOMENT = {"dagdeel": "dagdeel", "soort_dag": "soort dag"}
# First hour of each part; the definition that is printed beside every figure.
DAYPARTS = {"nacht (0-6 uur)": 0, "ochtend (6-12 uur)": 6, "middag (12-18 uur)": 12,
            "avond (18-24 uur)": 18}  # fmt: skip
WEEKEND, WORKING_DAY = "weekend", "doordeweeks"
DAY = 24 * 60


def with_moment(incidents: pd.DataFrame, *, dayparts: Mapping[str, int] = DAYPARTS) -> pd.DataFrame:
    """
    Add the part of the day and the kind of day.

    Parameters
    ----------
    incidents : DataFrame
        With `pleeg_van` and `pleeg_tot`.
    dayparts : mapping of str to int
        Name to first hour, rising from 0.

    Returns
    -------
    DataFrame
        `incidents` plus `dagdeel` and `soort_dag` (of the middle of the span; Saturday and Sunday
        are weekend), missing where the span does not tell.

    Raises
    ------
    ValueError
        When the hours do not rise from 0.

    Examples
    --------
    >>> span = pd.to_datetime(["2018-12-14 09:00"]), pd.to_datetime(["2018-12-14 17:00"])
    >>> rows = pd.DataFrame({"pleeg_van": span[0], "pleeg_tot": span[1]})
    >>> with_moment(rows)[["dagdeel", "soort_dag"]].iloc[0].tolist()
    ['middag (12-18 uur)', 'doordeweeks']
    """
    require_columns(incidents, ["pleeg_van", "pleeg_tot"], name="incidents")
    hours = np.array([*dayparts.values(), 24])
    if hours[0] != 0 or (np.diff(hours) <= 0).any():
        raise ValueError(f"first hours must rise from 0, found {list(dayparts.values())}")
    start, end = incidents["pleeg_van"], incidents["pleeg_tot"]
    width = (end - start).dt.total_seconds() / 60
    usable = width.ge(0) & width.lt(DAY)
    first = (start - start.dt.normalize()).dt.total_seconds().to_numpy() / 60
    held = _held(first, width.to_numpy(), hours * 60)
    with np.errstate(invalid="ignore"):
        chosen = usable & (held.max(axis=1) >= 0.5)
    names = np.array(list(dayparts))[np.nan_to_num(held).argmax(axis=1)]
    weekend = (start + (end - start) / 2).dt.day_of_week.ge(5)
    kind = weekend.map({True: WEEKEND, False: WORKING_DAY})
    return incidents.assign(
        dagdeel=pd.Series(names, incidents.index).where(chosen),
        soort_dag=kind.where(usable),
    )


def _held(first: np.ndarray, width: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Share of each span in each part of the day; a moment lies in one part."""
    last = first + np.maximum(width, 1e-9)
    held = np.zeros((len(first), len(edges) - 1))
    for midnight in (0, DAY):
        low = np.maximum(first[:, None], edges[:-1] + midnight)
        high = np.minimum(last[:, None], edges[1:] + midnight)
        held += np.maximum(high - low, 0)
    return np.asarray(held / (last - first)[:, None])
