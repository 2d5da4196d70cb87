"""
The planted truths: what an evaluation should find, and what it should not.

One area has an effect of a known size, all others have none. One area regresses to
the mean: a gang doubled its count in the year on which areas were selected and was
gone the next, without any measure. One hotspot moves. Over one border incidents are
displaced, which lowers one area and raises its neighbour without any gain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from wib_lib.sample.places import Floats, Ints, Places

EFFECT_AREA, EFFECT_RATIO = "GM0513", 0.70

GANG_AREA, GANG_YEAR = "GM0627", 2016
GANG_MONTHS = (3, 11)  # first and last; arrested in December
GANG_LEVEL = 108.0  # of the 212 of that year
LEVELS = {("GM0627", 2015): 116, ("GM0627", 2016): 212}  # AD Misdaadmeter

HOTSPOT_AREA, HOTSPOT_SHARE = "GM0503", 0.12
HOTSPOT_YEARS = {"eerst": (2016, 2017), "daarna": (2018,)}
HOTSPOT_APART = 1_800.0  # metres between the two

SHIFT_FROM, SHIFT_TO = "GM0503", "GM1842"
SHIFT_BUURTEN = 20  # the buurten of the one nearest to the wijk of the other
SHIFT_SHARE = 0.5  # of their incidents of the last year


@dataclass(frozen=True)
class Plants:
    """The buurten in which truths are planted, as positions in `Places`."""

    hot_first: int
    hot_next: int
    border_from: Ints
    border_to: Ints
    border_wijk: str
    calm: float  # ordinary share of the area in each of the two hotspot buurten

    def weights(self, base: Floats, year: int, rows: Ints) -> Floats:
        """
        Return the weights of an area's buurten in a year, with its hotspot if any.

        Parameters
        ----------
        base : array of float
            Weights of all buurten.
        year : int
            Calendar year of the offence.
        rows : array of int
            The buurten of one area.

        Returns
        -------
        array of float
            Weights of those buurten, adding up to 1.
        """
        both = np.array([self.hot_first, self.hot_next])
        weight: Floats = base[rows] / base[rows].sum()
        if not np.isin(both, rows).all():
            return weight
        share = np.full(2, self.calm)
        share[0] = HOTSPOT_SHARE if year in HOTSPOT_YEARS["eerst"] else self.calm
        share[1] = HOTSPOT_SHARE if year in HOTSPOT_YEARS["daarna"] else self.calm
        weight[np.isin(rows, both)] = 0.0
        weight *= (1 - share.sum()) / weight.sum()
        for place, part in zip(both, share, strict=True):
            weight[rows == place] = part
        return weight


def choose_plants(rng: np.random.Generator, places: Places) -> Plants:
    """
    Choose the buurten for the hotspot and for the displacement, apart from each other.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    places : Places
        The buurten of the ten areas.

    Returns
    -------
    Plants
        Chosen buurten.
    """
    wijk = _touching_wijk(places)
    border_to = places.rows(wijk=wijk)
    home = places.rows(gemeente=SHIFT_FROM)
    gap = shapely.distance(places.joined(border_to), [places.shape[i] for i in home])
    border_from = np.sort(home[np.argsort(gap, kind="stable")[:SHIFT_BUURTEN]])
    first, following = _two_apart(rng, places, border_from)
    return Plants(first, following, border_from, border_to, wijk, calm=1 / len(home))


def _touching_wijk(places: Places) -> str:
    """Return the wijk across the border that shares most of it."""
    border = places.joined(places.rows(gemeente=SHIFT_FROM)).boundary
    shared = {
        wijk: border.intersection(places.joined(places.rows(wijk=wijk)).boundary).length
        for wijk in places.wijken(SHIFT_TO)
    }
    return max(shared, key=lambda wijk: shared[wijk])


def _two_apart(rng: np.random.Generator, places: Places, border: Ints) -> tuple[int, int]:
    """Draw two ordinary, well-filled buurten of the hotspot area, far apart and off the border."""
    mine = np.setdiff1d(places.rows(gemeente=HOTSPOT_AREA), border)
    homes = places.dwellings[mine, -1]
    filled = mine[(homes > np.quantile(homes, 0.5)) & (homes < np.quantile(homes, 0.9))]
    order = rng.permutation(filled)
    spots = [places.shape[i].centroid for i in order]
    for i, here in enumerate(spots):
        for j, there in enumerate(spots[i + 1 :], start=i + 1):
            if here.distance(there) > HOTSPOT_APART:
                return int(order[i]), int(order[j])
    raise ValueError(f"sample: no two buurten of {HOTSPOT_AREA} lie {HOTSPOT_APART:.0f} m apart.")
