"""The trend over the months or years before and in the window.

A Poisson log-linear model with two month harmonics and the number of dwelling-days as offset
(Osgood 2000). Burglaries come in series, so plain Poisson errors are far too small: on real
monthly data the dispersion was 9.7. The errors are therefore scaled by the Pearson dispersion
(quasi-Poisson, so that the fitted counts add up to the registered ones), and months that
resemble the month before them widen the interval. The years of the pandemic are a term of their
own. docs/methods/trend.md has the choices and what they were measured on.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from wib_lib.absent import Missing, Value, first_absent, is_known
from wib_lib.errors import TableError
from wib_lib.periods import PANDEMIC
from wib_lib.season import season_waves
from wib_lib.tables import require_columns

MIN_PERIODS, MIN_FREEDOM = 5, 3
SMALLEST = 20  # a count below it gets no percentage


@dataclass(frozen=True)
class Change:
    """A change in per cents, with its interval."""

    pct: float
    low: float
    high: float


@dataclass(frozen=True)
class Trend:
    """
    Change per year, in per cents, with interval, and the fitted line.

    `fitted` has `start`, `n`, `fitted`, `low`, `high`: counts per period, the band is the
    interval of the expectation. `dispersion` is Pearson's statistic over its degrees of freedom,
    at least 1 when it scales the errors. `autocorrelation` is that of a month's residual with the
    one before, freed of the bias towards 0 of a short series. `pandemic` is the level of the
    pandemic years against the trend; None when no period, or every period, lies in them.
    """

    pct_per_year: float
    low: float
    high: float
    dispersion: float
    fitted: pd.DataFrame
    autocorrelation: float = 0.0
    pandemic: Change | None = None


def fit_trend(periods: pd.DataFrame, *, level: float = 0.95, serial: bool = False) -> Trend:
    """
    Fit the trend to consecutive months (with season) or years (without).

    Parameters
    ----------
    periods : DataFrame
        `start`, `end`, `n_burglaries`; optionally `n_dwellings`, which makes it a trend per
        dwelling. At least five periods.
    level : float
    serial : bool
        Widen the intervals for autocorrelation. For months only: of years there are too few.

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
    resemblance = autocorrelation(
        result.resid_pearson[np.argsort(periods["start"].to_numpy())], freedom
    )
    # Less spread than Poisson is taken as chance, never as a reason for a narrower interval.
    reach = _reach(level, freedom) * np.sqrt(max(1.0, dispersion))
    if serial and (n_days <= 31).all():
        reach *= np.sqrt((1 + max(0.0, resemblance)) / (1 - max(0.0, resemblance)))
    line = np.log(exposure) + design @ result.params
    spread = reach * np.sqrt(np.einsum("ij,jk,ik->i", design, result.cov_params(), design))
    changes = [_change(*pair, reach) for pair in zip(result.params, result.bse, strict=True)]
    return Trend(
        pct_per_year=changes[1].pct,
        low=changes[1].low,
        high=changes[1].high,
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
        autocorrelation=resemblance,
        pandemic=changes[2] if _some(in_pandemic(periods)) else None,
    )


def ratio_change(
    before: Value, after: Value, *, phi: float = 1.0, level: float = 0.95
) -> Change | Missing:
    """
    Change between two counts over the same months, in per cents with its interval.

    Log ratio with variance phi (1/n + 1/m); no percentage when either is below `SMALLEST`.

    Examples
    --------
    >>> ratio_change(12, 80)
    Missing(reason='minder dan 20 woninginbraken')
    """
    absent = first_absent(before, after)
    if absent is not None:
        return absent if isinstance(absent, Missing) else Missing("een aantal is onderdrukt")
    assert is_known(before) and is_known(after)
    if min(before, after) < SMALLEST:
        return Missing(f"minder dan {SMALLEST} woninginbraken")
    error = np.sqrt(max(1.0, phi) * (1 / before + 1 / after))
    return _change(np.log(after / before), error, float(ndtri((1 + level) / 2)))


def in_pandemic(periods: pd.DataFrame) -> np.ndarray:
    """Tell which periods (`start`, `end`) lie in the years of the pandemic for more than half."""
    first, after = (pd.Timestamp(day) for day in PANDEMIC)
    start, end = periods["start"].to_numpy(), periods["end"].to_numpy()
    shared = np.minimum(end, after.to_datetime64()) - np.maximum(start, first.to_datetime64())
    inside: np.ndarray = 2 * shared > end - start
    return inside


def _design(periods: pd.DataFrame) -> np.ndarray:
    """Intercept, years since the first period, the pandemic, and harmonics when they are months."""
    start = periods["start"]
    step = (start.dt.year - start.dt.year.iloc[0]) * 12 + start.dt.month
    columns = [np.ones(len(periods)), (step - step.iloc[0]) / 12]
    pandemic = in_pandemic(periods)
    if _some(pandemic):
        columns.append(pandemic.astype(float))
    if ((periods["end"] - start).dt.days <= 31).all():
        columns.append(season_waves(start))
    return np.column_stack(columns)


def _some(flags: np.ndarray) -> bool:
    return bool(flags.any() and not flags.all())


def autocorrelation(residuals: np.ndarray, freedom: int) -> float:
    """
    Lag-1 autocorrelation, corrected for its bias: fitted terms and a short series pull it down.

    Kendall (1954) for the mean, and one n-th more for each further fitted term. Kept below 0.9.

    Examples
    --------
    >>> round(autocorrelation(np.array([1.0, -1.0, 1.0, -1.0]), freedom=3), 2)
    -1.31
    """
    n = len(residuals)
    total = (residuals**2).sum()
    if total == 0:
        return 0.0
    found = (residuals[1:] * residuals[:-1]).sum() / total
    return float(min(0.9, found + (n - freedom - 1 + 3 * found) / n))


def percent_change(log_change: float) -> float:
    """
    Turn a log ratio into a change in per cents.

    Examples
    --------
    >>> round(percent_change(np.log(0.8)), 9)
    -20.0
    """
    return float(100 * np.expm1(log_change))


def _change(slope: float, error: float, reach: float) -> Change:
    bounds = (slope, slope - reach * error, slope + reach * error)
    return Change(*(percent_change(bound) for bound in bounds))


def _reach(level: float, freedom: int) -> float:
    """Standard errors in half an interval: Student's t, as the dispersion is estimated."""
    return float(stdtrit(freedom, (1 + level) / 2))
