"""The trend: the slope of a log-linear model, with errors as wide as the months scatter."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wib_lib.errors import TableError
from wib_lib.season import decompose, seasonal_index
from wib_lib.trend import Trend, autocorrelation, fit_trend, in_pandemic

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder shared/ with golden cases is not beside this repository"
)


def months_from(first: str, counts: object, *, n: int = 48) -> pd.DataFrame:
    start = pd.date_range(first, periods=n, freq="MS")
    return pd.DataFrame(
        {"start": start, "end": start + pd.offsets.MonthBegin(1), "n_burglaries": counts}
    )


def years_from(first: int, counts: object, *, n: int = 6) -> pd.DataFrame:
    start = pd.date_range(f"{first}-01-01", periods=n, freq="YS")
    return pd.DataFrame(
        {"start": start, "end": start + pd.offsets.YearBegin(1), "n_burglaries": counts}
    )


@pytest.fixture
def months() -> pd.DataFrame:
    """Four years of months with a season, a fall, and more scatter than Poisson chance."""
    rng = np.random.default_rng(2018)
    step = np.arange(48)
    mean = 40 * np.exp(-0.1 * step / 12 + 0.3 * np.cos(2 * np.pi * step / 12))
    return months_from("2015-01-01", 3 * rng.poisson(mean / 3)).assign(
        n_dwellings=7_000 + 10 * step
    )


# Counts of millions on the model itself have its slope by hand: rounding to whole burglaries
# moves it by less than 0.0001 % per year.
ROUNDED = 1e-4


def newton(design: np.ndarray, counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Fit a Poisson log-linear model by Newton's method, without statsmodels."""
    log_rate = np.log((counts + 0.5) / exposure)
    beta = np.linalg.lstsq(design, log_rate, rcond=None)[0]
    for _ in range(50):
        mean = exposure * np.exp(design @ beta)
        beta = beta + np.linalg.solve(
            design.T @ (design * mean[:, None]), design.T @ (counts - mean)
        )
    return beta


# ---- trend


def test_years_on_an_exponential_give_its_slope_by_hand() -> None:
    # Per day 10,000 x 0.9^k burglaries: every year 10 % fewer a day, leap year 2016 included.
    rows = years_from(2013, 1)
    days = (rows["end"] - rows["start"]).dt.days
    found = fit_trend(rows.assign(n_burglaries=(days * 1e4 * 0.9 ** np.arange(6)).round()))
    assert found.pct_per_year == pytest.approx(-10, abs=ROUNDED)
    assert found.dispersion == pytest.approx(0, abs=1e-5)


def test_months_on_an_exponential_with_season_give_its_slope() -> None:
    rows = months_from("2015-04-01", 1.0)
    years = np.arange(48) / 12
    angle = 2 * np.pi * (rows["start"].dt.month - 1) / 12
    days = (rows["end"] - rows["start"]).dt.days
    mean = days * np.exp(np.log(1.05) * years + 0.2 * np.sin(angle) - 0.1 * np.cos(2 * angle))
    found = fit_trend(rows.assign(n_burglaries=(1e5 * mean).round()))
    assert found.pct_per_year == pytest.approx(5, abs=ROUNDED)
    np.testing.assert_allclose(found.fitted["fitted"], 1e5 * mean, rtol=1e-6)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_slope_interval_and_band_equal_a_newton_fit(months: pd.DataFrame, level: float) -> None:
    found = fit_trend(months, level=level)
    counts = months["n_burglaries"].to_numpy(float)
    exposure = ((months["end"] - months["start"]).dt.days * months["n_dwellings"]).to_numpy(float)
    angle = 2 * np.pi * np.arange(48) / 12
    design = np.column_stack(
        [np.ones(48), np.arange(48) / 12, np.sin(angle), np.cos(angle), np.sin(2 * angle), np.cos(2 * angle)]
    )  # fmt: skip
    beta = newton(design, counts, exposure)
    mean = exposure * np.exp(design @ beta)
    phi = ((counts - mean) ** 2 / mean).sum() / (48 - 6)
    assert phi > 1
    covariance = phi * np.linalg.inv(design.T @ (design * mean[:, None]))
    reach = stats.t.ppf((1 + level) / 2, 42)
    error = np.sqrt(covariance[1, 1])
    bounds = [beta[1], beta[1] - reach * error, beta[1] + reach * error]
    assert found.dispersion == pytest.approx(phi, rel=1e-8)
    assert [found.pct_per_year, found.low, found.high] == pytest.approx(
        list(100 * np.expm1(bounds)), rel=1e-8
    )
    spread = reach * np.sqrt(np.diag(design @ covariance @ design.T))
    np.testing.assert_allclose(found.fitted["fitted"], mean, rtol=1e-8)
    np.testing.assert_allclose(found.fitted["low"], mean * np.exp(-spread), rtol=1e-8)
    np.testing.assert_allclose(found.fitted["high"], mean * np.exp(spread), rtol=1e-8)


