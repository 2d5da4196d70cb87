"""How the counts of one area went through time: trends side by side, seasons, breaks, buurten.

Each function takes released counts and returns a table for a notebook, or `Missing` with the
reason. A trend is of what was registered, per year and with its interval; what made it rise or
fall is not in these figures.
"""

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

import pandas as pd

from wib_lib import cubes
from wib_lib.absent import Missing, NotGiven, is_known
from wib_lib.change_points import Event, change_points, known_events
from wib_lib.codes import Area
from wib_lib.dark_seasons import DARK_MONTHS, DARKEST_MONTHS, dark_seasons
from wib_lib.dutch import month, number, percent
from wib_lib.errors import TableError
from wib_lib.history import YEARS_ONLY, trend_over
from wib_lib.part_trend import trend_by_part
from wib_lib.periods import Window
from wib_lib.released import Released
from wib_lib.season import decompose
from wib_lib.series import Series
from wib_lib.trend import Change, Trend

RUNNING = NotGiven("loopt nog")
ALIKE = NotGiven("de verschillen tussen buurten kunnen toeval zijn: elke volgt het gebied")
COUNTRY = "Nederland"
MONTHS = "maanden"
OWN_FROM_MONTHS = (
    "Het eigen gebied is uit maanden gerekend, de andere uit jaren: hun interval is daardoor meestal "
    "breder en het cijfer kan in hun eigen pakket iets anders zijn."
)
AREAS: dict[str, Any] = {
    "caption": "Trend per jaar: het gebied naast de andere gebieden, de eenheid en het land",
    "labels": {"label": "Gebied", "pct": "Per jaar", "reach": "Interval",
               "pct_homes": "Per jaar, per woning", "reach_homes": "Interval",
               "based": "Gerekend uit"},
    "formats": {"pct": partial(percent, sign=True), "pct_homes": partial(percent, sign=True)},
    "row_header": "label",
}  # fmt: skip
PARTS: dict[str, Any] = {
    "caption": "Trend per buurt, naast die van het hele gebied",
    "labels": {"naam": "Buurt", "n": "Alle jaren", "pct_per_year": "Per jaar",
               "reach": "Interval", "oordeel": "Oordeel"},
    "formats": {"n": number, "pct_per_year": partial(percent, sign=True)},
    "row_header": "naam",
    "note": "Naar het gebied toe getrokken zover het verschil toeval kan zijn.",
}  # fmt: skip
SEASONS: dict[str, Any] = {
    "caption": "Donkere maanden: dezelfde maanden van elk seizoen",
    "labels": {"label": "Seizoen", "whole": "Oktober t/m maart", "whole_change": "Verandering",
               "darkest": "December en januari", "darkest_change": "Verandering",
               "running": "Zover het laatste loopt", "running_change": "Verandering"},
    "formats": dict.fromkeys(["whole", "darkest", "running"], number),
    "row_header": "label",
}  # fmt: skip
BREAKS: dict[str, Any] = {
    "caption": "Breekpunten in de maandreeks",
    "labels": {"month": "Vanaf", "n_before": "Twaalf maanden ervoor", "n_after": "Erna",
               "change": "Verandering", "event": "Bekend uit die tijd"},
    "formats": {"n_before": number, "n_after": number},
    "row_header": "month",
}  # fmt: skip


def area_trends(evidence: Released, own: Trend | Missing) -> pd.DataFrame | Missing:
    """
    Set the trend of the area beside those of the other areas, the police region and the country.

    Parameters
    ----------
    evidence : Released
    own : Trend or Missing
        Of this area, from months where those are delivered; the others have years.

    Returns
    -------
    DataFrame or Missing
        `label`, `pct`, `reach`, `pct_homes`, `reach_homes`, `based`, and for a figure `value`,
        `low`, `high`, `is_own`; cells are Values or texts.
    """
    params, unit = evidence.params, evidence.params.eenheid
    by_month = evidence.counts.is_monthly
    homes = partial(_homes, evidence)
    rows = [
        _row(
            params.gemeente,
            own,
            _per_dwelling(evidence, evidence.counts, homes([*_codes(evidence.area)])),
            based=MONTHS if by_month else "jaren",
            is_own=True,
        )
    ]
    others: dict[str, tuple[Series | Missing, Mapping[int, int]]] = {
        name: (evidence.series_of(name, area), homes([*_codes(area)]))
        for name, area in evidence.other_areas.items()
        if area != evidence.area
    }
    others[unit.naam] = (
        evidence.region_series(list(unit.gemeenten), unit.naam),
        homes(list(unit.gemeenten)),
    )
    others[COUNTRY] = (evidence.country, _country_homes(evidence))
    for name, (series, dwellings) in others.items():
        found = _over(evidence, series)
        rows.append(_row(name, found, _per_dwelling(evidence, series, dwellings)))
    absent = [row["pct"] for row in rows if isinstance(row["pct"], Missing)]
    if len(absent) == len(rows):
        return absent[0]
    return pd.DataFrame(rows, dtype=object)


