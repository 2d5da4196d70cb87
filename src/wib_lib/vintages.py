"""Figures as known on a date: what a new delivery changes in figures reported before.

Police figures are updated: registrations come in late, move to another class, are solved months
later. A report is only honest when it says so. Each delivery therefore leaves a stand: the counts
per gemeente and period as that file has them. Two stands of the same kind are compared over the
periods that both cover; a difference is reported, never repaired.
"""

from datetime import date

import pandas as pd

from wib_lib.periods import add_months
from wib_lib.tables import require_columns

MEASURES = {
    "n_burglaries": "woninginbraken",
    "n_attempts": "pogingen",
    "n_cleared": "opgehelderd",
}
PERIOD = ["region_code", "start", "end"]
STAND = [*PERIOD, *MEASURES]


def stand(table: str, rows: pd.DataFrame, first: date | None, last: date | None) -> pd.DataFrame:
    """
    Count the accepted rows of one file per region and period.

    Parameters
    ----------
    table : str
        `incidenten` or `aantallen`; any other table has no stand.
    rows : DataFrame
        Accepted rows, as in the table's contract.
    first, last : date or None
        Days that the file covers.

    Returns
    -------
    DataFrame
        `region_code`, `start`, `end` (day after) and the counts of `MEASURES`. Incidents are
        counted per whole month inside the cover, 0 where a gemeente has none; a measure that
        the file does not have is missing, not 0.
    """
    if table == "incidenten" and first and last:
        return _of_incidents(rows, first, last)
    counted = rows if table == "aantallen" else pd.DataFrame(columns=STAND)
    return _typed(counted)


def _of_incidents(rows: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    start = first if first.day == 1 else add_months(first.replace(day=1), 1)
    months = pd.date_range(start, last, freq="MS")
    ends = months + pd.offsets.MonthBegin(1)
    whole = months[ends <= pd.Timestamp(last) + pd.Timedelta(days=1)]
    known = rows[rows["gemeente_code"].notna()]
    counted = pd.DataFrame(
        {
            "region_code": known["gemeente_code"],
            "start": known["kennisname_dt"].dt.to_period("M").dt.to_timestamp(),
            "n_burglaries": 1,
        }
    )
    for measure, column in (("n_attempts", "poging_jn"), ("n_cleared", "opgehelderd_jn")):
        if known[column].notna().any():
            counted[measure] = known[column].fillna(False).astype("int64")
    regions = counted["region_code"].unique()
    grid = pd.MultiIndex.from_product([regions, whole], names=["region_code", "start"])
    sums = counted.groupby(["region_code", "start"]).sum().reindex(grid, fill_value=0).reset_index()
    return _typed(sums.assign(end=sums["start"] + pd.offsets.MonthBegin(1)))


def _typed(sums: pd.DataFrame) -> pd.DataFrame:
    kinds = dict.fromkeys(["start", "end"], "datetime64[us]") | dict.fromkeys(MEASURES, "Float64")
    frame: pd.DataFrame = sums.reindex(columns=STAND).astype({"region_code": "str"} | kinds)
    return frame.reset_index(drop=True)


def changes(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """
    Compare two stands, per calendar year, over the regions and periods that both have.

    Parameters
    ----------
    old, new : DataFrame
        As made by `stand`.

    Returns
    -------
    DataFrame
        One row per changed figure: `region_code`, `year`, `measure`, `old`, `new` and
        `difference` (new minus old, a count). A measure that one of them lacks is no change.

    Raises
    ------
    TableError
        When a stand lacks a column.
    """
    for name, frame in (("old", old), ("new", new)):
        require_columns(frame, STAND, name=name)
    both = old[STAND].merge(new[STAND], on=PERIOD, suffixes=("_old", "_new"), validate="one_to_one")
    both["year"] = both["start"].dt.year
    parts = []
    for measure in MEASURES:
        pair = both[["region_code", "year"]].assign(
            measure=measure, old=both[f"{measure}_old"], new=both[f"{measure}_new"]
        )
        comparable = pair.dropna(subset=["old", "new"])
        parts.append(comparable.groupby(["region_code", "year", "measure"], as_index=False).sum())
    rows = pd.concat(parts, ignore_index=True)
    rows["difference"] = rows["new"] - rows["old"]
    changed = rows[rows["difference"].ne(0)]
    return changed.sort_values(["region_code", "year", "measure"], ignore_index=True)
