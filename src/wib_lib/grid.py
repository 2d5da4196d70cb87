"""A square grid over an area: dwellings and burglaries per cell.

The grid is the project's own, with a stated size and origin: the grid of the police's CAS, also of
125 m, has no published origin, so these are never its cells. A cell with few dwellings is left
out: one burglary among six dwellings is no hot spot, and may point at a household (P-08). What
falls outside the cells that are kept is counted and told.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.errors import TableError
from wib_lib.periods import Window
from wib_lib.tables import require_columns

MINIMUM = 10  # dwellings


@dataclass(frozen=True)
class Grid:
    """
    Square cells in metres, EPSG:28992.

    Parameters
    ----------
    size : float
        Side of a cell.
    origin : (float, float)
        Corner from which cells are counted.

    Examples
    --------
    >>> Grid().cells(np.array([0.0, 124.9, 125.0]), np.array([0.0, 0.0, 250.0])).tolist()
    [[0, 0], [0, 0], [1, 2]]
    """

    size: float = 125.0
    origin: tuple[float, float] = (0.0, 0.0)

    def cells(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return column and row of points; a point on an edge belongs to the cell above it."""
        points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
        found: np.ndarray = np.floor((points - self.origin) / self.size).astype(int)
        return found

    def centres(self, cells: np.ndarray) -> np.ndarray:
        """Return x and y of the middle of cells."""
        middles: np.ndarray = (np.asarray(cells) + 0.5) * self.size + self.origin
        return middles


def dwelling_cells(
    dwellings: pd.DataFrame, *, grid: Grid | None = None, minimum: int = MINIMUM
) -> pd.DataFrame:
    """
    Count dwellings per cell, and keep the cells with enough of them.

    Parameters
    ----------
    dwellings : DataFrame
        `x`, `y` in metres; optionally `n_dwellings` per point (1 without it): address points, the
        centres of CBS squares, or `spread_dwellings`.
    grid : Grid, optional
    minimum : int
        Dwellings that a cell must have.

    Returns
    -------
    DataFrame
        `column`, `row`, `x`, `y` (middle of the cell), `n_dwellings`; in order of column and row.
        `attrs`: `n_dwellings_left_out` and `n_cells_left_out`.

    Raises
    ------
    TableError
        When a point has no place, or no cell has enough dwellings.
    """
    grid = grid or Grid()
    require_columns(dwellings, ["x", "y"], name="dwellings")
    if dwellings[["x", "y"]].isna().to_numpy().any():
        raise TableError("dwellings: every point needs x and y")
    n = dwellings.get("n_dwellings", pd.Series(1.0, dwellings.index)).astype(float).to_numpy()
    cells = pd.DataFrame(
        grid.cells(dwellings["x"].to_numpy(), dwellings["y"].to_numpy()), columns=["column", "row"]
    ).assign(n_dwellings=n)
    counted = cells.groupby(["column", "row"], as_index=False)["n_dwellings"].sum()
    kept = counted["n_dwellings"] >= minimum
    if not kept.any():
        raise TableError(f"dwellings: no cell of {grid.size:g} m has {minimum} dwellings or more")
    result: pd.DataFrame = counted[kept].reset_index(drop=True)
    result[["x", "y"]] = grid.centres(result[["column", "row"]].to_numpy())
    result.attrs = {
        "n_dwellings_left_out": float(counted.loc[~kept, "n_dwellings"].sum()),
        "n_cells_left_out": int((~kept).sum()),
    }
    return result


def count_in_cells(
    incidents: pd.DataFrame,
    cells: pd.DataFrame,
    windows: dict[str, Window],
    *,
    grid: Grid | None = None,
) -> pd.DataFrame:
    """
    Count incidents per cell, for each window.

    Parameters
    ----------
    incidents : DataFrame
        `day`, `rd_x`, `rd_y` (missing where not geocoded).
    cells : DataFrame
        As from `dwelling_cells`, on the same grid.
    windows : dict of str to Window
        Result column to window.
    grid : Grid, optional

    Returns
    -------
    DataFrame
        `cells` plus a column per window. `attrs["n_without_point"]` and `attrs["n_outside"]` have,
        per window, the incidents without coordinates and those in no cell that is kept.
    """
    grid = grid or Grid()
    require_columns(incidents, ["day", "rd_x", "rd_y"], name="incidents")
    placed = incidents.dropna(subset=["rd_x", "rd_y"])
    spots = pd.MultiIndex.from_arrays(
        list(grid.cells(placed["rd_x"].to_numpy(float), placed["rd_y"].to_numpy(float)).T)
    )
    keys = pd.MultiIndex.from_frame(cells[["column", "row"]])
    result, without, outside = cells.copy(), {}, {}
    for name, window in windows.items():
        first, last = pd.Timestamp(window.start), pd.Timestamp(window.last)
        inside = placed["day"].between(first, last).to_numpy()
        counts = spots[inside].value_counts()
        result[name] = counts.reindex(keys).fillna(0).astype(int).to_numpy()
        outside[name] = int(inside.sum()) - int(result[name].sum())
        without[name] = int(incidents["day"].between(first, last).sum()) - int(inside.sum())
    result.attrs = {**cells.attrs, "n_without_point": without, "n_outside": outside}
    return result


def spread_dwellings(parts: pd.DataFrame, *, grid: Grid | None = None) -> pd.DataFrame:
    """
    Spread the dwellings of buurten evenly over their surface, when nothing finer is known.

    A makeshift, and to be told as such: in a buurt with a park the built-up half then looks twice
    as hot as it is. Address points or CBS squares replace it.

    Parameters
    ----------
    parts : GeoDataFrame
        `n_dwellings` and `geometry` (m); parts without dwellings add nothing.
    grid : Grid, optional

    Returns
    -------
    DataFrame
        `x`, `y`, `n_dwellings` per piece of a buurt in a cell, for `dwelling_cells`.
    """
    import shapely

    grid = grid or Grid()
    pieces = []
    for shape, n in zip(parts["geometry"], parts["n_dwellings"], strict=True):
        if pd.isna(n) or not n:
            continue
        low, high = grid.cells(*np.reshape(shape.bounds, (2, 2)).T)
        cells = np.stack(np.meshgrid(*map(np.arange, low, high + 1)), axis=-1).reshape(-1, 2)
        corner = cells * grid.size + grid.origin
        boxes = shapely.box(*corner.T, *(corner + grid.size).T)
        shared = shapely.area(shapely.intersection(boxes, shape))
        middles = grid.centres(cells)[shared > 0]
        piece = pd.DataFrame(middles, columns=["x", "y"])
        pieces.append(piece.assign(n_dwellings=float(n) * shared[shared > 0] / shape.area))
    if not pieces:
        raise TableError("parts: no part has dwellings")
    return pd.concat(pieces, ignore_index=True)