def areas_shown(table: pd.DataFrame | Missing) -> dict[str, Any]:
    """Return how to show `area_trends`; says what differs when the area's own is from months."""
    if isinstance(table, Missing) or table["based"].iloc[0] != MONTHS:
        return AREAS
    return AREAS | {"note": OWN_FROM_MONTHS}


def _codes(area: Area) -> tuple[str, ...]:
    return (area.gemeente_code,) if area.is_whole else tuple(area.wijk_codes or area.buurt_codes)


def _years(evidence: Released) -> list[int]:
    window = evidence.params.window
    first = window.earlier(evidence.params.jaren_voor).start.year
    return list(range(first, window.last.year + 1))


def _homes(evidence: Released, codes: list[str]) -> dict[int, int]:
    """Dwellings on 1 January of every year, of exactly that year."""
    found = {year: evidence.dwellings(codes, year) for year in _years(evidence)}
    return {y: int(d.n) for y, d in found.items() if d.year == y and is_known(d.n)}


def _country_homes(evidence: Released) -> dict[int, int]:
    found = {year: evidence.country_dwellings(year).n for year in _years(evidence)}
    return {year: int(n) for year, n in found.items() if is_known(n)}


def _over(
    evidence: Released, series: Series | Missing, dwellings: Mapping[int, int] | None = None
) -> Trend | Missing:
    if isinstance(series, Missing):
        return series
    params = evidence.params
    return trend_over(
        series,
        params.window,
        years=params.jaren_voor,
        level=params.betrouwbaarheid,
        dwellings=dwellings,
    )


def _per_dwelling(
    evidence: Released, series: Series | Missing, dwellings: Mapping[int, int]
) -> Trend | Missing:
    if not dwellings:
        return Missing("woningen zijn niet voor elk jaar geleverd")
    return _over(evidence, series, dwellings)


def _row(
    label: str,
    found: Trend | Missing,
    per_home: Trend | Missing,
    *,
    based: str = "jaren",
    is_own: bool = False,
) -> dict[str, object]:
    row: dict[str, object] = {"label": label, "based": based, "is_own": is_own}
    for name, trend in (("", found), ("_homes", per_home)):
        is_there = isinstance(trend, Trend)
        row[f"pct{name}"] = trend.pct_per_year if isinstance(trend, Trend) else trend
        row[f"reach{name}"] = _reach(trend.low, trend.high) if isinstance(trend, Trend) else trend
        if not name and is_there:
            assert isinstance(trend, Trend)
            row |= {"value": trend.pct_per_year, "low": trend.low, "high": trend.high}
    if isinstance(found, Missing):
        row |= {"value": found, "low": found, "high": found, "based": "."}
    return row


def _reach(low: float, high: float) -> str:
    return f"{percent(low, sign=True)} tot {percent(high, sign=True)}"


def parts_trend(evidence: Released, area: Trend | Missing) -> pd.DataFrame | Missing:
    """
    Give the trend of each buurt, shrunk to that of the area (`wib_lib.part_trend`).

    Returns
    -------
    DataFrame or Missing
        `code`, `naam`, `n`, `pct_per_year`, `reach` (Missing where too few), `oordeel`; those
        that deviate first, then most burglaries.
    """
    parts = evidence.parts(evidence.params.window.start.year)
    if parts is None:
        return cubes.NO_PARTS
    if isinstance(area, Missing):
        return area
    spans = {cubes.period_code(w): w for w in cubes.years(evidence)}
    counts = pd.DataFrame({"code": parts["code"].tolist()})
    for name, window in spans.items():
        found = [evidence.n("delen", window, code) for code in counts["code"]]
        absent = next((n for n in found if not is_known(n)), None)
        if absent is not None:
            return absent if isinstance(absent, Missing) else NotGiven("een aantal is onderdrukt")
        counts[name] = [int(n) for n in found if is_known(n)]
    try:
        table = trend_by_part(counts, list(spans), area, level=evidence.params.betrouwbaarheid)
    except TableError:
        return NotGiven("er zijn te weinig woninginbraken of jaren")
    if not table.attrs["between"] and not table["oordeel"].str.contains("gunstiger").any():
        return ALIKE
    few = NotGiven("te weinig woninginbraken")
    known = table["pct_per_year"].notna()
    result = pd.DataFrame(
        {
            "code": table["code"],
            "naam": parts["naam"].to_numpy(),
            "n": table["n"],
            "pct_per_year": table["pct_per_year"].astype(object).where(known, few),
            "reach": [
                _reach(low, high) if there else few
                for low, high, there in zip(table["low"], table["high"], known, strict=True)
            ],
            "oordeel": table["oordeel"],
            "deviates": table["oordeel"].str.contains("gunstiger"),
        }
    )
    return result.sort_values(["deviates", "n", "code"], ascending=[False, False, True])


