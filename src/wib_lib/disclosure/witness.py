"""Other fillings of the hidden cells that fit everything shown: the proof that a cell is unsure.

A count is protected when two fillings exist, consistent with all that a reader sees, that give it
a low and a high value. `Evidence` keeps the lowest and highest value that any filling found so
far gives each cell; hiding more cells never makes a filling invalid.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from wib_lib.disclosure.program import SLACK, Program
from wib_lib.disclosure.system import System
from wib_lib.errors import TableError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
ROUNDS = 8


class Evidence:
    """
    Which guarded cells have been shown to be unsure enough, and by how much.

    Parameters
    ----------
    counts : array
        The true filling.
    floor : array
        Least value that a reader must allow.
    is_guarded, is_small : array of bool
    minimum : int
        Smallest count that may be shown. The values of a guarded small count must hold
        1 to `minimum - 1`, or span `minimum - 1`; any other guarded cell must not be certain.
    """

    def __init__(
        self, counts: Floats, floor: Floats, is_guarded: Flags, is_small: Flags, minimum: int
    ) -> None:
        self.counts, self.floor = counts, floor
        self.low, self.high = counts.copy(), counts.copy()
        self.is_guarded, self.is_small, self.minimum = is_guarded, is_small, minimum

    def add(self, cells: Ints, moved: Floats) -> None:
        """Take in a filling that differs from the true one by `moved` at `cells`."""
        values = self.counts[cells] + np.round(moved)
        self.low[cells] = np.minimum(self.low[cells], values)
        self.high[cells] = np.maximum(self.high[cells], values)

    @property
    def is_open(self) -> Flags:
        """Guarded cells that are not yet unsure enough."""
        return self.is_guarded & is_too_narrow(self.low, self.high, self.is_small, self.minimum)

    def need_up(self) -> Floats:
        """How far above its count a cell must still be seen."""
        wide = np.where(self.low <= 1, self.minimum - 1, self.low + self.minimum - 1)
        return np.where(self.is_small, np.maximum(wide - self.counts, 0), 1.0)

    def need_down(self) -> Floats:
        """How far below its count a small cell should be seen."""
        to_one = np.maximum(self.counts - np.maximum(self.floor, 1), 0)
        return np.where(self.is_small & (self.counts < self.minimum), to_one, 0.0)


def is_too_narrow(low: Floats, high: Floats, is_small: Flags, minimum: int) -> Flags:
    """
    Tell whether an interval leaves a reader too sure of the count.

    Examples
    --------
    >>> is_too_narrow(np.array([1, 2, 7]), np.array([4, 4, 8]), np.array([True, True, False]), 5)
    array([False,  True, False])
    """
    holds_all = (low <= 1) & (high >= minimum - 1)
    is_wide = high - low >= minimum - 1
    return np.where(is_small, ~holds_all & ~is_wide, high <= low) & (minimum > 1)


def explore(matrix: sparse.csr_matrix, is_hidden: Flags, evidence: Evidence) -> None:
    """
    Find fillings for many cells at once, moving hidden cells only.

    In every round half of the open cells are pushed up and half down, as far as they need; then
    the halves change places. Connected parts of the table do not touch one another, so one
    program serves all.
    """
    for turn in range(ROUNDS):
        n_open = int(evidence.is_open.sum())
        if n_open == 0:
            return
        for sign in (1, -1):
            _push(matrix, is_hidden, evidence, turn, sign)
        if turn > 1 and n_open - int(evidence.is_open.sum()) < 0.02 * n_open:
            return


def _push(
    matrix: sparse.csr_matrix, is_hidden: Flags, evidence: Evidence, turn: int, sign: int
) -> None:
    cells, part, sub = _parts_with_open_cells(matrix, is_hidden, evidence.is_open)
    if len(cells) == 0:
        return
    asked = evidence.is_open[cells]
    rank = np.cumsum(asked) - 1
    want = np.where((rank >> turn) & 1, sign, -sign) * asked
    up, down = evidence.need_up()[cells], evidence.need_down()[cells]
    high = np.where(asked, np.where(want > 0, up, np.inf), np.inf)
    low = evidence.floor[cells] - evidence.counts[cells]
    low = np.where(asked & (want < 0), -down, low)
    program = Program(sub, np.zeros(sub.shape[0]), np.minimum(low, 0), np.maximum(high, 0))
    program.cost(np.arange(len(cells)), -want.astype(float))
    moved = program.solve()
    if moved is None:
        return
    fractional = np.abs(moved - np.round(moved)) > SLACK
    whole = ~np.isin(part, np.unique(part[fractional]))
    evidence.add(cells[whole], moved[whole])


def _parts_with_open_cells(
    matrix: sparse.csr_matrix, is_hidden: Flags, is_open: Flags
) -> tuple[Ints, Ints, sparse.csr_matrix]:
    cells = np.flatnonzero(is_hidden)
    part = components(matrix[:, cells])
    kept = np.isin(part, np.unique(part[is_open[cells]]))
    sub = matrix[:, cells[kept]]
    return cells[kept], part[kept], sub[np.diff(sub.indptr) > 0]


def components(matrix: sparse.csr_matrix) -> Ints:
    """Number the connected parts that columns belong to, linked by the rows they share."""
    links = abs(matrix)
    graph = sparse.bmat([[None, links], [links.T, None]], format="csr")
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels[matrix.shape[0] :], np.int64)


def true_filling(linked: System) -> Floats:
    """Counts, with some filling that fits where a count is not known."""
    counts = np.array(linked.cells["n"].astype("float64"))
    unknown = np.flatnonzero(np.isnan(counts))
    if len(unknown):
        rest = -(linked.relations @ np.nan_to_num(counts))
        sub = linked.relations[:, unknown]
        rows = np.diff(sub.indptr) > 0
        nothing, any_number = np.zeros(len(unknown)), np.full(len(unknown), np.inf)
        filling = Program(sub[rows], rest[rows], nothing, any_number, is_integer=True).solve()
        if filling is None:
            raise TableError(
                "de tellingen spreken elkaar tegen: geen vulling klopt met alle sommen"
            )
        counts[unknown] = np.round(filling)
    return counts
