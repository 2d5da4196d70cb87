"""When it is light at a place: sunrise, sunset and civil twilight.

Dark is the time in which the sun stands more than 6 degrees below the horizon: after the end of
civil twilight in the evening and before its begin in the morning, when lamps are needed outside.
Times follow from the sun's mean longitude, anomaly and equation of time to second order, as in the
solar calculator of NOAA (after Meeus, Astronomical Algorithms, 1998, ch. 25 and 28), good to about
a minute between the polar circles.
"""

from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray[Any, np.dtype[Any]]
SUNRISE, CIVIL = -0.833, -6.0  # altitude of the sun's centre, degrees
DAY = 86_400
J2000 = 946_728_000  # 1 January 2000, 12:00 UTC, in seconds since 1970


def sun_times(
    days: pd.DatetimeIndex, latitude: float, longitude: float, *, altitude: float = CIVIL
) -> pd.DataFrame:
    """
    Moments at which the sun passes an altitude, on its way up and down.

    Parameters
    ----------
    days : DatetimeIndex
        Calendar days, without a time zone.
    latitude, longitude : float
        Degrees, north and east positive.
    altitude : float
        Degrees; `CIVIL` gives the begin and end of civil twilight, `SUNRISE` the sun's upper edge
        on the horizon with mean refraction.

    Returns
    -------
    DataFrame
        `up` and `down`, in UTC; missing on a day on which the sun does not pass the altitude.

    Examples
    --------
    >>> june = sun_times(pd.DatetimeIndex(["2018-06-21"]), 52.1, 5.18, altitude=SUNRISE)
    >>> june["up"].dt.tz_convert("Europe/Amsterdam").dt.strftime("%H:%M").item()
    '05:18'
    """
    midnight = days.as_unit("s").asi8.astype(float)
    noon = midnight + DAY / 2 - longitude * DAY / 360
    found = {}
    for name, side in (("up", -1), ("down", 1)):
        moment = noon
        for _ in range(3):  # each round takes the sun's place at the moment of the round before
            declination, lead = _sun(moment)
            moment = noon - lead + side * _half_day(declination, latitude, altitude)
        found[name] = pd.to_datetime(np.rint(moment), unit="s", utc=True)
    return pd.DataFrame(found, index=days)


def _sun(moment: Array) -> tuple[Array, Array]:
    """Return the sun's declination in radians, and how far it is ahead of the clock in seconds."""
    t = (moment - J2000) / (36_525 * DAY)
    longitude = np.radians(280.46646 + 36_000.76983 * t)
    anomaly = np.radians(357.52911 + 35_999.05029 * t)
    oval = 0.016708634 - 0.000042037 * t
    centre = 1.914602 * np.sin(anomaly) + 0.019993 * np.sin(2 * anomaly)
    slope = np.radians(23.439291 - 0.0130042 * t)
    y = np.tan(slope / 2) ** 2
    equation = (
        y * np.sin(2 * longitude)
        - 2 * oval * np.sin(anomaly)
        + 4 * oval * y * np.sin(anomaly) * np.cos(2 * longitude)
        - y**2 / 2 * np.sin(4 * longitude)
        - 1.25 * oval**2 * np.sin(2 * anomaly)
    )
    seen = longitude + np.radians(centre - 0.00569)
    return np.arcsin(np.sin(slope) * np.sin(seen)), equation * DAY / (2 * np.pi)


def _half_day(declination: Array, latitude: float, altitude: float) -> Array:
    """Return the seconds from the sun's highest point to the altitude; NaN when it never passes."""
    place = np.radians(latitude)
    cosine = (np.sin(np.radians(altitude)) - np.sin(place) * np.sin(declination)) / (
        np.cos(place) * np.cos(declination)
    )
    half = np.arccos(np.where(np.abs(cosine) <= 1, cosine, np.nan))
    return half * DAY / (2 * np.pi)


def degrees(rd_x: float, rd_y: float) -> tuple[float, float]:
    """
    Return the latitude and longitude of a point in metres of the Dutch grid (EPSG:28992).

    Examples
    --------
    >>> [round(value, 3) for value in degrees(155_000, 463_000)]  # Amersfoort, the grid's origin
    [52.155, 5.387]
    """
    from geopandas import points_from_xy

    point = points_from_xy([rd_x], [rd_y], crs="EPSG:28992").to_crs("EPSG:4326")
    return float(point.y[0]), float(point.x[0])