def decomposed(series: Series) -> pd.DataFrame | Missing:
    """Split the months into trend, season and rest, for a picture."""
    if series.reason:
        return Missing(series.reason)
    if not series.is_monthly:
        return YEARS_ONLY
    try:
        return decompose(series.rows.sort_values("start", ignore_index=True))
    except TableError:
        return series.lacking("er zijn geen twee volle jaren geleverd")


def breaks(evidence: Released) -> pd.DataFrame | Missing:
    """
    Find the months from which the series ran at another level.

    Returns
    -------
    DataFrame or Missing
        `start`, `month`, `n_before`, `n_after`, `change` (text, or Missing), `event` (text).
    """
    series = evidence.counts
    if series.reason:
        return Missing(series.reason)
    if not series.is_monthly:
        return YEARS_ONLY
    rows = series.rows.sort_values("start", ignore_index=True)
    try:
        found = change_points(rows, events=events(evidence), level=evidence.params.betrouwbaarheid)
    except TableError:
        return series.lacking("er zijn geen twee volle jaren geleverd")
    return found.assign(
        month=[month(start) for start in found["start"]],
        change=pd.Series([change_text(c) for c in found["change"]], dtype=object),
        event=[text or "niets" for text in found["event"]],
    )


def breaks_shown(found: pd.DataFrame | Missing) -> pd.DataFrame | Missing:
    """Return the breaks for a table, or why there is none."""
    is_empty = not isinstance(found, Missing) and found.empty
    return NotGiven("geen enkel breekpunt springt eruit") if is_empty else found


def events(evidence: Released) -> list[Event]:
    """Return what is known to have changed the registration or the world."""
    return known_events(evidence.params.reeksbreuken)


def seasons(evidence: Released, trend: Trend | Missing) -> pd.DataFrame | Missing:
    """
    Count the dark seasons: whole, December and January, and the months that the last one has.

    Returns
    -------
    DataFrame or Missing
        `label`, and `whole`, `darkest` and `running` (Values) with `_change` (text or Missing).
    """
    series, last = evidence.counts, evidence.params.window.last
    phi = 1.0 if isinstance(trend, Missing) else trend.dispersion
    days = {
        "whole": (_last_whole(last, DARK_MONTHS), DARK_MONTHS),
        "darkest": (_last_whole(last, DARKEST_MONTHS), DARKEST_MONTHS),
        "running": (last, DARK_MONTHS),
    }
    result: pd.DataFrame | None = None
    for name, (day, months) in days.items():
        found = dark_seasons(series, day, months=months, phi=phi)
        if isinstance(found, Missing):
            return found
        if name == "running" and found.attrs["n_months"] == DARK_MONTHS[1]:
            break
        column = pd.DataFrame(
            {
                "label": found["label"],
                name: found["n"],
                f"{name}_change": pd.Series(map(change_text, found["change"]), dtype=object),
            }
        )
        result = column if result is None else result.merge(column, on="label", how="outer")
    assert result is not None
    result = result.sort_values("label", ignore_index=True)
    known = result.drop(columns="label").map(_has_figure).any(axis=1)
    kept = result[known]
    return kept.map(lambda value: RUNNING if _is_blank(value) else value).astype(object)


def seasons_shown(table: pd.DataFrame | Missing) -> dict[str, Any]:
    """Return how to show `seasons`: no column for a running season when none runs."""
    labels = SEASONS["labels"]
    if isinstance(table, Missing):
        return SEASONS
    kept = {name: text for name, text in labels.items() if name in table}
    formats = {name: how for name, how in SEASONS["formats"].items() if name in kept}
    return SEASONS | {"labels": kept, "formats": formats}


def _has_figure(value: Any) -> bool:
    return not isinstance(value, Missing) and not _is_blank(value)


def _is_blank(value: Any) -> bool:
    return isinstance(value, float) and pd.isna(value)


def _last_whole(last: date, months: tuple[int, int]) -> date:
    """Return the last day of the last season that was over by `last`."""
    season = Window(date(last.year, months[0], 1), months[1])
    while season.last > last:
        season = season.earlier(1)
    return season.last


def change_text(change: Change | Missing) -> str | Missing:
    """
    Write a change with its interval.

    Examples
    --------
    >>> change_text(Change(-20.0, -31.5, -6.5))
    '−20,0 % (−31,5 % tot −6,5 %)'
    """
    if isinstance(change, Missing):
        return NotGiven(change.reason)
    return f"{percent(change.pct, sign=True)} ({_reach(change.low, change.high)})"
