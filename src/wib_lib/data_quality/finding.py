"""What a check of a delivery reports: numbers with their place, no sentences."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pandas as pd
from scipy import stats

LEVEL = 0.01  # of clean deliveries, at most this share gets a finding from one check by chance

Kind = Literal[
    "not_delivered",
    "all_empty",
    "empty_months",
    "unknown",
    "late",
    "before_offence",
    "shift",
    "silent_months",
    "weekday_heap",
    "weekday_gap",
    "time_heap",
    "first_day_heap",
    "address_pile",
    "street_pile",
    "point_pile",
    "imprecise",
    "misplaced",
]


@dataclass(frozen=True)
class Finding:
    """
    One thing in a delivery that its owner can mend.

    Parameters
    ----------
    kind : str
        Which check found it.
    column : str
        Field of the contract; empty when it is about rows.
    n, n_of : int
        Incidents concerned, of how many that were looked at.
    first, last : date or None
        First day of the first month and of the last month concerned.
    p : float or None
        Bound on the probability that chance does this, corrected for the number of things
        looked at; None when it is a count and no inference.
    gemeente_code : str
        Where, when it is about one gemeente.
    what : str
        Which value of the field: a clock time, a weekday by its number (Monday 0).
    numbers : mapping
        Other numbers of the check, by name.
    """

    kind: Kind
    column: str = ""
    n: int = 0
    n_of: int = 0
    first: date | None = None
    last: date | None = None
    p: float | None = None
    gemeente_code: str = ""
    what: str = ""
    numbers: Mapping[str, float] = field(default_factory=dict)


def chance_above(n: int, n_of: int, share: float) -> float:
    """
    Exact binomial probability of at least `n` of `n_of` when the share is `share`.

    Examples
    --------
    >>> chance_above(3, 3, 0.5), chance_above(0, 3, 0.5)
    (0.125, 1.0)
    """
    return float(stats.binom.sf(n - 1, n_of, min(share, 1.0)))


def chance_below(n: int, n_of: int, share: float) -> float:
    """
    Exact binomial probability of at most `n` of `n_of` when the share is `share`.

    Examples
    --------
    >>> chance_below(0, 3, 0.5)
    0.125
    """
    return float(stats.binom.cdf(n, n_of, share))


def runs(months: pd.PeriodIndex) -> list[tuple[date, date]]:
    """
    Join consecutive months: first day of the first and of the last month of every run.

    Examples
    --------
    >>> runs(pd.PeriodIndex(["2018-01", "2018-02", "2018-05"], freq="M"))[0]
    (datetime.date(2018, 1, 1), datetime.date(2018, 2, 1))
    """
    found: list[tuple[date, date]] = []
    last = None
    for month in sorted(months):
        day = month.start_time.date()
        if last is not None and month == last + 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
        last = month
    return found
