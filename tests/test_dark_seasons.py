"""Dark seasons: the same months side by side, and never the years of the pandemic as a base."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wib_lib.absent import Missing
from wib_lib.dark_seasons import DARKEST_MONTHS, PANDEMIC_BASE, dark_seasons
from wib_lib.series import Series
from wib_lib.trend import Change, ratio_change


def series(first: str, counts: object, *, n: int) -> Series:
    start = pd.date_range(first, periods=n, freq="MS")
    rows = {"start": start, "end": start + pd.offsets.MonthBegin(1), "n_burglaries": counts}
    return Series(pd.DataFrame(rows), "test")


@pytest.fixture
def months() -> Series:
    """Three years to December 2018: 10 a month, 30 in December and January."""
    counts = [30 if month % 12 in (0, 11) else 10 for month in range(36)]
    return series("2016-01-01", counts, n=36)


def test_a_running_season_is_compared_over_its_own_months(months: Series) -> None:
    found = dark_seasons(months, date(2018, 12, 31), n_seasons=3)
    assert isinstance(found, pd.DataFrame)
    # October to December only: 10 + 10 + 30 in each year.
    assert found["label"].tolist() == ["2016/17", "2017/18", "2018/19"]
    assert found["n"].tolist() == [50, 50, 50]
    assert found.attrs == {"n_months": 3, "mean": 50.0}
    assert found["change"].iloc[0] == Missing("geen eerder seizoen")
    assert found["change"].iloc[1].pct == pytest.approx(0)


def test_a_whole_season_has_all_its_months(months: Series) -> None:
    found = dark_seasons(months, date(2018, 3, 31), n_seasons=2)
    assert isinstance(found, pd.DataFrame)
    assert found["n"].tolist() == [100, 100]  # 10 + 10 + 30 + 30 + 10 + 10
    assert found.attrs["n_months"] == 6
    darkest = dark_seasons(months, date(2018, 3, 31), n_seasons=2, months=DARKEST_MONTHS)
    assert isinstance(darkest, pd.DataFrame)
    assert darkest["n"].tolist() == [60, 60]


def test_a_season_that_is_not_delivered_is_missing(months: Series) -> None:
    found = dark_seasons(months, date(2018, 12, 31), n_seasons=4)
    assert isinstance(found, pd.DataFrame)
    assert isinstance(found["n"].iloc[0], Missing)
    assert isinstance(found["change"].iloc[1], Missing)
    assert isinstance(found.attrs["mean"], Missing)


def test_pandemic_seasons_are_shown_but_no_base() -> None:
    counts = np.where(pd.date_range("2018-01-01", periods=72, freq="MS").year == 2021, 20, 40)
    found = dark_seasons(series("2018-01-01", counts, n=72), date(2023, 3, 31), n_seasons=5)
    assert isinstance(found, pd.DataFrame)
    assert found["is_pandemic"].tolist() == [False, False, True, True, False]
    # Of 2021/22 October to December were 2021: 3 x 20 + 3 x 40.
    assert found["n"].tolist() == [240, 240, 3 * 40 + 3 * 20, 3 * 20 + 3 * 40, 240]
    assert found["change"].iloc[3] == PANDEMIC_BASE == found["change"].iloc[4]
    assert found.attrs["mean"] == 240


def test_order_of_rows_does_not_matter(months: Series) -> None:
    mixed = Series(months.rows.sample(frac=1, random_state=3), "test")
    found = dark_seasons(months, date(2018, 12, 31), n_seasons=3)
    again = dark_seasons(mixed, date(2018, 12, 31), n_seasons=3)
    assert isinstance(found, pd.DataFrame)
    assert isinstance(again, pd.DataFrame)
    pd.testing.assert_frame_equal(again, found)


def test_years_and_nothing_have_no_seasons() -> None:
    start = pd.date_range("2013-01-01", periods=6, freq="YS")
    years = {"start": start, "end": start + pd.offsets.YearBegin(1), "n_burglaries": 5}
    found = dark_seasons(Series(pd.DataFrame(years), "test"), date(2018, 12, 31))
    assert found == Missing("de levering bevat jaarcijfers, geen maanden")
    absent = Series.absent(Missing("niet geleverd"))
    assert dark_seasons(absent, date(2018, 12, 31)) == Missing("niet geleverd")


def test_december_and_january_of_the_national_series() -> None:
    # Requirements 7.3: index jan 1.30, dec 1.39 of a mean month; October to March 57 to 60 %.
    index = [1.30, 1.12, 1.02, 0.80, 0.83, 0.76, 0.89, 0.97, 0.81, 0.97, 1.14, 1.39]
    counts = [round(1000 * value) for value in index * 2]
    national = series("2016-01-01", counts, n=24)
    dark = dark_seasons(national, date(2017, 12, 31), n_seasons=1, months=(10, 3))
    assert isinstance(dark, pd.DataFrame)
    assert dark["n"].iloc[0] == 970 + 1140 + 1390
    whole = dark_seasons(national, date(2017, 3, 31), n_seasons=1)
    assert isinstance(whole, pd.DataFrame)
    assert 0.57 <= whole["n"].iloc[0] / 12_000 <= 0.60


# ---- the change between two counts


def test_change_by_hand() -> None:
    # ln(80/100) = -0.2231, error sqrt(1/80 + 1/100) = 0.15, times 1.96 = 0.2940.
    found = ratio_change(100, 80)
    assert isinstance(found, Change)
    expected = [-20, 100 * np.expm1(-0.2231436 - 0.2939946), 100 * np.expm1(-0.2231436 + 0.2939946)]
    assert [found.pct, found.low, found.high] == pytest.approx(expected, abs=1e-4)
    wide = ratio_change(100, 80, phi=4)
    assert isinstance(wide, Change)
    assert np.log1p(wide.high / 100) - np.log1p(wide.low / 100) == pytest.approx(4 * 0.2939946)
    assert ratio_change(100, 80, phi=0.2) == found


def test_small_and_absent_counts_have_no_percentage() -> None:
    assert ratio_change(19, 80) == ratio_change(80, 19) == Missing("minder dan 20 woninginbraken")
    assert ratio_change(Missing("niet geleverd"), 80) == Missing("niet geleverd")
