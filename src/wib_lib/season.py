"""The season of a monthly series: an index, the terms of a model, and a picture.

Burglary peaks in December and January. The index and the harmonics serve comparison and trend;
the decomposition is for the eye only, no test rests on it.
"""

import numpy as np
import pandas as pd

from wib_lib.errors import TableError
from wib_lib.tables import require_columns


def seasonal_index(months: pd.DataFrame) -> pd.DataFrame:
    """
    Mean of each calendar month relative to the mean month, over whole years.

    Parameters
    ----------
    months : DataFrame
        `start` and `n_burglaries`; a whole number of consecutive years.

    Returns
    -------
    DataFrame
        `month` (1-12), `index` (1 is the mean month).

    Raises
    ------
    TableError
        When the months do not make whole years.

    Examples
    --------
    >>> start = pd.date_range("2018-01-01", periods=12, freq="MS")
    >>> months = pd.DataFrame({"start": start, "n_burglaries": [24] + [12] * 10 + [24]})
    >>> seasonal_index(months)["index"].round(3).tolist()[:2]
    [1.714, 0.857]
    """
    start = months["start"].sort_values()
    step = start.dt.year * 12 + start.dt.month
    if len(months) == 0 or len(months) % 12 or not step.diff().dropna().eq(1).all():
        raise TableError(f"months: whole years needed, found {len(months)} months")
    means = months["n_burglaries"].astype(float).groupby(months["start"].dt.month).mean()
    return pd.DataFrame({"month": means.index, "index": (means / means.mean()).to_numpy()})


def decompose(months: pd.DataFrame) -> pd.DataFrame:
    """
    Split months into trend, season and rest for a picture (STL; Cleveland et al. 1990).

    The season is the same every year (R's `stl(s.window = "periodic")`). No test rests on it.

    Parameters
    ----------
    months : DataFrame
        `start` and `n_burglaries`; consecutive months in order, at least two years.

    Returns
    -------
    DataFrame
        `start`, `n`, `trend`, `season`, `rest`; the last three add up to `n`.

    Raises
    ------
    TableError
        With fewer than 24 months, months that do not follow each other, or a missing count.
    """
    require_columns(months, ["start", "n_burglaries"], name="months")
    step = months["start"].dt.year * 12 + months["start"].dt.month
    in_order = step.diff().dropna().eq(1).all() and months["n_burglaries"].notna().all()
    if len(months) < 24 or not in_order:
        raise TableError(
            f"months: at least 24 complete months that follow each other needed, "
            f"found {int(months['n_burglaries'].notna().sum())} of {len(months)}"
        )
    from statsmodels.tsa.seasonal import STL

    n = months["n_burglaries"].astype(float).to_numpy()
    # R's own settings: a window of ten times the series is "periodic", jumps a tenth of it.
    window = 10 * len(n) + 1
    found = STL(
        n, period=12, seasonal=window, seasonal_deg=0, trend=19, low_pass=13,
        seasonal_jump=-(-window // 10), trend_jump=2, low_pass_jump=2,
    ).fit(inner_iter=2, outer_iter=0)  # fmt: skip
    season = pd.Series(found.seasonal).groupby(months["start"].dt.month.to_numpy())
    periodic = season.transform("mean").to_numpy()
    return pd.DataFrame(
        {
            "start": months["start"].to_numpy(),
            "n": n,
            "trend": found.trend,
            "season": periodic,
            "rest": n - found.trend - periodic,
        }
    )


def season_waves(start: pd.Series) -> np.ndarray:
    """Two harmonics of the year: one column each for their sines and cosines."""
    angle = 2 * np.pi * (start.dt.month - 1).to_numpy(float) / 12
    return np.column_stack([np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)])
