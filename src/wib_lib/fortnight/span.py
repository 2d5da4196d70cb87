"""Fourteen days that end on a peildatum, the fourteen before, and the same days of other years.

Any fourteen days hold every day of the week twice, so the same dates of another year can be
compared without shifting to the same weekday; ISO weeks serve as a label only.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from wib_lib.absent import Missing
from wib_lib.dutch import day
from wib_lib.periods import add_months

N_DAYS = 14


@dataclass(frozen=True, order=True)
class Fortnight:
    """
    The fourteen days that end on `last`, that day included.

    Examples
    --------
    >>> now = Fortnight(date(2018, 12, 16))
    >>> now.start, now.before.last, now.earlier(2).last
    (datetime.date(2018, 12, 3), datetime.date(2018, 12, 2), datetime.date(2016, 12, 16))
    >>> now.label
    '3 december 2018 tot en met 16 december 2018'
    """

    last: date

    @property
    def start(self) -> date:
        """First day."""
        return self.last - timedelta(days=N_DAYS - 1)

    @property
    def before(self) -> "Fortnight":
        """The fourteen days before."""
        return Fortnight(self.last - timedelta(days=N_DAYS))

    @property
    def after(self) -> "Fortnight":
        """The fourteen days to come."""
        return Fortnight(self.last + timedelta(days=N_DAYS))

    def earlier(self, years: int) -> "Fortnight":
        """
        Return the fourteen days that end on the same date `years` years before.

        The 29th of February becomes the 28th; the length is always fourteen days, so a leap day
        moves the first day by one.
        """
        return Fortnight(add_months(self.last, -12 * years))

    @property
    def label(self) -> str:
        """The days in words."""
        return f"{day(self.start)} tot en met {day(self.last)}"

    @property
    def weeks(self) -> str:
        """
        The ISO weeks that it touches: two when it ends on a Sunday, else three.

        Examples
        --------
        >>> Fortnight(date(2018, 12, 16)).weeks, Fortnight(date(2019, 1, 2)).weeks
        ('week 49 en 50 van 2018', 'week 51 van 2018 tot en met week 1 van 2019')
        """
        (year, first, _), (last_year, last, _) = (
            one.isocalendar() for one in (self.start, self.last)
        )
        if year != last_year:
            return f"week {first} van {year} tot en met week {last} van {last_year}"
        return f"week {first} {'en' if last == first + 1 else 'tot en met'} {last} van {year}"


@dataclass(frozen=True)
class Covered:
    """
    First and last day that the delivery covers; a fortnight outside them is missing, not quiet.

    Examples
    --------
    >>> covered = Covered(date(2013, 1, 1), date(2018, 12, 31))
    >>> covered.holds(Fortnight(date(2018, 12, 16))), covered.holds(Fortnight(date(2013, 1, 13)))
    (True, False)
    """

    first: date
    last: date

    def holds(self, days: Fortnight) -> bool:
        """Tell whether every day of a fortnight is covered."""
        return self.first <= days.start and days.last <= self.last

    def refusal(self, days: Fortnight) -> Missing | None:
        """Say why a fortnight cannot be given; None when it can."""
        if self.holds(days):
            return None
        return Missing(
            f"{days.label} is niet volledig geleverd: de levering loopt van {day(self.first)} tot "
            f"en met {day(self.last)}"
        )

    def same_days(self, days: Fortnight, *, years: int) -> list[Fortnight]:
        """Return the same days of the covered ones of the `years` years before, latest first."""
        order = [days.earlier(back) for back in range(1, years + 1)]
        return [one for one in order if self.holds(one)]
