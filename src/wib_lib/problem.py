"""The problem analysis of one area: what the delivered tables say, part by part.

Each function returns a table, or `Missing` with the reason when its input was not delivered.
Counts come from the release: what an audience may not see is not known here.
"""

from functools import partial
from typing import Any

import pandas as pd

from wib_lib import cubes
from wib_lib.absent import Missing, Value, is_known
from wib_lib.codes import parent
from wib_lib.disclosure import percentage
from wib_lib.dutch import day, number, percent
from wib_lib.keyfigures import Dwellings, rate
from wib_lib.periods import Window
from wib_lib.released import Released
from wib_lib.series import Series

OTHER = "overig (samengevoegd)"
MERGED = "+"  # between the categories that were merged into one
# Parts of the checklist that these functions work out when their data are delivered.
COMPUTED = ("1A", "1B", "2A", "3", "5A", "5B", "9A", "9B", "10C", "10D", "14A", "15A", "16", "17A")
# How each table is shown: caption, headings, number formats and what to know when reading it.
YEARLY: dict[str, Any] = {
    "caption": "Woninginbraken en pogingen, per twaalf maanden",
    "labels": {"label": "Jaar", "n": "Woninginbraken", "n_attempts": "waarvan pogingen",
               "pct_attempts": "Aandeel pogingen"},
    "formats": {"n": number, "n_attempts": number, "pct_attempts": percent},
    "row_header": "label",
    "note": "Aandeel pogingen: van de feiten waarvan bekend is of het een poging was.",
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
BY_WIJK: dict[str, Any] = {
    "caption": "Woninginbraken en pogingen per wijk",
    "labels": {"naam": "Wijk", "n_now": "Venster", "attempts_now": "waarvan pogingen",
               "n_before": "Jaar ervoor", "attempts_before": "waarvan pogingen, jaar ervoor"},
    "formats": dict.fromkeys(["n_now", "attempts_now", "n_before", "attempts_before"], number),
    "row_header": "naam",
}  # fmt: skip
COVERAGE: dict[str, Any] = {
    "caption": "Dekking van de checklist informatie-analyse",
    "labels": {"number": "Nr", "text": "Onderdeel", "perspective": "Perspectief",
               "status": "Status", "owner": "Bronhouder", "peildatum": "Peildatum"},
    "formats": {"peildatum": day},
    "row_header": "number",
    "source": "levering",
}  # fmt: skip


def yearly(evidence: Released) -> pd.DataFrame | Missing:
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
    return pd.DataFrame([_year(series, window) for window in order], dtype=object)


def by_part(evidence: Released) -> pd.DataFrame | Missing:
    """
    Count per buurt in the window and the one before, with the rate of the window.

    Returns
    -------
    GeoDataFrame, DataFrame or Missing
        `code`, `naam`, `n_now`, `n_before`, `n_dwellings`, `rate` (Values) and `geometry`; most
        burglaries first. A buurt with fewer dwellings than the minimum has no rate.
    """
    params = evidence.params
    parts = evidence.parts(params.window.start.year)
    if parts is None:
        return cubes.NO_PARTS
    if "delen" in evidence.cells.absent:
        return Missing(evidence.cells.absent["delen"])
    table = parts.copy()
    for name, window in _pair(evidence).items():
        counts = [evidence.n("delen", window, code) for code in table["code"]]
        table[name] = pd.Series(counts, index=table.index, dtype=object)
    rates = [
        part_rate(n, dwellings, params.minimum_woningen)
        for n, dwellings in zip(table["n_now"], _numbers(table["n_dwellings"]), strict=True)
    ]
    table["rate"] = pd.Series(rates, index=table.index, dtype=object)
    if all(is_known(n) for n in (*table["n_now"], *table["n_before"])):
        table = table.astype({"n_now": "int64", "n_before": "int64"})
    order = [
        (-n if is_known(n) else 1, code)
        for n, code in zip(table["n_now"], table["code"], strict=True)
    ]
    return table.iloc[sorted(range(len(order)), key=order.__getitem__)]


def by_wijk(evidence: Released) -> pd.DataFrame | Missing:
    """
    Count burglaries and attempts per wijk, in the window and the one before.

    Returns
    -------
    DataFrame or Missing
        `code`, `naam`, and `n_` and `attempts_` with `now` and `before`; cells are Values.
    """
    absent = {name: evidence.cells.absent.get(name) for name in ("delen", "pogingen_per_wijk")}
    if why := absent["delen"] or absent["pogingen_per_wijk"]:
        return Missing(why)
    wijken = sorted({parent(code, "wijk") for code in evidence.own_parts})
    spans = _pair(evidence)
    columns = {
        name.replace("n_", f"{what}_"): [
            evidence.n(table, window, code, **feature) for code in wijken
        ]
        for what, table, feature in (
            ("n", "delen", {}),
            ("attempts", "pogingen_per_wijk", {"poging": cubes.YES}),
        )
        for name, window in spans.items()
    }
    shapes = evidence.store.areas(evidence.area.gemeente_code)
    names = {} if shapes is None else dict(zip(shapes["code"], shapes["naam"], strict=True))
    named = [names.get(code, code) for code in wijken]
    return pd.DataFrame({"code": wijken, "naam": named} | columns, dtype=object)


def by_kind(evidence: Released, table: str) -> pd.DataFrame | Missing:
    """
    Count per category in the window and the one before; small categories are merged.

    Parameters
    ----------
    evidence : Released
    table : str
        Name in `wib_lib.cubes.TABLES`.

    Returns
    -------
    DataFrame or Missing
        `category`, `n_now`, `n_before`, `pct_now` (of all in the window); cells are Values.
    """
    spans = _pair(evidence)
    counts: dict[str, dict[str, Value]] = {}
    for name, window in spans.items():
        found = evidence.categories(table, window)
        if isinstance(found, Missing):
            return found
        counts[name] = found
    total = evidence.counts.total(evidence.params.window)
    order = sorted(
        counts["n_now"],
        key=lambda code: (MERGED in code, *(-_size(found[code]) for found in counts.values())),
    )
    rows = [
        {
            "category": OTHER if MERGED in code else code,
            **{name: found[code] for name, found in counts.items()},
            "pct_now": percentage(counts["n_now"][code], total),
        }
        for code in order
    ]
    return pd.DataFrame(rows, columns=["category", "n_now", "n_before", "pct_now"], dtype=object)


def repeats(evidence: Released) -> tuple[Value, Value]:
    """Count repeat burglaries (same address within a year) and all burglaries of the window."""
    window = evidence.params.window
    again = evidence.n("herhaling", window, herhaling=cubes.YES)
    return again, evidence.counts.total(window)


def _pair(evidence: Released) -> dict[str, Window]:
    return dict(zip(("n_now", "n_before"), cubes.pair(evidence), strict=True))


def _size(value: Value) -> float:
    return float(value) if is_known(value) else 0.0


def _year(series: Series, window: Window) -> dict[str, object]:
    attempts, known = (series.total(window, name) for name in ("n_attempts", "n_kind_known"))
    return {
        "label": str(window.start.year),
        "n": series.total(window),
        "n_attempts": attempts,
        "pct_attempts": percentage(attempts, known),
    }


def _numbers(values: pd.Series) -> list[float | None]:
    return [None if pd.isna(value) else float(value) for value in values]


def part_rate(n: Value, dwellings: float | None, minimum: int) -> Value:
    """Return the rate per 1,000 dwellings of a part; none below `minimum` dwellings."""
    if not is_known(n):
        return n
    if dwellings is None:
        return Missing("woningen niet bekend")
    if int(dwellings) < minimum:
        return Missing(f"minder dan {minimum} woningen")
    return rate(int(n), Dwellings(int(dwellings))).value
