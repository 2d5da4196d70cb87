"""Hot streets and density on real points: residential break-ins of Vancouver, 2020."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wib_lib.concentration import concentration
from wib_lib.density import density
from wib_lib.grid import Grid, count_in_cells
from wib_lib.hotspot_moves import compare_periods
from wib_lib.hotspots import hot_areas, within
from wib_lib.periods import Window

FILE = Path(__file__).parents[2] / "shared/data/bench/break_enter_residential_2020.csv"
pytestmark = pytest.mark.skipif(
    not FILE.is_file(), reason="the real data in shared/ is not beside this repository"
)
GRID = Grid(500)


@pytest.fixture(scope="module")
def incidents() -> pd.DataFrame:
    rows = pd.read_csv(FILE)
    day = pd.to_datetime(rows[["YEAR", "MONTH", "DAY"]].rename(columns=str.lower))
    return pd.DataFrame(
        {"day": day, "rd_x": rows["X"], "rd_y": rows["Y"], "street": rows["HUNDRED_BLOCK"]}
    )


@pytest.fixture(scope="module")
def cells(incidents: pd.DataFrame) -> pd.DataFrame:
    """Cells of the bounding box; there are no dwellings, so each counts as one."""
    placed = incidents[incidents["rd_x"] > 0]
    found = GRID.cells(placed["rd_x"].to_numpy(), placed["rd_y"].to_numpy())
    low, high = found.min(axis=0), found.max(axis=0)
    columns, rows = np.meshgrid(*map(np.arange, low, high + 1))
    table = pd.DataFrame({"column": columns.ravel(), "row": rows.ravel(), "n_dwellings": 1})
    table[["x", "y"]] = GRID.centres(table[["column", "row"]].to_numpy())
    return table


def test_every_break_in_is_counted(incidents: pd.DataFrame, cells: pd.DataFrame) -> None:
    year = {"n": Window(pd.Timestamp("2020-01-01").date())}
    counted = count_in_cells(incidents, cells, year, grid=GRID)
    assert len(incidents) == 2_083
    # What is off the map has the coordinates (0, 0).
    assert counted["n"].sum() == (incidents["rd_x"] > 0).sum()
    assert counted["n"].sum() + counted.attrs["n_outside"]["n"] == 2_083


def test_hot_cells_of_the_halves_of_the_year_overlap_more_than_chance(
    incidents: pd.DataFrame, cells: pd.DataFrame
) -> None:
    halves = {
        name: Window(pd.Timestamp(f"2020-{month}-01").date(), 6)
        for name, month in (("first", "01"), ("second", "07"))
    }
    counted = count_in_cells(incidents, cells, halves, grid=GRID)
    near = within(counted["x"].to_numpy(), counted["y"].to_numpy(), 1.5 * GRID.size)
    before, after = (hot_areas(counted, near, count=name) for name in halves)
    found = compare_periods(before, after, counts=("first", "second"))
    assert min(found.n_first, found.n_second) >= 5
    assert isinstance(found.p, float)
    assert found.p < 0.001
    assert found.jaccard > found.expected


def test_the_densest_cell_is_hot_and_streets_are_concentrated(
    incidents: pd.DataFrame, cells: pd.DataFrame
) -> None:
    placed = incidents[incidents["rd_x"] > 0]
    drawn = density(placed, cells, bandwidth=750, minimum=5, grid=GRID)
    assert 0 < drawn["per_km2"].isna().sum() < len(cells)
    counted = count_in_cells(
        incidents, cells, {"n": Window(pd.Timestamp("2020-01-01").date())}, grid=GRID
    )
    near = within(counted["x"].to_numpy(), counted["y"].to_numpy(), 1.5 * GRID.size)
    hot = hot_areas(counted, near, count="n")["is_hot"]
    assert hot[drawn["per_km2"].idxmax()]
    # Only streets with a break-in are in the file, and every one of them has one: over those alone
    # the top holds less than chance gives. Beside as many streets without, it holds more.
    counts = placed["street"].value_counts()
    n = len(counts)
    seen = concentration(counts, np.random.default_rng(1), n_units=n, n_draws=99)
    assert seen.gini < seen.gini_by_chance[1]
    whole = concentration(counts, np.random.default_rng(1), n_units=8 * n, n_draws=99)
    assert whole.gini > whole.gini_by_chance[2]
