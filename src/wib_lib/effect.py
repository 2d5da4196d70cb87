"""Change in the area against the change in comparison areas.

The ratio (area after / area before) / (reference after / reference before) removes what
happened everywhere: the national level falls by more than 10 % a year. It is an association.
The interval is Poisson, widened by the spread that the comparison areas showed among themselves
in earlier years: without that, 14 to 28 % of areas where nothing was done come out as "changed"
at a nominal 5 %. That spread has two forms, in proportion to chance (phi) and on top of it
(tau squared, which weighs more for large areas); the wider interval is given. What a year of data
can show at all is stated first.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from wib_lib.absent import Missing, Value, first_absent, is_known

POWER, ALPHA = 0.80, 0.05
NOTHING = 100.0  # the smallest detectable reduction when none can be detected


@dataclass(frozen=True)
class RelativeChange:
    """Ratio of ratios with interval; `phi` is the over-dispersion used, at least 1."""

    ratio: float
    low: float
    high: float
    phi: float


def relative_change(
    before: int,
    after: int,
    ref_before: int,
    ref_after: int,
    *,
    phi: float = 1.0,
    level: float = 0.95,
) -> RelativeChange:
    """
    Change of an area relative to a reference (2 x 2 Poisson difference in differences).

    Parameters
    ----------
    before, after, ref_before, ref_after : int
        Counts over the same months, above 0.
    phi : float
        Over-dispersion that widens the interval; values below 1 count as 1.
    level : float

    Raises
    ------
    ValueError
        When a count is 0: the ratio or its error does not exist.

    Notes
    -----
    log ratio has variance phi times the sum of the four reciprocal counts.

    Examples
    --------
    >>> change = relative_change(120, 100, 130, 150)
    >>> round(change.ratio, 4), round(change.low, 4), round(change.high, 4)
    (0.7222, 0.5067, 1.0294)
    """  # fmt: skip
    counts = (before, after, ref_before, ref_after)
    if min(counts) <= 0:
        raise ValueError(f"counts must be above 0, found {counts}")
    phi = max(1.0, phi)
    log_ratio = math.log(after / before) - math.log(ref_after / ref_before)
    spread = ndtri((1 + level) / 2) * math.sqrt(phi * sum(1 / count for count in counts))
    return RelativeChange(
        math.exp(log_ratio), math.exp(log_ratio - spread), math.exp(log_ratio + spread), phi
    )


def judge(change: RelativeChange) -> str:
    """
    Name the side of the comparison that the interval lies on, in Dutch.

    Examples
    --------
    >>> judge(RelativeChange(0.7, 0.6, 0.9, 1.0))
    'gunstiger dan de vergelijking'
    """
    if change.high < 1:
        return "gunstiger dan de vergelijking"
    if change.low > 1:
        return "ongunstiger dan de vergelijking"
    return "niet te onderscheiden van de vergelijking"


def dispersion(panel: Sequence[Sequence[int]]) -> float:
    """
    Spread of year-on-year changes between areas where nothing special was done.

    For each pair of consecutive years, Pearson's statistic of homogeneity of the areas x two
    years table over its degrees of freedom is 1 when areas differ by Poisson chance only; the
    mean over the pairs estimates phi (McCullagh & Nelder 1989, 4.5).

    Parameters
    ----------
    panel : sequence of sequence of int
        Counts, one row per area, one column per year; at least two of each.

    Returns
    -------
    float
        Not cut at 1. Areas without burglaries in both years do not count.

    Raises
    ------
    ValueError
        With fewer than two areas or years, or without burglaries to compare.

    Examples
    --------
    >>> dispersion([[100, 50], [200, 100], [60, 30]])
    0.0
    """
    counts = np.asarray(panel, dtype=float)
    if counts.ndim != 2 or min(counts.shape) < 2:
        raise ValueError(f"at least two areas and two years needed, found shape {counts.shape}")
    statistics = []
    for year in range(counts.shape[1] - 1):
        pair = counts[:, year : year + 2]
        pair = pair[pair.sum(axis=1) > 0]
        if len(pair) < 2 or not pair.sum(axis=0).all():
            continue
        expected = np.outer(pair.sum(axis=1), pair.sum(axis=0)) / pair.sum()
        statistics.append(float(((pair - expected) ** 2 / expected).sum() / (len(pair) - 1)))
    if not statistics:
        raise ValueError("no two consecutive years with burglaries in at least two areas")
    return float(np.mean(statistics))


def between_variance(panel: Sequence[Sequence[int]]) -> float:
    """
    Variance of the areas' true log changes around their common change, beyond Poisson chance.

    DerSimonian & Laird (1986) on the log ratios of each pair of consecutive years, with variance
    1/n + 1/m each; the mean over the pairs, cut at 0. Areas with a 0 in a pair are left out of it.

    Parameters
    ----------
    panel : sequence of sequence of int
        Counts, one row per area, one column per year.

    Returns
    -------
    float
        Tau squared; 0 when no pair has two areas to compare.

    Examples
    --------
    >>> between_variance([[100, 50], [200, 100], [60, 30]])
    0.0
    """
    counts = np.asarray(panel, dtype=float)
    found = []
    for year in range(counts.shape[1] - 1):
        pair = counts[:, year : year + 2]
        pair = pair[(pair > 0).all(axis=1)]
        if len(pair) < 2:
            continue
        change, weight = np.log(pair[:, 1] / pair[:, 0]), 1 / (1 / pair).sum(axis=1)
        excess = (weight * (change - np.average(change, weights=weight)) ** 2).sum()
        room = weight.sum() - (weight**2).sum() / weight.sum()
        found.append((excess - (len(pair) - 1)) / room)
    return max(0.0, float(np.mean(found))) if found else 0.0


def smallest_detectable_reduction(
    before: int, ref_before: int, ref_after: int, *, phi: float = 1.0, alpha: float = ALPHA
) -> float:
    """
    Reduction, in per cents, that this comparison finds in four of five cases.

    Power 80 %, one-sided `alpha`: the ratio r at which |log r| equals (1.645 + 0.842 at 5 %)
    standard errors, where the expected count after is `before` x r x (reference change).

    Parameters
    ----------
    before, ref_before, ref_after : int
        Counts, above 0.
    phi : float
    alpha : float
        One-sided; half of what is outside a two-sided interval.

    Returns
    -------
    float
        Between 0 and 100; `NOTHING` (100) when no reduction can be found.

    Examples
    --------
    >>> [round(smallest_detectable_reduction(n, 10 * n, 10 * n)) for n in (50, 100, 200, 500)]
    [46, 34, 24, 16]
    """
    phi = max(1.0, phi)
    reach = float(ndtri(POWER) + ndtri(1 - alpha))
    drift = ref_after / ref_before

    def lacking(ratio: float) -> float:
        after = before * drift * ratio
        variance = phi * (1 / before + 1 / after + 1 / ref_before + 1 / ref_after)
        return math.log(ratio) + reach * math.sqrt(variance)

    # `lacking` falls below 0 only where the reduction is large enough; the smallest such
    # reduction is the largest ratio at which it crosses 0.
    grid = np.linspace(1, 1e-3, 2_000)
    found = next((ratio for ratio in grid if lacking(float(ratio)) <= 0), None)
    if found is None:
        return NOTHING
    from scipy.optimize import brentq

    high = min(1.0, float(found + grid[0] - grid[1]))
    root = float(brentq(lacking, found, high)) if lacking(high) > 0 else float(found)
    return 100 * (1 - root)


@dataclass(frozen=True)
class Effect:
    """
    The comparison of one area, as far as it can be made.

    `detectable` is the smallest reduction, in per cents, that it would find; it comes first,
    because a comparison that can find nothing says nothing by finding nothing.
    """

    change: RelativeChange | Missing
    detectable: Value
    oordeel: str
    n_reference: int


def compare(
    own: tuple[Value, Value],
    reference: tuple[Value, Value],
    panel: Sequence[Sequence[int]] | Missing,
    *,
    level: float = 0.95,
) -> Effect:
    """
    Compare an area's change with that of the reference, at the spread of earlier years.

    Parameters
    ----------
    own, reference : (Value, Value)
        Counts before and after.
    panel : sequence of sequence of int, or Missing
        Earlier counts of the reference areas, for `dispersion`. Without it no interval is given:
        a plain Poisson interval would be too narrow.
    level : float

    Returns
    -------
    Effect
    """
    numbers = [int(value) for value in (*own, *reference) if is_known(value)]
    n_reference = 0 if isinstance(panel, Missing) else len(panel)
    if len(numbers) < 4 or isinstance(panel, Missing) or min(numbers) == 0:
        absent = first_absent(*own, *reference)
        if absent is None:
            absent = panel if isinstance(panel, Missing) else Missing("een van de aantallen is 0")
        reason = absent if isinstance(absent, Missing) else Missing("een aantal is onderdrukt")
        return Effect(reason, reason, "niet vast te stellen", n_reference)
    before, after, ref_before, ref_after = numbers
    try:
        phi = dispersion(panel)
    except ValueError:
        reason = Missing("de spreiding tussen de vergelijkingsgemeenten is niet te bepalen")
        return Effect(reason, reason, "niet vast te stellen", n_reference)
    chance = sum(1 / count for count in numbers)
    phi = max(phi, 1 + between_variance(panel) / chance)
    found = relative_change(before, after, ref_before, ref_after, phi=phi, level=level)
    detectable = smallest_detectable_reduction(
        before, ref_before, ref_after, phi=phi, alpha=(1 - level) / 2
    )
    return Effect(found, detectable, judge(found), n_reference)
