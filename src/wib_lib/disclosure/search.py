"""The search for the cells to hide: least costly other fillings, one small count after another.

For every small count a linear program finds the least costly other filling of the tables that
gives it a value which a reader must hold possible; the cells that differ in that filling are
hidden (Kelly, Golden and Assad 1992; Fischetti and Salazar 2000; Hundepool et al. 2012, section
4.4). What the first counts needed the later ones may have made superfluous, so the search is done
again among the cells that it chose, and of a small system also among those of least cost.
"""

from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import numpy.typing as npt
from scipy import sparse

from wib_lib.disclosure.nearby import Surroundings
from wib_lib.disclosure.optimal import least_cost
from wib_lib.disclosure.program import SLACK, Program, is_whole
from wib_lib.disclosure.witness import Evidence, explore

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
SMALL = 700  # cells times moves: solved exactly, in about a second at most
FREE = 1e-3  # cost of moving a hidden cell: little, so that few move


@dataclass(frozen=True)
class Task:
    """
    What must be protected, and with what.

    Parameters
    ----------
    matrix : csr_matrix
        Sums over the cells.
    counts, floor, cost : array
        The true filling, the least value a reader must allow, and the loss when hidden.
    is_guarded, is_small : array of bool
        Cells that must be unsure, and of these the ones that need a wide interval.
    is_hidden : array of bool
        Cells that no reader sees, whatever is chosen.
    is_free : array of bool
        Cells that may be hidden, or are.
    minimum : int
        Smallest count that may be shown.
    """

    matrix: sparse.csr_matrix
    counts: Floats
    floor: Floats
    cost: Floats
    is_guarded: Flags
    is_small: Flags
    is_hidden: Flags
    is_free: Flags
    minimum: int


def suppress(task: Task) -> tuple[Flags, Flags]:
    """
    Choose the cells to hide.

    Returns
    -------
    is_hidden : array of bool
    is_open : array of bool
        Guarded cells that nothing can protect.
    """
    tried = [_Search(task)]
    tried[0].run()
    for chosen in (tried[0].is_hidden, _optimal_choice(task)):
        if chosen is not None:
            tried.append(_Search(replace(task, is_free=task.is_free & chosen)))
            tried[-1].run(backward=True)
    best = min(tried, key=_Search.loss)
    return best.is_hidden, best.evidence.is_open


def _optimal_choice(task: Task) -> Flags | None:
    """Cells that a small system hides at least cost; None when it is not small."""
    free = np.flatnonzero(task.is_free)
    evidence = _evidence(task)
    asked = evidence.is_open[free]
    wanted = ((evidence.need_down()[free], -1), (evidence.need_up()[free], 1))
    moves = [
        (int(place), float(sign * by[place]))
        for by, sign in wanted
        for place in np.flatnonzero(asked & (by > 0))
    ]
    if not 0 < len(moves) * len(free) <= SMALL:
        return None
    cost = np.where(task.is_hidden, 0, task.cost)[free]
    room = (task.counts - task.floor)[free]
    found = least_cost(task.matrix[:, free], cost, room, moves)
    if found is None:
        return None
    chosen = task.is_hidden.copy()
    chosen[free[found]] = True
    return chosen


def _evidence(task: Task) -> Evidence:
    return Evidence(task.counts, task.floor, task.is_guarded, task.is_small, task.minimum)


class _Search:
    """The search for other fillings, and the cells hidden so far."""

    def __init__(self, task: Task) -> None:
        self.matrix, self.cost, self.floor = task.matrix, task.cost, task.floor
        self.evidence = _evidence(task)
        self.is_hidden = task.is_hidden.copy()
        nearest = np.where(task.is_hidden, 0, task.cost)
        self.surroundings = Surroundings(task.matrix, task.is_free, nearest)

    def loss(self) -> tuple[int, float]:
        """Cells that stay too sure, and the cost of what is hidden: the less the better."""
        return int(self.evidence.is_open.sum()), float(self.cost[self.is_hidden].sum())

    def run(self, *, backward: bool = False) -> None:
        """Protect all, those that need most first."""
        explore(self.matrix, self.is_hidden, self.evidence)
        evidence = self.evidence
        need = evidence.need_up() + evidence.need_down()
        todo = np.flatnonzero(evidence.is_open)
        order = todo[np.argsort(-need[todo], kind="stable")]
        for cell in order[::-1] if backward else order:
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
