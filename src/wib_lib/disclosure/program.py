"""Linear programs over sums of cells, solved again and again by HiGHS from where it stood.

A reader's knowledge is `A x = b` with bounds on x. Asking about one cell after another changes
only the objective or a bound, so each solve starts from the last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

SLACK = 1e-6  # HiGHS keeps to bounds and sums within 1e-7


class Program:
    """
    Minimise `cost @ x` over `rhs <= A x <= most`, `low <= x <= high`.

    Parameters
    ----------
    matrix : sparse matrix
    rhs : array
    low, high : array
        Bounds; infinite where there is none.
    most : array, optional
        `rhs` when not given: the rows are equations.
    is_integer : bool or array of bool
        Columns that must be whole (slower).
    n_nodes : int, optional
        Give up after so many nodes of the search for whole numbers: a limit that does not depend
        on the speed of the machine.
    """

    def __init__(
        self,
        matrix: sparse.spmatrix,
        rhs: Floats,
        low: Floats,
        high: Floats,
        *,
        most: Floats | None = None,
        is_integer: bool | npt.NDArray[np.bool_] = False,
        n_nodes: int | None = None,
    ) -> None:
        import highspy

        columns = sparse.csc_matrix(matrix, dtype=float)
        model = highspy.HighsLp()
        model.num_row_, model.num_col_ = columns.shape
        model.col_cost_ = np.zeros(columns.shape[1])
        model.col_lower_, model.col_upper_ = low.astype(float), high.astype(float)
        model.row_lower_ = np.asarray(rhs, float)
        model.row_upper_ = model.row_lower_ if most is None else np.asarray(most, float)
        model.a_matrix_.start_, model.a_matrix_.index_ = columns.indptr, columns.indices
        model.a_matrix_.value_ = columns.data
        whole = np.broadcast_to(is_integer, columns.shape[1])
        if whole.any():
            kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
            model.integrality_ = [kinds[kind] for kind in whole.astype(int)]
        self._solver = highspy.Highs()
        settings: dict[str, bool | int | str] = {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
        }
        if n_nodes is not None:
            settings["mip_max_nodes"] = n_nodes
        if not whole.any():
            settings |= {"presolve": "off", "solver": "simplex"}
        for name, value in settings.items():
            self._solver.setOptionValue(name, value)
        self._solver.passModel(model)
        self._optimal = highspy.HighsModelStatus.kOptimal
        self._columns = np.arange(columns.shape[1], dtype=np.int32)

    def cost(self, columns: npt.NDArray[np.int64], values: Floats) -> None:
        """Set the cost of some columns."""
        self._solver.changeColsCost(len(columns), columns.astype(np.int32), values.astype(float))

    def bound(self, column: int, low: float, high: float) -> None:
        """Set the bounds of one column."""
        self._solver.changeColBounds(int(column), float(low), float(high))

    def solve(self) -> Floats | None:
        """Return a least-cost x at a vertex; None when there is none, or no least."""
        self._solver.run()
        if self._solver.getModelStatus() != self._optimal:
            return None
        return np.asarray(self._solver.getSolution().col_value)


def is_whole(values: Floats) -> bool:
    """Tell whether all values are whole numbers, but for the solver's slack."""
    return bool((np.abs(values - np.round(values)) < SLACK).all())
