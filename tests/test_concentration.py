"""Concentration: every burglary is counted once, in a part or among the unplaced."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wib_lib.concentration import counts_by_part, top_share
from wib_lib.errors import TableError
from wib_lib.periods import Window

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
