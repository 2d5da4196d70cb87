"""Months in which a gemeente fell out of a delivery.

A month without incidents is a count of zero or a month that was not delivered; only the
expectation tells them apart. A zero is reported when the gemeente's own months around it, at the
season of the whole delivery, make it improbable: Poisson, or negative binomial when the counts of
the gemeente spread more (Cameron and Trivedi 2013, ch. 3).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from wib_lib.data_quality.finding import LEVEL, Finding, runs
from wib_lib.tables import require_columns

Floats = npt.NDArray[np.float64]
AROUND = 12  # months with incidents that the expectation rests on
MEDIAN_OF_SQUARE = float(stats.chi2.median(1))  # of a squared standard normal deviate


def silent_months(
    incidents: pd.DataFrame,
    months: pd.PeriodIndex,
    *,
    day: str = "kennisname_dt",
    level: float = LEVEL,
) -> list[Finding]:
    """
    Months without any incident of a gemeente where zero is improbable.

    The expectation is that of the gemeente's twelve nearest other months with incidents, at the
    season of the whole delivery. The probability of zero is that of a negative binomial count with
    the gemeente's own spread (Poisson when there is none above it), times the number of
    gemeenten and months: at most `level`.

    Parameters
    ----------
    incidents : DataFrame
        `gemeente_code` and `day`.
    months : PeriodIndex
        Months that the delivery covers.
    day : str
    level : float

    Returns
    -------
    list of Finding
        Runs of silent months per gemeente, `numbers["expected"]` incidents.

    Raises
    ------
    TableError
        When a column is missing.
    """
    require_columns(incidents, ["gemeente_code", day], name="incidents")
    month = incidents[day].dt.to_period("M")
    grid = pd.crosstab(incidents["gemeente_code"], month).reindex(columns=months, fill_value=0)
    season = grid.sum().groupby(months.month).mean()
    index = (season / season.mean()).reindex(months.month).to_numpy(float)
    found = []
    for code, row in grid.iterrows():
        n = row.to_numpy(float)
        expected = _expected(n, index)
        spread = max(1.0, _spread(n, expected))
        p = _zero(expected, spread) * grid.size
        is_silent = (n == 0) & (p <= level)
        for first, last in runs(months[is_silent]):
            inside = is_silent & (months.start_time >= pd.Timestamp(first))
            inside &= months.start_time <= pd.Timestamp(last)
            found.append(
                Finding(
                    "silent_months",
                    first=first,
                    last=last,
                    p=float(p[inside].max()),
                    gemeente_code=str(code),
                    numbers={"expected": float(expected[inside].sum())},
                )
            )
    return found


def _expected(n: Floats, index: Floats) -> Floats:
    """Expect in each month what the nearest months with incidents had, at its own season."""
    filled = n > 0
    result = np.zeros(len(n))
    for k in range(len(n)):
        near = np.flatnonzero(filled & (np.arange(len(n)) != k))
        near = near[np.argsort(np.abs(near - k), kind="stable")][:AROUND]
        result[k] = index[k] * n[near].sum() / index[near].sum() if len(near) else 0.0
    return result


def _spread(n: Floats, expected: Floats) -> float:
    """Variance over expectation, from the median: months that fell out do not blow it up."""
    squares = (n - expected) ** 2 / np.maximum(expected, 1e-9)
    return float(np.median(squares)) / MEDIAN_OF_SQUARE


def _zero(expected: Floats, spread: float) -> Floats:
    """Probability of no incident: Poisson, or negative binomial with variance `spread` times."""
    rate = 1.0 if spread <= 1 else float(np.log(spread) / (spread - 1))
    chance: Floats = np.exp(-expected * rate)
    return chance
