"""The problem analysis of one area: what the delivered tables say, part by part.

Each function returns a table, or `Missing` with the reason when its input was not delivered.
Small counts are merged or withheld here, before anything is shown.
"""

from functools import partial
from typing import Any

import pandas as pd

from wib_lib.absent import Missing, Value
from wib_lib.checklist.profile import by_category, n_repeats
from wib_lib.concentration import counts_by_part
from wib_lib.disclosure import merge_small, percentage, screened_part
from wib_lib.dutch import day, number, percent
from wib_lib.evidence import Evidence
from wib_lib.keyfigures import Dwellings, rate
from wib_lib.periods import Window
from wib_lib.series import Series

NO_INCIDENTS = Missing("incidenten met dit kenmerk zijn niet geleverd")
# Parts of the checklist that these functions work out when their data are delivered.
COMPUTED = ("1A", "2A", "3", "5A", "5B", "9A", "9B", "10C", "10D", "14A", "15A", "16", "17A")
# How each table is shown: caption, headings, number formats and what to know when reading it.
YEARLY: dict[str, Any] = {
    "caption": "Woninginbraken en pogingen, per twaalf maanden",
    "labels": {"label": "Jaar", "n": "Woninginbraken", "n_attempts": "waarvan pogingen",
               "pct_attempts": "Aandeel pogingen"},
    "formats": {"n": number, "n_attempts": number, "pct_attempts": percent},
    "row_header": "label",
}  # fmt: skip
BY_PART: dict[str, Any] = {
    "caption": "Woninginbraken per buurt",
    "labels": {"naam": "Buurt", "n_now": "Venster", "n_before": "Jaar ervoor",
               "n_dwellings": "Woningen", "rate": "Per 1.000 woningen"},
    "formats": {"n_now": number, "n_before": number, "n_dwellings": number,
                "rate": partial(number, decimals=1)},
    "row_header": "naam",
}  # fmt: skip
BY_KIND: dict[str, Any] = {
    "labels": {"category": "Categorie", "n_now": "Venster", "pct_now": "Aandeel",
               "n_before": "Jaar ervoor"},
    "formats": {"n_now": number, "n_before": number, "pct_now": percent},
    "row_header": "category",
}  # fmt: skip
COVERAGE: dict[str, Any] = {
    "caption": "Dekking van de checklist informatie-analyse",
    "labels": {"number": "Nr", "text": "Onderdeel", "perspective": "Perspectief",
               "status": "Status", "owner": "Bronhouder", "peildatum": "Peildatum"},
    "formats": {"peildatum": day},
    "row_header": "number",
}  # fmt: skip


def yearly(evidence: Evidence, *, minimum: int) -> pd.DataFrame | Missing:
    """
    Count burglaries and attempts per 12 months, window last.

    Returns
    -------
    DataFrame or Missing
        `label`, `n`, `n_attempts`, `pct_attempts`; cells are Values.
    """
    series, params = evidence.series, evidence.params
    if isinstance(series, Missing):
        return series
    order = [params.window.earlier(back) for back in range(params.jaren_voor, -1, -1)]
    floor = 1 if series.is_public else minimum
    return pd.DataFrame([_year(series, window, floor) for window in order], dtype=object)


def by_part(evidence: Evidence, *, audience: str) -> pd.DataFrame | Missing:
    """
    Count per buurt in the window and the one before, with the rate of the window.

    The public sees buurten only from a source that is public itself; for the working group
    yearly counts per buurt may be shown (requirements, audience matrix).

    Returns
    -------
    GeoDataFrame, DataFrame or Missing
        `code`, `naam`, `n_now`, `n_before`, `n_dwellings`, `rate` (Value) and `geometry`; most
        burglaries first. A buurt with fewer dwellings than the minimum has no rate.
    """
    params = evidence.params
    if audience == "openbaar" and not evidence.counts.is_public:
        return Missing("per buurt staat alleen uit open gegevens in een openbaar pakket")
    parts = evidence.parts(params.window.start.year)
    if parts is None or evidence.incidents is None:
        return Missing("de levering plaatst woninginbraken niet in buurten")
    spans = {"n_now": params.window, "n_before": params.window.earlier(1)}
    table = counts_by_part(evidence.incidents, parts, spans, column="buurt_code")
    rates = [
        _part_rate(n, dwellings, params.minimum_woningen)
        for n, dwellings in zip(table["n_now"], _numbers(table["n_dwellings"]), strict=True)
    ]
    table["rate"] = pd.Series(rates, index=table.index, dtype=object)
    return table.sort_values(["n_now", "code"], ascending=[False, True], kind="stable")


def by_kind(
    evidence: Evidence, columns: list[str], *, minimum: int, top: int = 10
) -> pd.DataFrame | Missing:
    """
    Count per category in the window and the one before; small categories merged.

    The `top` categories are those of both windows together, so that ranks can be compared.

    Returns
    -------
    DataFrame or Missing
        `category`, `n_now`, `n_before`, `pct_now` (of all in the window).
    """
    incidents = evidence.incidents
    if incidents is None or any(incidents[name].isna().all() for name in columns):
        return NO_INCIDENTS
    window = evidence.params.window
    counts = by_category(incidents, columns, {"n_now": window, "n_before": window.earlier(1)})
    counts = counts[counts.sum(axis=1) > 0]
    total = int(counts["n_now"].sum())
    shown = merge_small(counts, minimum=minimum, top=top)
    if shown.empty:
        return Missing(f"te weinig feiten om te tonen (minder dan {minimum} per categorie)")
    shares = [percentage(int(n), total) for n in shown["n_now"]]
    return shown.rename_axis("category").reset_index().assign(
        pct_now=pd.Series(shares, dtype=object)
    )  # fmt: skip


def repeats(evidence: Evidence, *, minimum: int) -> tuple[Value, Value]:
    """Count repeat burglaries (same address within a year) and all burglaries of the window."""
    incidents = evidence.incidents
    if incidents is None or incidents["adres_pseudo"].isna().all():
        return NO_INCIDENTS, NO_INCIDENTS
    assert isinstance(evidence.series, Series)
    whole = evidence.series.total(evidence.params.window)
    return screened_part(
        n_repeats(incidents, evidence.params.window), whole, minimum=minimum
    ), whole


def _year(series: Series, window: Window, minimum: int) -> dict[str, object]:
    n = series.total(window)
    known = series.total(window, "n_kind_known")
    attempts = screened_part(series.total(window, "n_attempts"), known, minimum=minimum)
    return {
        "label": str(window.start.year),
        "n": n,
        "n_attempts": attempts,
        "pct_attempts": percentage(attempts, known),
    }


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def _part_rate(n: int, dwellings: float | None, minimum: int) -> Value:
    if dwellings is None:
        return Missing("woningen niet bekend")
    if int(dwellings) < minimum:
        return Missing(f"minder dan {minimum} woningen")
    return rate(int(n), Dwellings(int(dwellings))).value
