"""
Fictitious addresses: points along short streets, a fixed set per buurt.

Near repeats only mean something on addresses that stay where they are. Every
dwelling of 2018 gets a point beside a street; streets are short lines in one of
two directions of the buurt, well inside its border, so that a point never falls in
another buurt than its address says.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon

from wib_lib.sample.places import Floats, Ints, Places
from wib_lib.sample.shapes import points_in

PER_STREET = 36
FRONT = 7.0  # metres of street per house on one side
MARGIN = 14.0  # streets keep this far from the border of the buurt
SET_BACK = 9.0  # metres from the middle of the street to the front door


@dataclass(frozen=True)
class Addresses:
    """
    Address points, sorted by buurt; every array has one item per address.

    `first` has one item per buurt and one more: buurt b owns the addresses from
    `first[b]` up to `first[b + 1]`. `mid_x` and `mid_y` are per street.
    """

    buurt: Ints
    street: Ints
    x: Floats
    y: Floats
    first: Ints
    mid_x: Floats
    mid_y: Floats
    pull: Floats  # weight of an address within its buurt


def build_addresses(rng: np.random.Generator, places: Places) -> Addresses:
    """
    Lay streets in every buurt and addresses along them.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    places : Places
        Buurten with shapes and dwellings.

    Returns
    -------
    Addresses
        As many in each buurt as it had dwellings in the last year.
    """
    n_homes = places.dwellings[:, -1]
    n_streets = -(-n_homes // PER_STREET)
    owner = np.repeat(np.arange(len(n_homes)), n_streets)
    lines = _streets(rng, places, n_streets)
    per_street = np.full(len(owner), PER_STREET)
    last = np.cumsum(n_streets)[n_streets > 0] - 1
    per_street[last] -= (n_streets * PER_STREET - n_homes)[n_streets > 0]
    street = np.repeat(np.arange(len(owner)), per_street)
    number = np.arange(len(street)) - np.repeat(np.cumsum(per_street) - per_street, per_street)
    x, y = _doors(lines[street], number, per_street[street])
    popular = rng.lognormal(0, 0.5, len(owner))
    return Addresses(
        buurt=owner[street],
        street=street,
        x=x,
        y=y,
        first=np.concatenate([[0], np.cumsum(n_homes)]),
        mid_x=lines[:, ::2].mean(axis=1),
        mid_y=lines[:, 1::2].mean(axis=1),
        pull=popular[street],
    )


def _streets(rng: np.random.Generator, places: Places, n_streets: Ints) -> Floats:
    """Return one row per street: x and y of its begin, x and y of its end."""
    rows = []
    for shape, n in zip(places.shape, n_streets, strict=True):
        if n:
            rows.append(_streets_in(rng, shape.buffer(-MARGIN), int(n)))
    return np.concatenate(rows)


def _streets_in(rng: np.random.Generator, shape: Polygon, n: int) -> Floats:
    """Lay `n` streets in one buurt, along its two directions, cut to the shape."""
    middle = points_in(rng, shape, n)
    angle = rng.uniform(0, np.pi) + np.pi / 2 * rng.integers(0, 2, n) + rng.normal(0, 0.06, n)
    half = rng.uniform(0.35, 0.6, n) * PER_STREET * FRONT / 2
    step = half[:, None] * np.c_[np.cos(angle), np.sin(angle)]
    ends = np.stack([middle - step, middle + step], axis=1)
    cut = shapely.intersection(shapely.linestrings(ends), shape)
    # a bay of the buurt may cut a street in two: keep the longest piece
    pieces, source = shapely.get_parts(cut, return_index=True)
    order = np.lexsort((shapely.length(pieces), source))
    last = np.flatnonzero(np.diff(source[order], append=n))
    ends_kept: Floats = shapely.get_coordinates(pieces[order[last]]).reshape(n, 4)
    return ends_kept


def _doors(line: Floats, number: Ints, n: Ints) -> tuple[Floats, Floats]:
    """Return front doors: even numbers on one side of the street, odd on the other."""
    begin, end = line[:, :2], line[:, 2:]
    along = (end - begin) / np.hypot(*(end - begin).T)[:, None]
    across = np.c_[-along[:, 1], along[:, 0]]
    share = (number // 2 + 0.5) / np.maximum((n + 1) // 2, 1)
    side = np.where(number % 2 == 0, SET_BACK, -SET_BACK)
    spot = begin + share[:, None] * (end - begin) + side[:, None] * across
    return np.rint(spot[:, 0] * 2) / 2, np.rint(spot[:, 1] * 2) / 2


def draw_addresses(rng: np.random.Generator, addresses: Addresses, buurten: Ints) -> Ints:
    """
    Draw an address in each of the given buurten, popular streets more often.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    addresses : Addresses
        All addresses.
    buurten : array of int
        One buurt for each address to draw; each must have addresses.

    Returns
    -------
    array of int
        Positions in `addresses`.
    """
    heap = np.concatenate([[0.0], np.cumsum(addresses.pull)])
    low, high = heap[addresses.first[buurten]], heap[addresses.first[buurten + 1]]
    spot = low + rng.random(len(buurten)) * (high - low)
    drawn = np.searchsorted(heap, spot, side="right") - 1
    inside: Ints = np.clip(drawn, addresses.first[buurten], addresses.first[buurten + 1] - 1)
    return inside
