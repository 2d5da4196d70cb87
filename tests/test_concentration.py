"""Concentration: every burglary is counted once, in a part or among the unplaced."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wib_lib.concentration import (
    concentration,
    counts_by_part,
    generalised_gini,
    gini,
    top_share,
)
from wib_lib.errors import TableError
from wib_lib.periods import Window

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder shared/ with golden cases is not beside this repository"
)
WINDOWS = {"n_now": Window(date(2018, 1, 1)), "n_before": Window(date(2017, 1, 1))}


@pytest.fixture
def incidents() -> pd.DataFrame:
    days = ["2016-12-31", "2017-01-01", "2017-12-31", "2018-01-01", "2018-12-31", "2018-06-01",
            "2018-06-02", "2019-01-01"]  # fmt: skip
    codes = ["BU1", "BU1", "BU2", "BU2", "BU2", None, "BU9", "BU1"]
    return pd.DataFrame({"day": pd.to_datetime(days), "buurt_code": codes})


@pytest.fixture
def parts() -> pd.DataFrame:
    return pd.DataFrame({"code": ["BU3", "BU1", "BU2"], "naam": ["Oost", "Noord", "Zuid"]})


def test_counts_by_hand(incidents: pd.DataFrame, parts: pd.DataFrame) -> None:
    found = counts_by_part(incidents, parts, WINDOWS, column="buurt_code")
    assert found["code"].tolist() == ["BU3", "BU1", "BU2"]
    assert found["n_now"].tolist() == [0, 0, 2]
    assert found["n_before"].tolist() == [0, 1, 1]
    # Of 2018, one has no code and one a code that is none of the parts.
    assert found.attrs["n_unplaced"] == {"n_now": 2, "n_before": 0}


def test_parts_and_unplaced_are_all_incidents_of_the_window() -> None:
    rng = np.random.default_rng(11)
    codes = rng.choice(["BU1", "BU2", "BU3", "BU4", None], 400)
    days = pd.Timestamp("2017-01-01") + pd.to_timedelta(rng.integers(-90, 820, 400), unit="D")
    incidents = pd.DataFrame({"day": days, "code": codes})
    parts = pd.DataFrame({"code": ["BU1", "BU2", "BU3"]})
    found = counts_by_part(incidents, parts, WINDOWS, column="code")
    for name, year in (("n_now", 2018), ("n_before", 2017)):
        inside = incidents[incidents["day"].dt.year == year]
        assert found[name].sum() + found.attrs["n_unplaced"][name] == len(inside)
        for code, n in zip(found["code"], found[name], strict=True):
            assert n == sum(inside["code"] == code)


def test_counts_do_not_depend_on_row_order_and_leave_their_input_alone(
    incidents: pd.DataFrame, parts: pd.DataFrame
) -> None:
    copies = incidents.copy(deep=True), parts.copy(deep=True)
    found = counts_by_part(incidents, parts, WINDOWS, column="buurt_code")
    again = counts_by_part(incidents.iloc[::-1], parts, WINDOWS, column="buurt_code")
    pd.testing.assert_frame_equal(again, found)
    pd.testing.assert_frame_equal(incidents, copies[0])
    pd.testing.assert_frame_equal(parts, copies[1])
    assert parts.attrs == {}


@pytest.mark.parametrize(
    ("drop", "message"),
    [("buurt_code", "incidents: column buurt_code is missing"), ("code", "parts: column code")],
)
def test_a_missing_column_is_named(
    incidents: pd.DataFrame, parts: pd.DataFrame, drop: str, message: str
) -> None:
    tables = [table.drop(columns=drop, errors="ignore") for table in (incidents, parts)]
    with pytest.raises(TableError, match=message):
        counts_by_part(*tables, WINDOWS, column="buurt_code")


def test_top_share_by_hand() -> None:
    # 50 of 100 in one part, 80 in two.
    counts = pd.Series([10, 50, 30, 10])
    assert top_share(counts, n_top=1) == pytest.approx(0.5, rel=1e-12)
    assert top_share(counts, n_top=2) == pytest.approx(0.8, rel=1e-12)
    assert top_share(counts, n_top=9) == pytest.approx(1, rel=1e-12)


def test_top_share_is_the_sum_of_the_sorted_counts() -> None:
    rng = np.random.default_rng(4)
    counts = pd.Series(rng.poisson(5, 60))
    for n_top in (1, 5, 30):
        expected = sum(sorted(counts)[::-1][:n_top]) / sum(counts)
        assert top_share(counts, n_top=n_top) == pytest.approx(expected, rel=1e-12)


def test_top_share_does_not_depend_on_order_ties_or_scale() -> None:
    counts = pd.Series([3, 3, 3, 1], index=list("abcd"))
    shares = [top_share(counts.iloc[order], n_top=2) for order in ([0, 1, 2, 3], [3, 2, 1, 0])]
    assert shares == pytest.approx([0.6, 0.6], rel=1e-12)
    assert top_share(counts * 7, n_top=2) == pytest.approx(0.6, rel=1e-12)


@pytest.mark.parametrize("counts", [[], [0, 0]])
def test_no_burglaries_have_no_concentration(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="counts must have a sum above 0"):
        top_share(pd.Series(counts, dtype=int), n_top=1)


def test_top_share_as_published_for_twente() -> None:
    # Actieplan Twente 2015-2016: about 1,400 of 2,085 burglaries in the three cities, 67 %.
    counts = pd.Series([1_400 // 3, 1_400 // 3, 1_400 - 2 * (1_400 // 3), *[137] * 5])
    assert counts.sum() == 2_085
    assert 100 * top_share(counts, n_top=3) == pytest.approx(67, abs=0.5)


# ---- Gini and its benchmark


@needs_shared
def test_gini_and_generalised_gini_as_published() -> None:
    # Bernasco & Steenbeek (2017), values of their package lorenzgini.
    golden = json.loads((SHARED / "golden/gini/expected.json").read_text(encoding="utf-8"))
    assert len(golden["cases"]) >= 5
    for case in golden["cases"]:
        counts = np.array(case["x"])
        assert gini(counts) == pytest.approx(case["gini"], abs=1e-10)
        assert generalised_gini(counts) == pytest.approx(case["ggini"], abs=1e-10)


@needs_shared
def test_concentration_of_chicago_as_published() -> None:
    golden = json.loads((SHARED / "golden/gini/expected.json").read_text(encoding="utf-8"))
    cells = pd.read_csv(SHARED / "golden/gistar/chicago_1km_gistar_spdep.csv")
    for year, expected in golden["chicago_1km"].items():
        found = concentration(cells[year], np.random.default_rng(1), n_units=574, n_draws=19)
        assert found.gini == pytest.approx(expected["gini"], abs=1e-10)
        assert found.top == pytest.approx(expected["top5pct_share"], abs=1e-10)
        assert (found.n_units, found.n_top) == (574, 29)
        assert found.top_p == found.gini_p == 1 / 20


def test_gini_by_hand_and_as_mean_difference() -> None:
    # One of two holds all: 1/2. Of 1, 2, 3: (-2 x 1 + 0 x 2 + 2 x 3) / (3 x 6) = 2/9.
    assert gini(np.array([0, 7])) == pytest.approx(0.5)
    assert gini(np.array([1, 2, 3])) == pytest.approx(2 / 9)
    counts = np.random.default_rng(2).poisson(3, 40)
    differences = np.abs(counts[:, None] - counts[None, :]).mean()
    assert gini(counts) == pytest.approx(differences / (2 * counts.mean()), rel=1e-12)
    assert gini(counts[::-1] * 5) == pytest.approx(float(gini(counts)), rel=1e-12)


def test_fewer_burglaries_than_streets_are_no_concentration_by_themselves() -> None:
    apart = np.array([1] * 5 + [0] * 45)
    assert gini(apart) == pytest.approx(0.9)
    assert generalised_gini(apart) == pytest.approx(0, abs=1e-12)
    # All five in one street: G = 1 - 1/50, and 50/5 x (0.98 - 1) + 1 = 0.8.
    assert generalised_gini(np.array([5] + [0] * 49)) == pytest.approx(0.8)


def test_the_benchmark_is_that_of_chance() -> None:
    rng = np.random.default_rng(3)
    streets = pd.Series(rng.multinomial(200, np.full(1_000, 1 / 1_000)))
    found = concentration(streets, np.random.default_rng(4), n_units=1_000)
    mean, low, high = found.top_by_chance
    assert low <= mean <= high
    assert low <= found.top <= high
    assert found.top_p > 0.05
    assert found.gini_p > 0.05
    # The mean share of the top 50 streets, drawn another way.
    shares = [
        np.sort(np.bincount(rng.integers(0, 1_000, 200), minlength=1_000))[-50:].sum() / 200
        for _ in range(400)
    ]
    assert mean == pytest.approx(np.mean(shares), abs=4 * np.std(shares) / 20)
    # And that many burglaries in few streets are more than chance.
    streets.iloc[0] += 30
    assert concentration(streets, np.random.default_rng(4), n_units=1_000).gini_p == pytest.approx(
        1 / 1_000
    )


def test_chance_can_follow_dwellings() -> None:
    buurten = pd.Series([900, 100])
    found = concentration(
        buurten, np.random.default_rng(1), n_units=2, dwellings=pd.Series([9_000, 1_000]), share=0.5
    )
    assert found.top_by_chance[0] == pytest.approx(0.9, abs=0.01)
    assert found.top_p > 0.3
    assert concentration(buurten, np.random.default_rng(1), n_units=2, share=0.5).top_p < 0.01


def test_streets_without_burglaries_count_and_order_does_not() -> None:
    seen = pd.Series([4, 1, 1, 2])
    found = concentration(seen, np.random.default_rng(8), n_units=100)
    padded = pd.Series([1, 0, 4, 2, 1] + [0] * 95)
    assert concentration(padded, np.random.default_rng(8), n_units=100) == found
    assert (found.n_units, found.n_top, found.top) == (100, 5, 1.0)
    assert seen.tolist() == [4, 1, 1, 2]


@pytest.mark.parametrize(
    ("counts", "more", "message"),
    [
        ([0, 0], {"n_units": 2}, "counts must have a sum above 0"),
        ([1, 2, 3], {"n_units": 2}, "must fit 3 counts, found 2 units"),
        (
            [1, 2, 3],
            {"n_units": 3, "dwellings": pd.Series([1, 2])},
            "must fit 3 counts, found 3 units",
        ),
    ],
)
def test_units_that_do_not_fit_are_refused(
    counts: list[int], more: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        concentration(pd.Series(counts), np.random.default_rng(1), **more)  # type: ignore[arg-type]
