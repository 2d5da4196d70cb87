"""The trend over the months or years before and in the window.

A Poisson log-linear model with two month harmonics and the number of dwelling-days as offset
(Osgood 2000). Burglaries come in series, so plain Poisson errors are far too small: on real
monthly data the dispersion was 9.7. The errors are therefore scaled by the Pearson dispersion.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.errors import TableError
from wib_lib.tables import require_columns

MIN_PERIODS = 5


@dataclass(frozen=True)
class Trend:
    """
    Change per year, in per cents, with interval, and the fitted line.

    `fitted` has `start`, `n`, `fitted`, `low`, `high`: counts per period, the band is the
    interval of the expectation. `dispersion` is Pearson's statistic over its degrees of freedom,
    at least 1 when it scales the errors.
    """

    pct_per_year: float
    low: float
    high: float
    dispersion: float
    fitted: pd.DataFrame


def fit_trend(periods: pd.DataFrame, *, level: float = 0.95) -> Trend:
    """
    Fit the trend to consecutive months (with season) or years (without).

    Parameters
    ----------
    periods : DataFrame
        `start`, `end`, `n_burglaries`; optionally `n_dwellings`, which makes it a trend per
        dwelling. At least five periods.
    level : float

    Returns
    -------
    Trend

    Raises
    ------
    TableError
        With fewer than five periods, or a missing count.
    """
    require_columns(periods, ["start", "end", "n_burglaries"], name="periods")
    if len(periods) < MIN_PERIODS or periods["n_burglaries"].isna().any():
        raise TableError(
            f"periods: at least {MIN_PERIODS} complete periods needed, found "
            f"{int(periods['n_burglaries'].notna().sum())} of {len(periods)}"
        )
    # statsmodels takes seconds to import: only who fits a trend pays for it.
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    counts = periods["n_burglaries"].astype(float).to_numpy()
    n_days = (periods["end"] - periods["start"]).dt.days.to_numpy(float)
    exposure = n_days * periods.get("n_dwellings", pd.Series(1.0, periods.index)).to_numpy(float)
    design = _design(periods)
    result = GLM(counts, design, family=Poisson(), offset=np.log(exposure)).fit(scale="X2")
    dispersion = float(result.scale)
    # Less spread than Poisson is taken as chance, never as a reason for a narrower interval.
    widen = 1.0 if dispersion >= 1 else np.sqrt(1 / dispersion)
    # The dispersion is estimated: Student's t, which matters for six years (2.78, not 1.96).
    reach = _t(level, int(result.df_resid))
    slope, error = result.params[1], result.bse[1] * widen
    line = np.log(exposure) + design @ result.params
    spread = reach * widen * np.sqrt(np.einsum("ij,jk,ik->i", design, result.cov_params(), design))
    return Trend(
        pct_per_year=_percent(slope),
        low=_percent(slope - reach * error),
        high=_percent(slope + reach * error),
        dispersion=dispersion,
        fitted=pd.DataFrame(
            {
                "start": periods["start"].to_numpy(),
                "n": counts,
                "fitted": np.exp(line),
                "low": np.exp(line - spread),
                "high": np.exp(line + spread),
            }
        ),
    )


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
    if len(months) == 0 or len(months) % 12:
        raise TableError(f"months: whole years needed, found {len(months)} months")
    means = months["n_burglaries"].astype(float).groupby(months["start"].dt.month).mean()
    return pd.DataFrame({"month": means.index, "index": (means / means.mean()).to_numpy()})


def _design(periods: pd.DataFrame) -> np.ndarray:
    """Intercept, years since the first period, and harmonics when the periods are months."""
    start = periods["start"]
    n_days = (periods["end"] - start).dt.days
    if (n_days > 31).any():
        return np.column_stack([np.ones(len(periods)), start.dt.year - start.dt.year.iloc[0]])
    step = (start.dt.year - start.dt.year.iloc[0]) * 12 + start.dt.month
    years = (step - step.iloc[0]) / 12
    angle = 2 * np.pi * (start.dt.month - 1).to_numpy(float) / 12
    waves = [np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)]
    return np.column_stack([np.ones(len(periods)), years, *waves])


def _percent(log_change: float) -> float:
    return float(100 * np.expm1(log_change))


def _t(level: float, df: int) -> float:
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, df))
