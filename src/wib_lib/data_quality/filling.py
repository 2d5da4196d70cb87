"""How far the fields of an incident extract are filled, and filled with something.

A field that the extract does not have, a field that it has but never fills, and a month in which a
field that is otherwise filled stays empty are three different questions to its owner. So is a
field that says "onbekend". Completeness is the first of the dimensions of data quality in the
European Statistical System (Eurostat, Handbook on Data Quality Assessment Methods and Tools,
2007); the exact binomial bounds are Clopper and Pearson (1934).
"""

from collections.abc import Collection

import numpy as np
import pandas as pd

from wib_lib.data_quality.finding import LEVEL, Finding, chance_above, runs
from wib_lib.tables import INCIDENTEN, require_columns

FIELDS = [column.name for column in INCIDENTEN.columns if not column.required]
UNKNOWN_WORDS = ("onbekend", "niet bekend", "onb", "nvt", "n.v.t.", "overig/onbekend", "?", "-")
CLASSIFICATIONS = (
    "poging_jn",
    "aangifte_jn",
    "woningtype",
    "corporatie_jn",
    "mo_binnenkomst",
    "mo_toegang",
    "mo_methode",
    "mo_werktuig",
    "buit_categorie",
    "heterdaad_jn",
    "opgehelderd_jn",
)
UNKNOWN_LIMIT = 0.10


def applies(incidents: pd.DataFrame, column: str) -> pd.Series:
    """
    Tell of which incidents a field can be filled at all.

    An attempt has no loot, what is not cleared has no day of clearance, and without forcing
    there is no tool.
    """
    if column == "opgehelderd_dt" and "opgehelderd_jn" in incidents:
        return incidents["opgehelderd_jn"].fillna(False).astype(bool)
    if column == "buit_categorie" and "poging_jn" in incidents:
        return ~incidents["poging_jn"].fillna(False).astype(bool)
    if column == "mo_werktuig" and "mo_binnenkomst" in incidents:
        return incidents["mo_binnenkomst"].eq("braak")
    return pd.Series(True, incidents.index)


def is_unknown(incidents: pd.DataFrame, column: str) -> pd.Series:
    """Tell where a classification says nothing: empty, or a word for unknown."""
    values = incidents[column]
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.isna()
    return values.isna() | values.astype("str").str.strip().str.lower().isin(UNKNOWN_WORDS)


def completeness(
    incidents: pd.DataFrame,
    months: pd.PeriodIndex,
    *,
    delivered: Collection[str],
    day: str = "kennisname_dt",
) -> pd.DataFrame:
    """
    Share of incidents with a filled value, per field and month.

    Parameters
    ----------
    incidents : DataFrame
        Accepted incidents, columns as in the contract `INCIDENTEN`.
    months : PeriodIndex
        Months that the delivery covers.
    delivered : collection of str
        Fields that the delivered file has a column for.
    day : str
        Column that assigns an incident to a month.

    Returns
    -------
    DataFrame
        `column`, `month`, `n` (incidents to which the field applies), `n_filled`,
        `share_filled` (missing, not 0, where `n` is 0 or the field was not delivered).

    Raises
    ------
    TableError
        When `day` is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"kennisname_dt": pd.to_datetime(["2018-01-05", "2018-01-06"]),
    ...                      "pc4": ["2801", None]})
    >>> months = pd.period_range("2018-01", periods=2, freq="M")
    >>> table = completeness(rows, months, delivered=["pc4"])
    >>> table.loc[table["column"].eq("pc4"), "share_filled"].tolist()
    [0.5, nan]
    """
    require_columns(incidents, [day], name="incidents")
    month = incidents[day].dt.to_period("M")
    parts = []
    for column in FIELDS:
        has = column in delivered and column in incidents
        base = applies(incidents, column) if has else pd.Series(False, incidents.index)
        filled = base & incidents[column].notna() if has else base
        part = pd.DataFrame(
            {
                "column": column,
                "month": months,
                "n": month[base].value_counts().reindex(months, fill_value=0).to_numpy(),
                "n_filled": month[filled].value_counts().reindex(months, fill_value=0).to_numpy(),
            }
        )
        parts.append(part)
    table = pd.concat(parts, ignore_index=True)
    share = table["n_filled"] / table["n"].where(table["n"] > 0)
    return table.assign(share_filled=share)


