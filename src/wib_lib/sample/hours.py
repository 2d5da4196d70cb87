"""
When an offence can have happened, and when the police heard of it.

Most victims were away: they know when they left and when they came back, from some
minutes to two weeks. The true moment lies in that interval. The kinds of absence
give about 13 % of offences between 22 and 6 o'clock and most in the afternoon and
evening, as police analysts reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wib_lib.sample.clock import MINUTES_PER_DAY
from wib_lib.sample.places import Ints

HOUR = 60
# kind: share, hours of leaving (mean, sd), hours away (mean, sd)
ABSENCE = {
    "even weg": (0.27, (15.5, 3.2), (1.6, 0.9)),
    "werkdag": (0.31, (8.4, 1.0), (9.3, 1.4)),
    "avond uit": (0.22, (18.9, 1.0), (3.9, 1.1)),
    "nacht": (0.09, (23.2, 0.9), (8.0, 0.9)),
}  # what is left are holidays
LONGEST_DAYS = 13.0  # a day may still be added by 23:59
NO_BEGIN = 0.03
MIDNIGHT_DEFAULT = 0.015
END_OF_DAY_DEFAULT = 0.005
DELAYS = {0: 0.78, 1: 0.13, 2: 0.04}  # days from discovery to police; the rest is longer


@dataclass(frozen=True)
class Times:
    """Offence interval in minutes since the epoch, and the day it became known."""

    begin: Ints
    end: Ints
    known: Ints  # day number
    has_begin: np.ndarray


def draw_times(rng: np.random.Generator, moment: Ints) -> Times:
    """
    Draw the interval of each offence and the day on which it was reported.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    moment : array of int
        Minutes since the epoch. For short absences only the day is kept: the time
        of day follows from the kind of absence.

    Returns
    -------
    Times
        With begin before or at end, and known on or after the day of the end.
    """
    n = len(moment)
    kind = rng.choice(len(ABSENCE) + 1, size=n, p=_shares())
    day = moment // MINUTES_PER_DAY * MINUTES_PER_DAY
    leave = np.zeros(n)
    away = np.zeros(n)
    for k, (_, left, gone) in enumerate(ABSENCE.values()):
        mine = kind == k
        leave[mine] = rng.normal(*left, int(mine.sum()))
        away[mine] = np.clip(rng.normal(*gone, int(mine.sum())), 0.05, None)
    begin = day + _rounded(rng, leave * HOUR)
    end = begin + _rounded(rng, away * HOUR).clip(1)
    begin, end = _holidays(rng, moment, begin, end, kind == len(ABSENCE))
    begin, end = _defaults(rng, begin, end)
    return Times(begin, end, end // MINUTES_PER_DAY + _delay(rng, n), rng.random(n) >= NO_BEGIN)


def _shares() -> list[float]:
    """Return the share of each kind of absence, holidays last."""
    shares = [share for share, _, _ in ABSENCE.values()]
    return [*shares, 1 - sum(shares)]


def _rounded(rng: np.random.Generator, minutes: np.ndarray) -> Ints:
    """Round to what people say: a quarter of an hour mostly, else five or one minutes."""
    step = rng.choice([1, 5, 15], size=len(minutes), p=[0.15, 0.25, 0.6])
    rounded: Ints = (np.rint(minutes / step) * step).astype(np.int64)
    return rounded


def _holidays(
    rng: np.random.Generator, moment: Ints, begin: Ints, end: Ints, away: np.ndarray
) -> tuple[Ints, Ints]:
    """Put an absence of one to fourteen days round the moment of the offence."""
    n = len(moment)
    length = np.clip(1 + rng.exponential(3.5, n), 1, LONGEST_DAYS) * MINUTES_PER_DAY
    left = moment - rng.random(n) * length
    hour = 15 * 4
    begin_long = (left // hour * hour).astype(np.int64)
    end_long = ((left + length) // hour * hour).astype(np.int64)
    return np.where(away, begin_long, begin), np.where(away, end_long, end)


def _defaults(rng: np.random.Generator, begin: Ints, end: Ints) -> tuple[Ints, Ints]:
    """Replace some times by what systems fill in: 00:00 twice, or 23:59 as the end."""
    chance = rng.random(len(begin))
    midnight = chance < MIDNIGHT_DEFAULT
    late = (chance >= MIDNIGHT_DEFAULT) & (chance < MIDNIGHT_DEFAULT + END_OF_DAY_DEFAULT)
    last_day = end // MINUTES_PER_DAY * MINUTES_PER_DAY
    begin = np.where(midnight, last_day, begin)
    end = np.where(midnight, last_day, np.where(late, last_day + MINUTES_PER_DAY - 1, end))
    return begin, end


def _delay(rng: np.random.Generator, n: int) -> Ints:
    """Draw days between discovery and report: mostly none, seldom up to three weeks."""
    days = rng.choice([*DELAYS, 3], size=n, p=[*DELAYS.values(), 1 - sum(DELAYS.values())])
    longer: Ints = np.where(days == 3, rng.geometric(0.25, n).clip(1, 18) - 1, 0)
    return days.astype(np.int64) + longer
