"""Do hot areas stay where they are: two periods side by side, and the areas that changed.

Two sets of hot areas overlap by chance too, so the overlap stands beside what chance would give.
Which areas got more or less of the burglaries than before is a test of its own, given each area's
total over both periods; series of burglaries make counts scatter more than that, so the test is
widened by the scatter of the calmest four fifths of the areas. A hot area of one peak year cools by itself (regression
to the mean): "weg" says nothing about why.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr

from wib_lib.absent import Missing, Value
from wib_lib.errors import TableError
from wib_lib.tables import require_columns

STAYED, GONE, NEW = "gebleven", "weg", "nieuw"
CALM = 0.8
MORE, LESS, ALIKE = "groter deel dan eerst", "kleiner deel dan eerst", "niet te onderscheiden"


@dataclass(frozen=True)
class Overlap:
    """
    Two sets of areas out of `n_areas`: what they share, and what chance would give.

    `jaccard` is the areas in both over the areas in either; `expected` its mean when two sets of
    these sizes are drawn at random, `p` the chance to share as many or more. `apart_m` is the
    distance between the mean centres of the two, weighted by burglaries.
    """

    n_areas: int
    n_first: int
    n_second: int
    n_both: int
    jaccard: Value
    expected: Value
    p: Value
    apart_m: Value


def overlap(first: np.ndarray, second: np.ndarray) -> Overlap:
    """
    Compare two sets of areas.

    Parameters
    ----------
    first, second : array of bool
        Membership of the same areas in the same order.

    Returns
    -------
    Overlap
        Without `apart_m`; see `compare_periods`.

    Notes
    -----
    The number shared by random sets is hypergeometric, so mean and p are exact.

    Examples
    --------
    >>> overlap(np.array([True, True, False, False]), np.array([True, False, True, False])).n_both
    1
    """
    from scipy.stats import hypergeom

    first, second = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    n, a, b = len(first), int(first.sum()), int(second.sum())
    both = int((first & second).sum())
    nowhere = Missing("in een van beide is geen hotspot")
    if not a or not b:
        return Overlap(n, a, b, both, nowhere, nowhere, nowhere, nowhere)
    shared = np.arange(max(0, a + b - n), min(a, b) + 1)
    chance = hypergeom(n, a, b)
    return Overlap(
        n_areas=n,
        n_first=a,
        n_second=b,
        n_both=both,
        jaccard=both / (a + b - both),
        expected=float((chance.pmf(shared) * shared / (a + b - shared)).sum()),
        p=float(min(1.0, chance.sf(both - 1))),
        apart_m=Missing("niet gevraagd"),
    )


def compare_periods(
    before: pd.DataFrame, after: pd.DataFrame, *, counts: tuple[str, str]
) -> Overlap:
    """
    Compare the hot areas of two periods.

    Parameters
    ----------
    before, after : DataFrame
        As from `wib_lib.hotspots.hot_areas`, the same areas in the same order, with `x` and `y`.
    counts : (str, str)
        Column of burglaries in each.

    Raises
    ------
    TableError
        When the two do not have the same areas.
    """
    for frame, name in ((before, "before"), (after, "after")):
        require_columns(frame, ["x", "y", "is_hot"], name=name)
    if len(before) != len(after) or not np.allclose(before[["x", "y"]], after[["x", "y"]]):
        raise TableError("before and after: the same areas in the same order needed")
    found = overlap(before["is_hot"].to_numpy(), after["is_hot"].to_numpy())
    if isinstance(found.jaccard, Missing):
        return found
    here, there = (
        np.average(hot[["x", "y"]].to_numpy(float), axis=0, weights=hot[column].to_numpy(float))
        for frame, column in zip((before, after), counts, strict=True)
        for hot in [frame[frame["is_hot"]]]
    )
    return Overlap(**{**found.__dict__, "apart_m": float(np.hypot(*(here - there)))})


def moves(before: pd.Series, after: pd.Series) -> pd.Series:
    """
    Name what became of each area: "gebleven", "weg", "nieuw", or "" for never hot.

    Examples
    --------
    >>> moves(pd.Series([True, True, False]), pd.Series([True, False, True])).tolist()
    ['gebleven', 'weg', 'nieuw']
    """
    named = np.select([before & after, before, after], [STAYED, GONE, NEW], "")
    return pd.Series(named, index=before.index)


def changed_parts(
    parts: pd.DataFrame, before: str, after: str, *, alpha: float = 0.05
) -> pd.DataFrame:
    """
    Find the parts that hold another share of the area's burglaries than before.

    Parameters
    ----------
    parts : DataFrame
        One row per part, with the columns of counts `before` and `after`.
    before, after : str
    alpha : float
        Share of false discoveries that is accepted (Benjamini & Hochberg 1995).

    Returns
    -------
    DataFrame
        `parts` plus `expected` (of `after`, had the part followed the area), `p_bh` (NaN for a
        part without burglaries) and `change`. `attrs["dispersion"]` is what widened the test.

    Raises
    ------
    TableError
        When a count is missing or negative, or a period has no burglaries.
    """
    require_columns(parts, [before, after], name="parts")
    counts = parts[[before, after]].to_numpy(dtype=float, na_value=np.nan)
    if not (counts >= 0).all() or not counts.sum(axis=0).all():
        raise TableError(
            f"parts: {before} and {after} must be 0 or more for every part, and not 0 for all"
        )
    from scipy.stats import binom, false_discovery_control

    n, m = counts.sum(axis=1), counts[:, 1]
    share = m.sum() / n.sum()
    z = (m - n * share) / np.sqrt(np.where(n > 0, n, 1) * share * (1 - share))
    phi = _scatter(z[n * share * (1 - share) >= 1])
    exact = 2 * np.minimum(binom.cdf(m, n, share), binom.sf(m - 1, n, share))
    p = np.minimum(1, np.maximum(exact, 2 * ndtr(-np.abs(z) / np.sqrt(phi))))
    p_bh = np.full(len(n), np.nan)
    p_bh[n > 0] = false_discovery_control(p[n > 0])
    change = np.select([(p_bh <= alpha) & (z > 0), (p_bh <= alpha) & (z < 0)], [MORE, LESS], ALIKE)
    result = parts.assign(expected=n * share, p_bh=p_bh, change=change)
    result.attrs["dispersion"] = phi
    return result


def _scatter(z: np.ndarray) -> float:
    """Dispersion from the calmest four fifths of the parts: those that changed cannot raise it."""
    from scipy.stats import chi2

    if len(z) < 6:
        return 1.0
    calm = np.sort(z**2)[: int(np.ceil(CALM * len(z)))].mean()
    # The mean of a chi-square (1) cut off at its quantile CALM.
    return max(1.0, float(calm * CALM / chi2.cdf(chi2.ppf(CALM, 1), 3)))
