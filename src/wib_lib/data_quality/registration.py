"""When the police learned of an offence, and what clerks and systems do to dates and times.

Late registration moves burglaries to a later month or year than the one in which they happened.
Default values heap up: times at 00:00 or 23:59, days at the first of the month, everything on the
day of the week on which a backlog is typed in. Heaping is judged as in demography (Siegel and
Swanson, The Methods and Materials of Demography, 2004, ch. 7: preferred digits against their
neighbours), with exact binomial bounds and Bonferroni's correction for the number of places
looked at. Each bound is taken at a multiple of the expected share, because people round too: only
what demonstrably exceeds that multiple is reported.
"""

import numpy as np
import pandas as pd

from wib_lib.data_quality.finding import LEVEL, Finding, Kind, chance_above, chance_below
from wib_lib.tables import require_columns

LATE_DAYS, LATE_LIMIT = 30, 0.02
WEEKDAY_MARGIN = 1.5  # people report more on Mondays; half as much again is no habit
WEEKDAY_GAP = 1 / 3
TIME_MARGIN = 3.0
FIRST_DAY_MARGIN = 2.0
WHOLE_HOURS_LIMIT = 0.6  # at quarter hours a quarter falls on the hour, rounded by hand a half
MINUTES = 24 * 60
WHOLE_HOUR, BOTH_MIDNIGHT = "heel uur", "00:00 tot 00:00"
MIDNIGHT, NOON, END_OF_DAY = 0, 12 * 60, 23 * 60 + 59

PLACE = ["kind", "column", "what", "n", "n_of", "expected", "limit"]
Place = tuple[Kind, str, str, int, int, float, float]  # a row of `heaps`


def registration_delay(incidents: pd.DataFrame) -> pd.DataFrame:
    """
    Days from the end of the offence (else its begin) to the day the police learned of it.

    Parameters
    ----------
    incidents : DataFrame
        `kennisname_dt`, `pleeg_van`, `pleeg_tot`; an offence without either is left out.

    Returns
    -------
    DataFrame
        One row per year of kennisname: `year`, `n` (incidents with a known offence time),
        `n_before` (learned of before the offence ended: impossible, left out of what follows),
        `median_days`, `n_over_7`, `n_over_30`, `n_later_month`, `n_later_year`.

    Raises
    ------
    TableError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"kennisname_dt": pd.to_datetime(["2018-01-02"]),
    ...     "pleeg_van": pd.to_datetime([None]), "pleeg_tot": pd.to_datetime(["2017-12-31 08:00"])})
    >>> registration_delay(rows)[["median_days", "n_later_year"]].values.tolist()
    [[2.0, 1.0]]
    """
    require_columns(incidents, ["kennisname_dt", "pleeg_van", "pleeg_tot"], name="incidents")
    offence = incidents["pleeg_tot"].fillna(incidents["pleeg_van"]).dt.normalize()
    known = incidents["kennisname_dt"].dt.normalize()
    days = (known - offence).dt.days
    in_order = days >= 0
    rows = pd.DataFrame(
        {
            "year": known.dt.year,
            "n": True,
            "n_before": days < 0,
            "median_days": days.where(in_order),
            "n_over_7": days > 7,
            "n_over_30": days > LATE_DAYS,
            "n_later_month": in_order & (known.dt.to_period("M") > offence.dt.to_period("M")),
            "n_later_year": in_order & (known.dt.year > offence.dt.year),
        }
    )[days.notna()]
    counted = {name: "median" if name == "median_days" else "sum" for name in rows.columns[1:]}
    table: pd.DataFrame = rows.groupby("year").agg(counted).reset_index()
    return table


def delay_findings(
    table: pd.DataFrame, *, limit: float = LATE_LIMIT, level: float = LEVEL
) -> list[Finding]:
    """
    Late registration, when demonstrably more than `limit` of it is over 30 days; impossible order.

    The share is tested with the exact binomial distribution, one-sided.
    """
    sums = table.drop(columns="year").sum()
    n_before, n = int(sums["n_before"]), int(sums["n"])
    found = []
    if n_before:
        found.append(Finding("before_offence", "kennisname_dt", n_before, n))
    n_late, n_rest = int(sums["n_over_30"]), n - n_before
    p = chance_above(n_late, n_rest, limit)
    if n_rest and p <= level:
        numbers = {"limit": limit} | {
            name: float(sums[name]) for name in ("n_over_7", "n_later_month", "n_later_year")
        }
        found.append(Finding("late", "kennisname_dt", n_late, n_rest, p=p, numbers=numbers))
    return found


