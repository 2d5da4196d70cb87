"""Which buurten are now in the days after a burglary in which more follow near by than by chance.

The list follows from the test alone: a band that the corrected p does not support gives no window.
It says where and until when burglaries were more frequent after earlier ones, not that one brings
the other: an unnoticed cause that works on both gives the same pairs (Bernasco 2007; Johnson and
others 2007).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from wib_lib.dutch import listing, number
from wib_lib.tables import require_columns

LEVEL = 0.05
SAME_ADDRESS = "zelfde adres"


@dataclass(frozen=True)
class RiskWindows:
    """
    The buurten in a raised-risk window on one day.

    `bands` has a row per distance band with a window: `near`, `metres_to`, `n_days`, `ratio` (of
    all pairs in those days). `table` has a row per buurt: `buurt_code`, `n_burglaries` (that have
    an open window), `near` (the widest band still open), `until` (last day). `caption` says what
    the list means, or why it is empty.
    """

    bands: pd.DataFrame
    table: pd.DataFrame
    caption: str


def near_label(metres_from: float, metres_to: float) -> str:
    """
    Name a distance band.

    Examples
    --------
    >>> near_label(0, 0), near_label(0, 100), near_label(100, 200)
    ('zelfde adres', 'tot 100 m', '100 tot 200 m')
    """
    if metres_to == 0:
        return SAME_ADDRESS
    if np.isinf(metres_to):
        return f"vanaf {number(metres_from)} m"
    start = f"{number(metres_from)} " if metres_from else ""
    return f"{start}tot {number(metres_to)} m"


def days_label(days_from: float, days_to: float) -> str:
    """
    Name a band of lags in whole days.

    Examples
    --------
    >>> days_label(0, 7), days_label(7, 14)
    ('0 t/m 6 dagen', '7 t/m 13 dagen')
    """
    if np.isinf(days_to):
        return f"vanaf {number(days_from)} dagen"
    return f"{number(days_from)} t/m {number(days_to - 1)} dagen"


def raised_bands(table: pd.DataFrame, *, level: float = LEVEL) -> pd.DataFrame:
    """
    Return per distance band how many days after a burglary more follow than by chance.

    Only bands of days that join up from day 0 count: a lone band later on is no window.

    Parameters
    ----------
    table : DataFrame
        As `knox` returns it, with `p_holm`.
    level : float

    Returns
    -------
    DataFrame
        `near`, `metres_to`, `n_days`, `ratio`; no row for a distance without a window.
    """
    raised = table["p_holm"].le(level) & table["ratio"].gt(1) & np.isfinite(table["days_to"])
    joined = raised.groupby(table["metres_to"]).cummin()
    rows = table[joined].groupby(["metres_from", "metres_to"], as_index=False)
    bands = rows.agg(n_days=("days_to", "max"), n=("n_pairs", "sum"), expected=("expected", "sum"))
    labels = [
        near_label(*ends) for ends in zip(bands["metres_from"], bands["metres_to"], strict=True)
    ]
    ratio = bands["n"] / bands["expected"]
    found: pd.DataFrame = bands.assign(near=labels, ratio=ratio)
    return found[["near", "metres_to", "n_days", "ratio"]]


def risk_windows(
    table: pd.DataFrame, incidents: pd.DataFrame, *, on: date, level: float = LEVEL
) -> RiskWindows:
    """
    List the buurten with a burglary so recent that its window is still open on a day.

    Parameters
    ----------
    table : DataFrame
        Result of `knox`, `p_holm` included.
    incidents : DataFrame
        `day` and `buurt_code`, placed on an address (see `placed_events`); later days are not yet
        known on `on` and are left out.
    on : date
        The day of the list. A burglary of that day counts.
    level : float
        Level of Holm's p at which a band counts.

    Returns
    -------
    RiskWindows
        With `n_days` = 7 the window of a burglary on the 1st is open up to and including the 7th.

    Raises
    ------
    TableError
        When a column is missing: without a p there is no window.
    """
    require_columns(table, ["p_holm"], name="table")
    require_columns(incidents, ["day", "buurt_code"], name="incidents")
    bands = raised_bands(table, level=level)
    today = pd.Timestamp(on)
    known = incidents.loc[incidents["day"].le(today), ["day", "buurt_code"]].dropna()
    open_ = known.assign(burglary=range(len(known))).merge(bands, how="cross")
    open_["until"] = open_["day"] + pd.to_timedelta(open_["n_days"] - 1, unit="D")
    open_ = open_[open_["until"] >= today].sort_values("metres_to")
    rows = open_.groupby("buurt_code")
    found = pd.DataFrame(
        {
            "n_burglaries": rows["burglary"].nunique(),  # each has a window per distance
            "near": rows["near"].last(),
            "until": rows["until"].max(),
        }
    )
    ordered = found.reset_index().sort_values(
        ["until", "buurt_code"], ascending=[False, True], ignore_index=True
    )
    return RiskWindows(bands, ordered, _caption(bands))


def _caption(bands: pd.DataFrame) -> str:
    if bands.empty:
        return (
            "Indicatief: in geen enkele afstandsband volgen in de eerste dagen aantoonbaar meer "
            "woninginbraken dan bij toeval; daarom is er geen lijst."
        )
    spans = listing(
        [
            f"{near} {number(n_days)} dagen"
            for near, n_days in zip(bands["near"], bands["n_days"], strict=True)
        ]
    )
    return (
        f"Indicatief: na een woninginbraak waren er een aantal dagen lang ({spans}) meer "
        "woninginbraken dan bij toeval. De lijst toont in welke buurten die dagen nog lopen. Het is "
        "een samenhang in plaats en tijd en zegt niet waardoor; de meeste adressen krijgen geen "
        "inbraak."
    )
