"""What the areas' own forms say, side by side: costs, meetings, successes and bottlenecks.

A form that was not delivered is a finding, with the owner to ask; an amount that was not filled
in is counted as such and never taken for nothing.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from wib_lib.absent import Missing, Value
from wib_lib.codes import Area
from wib_lib.region import added
from wib_lib.store import Store

NOT_DELIVERED = Missing("niet geleverd")  # by one area
FROM_NOBODY = Missing("van geen enkel gebied ontvangen")
TOGETHER = "Samen"


def form(store: Store, table: str, areas: Mapping[str, Area]) -> pd.DataFrame | Missing:
    """Return the rows of a form with the `area` they are of, or Missing when nobody sent it."""
    rows = store.table(table, sorted({area.gemeente_code for area in areas.values()}))
    if rows is None or rows.empty:
        return FROM_NOBODY
    names = {area.gemeente_code: name for name, area in areas.items()}
    return rows.assign(area=rows["gemeente_code"].map(names))


def costs(rows: pd.DataFrame | Missing, names: Sequence[str]) -> pd.DataFrame | Missing:
    """
    Add up what was budgeted, spent and extra per area.

    Returns
    -------
    DataFrame
        Per area and together: `area`, Values `budget`, `spent`, `extra` (euro, of the posts that
        were filled in), `n_posts` and `n_open` (posts without an amount spent).
    """
    if isinstance(rows, Missing):
        return rows
    found: list[dict[str, Any]] = []
    for name in names:
        own = rows[rows["area"].eq(name)]
        if own.empty:
            absent = dict.fromkeys(("budget", "spent", "extra", "n_posts", "n_open"), NOT_DELIVERED)
            found.append({"area": name, **absent})
            continue
        found.append(
            {
                "area": name,
                "budget": _sum(own["begroot"]),
                "spent": _sum(own["besteed"]),
                "extra": _sum(own.loc[own["extra"].eq(True), "besteed"]),
                "n_posts": len(own),
                "n_open": int(own["besteed"].isna().sum()),
            }
        )
    fields = [field for field in found[0] if field != "area"]
    sums = {field: added({str(row["area"]): row[field] for row in found}) for field in fields}
    return pd.DataFrame([*found, {"area": TOGETHER, **sums}], dtype=object)


def meetings(rows: pd.DataFrame | Missing, names: Sequence[str]) -> pd.DataFrame | Missing:
    """
    Count meetings planned and held, and those that discussed communication.

    Returns
    -------
    DataFrame
        Per area `area`, Values `n_planned`, `n_held`, `n_talked`.
    """
    if isinstance(rows, Missing):
        return rows
    found: list[dict[str, Any]] = []
    for name in names:
        own = rows[rows["area"].eq(name)]
        held = own[own["gehouden"].eq(True)]
        row: dict[str, Any] = {
            "area": name,
            "n_planned": len(own),
            "n_held": len(held),
            "n_talked": int(held["communicatie"].eq(True).sum()),
        }
        found.append(row if len(own) else dict.fromkeys(row, NOT_DELIVERED) | {"area": name})
    return pd.DataFrame(found, dtype=object)


def stories(
    rows: pd.DataFrame | Missing, names: Sequence[str], kind: str
) -> pd.DataFrame | Missing:
    """
    List what people wrote of one kind, such as successes, in the order of the areas.

    Returns
    -------
    DataFrame
        `area`, `topic`, `text` (Missing for an area that sent none), `role`.
    """
    if isinstance(rows, Missing):
        return rows
    found: list[dict[str, object]] = []
    for name in names:
        own = rows[rows["area"].eq(name) & rows["soort"].eq(kind)]
        found += [
            {"area": name, "topic": row.onderwerp, "text": row.tekst, "role": row.rol}
            for row in own.itertuples()
        ]
        if own.empty:
            blank = dict.fromkeys(("topic", "text", "role"), NOT_DELIVERED)
            found.append({"area": name, **blank})
    return pd.DataFrame(found, dtype=object)


def _sum(amounts: pd.Series) -> Value:
    """Add up what was filled in; of nothing filled in the sum is unknown, not 0."""
    known = amounts.dropna()
    if len(amounts) and known.empty:
        return Missing("niet ingevuld")
    return float(known.sum())
