"""The cells that tables declare, each once.

Counts in several tables, packs or runs with the same measure and codes are the same cell: hidden
in one of them, it is hidden in all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wib_lib.disclosure.dimension import RESERVED, TOTAL
from wib_lib.errors import TableError
from wib_lib.tables import require_columns


@dataclass(frozen=True)
class Cube:
    """
    One declared table of counts.

    Parameters
    ----------
    name : str
        As the reader of a finding knows the table.
    measure : str
        What is counted; cells of different measures are never the same.
    dimensions : tuple of str
        The dimensions of the table; those that it does not name are at their total.
    cells : DataFrame
        One row per cell: a column of codes per dimension (`""` is the total) and `n` (whole
        number from 0; missing when not delivered). Optional: `is_public` (published elsewhere,
        known to every reader), `is_published` (False: known to us and shown in no table),
        `is_protected` (hidden whatever its count; see `group_disclosure`) and `cost` (loss when
        hidden, above 0; the square root of n + 1 when not given).
    """

    name: str
    measure: str
    dimensions: tuple[str, ...]
    cells: pd.DataFrame


def cell_key(measure: str, codes: Mapping[str, str]) -> str:
    """
    Write measure and codes as one text; totals are left out.

    Examples
    --------
    >>> cell_key("incidenten", {"periode": "2018", "gebied": "GM0513", "poging": ""})
    'incidenten;gebied=GM0513;periode=2018'
    """
    named = [f"{name}={code}" for name, code in sorted(codes.items()) if code != TOTAL]
    return ";".join([measure, *named])


def codes_of(key: str) -> tuple[str, dict[str, str]]:
    """
    Read a key back into measure and codes.

    Examples
    --------
    >>> codes_of("incidenten;gebied=GM0513;periode=2018")
    ('incidenten', {'gebied': 'GM0513', 'periode': '2018'})
    """
    measure, *named = key.split(";")
    return measure, dict(part.split("=") for part in named)


def declared_cells(cubes: Sequence[Cube], names: tuple[str, ...]) -> pd.DataFrame:
    """One row per declared cell, unique by measure and codes."""
    frames = [_checked(cube, names) for cube in cubes]
    stacked = pd.concat(frames, ignore_index=True) if frames else _checked(_NOTHING, names)
    cell = ["measure", *names]
    grouped = stacked.groupby(cell, sort=False)
    clash = grouped["n"].transform("min") != grouped["n"].transform("max")
    if clash.any():
        row = int(np.flatnonzero(clash)[0])
        first = stacked[grouped.ngroup() == grouped.ngroup().iloc[row]]
        codes = {name: str(first[name].iloc[0]) for name in names}
        where = " en ".join(first.loc[first["n"].notna(), "tables"].unique())
        raise TableError(
            f"{cell_key(first['measure'].iloc[0], codes)} heeft niet overal hetzelfde aantal: "
            f"vergelijk {where} en geef één aantal"
        )
    tables = grouped["tables"].agg(lambda found: ", ".join(sorted(set(found))))
    merged = grouped.agg(
        n=("n", "max"),
        is_public=("is_public", "any"),
        is_published=("is_published", "any"),
        is_protected=("is_protected", "any"),
        is_delivered=("is_delivered", "any"),
        floor=("floor", "min"),
        cost=("cost", "max"),
    )
    return merged.assign(tables=tables).reset_index()


_NOTHING = Cube("", "", (), pd.DataFrame({"n": pd.Series(dtype="Int64")}))


def _checked(cube: Cube, names: tuple[str, ...]) -> pd.DataFrame:
    given = cube.cells
    require_columns(given, [*cube.dimensions, "n"], name=cube.name)
    if any(sign in cube.measure for sign in RESERVED):
        raise TableError(f"{cube.name}: de maat mag geen ; of = bevatten, gevonden: {cube.measure}")
    counts = pd.to_numeric(given["n"], errors="coerce").astype("Float64")
    wrong = (given["n"].notna() & counts.isna()) | (counts < 0) | (counts % 1 != 0)
    if wrong.fillna(False).any():
        raise TableError(
            f"{cube.name}: n moet een geheel getal vanaf 0 zijn; {int(wrong.sum())} van "
            f"{len(given)} rijen niet, de eerste is rij {wrong.fillna(False).idxmax()}"
        )
    frame = pd.DataFrame({"measure": cube.measure, "tables": cube.name}, index=given.index)
    for name in names:
        codes = given[name] if name in cube.dimensions else TOTAL
        frame[name] = codes
        if frame[name].isna().any():
            row = frame.index[frame[name].isna()][0]
            raise TableError(f"{cube.name}: rij {row} heeft geen code voor {name}")
        if not frame[name].map(lambda code: isinstance(code, str)).all():
            raise TableError(f"{cube.name}: codes van {name} moeten tekst zijn")
    frame["n"] = counts.astype("Int64")
    frame["is_delivered"] = frame["n"].notna()
    for flag, default in (("is_public", False), ("is_published", True), ("is_protected", False)):
        frame[flag] = given[flag].astype(bool) if flag in given else default
    frame["is_public"] &= frame["is_delivered"]
    zeros_hidden = frame["is_protected"].any()
    is_shown_zero = frame["is_published"] & frame["n"].notna() & (not zeros_hidden)
    frame["floor"] = is_shown_zero.astype("int64")
    root = np.sqrt(frame["n"].fillna(0).astype("float64") + 1)
    frame["cost"] = given["cost"].astype("float64") if "cost" in given else root
    if (frame["cost"] <= 0).any():
        raise TableError(f"{cube.name}: cost moet boven 0 zijn")
    return frame.assign(cost=frame["cost"].where(frame["is_published"], 0.0))
