"""
The process that makes incidents: levels, season, places, and the planted truths.

Per area and month a number of incidents is drawn, with a gamma frailty so that
months scatter more than Poisson; they fall on buurten by uneven weights and on
addresses; and each incident may bring others shortly after and near by (a
self-exciting process, see `repeats`). For the years to 2017 the number of a year
is the published figure, for 2018 it is drawn round the underlying level. Nothing
is fitted or estimated here: no analysis of `wib_lib` can find its own formula.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wib_lib.sample.addresses import Addresses, draw_addresses
from wib_lib.sample.clock import MINUTES_PER_DAY, month_bounds, weekday
from wib_lib.sample.places import Floats, Ints, Places
from wib_lib.sample.plants import (
    EFFECT_AREA,
    EFFECT_RATIO,
    GANG_AREA,
    GANG_LEVEL,
    GANG_MONTHS,
    GANG_YEAR,
    LEVELS,
    SHIFT_SHARE,
    Plants,
)
from wib_lib.sample.published import (
    AREA_CODES,
    LAAK_SHARE,
    LAST_YEAR,
    SEASON,
    THE_HAGUE,
    YEARS,
    level,
)
from wib_lib.sample.repeats import Events, branching, with_repeats

FRAILTY_SHAPE = 60.0
WEEKDAY = np.array([1.0, 0.95, 0.95, 1.0, 1.15, 1.15, 0.9])  # Monday first


@dataclass(frozen=True)
class Drawn:
    """First incidents, before repeats: when, in which buurt, and by whom or what."""

    moment: Ints  # minutes since the epoch
    buurt: Ints
    gang: np.ndarray
    moved: np.ndarray


def draw_events(
    rng: np.random.Generator, places: Places, addresses: Addresses, plants: Plants
) -> Events:
    """
    Draw all incidents from December 2012 to December 2018, repeats included.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    places, addresses
        Where incidents can fall.
    plants : Plants
        The planted truths, with the buurten chosen for them.

    Returns
    -------
    Events
        Unsorted; by moment of the offence, so a few become known outside the years.
    """
    base = buurt_weights(rng, places)
    parts = [
        _area_year(rng, places, plants, base, code, year)
        for code in AREA_CODES
        for year in (YEARS[0] - 1, *YEARS)
    ]
    moment = np.concatenate([part.moment for part in parts])
    buurt = np.concatenate([part.buurt for part in parts])
    first = Events(
        moment=moment,
        address=draw_addresses(rng, addresses, buurt),
        parent=np.full(len(moment), -1, dtype=np.int64),
        gang=np.concatenate([part.gang for part in parts]),
        moved=np.concatenate([part.moved for part in parts]),
    )
    return with_repeats(rng, places, addresses, first)


def buurt_weights(rng: np.random.Generator, places: Places) -> Floats:
    """Return the weight of each buurt within its area: uneven, with a few hot ones."""
    weight = places.dwellings[:, -1] * rng.lognormal(0, 0.45, len(places.code))
    for code in (area.code for area in places.areas):
        mine = places.rows(gemeente=code)
        typical = mine[np.argsort(-places.dwellings[mine, -1], kind="stable")[: len(mine) // 2]]
        hot = rng.permutation(typical)[: max(1, len(mine) // 20)]
        weight[hot] *= 2.2
    return weight


def area_level(code: str, year: int) -> float:
    """
    Level of an area in a year: the published one, with what is planted in it.

    >>> area_level("GM0627", 2016), round(area_level("GM0513", 2018))
    (212.0, 255)
    """
    if (code, year) in LEVELS:
        return float(LEVELS[code, year])
    share = LAAK_SHARE if code == THE_HAGUE else 1.0
    effect = EFFECT_RATIO if (code, year) == (EFFECT_AREA, LAST_YEAR) else 1.0
    return level(code, year) * share * effect


def month_counts(rng: np.random.Generator, total: float, *, fixed: bool) -> Ints:
    """
    Spread a yearly level over twelve months by season and chance.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    total : float
        Level of the year.
    fixed : bool
        True when the level is itself an outcome (a published count): the months
        then add up to it. Otherwise the year has its own chance too.

    Returns
    -------
    array of int
        Twelve counts.
    """
    rate = np.array(SEASON) / 12 * rng.gamma(FRAILTY_SHAPE, 1 / FRAILTY_SHAPE, 12)
    if fixed:
        whole = int(total) + int(rng.random() < total % 1)
        return rng.multinomial(whole, rate / rate.sum())
    return rng.poisson(total * rate)


def _area_year(
    rng: np.random.Generator, places: Places, plants: Plants, base: Floats, code: str, year: int
) -> Drawn:
    """Draw the first incidents of one area in one year (of 2012 only December)."""
    own = 1 - branching(code)
    if year < YEARS[0]:
        counts = month_counts(rng, area_level(code, YEARS[0]) * own, fixed=True)
        counts[:11] = 0
        gang = np.zeros(12, dtype=np.int64)
    else:
        gang_total = GANG_LEVEL if (code, year) == (GANG_AREA, GANG_YEAR) else 0.0
        ordinary = (area_level(code, year) - gang_total) * own
        counts = month_counts(rng, ordinary, fixed=year != LAST_YEAR)
        gang = _gang_counts(rng, gang_total * own)
    per_month = counts + gang
    moment = moments(rng, year, per_month)
    month_ends = np.repeat(np.cumsum(per_month), per_month)
    is_gang = np.arange(len(moment)) >= month_ends - np.repeat(gang, per_month)
    mine = places.rows(gemeente=code)
    buurt = rng.choice(mine, size=len(moment), p=plants.weights(base, year, mine))
    buurt, moved = _displaced(rng, plants, base, year, buurt)
    return Drawn(moment, buurt, is_gang, moved)


def _gang_counts(rng: np.random.Generator, total: float) -> Ints:
    """Spread the incidents of the gang over the months in which it was about."""
    share = np.zeros(12)
    share[GANG_MONTHS[0] - 1 : GANG_MONTHS[1]] = 1.0
    return rng.multinomial(round(total), share / share.sum())


def moments(rng: np.random.Generator, year: int, per_month: Ints) -> Ints:
    """Draw the moments of a year's incidents, month after month."""
    return np.concatenate([_moments(rng, year, m, int(n)) for m, n in enumerate(per_month, 1)])


def _moments(rng: np.random.Generator, year: int, month: int, n: int) -> Ints:
    """Draw `n` days of a month, weekends more often, and a minute that the times of day replace."""
    days = np.arange(*month_bounds(year, month))
    weight = WEEKDAY[weekday(days)]
    day = rng.choice(days, size=n, p=weight / weight.sum())
    return day * MINUTES_PER_DAY + rng.integers(0, MINUTES_PER_DAY, n)


def _displaced(
    rng: np.random.Generator, plants: Plants, base: Floats, year: int, buurt: Ints
) -> tuple[Ints, np.ndarray]:
    """Move part of the last year's incidents over the border."""
    if year != LAST_YEAR:
        return buurt, np.zeros(len(buurt), dtype=bool)
    moved = np.isin(buurt, plants.border_from) & (rng.random(len(buurt)) < SHIFT_SHARE)
    weight = base[plants.border_to]
    target = rng.choice(plants.border_to, size=len(buurt), p=weight / weight.sum())
    return np.where(moved, target, buurt), moved
