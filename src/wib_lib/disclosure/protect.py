"""Primary and complementary suppression over one system of linked tables.

Small counts are hidden, and with them the cheapest other cells that keep a reader unsure of each.
For every small count a linear program finds the least costly other filling of the table that
gives it the value a reader must hold possible; the cells that differ in that filling are hidden
(Kelly, Golden and Assad 1992; Fischetti and Salazar 2000; Hundepool et al. 2012, section 4.4).
Zeros and what is known already never move, so they are never counted on.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from wib_lib.disclosure.program import SLACK, Program, is_whole
from wib_lib.disclosure.protection import Protection, finding, statuses
from wib_lib.disclosure.system import System
from wib_lib.disclosure.witness import Evidence, explore
from wib_lib.errors import TableError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
REACH = ((8, 2), (25, 3))  # cells per sum, steps from the cell; then the whole system
FREE = 1e-3  # cost of moving a hidden cell: little, so that few move


def protect(
    linked: System,
    *,
    minimum: int,
    hidden: Collection[str] = (),
    known: Collection[str] = (),
) -> Protection:
    """
    Decide which cells are shown, so that no hidden one can be worked out.

    Parameters
    ----------
    linked : System
    minimum : int
        Smallest count that may be shown; 1 hides nothing.
    hidden : collection of str
        Keys of cells that earlier publications hid: they stay hidden.
    known : collection of str
        Keys of cells that the readers have already seen: they stay shown, and protect nothing.

    Returns
    -------
    Protection
        Every small count that could not be protected is a finding.

    Raises
    ------
    TableError
        When `minimum` is below 1 or no filling fits the counts.

    Examples
    --------
    >>> from wib_lib.disclosure import Cube, nested, system
    >>> cells = pd.DataFrame({"gebied": ["GM1842", "WK184201", "WK184202"], "n": [40, 37, 3]})
    >>> parents = {"WK184201": "GM1842", "WK184202": "GM1842"}
    >>> linked = system([Cube("wijken", "incidenten", ("gebied",), cells)], [nested("gebied", parents)])
    >>> protection = protect(linked, minimum=5)
    >>> protection.cells.set_index("gebied")["status"].sort_index().tolist()
    ['shown', 'secondary', 'primary']
    """
    if minimum < 1:
        raise TableError(f"de kleinste te tonen telling moet minstens 1 zijn, gevonden: {minimum}")
    cells = linked.cells
    n = cells["n"].astype("float64").to_numpy()
    is_seen = cells["key"].isin(list(known)).to_numpy()
    is_known = (cells["is_public"] | is_seen).to_numpy()
    is_small = ((n > 0) & (n < minimum)) | (cells["is_protected_zero"].to_numpy() & (minimum > 1))
    was_hidden = cells["key"].isin(list(hidden)).to_numpy()
    is_guarded = (is_small | was_hidden) & ~is_known
    off_page = ~cells["is_published"].to_numpy() | np.isnan(n)
    is_zero = (n == 0) & ~is_guarded & ~off_page
    search = _Search(linked, minimum, is_guarded, is_free=~is_known & ~is_zero)
    search.is_hidden = (is_guarded | off_page) & ~is_known
    search.run()
    found = pd.concat(
        [
            finding("eerder_getoond", cells.loc[is_seen & is_small & ~cells["is_public"], "key"]),
            finding("al_openbaar", cells.loc[was_hidden & cells["is_public"], "key"]),
            finding("niet_te_beveiligen", cells.loc[search.evidence.is_open, "key"]),
        ],
        ignore_index=True,
    )
    status = statuses(cells, search.is_hidden & ~is_known, is_small)
    return Protection(cells.assign(status=status, is_guarded=is_guarded), minimum, found)


@dataclass(frozen=True)
class Lists:
    """Lists of numbers behind one another: list `i` is `items[start[i]:start[i + 1]]`."""

    start: Ints
    items: Ints

    def of(self, which: Ints, width: int | None = None) -> Ints:
        """Return the first `width` items of some lists, behind one another."""
        sizes = self.start[which + 1] - self.start[which]
        sizes = sizes if width is None else np.minimum(sizes, width)
        offsets = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.items[np.repeat(self.start[which], sizes) + offsets]


class _Search:
    """The search for other fillings, and the cells hidden so far."""

    def __init__(self, linked: System, minimum: int, is_guarded: Flags, is_free: Flags) -> None:
        cells = linked.cells
        self.floor = cells["floor"].to_numpy(float)
        counts = _filled(linked)
        self.evidence = Evidence(counts, self.floor, is_guarded, minimum)
        self.is_free, self.cost = is_free, cells["cost"].to_numpy()
        self.is_hidden = np.zeros(len(cells), bool)
        self.matrix = linked.relations
        free = np.flatnonzero(is_free)
        self.by_cell = self.matrix.tocsc()
        self.sums_of = Lists(self.by_cell.indptr, self.by_cell.indices)
        self.cells_of = _cheapest_first(self.matrix, free, np.where(is_guarded, 0, self.cost))

    def run(self) -> None:
        explore(self.matrix, self.is_hidden, self.evidence)
        evidence = self.evidence
        need = evidence.need_up() + evidence.need_down()
        todo = np.flatnonzero(evidence.is_open)
        for cell in todo[np.argsort(-need[todo], kind="stable")]:
            self._protect_one(int(cell))

    def _protect_one(self, cell: int) -> None:
        evidence = self.evidence
        for need, sign in ((evidence.need_down, -1), (evidence.need_up, 1)):
            if not evidence.is_open[cell]:
                return
            by = float(need()[cell])
            far_enough = evidence.low[cell] if sign < 0 else evidence.high[cell]
            if by == 0 or sign * (far_enough - evidence.counts[cell]) >= by:
                continue
            if not self._move(cell, sign * by) and by > 1:
                self._move(cell, sign)  # at least not certain
        if evidence.is_open[cell] and not evidence.is_small[cell]:
            self._move(cell, -1)

    def _move(self, cell: int, by: float) -> bool:
        """Hide the cheapest cells that let `cell` differ by `by`; False when none do."""
        for width, steps in (*REACH, (0, 0)):
            near = self._around(cell, width, steps) if width else np.flatnonzero(self.is_free)
            near, sub = _without_stuck(self.by_cell, near)
            if cell not in near:
                continue
            moved = self._cheapest(near, sub, int(np.searchsorted(near, cell)), by)
            if moved is None:
                continue
            support = np.abs(moved) > SLACK
            self.is_hidden[near[support]] = True
            self.evidence.add(near[support], moved[support])
            return True
        return False

    def _cheapest(
        self, near: Ints, sub: sparse.csr_matrix, cell: int, by: float
    ) -> Floats | None:
        """Solve for the least costly move, up and down apart; in whole numbers if need be."""
        size = len(near)
        both = sparse.hstack([sub, -sub])
        down = self.evidence.counts[near] - self.floor[near]
        high = np.concatenate([np.full(size, np.inf), np.maximum(down, 0)])
        low = np.zeros(2 * size)
        forced, other = (cell, size + cell) if by > 0 else (size + cell, cell)
        if high[forced] < abs(by):
            return None
        low[forced] = high[forced] = abs(by)
        high[other] = 0
        cost = np.where(self.is_hidden[near], FREE, self.cost[near] + FREE)
        for is_integer in (False, True):
            program = Program(both, np.zeros(sub.shape[0]), low, high, is_integer=is_integer)
            program.cost(np.arange(2 * size), np.concatenate([cost, cost]))
            found = program.solve()
            if found is None:
                return None
            if is_integer or is_whole(found):
                break
        return found[:size] - found[size:]

    def _around(self, cell: int, width: int, steps: int) -> Ints:
        """Cells within `steps` sums of `cell`, the cheapest `width` of each sum."""
        near = np.array([cell])
        frontier = near
        visited = np.empty(0, np.int64)
        for _ in range(steps):
            rows = np.setdiff1d(self.sums_of.of(frontier), visited)
            visited = np.union1d(visited, rows)
            found = np.unique(self.cells_of.of(rows, width))
            frontier = np.setdiff1d(found, near)
            near = np.union1d(near, found)
        closing, times = np.unique(self.cells_of.of(visited), return_counts=True)
        return np.union1d(near, closing[times > 1])


def _filled(linked: System) -> Floats:
    """Counts, with some filling that fits where a count is not known."""
    counts = linked.cells["n"].astype("float64").to_numpy(copy=True)
    unknown = np.flatnonzero(np.isnan(counts))
    if len(unknown):
        rest = -(linked.relations @ np.nan_to_num(counts))
        sub = linked.relations[:, unknown]
        rows = np.diff(sub.indptr) > 0
        nothing, any_number = np.zeros(len(unknown)), np.full(len(unknown), np.inf)
        filling = Program(sub[rows], rest[rows], nothing, any_number, is_integer=True).solve()
        if filling is None:
            raise TableError("de tellingen spreken elkaar tegen: geen vulling klopt met alle sommen")
        counts[unknown] = np.round(filling)
    return counts


def _cheapest_first(matrix: sparse.csr_matrix, free: Ints, cost: Floats) -> Lists:
    """Free cells of every sum, cheapest first."""
    part = matrix[:, free]
    row = np.repeat(np.arange(matrix.shape[0]), np.diff(part.indptr))
    cells = free[part.indices]
    order = np.lexsort([cells, cost[cells], row])
    return Lists(part.indptr, cells[order])


def _without_stuck(by_cell: sparse.csc_matrix, near: Ints) -> tuple[Ints, sparse.csr_matrix]:
    """Leave out cells that cannot move, being alone in a sum; return the rest and their sums."""
    sub = by_cell[:, near].tocsr()
    while True:
        sizes = np.diff(sub.indptr)
        alone = np.unique(sub.indices[np.repeat(sizes == 1, sizes)])
        if len(alone) == 0:
            return near, sub[sizes > 0]
        kept = np.setdiff1d(np.arange(len(near)), alone)
        near, sub = near[kept], sub[:, kept]
