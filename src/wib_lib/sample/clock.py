"""
Days and minutes as whole numbers, and their Dutch spelling.

The process counts minutes since 1970-01-01 in local time without summer time, as
in a police extract: an hour that is skipped or repeated in the night of a clock
change cannot be told from the text either.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from wib_lib.sample.places import Ints

MINUTES_PER_DAY = 24 * 60
EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday, Monday is 0


def day_number(day: date) -> int:
    """
    Days since 1970-01-01.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return day.toordinal() - date(1970, 1, 1).toordinal()


def weekday(days: Ints) -> Ints:
    """
    Day of the week, Monday 0.

    >>> weekday(np.array([day_number(date(2018, 1, 1))])).tolist()
    [0]
    """
    return (days + EPOCH_WEEKDAY) % 7


def month_bounds(year: int, month: int) -> tuple[int, int]:
    """
    First day of a month and of the next one, as day numbers.

    >>> begin, end = month_bounds(2016, 2)
    >>> end - begin
    29
    """
    following = date(year + month // 12, month % 12 + 1, 1)
    return day_number(date(year, month, 1)), day_number(following)


def years_of(days: Ints) -> Ints:
    """
    Calendar year of each day number.

    >>> years_of(np.array([0, 365])).tolist()
    [1970, 1971]
    """
    return days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970


def months_of(days: Ints) -> Ints:
    """
    Calendar month of each day number, January 1.

    >>> months_of(np.array([0, 31])).tolist()
    [1, 2]
    """
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 + 1


def date_texts(days: Ints) -> list[str]:
    """
    Spell days as dd-mm-yyyy.

    >>> date_texts(np.array([0]))
    ['01-01-1970']
    """
    iso = np.datetime_as_string(days.astype("datetime64[D]"))
    return [f"{text[8:]}-{text[5:7]}-{text[:4]}" for text in iso.tolist()]


def time_texts(minutes: Ints) -> list[str]:
    """
    Spell the time of day of minutes since the epoch as HH:MM.

    >>> time_texts(np.array([75]))
    ['01:15']
    """
    spelled = [f"{m // 60:02d}:{m % 60:02d}" for m in range(MINUTES_PER_DAY)]
    return [spelled[m] for m in (minutes % MINUTES_PER_DAY).tolist()]
