"""The four key figures of a window: count, attempts, clearance, rate per 1,000 dwellings.

Every comparison is with the same months: the twelve before, the mean of the five years before,
and the same window for the region and the country. Clearance is compared at equal follow-up,
because recent cases are still being solved.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pandas as pd

from wib_lib.absent import Missing, Value, first_absent, is_known
from wib_lib.disclosure import percentage
from wib_lib.periods import Window
from wib_lib.rates import poisson_interval
from wib_lib.series import Series, earlier_totals, mean_of

SMALL = 20  # below this count, a percentage change says nothing and stays out of headlines


@dataclass(frozen=True)
class Dwellings:
    """Dwellings of one area, the year they are of, and who counted them."""

    n: Value
    year: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Rate:
    """Burglaries per 1,000 dwellings with its exact interval, or why there is none."""

    value: Value
    low: Value
    high: Value
    dwellings: Dwellings


@dataclass(frozen=True)
class Benchmark:
    """
    The same window for another region, counted by the same source as far as possible.

    `name` is how goals refer to it (`landelijk`, `regionaal`), `label` what a reader sees.
    """

    name: str
    label: str
    n: Value
    n_before: Value
    pct_change: Value
    rate: Value
    source: str


@dataclass(frozen=True)
class KeyFigures:
    """All figures of one area and window; percentages in per cents, `share` as a fraction."""

    window: Window
    n: Value
    n_before: Value
    pct_change: Value
    mean_before: Value
    pct_mean: Value
    earlier: tuple[tuple[Window, Value], ...]
    n_attempts: Value
    n_attempts_before: Value
    n_kind_known: Value
    share_attempts: Value
    share_attempts_before: Value
    n_cleared: Value
    n_cleared_before: Value
    pct_cleared: Value
    pct_cleared_before: Value
    rate: Rate
    rate_before: Rate
    benchmarks: Mapping[str, Benchmark] = field(default_factory=dict)


def key_figures(
    series: Series | Missing,
    window: Window,
    *,
    years: int,
    dwellings: Dwellings,
    dwellings_before: Dwellings,
    cleared: tuple[Value, Value],
    benchmarks: Sequence[Benchmark] = (),
    level: float = 0.95,
) -> KeyFigures:
    """
    Put the key figures of a window together.

    Parameters
    ----------
    series : Series or Missing
        The area's counts.
    window : Window
    years : int
        Earlier windows in the mean.
    dwellings, dwellings_before : Dwellings
        Denominators of the window and of the one before.
    cleared : (Value, Value)
        Burglaries cleared, in the window and the one before, at equal follow-up, as released.
    benchmarks : sequence of Benchmark
    level : float

    Returns
    -------
    KeyFigures
    """
    before = window.earlier(1)
    if isinstance(series, Missing):
        series = Series.absent(series)
    n, n_before = series.total(window), series.total(before)
    earlier = earlier_totals(series, window, years)
    mean = mean_of(earlier)
    attempts, share = _attempts(series, window, n)
    attempts_before, share_before = _attempts(series, before, n_before)
    n_cleared = _cleared(cleared[0], n)
    n_cleared_before = _cleared(cleared[1], n_before)
    return KeyFigures(
        window=window,
        n=n,
        n_before=n_before,
        pct_change=change(n_before, n),
        mean_before=mean,
        pct_mean=change(mean, n),
        earlier=tuple(earlier),
        n_attempts=attempts,
        n_attempts_before=attempts_before,
        n_kind_known=series.total(window, "n_kind_known"),
        share_attempts=share,
        share_attempts_before=share_before,
        n_cleared=n_cleared,
        n_cleared_before=n_cleared_before,
        pct_cleared=percentage(n_cleared, n),
        pct_cleared_before=percentage(n_cleared_before, n_before),
        rate=rate(n, dwellings, level=level),
        rate_before=rate(n_before, dwellings_before, level=level),
        benchmarks={benchmark.name: benchmark for benchmark in benchmarks},
    )


def change(before: Value, after: Value) -> Value:
    """
    Change in per cents.

    Examples
    --------
    >>> change(200, 150), change(0, 3)
    (-25.0, Missing(reason='uitgangspunt is 0'))
    """
    absent = first_absent(after, before)
    if absent is not None:
        return absent
    assert is_known(before) and is_known(after)
    return 100 * (after - before) / before if before else Missing("uitgangspunt is 0")


def rate(n: Value, dwellings: Dwellings, *, level: float = 0.95) -> Rate:
    """
    Rate per 1,000 dwellings with its exact interval.

    Examples
    --------
    >>> found = rate(10, Dwellings(2_000, 2018, "CBS"))
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (5.0, 2.4, 9.2)
    """
    absent = first_absent(n, dwellings.n)
    if absent is not None:
        return Rate(absent, absent, absent, dwellings)
    assert is_known(n) and is_known(dwellings.n)
    if dwellings.n <= 0:
        none = Missing("geen woningen")
        return Rate(none, none, none, dwellings)
    low, high = poisson_interval(int(n), level=level)
    per = 1_000 / dwellings.n
    return Rate(n * per, low * per, high * per, dwellings)


def n_cleared(incidents: pd.DataFrame, window: Window, *, day: str, follow_up_days: int) -> Value:
    """
    Count cleared burglaries of a window, as known `follow_up_days` after its last day.

    Parameters
    ----------
    incidents : DataFrame
        With `day`, `opgehelderd_jn` and `opgehelderd_dt`.
    window : Window
    day : str
        Column that assigns an incident to a period.
    follow_up_days : int
        Equal for all windows that are compared.

    Returns
    -------
    Value
        Missing when clearance was not delivered, or cleared cases lack their day.
    """
    if "opgehelderd_jn" not in incidents or incidents["opgehelderd_jn"].isna().all():
        return Missing("opheldering is niet geleverd")
    inside = incidents[day].between(pd.Timestamp(window.start), pd.Timestamp(window.last))
    if inside.any() and incidents.loc[inside, "opgehelderd_jn"].isna().all():
        return Missing("opheldering is niet geleverd")
    cleared = incidents[inside & incidents["opgehelderd_jn"].fillna(False)]
    if cleared["opgehelderd_dt"].isna().any():
        return Missing("bij opgehelderde zaken ontbreekt de datum van opheldering")
    latest = pd.Timestamp(window.last + timedelta(days=follow_up_days))
    return int((cleared["opgehelderd_dt"] <= latest).sum())


def _cleared(part: Value, whole: Value) -> Value:
    """Clearance of a window that was not delivered is missing, never 0."""
    absent = next((value for value in (part, whole) if isinstance(value, Missing)), None)
    return absent or part


def _attempts(series: Series, window: Window, n: Value) -> tuple[Value, Value]:
    if isinstance(n, Missing):
        return n, n
    attempts = series.total(window, "n_attempts")
    if isinstance(attempts, Missing):
        return Missing("pogingen zijn niet geleverd"), Missing("pogingen zijn niet geleverd")
    share = percentage(attempts, series.total(window, "n_kind_known"))
    return attempts, share / 100 if is_known(share) else share
