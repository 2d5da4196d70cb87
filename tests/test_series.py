"""Series and windows: a sum is a number only when every day of it was delivered."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from wib_lib import history
from wib_lib.absent import Missing
from wib_lib.errors import TableError
from wib_lib.periods import Window, add_months, parse_period
from wib_lib.series import Series, earlier_totals, mean_of, monthly
from wib_lib.trend import Trend

YEAR = Window(date(2018, 1, 1))
HALF = Window(date(2017, 10, 1), 6)


def months_of(first: str, n: int, counts: object = 1) -> pd.DataFrame:
    start = pd.date_range(first, periods=n, freq="MS")
    return pd.DataFrame(
        {"start": start, "end": start + pd.offsets.MonthBegin(1), "n_burglaries": counts}
    )


def years_of(first: int, counts: list[int]) -> pd.DataFrame:
    start = pd.date_range(f"{first}-01-01", periods=len(counts), freq="YS")
    return pd.DataFrame(
        {"start": start, "end": start + pd.offsets.YearBegin(1), "n_burglaries": counts}
    )


@pytest.fixture
def six_years() -> Series:
    """72 months from 2013; month m of year y counts 100 x (y - 2012) + m."""
    rows = months_of("2013-01-01", 72)
    counts = 100 * (rows["start"].dt.year - 2012) + rows["start"].dt.month
    return Series(rows.assign(n_burglaries=counts), "test")


# ---- windows


def test_a_window_is_whole_months_by_hand() -> None:
    # October 2017 to March 2018: 31 + 30 + 31 + 31 + 28 + 31 = 182 days.
    assert (HALF.end, HALF.last, HALF.n_days) == (date(2018, 4, 1), date(2018, 3, 31), 182)
    assert (YEAR.n_days, Window(date(2016, 1, 1)).n_days) == (365, 366)
    assert (YEAR.is_calendar_year(), HALF.is_calendar_year()) == (True, False)
    assert not Window(date(2018, 2, 1)).is_calendar_year()


def test_a_window_holds_as_many_days_as_the_calendar_counts() -> None:
    for first, n_months in [(date(2015, 11, 1), 5), (date(2019, 2, 1), 13), (date(2020, 1, 1), 1)]:
        window = Window(first, n_months)
        days = pd.date_range(first, window.last)
        assert len(days) == window.n_days
        assert days.to_period("M").nunique() == n_months


def test_earlier_years_have_the_same_months() -> None:
    leap = Window(date(2016, 2, 1), 1)
    assert leap.earlier(1) == Window(date(2015, 2, 1), 1)
    assert HALF.earlier(2).earlier(3) == HALF.earlier(5)
    assert HALF.earlier(0) == HALF


@pytest.mark.parametrize(
    ("start", "n_months", "message"),
    [
        (date(2018, 1, 2), 12, "start must be the first of a month, found 2018-01-02"),
        (date(2018, 1, 1), 0, "n_months must be at least 1, found 0"),
    ],
)
def test_a_window_that_is_no_whole_months_is_refused(
    start: date, n_months: int, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Window(start, n_months)


@pytest.mark.parametrize(
    ("day", "n", "moved"),
    [
        (date(2018, 1, 31), 1, date(2018, 2, 28)),
        (date(2016, 1, 31), 1, date(2016, 2, 29)),
        (date(2018, 12, 1), 1, date(2019, 1, 1)),
        (date(2018, 1, 15), -1, date(2017, 12, 15)),
        (date(2018, 1, 1), -25, date(2015, 12, 1)),
    ],
)
def test_months_are_added_as_the_calendar_has_them(day: date, n: int, moved: date) -> None:
    assert add_months(day, n) == moved
    assert add_months(day, n) == (pd.Timestamp(day) + pd.DateOffset(months=n)).date()


@pytest.mark.parametrize(
    ("text", "window"),
    [("2018", YEAR), ("2017-10/2018-03", HALF), ("2018-01/2018-01", Window(date(2018, 1, 1), 1))],
)
def test_goal_periods_are_read(text: str, window: Window) -> None:
    assert parse_period(text) == window


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("voorjaar", "invalid literal"),
        ("2018-01", "invalid literal"),
        ("2018-13/2019-01", "month must be in 1..12"),
        ("2018-12/2018-01", "n_months must be at least 1"),
        ("2018/2019", "Invalid isoformat string|month must be"),
        ("2018-01/2018-02/2018-03", "too many values"),
    ],
)
def test_a_text_that_is_no_period_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_period(text)


# ---- sums


def test_a_sum_over_a_window_by_hand(six_years: Series) -> None:
    # 2018: 12 x 600 + (1 + ... + 12 = 78) = 7,278. Oct-Dec 2017 1,533 + Jan-Mar 2018 1,806.
    assert six_years.total(YEAR) == 7278
    assert six_years.total(HALF) == 3 * 500 + 33 + 3 * 600 + 6


def test_months_and_years_give_the_same_sum(six_years: Series) -> None:
    by_year = six_years.rows.groupby(six_years.rows["start"].dt.year)["n_burglaries"].sum()
    yearly = Series(years_of(2013, by_year.tolist()), "test")
    for back in range(6):
        assert yearly.total(YEAR.earlier(back)) == six_years.total(YEAR.earlier(back))
    assert (six_years.is_monthly, yearly.is_monthly) == (True, False)


def test_row_order_and_other_columns_do_not_change_a_sum(six_years: Series) -> None:
    before = six_years.rows.copy(deep=True)
    shuffled = six_years.rows.sample(frac=1, random_state=1).assign(bestand="x")
    assert Series(shuffled, "test").total(HALF) == six_years.total(HALF)
    pd.testing.assert_frame_equal(six_years.rows, before)


@pytest.mark.parametrize(
    ("rows", "window", "reason"),
    [
        (months_of("2018-01-01", 11), YEAR, "2018 is onvolledig geleverd"),
        (months_of("2018-01-01", 12).drop(index=5), YEAR, "2018 is onvolledig geleverd"),
        (months_of("2016-01-01", 24), YEAR, "2018 is niet geleverd"),
        (years_of(2017, [5, 5]), HALF,
         "oktober 2017 tot en met maart 2018 is onvolledig geleverd"),
        (months_of("2018-01-01", 12, [1.0] * 11 + [np.nan]), YEAR, "niet geleverd"),
    ],
)  # fmt: skip
def test_a_sum_with_a_gap_is_missing_and_never_a_smaller_number(
    rows: pd.DataFrame, window: Window, reason: str
) -> None:
    assert Series(rows, "test").total(window) == Missing(reason)


def test_a_column_that_was_not_delivered_is_missing_not_zero(six_years: Series) -> None:
    assert six_years.total(YEAR, "n_attempts") == Missing("niet geleverd")


def test_an_absent_series_gives_its_reason_for_every_sum() -> None:
    absent = Series.absent(Missing("van Laak is niets geleverd"))
    assert absent.total(YEAR) == Missing("van Laak is niets geleverd")
    assert absent.rows.empty


def test_months_without_burglaries_count_as_zero() -> None:
    assert Series(months_of("2018-01-01", 12, 0), "test").total(YEAR) == 0


# ---- months from incidents


@pytest.fixture
def incidents() -> pd.DataFrame:
    days = ["2017-12-31", "2018-01-01", "2018-01-31 23:59", "2018-03-05", "2018-04-02", None]
    flags = pd.array([True, True, False, None, True, True], dtype="boolean")
    return pd.DataFrame({"kennisname_dt": pd.to_datetime(days, format="mixed"), "poging_jn": flags})


def test_months_by_hand(incidents: pd.DataFrame) -> None:
    found = monthly(incidents, first=date(2018, 1, 1), last=date(2018, 4, 30))
    # January 2 (1 attempt, both known), February 0, March 1 of unknown kind, April 1 attempt.
    assert found["n_burglaries"].tolist() == [2, 0, 1, 1]
    assert found["n_attempts"].tolist() == [1, 0, 0, 1]
    assert found["n_kind_known"].tolist() == [2, 0, 0, 1]
    assert found["start"].tolist() == list(pd.date_range("2018-01-01", periods=4, freq="MS"))
    assert found["end"].tolist() == list(pd.date_range("2018-02-01", periods=4, freq="MS"))


@pytest.mark.parametrize(
    ("first", "last", "n_months"),
    [
        (date(2018, 1, 1), date(2018, 4, 30), 4),
        (date(2018, 1, 2), date(2018, 4, 30), 3),
        (date(2018, 1, 1), date(2018, 4, 29), 3),
        (date(2017, 12, 15), date(2018, 1, 31), 1),
        (date(2018, 1, 2), date(2018, 1, 30), 0),
        (date(2018, 2, 1), date(2018, 2, 28), 1),
        (date(2020, 2, 1), date(2020, 2, 28), 0),
    ],
)
def test_only_months_that_were_delivered_whole_are_counted(
    incidents: pd.DataFrame, first: date, last: date, n_months: int
) -> None:
    assert len(monthly(incidents, first=first, last=last)) == n_months


def test_months_sum_to_the_incidents_of_their_days() -> None:
    rng = np.random.default_rng(7)
    days = pd.Timestamp("2017-01-01") + pd.to_timedelta(rng.integers(0, 730, 500), unit="D")
    kind = pd.array(rng.choice([True, False, None], 500), dtype="boolean")
    incidents = pd.DataFrame({"day": days, "poging_jn": kind})
    series = Series(
        monthly(incidents, first=date(2017, 1, 1), last=date(2018, 12, 31), day="day"), "test"
    )
    inside = incidents[incidents["day"].between("2017-10-01", "2018-03-31")]
    assert series.total(HALF) == len(inside)
    assert series.total(HALF, "n_attempts") == int(inside["poging_jn"].sum())
    assert series.total(HALF, "n_kind_known") == int(inside["poging_jn"].notna().sum())


def test_row_order_does_not_change_months_nor_the_input(incidents: pd.DataFrame) -> None:
    before = incidents.copy(deep=True)
    dates = {"first": date(2018, 1, 1), "last": date(2018, 4, 30)}
    found = monthly(incidents, **dates)
    pd.testing.assert_frame_equal(monthly(incidents.iloc[::-1], **dates), found)
    pd.testing.assert_frame_equal(incidents, before)


def test_attempts_that_nobody_flagged_are_missing_not_zero(incidents: pd.DataFrame) -> None:
    unknown = incidents.assign(poging_jn=pd.array([None] * len(incidents), dtype="boolean"))
    found = monthly(unknown, first=date(2018, 1, 1), last=date(2018, 4, 30))
    assert found[["n_attempts", "n_kind_known"]].isna().all(axis=None)
    assert found["n_burglaries"].sum() == 4


def test_incidents_without_the_day_column_are_refused(incidents: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="incidents: column pleeg_van is missing"):
        monthly(incidents, first=date(2018, 1, 1), last=date(2018, 4, 30), day="pleeg_van")


# ---- earlier years


def test_earlier_windows_come_latest_first_and_their_mean_by_hand(six_years: Series) -> None:
    earlier = earlier_totals(six_years, YEAR, 5)
    assert [window.start.year for window, _ in earlier] == [2017, 2016, 2015, 2014, 2013]
    # Years count 1,200 x k + 78 for k = 1..5: mean 1,200 x 3 + 78.
    assert mean_of(earlier) == 3678
    assert mean_of(earlier[::-1]) == np.mean([value for _, value in earlier])
    assert history.mean_before(six_years, YEAR, years=5) == 3678


def test_a_mean_over_missing_years_is_missing_and_names_them(six_years: Series) -> None:
    earlier = earlier_totals(six_years, YEAR, 7)
    assert mean_of(earlier) == Missing("niet te geven: 2011 en 2012 niet geleverd")
    part = Series(months_of("2016-06-01", 31), "test")
    assert mean_of(earlier_totals(part, YEAR, 3)) == Missing(
        "niet te geven: 2015 niet geleverd en 2016 onvolledig geleverd"
    )
    absent = Series.absent(Missing("niets geleverd"))
    assert mean_of(earlier_totals(absent, YEAR, 3)) == Missing("niet te geven: niets geleverd")


# ---- history


def test_windows_stand_oldest_first_with_the_window_marked(six_years: Series) -> None:
    found = history.windows(six_years, YEAR, years=6)
    assert found["label"].tolist() == [str(year) for year in range(2012, 2019)]
    assert found["n"].tolist()[0] == Missing("2012 is niet geleverd")
    assert found["n"].tolist()[1:] == [1200 * k + 78 for k in range(1, 7)]
    assert found["is_window"].tolist() == [False] * 6 + [True]


def test_names_of_spans_hold_the_years_they_cover() -> None:
    assert history.label(YEAR, years=5) == "2013 tot en met 2018"
    assert history.label(HALF, years=2) == "2015 tot en met 2018"
    assert history.name(HALF) == "oktober 2017 tot en met maart 2018"


def test_the_band_of_months_by_hand(six_years: Series) -> None:
    band = history.month_band(six_years, HALF, years=2)
    assert isinstance(band, pd.DataFrame)
    # Windows before start in October 2016 and 2015; October counts 100 x (y - 2012) + 10.
    assert band["month"].tolist() == [10, 11, 12, 1, 2, 3]
    assert band.loc[0, ["n", "low", "high", "mean"]].tolist() == [510, 310, 410, 360]
    assert band.loc[3, ["n", "low", "high", "mean"]].tolist() == [601, 401, 501, 451]
    assert band.attrs["years"] == "2015-2016"


def test_band_and_grid_do_not_depend_on_row_order(six_years: Series) -> None:
    shuffled = Series(six_years.rows.sample(frac=1, random_state=3), "test")
    for table in (history.month_band, history.season_grid):
        expected = table(six_years, HALF, years=3)
        pd.testing.assert_frame_equal(table(shuffled, HALF, years=3), expected)


def test_the_band_leaves_years_out_that_are_not_complete() -> None:
    rows = months_of("2016-02-01", 35, range(35))
    band = history.month_band(Series(rows, "test"), YEAR, years=5)
    assert isinstance(band, pd.DataFrame)
    assert band.attrs["years"] == "2017"
    assert band["low"].tolist() == band["high"].tolist() == list(range(11, 23))


def test_the_band_leaves_the_pandemic_out_and_says_which_years_it_has() -> None:
    rows = months_of("2017-01-01", 84).assign(n_burglaries=[k // 12 for k in range(84)])
    band = history.month_band(Series(rows, "test"), Window(date(2023, 1, 1)), years=6)
    assert isinstance(band, pd.DataFrame)
    assert band.attrs["years"] == "2017-2019 en 2022"
    # 0, 1, 2 and 5 burglaries a month: 3 and 4, of 2020 and 2021, are no base.
    assert band["mean"].tolist() == [2] * 12


def test_the_grid_sums_to_the_windows(six_years: Series) -> None:
    grid = history.season_grid(six_years, HALF, years=5)
    assert isinstance(grid, pd.DataFrame)
    assert list(grid) == [10, 11, 12, 1, 2, 3]
    assert grid.index.tolist() == ["2013", "2014", "2015", "2016", "2017"]
    assert grid.loc["2017"].sum() == six_years.total(HALF)
    assert [w.start.year for w in history.complete_years(six_years, HALF, years=5)] == [
        2013, 2014, 2015, 2016,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("series", "reason"),
    [
        (Series.absent(Missing("niets geleverd")), "niets geleverd"),
        (Series(years_of(2013, [9] * 6), "jaren"), "de levering bevat jaarcijfers, geen maanden"),
        (Series(months_of("2019-01-01", 6), "later"), "geen heel jaar"),
    ],
)
def test_without_months_there_is_a_reason_instead_of_a_picture(series: Series, reason: str) -> None:
    for table in (history.month_band, history.season_grid):
        found = table(series, YEAR, years=5)
        assert isinstance(found, Missing)
        assert reason in found.reason


def test_the_trend_covers_the_window_and_the_years_before_only(six_years: Series) -> None:
    found = history.trend_over(six_years, YEAR, years=5, level=0.95)
    assert isinstance(found, Trend)
    assert len(found.fitted) == 72
    shorter = history.trend_over(six_years, YEAR, years=2, level=0.95)
    assert isinstance(shorter, Trend)
    assert shorter.fitted["start"].iloc[0] == pd.Timestamp("2016-01-01")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (months_of("2013-02-01", 71, 5), "de 5 jaar voor het venster zijn niet volledig geleverd"),
        (years_of(2014, [9] * 5), "de 5 jaar voor het venster zijn niet volledig geleverd"),
    ],
)
def test_a_trend_over_fewer_years_is_missing(rows: pd.DataFrame, reason: str) -> None:
    assert history.trend_over(Series(rows, "test"), YEAR, years=5, level=0.95) == Missing(reason)


def test_a_trend_over_too_few_periods_says_so() -> None:
    found = history.trend_over(Series(years_of(2016, [9, 8, 7]), "test"), YEAR, years=2, level=0.95)
    assert isinstance(found, Missing)
    assert found.reason.startswith("te weinig perioden")


def test_the_trend_per_dwelling_needs_the_dwellings_of_every_year(six_years: Series) -> None:
    homes = {year: 1_000 * 1.05 ** (year - 2013) for year in range(2013, 2019)}
    plain = history.trend_over(six_years, YEAR, years=5, level=0.95)
    found = history.trend_over(six_years, YEAR, years=5, level=0.95, dwellings=homes)
    assert isinstance(plain, Trend)
    assert isinstance(found, Trend)
    # 5 % more dwellings a year: the trend per dwelling is that much lower, a year's steps apart.
    ratio = (1 + found.pct_per_year / 100) / (1 + plain.pct_per_year / 100)
    assert ratio == pytest.approx(1 / 1.05, abs=0.005)
    del homes[2014]
    assert history.trend_over(six_years, YEAR, years=5, level=0.95, dwellings=homes) == Missing(
        "woningen van 2014 zijn niet geleverd"
    )


def test_rolling_years_by_hand_and_in_any_order(six_years: Series) -> None:
    found = history.rolling_year(six_years)
    assert isinstance(found, pd.DataFrame)
    assert len(found) == 72 - 11
    for end, n in zip(found["end"], found["n"], strict=True):
        first = end - pd.DateOffset(years=1)
        assert n == six_years.total(Window(date(first.year, first.month, 1)))
    mixed = Series(six_years.rows.sample(frac=1, random_state=2), "test")
    again = history.rolling_year(mixed)
    assert isinstance(again, pd.DataFrame)
    pd.testing.assert_frame_equal(again, found)


def test_rolling_years_stop_at_a_gap_and_need_months() -> None:
    rows = months_of("2015-01-01", 36).drop(index=20)
    found = history.rolling_year(Series(rows, "test"))
    assert isinstance(found, pd.DataFrame)
    # Up to August 2016, and from October 2016 to September 2017 on.
    assert found["end"].min() == pd.Timestamp("2016-01-01")
    gap = pd.date_range("2016-10-01", "2017-09-01", freq="MS")
    assert not found["end"].isin(gap).any()
    assert history.rolling_year(Series(months_of("2018-01-01", 11), "kort")) == Missing(
        "geen twaalf maanden achter elkaar geleverd"
    )
    assert history.rolling_year(Series(years_of(2013, [9] * 6), "jaren")) == history.YEARS_ONLY
