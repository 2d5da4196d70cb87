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

from wib_lib.disclosure.nearby import Surroundings
from wib_lib.disclosure.program import Program, is_whole
from wib_lib.disclosure.protection import HIDDEN, SHOWN, Protection
from wib_lib.disclosure.system import System
from wib_lib.disclosure.witness import components, is_too_narrow, true_filling
from wib_lib.errors import TableError

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
FEW = 5  # cells settled by one program for all, below which each gets its own
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
        not seen as possibly 1 to `minimum - 1` or `minimum - 1` wide, another hidden count that
        is certain, or a small one that nobody delivered and yet is certain.

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
    any_number = np.full(len(free), np.inf)
    filling = true_filling(linked)[free]
    low, high = ranges(linked.relations[:, free], rhs, floor, any_number, filling=filling)
    found = cells.loc[free, ["key", "tables", "status"]].assign(low=low, high=high)
    found["width"] = found["high"] - found["low"]
    found["is_exact"] = found["width"] == 0
    is_small = (n[free] < protection.minimum) | cells["is_protected"].to_numpy()[free]
    narrow = is_too_narrow(low, high, is_small, protection.minimum)
    # A count that nobody gave us is not ours to judge, unless it follows, and is small.
    follows = (low == high) & (high > 0) & (high < protection.minimum)
    narrow = np.where(np.isnan(n[free]), follows, narrow)
    on_page = cells["status"].isin([*HIDDEN]).to_numpy() | cells["is_guarded"].to_numpy()
    found["is_too_narrow"] = narrow
    listed: pd.DataFrame = found[on_page[free] | (np.isnan(n[free]) & follows)]
    return listed.reset_index(drop=True)


def ranges(
    matrix: sparse.csr_matrix,
    rhs: Floats,
    low: Floats,
    high: Floats,
    *,
    filling: Floats | None = None,
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
        Whole or infinite; `low` is finite.
    filling : array, optional
        Some x in whole numbers that fits, to start from.

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
        sub = matrix[:, cells]
        rows = np.diff(sub.indptr) > 0
        is_settled = (low[cells] == high[cells]).all()
        if is_settled or rows.sum() <= 1:  # the bounds of a single sum are reached
            continue
        start = None if filling is None else filling[cells]
        found = _Part(sub[rows], rhs[rows], low[cells], high[cells], start).ranges()
        low[cells], high[cells] = found
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


class _Part:
    """A connected part: bounds that hold, and the values that some filling reaches."""

    def __init__(
        self,
        matrix: sparse.csr_matrix,
        rhs: Floats,
        low: Floats,
        high: Floats,
        filling: Floats | None,
    ) -> None:
        self.matrix, self.rhs = matrix, rhs
        self.low, self.high = low, high
        self.columns = np.arange(len(low))
        self.program = Program(matrix, rhs, low, high)
        self.filling = self._some_filling() if filling is None else filling
        self.reached_low, self.reached_high = self.filling.copy(), self.filling.copy()
        room = self.filling - self.low
        self.surroundings = Surroundings(matrix, low < high, -room)

    def ranges(self) -> tuple[Floats, Floats]:
        """Settle every bound: many at once, then each among its neighbours, then over all."""
        for sign in (1, -1):
            turn = 0
            while self._push_many(sign, turn) > FEW:
                turn += 1
        for sign in (1, -1):
            for cell in np.flatnonzero(self._open(sign)):
                if self._open(sign)[cell] and not self._reach_nearby(int(cell), sign):
                    self._settle(int(cell), sign)
        return self.low, self.high

    def _open(self, sign: int) -> npt.NDArray[np.bool_]:
        """Cells of which the lowest (1) or highest (-1) value is not known yet."""
        if sign > 0:
            return self.reached_low > self.low
        return self.reached_high < self.high

    def _reach(self, cells: Ints, filling: Floats) -> None:
        self.reached_low[cells] = np.minimum(self.reached_low[cells], filling)
        self.reached_high[cells] = np.maximum(self.reached_high[cells], filling)

    def _push_many(self, sign: int, turn: int) -> int:
        """Push open cells to their bound together, in an order of its own every turn."""
        is_open = self._open(sign)
        weight = 1 + (self.columns * 7919 + turn * 104_729) % 97
        found = self._solve(np.where(is_open, sign, -sign * 1e-3) * weight)
        if found is None or not is_whole(found):
            return 0
        self._reach(self.columns, np.round(found))
        return int(is_open.sum() - self._open(sign).sum())

    def _reach_nearby(self, cell: int, sign: int) -> bool:
        """Tell whether moving cells around `cell` brings it to its bound."""
        bound = self.low[cell] if sign > 0 else self.high[cell]
        if np.isinf(bound):
            return False
        for near, sums in self.surroundings.around(cell):
            now = self.filling[near]
            nothing = np.zeros(sums.shape[0])
            program = Program(sums, nothing, self.low[near] - now, self.high[near] - now)
            place = np.searchsorted(near, [cell])
            program.cost(place, np.array([float(sign)]))
            moved = program.solve()
            if moved is not None and is_whole(moved):
                self._reach(near, now + np.round(moved))
            if not self._open(sign)[cell]:
                return True
        return False

    def _settle(self, cell: int, sign: int) -> None:
        cost = (self.columns == cell) * float(sign)
        found = self._solve(cost)
        bounds = self.low if sign > 0 else self.high
        if found is None:  # not the lowest: that is bounded, and there is a filling
            bounds[cell] = np.inf
            return
        if not is_whole(found):
            found = self._solve(cost, is_integer=True)
            assert found is not None
        bounds[cell] = np.round(found[cell])
        self._reach(self.columns, np.round(found))

    def _some_filling(self) -> Floats:
        found = self._solve(np.ones(len(self.columns)), is_integer=True)
        if found is None:
            raise TableError(CONTRADICTION)
        return np.round(found)

    def _solve(self, cost: Floats, *, is_integer: bool = False) -> Floats | None:
        program = self.program
        if is_integer:
            program = Program(self.matrix, self.rhs, self.low, self.high, is_integer=True)
        program.cost(self.columns, cost.astype(float))
        return program.solve()
