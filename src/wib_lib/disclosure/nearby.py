"""The cells around a cell, so that a question about one cell is a small program.

Whether a count can be a little higher is nearly always settled by a few cells of the same sums;
the whole system is only asked when its surroundings cannot tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
REACH = ((8, 2), (25, 3))  # cells per sum, steps from the cell


@dataclass(frozen=True)
class Lists:
    """Lists of numbers behind one another: list `i` is `items[start[i]:start[i + 1]]`."""

    start: Ints
    items: Ints

    def of(self, which: Ints, width: int | None = None) -> Ints:
        """
        Return the first `width` items of some lists, behind one another.

        Examples
        --------
        >>> lists = Lists(np.array([0, 3, 5]), np.array([7, 8, 9, 4, 5]))
        >>> lists.of(np.array([1, 0]), 2)
        array([4, 5, 7, 8])
        """
        sizes = self.start[which + 1] - self.start[which]
        sizes = sizes if width is None else np.minimum(sizes, width)
        offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        found: Ints = self.items[np.repeat(self.start[which], sizes) + offsets]
        return found


class Surroundings:
    """
    Cells that can move, and the sums that keep them together.

    Parameters
    ----------
    matrix : csr_matrix
        Sums over all cells.
    is_free : array of bool
        Cells that can move.
    cost : array
        Of each sum the cheapest cells are nearest.
    """

    def __init__(
        self, matrix: sparse.csr_matrix, is_free: npt.NDArray[np.bool_], cost: Floats
    ) -> None:
        self.free = np.flatnonzero(is_free)
        self._columns = matrix.tocsc()
        self._sums_of = Lists(self._columns.indptr, self._columns.indices)
        part = matrix[:, self.free]
        row = np.repeat(np.arange(matrix.shape[0]), np.diff(part.indptr))
        cells = self.free[part.indices]
        self._cells_of = Lists(part.indptr, cells[np.lexsort([cells, cost[cells], row])])

    def around(self, cell: int) -> Iterator[tuple[Ints, sparse.csr_matrix]]:
        """
        Yield ever larger surroundings of a cell: its cells, ascending, and the sums over them.

        Cells that cannot move because nothing else in one of their sums does are left out, and
        surroundings without the cell itself are not given.
        """
        for width, steps in REACH:
            yield from self._movable(cell, self._near(cell, width, steps))

    def everywhere(self, cell: int) -> Iterator[tuple[Ints, sparse.csr_matrix]]:
        """Yield all cells that can move, if `cell` is one of them."""
        yield from self._movable(cell, self.free)

    def _near(self, cell: int, width: int, steps: int) -> Ints:
        near = np.array([cell])
        frontier = near
        visited = np.empty(0, np.int64)
        for _ in range(steps):
            rows = np.setdiff1d(self._sums_of.of(frontier), visited)
            visited = np.union1d(visited, rows)
            found = np.unique(self._cells_of.of(rows, width))
            frontier = np.setdiff1d(found, near)
            near = np.union1d(near, found)
        # Cells where two of these sums meet close the circles that a move must follow.
        closing, times = np.unique(self._cells_of.of(visited), return_counts=True)
        return np.union1d(near, closing[times > 1])

    def _movable(self, cell: int, near: Ints) -> Iterator[tuple[Ints, sparse.csr_matrix]]:
        sub = self._columns[:, near].tocsr()
        while True:
            sizes = np.diff(sub.indptr)
            alone = np.unique(sub.indices[np.repeat(sizes == 1, sizes)])
            if len(alone) == 0:
                break
            kept = np.setdiff1d(np.arange(len(near)), alone)
            near, sub = near[kept], sub[:, kept]
        if cell in near:
            yield near, sub[sizes > 0]
