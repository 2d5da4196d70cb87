"""What can be wrong with a place in EPSG:28992, told apart so that its owner can repair it.

Metres, x from 0 to 280 km and y from 300 to 620 km: the two ranges do not meet, so swapped axes
show. Source: requirements 7.5.
"""

from collections.abc import Callable, Sequence

import pandas as pd

from wib_lib.checks import RowCheck

Axes = Callable[[pd.DataFrame], tuple[pd.Series, pd.Series]]

RD_X, RD_Y = (0, 280_000), (300_000, 620_000)
RD_ORIGIN = (155_000, 463_000)
LONGITUDES, LATITUDES = (3, 8), (50, 54)


def _inside(x: pd.Series, y: pd.Series) -> pd.Series:
    return x.between(*RD_X) & y.between(*RD_Y)


def _in_degrees(x: pd.Series, y: pd.Series) -> pd.Series:
    turned = x.between(*LATITUDES) & y.between(*LONGITUDES)
    return (x.between(*LONGITUDES) & y.between(*LATITUDES)) | turned


# Name, rule and test, in the order in which a place is judged.
FLAWS: dict[str, tuple[str, Callable[[pd.Series, pd.Series], pd.Series]]] = {
    "nulpunt": ("is niet 0, 0", lambda x, y: x.eq(0) & y.eq(0)),
    "oorsprong": (
        "is niet het nulpunt van het stelsel (155000, 463000)",
        lambda x, y: x.eq(RD_ORIGIN[0]) & y.eq(RD_ORIGIN[1]),
    ),
    "in_graden": ("staat in meters (EPSG:28992), niet in graden", _in_degrees),
    "assen_verwisseld": ("heeft eerst x, dan y", lambda x, y: _inside(y, x)),
    "buiten_nederland": ("ligt in Nederland (EPSG:28992)", lambda x, y: ~_inside(x, y)),
}


def place_checks(what: str, columns: Sequence[str], axes: Axes, *, empties: bool) -> list[RowCheck]:
    """
    Return a check per flaw, named `<what>_<flaw>`.

    Parameters
    ----------
    what : str
        `coordinaat` or `gebied`.
    columns : sequence of str
        Columns that the log names and, with `empties`, that are emptied.
    axes : callable
        Rows to x and y; a place of which either is missing breaks no rule.
    empties : bool
    """
    return [_check(f"{what}_{name}", rule, tuple(columns), axes, broken, empties)
            for name, (rule, broken) in FLAWS.items()]  # fmt: skip


def _check(
    name: str,
    rule: str,
    columns: tuple[str, ...],
    axes: Axes,
    broken: Callable[[pd.Series, pd.Series], pd.Series],
    empties: bool,
) -> RowCheck:
    def ok(rows: pd.DataFrame) -> pd.Series:
        x, y = axes(rows)
        return ~(broken(x, y) & x.notna() & y.notna()).fillna(False).astype(bool)

    return RowCheck(name, columns, f"de plaats {rule}", ok, empties=empties)
