"""Least-cost suppression of small systems, by integer programming.

One yes-or-no per cell, and for every small count two other fillings that may differ from the
true one only where cells are hidden (Fischetti and Salazar 2000). Exact, and slow: the number of
unknowns is cells times small counts. `protect` uses it for small connected parts; the tests
measure with it how far the heuristic is from the least loss.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NODES = 2_000  # of the search tree: a limit that does not depend on the machine


def least_cost(
    matrix: sparse.csr_matrix,
    cost: Floats,
    room: Floats,
    moves: list[tuple[int, float]],
) -> npt.NDArray[np.bool_] | None:
    """
    Choose the cells to hide.

    Parameters
    ----------
    matrix : csr_matrix
        Sums, over the cells that can move.
    cost : array
        Loss per cell; 0 for a cell that is hidden anyway.
    room : array
        How far each cell can go down.
    moves : list of (int, float)
        Cell, and by how much another filling must make it differ.

    Returns
    -------
    array of bool or None
        Cells to hide; None when no choice makes all moves possible, or the search was cut short.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    n_sums, n_cells = matrix.shape
    n_moves = len(moves)
    most = 2 * max(abs(by) for _, by in moves)
    sums = sparse.hstack(
        [sparse.csr_matrix((n_sums * n_moves, n_cells)), sparse.block_diag([matrix] * n_moves)]
    )
    each = sparse.vstack([sparse.eye_array(n_cells)] * n_moves)
    down = sparse.vstack([sparse.diags_array(np.minimum(room, most))] * n_moves)
    move = sparse.eye_array(n_cells * n_moves)
    low = np.concatenate([np.zeros(n_cells), np.full(n_cells * n_moves, -most)])
    high = np.concatenate([np.ones(n_cells), np.full(n_cells * n_moves, most)])
    for number, (cell, by) in enumerate(moves):
        place = n_cells * (number + 1) + cell
        low[place] = high[place] = by
    found = milp(
        np.concatenate([cost, np.zeros(n_cells * n_moves)]),
        integrality=np.concatenate([np.ones(n_cells), np.zeros(n_cells * n_moves)]),
        bounds=Bounds(low, high),
        constraints=[
            LinearConstraint(sums.tocsr(), 0, 0),
            LinearConstraint(sparse.hstack([-most * each, move]).tocsr(), -np.inf, 0),
            LinearConstraint(sparse.hstack([down, move]).tocsr(), 0, np.inf),
        ],
        options={"node_limit": NODES},
    )
    return found.x[:n_cells] > 0.5 if found.status == 0 else None
