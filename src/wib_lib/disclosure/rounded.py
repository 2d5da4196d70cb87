"""Rounding to five: the alternative to hiding cells, for the public.

Every count is rounded by itself, parts and totals alike, so rounded parts need not add up to
their rounded total; the reader is told so. Exact counts beside rounded ones would give the
rounding away, so a measure is rounded in every table of an audience or in none.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from wib_lib.disclosure.audit import ranges
from wib_lib.disclosure.cells import Cube
from wib_lib.disclosure.system import System
from wib_lib.errors import TableError

BASE = 5
NOTE = (
    "Aantallen zijn afgerond op een veelvoud van {base}. Delen en totalen zijn elk apart "
    "afgerond en tellen daarom niet altijd precies op."
)


def rounded(cubes: Sequence[Cube], *, base: int = BASE) -> list[Cube]:
    """
    Round every count of every table to the nearest multiple of `base`.

    Parameters
    ----------
    cubes : sequence of Cube
        All tables of the audience. None may hold public cells: those are exact.
    base : int
        Odd, so that no count lies half-way.

    Returns
    -------
    list of Cube
        The same tables, without their small counts' exact values; print `NOTE` with them.

    Raises
    ------
    TableError
        When `base` is even or below 3, or a table holds exact public counts.

    Examples
    --------
    >>> table = Cube("buurten", "incidenten", ("buurt",), pd.DataFrame({"buurt": ["a", "b"], "n": [2, 8]}))
    >>> rounded([table])[0].cells["n"].tolist()
    [0, 10]
    """
    if base < 3 or base % 2 == 0:
        raise TableError(f"afronden kan op een oneven getal vanaf 3, gevonden: {base}")
    for cube in cubes:
        if "is_public" in cube.cells and cube.cells["is_public"].any():
            raise TableError(
                f"{cube.name}: afgeronde en precieze aantallen gaan niet samen; deze tabel heeft "
                "cellen die al precies openbaar zijn"
            )
    return [replace(cube, cells=_rounded_cells(cube.cells, base)) for cube in cubes]


def _rounded_cells(cells: pd.DataFrame, base: int) -> pd.DataFrame:
    n = cells["n"].astype("Int64")
    return cells.assign(n=(n + base // 2) // base * base)


def audit_rounded(linked: System, *, base: int = BASE) -> pd.DataFrame:
    """
    Bounds on every count when only rounded counts are shown.

    Sums sharpen what rounding leaves: four buurten shown as 0 under a wijk shown as 10 are 2 each.

    Parameters
    ----------
    linked : System
        Of the exact tables.
    base : int

    Returns
    -------
    DataFrame
        One row per published cell with a count: `key`, `low`, `high`, `width`, `is_exact`.
    """
    cells = linked.cells
    n = cells["n"].astype("float64").to_numpy()
    is_shown = cells["is_published"].to_numpy() & ~np.isnan(n)
    middle = (n + base // 2) // base * base
    low = np.where(is_shown, np.maximum(middle - base // 2, 0), 0)
    high = np.where(is_shown, middle + base // 2, np.inf)
    low, high = ranges(linked.relations, np.zeros(linked.relations.shape[0]), low, high)
    found = cells[["key"]].assign(low=low, high=high, width=high - low)
    return found.assign(is_exact=found["width"] == 0)[is_shown].reset_index(drop=True)


def refuse_mixed(is_rounded: pd.Series) -> None:
    """
    Refuse a measure that is rounded in one table and exact in another.

    Parameters
    ----------
    is_rounded : Series of bool
        By table of one audience; the index is the measure.

    Raises
    ------
    TableError
        Naming the measures.

    Examples
    --------
    >>> refuse_mixed(pd.Series([True, True], index=["incidenten", "incidenten"]))
    """
    kinds = is_rounded.groupby(level=0).nunique()
    mixed = sorted(kinds.index[kinds > 1].astype("str"))
    if mixed:
        raise TableError(
            f"afgeronde en precieze aantallen staan naast elkaar voor {', '.join(mixed)}; "
            "rond alle tabellen van dit publiek af, of geen"
        )
