"""Which share of the burglaries happens in the dark, month by month.

Burglars and victims keep other hours in winter, and winter has more dark hours. Both stand side by
side here: the share of the burglaries in the dark, from intervals by aoristic weight, and the share
of all hours that is dark at the place.
"""

from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from wib_lib.errors import TableError
from wib_lib.hot_times import CLOCK, N_RESAMPLES, resampled, usable_times
from wib_lib.sun import CIVIL, sun_times

Array = np.ndarray[Any, np.dtype[Any]]


def dark_hours(
    incidents: pd.DataFrame,
    *,
    latitude: float,
    longitude: float,
    rng: np.random.Generator,
    altitude: float = CIVIL,
    n_resamples: int = N_RESAMPLES,
    level: float = 0.95,
    clock: str = CLOCK,
) -> pd.DataFrame:
    """
    Share of burglaries in the dark per calendar month, beside the share of the hours that is dark.

    Parameters
    ----------
    incidents : DataFrame
        As `usable_times` wants it; the month is that of the begin.
    latitude, longitude : float
        The place, in degrees.
    rng : Generator
    altitude : float
        Dark is when the sun stands below it: by default from the end of civil twilight to its
        begin the next morning.
    n_resamples, level, clock
        As in `hot_times`.

    Returns
    -------
    DataFrame
        `month` (1-12, and 0 for all months), `n`, `n_dark` (aoristic), `share_dark`, `low`, `high`,
        `share_of_time` (dark share of all hours of those months, from the first year to the last).

    Notes
    -----
    An interval counts as dark for the share of it that lies in the dark. More hours are dark in
    December than in June: compare with `share_of_time`, and read no effect of darkness in it.
    """
    times = usable_times(incidents, clock=clock)
    n = len(times.start)
    local = pd.to_datetime(times.start, unit="s", utc=True).tz_convert(clock)
    night = _nights(local, latitude, longitude, altitude)
    month = np.asarray(local.month, dtype=int)
    in_month = sparse.csr_array((np.ones(n), (np.arange(n), month)), shape=(n, 13))
    is_dark = _dark_share(times.start, times.stop, night)
    both = sparse.hstack([in_month, in_month.multiply(is_dark[:, None])]).tocsr()
    counts = np.vstack([both.sum(axis=0), resampled(both, n_resamples, rng)])
    n_all, n_dark = counts[:, :13], counts[:, 13:]
    n_all[:, 0], n_dark[:, 0] = n_all.sum(axis=1), n_dark.sum(axis=1)
    share = np.divide(n_dark, n_all, out=np.full_like(n_dark, np.nan), where=n_all > 0)
    bands = np.full((2, 13), np.nan)
    some, tail = n_all[0] > 0, (1 - level) / 2
    bands[:, some] = np.nanquantile(share[1:, some], [tail, 1 - tail], axis=0)
    return pd.DataFrame(
        {
            "month": np.arange(13),
            "n": n_all[0].astype(int),
            "n_dark": n_dark[0],
            "share_dark": share[0],
            "low": bands[0],
            "high": bands[1],
            "share_of_time": _share_of_time(local, night, clock),
        }
    )


def _nights(
    local: pd.DatetimeIndex, latitude: float, longitude: float, altitude: float
) -> tuple[Array, Array]:
    """Return moments at which it turns dark and light, and the seconds of darkness until each."""
    first, last = (local.min(), local.max()) if len(local) else (pd.Timestamp(0),) * 2
    days = pd.date_range(f"{first.year - 1}-12-30", f"{last.year + 1}-01-03")
    found = sun_times(days, latitude, longitude, altitude=altitude)
    if found.isna().any(axis=None):
        raise TableError(
            f"plaats: op {latitude} graden wordt het niet elke dag licht en donker; "
            "het aandeel in het donker is daar niet te bepalen"
        )
    moments = np.column_stack(
        [found[name].dt.as_unit("s").astype("int64") for name in ("up", "down")]
    ).ravel()
    lengths = np.diff(moments)
    lengths[::2] = 0  # from light to dark it is day
    return moments, np.concatenate([[0], np.cumsum(lengths)])


def _dark_share(start: Array, stop: Array, night: tuple[Array, Array]) -> Array:
    """Return the share of each interval in the dark, 0 or 1 for a moment."""
    moments, until = night
    dark = np.interp(stop, moments, until) - np.interp(start, moments, until)
    at_once = (np.searchsorted(moments, start, side="right") % 2 == 0).astype(float)
    share: Array = np.divide(dark, stop - start, out=at_once, where=stop > start)
    return share


def _share_of_time(local: pd.DatetimeIndex, night: tuple[Array, Array], clock: str) -> Array:
    """Return the dark share of all hours per calendar month, all months together first."""
    moments, until = night
    first, last = (local.year.min(), local.year.max()) if len(local) else (1970, 1970)
    months = pd.date_range(f"{first}-01-01", f"{last + 1}-01-01", freq="MS", tz=clock)
    edges = months.as_unit("s").asi8
    dark = np.diff(np.interp(edges, moments, until))
    number = np.asarray(months.month[:-1], dtype=int)
    n_dark = np.bincount(number, dark, minlength=13)
    n_all = np.bincount(number, np.diff(edges).astype(float), minlength=13)
    n_dark[0], n_all[0] = n_dark.sum(), n_all.sum()
    return n_dark / n_all
