"""
Outlines of gemeenten and their division into wijken and buurten.

A gemeente is a noisy blob around its centre, cut along power lines where two
blobs meet, so that neighbours share a border. It is divided by Voronoi cells
round centres that crowd where people live: small cells in town, large ones in
the polder. Nothing here is snapped yet; `coverage` does that for all areas at
once.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sqrt

import numpy as np
import numpy.typing as npt
import shapely
from shapely import Polygon

from wib_lib.sample.published import Area

Floats = npt.NDArray[np.float64]

ATTEMPTS = 40
COMPACT = 0.42  # 4 pi area / perimeter^2 of the least compact cell; a square has 0.79
POINTS_PER_BUURT = 90


@dataclass(frozen=True)
class Density:
    """Where people live: cores with a bell-shaped density over a rural level."""

    cores: Floats  # (k, 2)
    width: float
    rural: float

    def at(self, points: Floats) -> Floats:
        """Return the density at each point, between `rural` and about 1 + `rural`."""
        gaps = points[:, None, :] - self.cores[None, :, :]
        bells = np.exp(-(gaps**2).sum(axis=2) / (2 * self.width**2))
        density: Floats = self.rural + bells.max(axis=1)
        return density


def radius(area: Area) -> float:
    """
    Radius in metres of a circle as large as the area.

    >>> from wib_lib.sample.published import AREAS
    >>> round(radius(AREAS[3]))
    2764
    """
    return sqrt(area.km2 * 1e6 / pi)


def outline(rng: np.random.Generator, area: Area, areas: tuple[Area, ...]) -> Polygon:
    """
    Draw the outline of a gemeente, cut where it would meet its neighbours.

    The blob is star-shaped seen from the centre and every cut is a half-plane that
    holds the centre, so the result is always one piece without holes.
    """
    angles = np.linspace(0, 2 * pi, 72, endpoint=False)
    wave = np.zeros_like(angles)
    for k in range(2, 8):
        wave += rng.normal(0, 0.11 / sqrt(k - 1)) * np.cos(k * angles + rng.uniform(0, 2 * pi))
    reach = radius(area) * 1.04 * np.exp(np.clip(wave, -0.4, 0.3))
    centre = np.array(area.centre, dtype=float)
    blob = Polygon(centre + reach[:, None] * np.c_[np.cos(angles), np.sin(angles)])
    for other in areas:
        if other.code != area.code:
            blob = blob.intersection(_own_side(area, other))
    return blob


def _own_side(area: Area, other: Area) -> Polygon:
    """Return the half-plane nearer to `area`, distances lessened by the radii."""
    here, there = np.array(area.centre, float), np.array(other.centre, float)
    gap = float(np.hypot(*(there - here)))
    along = (there - here) / gap
    across = np.array([-along[1], along[0]])
    border = (gap**2 + radius(area) ** 2 - radius(other) ** 2) / (2 * gap)
    far = 60_000.0
    edge, back = here + border * along, here - far * along
    return Polygon(
        [edge - far * across, edge + far * across, back + far * across, back - far * across]
    )


def settle(rng: np.random.Generator, area: Area, shape: Polygon) -> tuple[Density, Floats]:
    """
    Choose cores within the outline and sample points where people live.

    Returns
    -------
    tuple of Density and array
        The density, and points drawn from it, some `POINTS_PER_BUURT` for each buurt.
    """
    reach = radius(area)
    cores = [np.array(area.centre, dtype=float)]
    while len(cores) < area.n_cores:
        spot = points_in(rng, shape.buffer(-0.15 * reach), 1)[0]
        if min(float(np.hypot(*(spot - core))) for core in cores) > 0.45 * reach:
            cores.append(spot)
    density = Density(np.array(cores), reach * 0.5 / sqrt(area.n_cores), area.rural)
    trial = points_in(rng, shape, 14 * POINTS_PER_BUURT * area.n_buurten)
    kept = trial[rng.random(len(trial)) < density.at(trial) / (1 + area.rural)]
    return density, kept[: POINTS_PER_BUURT * area.n_buurten]


def points_in(rng: np.random.Generator, shape: Polygon, n: int) -> Floats:
    """
    Draw `n` points evenly over a polygon.

    >>> points_in(np.random.default_rng(1), shapely.box(0, 0, 1, 1), 5).shape
    (5, 2)
    """
    left, low, right, high = shape.bounds
    found = np.empty((0, 2))
    while len(found) < n:
        size = 2 * (n - len(found)) + 16
        trial = np.c_[rng.uniform(left, right, size), rng.uniform(low, high, size)]
        inside = shapely.contains_xy(shape, trial[:, 0], trial[:, 1])
        found = np.concatenate([found, trial[inside]])
    return found[:n]


def divide(rng: np.random.Generator, shape: Polygon, points: Floats, n: int) -> list[Polygon]:
    """
    Divide a polygon into `n` cells, each with about as many of the points.

    Draws centres again until every cell is one compact piece, and keeps the best
    division when none is: slivers would look unlike any map.
    """
    if n == 1:
        return [shape]
    best: list[Polygon] = []
    best_score = -1.0
    for _ in range(ATTEMPTS):
        cells = _cells(shape, _centres(rng, points, n))
        score = min((_compactness(cell) for cell in cells), default=0.0)
        if len(cells) == n and score > best_score:
            best, best_score = cells, score
        if best_score >= COMPACT:
            break
    return best


def _centres(rng: np.random.Generator, points: Floats, n: int) -> Floats:
    """Return `n` centres after a few rounds of Lloyd: even, but no honeycomb."""
    centres: Floats = points[rng.permutation(len(points))[:n]].copy()
    for _ in range(5):
        gaps = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
        nearest = gaps.argmin(axis=1)
        for i in range(n):
            mine = points[nearest == i]
            if len(mine):
                centres[i] = mine.mean(axis=0)
    return centres


def _cells(shape: Polygon, centres: Floats) -> list[Polygon]:
    """Return the Voronoi cells of the centres, clipped; none when a cell falls apart."""
    seeds = shapely.MultiPoint(centres)
    cells = shapely.voronoi_polygons(seeds, extend_to=shape.buffer(1_000), ordered=True)
    clipped = [shape.intersection(cell) for cell in cells.geoms]
    whole = all(isinstance(cell, Polygon) and not cell.is_empty for cell in clipped)
    return clipped if whole else []


def _compactness(shape: Polygon) -> float:
    """Return 4 pi area / perimeter squared: 1 for a circle, near 0 for a sliver."""
    return float(4 * pi * shape.area / shape.length**2)