def completeness_findings(
    table: pd.DataFrame, *, delivered: Collection[str], level: float = LEVEL
) -> list[Finding]:
    """
    Fields that are absent or never filled, and months in which a field fell out.

    A month is reported when it has no filled value at all and, at the field's own share filled,
    that has probability at most `level` over all fields and months (exact binomial, Bonferroni).
    """
    found = []
    n_looked_at = max(1, int((table["n"] > 0).sum()))
    for column, rows in table.groupby("column", sort=False):
        name, n, n_filled = str(column), int(rows["n"].sum()), int(rows["n_filled"].sum())
        if name not in delivered:
            found.append(Finding("not_delivered", name))
        elif n and not n_filled:
            found.append(Finding("all_empty", name, n, n))
        elif n:
            chance = (1 - n_filled / n) ** rows["n"].to_numpy(float) * n_looked_at
            is_out = rows["n_filled"].eq(0) & rows["n"].gt(0) & (chance <= level)
            found += _empty_runs(name, rows[is_out], chance[is_out.to_numpy()])
    return found


def _empty_runs(name: str, rows: pd.DataFrame, chance: np.ndarray) -> list[Finding]:
    starts = rows["month"].dt.start_time.dt.date
    found = []
    for first, last in runs(pd.PeriodIndex(rows["month"], freq="M")):
        inside = starts.between(first, last).to_numpy()
        n = int(rows.loc[inside, "n"].sum())
        found.append(Finding("empty_months", name, n, n, first, last, float(chance[inside].max())))
    return found


def unknown_shares(
    incidents: pd.DataFrame, *, delivered: Collection[str], day: str = "kennisname_dt"
) -> pd.DataFrame:
    """
    Share of incidents of which a classification says nothing, per field and year.

    Returns
    -------
    DataFrame
        `column`, `year`, `n` (incidents to which the field applies), `n_unknown` (empty or a
        word for unknown), `share_unknown` (missing where `n` is 0). Only delivered fields.

    Raises
    ------
    TableError
        When `day` is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"kennisname_dt": pd.to_datetime(["2018-01-05", "2018-01-06"]),
    ...                      "woningtype": ["Onbekend", "hoekwoning"]})
    >>> unknown_shares(rows, delivered=["woningtype"])["share_unknown"].tolist()
    [0.5]
    """
    require_columns(incidents, [day], name="incidents")
    parts = []
    for column in CLASSIFICATIONS:
        if column not in delivered or column not in incidents:
            continue
        rows = incidents[applies(incidents, column)]
        unknown = is_unknown(rows, column).groupby(rows[day].dt.year)
        table = pd.DataFrame({"n": unknown.size(), "n_unknown": unknown.sum()})
        parts.append(table.rename_axis("year").reset_index().assign(column=column))
    columns = ["column", "year", "n", "n_unknown"]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    share = table["n_unknown"] / table["n"].where(table["n"] > 0)
    return table[columns].assign(share_unknown=share)


def unknown_findings(
    table: pd.DataFrame, *, limit: float = UNKNOWN_LIMIT, level: float = LEVEL
) -> list[Finding]:
    """
    Classifications of which more than `limit` is demonstrably unknown (exact binomial, one-sided).

    A field that is empty throughout is left to `completeness_findings`.
    """
    sums = table.groupby("column", sort=False)[["n", "n_unknown"]].sum()
    found = []
    for column, (n, n_unknown) in zip(sums.index, sums.to_numpy(int).tolist(), strict=True):
        p = chance_above(n_unknown, n, limit) * len(sums)
        if n_unknown < n and p <= level:
            found.append(
                Finding("unknown", str(column), n_unknown, n, p=p, numbers={"limit": limit})
            )
    return found
