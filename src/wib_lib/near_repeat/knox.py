"""The Knox test with dates shuffled inside strata: are near ones also soon after each other?

Knox (1964) counts the pairs of events that are close in space and in time. Shuffling all dates at
once asks too much of the data: when burglaries move from one part of a town to another over the
years or the seasons, near ones are soon after each other without any repeat (Kulldorff and
Hjalmars 1999, the population shift bias). On four years of real data with nothing planted all of
twenty cells came out significant. So dates are exchanged only inside strata of at most three months
and one gemeente; whatever differs between strata is held fixed. Pairs across the edge of two strata
count as well, else half of the pairs of a long lag would be lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from wib_lib.errors import TableError

Array = np.ndarray[Any, np.dtype[Any]]
Metric = Literal["euclidean", "manhattan"]
LONGEST = np.iinfo(np.int16).max  # days that events may span: 89 years, half of what two bytes hold
NOWHERE = -1


@dataclass(frozen=True)
class Events:
    """
    Events as arrays, one item per event.

    `x` and `y` in metres, `day` a whole number; `place` numbers the addresses, -1 where the
    address is not known; `period` and `area` number the two sides of a stratum.
    """

    x: Array
    y: Array
    day: Array
    place: Array
    period: Array
    area: Array

    def __post_init__(self) -> None:
        sizes = {name: len(values) for name, values in vars(self).items()}
        if len(set(sizes.values())) > 1:
            raise TableError(f"events: alle kolommen moeten even lang zijn, gevonden {sizes}")
        if not (np.isfinite(self.x).all() and np.isfinite(self.y).all()):
            raise TableError("events: een gebeurtenis zonder coördinaat kan niet meedoen")
        if len(self.day) and np.ptp(self.day) >= LONGEST:
            raise TableError(f"events: de dagen mogen hoogstens {LONGEST} dagen uiteenliggen")


@dataclass(frozen=True)
class _Pairs:
    """Close pairs of sorted events, by distance band, and the strata of these events."""

    index: Array  # (n_pairs, 2), positions in the sorted events
    ends: Array  # where the bands begin and end
    day: Array
    starts: Array
    stratum: Array


def knox(
    events: Events,
    *,
    metres: Sequence[float],
    days: Sequence[float],
    n_permutations: int,
    rng: np.random.Generator,
    metric: Metric = "euclidean",
) -> pd.DataFrame:
    """
    Count close pairs per cell of distance and lag, with the number chance would give.

    Bands are closed on the left: with `days` 7 and 14, a lag of 7 is in the second band. Two events
    at one known address form a band of their own, whatever their coordinates say; two at one point
    without a known address are simply near.

    Parameters
    ----------
    events : Events
    metres, days : sequence of float
        Upper ends of the bands, ascending; the last may be infinite.
    n_permutations : int
        0 gives counts and expectation only.
    rng : Generator
    metric : {"euclidean", "manhattan"}

    Returns
    -------
    DataFrame
        One row per cell: `metres_from`, `metres_to` (both 0 for the same address), `days_from`,
        `days_to`, `n_pairs`, `expected` (exact), `ratio` (missing where nothing is expected), and
        `p`, `p_holm`, `p_bh`, one-sided.

    Raises
    ------
    TableError
        When the ends of the bands do not ascend from above 0.

    Notes
    -----
    Inside a stratum the expectation is N_s x N_t / P, with N_s pairs near, N_t pairs soon and P
    pairs in all; across two strata of n and m events P is n x m. `p` is (1 + #>=) / (1 + n), ties
    included, with Holm's and Benjamini and Hochberg's correction over all cells of the table. The
    smallest p is 1 / (1 + n): for Holm at 5 % take at least 20 permutations per cell.
    """
    far, late = _ends(metres, "metres"), _ends(days, "days")
    edges = np.minimum(np.ceil(late), LONGEST).astype(np.uint16)
    pairs = _close_pairs(events, far, float(late[-1]), metric)
    table = _cells(far, late)
    observed = _by_lag(pairs, edges)
    expected = _expected(pairs, edges)
    table["n_pairs"] = observed.ravel()
    table["expected"] = expected.ravel()
    table["ratio"] = table["n_pairs"] / table["expected"].where(table["expected"] > 0)
    if n_permutations:
        n_reached = _n_reached(pairs, edges, observed, n_permutations, rng)
        table["p"] = (1 + n_reached.ravel()) / (1 + n_permutations)
        table["p_holm"], table["p_bh"] = _holm(table["p"]), _bh(table["p"])
    return table


def _ends(values: Sequence[float], name: str) -> Array:
    ends = np.asarray(values, dtype=float)
    if not len(ends) or ends[0] <= 0 or (np.diff(ends) <= 0).any():
        raise TableError(f"{name}: de grenzen moeten oplopen vanaf boven 0, gevonden {values}")
    return ends


def _cells(far: Array, late: Array) -> pd.DataFrame:
    near = pd.DataFrame({"metres_from": [0.0, 0.0, *far[:-1]], "metres_to": [0.0, *far]})
    soon = pd.DataFrame({"days_from": [0.0, *late[:-1]], "days_to": late})
    return near.merge(soon, how="cross")


def _close_pairs(events: Events, far: Array, longest: float, metric: Metric) -> _Pairs:
    """Find pairs in periods that can be soon after each other, sorted by band and place."""
    _, stratum = np.unique(np.stack([events.period, events.area]), axis=1, return_inverse=True)
    order = np.lexsort((events.day, stratum.ravel()))
    stratum = stratum.ravel()[order]
    x, y, day, place, period = (
        values[order] for values in (events.x, events.y, events.day, events.place, events.period)
    )
    day = day - day.min() if len(day) else day
    spots = np.column_stack([x, y]).astype(float)
    power = 1 if metric == "manhattan" else 2
    found, bands = [_same_place(place, day, period, longest)], []
    bands.append(np.zeros(len(found[0]), np.int64))
    for index, gap in _near(spots, day, period, (float(far[-1]), longest), power):
        band = 1 + np.searchsorted(far, gap, side="right")
        known = place[index[:, 0]]
        keep = (band <= len(far)) & ((known == NOWHERE) | (known != place[index[:, 1]]))
        found.append(index[keep])
        bands.append(band[keep])
    index, band = np.concatenate(found), np.concatenate(bands)
    by_band = np.lexsort((index[:, 0], band))
    ends = np.searchsorted(band[by_band], np.arange(len(far) + 2))
    starts = np.searchsorted(stratum, np.arange(stratum.max() + 2 if len(stratum) else 1))
    return _Pairs(
        np.ascontiguousarray(index[by_band]), ends, day.astype(np.uint16), starts, stratum
    )


def _reachable(day: Array, period: Array, longest: float) -> Iterator[tuple[Array, Array]]:
    """Yield the rows of every two periods (or one) whose days can lie within the longest lag."""
    rows = [np.flatnonzero(period == label) for label in np.unique(period)]
    for k, one in enumerate(rows):
        for other in rows[k:]:
            gap = max(day[other].min() - day[one].max(), day[one].min() - day[other].max())
            if gap < longest:
                yield one, other


def _near(
    spots: Array, day: Array, period: Array, reach: tuple[float, float], power: int
) -> Iterator[tuple[Array, Array]]:
    """Yield pairs of positions within reach, and their distances."""
    metres, longest = reach
    for one, other in _reachable(day, period, longest):
        tree = cKDTree(spots[one])
        if one is other:
            index = one[tree.query_pairs(metres, p=power, output_type="ndarray")]
        else:
            found = tree.sparse_distance_matrix(
                cKDTree(spots[other]), metres, p=power, output_type="ndarray"
            )
            index = np.column_stack([one[found["i"]], other[found["j"]]])
        gap = np.abs(spots[index[:, 0]] - spots[index[:, 1]])
        yield index.astype(np.int32), gap.sum(axis=1) if power == 1 else np.hypot(*gap.T)


def _same_place(place: Array, day: Array, period: Array, longest: float) -> Array:
    """Return the pairs at one known address, in periods that can be soon after each other."""
    found = [np.empty((0, 2), np.int32)]
    for one, other in _reachable(day, period, longest):
        rows = one if one is other else np.concatenate([one, other])
        rows = rows[place[rows] != NOWHERE]
        rows = rows[np.argsort(place[rows], kind="stable")]
        for step in range(1, len(rows)):
            same = place[rows[step:]] == place[rows[:-step]]
            if not same.any():
                break
            pair = np.column_stack([rows[:-step][same], rows[step:][same]])
            if one is not other:  # those inside one period have been found
                pair = pair[period[pair[:, 0]] != period[pair[:, 1]]]
            found.append(pair.astype(np.int32))
    return np.concatenate(found)


def _by_lag(pairs: _Pairs, edges: Array) -> Array:
    """Count the pairs as they are, per band of distance and of lag."""
    day = pairs.day.astype(np.int32)
    lag = np.abs(day[pairs.index[:, 0]] - day[pairs.index[:, 1]])
    soon = np.searchsorted(edges, lag, side="right")
    near = np.repeat(np.arange(len(pairs.ends) - 1), np.diff(pairs.ends))
    kept = soon < len(edges)
    shape = len(pairs.ends) - 1, len(edges)
    cells = near[kept] * shape[1] + soon[kept]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _expected(pairs: _Pairs, edges: Array) -> Array:
    """Sum N_s x N_t / P over the strata and the combinations of strata that have near pairs."""
    from wib_lib.near_repeat.kernel import lags_below

    n_strata, n_bands = len(pairs.starts) - 1, len(pairs.ends) - 1
    sides = np.sort(pairs.stratum[pairs.index].astype(np.int64), axis=1)
    combined, which = np.unique(sides @ [max(n_strata, 1), 1], return_inverse=True)
    one, other = np.divmod(combined, max(n_strata, 1))
    near = np.repeat(np.arange(n_bands), np.diff(pairs.ends))
    n_near = np.bincount(which * n_bands + near, minlength=len(combined) * n_bands)
    n_soon = lags_below(pairs.day, pairs.starts, one, other, edges)
    size = np.diff(pairs.starts)
    n_all = np.where(one == other, size[one] * (size[one] - 1) / 2, size[one] * size[other])
    share = np.diff(n_soon, axis=1, prepend=0) / n_all[:, None]
    expected: Array = n_near.reshape(-1, n_bands).T @ share
    return expected


def _n_reached(
    pairs: _Pairs, edges: Array, observed: Array, n_permutations: int, rng: np.random.Generator
) -> Array:
    """Count the shuffles in which a cell has at least as many pairs as were observed."""
    from wib_lib.near_repeat.kernel import LANES, pairs_below, shuffled

    n_reached = np.zeros_like(observed)
    for first in range(0, n_permutations, LANES):
        block = shuffled(pairs.day, pairs.starts, rng.random((LANES, len(pairs.day))))
        below = pairs_below(block, pairs.index, pairs.ends, edges)
        found = np.diff(below, axis=1, prepend=0)[..., : n_permutations - first]
        n_reached += (found >= observed[..., None]).sum(axis=2)
    return n_reached


def _holm(p: pd.Series) -> Array:
    """Holm's step-down adjustment (1979)."""
    order = np.argsort(p.to_numpy(), kind="stable")
    steps = p.to_numpy()[order] * np.arange(len(p), 0, -1)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted


def _bh(p: pd.Series) -> Array:
    from scipy.stats import false_discovery_control

    adjusted: Array = false_discovery_control(p)
    return adjusted
