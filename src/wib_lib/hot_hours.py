"""When burglaries were in one area: parts of the day, hours, and the dark.

Nobody saw most of them, so each is divided over the hours in which it can have been
(`wib_lib.hot_times`). Parts of the day are counts of the release, in whole burglaries;
their bands follow from rows and are shown where the count is. Hours are for the analyst alone:
most hold fewer burglaries than others may see.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd

from wib_lib import chance, cubes
from wib_lib.absent import Missing, NotGiven, Suppressed, Value, is_known
from wib_lib.dark_hours import dark_hours
from wib_lib.day_parts import DAYS
from wib_lib.dutch import MONTHS, interval, number, percent
from wib_lib.evidence import Evidence, Sealed, opened
from wib_lib.history import label
from wib_lib.hot_times import DAGDELEN, USED, HotTimes, hot_times
from wib_lib.released import Released
from wib_lib.sun import degrees

ANALYST = "analist"
NOT_FOR = NotGiven("niet bestemd voor deze lezers")
NO_TIMES = Missing("van geen enkel feit zijn begin en eind geleverd")
SPELLED = {name: f"{name} ({a} tot {b} uur)" for name, (a, b) in DAGDELEN.items()}
DAYPARTS: dict[str, Any] = {
    "caption": "Dagdelen: naar de uren waarin het gebeurd kan zijn",
    "labels": {"dagdeel": "Dagdeel", "n_now": "Venster", "band": "Marge van toeval",
               "share": "Aandeel", "per_hour": "Per uur, gemiddeld uur is 1",
               "n_before": "Jaar ervoor"},
    "formats": {"n_now": number, "n_before": number, "share": percent,
                "per_hour": partial(number, decimals=1)},
    "row_header": "dagdeel",
}  # fmt: skip
ACCOUNT: dict[str, Any] = {
    "caption": "Van hoeveel feiten iets over het uur bekend is",
    "labels": {"reason": "Tijdstip", "n": "Feiten", "share": "Aandeel"},
    "formats": {"n": number, "share": percent},
    "row_header": "reason",
}  # fmt: skip
ENOUGH = 10  # incidents with a usable time, below which there is no picture


@dataclass(frozen=True)
class Hours:
    """
    What is known of the hours of the window.

    `dayparts` and `week` are for every reader, `by_hour` and `by_cell` for the analyst, else
    Missing. `account` is the quality of the times.
    """

    dayparts: pd.DataFrame | Missing
    week: pd.DataFrame | Missing
    by_hour: pd.DataFrame | Missing
    by_cell: pd.DataFrame | Missing
    account: pd.DataFrame | Missing


def hours(evidence: Released, rows: Evidence | Sealed, *, level: float = 0.95) -> Hours:
    """
    Divide the burglaries of the window over the hours of the week.

    Parameters
    ----------
    evidence : Released
    rows : Evidence or Sealed
    level : float

    Returns
    -------
    Hours
        `dayparts`: `dagdeel`, `n_now`, `n_before`, `band`, `share`, `per_hour`. `week`: a row for
        workdays and weekend, a column per part of the day; cells are Values. `by_hour` and `by_cell` as from
        `HotTimes`. `account`: `reason`, `n`, `share`.
    """
    found = _times(evidence, rows)
    if isinstance(found, Missing):
        return Hours(*[found] * 5)
    account = found.times.account[found.times.account["n"].gt(0)]
    account = account.assign(share=100 * account["share"])
    if found.n.sum() < ENOUGH:
        few = NotGiven(f"van minder dan {ENOUGH} feiten is het tijdstip bekend")
        return Hours(few, few, few, few, account)
    whole = evidence.cells.audience == ANALYST
    return Hours(
        dayparts=_dayparts(evidence, found, level),
        week=_week(evidence),
        by_hour=found.by_hour(level=level) if whole else NOT_FOR,
        by_cell=found.by_cell(level=level) if whole else NOT_FOR,
        account=account,
    )


def dayparts_shown(found: Hours) -> dict[str, Any]:
    """Return how to show `dayparts`: of how many, and why a count and its share may differ."""
    if isinstance(found.dayparts, Missing) or isinstance(found.account, Missing):
        return DAYPARTS
    n = int(found.account.loc[found.account["reason"].eq(USED), "n"].sum())
    note = (
        "Aantallen zijn per maand op hele woninginbraken afgerond; marge, aandeel en het cijfer per "
        "uur zijn uit de niet-afgeronde verdeling gerekend en kunnen iets afwijken. Noemer van het "
        f"aandeel: de {number(n)} feiten waarvan het uur bekend is."
    )
    return DAYPARTS | {"note": note}


def _times(evidence: Released, rows: Evidence | Sealed) -> HotTimes | Missing:
    incidents = opened(rows).incidents
    if incidents is None or incidents["pleeg_tot"].isna().all():
        return NO_TIMES
    window = evidence.params.window
    inside = incidents["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
    return hot_times(incidents[inside], rng=chance.generator())


def _n(evidence: Released, code: str, *, back: int = 0) -> Value:
    window = cubes.pair(evidence)[back]
    return evidence.n("tijden", window, tijd=code)


def _dayparts(evidence: Released, found: HotTimes, level: float) -> pd.DataFrame | Missing:
    table = found.by_dagdeel(level=level)
    n = [_n(evidence, name) for name in DAGDELEN]
    if all(isinstance(value, Missing) for value in n):
        return n[0] if isinstance(n[0], Missing) else NOT_FOR
    shown = [is_known(value) for value in n]
    return pd.DataFrame(
        {
            "dagdeel": list(SPELLED.values()),
            "n_now": n,
            "n_before": [_n(evidence, name, back=1) for name in DAGDELEN],
            "band": _where(shown, map(interval, table["low"], table["high"]), n),
            "share": _where(shown, 100 * table["share"], n),
            "per_hour": _where(shown, table["per_hour"], n),
        },
        dtype=object,
    )


def _where(shown: list[bool], values: Any, otherwise: list[Value]) -> list[Any]:
    """Keep what was made from a count that is shown; else say why there is none."""
    return [v if there else why for v, there, why in zip(values, shown, otherwise, strict=True)]


def _week(evidence: Released) -> pd.DataFrame | Missing:
    cells = {part: [_n(evidence, f"{day}-{part}") for day in DAYS] for part in DAGDELEN}
    table = pd.DataFrame(cells, index=list(DAYS), dtype=object)
    first: Any = table.iloc[0, 0]
    if isinstance(first, Missing):
        return first
    if not table.map(is_known).to_numpy().any():
        return NotGiven("elk aantal is te klein om te tonen")
    return table


def dark(evidence: Released, rows: Evidence | Sealed) -> pd.DataFrame | Missing:
    """
    Set the share in the dark per calendar month beside the share of the hours that is dark.

    Over the window and the years before together: of one year a month holds too few.

    Returns
    -------
    DataFrame or Missing
        `month` (1-12, and 0 for all), `label`, `n`, `share_dark`, `low`, `high` (per cent; Values)
        and `share_of_time` (per cent). `Suppressed` when the burglaries in the dark or in the
        light are fewer than these readers may see. `attrs["span"]` names the years.
    """
    incidents = opened(rows).incidents
    if incidents is None or incidents["pleeg_tot"].isna().all():
        return NO_TIMES
    place = _middle(evidence)
    if isinstance(place, Missing):
        return place
    first = cubes.years(evidence)[0].start
    inside = incidents["day"].between(
        pd.Timestamp(first), pd.Timestamp(evidence.params.window.last)
    )
    latitude, longitude = place
    found = dark_hours(
        incidents[inside], latitude=latitude, longitude=longitude, rng=chance.generator(),
        level=evidence.params.betrouwbaarheid,
    )  # fmt: skip
    least = max(evidence.cells.minimum, 1)
    small = too_few(found, least)
    columns = {name: (100 * found[name]).astype(object) for name in ("share_dark", "low", "high")}
    if least > 1:
        columns = {k: v.where(~small, Suppressed(least)) for k, v in columns.items()}
    empty = found["n"].eq(0)
    table = pd.DataFrame(
        {
            "month": found["month"],
            "label": ["alle maanden", *MONTHS],
            "n": found["n"],
            **{k: v.where(~empty, NotGiven("geen feiten")) for k, v in columns.items()},
            "share_of_time": 100 * found["share_of_time"],
        }
    )
    table.attrs["span"] = label(evidence.params.window, years=evidence.params.jaren_voor)
    return table


def too_few(found: pd.DataFrame, least: int) -> pd.Series:
    """
    Tell the rows with fewer burglaries in the dark or in the light than readers may see.

    One month alone would follow from the row of all months, so the next smallest goes with it.

    Parameters
    ----------
    found : DataFrame
        `month` (0 for all), `n` and `n_dark`.
    least : int

    Examples
    --------
    >>> found = pd.DataFrame({"month": [0, 1, 2, 3], "n": [40, 20, 14, 6], "n_dark": [19, 10, 7, 2]})
    >>> too_few(found, 5).tolist()
    [False, False, True, True]
    """
    rarer = found["n_dark"].combine(found["n"] - found["n_dark"], min)
    small = rarer.round().lt(least)
    months = found["month"].gt(0) & found["n"].gt(0)
    if (small & months).sum() == 1 and (months & ~small).any():
        small |= rarer.index == rarer[months & ~small].idxmin()
    return small


def dark_note(table: pd.DataFrame | Missing) -> str:
    """Say which years the share in the dark is about."""
    return "" if isinstance(table, Missing) else f"Over de maanden van {table.attrs['span']} samen."


def _middle(evidence: Released) -> tuple[float, float] | Missing:
    """Return latitude and longitude of the middle of the area."""
    parts = evidence.parts(evidence.params.window.start.year)
    if parts is None or "geometry" not in parts:
        return Missing("grenzen zijn niet geleverd")
    west, south, east, north = parts.total_bounds
    return degrees((west + east) / 2, (south + north) / 2)
