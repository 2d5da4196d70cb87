"""Counts over consecutive periods, and sums over windows that are only given when complete."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from wib_lib.absent import Missing, Value, is_known
from wib_lib.dutch import listing
from wib_lib.dutch import window as window_label
from wib_lib.periods import Window, add_months
from wib_lib.tables import require_columns


@dataclass(frozen=True)
class Series:
    """
    Counts of one area from one source.

    Parameters
    ----------
    rows : DataFrame
        One row per period: `start` (first day), `end` (day after) and counts `n_burglaries`,
        `n_attempts`, `n_kind_known` (burglaries of which attempt or completed is known).
        Periods do not overlap. A count that was not delivered is missing.
    source : str
        What a reader should see as the source.
    is_public : bool
        The same counts are published already, so withholding them protects nobody.
    reason : str
        Why there are no periods at all; empty when there are.
    """

    rows: pd.DataFrame
    source: str
    is_public: bool = True
    reason: str = ""

    @classmethod
    def absent(cls, why: Missing) -> "Series":
        """A series without periods, every sum of which is missing for the same reason."""
        none = pd.Series(dtype="datetime64[ns]")
        return cls(pd.DataFrame({"start": none, "end": none}), source="", reason=why.reason)

    def total(self, window: Window, column: str = "n_burglaries") -> Value:
        """
        Sum a column over a window.

        Returns
        -------
        Value
            A number only when the periods cover every day of the window and each has the count.
        """
        if self.reason:
            return Missing(self.reason)
        start, end = pd.Timestamp(window.start), pd.Timestamp(window.end)
        inside = self.rows[(self.rows["start"] >= start) & (self.rows["end"] <= end)]
        n_days = (inside["end"] - inside["start"]).dt.days.sum()
        if n_days != window.n_days:
            touched = ((self.rows["start"] < end) & (self.rows["end"] > start)).any()
            state = "onvolledig" if touched else "niet"
            return Missing(f"{window_label(window)} is {state} geleverd")
        if column not in inside or inside[column].isna().any():
            return Missing("niet geleverd")
        return int(inside[column].sum())

    def lacking(self, otherwise: str) -> Missing:
        """Say why periods are not there."""
        return Missing(otherwise)

    @property
    def is_monthly(self) -> bool:
        """Tell whether every period is one month."""
        return bool(((self.rows["end"] - self.rows["start"]).dt.days <= 31).all())


def monthly(
    incidents: pd.DataFrame, *, first: date, last: date, day: str = "kennisname_dt"
) -> pd.DataFrame:
    """
    Count incidents per month, over the months that the delivery covers completely.

    Parameters
    ----------
    incidents : DataFrame
        One row per incident, with `day` and `poging_jn` (boolean, missing where unknown).
    first, last : date
        First and last day covered; a month that is covered in part is left out.
    day : str
        Column that assigns an incident to a month.

    Returns
    -------
    DataFrame
        `start`, `end`, `n_burglaries`, `n_attempts`, `n_kind_known`; a month without incidents
        has 0. `n_attempts` is missing when no incident of the delivery has the flag.
    """
    require_columns(incidents, [day, "poging_jn"], name="incidents")
    months = covered_months(first, last)
    period = incidents[day].dt.to_period("M")
    known = incidents["poging_jn"].notna()
    counts = pd.DataFrame(
        {
            "n_burglaries": period.value_counts(),
            "n_attempts": period[incidents["poging_jn"].fillna(False)].value_counts(),
            "n_kind_known": period[known].value_counts(),
        }
    ).reindex(months)
    counts = counts.fillna(0).astype("Int64")
    if not known.any():
        counts[["n_attempts", "n_kind_known"]] = pd.NA
    starts = months.to_timestamp()
    ends = starts + pd.offsets.MonthBegin(1)
    return counts.reset_index(drop=True).assign(start=starts, end=ends)


def covered_months(first: date, last: date) -> pd.PeriodIndex:
    """
    Return the months that a delivery covers from the first to the last day.

    Examples
    --------
    >>> len(covered_months(date(2018, 1, 2), date(2018, 3, 31)))
    2
    """
    start = first if first.day == 1 else add_months(first.replace(day=1), 1)
    after = add_months(last.replace(day=1), 1)
    complete = last.month != (last + timedelta(days=1)).month
    stop = after if complete else last.replace(day=1)
    return pd.period_range(start, periods=_n_months(start, stop), freq="M")


def earlier_totals(series: Series, window: Window, years: int) -> list[tuple[Window, Value]]:
    """Return the same window in each of the `years` years before, latest first."""
    windows = [window.earlier(back) for back in range(1, years + 1)]
    return [(earlier, series.total(earlier)) for earlier in windows]


def mean_of(totals: Sequence[tuple[Window, Value]]) -> Value:
    """
    Mean over windows; missing when one of them is, with the windows that are.

    Examples
    --------
    >>> years = [Window(date(2017, 1, 1)), Window(date(2016, 1, 1))]
    >>> mean_of(list(zip(years, [10, 20])))
    15.0
    >>> mean_of([(years[0], 10), (years[1], Missing("2016 is niet geleverd"))]).reason
    'niet te geven: 2016 niet geleverd'
    """
    reasons: dict[str, list[str]] = {}
    for window, value in reversed(totals):
        if isinstance(value, Missing):
            label = window_label(window)
            why = value.reason.removeprefix(f"{label} is ")
            reasons.setdefault(why, []).extend([label] if why != value.reason else [])
    if reasons:
        parts = [f"{listing(labels)} {why}".strip() for why, labels in reasons.items()]
        return Missing(f"niet te geven: {listing(parts)}")
    numbers = [value for _, value in totals if is_known(value)]
    return sum(numbers) / len(numbers)


def _n_months(start: date, stop: date) -> int:
    return max(0, (stop.year - start.year) * 12 + stop.month - start.month)
