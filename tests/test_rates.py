"""Rates: exact intervals by their definition, the same in any unit and any row order."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from wib_lib.errors import TableError
from wib_lib.rates import burglary_rate, poisson_interval, rate_ratio, share_interval

EXACT = {"rel": 1e-12, "abs": 1e-12}

# ---- one count


def test_interval_of_no_and_one_burglary_by_hand() -> None:
    # P(0 | m) = exp(-m) = 0.025 gives m = -ln 0.025 = 3.6889 as the upper bound of 0.
    assert poisson_interval(0) == pytest.approx((0, -math.log(0.025)), **EXACT)
    # P(1 or more | m) = 1 - exp(-m) = 0.025 gives m = -ln 0.975 as the lower bound of 1.
    assert poisson_interval(1)[0] == pytest.approx(-math.log(0.975), **EXACT)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
@pytest.mark.parametrize("n", [1, 2, 20, 639])
def test_each_poisson_bound_leaves_half_of_the_rest_in_its_tail(n: int, level: float) -> None:
    low, high = poisson_interval(n, level=level)
    assert stats.poisson.sf(n - 1, low) == pytest.approx((1 - level) / 2, rel=1e-10)
    assert stats.poisson.cdf(n, high) == pytest.approx((1 - level) / 2, rel=1e-10)


def test_more_burglaries_and_more_certainty_move_the_bounds_outward() -> None:
    bounds = [poisson_interval(n) for n in range(60)]
    assert bounds == sorted(bounds)
    assert all(low <= n <= high for n, (low, high) in enumerate(bounds))
    for n in (0, 7, 300):
        narrow, wide = poisson_interval(n, level=0.9), poisson_interval(n, level=0.99)
        assert wide[0] <= narrow[0] < narrow[1] < wide[1]


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="n must be 0 or more, found -1"):
        poisson_interval(-1)


def test_poisson_interval_as_tabled_by_garwood() -> None:
    # Garwood (1936), as in Pearson & Hartley, Biometrika Tables I, table 40: count 10.
    assert poisson_interval(10) == pytest.approx((4.80, 18.39), abs=0.005)


# ---- a share


def test_interval_of_none_and_all_by_hand() -> None:
    # None of 10: (1 - p)^10 = 0.025. All of 10: p^10 = 0.025.
    assert share_interval(0, 10) == pytest.approx((0, 1 - 0.025**0.1), **EXACT)
    assert share_interval(10, 10) == pytest.approx((0.025**0.1, 1), **EXACT)


@pytest.mark.parametrize(("part", "whole"), [(1, 2), (8, 40), (639, 1000)])
def test_each_share_bound_leaves_half_of_the_rest_in_its_tail(part: int, whole: int) -> None:
    low, high = share_interval(part, whole, level=0.9)
    assert stats.binom.sf(part - 1, whole, low) == pytest.approx(0.05, rel=1e-9)
    assert stats.binom.cdf(part, whole, high) == pytest.approx(0.05, rel=1e-9)
    # Beta quantiles give the same bounds without a search.
    assert low == pytest.approx(stats.beta.ppf(0.05, part, whole - part + 1), rel=1e-9)


def test_the_share_of_the_others_has_the_mirrored_interval() -> None:
    low, high = share_interval(7, 31)
    assert share_interval(24, 31) == pytest.approx((1 - high, 1 - low), **EXACT)


def test_a_part_above_its_whole_is_refused() -> None:
    for part, whole in [(3, 2), (-1, 2), (0, 0)]:
        message = f"part must lie between 0 and whole, found {part} of {whole}"
        with pytest.raises(ValueError, match=message):
            share_interval(part, whole)


def test_share_interval_as_printed_by_r() -> None:
    # R 4.2.2, help of binom.test (Conover 1971, p. 97): 682 of 925.
    assert share_interval(682, 925) == pytest.approx((0.7076683, 0.7654066), abs=5e-8)


# ---- two counts


def test_ratio_with_a_zero_by_hand() -> None:
    # 3 against 0: the share's lower bound is 0.025^(1/3), its odds the lower bound of the ratio.
    share = 0.025 ** (1 / 3)
    ratio, low, high = rate_ratio(3, 1, 0, 1)
    assert (ratio, high) == (math.inf, math.inf)
    assert low == pytest.approx(share / (1 - share), **EXACT)
    # 0 against 5: upper share 1 - 0.025^(1/5), odds 0.025^(-1/5) - 1, exposures 1500/1200.
    found = rate_ratio(0, 1200, 5, 1500)
    assert found == pytest.approx((0, 0, (0.025**-0.2 - 1) * 1.25), **EXACT)
    assert math.isnan(rate_ratio(0, 1, 0, 1)[0])
    assert rate_ratio(0, 1, 0, 1)[1:] == (0, math.inf)


@pytest.mark.parametrize(
    ("n", "exposure", "n_ref", "exposure_ref"), [(11, 8, 21, 30), (4, 2, 9, 1)]
)
def test_given_the_sum_the_first_count_is_binomial_at_each_bound(
    n: int, exposure: float, n_ref: int, exposure_ref: float
) -> None:
    ratio, low, high = rate_ratio(n, exposure, n_ref, exposure_ref)
    assert ratio == pytest.approx((n / exposure) / (n_ref / exposure_ref), **EXACT)
    at_low, at_high = (r * exposure / (r * exposure + exposure_ref) for r in (low, high))
    assert stats.binom.sf(n - 1, n + n_ref, at_low) == pytest.approx(0.025, rel=1e-9)
    assert stats.binom.cdf(n, n + n_ref, at_high) == pytest.approx(0.025, rel=1e-9)


def test_swapping_the_rates_inverts_the_ratio_and_units_do_not_matter() -> None:
    ratio, low, high = rate_ratio(30, 2000, 45, 3500)
    swapped = rate_ratio(45, 3500, 30, 2000)
    assert swapped == pytest.approx((1 / ratio, 1 / high, 1 / low), rel=1e-10)
    assert rate_ratio(30, 2.0, 45, 3.5) == pytest.approx((ratio, low, high), **EXACT)


def test_ratio_of_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="part must lie between 0 and whole, found -1 of 4"):
        rate_ratio(-1, 1, 5, 1)


def test_ratio_as_printed_by_r() -> None:
    # R 4.2.2, help of poisson.test (Campbell et al. 1995): 11 in 800 and 21 in 3011 persons.
    found = rate_ratio(11, 800, 21, 3011)
    assert found == pytest.approx((1.971488, 0.8584264, 4.2772659), abs=5e-7)


# ---- a table of areas


@pytest.fixture
def areas() -> pd.DataFrame:
    return pd.DataFrame(
        {"n_burglaries": [0, 10, 639], "n_dwellings": [50, 2_000, 32_000], "naam": list("abc")},
        index=["BU1", "BU2", "GM0513"],
    )


def test_rate_by_hand(areas: pd.DataFrame) -> None:
    found = burglary_rate(areas)
    # 10 per 2,000 dwellings is 5 per 1,000; 639 per 32,000 is 19.96875; 0 is 0.
    assert found["rate"].tolist() == pytest.approx([0, 5, 19.96875], **EXACT)
    # The upper bound of nothing among 50 dwellings: 3.6889 x 1,000 / 50 = 73.8.
    assert found.loc["BU1", "rate_high"] == pytest.approx(-math.log(0.025) * 20, **EXACT)


def test_rate_bounds_are_the_bounds_of_the_count_over_the_dwellings(areas: pd.DataFrame) -> None:
    found = burglary_rate(areas, per=100, level=0.9)
    for _, row in found.iterrows():
        low, high = poisson_interval(row["n_burglaries"], level=0.9)
        scale = 100 / row["n_dwellings"]
        assert row["rate_low"] == pytest.approx(low * scale, **EXACT)
        assert row["rate_high"] == pytest.approx(high * scale, **EXACT)


def test_rate_keeps_the_order_and_index_and_leaves_its_input_alone(areas: pd.DataFrame) -> None:
    before = areas.copy(deep=True)
    found = burglary_rate(areas)
    pd.testing.assert_frame_equal(areas, before)
    assert list(found) == [*areas, "rate", "rate_low", "rate_high"]
    shuffled = areas.iloc[[2, 0, 1]]
    pd.testing.assert_frame_equal(burglary_rate(shuffled), found.loc[shuffled.index])
    pd.testing.assert_frame_equal(
        burglary_rate(areas.astype({"n_burglaries": "Int64", "n_dwellings": "Float64"}))[["rate"]],
        found[["rate"]],
        check_dtype=False,
    )


def test_the_unit_of_the_rate_only_scales_it(areas: pd.DataFrame) -> None:
    columns = ["rate", "rate_low", "rate_high"]
    by_100 = burglary_rate(areas, per=100)[columns]
    np.testing.assert_allclose(by_100 * 10, burglary_rate(areas)[columns], rtol=1e-12)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        ("n_dwellings", [50, 0, -3], "n_dwellings must be above 0; 2 of 3 rows break this, first at index 'BU2'"),
        ("n_dwellings", [50, 10, None], "n_dwellings must be above 0; 1 of 3 rows break this, first at index 'GM0513'"),
        ("n_burglaries", [-1, 0, 1], "n_burglaries must be 0 or more; 1 of 3 rows break this, first at index 'BU1'"),
        ("n_burglaries", [1, None, 1], "n_burglaries must be 0 or more; 1 of 3 rows break this, first at index 'BU2'"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_have_a_rate_is_named(
    areas: pd.DataFrame, column: str, values: list[int | None], message: str
) -> None:
    with pytest.raises(TableError, match=f"^areas: {message}$"):
        burglary_rate(areas.assign(**{column: values}))


def test_a_missing_column_is_named(areas: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="areas: column n_dwellings is missing"):
        burglary_rate(areas.drop(columns="n_dwellings"))


def test_rate_as_published_for_the_country() -> None:
    # Police table 47022NED and CBS 82550NED: 91,595 burglaries, 7,386,743 dwellings in 2012.
    country = pd.DataFrame({"n_burglaries": [91_595], "n_dwellings": [7_386_743]})
    assert burglary_rate(country)["rate"].iloc[0] == pytest.approx(12.40, abs=0.005)
