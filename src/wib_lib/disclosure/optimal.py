"""Least-cost suppression of small systems, by integer programming.

One yes-or-no per cell, and for every small count two other fillings that may differ from the
true one only where cells are hidden (Fischetti and Salazar 2000). Exact, and slow: the number of
unknowns is cells times small counts. It serves systems of some tens of cells, and shows how far
the search of `search` is from the least loss.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from wib_lib.disclosure.program import Program

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
NODES = 2_000


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
    n_sums, n_cells = matrix.shape
    n_moves = len(moves)
    most = 2 * max(abs(by) for _, by in moves)
    no_cells = sparse.csr_matrix((n_sums * n_moves, n_cells))
    sums = sparse.hstack([no_cells, sparse.block_diag([matrix] * n_moves)])
    switch = sparse.vstack([sparse.eye_array(n_cells)] * n_moves)
    down = sparse.vstack([sparse.diags_array(np.minimum(room, most))] * n_moves)
    move = sparse.eye_array(n_cells * n_moves)
    upper = sparse.hstack([most * switch, -move])  # a cell that is shown does not move
    lower = sparse.hstack([down, move])
    low = np.concatenate([np.zeros(n_cells), np.full(n_cells * n_moves, -most)])
    high = np.concatenate([np.ones(n_cells), np.full(n_cells * n_moves, most)])
    for number, (cell, by) in enumerate(moves):
        place = n_cells * (number + 1) + cell
        low[place] = high[place] = by
    rows = sparse.vstack([sums, upper, lower])
    nothing = np.zeros(rows.shape[0])
    any_more = np.concatenate([np.zeros(n_sums * n_moves), np.full(2 * n_cells * n_moves, np.inf)])
    is_switch = np.arange(len(low)) < n_cells
    program = Program(rows, nothing, low, high, most=any_more, is_integer=is_switch, n_nodes=NODES)
    program.cost(np.arange(n_cells), cost)
    found = program.solve()
    return None if found is None else found[:n_cells] > 0.5