def test_less_scatter_than_poisson_does_not_narrow_the_interval() -> None:
    found = fit_trend(years_from(2013, [101, 100, 100, 99, 100, 100]))
    assert found.dispersion < 0.01
    # Weighted by 100 (nearly), years 0-5 have a sum of squares of 17.5 about 2.5.
    error = 1 / np.sqrt(100 * 17.5)
    reach = stats.t.ppf(0.975, 4)
    width = np.log1p(found.high / 100) - np.log1p(found.low / 100)
    assert width == pytest.approx(2 * reach * error, rel=2e-3)


def test_six_years_have_the_wide_interval_of_four_degrees_of_freedom() -> None:
    rng = np.random.default_rng(6)
    n_runs, covered = 150, 0
    for _ in range(n_runs):
        found = fit_trend(years_from(2013, 9 * rng.poisson(300 / 9 * 0.9 ** np.arange(6))))
        covered += found.low <= -10 <= found.high
    # Normal quantiles would cover 88 %; four standard errors below 95 % is 88 %.
    assert covered / n_runs > 0.90


def test_trend_does_not_depend_on_row_order_or_units_and_leaves_its_input_alone(
    months: pd.DataFrame,
) -> None:
    before = months.copy(deep=True)
    found = fit_trend(months)
    pd.testing.assert_frame_equal(months, before)
    shuffled = fit_trend(months.sample(frac=1, random_state=2))
    hundreds = fit_trend(months.assign(n_dwellings=months["n_dwellings"] / 100))
    for other in (shuffled, hundreds):
        for name in ("pct_per_year", "low", "high", "dispersion"):
            assert getattr(other, name) == pytest.approx(getattr(found, name), rel=1e-7)
    in_order = shuffled.fitted.sort_values("start", ignore_index=True)
    pd.testing.assert_frame_equal(in_order, found.fitted, rtol=1e-7)


def test_months_that_resemble_each_other_widen_the_interval() -> None:
    # Autocorrelation 0.6: the plain interval covers a slope of -10 % in some two of three cases
    # only, the widened one in about nine of ten.
    rng = np.random.default_rng(8)
    step = np.arange(72)
    plain = wide = 0
    for _ in range(60):
        drift = np.empty(72)
        drift[0] = rng.normal(0, 0.15)
        for month in range(1, 72):
            drift[month] = 0.6 * drift[month - 1] + rng.normal(0, 0.12)
        mean = 400 * 0.9 ** (step / 12) * np.exp(drift + 0.2 * np.cos(2 * np.pi * step / 12))
        rows = months_from("2013-01-01", rng.poisson(mean), n=72)
        found, widened = fit_trend(rows), fit_trend(rows, serial=True)
        assert widened.pct_per_year == found.pct_per_year
        plain += found.low <= -10 <= found.high
        wide += widened.low <= -10 <= widened.high
    assert plain <= 51
    assert wide >= 48
    assert wide > plain


def test_the_widening_is_that_of_its_autocorrelation(months: pd.DataFrame) -> None:
    found = fit_trend(months)
    assert isinstance(found.autocorrelation, float)
    r = max(0.0, found.autocorrelation)
    wide = fit_trend(months, serial=True)

    def reach(trend: Trend) -> float:
        return float(np.log1p(trend.high / 100) - np.log1p(trend.low / 100))

    assert reach(wide) / reach(found) == pytest.approx(np.sqrt((1 + r) / (1 - r)), rel=1e-9)
    # Of six years nothing can be said about resemblance: they are left as they are.
    years = years_from(2013, [100, 80, 90, 70, 75, 60])
    assert fit_trend(years, serial=True).high == fit_trend(years).high


