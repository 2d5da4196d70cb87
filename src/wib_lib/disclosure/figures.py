"""Which counts may be shown to an audience.

The frequency rule: a count of 1 to `minimum - 1` is withheld, and so is a part whose complement
is that small, because the whole is published. A count of 0 may be shown. What is public already
is not withheld: that would protect nobody. Every withheld figure stays a `Suppressed`, told
apart from zero and from missing. Hundepool et al. (2012), chapter 4.
"""

import pandas as pd

from wib_lib.absent import Missing, Suppressed, Value, first_absent, is_known
from wib_lib.tables import require_columns


def screened_part(part: Value, whole: Value, *, minimum: int) -> Value:
    """
    Withhold a part of a published whole when it, or what remains, is too small.

    Parameters
    ----------
    part, whole : Value
        For instance attempts and all burglaries.
    minimum : int
        Smallest count that may be shown; 1 withholds nothing.

    Examples
    --------
    >>> screened_part(3, 40, minimum=5), screened_part(38, 40, minimum=5)
    (Suppressed(minimum=5), Suppressed(minimum=5))
    >>> screened_part(0, 40, minimum=5), screened_part(8, 40, minimum=5)
    (0, 8)
    """
    if not is_known(part):
        return part
    rest = [whole - part] if is_known(whole) else []
    small = any(0 < count < minimum for count in (part, *rest))
    return Suppressed(minimum) if small else part


def percentage(part: Value, whole: Value, *, base: int = 10) -> Value:
    """
    Return `part` as a percentage of `whole` burglaries, when these are at least `base`.

    Examples
    --------
    >>> percentage(8, 40), percentage(2, 8)
    (20.0, Missing(reason='minder dan 10 woninginbraken'))
    """
    absent = first_absent(part, whole)
    if absent is not None:
        return absent
    assert is_known(part) and is_known(whole)
    return 100 * part / whole if whole >= base else Missing(f"minder dan {base} woninginbraken")


def merge_small(
    counts: pd.DataFrame,
    *,
    minimum: int,
    top: int | None = None,
    other: str = "overig (samengevoegd)",
) -> pd.DataFrame:
    """
    Merge categories until every published cell is 0 or at least `minimum`.

    A table of one variable with a known total cannot hide a single cell: it follows by
    subtraction. Merging keeps the total true and leaves nothing to recover.

    Parameters
    ----------
    counts : DataFrame
        Index: category. Columns: `n_…` counts, one per period. Not negative.
    minimum : int
    top : int, optional
        Categories to keep at most: those with the most over all periods.
    other : str
        Name of the merged category.

    Returns
    -------
    DataFrame
        Sorted by the first column, largest first, the merged category last; column sums kept.
        Empty when even the sum of all categories cannot be shown.

    Examples
    --------
    >>> table = pd.DataFrame({"n_now": [40, 7, 3]}, index=["voordeur", "raam", "dakraam"])
    >>> merge_small(table, minimum=5)["n_now"].to_dict()
    {'voordeur': 40, 'overig (samengevoegd)': 10}
    """
    require_columns(counts, [], name="counts")
    order = counts.sort_values(list(counts.columns), ascending=False, kind="stable")
    is_small = ((order > 0) & (order < minimum)).any(axis=1)
    if top is not None:
        is_small |= order.sum(axis=1).rank(method="first", ascending=False) > top
    kept, merged = order[~is_small], order[is_small]
    while len(merged) and len(kept) and _too_small(merged.sum(), minimum):
        merged = pd.concat([merged, kept.tail(1)])
        kept = kept.iloc[:-1]
    if len(merged) == 0:
        return kept
    if _too_small(merged.sum(), minimum):
        return kept.iloc[:0]
    return pd.concat([kept, merged.sum().to_frame(other).T.astype(kept.dtypes)])


def _too_small(sums: pd.Series, minimum: int) -> bool:
    return bool(((sums > 0) & (sums < minimum)).any())
