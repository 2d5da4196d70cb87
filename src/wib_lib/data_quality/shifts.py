"""Sudden level shifts in month series.

A supplier who changes a code list, a form or a selection leaves a step in a series. The series is
put on a scale on which its variance is known (square root of a count, arcsine of a share: Anscombe
1948), a season and a smooth trend are fitted, and a step is tried between any two
months. The largest t value is judged against Student's distribution with Bonferroni's correction
for the number of places tried and series looked at: a bound, valid whatever the correlation
between places, on the share of clean series that are reported (compare Andrews 1993, who gives
the limit distribution). Spread above that of pure counts is estimated and never taken below it.

Counts get a trend that may bend every year and a half: a slow wave of crime is no step, and so a
step in a count must be near a doubling or halving to be seen in an area with 40 a month. Shares
of fields that are filled by hand do not wander so; theirs is of degree two. A step says that
something changed, not why: it may be crime.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats

from wib_lib.data_quality.filling import CLASSIFICATIONS, applies, is_unknown
from wib_lib.data_quality.finding import LEVEL, Finding
from wib_lib.tables import require_columns

Floats = npt.NDArray[np.float64]
SHORTEST = 6  # months on either side of a step
FEWEST = 24  # months of a series: two of every calendar month
MOST = 3  # steps per series
SHARE_MARGIN = 0.05  # a smaller change of a share asks nobody for anything
COUNT_MARGIN = 1.25
COUNT_KNOTS = 18  # months: crime wanders, and what bends in more than a year is no step


@dataclass(frozen=True)
class Step:
    """A step: the first month after it, its height on the transformed scale, bound on chance."""

    position: int
    height: float
    p: float


def steps(
    values: Floats,
    weights: Floats,
    month: npt.NDArray[np.int64],
    *,
    knots: int | None = None,
    level: float = LEVEL,
) -> list[Step]:
    """
    Find steps that season and smooth trend do not explain, the clearest first.

    Parameters
    ----------
    values : array
        One value per month, in order of time, with variance `1 / weights` by counting alone.
    weights : array
        Above 0.
    month : array of int
        Calendar month of each value, 1-12.
    knots : int, optional
        Months between the knots of a cubic trend; a trend of degree two when None.
    level : float
        Bound on the share of series without a step in which one is reported.

    Returns
    -------
    list of Step
        At most three, at least six months apart and from the ends; empty for a series
        shorter than 24 months.
    """
    n = len(values)
    if n < FEWEST:
        return []
    root = np.sqrt(weights)
    season = (month[:, None] == np.unique(month)[None, :]).astype(float)
    design = np.column_stack([season, _trend(n, knots)]) * root[:, None]
    tried = np.arange(SHORTEST, n - SHORTEST + 1)
    every = (np.arange(n)[:, None] >= tried[None, :]).astype(float) * root[:, None]
    found: list[Step] = []
    while len(found) < MOST:
        apart = [all(abs(k - step.position) >= SHORTEST for step in found) for k in tried]
        height, t, n_free = _tried(design, every, values * root)
        t = np.where(apart, np.abs(t), 0.0)
        best = int(np.argmax(t))
        p = min(1.0, 2 * float(stats.t.sf(t[best], n_free)) * len(tried))
        if p > level:
            break
        found.append(Step(int(tried[best]), float(height[best]), p))
        design = np.column_stack([design, every[:, best]])
    return found


def _trend(n: int, knots: int | None) -> Floats:
    """Columns of a smooth trend: degree two, or a cubic spline in truncated powers."""
    time = np.linspace(-1, 1, n)
    if knots is None:
        return np.column_stack([time, time**2])
    places = np.arange(knots, n - knots // 2, knots) / (n - 1) * 2 - 1
    bends = np.clip(time[:, None] - places[None, :], 0, None) ** 3
    return np.column_stack([time, time**2, time**3, bends])


def _tried(design: Floats, every: Floats, y: Floats) -> tuple[Floats, Floats, int]:
    """Return height and t value of each column when it is added to the design."""
    basis, _ = np.linalg.qr(design)
    left = y - basis @ (basis.T @ y)
    new = every - basis @ (basis.T @ every)
    size = (new**2).sum(axis=0)
    along = new.T @ left
    is_new = size > 1e-8 * (every**2).sum(axis=0)
    safe = np.where(is_new, size, 1.0)
    n_free = len(y) - design.shape[1] - 1
    spread = np.maximum(((left**2).sum() - along**2 / safe) / n_free, 1.0)
    height = np.where(is_new, along / safe, 0.0)
    return height, height * np.sqrt(safe / spread), n_free


def count_steps(
    counts: pd.DataFrame, *, level: float = LEVEL, margin: float = COUNT_MARGIN
) -> list[Finding]:
    """
    Steps in the number of incidents per month.

    Parameters
    ----------
    counts : DataFrame
        In order of time: `month` (period), `n`.
    level, margin : float
        Bound on false alarms; smallest ratio of the same months before and after, or its inverse,
        that is reported.

    Returns
    -------
    list of Finding
        `n` of up to 12 months from the step, `numbers["before"]` of the same months a year before.

    Examples
    --------
    >>> months = pd.period_range("2013-01", periods=72, freq="M")
    >>> n = [40] * 36 + [80] * 36
    >>> [f.first for f in count_steps(pd.DataFrame({"month": months, "n": n}))]
    [datetime.date(2016, 1, 1)]
    """
    n = counts["n"].to_numpy(float)
    scaled = 2 * np.sqrt(n + 3 / 8)
    month = counts["month"].dt.month.to_numpy()
    found = []
    for step in steps(scaled, np.ones(len(n)), month, knots=COUNT_KNOTS, level=level):
        n_before, n_after = (int(n[part].sum()) for part in _same_months(step.position, len(n)))
        if max(n_after, 1) / max(n_before, 1) < margin and n_before / max(n_after, 1) < margin:
            continue
        at = counts["month"].iloc[step.position].start_time.date()
        numbers = {"before": float(n_before)}
        found.append(Finding("shift", "", n_after, n_after, at, at, step.p, numbers=numbers))
    return found


def _same_months(position: int, n: int) -> tuple[slice, slice]:
    """Return at most 12 months before and after a step that are the same calendar months."""
    if position < 12:
        return slice(0, position), slice(12, 12 + position)
    length = min(12, n - position)
    return slice(position - 12, position - 12 + length), slice(position, position + length)


def share_steps(
    counts: pd.DataFrame, column: str, *, level: float = LEVEL, margin: float = SHARE_MARGIN
) -> list[Finding]:
    """
    Steps in a share per month.

    Parameters
    ----------
    counts : DataFrame
        In order of time: `month` (period), `n` (with the property), `n_of`. Months without
        incidents are left out.
    column : str
        Field that the share is about.
    level, margin : float
        Bound on false alarms; smallest change of the share that is reported.

    Returns
    -------
    list of Finding
        `n` of `n_of` in the 12 months from the step; `numbers` has `before` and `after`, the
        shares of the 12 months on either side (up to another step or the end).
    """
    counts = counts[counts["n_of"] > 0]
    n, n_of = counts["n"].to_numpy(float), counts["n_of"].to_numpy(float)
    scaled = np.arcsin(np.sqrt((n + 3 / 8) / (n_of + 3 / 4)))
    month = counts["month"].dt.month.to_numpy()
    places = steps(scaled, 4 * n_of + 2, month, level=level)
    edges = sorted([0, *(step.position for step in places), len(n)])
    found = []
    for step in places:
        k = edges.index(step.position)
        before = slice(max(edges[k - 1], step.position - 12), step.position)
        after = slice(step.position, min(edges[k + 1], step.position + 12))
        shares = [float(n[part].sum() / n_of[part].sum()) for part in (before, after)]
        if abs(shares[1] - shares[0]) < margin:
            continue
        at = counts["month"].iloc[step.position].start_time.date()
        numbers = {"before": shares[0], "after": shares[1]}
        n_after, n_of_after = int(n[after].sum()), int(n_of[after].sum())
        found.append(Finding("shift", column, n_after, n_of_after, at, at, step.p, numbers=numbers))
    return found


def shift_series(
    incidents: pd.DataFrame, months: pd.PeriodIndex, *, day: str = "kennisname_dt"
) -> Mapping[str, pd.DataFrame]:
    """
    Month series in which a change of supplier, form or code list would show.

    Parameters
    ----------
    incidents : DataFrame
        Accepted incidents, columns as in the contract.
    months : PeriodIndex
        Months that the delivery covers.
    day : str
        Column that assigns an incident to a month.

    Returns
    -------
    mapping of str to DataFrame
        By field: `month`, `n` and `n_of`. Under `""` all incidents, under `poging_jn` the
        attempts among those known, under each other classification its unknown.
    """
    require_columns(incidents, [day], name="incidents")
    month = incidents[day].dt.to_period("M")

    def per_month(chosen: pd.Series) -> npt.NDArray[np.int64]:
        counts = month[chosen].value_counts().reindex(months, fill_value=0)
        return np.asarray(counts, dtype=np.int64)

    all_rows = per_month(pd.Series(True, incidents.index))
    series = {"": pd.DataFrame({"month": months, "n": all_rows, "n_of": all_rows})}
    for column in CLASSIFICATIONS:
        if column not in incidents or incidents[column].isna().all():
            continue
        base, chosen = applies(incidents, column), is_unknown(incidents, column)
        if column == "poging_jn":
            base, chosen = ~chosen, incidents[column].fillna(False).astype(bool)
        series[column] = pd.DataFrame(
            {"month": months, "n": per_month(base & chosen), "n_of": per_month(base)}
        )
    return series


def shift_findings(series: Mapping[str, pd.DataFrame], *, level: float = LEVEL) -> list[Finding]:
    """Steps in all series of `shift_series`; `level` bounds false alarms over all of them."""
    n_series = max(1, len(series))
    found = []
    for column, counts in series.items():
        found += (
            share_steps(counts, column, level=level / n_series)
            if column
            else count_steps(counts, level=level / n_series)
        )
    return [replace(item, p=(item.p or 0.0) * n_series) for item in found]


def local_shift_findings(
    incidents: pd.DataFrame,
    months: pd.PeriodIndex,
    *,
    known: Collection[str],
    level: float = LEVEL,
) -> list[Finding]:
    """
    Steps in the shares of single gemeenten, when there are several.

    Parameters
    ----------
    incidents : DataFrame
        As for `shift_series`, with `gemeente_code`.
    months : PeriodIndex
    known : collection of str
        Fields whose step was found in the whole already: each gemeente would repeat it.
    level : float
        Bound on false alarms over all gemeenten and fields together.
    """
    groups = {str(code): rows for code, rows in incidents.groupby("gemeente_code")}
    if len(groups) < 2:
        return []
    found = []
    for code, rows in groups.items():
        series = {
            column: counts
            for column, counts in shift_series(rows, months).items()
            if column and column not in known
        }
        local = shift_findings(series, level=level / len(groups))
        found += [
            replace(item, gemeente_code=code, p=(item.p or 0.0) * len(groups)) for item in local
        ]
    return found
