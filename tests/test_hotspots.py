"""Hot areas: Gi* as printed by R and by hand, and no hot area where burglary is chance."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import binom, false_discovery_control, norm

from wib_lib.errors import TableError
from wib_lib.hotspots import gi_star, hot_areas, touching, within

GOLDEN = Path(__file__).parents[2] / "shared" / "golden" / "gistar"
needs_golden = pytest.mark.skipif(
    not GOLDEN.is_dir(), reason="the folder shared/ with golden cases is not beside this repository"
)


def square(side: int) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.divmod(np.arange(side * side), side)
    return columns.astype(float), rows.astype(float)


@pytest.fixture
def areas() -> pd.DataFrame:
    """400 cells with a corner of 3 x 3 at ten times the risk of the others."""
    rng = np.random.default_rng(7)
    x, y = square(20)
    n_dwellings = rng.integers(10, 90, 400)
    risk = np.where((x < 3) & (y < 3), 0.10, 0.01)
    return pd.DataFrame(
        {"x": x, "y": y, "n_dwellings": n_dwellings, "n_burglaries": rng.poisson(n_dwellings * risk)}
    )  # fmt: skip


# ---- Gi*


def test_gi_star_by_hand() -> None:
    # Values 0, 0, 6 on a line, each a neighbour of the next: mean 2, s = sqrt(36/3 - 4) = sqrt 8.
    # Left: sum 0 over 2 areas, minus 4, over sqrt 8 x sqrt((3 x 2 - 4) / 2) = sqrt 8: -sqrt 2.
    # Middle: its neighbourhood is everything, so it cannot differ: 0. Right: 6 - 4: 1 / sqrt 2.
    weights = within(np.array([0.0, 1.0, 2.0]), np.zeros(3), 1.0)
    found = gi_star(np.array([0.0, 0.0, 6.0]), weights)
    np.testing.assert_allclose(found, [-np.sqrt(2), 0, np.sqrt(0.5)], rtol=1e-12)


def test_gi_star_is_its_definition_with_loops() -> None:
    rng = np.random.default_rng(3)
    x, y, values = rng.random(60), rng.random(60), rng.gamma(1, 1, 60)
    found = gi_star(values, within(x, y, 0.2))
    mean, spread = values.mean(), np.sqrt((values**2).mean() - values.mean() ** 2)
    for i in range(60):
        near = [j for j in range(60) if np.hypot(x[i] - x[j], y[i] - y[j]) <= 0.2]
        size = len(near)
        top = sum(values[j] for j in near) - mean * size
        assert found[i] == pytest.approx(
            top / (spread * np.sqrt((60 * size - size**2) / 59)), rel=1e-10
        )


def test_gi_star_does_not_depend_on_order_or_units() -> None:
    rng = np.random.default_rng(4)
    x, y, values = rng.random(80), rng.random(80), rng.gamma(1, 1, 80)
    found = gi_star(values, within(x, y, 0.2))
    order = rng.permutation(80)
    again = gi_star(values[order], within(x[order], y[order], 0.2))
    np.testing.assert_allclose(again, found[order], rtol=1e-10)
    np.testing.assert_allclose(gi_star(7 + 3 * values, within(x, y, 0.2)), found, rtol=1e-9)


def test_the_same_value_everywhere_is_refused() -> None:
    with pytest.raises(TableError, match="areas: all rates are the same"):
        gi_star(np.ones(9), within(*square(3), 1.5))


@needs_golden
def test_gi_star_of_six_points_as_published() -> None:
    # The example of pysal's own tests, also computed by R's spdep.
    case = json.loads((GOLDEN / "expected.json").read_text(encoding="utf-8"))["toy6"]
    x, y = np.array(case["points"], dtype=float).T
    found = gi_star(np.array(case["y"], dtype=float), within(x, y, case["threshold"]))
    np.testing.assert_allclose(found, case["gistar_binary_Z"], rtol=1e-8)


@needs_golden
def test_gi_star_of_chicago_as_by_r_with_its_hot_cells() -> None:
    cells = pd.read_csv(GOLDEN / "chicago_1km_gistar_spdep.csv")
    counts = json.loads((GOLDEN / "expected.json").read_text(encoding="utf-8"))["counts"]
    z = gi_star(
        cells["n2016"].to_numpy(float), within(cells["cx"].to_numpy(), cells["cy"].to_numpy(), 1.5)
    )
    np.testing.assert_allclose(z, cells["gistar"], rtol=1e-8)
    # Counts where each cell has one dwelling are rates: the same Z, p and adjusted p.
    found = hot_areas(
        cells.rename(columns={"n2016": "n_burglaries"}).assign(n_dwellings=1),
        within(cells["cx"].to_numpy(), cells["cy"].to_numpy(), 1.5),
    )
    np.testing.assert_allclose(found["p"], cells["p2"], rtol=1e-6)
    np.testing.assert_allclose(found["p_bh"], cells["p_bh"], rtol=1e-6)
    hot = found["z"] > 0
    assert int((hot & (found["p"] <= 0.05)).sum()) == counts["hot_p05"] == 103
    assert int((hot & (found["p_bh"] <= 0.05)).sum()) == counts["hot_BH05"] == 75
    # With thousands of burglaries the exact test takes away none of them.
    assert int(found["is_hot"].sum()) == 75


# ---- neighbours


def test_neighbours_of_a_square_by_hand() -> None:
    size = np.asarray(within(*square(3), 1.5).sum(axis=1)).ravel()
    assert size.tolist() == [4, 6, 4, 6, 9, 6, 4, 6, 4]


def test_touching_shapes_are_neighbours_at_a_corner_and_over_a_hair() -> None:
    boxes = [
        shapely.box(0, 0, 10, 10),
        shapely.box(10.5, 0, 20, 10),  # half a metre off: boundaries are not that exact
        shapely.box(20, 10, 30, 20),  # meets the second at a corner
        shapely.box(40, 0, 50, 10),
    ]
    expected = [[1, 1, 0, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]]
    assert touching(boxes).toarray().astype(int).tolist() == expected


# ---- hot areas


def test_the_planted_corner_is_hot_and_nothing_else(areas: pd.DataFrame) -> None:
    found = hot_areas(areas, within(areas["x"].to_numpy(), areas["y"].to_numpy(), 1.5))
    hot = found[found["is_hot"]]
    assert {(0, 0), (1, 1), (2, 2)} <= set(zip(hot["x"], hot["y"], strict=True))
    assert hot[["x", "y"]].to_numpy().max() <= 3  # one cell round it at most


def test_columns_are_their_definitions(areas: pd.DataFrame) -> None:
    weights = within(areas["x"].to_numpy(), areas["y"].to_numpy(), 1.5)
    found = hot_areas(areas, weights)
    rate = areas["n_burglaries"] / areas["n_dwellings"]
    np.testing.assert_allclose(found["rate"], 1000 * rate)
    np.testing.assert_allclose(found["z"], gi_star(rate.to_numpy(), weights))
    np.testing.assert_allclose(found["p"], 2 * norm.sf(abs(found["z"])), rtol=1e-10)
    np.testing.assert_allclose(found["p_bh"], false_discovery_control(found["p"]))
    total, dwellings = areas["n_burglaries"].sum(), areas["n_dwellings"].sum()
    corner = areas["x"].le(1) & areas["y"].le(1)  # the neighbourhood of cell 0
    n, share = areas.loc[corner, "n_burglaries"].sum(), areas.loc[corner, "n_dwellings"].sum()
    assert found["n_around"].iloc[0] == n
    assert found["expected_around"].iloc[0] == pytest.approx(total * share / dwellings)
    p = [
        binom.sf(k - 1, total, min(1, s / dwellings))
        for k, s in zip(
            found["n_around"], found["expected_around"] * dwellings / total, strict=True
        )
    ]
    np.testing.assert_allclose(found["p_around_bh"], false_discovery_control(p), rtol=1e-6)


def test_hot_areas_do_not_depend_on_order_and_leave_their_input_alone(areas: pd.DataFrame) -> None:
    before = areas.copy(deep=True)
    found = hot_areas(areas, within(areas["x"].to_numpy(), areas["y"].to_numpy(), 1.5))
    pd.testing.assert_frame_equal(areas, before)
    mixed = areas.sample(frac=1, random_state=1)
    again = hot_areas(mixed, within(mixed["x"].to_numpy(), mixed["y"].to_numpy(), 1.5))
    pd.testing.assert_frame_equal(again.sort_index(), found, rtol=1e-9)


def test_chance_makes_no_hot_areas_and_gi_star_alone_does() -> None:
    # 300 burglaries over dwellings at random, 200 times: at 5 % at most 18 draws (99.9 % of the
    # binomial) may have a hot cell; Gi* alone has one in most draws.
    rng = np.random.default_rng(11)
    x, y = square(25)
    dwellings = rng.integers(10, 150, len(x))
    weights = within(x, y, 1.5)
    n_hot = n_gi_star = 0
    for _ in range(200):
        n = rng.multinomial(300, dwellings / dwellings.sum())
        found = hot_areas(pd.DataFrame({"n_dwellings": dwellings, "n_burglaries": n}), weights)
        n_hot += bool(found["is_hot"].any())
        n_gi_star += bool(((found["z"] > 0) & (found["p_bh"] <= 0.05)).any())
    assert n_hot <= binom.ppf(0.999, 200, 0.05)
    assert n_gi_star > 100


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n_dwellings": 0}, "n_dwellings must be above 0 .* 1 of 400 rows .* index 5"),
        ({"n_burglaries": -1}, "n_burglaries 0 or more; 1 of 400 rows"),
        ({"n_burglaries": None}, "n_burglaries 0 or more; 1 of 400 rows"),
    ],
)
def test_bad_rows_are_named(
    areas: pd.DataFrame, change: dict[str, int | None], message: str
) -> None:
    ((column, value),) = change.items()
    broken = areas.astype({column: "Int64"})
    broken.loc[5, column] = pd.NA if value is None else value
    with pytest.raises(TableError, match=message):
        hot_areas(broken, within(areas["x"].to_numpy(), areas["y"].to_numpy(), 1.5))


def test_a_missing_column_is_named(areas: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="areas: column n_dwellings is missing"):
        hot_areas(areas.drop(columns="n_dwellings"), within(*square(20), 1.5))
