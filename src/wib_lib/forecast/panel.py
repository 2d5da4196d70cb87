"""Counts per place and period: the one table that a forecast and its back-test read.

Periods are equally spaced and complete: fortnights counted back from a peildatum, or months. A
period that the delivery covers in part is left out, because half a fortnight is not a quiet one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from wib_lib.absent import Missing
from wib_lib.count_scores import Floats
from wib_lib.dutch import day as day_label
from wib_lib.periods import add_months
from wib_lib.series import covered_months
from wib_lib.tables import require_columns

FORTNIGHT = 14


@dataclass(frozen=True)
class Panel:
    """
    Counts of places (rows) in consecutive periods (columns), oldest first.

    Parameters
    ----------
    codes : tuple of str
    counts : array of float
        Places x periods.
    starts : tuple of date
        First day of each period, and of the one to be expected: one more than there are columns.
    end : date
        Day after the period to be expected.
    dwellings : array of float
        Size of each place; 1 where dwellings are not known.
    per_year : int
        26 fortnights or 12 months.
    is_complete : bool
        The places are all there are. False when they are known only because something happened
        there, as with streets in an incident table: then others will turn up.
    unplaced : array of float
        Per period, incidents in none of the places.
    """

    codes: tuple[str, ...]
    counts: Floats
    starts: tuple[date, ...]
    end: date
    dwellings: Floats
    per_year: int
    is_complete: bool
    unplaced: Floats

    @property
    def n_periods(self) -> int:
        """Number of complete periods."""
        return len(self.starts) - 1

    @property
    def has_dwellings(self) -> bool:
        """Tell whether places are weighed by their dwellings."""
        return bool((self.dwellings != 1).any())

    @property
    def days(self) -> Floats:
        """Length of each period and of the one to be expected, in days."""
        edges = [*self.starts, self.end]
        return np.diff([day.toordinal() for day in edges]).astype(float)


def fortnights(
    incidents: pd.DataFrame,
    parts: pd.DataFrame | None,
    *,
    column: str,
    peildatum: date,
    first: date,
    last: date,
) -> Panel | Missing:
    """
    Count incidents per place and fortnight, the last of which ends on the peildatum.

    Parameters
    ----------
    incidents : DataFrame
        With `day` and `column`, the code of the place.
    parts : DataFrame or None
        All places: `code`, and `n_dwellings` where known. None when there is no list, as for
        streets: the places are then those of the incidents.
    column : str
    peildatum : date
        Last day that counts; what became known later is left out.
    first, last : date
        First and last day that the delivery covers.

    Returns
    -------
    Panel or Missing
        Missing when the delivery does not reach the peildatum.

    Raises
    ------
    TableError
        When a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"day": pd.to_datetime(["2018-01-01", "2018-01-28"]), "b": ["x", "x"]})
    >>> january = {"first": date(2018, 1, 1), "last": date(2018, 1, 31)}
    >>> fortnights(rows, None, column="b", peildatum=date(2018, 1, 28), **january).counts
    array([[1., 1.]])
    """
    require_columns(incidents, ["day", column], name="incidents")
    if peildatum > last:
        return Missing(
            f"de levering loopt tot en met {day_label(last)}, niet tot {day_label(peildatum)}"
        )
    n_periods = max(0, ((peildatum - first).days + 1) // FORTNIGHT)
    start = peildatum + timedelta(days=1 - FORTNIGHT * n_periods)
    starts = [start + timedelta(days=FORTNIGHT * step) for step in range(n_periods + 1)]
    day = incidents["day"].dt.normalize()
    inside = day.between(pd.Timestamp(start), pd.Timestamp(peildatum))
    period = (day[inside] - pd.Timestamp(start)).dt.days // FORTNIGHT
    places = incidents.loc[inside, column]
    listed = _listed(places) if parts is None else parts
    rows = pd.Index(listed["code"]).get_indexer(pd.Index(places))
    every = np.bincount(period, minlength=n_periods).astype(float)
    counts = np.zeros((len(listed), n_periods))
    np.add.at(counts, (rows[rows >= 0], period.to_numpy()[rows >= 0]), 1)
    return Panel(
        codes=tuple(listed["code"]),
        counts=counts,
        starts=tuple(starts),
        end=starts[-1] + timedelta(days=FORTNIGHT),
        dwellings=_sizes(listed),
        per_year=26,
        is_complete=parts is not None,
        unplaced=every - counts.sum(axis=0),
    )


def months(counts: pd.DataFrame, codes: Sequence[str]) -> Panel | Missing:
    """
    Arrange published monthly counts of regions, over the latest months that all of them have.

    Parameters
    ----------
    counts : DataFrame
        `region_code`, `start`, `end` (day after), `n_burglaries`; one month per row.
    codes : sequence of str
        Regions wanted.

    Returns
    -------
    Panel or Missing
        Missing when a region has no months: years alone say nothing of the next month.
    """
    require_columns(counts, ["region_code", "start", "end", "n_burglaries"], name="counts")
    wanted = counts[counts["region_code"].isin(list(codes)) & counts["n_burglaries"].notna()]
    length = (wanted["end"] - wanted["start"]).dt.days
    wide = wanted[length <= 31].pivot(index="region_code", columns="start", values="n_burglaries")
    wide = wide.reindex(list(codes)).sort_index(axis=1).dropna(axis=1)
    if wide.shape[1] == 0:
        return Missing(
            "een verwachting per maand vraagt maandcijfers van elk gebied; die zijn niet geleverd"
        )
    first, last = (pd.Timestamp(wide.columns[at]).date() for at in (0, -1))
    every = covered_months(first, add_months(last, 1) - timedelta(days=1))
    unbroken = wide.reindex(columns=every.to_timestamp())
    gaps = np.flatnonzero(unbroken.isna().any().to_numpy())
    kept = unbroken.iloc[:, gaps[-1] + 1 if len(gaps) else 0 :]
    starts = [pd.Timestamp(start).date() for start in kept.columns]
    return Panel(
        codes=tuple(codes),
        counts=kept.to_numpy(dtype=float),
        starts=(*starts, add_months(last, 1)),
        end=add_months(last, 2),
        dwellings=np.ones(len(codes)),
        per_year=12,
        is_complete=True,
        unplaced=np.zeros(kept.shape[1]),
    )


def _listed(places: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"code": sorted(places.dropna().unique())})


def _sizes(parts: pd.DataFrame) -> Floats:
    """Dwellings per place, at least 1; a place of which they are not known is as the middle one."""
    if "n_dwellings" not in parts or parts["n_dwellings"].isna().all():
        return np.ones(len(parts))
    known = parts["n_dwellings"].astype("Float64")
    return np.asarray(known.fillna(known.median()).clip(lower=1), dtype=float)
