"""The trend over the months or years before and in the window.

A Poisson log-linear model with two month harmonics and the number of dwelling-days as offset
(Osgood 2000). Burglaries come in series, so plain Poisson errors are far too small: on real
monthly data the dispersion was 9.7. The errors are therefore scaled by the Pearson dispersion.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from wib_lib.errors import TableError
from wib_lib.tables import require_columns

MIN_PERIODS, MIN_FREEDOM = 5, 3


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
        With too few periods for the model, a missing count, or no burglaries at all.
    """
    require_columns(periods, ["start", "end", "n_burglaries"], name="periods")
    design = _design(periods) if len(periods) else np.empty((0, 2))
    freedom = len(periods) - design.shape[1]
    if len(periods) < MIN_PERIODS or freedom < MIN_FREEDOM or periods["n_burglaries"].isna().any():
        raise TableError(
            f"periods: at least {max(MIN_PERIODS, design.shape[1] + MIN_FREEDOM)} complete periods "
            f"needed, found {int(periods['n_burglaries'].notna().sum())} of {len(periods)}"
        )
    counts = periods["n_burglaries"].astype(float).to_numpy()
    if not counts.any():
        raise TableError("periods: no burglaries at all, so no trend")
    # statsmodels takes seconds to import: only who fits a trend pays for it.
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    n_days = (periods["end"] - periods["start"]).dt.days.to_numpy(float)
    exposure = n_days * periods.get("n_dwellings", pd.Series(1.0, periods.index)).to_numpy(float)
    result = GLM(counts, design, family=Poisson(), offset=np.log(exposure)).fit(tol=1e-12)
    dispersion = float(result.pearson_chi2 / freedom)
    # Less spread than Poisson is taken as chance, never as a reason for a narrower interval.
    reach = _reach(level, freedom) * np.sqrt(max(1.0, dispersion))
    slope, error = result.params[1], result.bse[1]
    line = np.log(exposure) + design @ result.params
    spread = reach * np.sqrt(np.einsum("ij,jk,ik->i", design, result.cov_params(), design))
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
    start = months["start"].sort_values()
    step = start.dt.year * 12 + start.dt.month
    if len(months) == 0 or len(months) % 12 or not step.diff().dropna().eq(1).all():
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


def _reach(level: float, freedom: int) -> float:
    """Standard errors in half an interval: Student's t, as the dispersion is estimated."""
    return float(stdtrit(freedom, (1 + level) / 2))
