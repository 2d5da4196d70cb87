"""
From loose cells to one clean coverage on whole metres.

Published boundaries nest exactly: a wijk is the sum of its buurten, to the last
vertex. Cells that were cut separately do not, so all lines are noded together on
a grid of one metre, every stretch between two nodes gets a bend (boundaries
follow ditches and roads, not rulers), and the faces are built again from the
shared stretches. Wijken and gemeenten are then dissolved from the buurten.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import numpy as np
import shapely
from shapely import LineString, Polygon

BEND = 0.035  # size of a bend as a share of the length of the stretch
LONGEST_STEP = 120.0  # metres between vertices of a bent stretch


def clean_coverage(rng: np.random.Generator, cells: Sequence[Polygon]) -> list[Polygon]:
    """
    Rebuild cells as a coverage with shared whole-metre vertices and bent lines.

    Parameters
    ----------
    rng : Generator
        The one source of chance of the sample.
    cells : sequence of Polygon
        Cells that touch but do not overlap by more than rounding.

    Returns
    -------
    list of Polygon
        As many, in the same order.

    Raises
    ------
    ValueError
        When no bend, not even a straight line, gives a valid coverage.
    """
    lines = shapely.unary_union([cell.boundary for cell in cells], grid_size=1.0)
    stretches = list(shapely.line_merge(lines).geoms)
    waves = [rng.normal(0, 1, size=5) for _ in stretches]
    for factor in (1.0, 0.6, 0.3, 0.0):
        bent = [_bent(s, w * BEND * factor) for s, w in zip(stretches, waves, strict=True)]
        faces = _matched(shapely.polygonize(bent).geoms, cells)
        if faces is not None and shapely.coverage_is_valid(faces):
            return faces
    raise ValueError("sample: the cells do not form a coverage; each must be one piece.")


def _bent(stretch: LineString, wave: np.ndarray) -> LineString:
    """Shift the inner vertices sideways by a sum of sines; the ends stay put."""
    fine = shapely.segmentize(stretch, min(LONGEST_STEP, stretch.length / 4))
    xy = shapely.get_coordinates(fine)
    if fine.is_ring:
        return LineString(np.rint(xy))
    chord = xy[-1] - xy[0]
    steps = np.hypot(*np.diff(xy, axis=0).T)
    place = np.concatenate([[0.0], np.cumsum(steps)]) / steps.sum()
    shift = sum(a / k * np.sin(k * pi * place) for k, a in enumerate(wave, start=1))
    across = np.array([-chord[1], chord[0]])
    moved = xy + np.outer(shift, across)
    moved[0], moved[-1] = xy[0], xy[-1]
    return LineString(np.rint(moved))


def _matched(faces: Sequence[Polygon], cells: Sequence[Polygon]) -> list[Polygon] | None:
    """Return the face of each cell, or None when a cell has no face of its own."""
    tree = shapely.STRtree(list(faces))
    spots = [cell.representative_point() for cell in cells]
    asked, found = tree.query(spots, predicate="within")
    if list(asked) != list(range(len(cells))) or len(set(found)) != len(cells):
        return None
    return [faces[i] for i in found]


def dissolve(parts: Sequence[Polygon]) -> Polygon:
    """
    Join the faces of a coverage by their shared edges; no new vertex arises.

    >>> dissolve([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]).area
    2.0
    """
    joined = shapely.coverage_union_all(list(parts))
    if joined.geom_type == "MultiPolygon" and len(joined.geoms) == 1:
        return joined.geoms[0]
    return joined
