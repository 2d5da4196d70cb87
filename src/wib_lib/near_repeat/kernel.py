"""Counting pairs by their lag in days, many shuffles at a time.

Only this module needs numba; it is imported by who runs a test, as the import takes a moment. The
types of the arrays are fixed, so that the import makes the code ready and no first call waits.
`LANES` shuffles lie side by side in memory, in two bytes each, so that one pair is looked up once
for all of them and compared in a few instructions. The compiled code is kept between processes
where a folder can be written: beside the module, or else in the user's own cache.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit

Array = np.ndarray[Any, np.dtype[Any]]
LANES = 32
CHUNK = 2**15  # pairs that a counter of two bytes can hold


def _compiled(types: str) -> Callable[[Any], Any]:
    """Compile for arrays of these types, and keep the result where there is a folder for it."""

    def compiled(function: Any) -> Any:
        try:
            return njit(types, cache=True)(function)
        except RuntimeError:
            return njit(types)(function)

    return compiled


@_compiled("(uint16[::1], int64[::1], float64[:, ::1])")
def shuffled(day: Array, starts: Array, chance: Array) -> Array:
    """
    Shuffle the days inside strata, `LANES` times (Fisher and Yates).

    Parameters
    ----------
    day : array of uint16, (n,)
        Events of one stratum stand together.
    starts : array of int64, (n_strata + 1,)
    chance : array of float, (LANES, n)
        Uniform numbers, from 0 to below 1.

    Returns
    -------
    array of uint16, (n, LANES)
    """
    block = np.empty((len(day), LANES), np.uint16)
    own = np.empty_like(day)
    for lane in range(LANES):
        own[:] = day
        for k in range(len(starts) - 1):
            first = starts[k]
            for i in range(starts[k + 1] - 1, first, -1):
                j = first + int(chance[lane, i] * (i - first + 1))
                own[i], own[j] = own[j], own[i]
        block[:, lane] = own
    return block


@_compiled("(uint16[:, ::1], int32[:, ::1], int64[::1], uint16[::1])")
def pairs_below(block: Array, pairs: Array, ends: Array, edges: Array) -> Array:
    """
    Count pairs by distance band, with a lag below each edge, in each lane.

    Parameters
    ----------
    block : array of uint16, (n, LANES)
        Days, below 32767.
    pairs : array of int32, (n_pairs, 2)
        Rows of `block`, the pairs of one distance band together.
    ends : array of int64, (n_bands + 1,)
        Where the bands begin and end in `pairs`.
    edges : array of uint16, (n_edges,)
        From 1 to 32767.

    Returns
    -------
    array of int64, (n_bands, n_edges, LANES)
    """
    counts = np.zeros((len(ends) - 1, len(edges), LANES), np.int64)
    for band in range(len(ends) - 1):
        for begin in range(ends[band], ends[band + 1], CHUNK):
            end = min(begin + CHUNK, ends[band + 1])
            for e in range(len(edges)):
                # -edge < lag < edge, as one comparison of numbers without a sign
                shift, width = np.uint16(edges[e] - 1), np.uint16(2 * edges[e] - 1)
                below = np.zeros(LANES, np.uint16)
                for p in range(begin, end):
                    one, other = pairs[p, 0], pairs[p, 1]
                    for lane in range(LANES):
                        lag = np.uint16(block[one, lane] - block[other, lane])
                        is_below = np.uint16(lag + shift) < width
                        below[lane] = np.uint16(below[lane] + np.uint16(is_below))
                for lane in range(LANES):
                    counts[band, e, lane] += below[lane]
    return counts


@_compiled("(uint16[::1], int64[::1], int64[::1], int64[::1], uint16[::1])")
def lags_below(day: Array, starts: Array, one: Array, other: Array, edges: Array) -> Array:
    """
    Count, for pairs of strata, all pairs of their events with a lag below each edge.

    Parameters
    ----------
    day : array of uint16, (n,)
        Ascending inside each stratum.
    starts : array of int64, (n_strata + 1,)
    one, other : array of int64, (n_combinations,)
        Strata; the same stratum twice gives its unordered pairs.
    edges : array of uint16, (n_edges,)

    Returns
    -------
    array of int64, (n_combinations, n_edges)
    """
    counts = np.zeros((len(one), len(edges)), np.int64)
    when = day.astype(np.int64)
    for k in range(len(one)):
        a, b = one[k], other[k]
        for e in range(len(edges)):
            low, high, n, edge = starts[b], starts[b], 0, np.int64(edges[e])
            for i in range(starts[a], starts[a + 1]):
                while low < starts[b + 1] and when[i] - when[low] >= edge:
                    low += 1
                while high < starts[b + 1] and when[high] - when[i] < edge:
                    high += 1
                n += high - (i + 1 if a == b else low)
            counts[k, e] = n
    return counts
