"""One system of all linked tables: cells, each once, and the sums between them.

The sums are the equations that a reader can write down: along every hierarchy of every dimension,
across all tables.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from wib_lib.disclosure.cells import Cube, cell_key, declared_cells
from wib_lib.disclosure.dimension import RESERVED, TOTAL, Dimension
from wib_lib.disclosure.linking import Axis, closure, relations, without_loose_ends
from wib_lib.errors import TableError

IMPLIED = "(volgt uit andere tabellen)"


@dataclass(frozen=True)
class System:
    """
    Cells and sums of all tables.

    Parameters
    ----------
    cells : DataFrame
        One row per cell: `key`, `measure`, a column per dimension, `n` (Int64), `tables`,
        `is_public`, `is_published`, `is_protected`, `is_delivered`, `floor` (least a reader who
        sees it hidden knows it is) and `cost`. Implied cells stand in no table; several that
        are missing from one sum are one cell, under the key of the first. Their counts, and those
        that were not delivered, are filled in where they follow from the others.
    relations : csr_matrix
        One row per sum: 1 at the total, -1 at its parts; times `n` it is 0.
    along : array of str
        The dimension along which each row sums.
    """

    cells: pd.DataFrame
    relations: sparse.csr_matrix
    along: np.ndarray
    dimensions: tuple[str, ...]

    def find(self, measure: str, **codes: str) -> int:
        """
        Return the row of a cell.

        Raises
        ------
        TableError
            When the system has no such cell.
        """
        key = cell_key(measure, codes)
        found = self.cells.index[self.cells["key"] == key]
        if len(found) == 0:
            raise TableError(f"geen tabel heeft de cel {key}")
        return int(found[0])


def system(cubes: Sequence[Cube], dimensions: Sequence[Dimension]) -> System:
    """
    Link tables into one system.

    Parameters
    ----------
    cubes : sequence of Cube
    dimensions : sequence of Dimension
        Those of the cubes; a dimension without sums links nothing.

    Returns
    -------
    System
        In an order that depends on the counts and their sums, not on rows or labels.

    Raises
    ------
    TableError
        When a table lacks a column, a count is not a whole number from 0, two tables give the
        same cell another count, or a sum does not add up.

    Notes
    -----
    Cells inside a cross of dimensions that no table crosses are not part of the system: three
    tables of two dimensions each say little, but not nothing, about the cells of the table with
    all three.
    """
    names = tuple(sorted({name for cube in cubes for name in cube.dimensions}))
    declared = declared_cells(cubes, names)
    codebooks, axes = _axes(declared, dimensions, names)
    keys = _encode(declared, codebooks, axes, names)
    declared.index = pd.Index(keys)
    full = closure(keys, axes[1:])
    matrix, along = relations(full, axes[1:])
    is_implied = ~np.isin(full, keys)
    rows, kept = without_loose_ends(matrix, is_implied)
    matrix = matrix[rows][:, kept]
    cells = _decode(full[kept], declared, codebooks, axes, names)
    cells["n"] = _with_implied_counts(cells["n"], matrix)
    order = _canonical(cells, matrix)
    cells = cells.iloc[order].reset_index(drop=True)
    linked = System(cells, matrix[:, order], np.asarray(names)[along[rows]], names)
    _refuse_contradictions(linked)
    return linked


def _axes(
    declared: pd.DataFrame, dimensions: Sequence[Dimension], names: tuple[str, ...]
) -> tuple[list[pd.Index], list[Axis]]:
    """Number the codes of every dimension; the measure is the first axis, and has no sums."""
    by_name = {dimension.name: dimension for dimension in dimensions}
    codebooks, axes, stride = [], [], 1
    for name in ("measure", *names):
        dimension = by_name.get(name, Dimension(name, {}))
        used = declared[name].unique().tolist()
        if any(sign in str(code) for code in used for sign in RESERVED):
            raise TableError(f"{name}: een code mag geen ; of = bevatten")
        book = pd.Index(sorted({*used, *(dimension.codes if name != "measure" else [])}))
        ways = [
            (
                int(book.get_indexer(pd.Index([total]))[0]),
                book.get_indexer(pd.Index(parts)).astype(np.int64),
            )
            for total, parts in dimension.ways()
        ]
        codebooks.append(book)
        axes.append(Axis(stride, max(len(book), 1), ways, dimension.is_overlapping))
        stride *= max(len(book), 1)
    if stride >= 2**63:
        raise TableError("te veel dimensies en codes voor één stelsel: splits de maten")
    return codebooks, axes


def _encode(
    declared: pd.DataFrame, codebooks: list[pd.Index], axes: list[Axis], names: tuple[str, ...]
) -> np.ndarray:
    keys = np.zeros(len(declared), np.int64)
    for name, book, axis in zip(("measure", *names), codebooks, axes, strict=True):
        keys += book.get_indexer(pd.Index(declared[name])) * axis.stride
    return keys


def _decode(
    keys: np.ndarray,
    declared: pd.DataFrame,
    codebooks: list[pd.Index],
    axes: list[Axis],
    names: tuple[str, ...],
) -> pd.DataFrame:
    cells = declared.drop(columns=["measure", *names]).reindex(keys)
    for name, book, axis in zip(("measure", *names), codebooks, axes, strict=True):
        cells[name] = book.to_numpy()[keys // axis.stride % axis.size]
    given = np.isin(keys, declared.index)
    for flag in ("is_public", "is_published", "is_protected", "is_delivered"):
        cells[flag] = cells[flag].where(given, False).astype(bool)
    cells["floor"] = cells["floor"].where(given, 0).astype("int64")
    cells["cost"] = cells["cost"].where(given, 0.0).astype("float64")
    cells["tables"] = cells["tables"].where(given, IMPLIED)
    parts = [
        np.where(cells[name] == TOTAL, "", f";{name}=" + cells[name].astype("str"))
        for name in names
    ]
    cells["key"] = cells["measure"].astype("str")
    for part in parts:
        cells["key"] += part
    front = ["key", "measure", *names, "n", "tables"]
    return cells[front + [name for name in cells if name not in front]]


def _with_implied_counts(n: pd.Series, matrix: sparse.csr_matrix) -> pd.Series:
    """Fill counts that follow from a sum in which they are the only unknown."""
    values = n.astype("float64").to_numpy(copy=True)
    size = abs(matrix)
    while True:
        unknown = np.isnan(values)
        rows = np.flatnonzero(size @ unknown.astype(np.int64) == 1)
        if len(rows) == 0:
            return pd.Series(values, index=n.index).astype("Int64")
        part = matrix[rows]
        rest = part @ np.where(unknown, 0, values)
        open_part = (part @ sparse.diags_array(unknown.astype(np.int64), dtype=np.int64)).tocoo()
        open_part.eliminate_zeros()
        values[open_part.col] = -rest[open_part.row] * open_part.data


def _canonical(cells: pd.DataFrame, matrix: sparse.csr_matrix) -> np.ndarray:
    """
    Order cells by their count and place in the sums; labels decide only between equals.

    Colours of cells are refined by those of the sums they stand in (Weisfeiler and Leman 1968).
    """
    columns = ["n", "cost", "floor", "is_public", "is_published", "is_protected", "is_delivered"]
    colour = cells.groupby(columns, dropna=False).ngroup().to_numpy(np.uint64)
    totals, parts = (matrix > 0).astype(np.uint64), (matrix < 0).astype(np.uint64)
    for _ in range(3):
        mixed = _mixed(colour)
        sums = _mixed(totals @ mixed * np.uint64(3) + parts @ mixed)
        around = totals.T @ sums * np.uint64(5) + parts.T @ sums
        colour = np.unique(_mixed(mixed + around), return_inverse=True)[1].astype(np.uint64)
    return np.lexsort(
        [cells["key"].to_numpy(dtype="U"), colour, cells["n"].fillna(-1).to_numpy("int64")]
    )


def _mixed(values: np.ndarray) -> np.ndarray:
    """Spread whole numbers over 64 bits (the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(values ^ (values >> np.uint64(31)))


def _refuse_contradictions(linked: System) -> None:
    n = linked.cells["n"].astype("float64").to_numpy()
    gaps = linked.relations @ np.nan_to_num(n)
    known = abs(linked.relations) @ np.isnan(n).astype(np.int64) == 0
    broken = np.flatnonzero((gaps != 0) & known)
    if len(broken):
        row = linked.relations[broken[0]]
        total = linked.cells.loc[row.indices[row.data > 0][0]]
        raise TableError(
            f"{total['key']} ({total['tables']}) is niet de som van de delen naar "
            f"{linked.along[broken[0]]}; maak de rest een eigen code, bijvoorbeeld onbekend "
            f"({len(broken)} sommen kloppen niet)"
        )
    if (linked.cells["n"] < 0).any():
        cell = linked.cells.loc[linked.cells["n"] < 0, "key"].iloc[0]
        raise TableError(f"{cell} zou onder 0 komen: de delen zijn samen meer dan hun totaal")
