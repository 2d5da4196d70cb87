"""Figures made from counts follow the counts they are made from.

A percentage, a rate, a difference, a place in a ranking, a mean, a lowest or highest, a colour on
a map: each tells about every count it was computed with, so it is shown only when all of those
are. The number of months with a hidden count, the mean of a series with one hidden month and the
rank of a hidden area all give the hidden count away, in part or whole.
"""

from collections.abc import Sequence

import pandas as pd

from wib_lib.absent import Missing, Value, first_absent, is_known
from wib_lib.errors import TableError
from wib_lib.tables import require_columns

KINDS = ("share", "rate", "difference", "index", "rank", "mean", "extreme", "expected", "class")


def derived(
    value: float,
    uses: Sequence[Value],
    *,
    kind: str,
    base: Value | None = None,
    least_base: int = 10,
) -> Value:
    """
    Return a derived value when it may be shown, else why not.

    Parameters
    ----------
    value : float
    uses : sequence of Value
        Every count that it was computed from, as shown to this audience: of a rank all counts
        that were ranked, of a mean all that were averaged, of a class of a map the area's count
        and those that the class limits were made from (none when the limits are fixed).
    kind : {"share", "rate", "difference", "index", "rank", "mean", "extreme", "expected", "class"}
    base : Value, optional
        Of a share the whole, of a mean the count of the group: below `least_base` it gives none.
    least_base : int

    Raises
    ------
    TableError
        When `kind` is another, or nothing is used: then no one checked what the value tells.

    Examples
    --------
    >>> from wib_lib.absent import Suppressed
    >>> derived(20.0, [8, 40], kind="share", base=40)
    20.0
    >>> derived(20.0, [8, Suppressed(5)], kind="difference")
    Suppressed(minimum=5)
    >>> derived(25.0, [2, 8], kind="share", base=8)
    Missing(reason='de noemer is kleiner dan 10')
    """
    if kind not in KINDS:
        raise TableError(f"afgeleide waarde: onbekende soort {kind}; kies uit {', '.join(KINDS)}")
    if not uses:
        raise TableError(f"afgeleide waarde ({kind}): noem de tellingen waaruit zij is berekend")
    absent = first_absent(*uses) if base is None else first_absent(*uses, base)
    if absent is not None:
        return absent
    if kind in ("share", "mean", "index") and base is not None:
        assert is_known(base)
        if base < least_base:
            return Missing(f"de noemer is kleiner dan {least_base}")
    return value


def group_disclosure(cells: pd.DataFrame, by: Sequence[str], *, minimum: int) -> pd.Series:
    """
    Find groups of persons who are all in one class.

    If every suspect of a wijk is in one class, who knows that somebody is a suspect knows the
    class. The full class says so, and so do the zeros of the others: all are marked to be
    hidden. Counts of burglaries need no such care.

    Parameters
    ----------
    cells : DataFrame
        One row per group and class, without totals: the columns `by` and `n` (from 0).
    by : sequence of str
        The columns that make a group.
    minimum : int
        1 marks nothing.

    Returns
    -------
    Series of bool
        `is_protected` of each row, in the table's order.

    Examples
    --------
    >>> counts = pd.DataFrame({"wijk": ["A", "A", "B", "B"], "n": [12, 0, 7, 5]})
    >>> group_disclosure(counts, ["wijk"], minimum=5).tolist()
    [True, True, False, False]
    """
    require_columns(cells, [*by, "n"], name="cells")
    is_filled = cells["n"].fillna(0) > 0
    n_filled = is_filled.groupby([cells[name] for name in by]).transform("sum")
    return ((n_filled == 1) & cells["n"].notna() & (minimum > 1)).rename("is_protected")
