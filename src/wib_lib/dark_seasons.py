"""The dark seasons (donkere dagen), each compared with the season before over the same months.

A calendar year holds two half seasons, so a season is named by both its years. Burglary peaks in
December and January; a season that is still running is never set against a whole one.
"""

from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.history import YEARS_ONLY
from wib_lib.periods import Window
from wib_lib.series import Series, mean_of
from wib_lib.trend import Change, ratio_change

# First month and length. The police name October to March, the approach stresses December and
# January (requirements 7.2).
DARK_MONTHS, DARKEST_MONTHS = (10, 6), (12, 2)
FIRST = Missing("geen eerder seizoen")
PANDEMIC_BASE = Missing("het seizoen ervoor ligt in de coronajaren")


def dark_seasons(
    series: Series,
    last: date,
    *,
    n_seasons: int = 6,
    months: tuple[int, int] = DARK_MONTHS,
    phi: float = 1.0,
) -> pd.DataFrame | Missing:
    """
    Count the dark seasons up to a day, and compare each with the one before.

    A season that is still running is compared over the months that it has, and all seasons are
    then summed over those same months. The years of the pandemic are shown but not compared with.

    Parameters
    ----------
    series : Series
    last : date
        Last day that the series covers.
    n_seasons : int
    months : (int, int)
        First month and number of months: `DARK_MONTHS` or `DARKEST_MONTHS`.
    phi : float
        Dispersion by which the interval is widened, as `Trend.dispersion`.

    Returns
    -------
    DataFrame or Missing
        Oldest first: `label`, `start`, `n` (Value), `change` (Change or Missing, against the
        season before), `is_pandemic`. `attrs["n_months"]` is the number of months summed,
        `attrs["mean"]` the mean (Value) of the seasons before the last, pandemic left out.
    """
    if series.reason:
        return Missing(series.reason)
    if not series.is_monthly:
        return YEARS_ONLY
    running, n_months = _latest_season(last, *months)
    order = [running.earlier(back) for back in range(n_seasons - 1, -1, -1)]
    n = [series.total(season) for season in order]
    changes: list[Change | Missing] = [FIRST]
    for season, pair in zip(order[:-1], pairwise(n), strict=True):
        changes.append(PANDEMIC_BASE if season.is_pandemic() else ratio_change(*pair, phi=phi))
    before = [
        (season, count) for season, count in zip(order[:-1], n, strict=False)
        if not season.is_pandemic()
    ]  # fmt: skip
    result = pd.DataFrame(
        {
            "label": [f"{s.start.year}/{(s.start.year + 1) % 100:02}" for s in order],
            "start": [pd.Timestamp(season.start) for season in order],
            "n": pd.Series(n, dtype=object),
            "change": pd.Series(changes, dtype=object),
            "is_pandemic": [season.is_pandemic() for season in order],
        }
    )
    result.attrs |= {"n_months": n_months, "mean": mean_of(before) if before else FIRST}
    return result


def _latest_season(last: date, first_month: int, n_months: int) -> tuple[Window, int]:
    """Return the season that runs or ran last, cut to whole months, and how many it has."""
    after = last + timedelta(days=1)
    whole = after.year * 12 + after.month - 1  # months before this one are complete
    start = Window(date(after.year, first_month, 1), n_months)
    while start.start.year * 12 + first_month > whole:
        start = start.earlier(1)
    n_done = min(n_months, whole - (start.start.year * 12 + first_month - 1))
    return Window(start.start, n_done), n_done
