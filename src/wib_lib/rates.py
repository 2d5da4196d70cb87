"""Burglaries per 1,000 dwellings, with exact intervals.

A registered count is taken as one draw from a Poisson process: the interval shows how far
chance alone could move it. It does not cover under-reporting or registration practice. Rates
use dwellings, never inhabitants; the two differ by a factor of about 2.2.
"""

import pandas as pd
from scipy.special import betaincinv, gammaincinv

from wib_lib.errors import TableError
from wib_lib.tables import require_columns


def poisson_interval(n: int, *, level: float = 0.95) -> tuple[float, float]:
    """
    Exact interval for the expectation of a Poisson count (Garwood 1936; Ulm 1990).

    Parameters
    ----------
    n : int
        Count, from 0.
    level : float

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError
        When `n` is negative.

    Examples
    --------
    >>> low, high = poisson_interval(10)
    >>> round(low, 3), round(high, 3)
    (4.795, 18.39)
    """
    if n < 0:
        raise ValueError(f"n must be 0 or more, found {n}")
    tail = (1 - level) / 2
    low = float(gammaincinv(n, tail)) if n else 0.0
    return low, float(gammaincinv(n + 1, 1 - tail))


def share_interval(part: int, whole: int, *, level: float = 0.95) -> tuple[float, float]:
    """
    Exact interval for a share (Clopper & Pearson 1934).

    Raises
    ------
    ValueError
        When `part` is negative or above `whole`, or `whole` is 0.

    Examples
    --------
    >>> low, high = share_interval(24, 100)
    >>> round(low, 4), round(high, 4)
    (0.1602, 0.3357)
    """
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"part must lie between 0 and whole, found {part} of {whole}")
    tail = (1 - level) / 2
    low = float(betaincinv(part, whole - part + 1, tail)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 1 - tail)) if part < whole else 1.0
    return low, high


def rate_ratio(
    n: int, exposure: float, n_ref: int, exposure_ref: float, *, level: float = 0.95
) -> tuple[float, float, float]:
    """
    Ratio of two Poisson rates with its exact conditional interval.

    Given the sum, the first count is binomial; the interval for its share gives the interval
    for the ratio (Przyborowski & Wilenski 1940; R's `poisson.test`).

    Parameters
    ----------
    n, n_ref : int
        Counts, from 0.
    exposure, exposure_ref : float
        Dwellings times days, or any common unit, above 0.
    level : float

    Returns
    -------
    ratio, low, high : float
        NaN ratio when both counts are 0; infinite when only `n_ref` is 0.

    Examples
    --------
    >>> [round(value, 4) for value in rate_ratio(30, 1, 45, 1)]
    [0.6667, 0.4055, 1.0817]
    """
    scale = exposure_ref / exposure
    if n + n_ref == 0:
        return float("nan"), 0.0, float("inf")
    low, high = share_interval(n, n + n_ref, level=level)
    ratio = n / n_ref * scale if n_ref else float("inf")
    upper = high / (1 - high) * scale if high < 1 else float("inf")
    return ratio, low / (1 - low) * scale, upper


def burglary_rate(areas: pd.DataFrame, *, per: int = 1_000, level: float = 0.95) -> pd.DataFrame:
    """
    Burglaries per `per` dwellings, with an exact Poisson interval.

    Parameters
    ----------
    areas : DataFrame
        One row per area and period, with `n_burglaries` (counts, from 0) and `n_dwellings`
        (above 0). The area may be a buurt, a wijk or the gemeente.
    per : int
        Dwellings that the rate is expressed in.
    level : float

    Returns
    -------
    DataFrame
        `areas` plus `rate`, `rate_low`, `rate_high`; order kept, input untouched.

    Raises
    ------
    TableError
        When a column is missing, a count is negative or an area has no dwellings.

    Notes
    -----
    The interval covers chance in the count only, not under-reporting. Ulm (1990).

    Examples
    --------
    >>> areas = pd.DataFrame({"n_burglaries": [10], "n_dwellings": [2_000]})
    >>> burglary_rate(areas).round(2).iloc[0].to_dict()
    {'n_burglaries': 10.0, 'n_dwellings': 2000.0, 'rate': 5.0, 'rate_low': 2.4, 'rate_high': 9.2}
    """
    require_columns(areas, ["n_burglaries", "n_dwellings"], name="areas")
    _require(areas, "n_dwellings", areas["n_dwellings"] > 0, "above 0")
    _require(areas, "n_burglaries", areas["n_burglaries"] >= 0, "0 or more")
    bounds = [poisson_interval(int(n), level=level) for n in areas["n_burglaries"]]
    scale = per / areas["n_dwellings"].astype(float)
    return areas.assign(
        rate=areas["n_burglaries"].astype(float) * scale,
        rate_low=pd.Series([low for low, _ in bounds], areas.index, dtype=float) * scale,
        rate_high=pd.Series([high for _, high in bounds], areas.index, dtype=float) * scale,
    )


def _require(areas: pd.DataFrame, column: str, obeyed: pd.Series, rule: str) -> None:
    broken = ~obeyed.fillna(False).astype(bool)
    if broken.any():
        raise TableError(
            f"areas: {column} must be {rule}; {int(broken.sum())} of {len(areas)} rows break "
            f"this, first at index {areas.index[broken][0]!r}"
        )
