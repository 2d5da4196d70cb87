"""A series through time: windows side by side, months against earlier years, rolling years.

Missing years stay missing: a band over three years says so instead of pretending five. The
years of the pandemic are no baseline for the months of another year.
"""

from collections.abc import Mapping

import pandas as pd

from wib_lib.absent import Missing, Value, is_known
from wib_lib.dutch import listing
from wib_lib.dutch import window as window_label
from wib_lib.errors import TableError
from wib_lib.periods import Window
from wib_lib.series import Series, earlier_totals, mean_of
from wib_lib.trend import Trend, fit_trend

YEARS_ONLY = Missing("de levering bevat jaarcijfers, geen maanden")


def name(window: Window) -> str:
    """Name a window in a figure."""
    return window_label(window)


def label(window: Window, *, years: int) -> str:
    """
    Name the span from `years` years before the window to its end.

    Examples
    --------
    >>> from datetime import date
    >>> label(Window(date(2018, 1, 1)), years=5)
    '2013 tot en met 2018'
    """
    return f"{window.earlier(years).start.year} tot en met {window.last.year}"


def mean_before(series: Series, window: Window, *, years: int) -> Value:
    """Return the mean of the same months in the years before."""
    return mean_of(earlier_totals(series, window, years))


def windows(series: Series, window: Window, *, years: int) -> pd.DataFrame:
    """
    Return the window and the same months in the years before, oldest first.

    Returns
    -------
    DataFrame
        `label`, `n` (Value), `is_window`.
    """
    order = [window.earlier(back) for back in range(years, -1, -1)]
    return pd.DataFrame(
        {
            "label": [
                window_label(w) if w.is_calendar_year() else str(w.start.year) for w in order
            ],
            "n": pd.Series([series.total(w) for w in order], dtype=object),
            "is_window": [w == window for w in order],
        }
    )


def complete_years(series: Series, window: Window, *, years: int) -> list[Window]:
    """Return the earlier windows that the series covers, oldest first."""
    order = [window.earlier(back) for back in range(years, 0, -1)]
    return [w for w in order if is_known(series.total(w))]


def month_band(series: Series, window: Window, *, years: int) -> pd.DataFrame | Missing:
    """
    Return the months of a window beside the same months in the complete years before.

    Returns
    -------
    DataFrame or Missing
        In order of time: `month` (1-12), `n`, and of the years before `low`, `high`, `mean`.
        `attrs["years"]` names those years.
    """
    if series.reason:
        return Missing(series.reason)
    if not series.is_monthly:
        return YEARS_ONLY
    complete = complete_years(series, window, years=years)
    before = [w for w in complete if not w.is_pandemic() and _months(series, w) is not None]
    now = _months(series, window)
    if now is None or not before:
        return series.lacking("geen heel jaar voor het venster geleverd")
    earlier = pd.DataFrame({w.start: _values(series, w) for w in before})
    result = pd.DataFrame(
        {
            "month": now["start"].dt.month.to_numpy(),
            "n": now["n_burglaries"].astype(int).to_numpy(),
            "low": earlier.min(axis=1),
            "high": earlier.max(axis=1),
            "mean": earlier.mean(axis=1),
        }
    )
    result.attrs["years"] = _year_spans([earlier.start.year for earlier in before])
    return result


def season_grid(series: Series, window: Window, *, years: int) -> pd.DataFrame | Missing:
    """Return counts per month (1-12, columns) of each complete window (rows, by first year)."""
    if series.reason:
        return Missing(series.reason)
    if not series.is_monthly:
        return YEARS_ONLY
    known = [w for w in (*complete_years(series, window, years=years), window)
             if _months(series, w) is not None]  # fmt: skip
    if not known:
        return series.lacking("geen heel jaar geleverd")
    columns = [(window.start.month - 1 + step) % 12 + 1 for step in range(window.n_months)]
    rows = [_values(series, w).tolist() for w in known]
    return pd.DataFrame(rows, index=[str(w.start.year) for w in known], columns=columns)


def trend_over(
    series: Series,
    window: Window,
    *,
    years: int,
    level: float,
    dwellings: Mapping[int, int] | None = None,
) -> Trend | Missing:
    """
    Fit the trend over the window and the `years` years before, from months or from years.

    Missing when those years are not delivered completely: a trend over fewer years would be
    mostly season and chance. With `dwellings` on 1 January by year it is a trend per dwelling.
    """
    if series.reason:
        return Missing(series.reason)
    first = pd.Timestamp(window.earlier(years).start)
    rows = series.rows[
        series.rows["start"].ge(first) & series.rows["end"].le(pd.Timestamp(window.end))
    ]
    n_days = int((rows["end"] - rows["start"]).dt.days.sum())
    if n_days != (window.end - window.earlier(years).start).days:
        return series.lacking(f"de {years} jaar voor het venster zijn niet volledig geleverd")
    if dwellings is not None:
        lacking = sorted(set(rows["start"].dt.year) - set(dwellings))
        if lacking:
            return Missing(f"woningen van {lacking[0]} zijn niet geleverd")
        rows = rows.assign(n_dwellings=rows["start"].dt.year.map(dict(dwellings)))
    try:
        return fit_trend(rows.reset_index(drop=True), level=level, serial=True)
    except TableError as problem:
        return Missing(f"te weinig perioden ({problem})")


def rolling_year(series: Series) -> pd.DataFrame | Missing:
    """
    Sum every twelve consecutive months; no sum where one of them was not delivered.

    Returns
    -------
    DataFrame or Missing
        `end` (the day after the twelve months) and `n`.
    """
    if series.reason:
        return Missing(series.reason)
    if not series.is_monthly:
        return YEARS_ONLY
    rows = series.rows.sort_values("start")
    sums = rows["n_burglaries"].astype(float).rolling(12).sum()
    consecutive = rows["start"].shift(11) + pd.DateOffset(years=1) == rows["end"]
    kept = consecutive & sums.notna()
    if not kept.any():
        return Missing("geen twaalf maanden achter elkaar geleverd")
    return pd.DataFrame({"end": rows.loc[kept, "end"], "n": sums[kept].astype(int)}).reset_index(
        drop=True
    )


def _year_spans(years: list[int]) -> str:
    """
    Name years as spans, so that a gap shows.

    >>> _year_spans([2017, 2018, 2019, 2022])
    '2017-2019 en 2022'
    """
    spans: list[list[int]] = []
    for year in years:
        if spans and spans[-1][-1] == year - 1:
            spans[-1].append(year)
        else:
            spans.append([year])
    return listing([f"{s[0]}-{s[-1]}" if len(s) > 1 else str(s[0]) for s in spans])


def _months(series: Series, window: Window) -> pd.DataFrame | None:
    start, end = pd.Timestamp(window.start), pd.Timestamp(window.end)
    inside = series.rows[series.rows["start"].ge(start) & series.rows["end"].le(end)]
    return inside.sort_values("start") if len(inside) == window.n_months else None


def _values(series: Series, window: Window) -> pd.Series:
    months = _months(series, window)
    assert months is not None
    return months["n_burglaries"].astype(int).reset_index(drop=True)
