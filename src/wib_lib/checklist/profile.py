"""Parts of the checklist that follow from the incident table: method, dwelling, repeats."""

from collections.abc import Mapping

import pandas as pd

from wib_lib.periods import Span, Window
from wib_lib.tables import require_columns

UNKNOWN = "onbekend"
REPEAT_DAYS = 365


def by_category(
    incidents: pd.DataFrame, columns: list[str], windows: Mapping[str, Span]
) -> pd.DataFrame:
    """
    Count incidents per category and window; what is not filled in is `onbekend`.

    Parameters
    ----------
    incidents : DataFrame
        With `day` and `columns`.
    columns : list of str
        One or more columns; several are combined into one category.
    windows : mapping of str to Span
        Result column to window, or other days. The categories are those of all windows together, so that
        ranks can be compared.

    Returns
    -------
    DataFrame
        Index: category; one integer column per window, summing to its incidents.

    Examples
    --------
    >>> from datetime import date
    >>> day = pd.to_datetime(["2018-02-01", "2018-03-01"])
    >>> incidents = pd.DataFrame({"day": day, "woningtype": ["hoekwoning", None]})
    >>> by_category(incidents, ["woningtype"], {"n": Window(date(2018, 1, 1))})["n"].to_dict()
    {'hoekwoning': 1, 'onbekend': 1}
    """
    require_columns(incidents, ["day", *columns], name="incidents")
    if incidents.empty:
        return pd.DataFrame(columns=list(windows), dtype=int)
    filled = incidents[columns].fillna(UNKNOWN).astype(str)
    first, others = filled[columns[0]], filled[columns[1:]]
    names = first.str.cat(others, sep=", ") if len(columns) > 1 else first
    names = names.replace(", ".join([UNKNOWN] * len(columns)), UNKNOWN)
    counts = {}
    for name, window in windows.items():
        inside = incidents["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
        counts[name] = names[inside].value_counts()
    return pd.DataFrame(counts).fillna(0).astype(int).rename_axis("category")


def n_repeats(incidents: pd.DataFrame, window: Window, *, days: int = REPEAT_DAYS) -> int:
    """
    Count burglaries in the window at an address burgled in the `days` days before.

    Parameters
    ----------
    incidents : DataFrame
        With `day` and `adres_pseudo`; must reach `days` before the window. Incidents without an
        address are never a repeat.
    window : Window
    days : int

    Examples
    --------
    >>> from datetime import date
    >>> day = pd.to_datetime(["2017-12-20", "2018-01-05", "2018-01-06"])
    >>> incidents = pd.DataFrame({"day": day, "adres_pseudo": ["a", "a", "b"]})
    >>> n_repeats(incidents, Window(date(2018, 1, 1)))
    1
    """
    require_columns(incidents, ["day", "adres_pseudo"], name="incidents")
    placed = incidents.dropna(subset=["adres_pseudo"]).sort_values("day", kind="stable")
    gap = placed.groupby("adres_pseudo")["day"].diff()
    inside = placed["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
    return int((inside & (gap <= pd.Timedelta(days=days))).sum())
