"""Primary and complementary suppression over one system of linked tables.

Small counts are hidden, and with them the cheapest other cells that keep a reader unsure of each.
For every small count a linear program finds the least costly other filling of the table that
gives it the value a reader must hold possible; the cells that differ in that filling are hidden
(Kelly, Golden and Assad 1992; Fischetti and Salazar 2000; Hundepool et al. 2012, section 4.4).
Zeros and what is known already never move, so they are never counted on.
"""

from collections.abc import Collection
from itertools import chain

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from wib_lib.disclosure.nearby import Surroundings
from wib_lib.disclosure.program import SLACK, Program, is_whole
from wib_lib.disclosure.protection import Protection, finding, statuses
from wib_lib.disclosure.system import System
from wib_lib.disclosure.witness import Evidence, explore, true_filling
from wib_lib.errors import TableError

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
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
    is_small = ((n > 0) & (n < minimum)) | (cells["is_protected"].to_numpy() & (minimum > 1))
    was_hidden = cells["key"].isin(list(hidden)).to_numpy()
    is_guarded = (is_small | was_hidden) & ~is_known
    off_page = ~(cells["is_published"] & cells["is_delivered"]).to_numpy()
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
    status = statuses(
        cells, is_known=is_known, is_hidden=search.is_hidden, is_primary=is_small
    )
    floor = np.fmin(cells["floor"], n)  # a hidden 0 need not be taken for more
    decided = cells.assign(status=status, is_guarded=is_guarded, floor=floor)
    return Protection(decided, minimum, found)


class _Search:
    """The search for other fillings, and the cells hidden so far."""

    def __init__(self, linked: System, minimum: int, is_guarded: Flags, is_free: Flags) -> None:
        cells = linked.cells
        counts = true_filling(linked)
        self.floor = np.minimum(cells["floor"].to_numpy(float), counts)
        is_small = (counts < minimum) | cells["is_protected"].to_numpy()
        self.evidence = Evidence(counts, self.floor, is_guarded, is_small, minimum)
        self.cost = cells["cost"].to_numpy()
        self.is_hidden = np.zeros(len(cells), bool)
        self.matrix = linked.relations
        nearest = np.where(is_guarded, 0, self.cost)
        self.surroundings = Surroundings(self.matrix, is_free, nearest)

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
        around = self.surroundings
        for near, sub in chain(around.around(cell), around.everywhere(cell)):
            moved = self._cheapest(near, sub, int(np.searchsorted(near, cell)), by)
            if moved is None:
                continue
            support = np.abs(moved) > SLACK
            self.is_hidden[near[support]] = True
            self.evidence.add(near[support], moved[support])
            return True
        return False

    def _cheapest(self, near: Ints, sub: sparse.csr_matrix, cell: int, by: float) -> Floats | None:
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
                break
            if is_integer or is_whole(found):
                return found[:size] - found[size:]
        return None