def heaps(incidents: pd.DataFrame, months: pd.PeriodIndex) -> pd.DataFrame:
    """
    Places where dates and times may heap up, with what is expected there.

    Parameters
    ----------
    incidents : DataFrame
        `kennisname_dt`, `pleeg_van`, `pleeg_tot`; empty columns give no rows.
    months : PeriodIndex
        Months that the delivery covers; they set how many days are a first of the month.

    Returns
    -------
    DataFrame
        `kind`, `column`, `what`, `n`, `n_of`, `expected` (share) and `limit` (share above which,
        or for a gap below which, it is a heap).

    Notes
    -----
    A weekday is expected to hold a seventh, the first of the month its share of the days. A time
    of day is held against its neighbours alone: 00:00 and 12:00 against the whole hours up to
    three hours away, 23:59 against the other minutes after 22:00 that are no multiple of five. An
    offence that begins and ends at 00:00 is held against those that begin and end at any other
    one whole hour.
    """
    rows: list[Place] = []
    for column in ("kennisname_dt", "pleeg_van", "pleeg_tot"):
        values = incidents[column].dropna()
        if values.empty:
            continue
        rows += _day_heaps(column, values, months)
        if column != "kennisname_dt":
            rows += _time_heaps(column, values)
    rows += _both_midnight(incidents)
    return pd.DataFrame(rows, columns=PLACE)


def _day_heaps(column: str, values: pd.Series, months: pd.PeriodIndex) -> list[Place]:
    rows: list[Place] = []
    per_weekday = np.bincount(values.dt.day_of_week, minlength=7)
    for weekday, n in enumerate(per_weekday.tolist()):
        seen = (column, str(weekday), n, len(values), 1 / 7)
        rows.append(("weekday_heap", *seen, WEEKDAY_MARGIN / 7))
        rows.append(("weekday_gap", *seen, WEEKDAY_GAP / 7))
    share = len(months) / max(1, int(np.sum(months.days_in_month)))
    n_first = int(values.dt.day.eq(1).sum())
    rows.append(
        ("first_day_heap", column, "1", n_first, len(values), share, FIRST_DAY_MARGIN * share)
    )
    return rows


def _time_heaps(column: str, values: pd.Series) -> list[Place]:
    per_minute = np.bincount(values.dt.hour * 60 + values.dt.minute, minlength=MINUTES)
    late = [m for m in range(22 * 60, END_OF_DAY) if m % 5]
    spots = [
        (MIDNIGHT, [(MIDNIGHT + 60 * k) % MINUTES for k in (-3, -2, -1, 1, 2, 3)]),
        (NOON, [NOON + 60 * k for k in (-3, -2, -1, 1, 2, 3)]),
        (END_OF_DAY, late),
    ]
    rows: list[Place] = []
    for spot, like in spots:
        n, around = int(per_minute[spot]), int(per_minute[like].sum())
        what = f"{spot // 60:02d}:{spot % 60:02d}"
        limit = TIME_MARGIN / (TIME_MARGIN + len(like))
        rows.append(("time_heap", column, what, n, n + around, 1 / (1 + len(like)), limit))
    n_whole = int(per_minute[::60].sum() - per_minute[MIDNIGHT])
    n_other = len(values) - int(per_minute[[MIDNIGHT, END_OF_DAY]].sum())
    rows.append(("time_heap", column, WHOLE_HOUR, n_whole, n_other, 0.25, WHOLE_HOURS_LIMIT))
    return rows


def _both_midnight(
    incidents: pd.DataFrame,
) -> list[Place]:
    begin = incidents["pleeg_van"]
    at_once = begin[begin.eq(incidents["pleeg_tot"]) & begin.dt.minute.eq(0)]
    n = int(at_once.dt.hour.eq(0).sum())
    limit = TIME_MARGIN / (TIME_MARGIN + 23)
    return [("time_heap", "pleeg_van", BOTH_MIDNIGHT, n, len(at_once), 1 / 24, limit)]


def heap_findings(table: pd.DataFrame, *, level: float = LEVEL) -> list[Finding]:
    """
    Heaps and gaps beyond their limit (exact binomial, Bonferroni over all rows of the table).

    `numbers["expected"]` is the count expected without a heap.
    """
    found = []
    for place in table[PLACE].itertuples(index=False, name=None):
        kind, column, what, n, n_of, share, limit = place
        tail = chance_below if kind == "weekday_gap" else chance_above
        p = tail(n, n_of, limit) * len(table)
        if p > level:
            continue
        # a time is held against its neighbours: what they say of this place, the heap left out
        is_beside = kind == "time_heap" and what != WHOLE_HOUR
        expected = (n_of - n) * share / (1 - share) if is_beside else n_of * share
        numbers = {"expected": float(expected)}
        found.append(Finding(kind, column, n, n_of, p=p, what=what, numbers=numbers))
    return found
