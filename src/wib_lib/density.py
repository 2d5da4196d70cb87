"""A smoothed picture of where burglaries were: a picture only, no test rests on it.

Kernel density with a quartic kernel on the cells of a grid (Chainey et al. 2008). It shows where
burglaries lie, dwellings not accounted for, and any bandwidth gives other spots; hot areas come
from `wib_lib.hotspots`. A bandwidth below 200 m could point at a dwelling and is refused, and a
cell with few burglaries within the bandwidth is masked (P-08).
"""

import numpy as np
import pandas as pd

from wib_lib.errors import TableError
from wib_lib.grid import Grid
from wib_lib.tables import require_columns

SMALLEST_BANDWIDTH = 200.0


def density(
    points: pd.DataFrame,
    cells: pd.DataFrame,
    *,
    bandwidth: float,
    minimum: int,
    grid: Grid | None = None,
) -> pd.DataFrame:
    """
    Estimate burglaries per square kilometre in the middle of each cell.

    Parameters
    ----------
    points : DataFrame
        `rd_x`, `rd_y`; rows without coordinates do not count.
    cells : DataFrame
        `column`, `row` of the cells to draw, on `grid`.
    bandwidth : float
        Radius of the kernel in metres, at least 200.
    minimum : int
        Burglaries within the bandwidth below which a cell is masked.
    grid : Grid, optional

    Returns
    -------
    DataFrame
        `cells` plus `per_km2`, NaN where masked. `attrs["n_masked"]` counts those.

    Raises
    ------
    TableError
        For a bandwidth that is too small.
    """
    grid = grid or Grid()
    if bandwidth < SMALLEST_BANDWIDTH:
        raise TableError(
            f"bandwidth: at least {SMALLEST_BANDWIDTH:g} m needed, found {bandwidth:g}: a smaller "
            "one could point at a dwelling"
        )
    require_columns(points, ["rd_x", "rd_y"], name="points")
    require_columns(cells, ["column", "row"], name="cells")
    placed = points[["rd_x", "rd_y"]].dropna().to_numpy(float)
    wanted = cells[["column", "row"]].to_numpy(int)
    low, high = wanted.min(axis=0), wanted.max(axis=0)
    weight, n_near = _smooth(placed, grid, bandwidth, low, tuple(high - low + 1))
    at = tuple((wanted - low).T)
    # A quartic kernel of radius h is 3 / (pi h^2) (1 - d^2/h^2)^2.
    per_km2 = 1e6 * 3 / (np.pi * bandwidth**2) * weight[at]
    masked = n_near[at] < minimum
    result = cells.assign(per_km2=np.where(masked, np.nan, per_km2))
    result.attrs["n_masked"] = int(masked.sum())
    return result


def _smooth(
    points: np.ndarray, grid: Grid, bandwidth: float, low: np.ndarray, shape: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """
    Sum the kernel, and count the points within reach, in the middle of every cell of a rectangle.

    One pass over the points for each cell of the kernel's square; a margin round the rectangle
    takes what falls beside it.
    """
    reach = int(np.ceil(bandwidth / grid.size)) + 1
    wide = (shape[0] + 4 * reach, shape[1] + 4 * reach)
    own = grid.cells(points[:, 0], points[:, 1])
    place = own - low + 2 * reach
    inside = ((place >= reach) & (place < np.array(wide) - reach)).all(axis=1)
    gap = ((grid.centres(own) - points) / bandwidth)[inside]
    flat = (place @ (wide[1], 1))[inside]
    weight, near = np.zeros(wide[0] * wide[1]), np.zeros(wide[0] * wide[1])
    steps = np.arange(-reach, reach + 1)
    for across in steps:
        far_x = (gap[:, 0] + across * grid.size / bandwidth) ** 2
        for up in steps:
            closeness = 1 - far_x - (gap[:, 1] + up * grid.size / bandwidth) ** 2
            hit = np.flatnonzero(closeness > 0)
            cell = flat[hit] + (across * wide[1] + up)
            weight += np.bincount(cell, closeness[hit] ** 2, minlength=len(weight))
            near += np.bincount(cell, minlength=len(near))
    middle = (slice(2 * reach, -2 * reach), slice(2 * reach, -2 * reach))
    return weight.reshape(wide)[middle], near.reshape(wide)[middle]
