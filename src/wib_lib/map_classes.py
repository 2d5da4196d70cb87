"""Fixed classes of a map: which class a value falls in, its name, its colour, or why it has none."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex

from wib_lib import dutch
from wib_lib.absent import UNKNOWN, Missing, Suppressed
from wib_lib.html_table import reason
from wib_lib.palette import SEQUENTIAL

BREAKS = (2.0, 4.0, 6.0, 10.0)


def classes(values: Sequence[Any] | pd.Series, breaks: Sequence[float] = BREAKS) -> pd.Series:
    """
    Put values in classes; a value on a break belongs to the class above it.

    Parameters
    ----------
    values : Series or sequence
        Numbers, `Missing`, `Suppressed` or NaN.
    breaks : sequence of float
        Rising; the first class lies below `breaks[0]`, the last from `breaks[-1]`.

    Returns
    -------
    Series of Int64
        0 to `len(breaks)`, missing where there is no number; index kept.

    Raises
    ------
    ValueError
        When the breaks do not rise.

    Examples
    --------
    >>> classes([1.9, 2.0, 12.0, Missing("niet geleverd")], (2, 4)).tolist()
    [0, 1, 2, <NA>]
    """
    edges = np.asarray(breaks, dtype=float)
    if len(edges) == 0 or (np.diff(edges) <= 0).any():
        raise ValueError(f"breaks must rise, found {tuple(breaks)}")
    series = pd.Series(values)
    found = [
        pd.NA if absence(value) else int(np.searchsorted(edges, float(value), side="right"))
        for value in series
    ]
    return pd.Series(found, index=series.index, dtype="Int64")


def class_labels(breaks: Sequence[float] = BREAKS, decimals: int = 1) -> list[str]:
    """
    Name the classes.

    Examples
    --------
    >>> class_labels((2, 4))
    ['minder dan 2,0', '2,0 tot 4,0', '4,0 of meer']
    """
    inner = [dutch.interval(low, high, decimals) for low, high in pairwise(breaks)]
    first, last = (dutch.number(value, decimals) for value in (breaks[0], breaks[-1]))
    return [f"minder dan {first}", *inner, f"{last} of meer"]


def colors(n_classes: int) -> list[str]:
    """
    Return the colours of the classes, light to dark.

    Examples
    --------
    >>> colors(5)[0] == SEQUENTIAL[0], len(colors(3))
    (True, 3)
    """
    ramp = LinearSegmentedColormap.from_list("wib", SEQUENTIAL)
    return [to_hex(ramp(position)) for position in np.linspace(0, 1, n_classes)]


def absence(value: Any) -> str:
    """
    Return why there is no figure, or nothing when there is one.

    Examples
    --------
    >>> absence(3.0), absence(Missing("niet geleverd")), absence(float("nan"))
    ('', 'niet geleverd', 'niet bekend')
    """
    if isinstance(value, Missing | Suppressed):
        return reason(value)
    return UNKNOWN if pd.isna(value) else ""
