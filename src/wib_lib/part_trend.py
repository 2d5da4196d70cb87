"""The trend of each buurt beside that of the whole area.

A buurt has too few burglaries for a trend of its own: chance alone makes some double. So only its
deviation from the area's course is estimated, from its yearly counts given the area's (season,
pandemic and national fall fall away), and drawn towards none as far as the deviations of all
buurten can be chance: empirical Bayes with the variance between buurten of DerSimonian & Laird
(1986). Buurten below `MINIMUM` burglaries over all years are "te weinig". Which buurten deviate is
decided with Benjamini & Hochberg (1995) over all that were tested.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from wib_lib.errors import TableError
from wib_lib.tables import require_columns
from wib_lib.trend import Trend, percent_change

MINIMUM = 20  # burglaries over all windows together
TOO_FEW = "te weinig"
VERDICTS = {
    -1: "gunstiger dan het gebied",
    0: "niet te onderscheiden van het gebied",
    1: "ongunstiger dan het gebied",
}


def trend_by_part(
    counts: pd.DataFrame,
    windows: Sequence[str],
    area: Trend,
    *,
    dwellings: pd.DataFrame | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """
    Estimate the change per year of each part, shrunk to that of the area.

    Parameters
    ----------
    counts : DataFrame
        One row per part: `code`, and a column of counts for each window, as
        `wib_lib.concentration.counts_by_part` gives.
    windows : sequence of str
        Those columns, a year apart, oldest first; at least three.
    area : Trend
        The trend of the whole area, over the same years.
    dwellings : DataFrame, optional
        Dwellings with the same rows and columns, when parts grew unequally.
    level : float

    Returns
    -------
    DataFrame
        `code`, `n` (all windows), `pct_per_year`, `low`, `high` (NaN where too few), `p_bh`
        (of the unshrunk deviation), `oordeel`. `attrs["between"]` is the standard deviation of
        the true deviations between buurten (log, per year); 0 when chance explains them all.

    Raises
    ------
    TableError
        With fewer than three windows, a missing or negative count, or no burglaries at all.
    """
    table = _numbers(counts, windows)
    weight = np.ones_like(table) if dwellings is None else _numbers(dwellings, windows)
    expected = weight * table.sum(axis=0) / weight.sum(axis=0)
    n = table.sum(axis=1)
    enough = (n >= MINIMUM) & (expected > 0).all(axis=1)
    slope, variance = _deviations(table[enough], expected[enough])
    between = _between(slope, variance)
    kept = between / (between + variance)
    reach = np.hypot(
        (np.log1p(area.high / 100) - np.log1p(area.low / 100)) / 2,
        ndtri((1 + level) / 2) * np.sqrt(kept * variance),
    )
    middle = np.log1p(area.pct_per_year / 100) + kept * slope
    p_bh = _adjusted(2 * ndtr(-np.abs(slope) / np.sqrt(variance)))
    sign = np.where(p_bh <= 1 - level, np.sign(slope), 0).astype(int)
    result = pd.DataFrame({"code": counts["code"], "n": n.astype(int)})
    columns = {"pct_per_year": middle, "low": middle - reach, "high": middle + reach}
    for name, values in columns.items():
        result.loc[enough, name] = [percent_change(value) for value in values]
    result.loc[enough, "p_bh"] = p_bh
    result["oordeel"] = TOO_FEW
    result.loc[enough, "oordeel"] = [VERDICTS[way] for way in sign]
    result.attrs["between"] = float(np.sqrt(between))
    return result


def _numbers(frame: pd.DataFrame, windows: Sequence[str]) -> np.ndarray:
    require_columns(frame, ["code", *windows], name="counts")
    table = frame[list(windows)].to_numpy(dtype=float, na_value=np.nan)
    if len(windows) < 3 or not (table >= 0).all() or not table.sum(axis=0).all():
        raise TableError(
            "counts: at least three windows needed, each with a count of 0 or more for every part "
            f"and not 0 for all; found {len(windows)} windows for {len(frame)} parts"
        )
    return table


def _deviations(table: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """
    Return the log slope of each part against the area per year, and its variance.

    Given its total, a part's counts are multinomial with shares expected x exp(slope x year);
    Newton's method finds the slope. The common dispersion widens the variance.
    """
    year = np.arange(table.shape[1], dtype=float)
    n = table.sum(axis=1, keepdims=True)
    slope = np.zeros((len(table), 1))
    for _ in range(50):
        share = expected * np.exp(slope * year)
        share /= share.sum(axis=1, keepdims=True)
        mean = (share * year).sum(axis=1, keepdims=True)
        information = n * ((share * year**2).sum(axis=1, keepdims=True) - mean**2)
        step = ((table * year).sum(axis=1, keepdims=True) - n * mean) / information
        slope += np.clip(step, -1, 1)
        if not len(step) or np.abs(step).max() < 1e-12:
            break
    fitted = n * share
    freedom = max(1, len(table) * (table.shape[1] - 2))
    phi = max(1.0, float(((table - fitted) ** 2 / fitted).sum() / freedom))
    return slope[:, 0], phi / information[:, 0]


def _between(slope: np.ndarray, variance: np.ndarray) -> float:
    """Variance of the true deviations between parts, around none; 0 when chance explains all."""
    if len(slope) < 2:
        return 0.0
    weight = 1 / variance
    excess = (weight * slope**2).sum() - len(slope)
    return max(0.0, float(excess / weight.sum()))


def _adjusted(p: np.ndarray) -> np.ndarray:
    from scipy.stats import false_discovery_control

    adjusted: np.ndarray = false_discovery_control(p) if len(p) else p
    return adjusted
