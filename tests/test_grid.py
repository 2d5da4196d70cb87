"""A grid: every dwelling and burglary lands in one cell, or is counted as left out."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from wib_lib.errors import TableError
from wib_lib.grid import Grid, count_in_cells, dwelling_cells, spread_dwellings
from wib_lib.periods import Window

YEAR = {"n": Window(date(2018, 1, 1))}
FINE = Grid(100)


def points(rows: list[tuple[float, float, int]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["x", "y", "n_dwellings"])


def burglaries(rows: list[tuple[str, float | None, float | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["day", "rd_x", "rd_y"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


def test_cells_by_hand() -> None:
    # 12 + 3 dwellings in cell (0, 0), 9 in (1, 0) that are too few, 10 in (1, 2).
    found = dwelling_cells(
        points([(1, 1, 12), (99, 99, 3), (150, 50, 9), (100, 200, 10)]), grid=FINE
    )
    assert found[["column", "row"]].to_numpy().tolist() == [[0, 0], [1, 2]]
    assert found["n_dwellings"].tolist() == [15, 10]
    assert found[["x", "y"]].to_numpy().tolist() == [[50, 50], [150, 250]]
    assert found.attrs == {"n_dwellings_left_out": 9, "n_cells_left_out": 1}


def test_points_without_a_number_are_one_dwelling_each() -> None:
    found = dwelling_cells(pd.DataFrame({"x": [5.0] * 10, "y": [5.0] * 10}), grid=FINE)
    assert found["n_dwellings"].tolist() == [10]


def test_counts_by_hand() -> None:
    cells = dwelling_cells(points([(50, 50, 10), (150, 50, 10)]), grid=FINE)
    rows = burglaries(
        [("2018-01-01", 10, 10), ("2018-12-31", 99.9, 0), ("2018-06-01", 100, 0), ("2017-12-31", 5, 5),
         ("2018-06-01", 500, 500), ("2018-06-01", None, None)]
    )  # fmt: skip
    found = count_in_cells(rows, cells, YEAR, grid=FINE)
    assert found["n"].tolist() == [2, 1]
    assert found.attrs["n_outside"] == {"n": 1}
    assert found.attrs["n_without_point"] == {"n": 1}
    assert cells.attrs.keys() == {"n_dwellings_left_out", "n_cells_left_out"}


def test_every_dwelling_and_burglary_is_counted_once() -> None:
    rng = np.random.default_rng(5)
    homes = pd.DataFrame({"x": rng.uniform(0, 2000, 3000), "y": rng.uniform(0, 2000, 3000)})
    cells = dwelling_cells(homes)
    assert cells["n_dwellings"].sum() + cells.attrs["n_dwellings_left_out"] == 3000
    for row in cells.itertuples():
        inside = homes["x"].sub(row.x).abs().lt(62.5) & homes["y"].sub(row.y).abs().lt(62.5)
        assert inside.sum() == row.n_dwellings
    days = pd.Timestamp("2017-07-01") + pd.to_timedelta(rng.integers(0, 730, 500), unit="D")
    rows = pd.DataFrame({"day": days, "rd_x": rng.uniform(0, 2500, 500), "rd_y": 50.0})
    rows.loc[::7, "rd_x"] = np.nan
    found = count_in_cells(rows, cells, YEAR)
    parts = found["n"].sum() + found.attrs["n_outside"]["n"] + found.attrs["n_without_point"]["n"]
    assert parts == (rows["day"].dt.year == 2018).sum()


def test_the_grid_does_not_depend_on_order_and_moves_with_its_origin() -> None:
    rng = np.random.default_rng(6)
    homes = pd.DataFrame({"x": rng.uniform(0, 900, 900), "y": rng.uniform(0, 900, 900)})
    copy = homes.copy(deep=True)
    found = dwelling_cells(homes, grid=FINE)
    pd.testing.assert_frame_equal(homes, copy)
    pd.testing.assert_frame_equal(dwelling_cells(homes.iloc[::-1], grid=FINE), found)
    moved = dwelling_cells(homes + 37, grid=Grid(100, (37, 37)))
    assert moved["n_dwellings"].tolist() == found["n_dwellings"].tolist()
    np.testing.assert_allclose(moved["x"], found["x"] + 37)


def test_spread_dwellings_keep_their_number_and_follow_the_surface() -> None:
    parts = pd.DataFrame(
        {
            "n_dwellings": [300.0, 80.0, None, 0.0],
            "geometry": [
                shapely.box(0, 0, 150, 100),  # two thirds in the first cell
                shapely.box(320, 20, 380, 60),  # one cell
                shapely.box(0, 500, 9, 509),
                shapely.box(0, 600, 9, 609),
            ],
        }
    )
    found = spread_dwellings(parts, grid=FINE)
    assert found["n_dwellings"].sum() == pytest.approx(380)
    cells = dwelling_cells(found, grid=FINE)
    assert cells[["column", "row"]].to_numpy().tolist() == [[0, 0], [1, 0], [3, 0]]
    assert cells["n_dwellings"].tolist() == pytest.approx([200, 100, 80])


def test_nothing_to_spread_is_refused() -> None:
    parts = pd.DataFrame({"n_dwellings": [None], "geometry": [shapely.box(0, 0, 1, 1)]})
    with pytest.raises(TableError, match="parts: no part has dwellings"):
        spread_dwellings(parts)


def test_a_point_without_a_place_and_an_empty_grid_are_refused() -> None:
    with pytest.raises(TableError, match="every point needs x and y"):
        dwelling_cells(pd.DataFrame({"x": [1.0, None], "y": [1.0, 1.0]}))
    with pytest.raises(TableError, match="no cell of 125 m has 10 dwellings or more"):
        dwelling_cells(points([(1, 1, 9)]))
    with pytest.raises(TableError, match="incidents: column rd_x, rd_y is missing"):
        count_in_cells(pd.DataFrame({"day": []}), dwelling_cells(points([(1, 1, 10)])), YEAR)


def test_the_published_size_of_a_cell() -> None:
    # CAS of the Dutch police predicts for squares of 125 x 125 m (register of algorithms).
    assert Grid().size == 125
    assert Grid().cells(np.array([155_000.0]), np.array([463_000.0])).tolist() == [[1240, 3704]]