def test_autocorrelation_is_free_of_its_bias() -> None:
    # White noise left after a fit has a negative one on average; the corrected one has none.
    rng = np.random.default_rng(9)
    design = np.column_stack([np.ones(60), np.arange(60), rng.random((60, 4))])
    rest = np.eye(60) - design @ np.linalg.pinv(design)
    found = [autocorrelation(rest @ rng.normal(size=60), 54) for _ in range(400)]
    assert np.mean(found) == pytest.approx(0, abs=4 * np.std(found) / 20 + 0.02)
    plain = [value - (5 + 3 * value) / 63 for value in found]
    assert np.mean(plain) < -0.03
    assert autocorrelation(np.zeros(60), 54) == 0


def test_the_pandemic_is_a_level_of_its_own_and_leaves_the_slope_alone() -> None:
    days = (rows := years_from(2016, 1, n=8))["end"] - rows["start"]
    calm = days.dt.days * 1e3 * 0.9 ** np.arange(8)
    hit = calm * np.where(rows["start"].dt.year.isin([2020, 2021]), 0.7, 1)
    found = fit_trend(rows.assign(n_burglaries=hit.round()))
    assert found.pct_per_year == pytest.approx(-10, abs=0.001)
    assert found.pandemic is not None
    assert found.pandemic.pct == pytest.approx(-30, abs=0.001)
    assert fit_trend(years_from(2013, [9, 8, 9, 8, 9, 8])).pandemic is None


def test_pandemic_months_are_those_from_the_first_lockdown_on() -> None:
    rows = months_from("2019-12-01", 1, n=27)
    inside = rows.loc[in_pandemic(rows), "start"]
    assert (inside.min(), inside.max()) == (pd.Timestamp("2020-03-01"), pd.Timestamp("2021-12-01"))
    assert len(inside) == 22


def test_dwellings_turn_it_into_a_trend_per_dwelling() -> None:
    # As many burglaries a day every year among 5 % more dwellings: a fall by 1 - 1/1.05.
    rows = years_from(2013, 1)
    rows = rows.assign(n_burglaries=1000 * (rows["end"] - rows["start"]).dt.days + [0, 1, 0] * 2)
    assert fit_trend(rows).pct_per_year == pytest.approx(0, abs=ROUNDED)
    per_dwelling = fit_trend(rows.assign(n_dwellings=1000 * 1.05 ** np.arange(6)))
    assert per_dwelling.pct_per_year == pytest.approx(100 * (1 / 1.05 - 1), abs=ROUNDED)


@pytest.mark.parametrize(
    ("counts", "n", "message"),
    [
        ([5, 5, 5, 5], 4, "at least 5 complete periods needed, found 4 of 4"),
        ([5, 5, None, 5, 5, 5], 6, "at least 5 complete periods needed, found 5 of 6"),
    ],
)
def test_too_few_or_incomplete_periods_are_refused(
    counts: list[int | None], n: int, message: str
) -> None:
    with pytest.raises(TableError, match=f"periods: {message}"):
        fit_trend(years_from(2013, counts, n=n))


@pytest.mark.parametrize("n", [5, 6])
def test_as_many_months_as_parameters_are_refused(months: pd.DataFrame, n: int) -> None:
    with pytest.raises(TableError, match=f"at least 9 complete periods needed, found {n} of {n}"):
        fit_trend(months.head(n))


@pytest.mark.parametrize("n", [3, 100])
def test_the_same_count_every_year_is_no_trend(n: int) -> None:
    found = fit_trend(years_from(2013, n))
    # Only the leap year keeps it from 0 exactly.
    assert found.pct_per_year == pytest.approx(0, abs=0.05)
    assert found.low < 0 < found.high


def test_periods_without_any_burglary_are_refused_in_our_words() -> None:
    with pytest.raises(TableError, match="periods: no burglaries at all, so no trend"):
        fit_trend(years_from(2013, 0))


def test_a_missing_column_is_named(months: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="periods: column end is missing"):
        fit_trend(months.drop(columns="end"))


@needs_shared
def test_trend_of_chicago_as_printed_by_r() -> None:
    # R 4.2.2, glm(family = quasipoisson), 48 months of residential burglary in Chicago.
    rows = pd.read_csv(SHARED / "golden" / "trend_glm" / "chicago_monthly.csv")
    start = pd.to_datetime({"year": rows["year"], "month": rows["month"], "day": 1})
    found = fit_trend(
        pd.DataFrame(
            {"start": start, "end": start + pd.offsets.MonthBegin(1), "n_burglaries": rows["n"]}
        )
    )
    assert found.pct_per_year == pytest.approx(-4.23367002257611, abs=1e-8)
    assert found.low == pytest.approx(-6.72043561901733, abs=1e-8)
    assert found.high == pytest.approx(-1.68060905723302, abs=1e-8)
    assert found.dispersion == pytest.approx(9.74212408638028, rel=1e-8)


