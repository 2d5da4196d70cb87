"""The density picture: burglaries per square kilometre, masked where they are few."""

import numpy as np
import pandas as pd
import pytest

from wib_lib.density import density
from wib_lib.errors import TableError
from wib_lib.grid import Grid

GRID = Grid(100)


def rectangle(n_columns: int, n_rows: int) -> pd.DataFrame:
    columns, rows = np.meshgrid(np.arange(n_columns), np.arange(n_rows))
    return pd.DataFrame({"column": columns.ravel(), "row": rows.ravel()})


@pytest.fixture
def points() -> pd.DataFrame:
    rng = np.random.default_rng(9)
    return pd.DataFrame({"rd_x": rng.uniform(0, 2000, 300), "rd_y": rng.uniform(0, 1500, 300)})


def test_one_burglary_by_hand() -> None:
    # In the middle of the cell: 3 / (pi 0.2^2) per km2; a cell further the factor is
    # (1 - 0.1^2 / 0.2^2)^2 = 0.5625; two cells further, at the radius itself, nothing.
    one = pd.DataFrame({"rd_x": [250.0], "rd_y": [50.0]})
    found = density(one, rectangle(5, 1), bandwidth=200, minimum=0, grid=GRID)["per_km2"]
    top = 3 / (np.pi * 0.2**2)
    np.testing.assert_allclose(found, [0, 0.5625 * top, top, 0.5625 * top, 0], atol=1e-9)


def test_density_is_its_definition_pair_by_pair(points: pd.DataFrame) -> None:
    found = density(points, rectangle(20, 15), bandwidth=330, minimum=20, grid=GRID)
    for row in found.itertuples():
        middle = (row.column + 0.5) * 100, (row.row + 0.5) * 100
        far = np.hypot(points["rd_x"] - middle[0], points["rd_y"] - middle[1])
        near = far[far < 330]
        if len(near) < 20:
            assert np.isnan(row.per_km2)
        else:
            expected = 3 / (np.pi * 0.33**2) * ((1 - near**2 / 330**2) ** 2).sum()
            assert row.per_km2 == pytest.approx(expected, rel=1e-10)
    assert found.attrs["n_masked"] == found["per_km2"].isna().sum() > 0


def test_density_adds_up_to_the_burglaries(points: pd.DataFrame) -> None:
    cells = rectangle(40, 40)
    middle = points[["rd_x", "rd_y"]] + 800  # nothing reaches over the edge
    found = density(middle, cells, bandwidth=700, minimum=0, grid=GRID)
    assert found["per_km2"].sum() * 0.1**2 == pytest.approx(300, rel=1e-3)


def test_density_does_not_depend_on_order_or_on_the_cells_around(points: pd.DataFrame) -> None:
    copy = points.copy(deep=True)
    found = density(points, rectangle(20, 15), bandwidth=300, minimum=1, grid=GRID)
    pd.testing.assert_frame_equal(points, copy)
    some = found.iloc[[7, 200, 31]][["column", "row"]]
    again = density(points.iloc[::-1], some, bandwidth=300, minimum=1, grid=GRID)
    np.testing.assert_allclose(again["per_km2"], found["per_km2"].iloc[[7, 200, 31]], rtol=1e-9)
    unplaced = pd.concat([points, pd.DataFrame({"rd_x": [np.nan], "rd_y": [5.0]})])
    whole = density(unplaced, rectangle(20, 15), bandwidth=300, minimum=1, grid=GRID)
    pd.testing.assert_frame_equal(whole, found)


def test_a_small_bandwidth_and_a_missing_column_are_refused(points: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="at least 200 m needed, found 199"):
        density(points, rectangle(2, 2), bandwidth=199, minimum=5)
    with pytest.raises(TableError, match="points: column rd_y is missing"):
        density(points[["rd_x"]], rectangle(2, 2), bandwidth=200, minimum=5)


def test_the_quartic_kernel_as_published() -> None:
    # Chainey et al. (2008), after Bailey & Gatrell (1995): 3 / (pi h^2) (1 - d^2/h^2)^2, whose
    # height at the point itself is 3 / pi for a radius of one kilometre.
    one = pd.DataFrame({"rd_x": [50.0], "rd_y": [50.0]})
    found = density(one, rectangle(1, 1), bandwidth=1000, minimum=0, grid=GRID)
    assert found["per_km2"].iloc[0] == pytest.approx(3 / np.pi)
