"""At which hours of the week burglaries happen, although nobody saw when.

A victim knows between which two moments it happened. Taking the begin, the middle or the end moves
the peak by hours: on one set of data it lay at 8, 12 and 17 o'clock. Aoristic weights give each
hour the share of the interval that lies in it, so that every burglary counts once (Ratcliffe 2002;
Ashby and Bowers 2013). Clock times are Dutch: on 25 March 2018 there is no hour from 2 to 3, on
28 October there are two. Intervals of 24 hours or more say nothing about the hour and stay out, as
do times that a system filled in; their share is part of the result.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from wib_lib.errors import TableError
from wib_lib.tables import require_columns

Array = np.ndarray[Any, np.dtype[Any]]
CLOCK = "Europe/Amsterdam"
HOUR, WEEK = 3_600, 7 * 86_400
HOURS_OF_WEEK = 168
LONGEST = pd.Timedelta(hours=24)
N_RESAMPLES = 999
CHUNK = 4_000_000  # resampling counts held in memory at a time
DAGDELEN = {"nacht": (22, 6), "ochtend": (6, 12), "middag": (12, 18), "avond": (18, 22)}
USED, MISSING, TURNED = "gebruikt", "begin of eind ontbreekt", "eind voor begin"
DEFAULT, WIDE = "standaardtijd", "24 uur of langer"


@dataclass(frozen=True)
class Times:
    """
    The intervals that say something about the hour, and what became of all others.

    `start` and `stop` are seconds since 1970 in UTC. `account` has `reason`, `n`, `share`: every
    incident once. `n_on_edge` of those used begin or end at 00:00 or end at 23:59, which may be a
    default too.
    """

    start: Array
    stop: Array
    account: pd.DataFrame
    n_on_edge: int


@dataclass(frozen=True)
class HotTimes:
    """
    Weights and resampled weights by hour of the week (Monday 00 is 0), with the account of `Times`.

    `n` sums to the number of incidents used; `n_hard` counts those with one moment; `resampled` has
    a row per resample.
    """

    n: Array
    n_hard: Array
    resampled: Array
    times: Times

    def by_cell(self, *, level: float = 0.95) -> pd.DataFrame:
        """One row per weekday (Monday 0) and hour: `n`, `low`, `high`, `share`, `n_hard`."""
        weekday, hour = np.divmod(np.arange(HOURS_OF_WEEK), 24)
        rows = pd.DataFrame({"weekday": weekday, "hour": hour})
        return self._banded(rows, np.eye(HOURS_OF_WEEK), level)

    def by_hour(self, *, level: float = 0.95) -> pd.DataFrame:
        """One row per hour of the day: `n`, `low`, `high`, `share`, `n_hard`."""
        rows = pd.DataFrame({"hour": np.arange(24)})
        return self._banded(rows, np.tile(np.eye(24), (7, 1)), level)

    def by_weekday(self, *, level: float = 0.95) -> pd.DataFrame:
        """One row per weekday (Monday 0): `n`, `low`, `high`, `share`, `n_hard`."""
        rows = pd.DataFrame({"weekday": np.arange(7)})
        return self._banded(rows, np.repeat(np.eye(7), 24, axis=0), level)

    def by_dagdeel(
        self, dagdelen: Mapping[str, tuple[int, int]] = DAGDELEN, *, level: float = 0.95
    ) -> pd.DataFrame:
        """
        One row per part of the day: `dagdeel` with its hours, `n_hours`, `n`, `low`, `high`, ...

        `per_hour` makes parts of unequal length comparable: 1 is as much as in the mean hour.

        Raises
        ------
        TableError
            When the parts do not cover every hour once.
        """
        part = _part_of_hours(dagdelen)
        spelled = [f"{name} ({a} tot {b} uur)" for name, (a, b) in dagdelen.items()]
        n_hours = np.bincount(part, minlength=len(dagdelen))
        rows = pd.DataFrame({"dagdeel": spelled, "n_hours": n_hours})
        table = self._banded(rows, np.eye(len(dagdelen))[np.tile(part, 7)], level)
        return table.assign(per_hour=table["share"] * 24 / table["n_hours"])

    def _banded(self, rows: pd.DataFrame, groups: Array, level: float) -> pd.DataFrame:
        tail = (1 - level) / 2
        low, high = np.quantile(self.resampled @ groups, [tail, 1 - tail], axis=0)
        n = self.n @ groups
        return rows.assign(
            n=n,
            low=low,
            high=high,
            share=n / max(self.n.sum(), 1),
            n_hard=(self.n_hard @ groups).astype(int),
        )


def usable_times(
    incidents: pd.DataFrame, *, longest: pd.Timedelta = LONGEST, clock: str = CLOCK
) -> Times:
    """
    Pick the intervals that say something about the hour.

    Parameters
    ----------
    incidents : DataFrame
        `pleeg_van`, `pleeg_tot` in local time without a zone; the interval is open at its end, one
        moment twice is a moment.
    longest : Timedelta
        From this length on an interval is left out.
    clock : str
        Name of the time zone.

    Returns
    -------
    Times

    Raises
    ------
    TableError
        When a column is missing.

    Notes
    -----
    In the hour that comes twice a begin is taken early and an end late, so that the interval holds
    what it may have been; a time in the hour that does not come is taken as its end. Default times
    are 00:00 twice and 00:00 to 23:59 of one day.
    """
    require_columns(incidents, ["pleeg_van", "pleeg_tot"], name="incidents")
    van, tot = incidents["pleeg_van"], incidents["pleeg_tot"]
    start, stop = _seconds(van, clock, early=True), _seconds(tot, clock, early=False)
    midnight = van.eq(van.dt.normalize())
    late = tot.dt.hour.eq(23) & tot.dt.minute.eq(59)
    default = midnight & (tot.eq(van) | (late & tot.dt.normalize().eq(van)))
    reason = np.select(
        [van.isna() | tot.isna(), stop < start, default, stop - start >= longest.total_seconds()],
        [MISSING, TURNED, DEFAULT, WIDE],
        USED,
    )
    used = reason == USED
    n = [int((reason == name).sum()) for name in (USED, WIDE, MISSING, TURNED, DEFAULT)]
    account = pd.DataFrame({"reason": [USED, WIDE, MISSING, TURNED, DEFAULT], "n": n})
    account["share"] = account["n"] / max(len(incidents), 1)
    on_edge = midnight | late | tot.eq(tot.dt.normalize())
    return Times(start[used], stop[used], account, int((on_edge & used).sum()))


def hot_times(
    incidents: pd.DataFrame,
    *,
    rng: np.random.Generator,
    n_resamples: int = N_RESAMPLES,
    longest: pd.Timedelta = LONGEST,
    clock: str = CLOCK,
) -> HotTimes:
    """
    Divide burglaries over the hours of the week, with bands for what chance alone would move.

    Parameters
    ----------
    incidents : DataFrame
        As `usable_times` wants it.
    rng : Generator
        The one source of chance.
    n_resamples : int
    longest, clock
        As in `usable_times`.

    Returns
    -------
    HotTimes

    Notes
    -----
    In a resample every burglary comes a Poisson(1) number of times, so that the total varies as a
    count does. Bands are of each hour apart: of 168 hours some eight lie outside by chance.
    """
    times = usable_times(incidents, longest=longest, clock=clock)
    weights = hour_weights(times.start, times.stop, clock=clock)
    hard = times.stop == times.start
    return HotTimes(
        n=np.asarray(weights.sum(axis=0)).ravel(),
        n_hard=np.asarray(weights[hard].sum(axis=0)).ravel(),
        resampled=resampled(weights, n_resamples, rng),
        times=times,
    )


def hour_weights(start: Array, stop: Array, *, clock: str = CLOCK) -> sparse.csr_array:
    """
    Share of each interval in each hour of the week.

    Parameters
    ----------
    start, stop : array of int
        Seconds since 1970 in UTC, `stop` not before `start`. Of an interval of a week or more one
        week is taken: it says nothing about the hour.
    clock : str
        Time zone of the hours, with whole hours from UTC.

    Returns
    -------
    csr_array, (n, 168)
        Rows sum to 1; column 0 is Monday 00:00 to 01:00.

    Examples
    --------
    >>> moments = pd.DatetimeIndex(["2018-01-01 10:55", "2018-01-01 11:55"], tz=CLOCK)
    >>> start, stop = moments.as_unit("s").asi8
    >>> hour_weights(np.array([start]), np.array([stop])).toarray()[0, 10:12].round(4).tolist()
    [0.0833, 0.9167]
    """
    stop = np.minimum(stop, start + WEEK)
    first = start // HOUR
    n_hours = np.maximum((stop - 1) // HOUR, first) - first + 1
    row = np.repeat(np.arange(len(start)), n_hours)
    slot = np.arange(len(row)) - np.repeat(np.cumsum(n_hours) - n_hours, n_hours) + first[row]
    inside = np.minimum(stop[row], (slot + 1) * HOUR) - np.maximum(start[row], slot * HOUR)
    length = (stop - start)[row]
    weight = np.divide(inside, length, out=np.ones(len(row)), where=length > 0)
    lowest = slot.min() if len(slot) else 0
    local = pd.to_datetime(
        np.arange(lowest, (slot.max() if len(slot) else 0) + 1) * HOUR, unit="s", utc=True
    ).tz_convert(clock)
    column = (local.day_of_week * 24 + local.hour).to_numpy()[slot - lowest]
    return sparse.csr_array((weight, (row, column)), shape=(len(start), HOURS_OF_WEEK))


def resampled(weights: Any, n_resamples: int, rng: np.random.Generator) -> Array:
    """
    Sum the rows of a sparse array, each a Poisson(1) number of times.

    Returns
    -------
    array of float, (n_resamples, n_columns)
    """
    n_rows, n_columns = weights.shape
    found = np.empty((n_resamples, n_columns))
    step = max(1, CHUNK // max(n_rows, 1))
    for first in range(0, n_resamples, step):
        times = rng.poisson(1.0, (min(step, n_resamples - first), n_rows))
        found[first : first + step] = times @ weights
    return found


def _seconds(moments: pd.Series, clock: str, *, early: bool) -> Array:
    """Return seconds since 1970 in UTC; 0 where missing."""
    which = np.full(len(moments), early)
    placed = moments.dt.tz_localize(clock, ambiguous=which, nonexistent="shift_forward")
    known = placed.fillna(pd.Timestamp(0, tz=clock)).dt.as_unit("s")
    seconds: Array = known.astype("int64").to_numpy()
    return seconds


def _part_of_hours(dagdelen: Mapping[str, tuple[int, int]]) -> Array:
    """Return the number of the part of each hour of the day."""
    part = np.full(24, -1)
    for number, (name, (first, last)) in enumerate(dagdelen.items()):
        hours = [hour % 24 for hour in range(first, last if last > first else last + 24)]
        if not (0 <= first <= 23 and 0 <= last <= 24) or (part[hours] >= 0).any():
            raise TableError(
                f"dagdelen: {name} ({first} tot {last} uur) valt buiten de dag of over een ander "
                "dagdeel; laat de dagdelen op elkaar aansluiten"
            )
        part[hours] = number
    if (part < 0).any():
        missing = int(np.flatnonzero(part < 0)[0])
        raise TableError(f"dagdelen: het uur van {missing} tot {missing + 1} valt in geen dagdeel")
    return part