# ---- season


def test_season_by_hand() -> None:
    # Two years: January 30 and 50, other months 20. Mean of the months (40 + 11 x 20) / 12.
    counts = [30, *[20] * 11, 50, *[20] * 11]
    found = seasonal_index(months_from("2015-01-01", counts, n=24))
    assert found["month"].tolist() == list(range(1, 13))
    mean = (40 + 220) / 12
    assert found["index"].tolist() == pytest.approx([40 / mean, *[20 / mean] * 11], rel=1e-12)


def test_season_is_the_share_of_each_month_in_whole_years(months: pd.DataFrame) -> None:
    shares = months["n_burglaries"].groupby(months["start"].dt.month).sum()
    expected = 12 * shares / months["n_burglaries"].sum()
    found = seasonal_index(months)
    np.testing.assert_allclose(found["index"], expected, rtol=1e-12)
    assert found["index"].mean() == pytest.approx(1, rel=1e-12)


def test_season_does_not_depend_on_order_start_or_level(months: pd.DataFrame) -> None:
    before = months.copy(deep=True)
    found = seasonal_index(months)
    shuffled = months.sample(frac=1, random_state=5)
    doubled = months.assign(n_burglaries=2 * months["n_burglaries"])
    pd.testing.assert_frame_equal(seasonal_index(shuffled), found, rtol=1e-12)
    pd.testing.assert_frame_equal(seasonal_index(doubled), found, rtol=1e-12)
    pd.testing.assert_frame_equal(months, before)


@pytest.mark.parametrize("n", [0, 11, 13])
def test_months_that_make_no_whole_years_are_refused(months: pd.DataFrame, n: int) -> None:
    with pytest.raises(TableError, match=f"months: whole years needed, found {n} months"):
        seasonal_index(months.head(n))


def test_twelve_rows_that_are_no_year_are_refused(months: pd.DataFrame) -> None:
    januaries = pd.concat([months.iloc[[0, 12, 24, 36]]] * 3)
    with pytest.raises(TableError, match="months: whole years needed"):
        seasonal_index(januaries)


@needs_shared
def test_season_of_the_country_as_published() -> None:
    # Requirements 7.3, police table 47022NED, 2015-2018.
    printed = [1.30, 1.12, 1.02, 0.80, 0.83, 0.76, 0.89, 0.97, 0.81, 0.97, 1.14, 1.39]
    rows = pd.read_csv(SHARED / "data" / "open" / "wib_nl_monthly.csv", parse_dates=["date"])
    rows = rows.rename(columns={"date": "start", "wib_nl": "n_burglaries"})
    found = seasonal_index(rows[rows["start"].dt.year.between(2015, 2018)])
    assert found["index"].tolist() == pytest.approx(printed, abs=0.005)


# ---- decomposition, for the picture


def test_decomposition_adds_up_and_has_one_season(months: pd.DataFrame) -> None:
    copy = months.copy(deep=True)
    found = decompose(months)
    pd.testing.assert_frame_equal(months, copy)
    np.testing.assert_allclose(found["trend"] + found["season"] + found["rest"], found["n"])
    assert found["n"].tolist() == months["n_burglaries"].tolist()
    np.testing.assert_allclose(found["season"][:12], found["season"][36:], atol=1e-9)


def test_decomposition_of_a_level_with_season_by_hand() -> None:
    # 100 a month, 30 more in December: a level of 102.5, and December 27.5 above it.
    step = np.arange(60)
    counts = 100 + 30 * (step % 12 == 11)
    found = decompose(months_from("2014-01-01", counts, n=60))
    np.testing.assert_allclose(found["trend"], 102.5, atol=1e-6)
    assert found["season"][11] == pytest.approx(27.5, abs=1e-6)
    assert found["season"][5] == pytest.approx(-2.5, abs=1e-6)
    assert found["rest"].abs().max() < 1e-6


@pytest.mark.parametrize("change", [lambda rows: rows.head(23), lambda rows: rows.drop(index=9)])
def test_months_with_a_gap_or_too_few_have_no_picture(months: pd.DataFrame, change: object) -> None:
    with pytest.raises(TableError, match="months: at least 24 complete months that follow"):
        decompose(change(months))  # type: ignore[operator]
