"""Hot areas: where the rate per dwelling is higher over a neighbourhood than chance explains.

Gi* with binary weights, the area itself included (Getis & Ord 1992; Ord & Getis 1995), on rates:
on counts it would map where people live. An area is hot when two tests agree, each after
Benjamini & Hochberg (1995; de Castro & Singer 2006): the analytic p of Gi*, and the exact binomial
p of the burglaries of the neighbourhood given its dwellings. The second is needed because most
125 m cells have no burglary at all: Gi* alone called some cell hot in 60 to 100 % of draws in which
burglary fell on dwellings at random (docs/methods/hot_areas.md).
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtr

from wib_lib.errors import TableError
from wib_lib.tables import require_columns

TOUCHING = 1.0  # metres of gap or overlap that boundaries may have


def within(x: np.ndarray, y: np.ndarray, reach: float) -> Any:
    """
    Binary neighbours by distance, each area its own neighbour too.

    Parameters
    ----------
    x, y : array of float
        Middles of the areas.
    reach : float
        Largest distance; 1.5 times the side of a cell gives the eight cells around it.

    Returns
    -------
    csr_matrix
        n x n.

    Examples
    --------
    >>> within(np.array([0.0, 1.0, 3.0]), np.zeros(3), 1.5).toarray().astype(int).tolist()
    [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    """
    from scipy.spatial import cKDTree

    pairs = cKDTree(np.column_stack([x, y])).query_pairs(reach, output_type="ndarray")
    return _symmetric(pairs, len(x))


def touching(geometry: Any) -> Any:
    """Binary neighbours that share a border or corner, each area its own neighbour too."""
    import shapely

    shapes = np.asarray(geometry)
    found = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=TOUCHING)
    return _symmetric(found.T[found[0] < found[1]], len(shapes))


def gi_star(values: np.ndarray, weights: Any) -> np.ndarray:
    """
    Gi* of each area as a standard score.

    Parameters
    ----------
    values : array of float
        n values, not all the same.
    weights : csr_matrix
        n x n, binary, with ones on the diagonal: `within` or `touching`.

    Returns
    -------
    array of float
        0 for an area whose neighbourhood is the whole map: it cannot differ from it.

    Raises
    ------
    TableError
        When all values are the same.

    Notes
    -----
    Z = (sum_j w_ij x_j - W_i m) / (s sqrt((n W_i - W_i^2) / (n - 1))) with m and s the mean and
    standard deviation of all n values (Ord & Getis 1995, for binary weights).
    """
    n, mean, spread = len(values), values.mean(), values.std()
    if n < 2 or not spread > 0:
        raise TableError("areas: all rates are the same, so none is higher than the others")
    size = np.asarray(weights.sum(axis=1)).ravel()
    scale = spread * np.sqrt((n * size - size**2) / (n - 1))
    excess = weights @ values - mean * size
    scores: np.ndarray = np.divide(excess, scale, out=np.zeros(n), where=scale > 0)
    return scores


def hot_areas(
    areas: pd.DataFrame, weights: Any, *, count: str = "n_burglaries", alpha: float = 0.05
) -> pd.DataFrame:
    """
    Find the areas whose neighbourhood has a higher rate than chance explains.

    Parameters
    ----------
    areas : DataFrame
        `n_dwellings` (above 0) and `count` per area: cells or buurten.
    weights : csr_matrix
        Neighbours, in the order of `areas`.
    count : str
        Column of burglaries.
    alpha : float
        Share of false discoveries that is accepted.

    Returns
    -------
    DataFrame
        `areas` plus `rate` (per 1,000 dwellings), `z`, `p` (two-sided), `p_bh`, `n_around` and
        `expected_around` (the neighbourhood, if every dwelling ran the same risk), `p_around_bh`,
        `is_hot`.

    Raises
    ------
    TableError
        When an area has no dwellings, a count is missing or negative, or all rates are the same.
    """
    require_columns(areas, ["n_dwellings", count], name="areas")
    n = areas[count].to_numpy(dtype=float, na_value=np.nan)
    dwellings = areas["n_dwellings"].to_numpy(dtype=float, na_value=np.nan)
    broken = ~((n >= 0) & (dwellings > 0))
    if broken.any():
        raise TableError(
            f"areas: n_dwellings must be above 0 and {count} 0 or more; {int(broken.sum())} of "
            f"{len(areas)} rows break this, first at index {areas.index[broken][0]!r}"
        )
    z = gi_star(n / dwellings, weights)
    p = 2 * ndtr(-np.abs(z))
    around, share = weights @ n, weights @ dwellings / dwellings.sum()
    p_bh, p_around_bh = _adjusted(p), _adjusted(_at_least(around, n.sum(), share))
    return areas.assign(
        rate=1_000 * n / dwellings,
        z=z,
        p=p,
        p_bh=p_bh,
        n_around=around.astype(int),
        expected_around=n.sum() * share,
        p_around_bh=p_around_bh,
        is_hot=(z > 0) & (p_bh <= alpha) & (p_around_bh <= alpha),
    )


def _at_least(n: np.ndarray, total: float, share: np.ndarray) -> np.ndarray:
    """Chance of `n` or more of `total` when each falls there with chance `share`."""
    from scipy.stats import binom

    chance: np.ndarray = binom.sf(n - 1, total, np.minimum(share, 1.0))
    return chance


def _adjusted(p: np.ndarray) -> np.ndarray:
    from scipy.stats import false_discovery_control

    adjusted: np.ndarray = false_discovery_control(p)
    return adjusted


def _symmetric(pairs: np.ndarray, n: int) -> Any:
    from scipy.sparse import csr_matrix

    own = np.arange(n)
    rows = np.concatenate([pairs[:, 0], pairs[:, 1], own])
    columns = np.concatenate([pairs[:, 1], pairs[:, 0], own])
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(n, n))
