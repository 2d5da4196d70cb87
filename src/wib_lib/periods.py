"""Windows of whole months, and the same months in other years.

Burglary has a strong season: December and January hold 22-23 % of a year. A comparison is
therefore only made between windows that cover the same months, and a sum over a window is
only given when the series covers every day of it.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class Span(Protocol):
    """Whole days from `start` to `last`, both included: a window, or two weeks."""

    @property
    def start(self) -> date: ...  # noqa: D102

    @property
    def last(self) -> date: ...  # noqa: D102


# From the first lockdown to the end of 2021 people were at home: burglary fell and came back.
# Such periods are a term of their own in a trend, and never a baseline.
PANDEMIC = (date(2020, 3, 1), date(2022, 1, 1))


@dataclass(frozen=True, order=True)
class Window:
    """
    Whole months from the first day `start`.

    Parameters
    ----------
    start : date
        First day of a month.
    n_months : int
        Length, from 1.

    Raises
    ------
    ValueError
        When `start` is not the first of a month or `n_months` is below 1.

    Examples
    --------
    >>> window = Window(date(2018, 1, 1), 12)
    >>> window.last
    datetime.date(2018, 12, 31)
    >>> window.earlier(1).start
    datetime.date(2017, 1, 1)
    >>> window.n_days
    365
    """

    start: date
    n_months: int = 12

    def __post_init__(self) -> None:
        if self.start.day != 1:
            raise ValueError(f"start must be the first of a month, found {self.start}")
        if self.n_months < 1:
            raise ValueError(f"n_months must be at least 1, found {self.n_months}")

    @property
    def end(self) -> date:
        """First day after the window."""
        return add_months(self.start, self.n_months)

    @property
    def last(self) -> date:
        """Last day of the window."""
        return self.end - timedelta(days=1)

    @property
    def n_days(self) -> int:
        """Length in days."""
        return (self.end - self.start).days

    def earlier(self, years: int) -> "Window":
        """Return the same months, `years` years before."""
        return Window(add_months(self.start, -12 * years), self.n_months)

    def is_pandemic(self) -> bool:
        """
        Tell whether more than half of the window lies in the years of the pandemic.

        Examples
        --------
        >>> [Window(date(year, 1, 1)).is_pandemic() for year in (2019, 2020, 2021, 2022)]
        [False, True, True, False]
        """
        first, after = max(self.start, PANDEMIC[0]), min(self.end, PANDEMIC[1])
        return 2 * (after - first).days > self.n_days

    def is_calendar_year(self) -> bool:
        """Tell whether the window is one calendar year."""
        return self.start.month == 1 and self.n_months == 12


def add_months(day: date, n_months: int) -> date:
    """
    Move `day` by whole months; the day of the month is cut to the month's length.

    Examples
    --------
    >>> add_months(date(2018, 1, 31), 1)
    datetime.date(2018, 2, 28)
    >>> add_months(date(2018, 1, 1), -12)
    datetime.date(2017, 1, 1)
    """
    years, month = divmod(day.month - 1 + n_months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_period(text: str) -> Window:
    """
    Read a goal period: a year (`2018`) or a month range (`2018-01/2018-12`).

    Raises
    ------
    ValueError
        When the text is neither, or the range runs backwards.

    Examples
    --------
    >>> parse_period("2018") == Window(date(2018, 1, 1), 12)
    True
    >>> parse_period("2017-10/2018-03").n_months
    6
    """
    parts = str(text).split("/")
    if len(parts) == 1:
        return Window(date(int(parts[0]), 1, 1), 12)
    first, last = (date.fromisoformat(f"{part}-01") for part in parts)
    return Window(first, (last.year - first.year) * 12 + last.month - first.month + 1)


def is_period(text: str) -> bool:
    """
    Tell whether `parse_period` can read a text.

    Examples
    --------
    >>> is_period("2018-01/2018-06"), is_period("eind 2018")
    (True, False)
    """
    try:
        parse_period(text)
    except ValueError:
        return False
    return True


WEEKS = re.compile(
    r"(?:(?P<iso>\d{4})-)?(?:w|wk|week|weken)?\.?\s*(?P<first>\d{1,2})"
    r"(?:\s*(?:-|t/m|tot|en)\s*(?:wk|week)?\.?\s*(?P<last>\d{1,2}))?(?:[\s/,-]+(?P<year>\d{4}))?"
    r"(?:\s+(?:en verder|e\.?v\.?))?"
)


def week_days(text: str, year: int | None = None) -> tuple[date, date] | None:
    """
    Read an ISO week or a range of weeks as its first Monday and last Sunday.

    Parameters
    ----------
    text : str
        `wk 3`, `week 3 2018`, `2018-W03`, `3-4`, `wk 8 en verder`.
    year : int, optional
        Year of a week that names none; without it such a week cannot be read.

    Returns
    -------
    tuple of date or None
        None when the text is no week, or its year is not known.

    Examples
    --------
    >>> week_days("wk 3-4", 2018)
    (datetime.date(2018, 1, 15), datetime.date(2018, 1, 28))
    >>> week_days("2018-W01"), week_days("wk 3")
    ((datetime.date(2018, 1, 1), datetime.date(2018, 1, 7)), None)
    """
    match = WEEKS.fullmatch(text.strip().lower())
    if match is None:
        return None
    known = match["iso"] or match["year"] or year
    if known is None:
        return None
    first, last = int(match["first"]), int(match["last"] or match["first"])
    over = 1 if last < first else 0
    try:
        return (
            date.fromisocalendar(int(known), first, 1),
            date.fromisocalendar(int(known) + over, last, 7),
        )
    except ValueError:
        return None
