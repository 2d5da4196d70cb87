"""
The ten areas with their wijken and buurten: codes, names, shapes, dwellings, make-up.

Everything is held in arrays with one place per buurt, in order of code within the
area, because the process draws from all buurten at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon

from wib_lib.sample.coverage import clean_coverage, dissolve
from wib_lib.sample.naming import ACCENTED, BUURT, WIJK, unique_names
from wib_lib.sample.published import AREAS, LAAK_WIJKEN, THE_HAGUE, YEARS, Area, area_dwellings
from wib_lib.sample.shapes import Density, divide, outline, settle

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

ALMOST_EMPTY = {"GM0503": 0, "GM1783": 4, "GM1901": 8}  # dwellings of one buurt each
HAMLETS = {"GM1783": 12, "GM1916": 17}  # too few for percentages (fewer than 20)


@dataclass
class Places:
    """Buurten of some areas; every list and array has one item per buurt."""

    areas: tuple[Area, ...] = ()
    code: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    wijk: list[str] = field(default_factory=list)
    gemeente: list[str] = field(default_factory=list)
    shape: list[Polygon] = field(default_factory=list)
    wijk_name: dict[str, str] = field(default_factory=dict)
    urban: Floats = field(default_factory=lambda: np.empty(0))
    dwellings: Ints = field(default_factory=lambda: np.empty((0, len(YEARS)), dtype=np.int64))
    houses: Floats = field(default_factory=lambda: np.empty(0))  # share eengezins
    owned: Floats = field(default_factory=lambda: np.empty(0))  # share koop
    social: Floats = field(default_factory=lambda: np.empty(0))  # share corporatie
    single: Floats = field(default_factory=lambda: np.empty(0))  # share eenpersoons

    def rows(self, *, gemeente: str | None = None, wijk: str | None = None) -> Ints:
        """Return the positions of the buurten of a gemeente, a wijk or both."""
        both = zip(self.gemeente, self.wijk, strict=True)
        hit = [i for i, (g, w) in enumerate(both) if gemeente in (None, g) and wijk in (None, w)]
        return np.array(hit, dtype=np.int64)

    def wijken(self, gemeente: str) -> list[str]:
        """Return the codes of the wijken of a gemeente, sorted."""
        return sorted({self.wijk[i] for i in self.rows(gemeente=gemeente)})

    def joined(self, rows: Ints) -> Polygon:
        """Return the buurten at `rows` as one shape."""
        return dissolve([self.shape[i] for i in rows])


def build_places(
    rng: np.random.Generator,
    areas: Sequence[Area] = AREAS,
    homes: Callable[[str, int], int] = area_dwellings,
) -> Places:
    """
    Draw areas: the ten, unless others are given.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    areas : sequence of Area
    homes : callable
        Dwellings of an area by code and year.

    Returns
    -------
    Places
        The buurten of all areas, on one clean coverage.
    """
    places = Places(areas=tuple(areas))
    masses: list[Floats] = []
    urban: list[Floats] = []
    for area in places.areas:
        shape = outline(rng, area, places.areas)
        density, points = settle(rng, area, shape)
        sizes = _add_cells(rng, places, area, shape, points)
        mine = places.rows(gemeente=area.code)
        spots = np.array([places.shape[i].representative_point().coords[0] for i in mine])
        urban.append(density.at(spots) / (1 + area.rural))
        masses.append(_mass(density, [places.shape[i] for i in mine], sizes))
    places.shape = clean_coverage(rng, places.shape)
    places.urban = np.concatenate(urban)
    places.dwellings = np.concatenate(
        [_dwellings(rng, area, mass, homes) for area, mass in zip(areas, masses, strict=True)]
    )
    _make_up(rng, places)
    return places


def _add_cells(
    rng: np.random.Generator, places: Places, area: Area, shape: Polygon, points: Floats
) -> Floats:
    """Divide an area into wijken and buurten, add them, return points per buurt."""
    wijk_cells = divide(rng, shape, points, area.n_wijken)
    inside = [points[shapely.contains_xy(cell, points)] for cell in wijk_cells]
    taken: set[str] = set()
    wijk_names = unique_names(rng, area.n_wijken, WIJK, taken=taken)
    sizes: list[int] = []
    for k, suffixes in enumerate(_codes(area, [len(own) for own in inside])):
        wijk, ends = suffixes
        cells = divide(rng, wijk_cells[k], inside[k], len(ends))
        places.wijk_name[wijk] = f"Wijk {wijk[-2:]} {wijk_names[k]}"
        places.code += [f"BU{wijk[2:]}{end}" for end in ends]
        places.name += unique_names(rng, len(ends), BUURT, taken=taken)
        places.wijk += [wijk] * len(ends)
        places.gemeente += [area.code] * len(ends)
        places.shape += cells
        sizes += [int(shapely.contains_xy(cell, inside[k]).sum()) for cell in cells]
    if area.n_buurten > 50:  # the larger registers hold a name with an accent
        places.name[-1] = ACCENTED[area.n_cores % len(ACCENTED)]
    return np.array(sizes, dtype=float)


def _codes(area: Area, weight: list[int]) -> list[tuple[str, tuple[str, ...]]]:
    """Return per wijk its code and the last digits of its buurten."""
    if area.code == THE_HAGUE:
        return list(LAAK_WIJKEN.items())
    spread = share_out(area.n_buurten - 2 * area.n_wijken, np.array(weight, float)) + 2
    return [
        (f"WK{area.code[2:]}{k:02d}", tuple(f"{b:02d}" for b in range(1, n + 1)))
        for k, n in enumerate(spread, start=1)
    ]


def _mass(density: Density, cells: list[Polygon], sizes: Floats) -> Floats:
    """Return where dwellings go: the points of a cell, fewer where it is rural."""
    spots = np.array([cell.centroid.coords[0] for cell in cells])
    return (sizes + 1) * (0.3 + density.at(spots))


def _dwellings(
    rng: np.random.Generator, area: Area, mass: Floats, homes: Callable[[str, int], int]
) -> Ints:
    """Share the dwellings of an area out over its buurten, year by year."""
    fixed = np.full(len(mass), -1, dtype=np.int64)
    by_mass = np.argsort(mass, kind="stable")
    small = [table[area.code] for table in (ALMOST_EMPTY, HAMLETS) if area.code in table]
    for place, n in zip(by_mass, small, strict=False):
        fixed[place] = n
    if area.code == THE_HAGUE:
        mass = mass * np.r_[np.ones(len(mass) - 1), 0.15]  # the one-buurt wijk is industry
    weight = np.where(fixed < 0, mass * rng.lognormal(0, 0.3, len(mass)), 0.0)
    newer = rng.gamma(0.5, 0.008, len(mass))  # most buurten hardly grow, a few build
    columns = []
    for year in YEARS:
        loose = homes(area.code, year) - int(fixed.clip(0).sum())
        shared = share_out(loose, weight * (1 + newer) ** (year - YEARS[0]))
        columns.append(np.where(fixed < 0, shared, fixed))
    return np.column_stack(columns)


def share_out(total: int, weight: Floats) -> Ints:
    """
    Split a whole number by weight, largest remainders first; the parts add up.

    >>> share_out(10, np.array([1.0, 1.0, 1.0])).tolist()
    [4, 3, 3]
    """
    exact = total * weight / weight.sum()
    whole: Ints = np.floor(exact).astype(np.int64)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def _make_up(rng: np.random.Generator, places: Places) -> None:
    """Draw the dwelling mix of every buurt: town has flats and rent, polder has not."""
    n = len(places.code)
    town = places.urban
    noise = rng.normal(0, 0.12, (4, n))
    places.houses = np.clip(1.0 - 0.6 * town + noise[0], 0.05, 0.99)
    places.owned = np.clip(0.75 - 0.3 * town + noise[1], 0.12, 0.92)
    places.social = (1 - places.owned) * np.clip(0.78 + noise[2], 0.4, 0.95)
    places.single = np.clip(0.22 + 0.25 * town + 0.5 * noise[3], 0.1, 0.7)
