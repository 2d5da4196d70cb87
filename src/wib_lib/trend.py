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
from scipy.special import stdtrit

from wib_lib.errors import TableError
from wib_lib.periods import PANDEMIC
from wib_lib.tables import require_columns

MIN_PERIODS, MIN_FREEDOM = 5, 3


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
    resemblance = _autocorrelation(
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
        angle = 2 * np.pi * (start.dt.month - 1).to_numpy(float) / 12
        columns += [np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)]
    return np.column_stack(columns)


def _some(flags: np.ndarray) -> bool:
    return bool(flags.any() and not flags.all())


def _autocorrelation(residuals: np.ndarray, freedom: int) -> float:
    """
    Lag-1 autocorrelation, corrected for its bias: fitted terms and a short series pull it down.

    Kendall (1954) for the mean, and one n-th more for each further fitted term. Kept below 0.9.
    """
    n = len(residuals)
    total = (residuals**2).sum()
    if total == 0:
        return 0.0
    found = (residuals[1:] * residuals[:-1]).sum() / total
    return float(min(0.9, found + (n - freedom - 1 + 3 * found) / n))


def _change(slope: float, error: float, reach: float) -> Change:
    bounds = (slope, slope - reach * error, slope + reach * error)
    return Change(*(float(100 * np.expm1(bound)) for bound in bounds))


def _reach(level: float, freedom: int) -> float:
    """Standard errors in half an interval: Student's t, as the dispersion is estimated."""
    return float(stdtrit(freedom, (1 + level) / 2))
