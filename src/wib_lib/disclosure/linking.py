"""The sums between the cells of all tables, as one sparse matrix.

Tables are linked by cells that no table shows. The buurten of a month and the gemeente of a year
meet in the gemeente of a month; a nine-total less eight gemeenten is Laak. Such implied cells are
added: a sum whose parts are all there, and what is missing from a sum of which some parts are
there. What ends up in one sum only, and tells a reader nothing, is taken out again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """A dimension as numbers: cells whose code is `total` are the sum of those with `parts`."""

    stride: int
    size: int
    ways: Sequence[tuple[int, Ints]]
    is_overlapping: bool

    def grouped(self, keys: Ints) -> dict[int, Ints]:
        """Split keys by their code; of each key what remains without this axis, ascending."""
        codes = keys // self.stride % self.size
        order = np.argsort(codes, kind="stable")
        found, starts = np.unique(codes[order], return_index=True)
        groups = np.split(keys[order], starts[1:])
        return {
            int(code): group - code * self.stride for code, group in zip(found, groups, strict=True)
        }


def closure(keys: Ints, axes: Sequence[Axis]) -> Ints:
    """
    Add the implied cells that can link the given ones.

    Parameters
    ----------
    keys : array of int
        Unique cells.
    axes : sequence of Axis

    Returns
    -------
    array of int
        Unique, ascending.
    """
    keys = np.unique(keys)
    while True:
        grown = [keys]
        for axis in axes:
            grown.extend(_implied(axis, axis.grouped(keys)))
        bigger = np.unique(np.concatenate(grown))
        if len(bigger) == len(keys):
            return keys
        keys = bigger


def _implied(axis: Axis, groups: dict[int, Ints]) -> list[Ints]:
    none = np.empty(0, np.int64)
    found = []
    for total, parts in axis.ways:
        there = [groups.get(int(part), none) for part in parts]
        contexts, counts = np.unique(np.concatenate(there), return_counts=True)
        found.append(contexts[counts == len(parts)] + total * axis.stride)
        split = groups.get(total, none)
        if not axis.is_overlapping:
            split = np.intersect1d(split, contexts, assume_unique=True)
        found.extend(split + int(part) * axis.stride for part in parts)
    return found


def relations(keys: Ints, axes: Sequence[Axis]) -> tuple[sparse.csr_matrix, Ints]:
    """
    Build every sum of which all cells are there.

    Returns
    -------
    matrix : csr_matrix
        One row per sum, one column per cell of `keys`: 1 for the total, -1 for its parts.
    axis : array of int
        The axis along which each row sums.
    """
    rows, columns, values, along = [], [], [], []
    n_rows = 0
    for number, axis in enumerate(axes):
        groups = axis.grouped(keys)
        for total, parts in axis.ways:
            codes = [total, *parts.tolist()]
            if not all(code in groups for code in codes):
                continue
            contexts = groups[total]
            for part in codes[1:]:
                contexts = np.intersect1d(contexts, groups[part], assume_unique=True)
            row = n_rows + np.arange(len(contexts))
            for place, code in enumerate(codes):
                rows.append(row)
                columns.append(np.searchsorted(keys, contexts + code * axis.stride))
                values.append(np.full(len(row), -1 if place else 1))
            along.append(np.full(len(row), number))
            n_rows += len(row)
    if not n_rows:
        return sparse.csr_matrix((0, len(keys)), dtype=np.int64), np.empty(0, np.int64)
    entries = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    matrix = sparse.csr_matrix(entries, shape=(n_rows, len(keys)), dtype=np.int64)
    return matrix, np.concatenate(along)


def without_loose_ends(
    matrix: sparse.csr_matrix, is_implied: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """
    Leave out implied cells that tell nothing.

    An implied total that occurs in one sum only is named by that sum and by nothing else. Of the
    implied parts that occur in the same single sum, one is enough: it stands for all of them.

    Parameters
    ----------
    matrix : csr_matrix
        As `relations` gives.
    is_implied : array of bool
        By cell: no table has it.

    Returns
    -------
    rows, cells : array of bool
        What is kept.
    """
    rows = np.ones(matrix.shape[0], bool)
    totals, parts = matrix > 0, matrix < 0
    total_of = totals.indices if len(rows) else np.empty(0, np.int64)
    while True:
        n_sums = rows @ abs(matrix)
        loose = rows & is_implied[total_of] & (n_sums[total_of] == 1)
        if not loose.any():
            break
        rows &= ~loose
    cells = ~is_implied | (n_sums > 0)
    merged = is_implied & (n_sums == 1) & (rows @ parts > 0)
    # the first of these ends in every sum stays
    row, end = parts[rows][:, merged].nonzero()
    ends = np.flatnonzero(merged)
    cells[ends] = False
    cells[ends[end[np.unique(row, return_index=True)[1]]]] = True
    return rows, cells


def follows(matrix: sparse.csr_matrix, is_known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """
    Tell which cells follow from known ones, one sum at a time.

    Examples
    --------
    >>> sums = sparse.csr_matrix([[1, -1, -1, 0], [0, 0, 1, -1]])
    >>> follows(sums, np.array([True, True, False, False]))
    array([ True,  True,  True,  True])
    """
    is_known = is_known.copy()
    size = abs(matrix)
    while True:
        ready = size @ (~is_known).astype(np.int64) == 1
        found = (ready @ size > 0) & ~is_known
        if not found.any():
            return is_known
        is_known |= found
