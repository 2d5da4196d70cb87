"""Counts of the last two weeks, beside the two before and the same days of earlier years."""

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.concentration import counts_by_part
from wib_lib.fortnight.span import Covered, Fortnight
from wib_lib.tables import require_columns

YEARS = 5


def by_place(
    incidents: pd.DataFrame,
    parts: pd.DataFrame | None,
    days: Fortnight,
    *,
    column: str,
    covered: Covered,
    years: int = YEARS,
) -> pd.DataFrame | Missing:
    """
    Count the last two weeks per buurt or street.

    Parameters
    ----------
    incidents : DataFrame
        With `day` and `column`.
    parts : DataFrame or None
        One row per place, `code` unique. None when there is no list, as for streets: then every
        place with an incident in the days that are counted.
    days : Fortnight
    column : str
    covered : Covered
    years : int

    Returns
    -------
    DataFrame or Missing
        `parts` plus `n_now`, `n_before` (the two weeks before), `n_year_1` to `n_year_<years>`
        (the same days so many years before), all missing where not covered, and `mean_years` of
        those that are. Most now first. `attrs["n_unplaced"]` has, per column, the incidents
        without a place of the list; `attrs["years"]` the calendar years compared with.
    """
    refusal = covered.refusal(days)
    if refusal is not None:
        return refusal
    require_columns(incidents, ["day", column], name="incidents")
    spans = _spans(days, covered, years)
    listed = _listed(incidents, spans, column) if parts is None else parts
    table = counts_by_part(incidents, listed, spans, column=column)
    wanted = ["n_now", "n_before", *_names(years)]
    for name in set(wanted) - set(spans):
        table[name] = pd.NA
    table = table.astype(dict.fromkeys(wanted, "Int64"))
    table["mean_years"] = table[_names(years)].astype("Float64").mean(axis=1)
    table.attrs["years"] = [one.last.year for one in covered.same_days(days, years=years)]
    in_order = table[[*listed.columns, *wanted, "mean_years"]]
    return in_order.sort_values(["n_now", "code"], ascending=[False, True], ignore_index=True)


def totals(
    incidents: pd.DataFrame, days: Fortnight, *, covered: Covered, years: int = YEARS
) -> pd.DataFrame | Missing:
    """
    Count all incidents of the same days in earlier years, the two weeks before, and now.

    Returns
    -------
    DataFrame or Missing
        In order of time: `label` (the days in words), `start`, `last`, `n` (missing where not
        covered), `is_now`.
    """
    refusal = covered.refusal(days)
    if refusal is not None:
        return refusal
    require_columns(incidents, ["day"], name="incidents")
    order = [days.earlier(back) for back in range(years, 0, -1)] + [days.before, days]
    day = incidents["day"]
    counts = [
        int(day.between(pd.Timestamp(one.start), pd.Timestamp(one.last)).sum())
        if covered.holds(one)
        else pd.NA
        for one in order
    ]
    return pd.DataFrame(
        {
            "label": [one.label for one in order],
            "start": pd.to_datetime([one.start for one in order]),
            "last": pd.to_datetime([one.last for one in order]),
            "n": pd.array(counts, dtype="Int64"),
            "is_now": [one == days for one in order],
        }
    )


def _spans(days: Fortnight, covered: Covered, years: int) -> dict[str, Fortnight]:
    """Return the covered fortnights to count, by column."""
    every = {"n_now": days, "n_before": days.before}
    every |= {name: days.earlier(back) for back, name in enumerate(_names(years), start=1)}
    return {name: one for name, one in every.items() if covered.holds(one)}


def _names(years: int) -> list[str]:
    return [f"n_year_{back}" for back in range(1, years + 1)]


def _listed(incidents: pd.DataFrame, spans: dict[str, Fortnight], column: str) -> pd.DataFrame:
    day = incidents["day"]
    inside = pd.Series(False, index=incidents.index)
    for one in spans.values():
        inside |= day.between(pd.Timestamp(one.start), pd.Timestamp(one.last))
    return pd.DataFrame({"code": sorted(incidents.loc[inside, column].dropna().unique())})
