"""What a reader can work out of every hidden cell: the audit.

The reader sees the shown cells, knows every sum, that counts are whole and not negative, and
that a hidden cell is not 0 where zeros are shown. The lowest and highest value that all this
allows follow by linear programming (Hundepool et al. 2012, section 4.4; Fischetti and Salazar
2000). Vertices with fractions are solved again in whole numbers.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from wib_lib.disclosure.program import Program, is_whole
from wib_lib.disclosure.protection import HIDDEN, SHOWN, Protection
from wib_lib.disclosure.system import System
from wib_lib.disclosure.witness import components, is_too_narrow
from wib_lib.errors import TableError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
CONTRADICTION = "de getoonde tellingen spreken elkaar tegen: geen vulling klopt ermee"


def audit(linked: System, protection: Protection) -> pd.DataFrame:
    """
    Bounds that a reader can put on every cell that is not shown.

    Parameters
    ----------
    linked : System
    protection : Protection
        Its statuses may be another's work, or changed by hand: nothing else of it is used.

    Returns
    -------
    DataFrame
        One row per hidden or guarded cell: `key`, `tables`, `status`, `low`, `high` (infinite
        where nothing bounds it), `width`, `is_exact` and `is_too_narrow`: a small count that is
        not seen as possibly 1 to `minimum - 1` or over `minimum - 1` wide, or another hidden
        count that is certain.

    Raises
    ------
    TableError
        When the shown counts contradict one another.
    """
    cells = protection.cells
    is_shown = (cells["status"] == SHOWN).to_numpy()
    n = cells["n"].astype("float64").to_numpy()
    free = np.flatnonzero(~is_shown)
    rhs = -(linked.relations[:, is_shown] @ n[is_shown])
    floor = cells["floor"].to_numpy(float)[free]
    low, high = ranges(linked.relations[:, free], rhs, floor, np.full(len(free), np.inf))
    found = cells.loc[free, ["key", "tables", "status"]].assign(low=low, high=high)
    found["width"] = found["high"] - found["low"]
    found["is_exact"] = found["width"] == 0
    is_small = (n[free] < protection.minimum) & ~np.isnan(n[free])
    narrow = is_too_narrow(low, high, is_small, protection.minimum)
    on_page = cells["status"].isin([*HIDDEN]).to_numpy() | cells["is_guarded"].to_numpy()
    found["is_too_narrow"] = narrow
    return found[on_page[free]].reset_index(drop=True)


def ranges(
    matrix: sparse.csr_matrix, rhs: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """
    Lowest and highest whole value of every x with `matrix @ x = rhs` and `low <= x <= high`.

    Parameters
    ----------
    matrix : csr_matrix
        Entries 1 and -1.
    rhs : array
        Whole numbers.
    low, high : array
        Whole or infinite.

    Returns
    -------
    low, high : array

    Raises
    ------
    TableError
        When no x fits.
    """
    matrix = matrix.tocsr()
    low, high = tightened(matrix, rhs, low, high)
    part = components(matrix)
    order = np.argsort(part, kind="stable")
    for cells in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        settled = low[cells] == high[cells]
        if not settled.all():
            low[cells], high[cells] = _ranges_of_part(matrix, rhs, low, high, cells)
    return low, high


def tightened(
    matrix: sparse.csr_matrix, rhs: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """
    Bounds that follow from one sum at a time, repeated until nothing changes.

    Examples
    --------
    >>> sums = sparse.csr_matrix([[1, 1]])
    >>> tightened(sums, np.array([6.0]), np.array([1.0, 1.0]), np.array([np.inf, 3.0]))
    (array([3., 1.]), array([5., 3.]))
    """
    low, high = low.astype(float), high.astype(float)
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    cell, sign = matrix.indices, matrix.data
    rhs = np.asarray(rhs, float)
    for _ in range(100):
        least = np.where(sign > 0, low[cell], -high[cell])
        most = np.where(sign > 0, high[cell], -low[cell])
        most_here = rhs[row] - _others(least, row, len(rhs), -np.inf)
        least_here = rhs[row] - _others(most, row, len(rhs), np.inf)
        new_low, new_high = low.copy(), high.copy()
        np.maximum.at(new_low, cell, np.where(sign > 0, least_here, -most_here))
        np.minimum.at(new_high, cell, np.where(sign > 0, most_here, -least_here))
        if (new_low > new_high).any():
            raise TableError(CONTRADICTION)
        if (new_low == low).all() and (new_high == high).all():
            break
        low, high = new_low, new_high
    return low, high


def _others(values: Floats, row: Ints, n_rows: int, infinite: float) -> Floats:
    """Sum of the other values of the same row, which may be infinite."""
    is_infinite = np.isinf(values)
    finite = np.where(is_infinite, 0, values)
    sums = np.bincount(row, finite, n_rows)[row] - finite
    others = np.bincount(row, is_infinite, n_rows)[row] - is_infinite
    return np.where(others > 0, infinite, sums)


def _ranges_of_part(
    matrix: sparse.csr_matrix, rhs: Floats, low: Floats, high: Floats, cells: Ints
) -> tuple[Floats, Floats]:
    """Ranges of one connected part: bounds are tried for many cells at once, then one by one."""
    sub = matrix[:, cells]
    rows = np.diff(sub.indptr) > 0
    sub, rest = sub[rows], rhs[rows]
    outer_low, outer_high = low[cells], high[cells]
    if len(rest) <= 1:
        return outer_low, outer_high  # one sum: its bounds are reached
    return _Part(sub, rest, outer_low, outer_high).ranges()


class _Part:
    """A connected part, with the bounds that hold and the values that fillings reached."""

    def __init__(self, matrix: sparse.csr_matrix, rhs: Floats, low: Floats, high: Floats) -> None:
        self.matrix, self.rhs = matrix, rhs
        self.low, self.high = low, high
        self.reached_low = np.full(len(low), np.inf)
        self.reached_high = np.full(len(low), -np.inf)
        self.program = Program(matrix, rhs, low, high)
        self.columns = np.arange(len(low))

    def ranges(self) -> tuple[Floats, Floats]:
        for sign in (1, -1):
            self._together(sign)
        for cell in self.columns:
            for sign in (1, -1):
                if self._is_open(sign)[cell]:
                    self._settle(int(cell), sign)
        return self.low, self.high

    def _is_open(self, sign: int) -> npt.NDArray[np.bool_]:
        if sign > 0:
            return self.reached_low > self.low
        return self.reached_high < self.high

    def _together(self, sign: int) -> None:
        """Push many cells at once to a bound; cells of one sum take turns."""
        share = np.asarray(abs(self.matrix).astype(float).sum(axis=0)).ravel()
        for turn in range(6):
            open_cells = self._is_open(sign)
            if not open_cells.any():
                return
            cost = np.where(open_cells, sign, -sign * 1e-3) * (1 + (self.columns * 7 + turn * 3) % 5)
            if self._solve(cost / share) is None:
                return

    def _solve(self, cost: Floats) -> Floats | None:
        self.program.cost(self.columns, cost.astype(float))
        found = self.program.solve()
        if found is not None and is_whole(found):
            self._reach(np.round(found))
        return found

    def _reach(self, filling: Floats) -> None:
        self.reached_low = np.minimum(self.reached_low, filling)
        self.reached_high = np.maximum(self.reached_high, filling)

    def _settle(self, cell: int, sign: int) -> None:
        cost = np.zeros(len(self.columns))
        cost[cell] = sign
        found = self._solve(cost)
        bounds = self.low if sign > 0 else self.high
        if found is None:
            if sign > 0:  # bounded below: there is no filling at all
                raise TableError(CONTRADICTION)
            bounds[cell] = np.inf
            return
        if not is_whole(found):
            whole = Program(self.matrix, self.rhs, self.low, self.high, is_integer=True)
            whole.cost(self.columns, cost)
            found = whole.solve()
            if found is None:
                raise TableError(CONTRADICTION)
            self._reach(np.round(found))
        bounds[cell] = np.round(found[cell])
