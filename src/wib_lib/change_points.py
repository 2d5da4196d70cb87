"""Change points: months from which a series ran at another level or with another slope.

Up to three breaks, at least twelve months apart, by optimal segmentation (ruptures, every month a
candidate: its default of every fifth returned 30 where 28 was right; Killick et al. 2012). Level
and slope may differ between the parts, the season is common. As many breaks as give the largest
`n log(RSS_0 / RSS_k) - PENALTY k log(n)`, with n cut to what months that resemble each other are
worth. On series without a break this finds one in at most some 5 % of cases, and it misses many in
small areas (docs/methods/trend.md). What it finds is a date to ask about, not a cause.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from wib_lib.errors import TableError
from wib_lib.params import Reeksbreuk
from wib_lib.periods import PANDEMIC
from wib_lib.season import season_waves
from wib_lib.tables import require_columns
from wib_lib.trend import autocorrelation, ratio_change

MOST, APART = 3, 12
# Terms that a break must pay for: level, slope and place are three; the fourth holds the share of
# false alarms below 5 % where months resemble each other (autocorrelation up to 0.3).
PENALTY = 4.0
NEAR = 3  # months between a break and an event that may be named with it

Event = tuple[date, str]


def known_events(breaks: Iterable[Reeksbreuk]) -> list[Event]:
    """
    Return what is known to have changed the registration or the world, in order of time.

    Dark seasons are not among them: they come every year and are in the season.
    """
    first, after = PANDEMIC
    events = [(item.datum, item.tekst) for item in breaks if item.reeks == "politie"]
    events += [(first, "begin van de coronajaren"), (after, "einde van de coronajaren")]
    return sorted(events)


def change_points(
    months: pd.DataFrame, *, events: Sequence[Event] = (), level: float = 0.95
) -> pd.DataFrame:
    """
    Find where a monthly series broke.

    Parameters
    ----------
    months : DataFrame
        `start`, `end`, `n_burglaries` and optionally `n_dwellings`; consecutive months in order,
        at least 24.
    events : sequence of (date, str)
        See `known_events`; the nearest within three months is named.
    level : float

    Returns
    -------
    DataFrame
        One row per break, in order: `start` (first month of the new course), `n_before` and
        `n_after` (the twelve months on either side), `change` (their `ratio_change`: Change, or
        Missing for small counts; the running trend is in it), `event` ("" when none is known).
        No rows when no break stands out; `attrs["candidate"]` is the best single month then too.

    Raises
    ------
    TableError
        With fewer than 24 months, months that do not follow each other, a missing count, or no
        burglaries at all.
    """
    require_columns(months, ["start", "end", "n_burglaries"], name="months")
    _check(months)
    found, candidate = _places(months)
    fit = _fit(months, found)
    r = max(0.0, autocorrelation(fit.resid_pearson, int(fit.df_resid)))
    phi = max(1.0, fit.pearson_chi2 / fit.df_resid) * (1 + r) / (1 - r)
    counts = months["n_burglaries"].astype(int).to_numpy()
    rows = []
    for place in found:
        around = [
            int(counts[place - APART : place].sum()),
            int(counts[place : place + APART].sum()),
        ]
        start = months["start"].iloc[place]
        change = ratio_change(around[0], around[1], phi=phi, level=level)
        rows.append([start, *around, change, _nearest(start, events)])
    result = pd.DataFrame(rows, columns=["start", "n_before", "n_after", "change", "event"])
    result["start"] = pd.to_datetime(result["start"])
    result.attrs["candidate"] = months["start"].iloc[candidate]
    return result


def _check(months: pd.DataFrame) -> None:
    step = months["start"].dt.year * 12 + months["start"].dt.month
    complete = step.diff().dropna().eq(1).all() and months["n_burglaries"].notna().all()
    if len(months) < 2 * APART or not complete:
        raise TableError(
            f"months: at least {2 * APART} complete months that follow each other needed, "
            f"found {int(months['n_burglaries'].notna().sum())} of {len(months)}"
        )
    if not months["n_burglaries"].any():
        raise TableError("months: no burglaries at all, so no change points")


def _places(months: pd.DataFrame) -> tuple[list[int], int]:
    """Return the positions of the breaks by the criterion above, and the best single one."""
    import ruptures

    n = len(months)
    smooth = _fit(months, [])
    weight = np.sqrt(smooth.mu)
    # The working response of the log-linear model, freed of its season.
    response = np.log(smooth.mu) - _offset(months) + (smooth.model.endog - smooth.mu) / smooth.mu
    response -= season_waves(months["start"]) @ smooth.params[2:]
    lines = np.column_stack([response, np.ones(n), np.arange(n) / 12]) * weight[:, None]
    search = ruptures.Dynp(model="linear", min_size=APART, jump=1).fit(lines)
    most = min(MOST, n // APART - 1)
    ends = [[n], *(search.predict(n_bkps=k) for k in range(1, most + 1))]
    rss = [search.cost.sum_of_costs(found) for found in ends]
    # Each number of breaks is judged at the autocorrelation that its own fit leaves: what looks
    # like resemblance between months may be a break that a poorer fit has not taken out.
    gains = [0.0]
    for k in range(1, most + 1):
        fit = _fit(months, ends[k][:-1])
        r = max(0.0, autocorrelation(fit.resid_pearson, int(fit.df_resid)))
        worth = n * (1 - r) / (1 + r)
        gains.append(worth * np.log(rss[0] / rss[k]) - PENALTY * k * np.log(n))
    return [int(end) for end in ends[int(np.argmax(gains))][:-1]], int(ends[1][0])


def _fit(months: pd.DataFrame, places: Sequence[int]):  # type: ignore[no-untyped-def]
    """Fit a level and a slope per part, and one season."""
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    n = len(months)
    step = np.arange(n)
    parts = [(step >= low) & (step < high) for low, high in pairwise([0, *places, n])]
    lines = [column for part in parts for column in (part * 1.0, part * step / 12)]
    design = np.column_stack([*lines, season_waves(months["start"])])
    counts = months["n_burglaries"].astype(float).to_numpy()
    return GLM(counts, design, family=Poisson(), offset=_offset(months)).fit(tol=1e-10)


def _offset(months: pd.DataFrame) -> np.ndarray:
    days = (months["end"] - months["start"]).dt.days.to_numpy(float)
    dwellings = months.get("n_dwellings", pd.Series(1.0, months.index)).to_numpy(float)
    offset: np.ndarray = np.log(days * dwellings)
    return offset


def _nearest(start: pd.Timestamp, events: Sequence[Event]) -> str:
    def months_away(event: Event) -> int:
        return abs((event[0].year - start.year) * 12 + event[0].month - start.month)

    nearest = min(events, key=months_away, default=None)
    return nearest[1] if nearest and months_away(nearest) <= NEAR else ""
