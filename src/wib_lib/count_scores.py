"""How good a forecast of a count was: proper scores, lower is better.

A forecast is a whole distribution, Poisson or negative binomial, so it is judged by scores that
reward an honest width as well as a right mean: the logarithmic score and the continuous ranked
probability score (CRPS), which is in counts (Czado, Gneiting & Held 2009). The closed form of the
CRPS of the negative binomial is that of Wei & Held (2014).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

Floats = NDArray[np.float64]
FLOOR = 1e-3  # an expected count of 0 would make one burglary infinitely surprising
POISSON = 1e6  # from this size on a negative binomial is a Poisson
NEAR = 1e3  # up to this size the closed form of the CRPS is numerically sound


def log_score(observed: ArrayLike, mean: ArrayLike, size: ArrayLike = np.inf) -> Floats:
    """
    Minus the log probability of what was observed.

    Parameters
    ----------
    observed : array of int
        Counts, from 0.
    mean : array of float
        Expected counts; below `FLOOR` they count as `FLOOR`.
    size : array of float
        Of the negative binomial, whose variance is mean + mean² / size; infinite is Poisson.

    Returns
    -------
    array of float

    Examples
    --------
    >>> log_score([0, 2], [0.5, 0.5]).round(4).tolist()
    [0.5, 2.5794]
    """
    observed, mean, size = _arrays(observed, np.maximum(mean, FLOOR), size)
    finite = np.minimum(size, POISSON)
    poisson = stats.poisson.logpmf(observed, mean)
    wider = stats.nbinom.logpmf(observed, finite, finite / (finite + mean))
    return np.asarray(-np.where(size < POISSON, wider, poisson))


def crps(observed: ArrayLike, mean: ArrayLike, size: ArrayLike = np.inf) -> Floats:
    """
    Continuous ranked probability score, in counts; for a certain forecast the absolute error.

    Parameters
    ----------
    observed, mean, size
        As for `log_score`; a mean of 0 is a certain forecast of 0.

    Returns
    -------
    array of float

    Examples
    --------
    >>> crps([0, 2], [0.0, 0.0]).tolist(), crps(0, 0.5).round(4).tolist()
    ([0.0, 2.0], 0.1632)
    """
    observed, mean, size = _arrays(observed, mean, size)
    finite = np.minimum(size, POISSON)
    return np.where(size < POISSON, _wide(observed, mean, finite), _poisson(observed, mean))


def dawid_sebastiani(observed: ArrayLike, mean: ArrayLike, size: ArrayLike = np.inf) -> Floats:
    """
    Squared standardised error plus the log variance: a score of mean and variance only.

    Examples
    --------
    >>> dawid_sebastiani(3, 1.0).tolist()
    4.0
    """
    observed, mean, size = _arrays(observed, np.maximum(mean, FLOOR), size)
    variance = mean + mean**2 / size
    return (observed - mean) ** 2 / variance + np.log(variance)


def size_of(observed: ArrayLike, mean: ArrayLike) -> float:
    """
    Size of the negative binomial that fits the errors of forecasts, by moments.

    Parameters
    ----------
    observed, mean : array
        Counts and what was expected beforehand.

    Returns
    -------
    float
        Infinite (Poisson) when the errors are no larger than chance makes them.

    Examples
    --------
    >>> size_of([0, 8, 0, 8], [4.0, 4.0, 4.0, 4.0]), size_of([4, 4], [4.0, 4.0])
    (1.3333333333333333, inf)
    """
    seen, hoped, _ = _arrays(observed, np.maximum(mean, FLOOR), np.inf)
    excess = float(((seen - hoped) ** 2 - hoped).sum())
    return float((hoped**2).sum() / excess) if excess > 0 else np.inf


def paired_difference(
    scores: ArrayLike, others: ArrayLike, *, level: float = 0.95
) -> tuple[float, float, float]:
    """
    Mean difference of two scores over the same occasions, with Student's interval.

    Parameters
    ----------
    scores, others : array of float
        One score per occasion, such as the mean over all buurten of one fortnight.
    level : float

    Returns
    -------
    difference, low, high : float
        Below 0 the first is better. Occasions are taken as independent.

    Raises
    ------
    ValueError
        With fewer than two occasions.

    Examples
    --------
    >>> [round(value, 3) for value in paired_difference([1.0, 2.0, 3.0], [2.0, 2.0, 5.0])]
    [-1.0, -3.484, 1.484]
    """
    gaps = np.asarray(scores, dtype=float) - np.asarray(others, dtype=float)
    if len(gaps) < 2:
        raise ValueError(f"at least 2 occasions needed, found {len(gaps)}")
    mean = float(gaps.mean())
    error = float(gaps.std(ddof=1) / np.sqrt(len(gaps)))
    reach = float(special.stdtrit(len(gaps) - 1, (1 + level) / 2)) * error
    return mean, mean - reach, mean + reach


def interval(mean: ArrayLike, size: ArrayLike, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """
    Predictive interval of a count: whole numbers that hold at least `level` of the chance.

    Examples
    --------
    >>> low, high = interval([0.3, 12.0], np.inf)
    >>> low.tolist(), high.tolist()
    ([0.0, 6.0], [2.0, 19.0])
    """
    _, mean, size = _arrays(0, np.maximum(mean, FLOOR), size)
    finite = np.minimum(size, POISSON)
    chance = finite / (finite + mean)
    low, high = (
        np.where(size < POISSON, stats.nbinom.ppf(at, finite, chance), stats.poisson.ppf(at, mean))
        for at in ((1 - level) / 2, (1 + level) / 2)
    )
    return low, high


def _poisson(observed: Floats, mean: Floats) -> Floats:
    below = stats.poisson.cdf(observed, mean)
    spread = mean * (special.ive(0, 2 * mean) + special.ive(1, 2 * mean))
    exactly = stats.poisson.pmf(observed, mean)
    return np.asarray((observed - mean) * (2 * below - 1) + 2 * mean * exactly - spread)


def _wide(observed: Floats, mean: Floats, size: Floats) -> Floats:
    chance = size / (size + mean)
    below = stats.nbinom.cdf(observed, size, chance)
    next_below = stats.nbinom.cdf(observed - 1, size + 1, chance)
    far = observed * (2 * below - 1) - mean * (2 * next_below - 1)
    return np.asarray(far - _half_spread(mean, size))


def _half_spread(mean: Floats, size: Floats) -> Floats:
    """
    Half the mean distance between two draws.

    The hypergeometric closed form, after Pfaff's transformation, which keeps its argument below 1;
    it fails numerically for large sizes. There the distance is integrated from the characteristic
    function, (1 / pi) times the integral over 0..pi of (1 - |phi|^2) / (1 - cos): smooth and
    periodic, so that equal steps converge at once.
    """
    odds = mean / size * (1 + mean / size)  # (1 - p) / p^2
    wide = 1 + 4 * odds
    near = special.hyp2f1(0.5, 1 - np.minimum(size, NEAR), 2, 4 * odds / wide)
    result = np.array(size * odds / np.sqrt(wide) * near)
    far = size > NEAR
    if far.any():
        n_steps = 20 + int(8 * np.sqrt((mean + mean**2 / size)[far].max()))
        dip = 1 - np.cos(np.pi * (np.arange(n_steps) + 0.5) / n_steps)
        fall = -np.expm1(-size[far, None] * np.log1p(2 * odds[far, None] * dip))
        result[far] = (fall / dip).mean(axis=-1) / 2
    return result


def _arrays(*values: ArrayLike) -> list[Floats]:
    return list(np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in values)))
