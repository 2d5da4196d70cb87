"""Where burglaries are: counts and rates of the parts of an area, and how concentrated they are.

Rates per dwelling, because counts alone show where people live. Parts with few dwellings get no
rate: one burglary among six dwellings is no hot spot, and may point at a household.
"""

import pandas as pd

from wib_lib.periods import Window
from wib_lib.tables import require_columns


def counts_by_part(
    incidents: pd.DataFrame, parts: pd.DataFrame, windows: dict[str, Window], *, column: str
) -> pd.DataFrame:
    """
    Count incidents per part of an area, for each window.

    Parameters
    ----------
    incidents : DataFrame
        With `day` and `column`, the code of the part; a missing code is counted as unknown.
    parts : DataFrame
        One row per part, `code` unique; parts without incidents keep a row with 0.
    windows : dict of str to Window
        Result column to window.
    column : str

    Returns
    -------
    DataFrame
        `parts` plus one column per window. `attrs["n_unplaced"]` has, per window, the incidents
        whose code is missing or is none of the parts.
    """
    require_columns(incidents, ["day", column], name="incidents")
    require_columns(parts, ["code"], name="parts")
    result = parts.copy()
    unplaced = {}
    for name, window in windows.items():
        inside = incidents["day"].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
        counts = incidents.loc[inside, column].value_counts()
        result[name] = result["code"].map(counts).fillna(0).astype(int)
        unplaced[name] = int(inside.sum()) - int(result[name].sum())
    result.attrs["n_unplaced"] = unplaced
    return result


def top_share(counts: pd.Series, *, n_top: int) -> float:
    """
    Share of all burglaries that fell in the `n_top` parts with the most.

    Raises
    ------
    ValueError
        When there are no burglaries.

    Examples
    --------
    >>> top_share(pd.Series([6, 2, 1, 1]), n_top=1)
    0.6
    """
    total = counts.sum()
    if total <= 0:
        raise ValueError("counts must have a sum above 0")
    return float(counts.nlargest(n_top).sum() / total)
