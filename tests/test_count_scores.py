"""Scores of count forecasts: closed forms against plain sums, and against what they must reward."""

import numpy as np
import pytest
from scipy import stats

from wib_lib.count_scores import (
    NEAR,
    POISSON,
    crps,
    interval,
    log_score,
    paired_difference,
    size_of,
)


def summed_crps(observed: int, mean: float, size: float) -> float:
    """The definition: squared distance between the forecast's and the outcome's step function."""
    law = stats.nbinom(size, size / (size + mean)) if size < POISSON else stats.poisson(mean)
    steps = np.arange(int(law.isf(1e-13)) + observed + 10)
    return float(((law.cdf(steps) - (steps >= observed)) ** 2).sum())


def test_scores_by_hand() -> None:
    # Poisson(0.5): F(0) = e^-0.5 = 0.6065, F(1) = 0.9098, F(2) = 0.9856, F(3) = 0.9982.
    # y = 0: 0.3935^2 + 0.0902^2 + 0.0144^2 + 0.0018^2 = 0.1632.
    assert float(crps(0, 0.5)) == pytest.approx(0.1632, abs=5e-5)
    # y = 1: 0.6065^2 + 0.0902^2 + 0.0144^2 + 0.0018^2 = 0.3762.
    assert float(crps(1, 0.5)) == pytest.approx(0.3762, abs=5e-5)
    # P(1) = 0.5 e^-0.5, so minus its log is 0.5 + log 2.
    assert float(log_score(1, 0.5)) == pytest.approx(0.5 + np.log(2), abs=1e-12)


@pytest.mark.parametrize("size", [0.3, 0.8, 5.0, 60.0, NEAR - 1, NEAR + 1, 2_000.0, 9e5, np.inf])
@pytest.mark.parametrize("mean", [0.004, 0.7, 6.0, 150.0, 4_000.0])
def test_crps_is_its_definition_at_every_width(mean: float, size: float) -> None:
    for observed in (0, int(mean), int(2 * mean) + 3):
        expected = summed_crps(observed, mean, size)
        assert float(crps(observed, mean, size)) == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("observed", "size", "chance", "expected"),
    [
        (5, 100, 0.95, 0.53215257681),
        (44, 200.1, 0.82, 1.70859687251),
        (41, 200.1, 0.83, 1.63833674721),
        (222, 2_000.1, 0.9, 3.66926727576),
        (2_222, 20_000.1, 0.9, 11.6114812752),
    ],
)
def test_crps_has_the_values_published_with_r_scoringrules(
    observed: int, size: float, chance: float, expected: float
) -> None:
    # tests/testthat/test-crps_nbinom.R of scoringRules 1.0: size and prob as in dnbinom.
    found = crps(observed, size * (1 - chance) / chance, size)
    assert float(found) == pytest.approx(expected, rel=1e-10)


def test_log_score_is_the_log_of_the_probability_and_never_infinite() -> None:
    chance = stats.nbinom(4.0, 4.0 / (4.0 + 2.5)).pmf([0, 1, 7])
    np.testing.assert_allclose(log_score([0, 1, 7], 2.5, 4.0), -np.log(chance), rtol=1e-10)
    # An expectation of 0 is scored as 0.001: a burglary there costs 0.001 + log 1000.
    assert float(log_score(1, 0.0)) == pytest.approx(0.001 + np.log(1000), abs=1e-9)


def test_the_true_distribution_scores_best_on_average() -> None:
    rng = np.random.default_rng(7)
    seen = rng.negative_binomial(2.0, 2.0 / (2.0 + 3.0), 40_000)
    for score in (crps, log_score):
        truth = score(seen, 3.0, 2.0).mean()
        for mean, size in ((2.0, 2.0), (4.5, 2.0), (3.0, 0.5), (3.0, np.inf)):
            assert truth < score(seen, mean, size).mean()


def test_scores_follow_their_rows_and_leave_them_alone() -> None:
    seen, hoped = np.array([0, 3, 1]), np.array([0.2, 2.0, 1.5])
    copies = seen.copy(), hoped.copy()
    np.testing.assert_array_equal(crps(seen[::-1], hoped[::-1]), crps(seen, hoped)[::-1])
    np.testing.assert_array_equal(seen, copies[0])
    np.testing.assert_array_equal(hoped, copies[1])


def test_size_is_found_back_and_is_infinite_without_extra_spread() -> None:
    rng = np.random.default_rng(8)
    mean = rng.uniform(1, 6, 60_000)
    seen = rng.negative_binomial(3.0, 3.0 / (3.0 + mean))
    assert size_of(seen, mean) == pytest.approx(3.0, rel=0.05)
    assert size_of([4, 4, 4], [4.0, 4.0, 4.0]) == np.inf


@pytest.mark.parametrize("size", [0.7, 12.0, np.inf])
def test_an_interval_holds_its_share_of_the_chance(size: float) -> None:
    low, high = interval([0.05, 2.0, 40.0], size, level=0.9)
    for at, mean in enumerate((0.05, 2.0, 40.0)):
        law = stats.poisson(mean) if np.isinf(size) else stats.nbinom(size, size / (size + mean))
        assert law.cdf(high[at]) - law.cdf(low[at] - 1) >= 0.9
        # One step narrower on either side leaves more than the tail outside.
        assert law.cdf(high[at] - 1) < 0.95
        assert law.cdf(low[at]) >= 0.05


def test_paired_difference_is_the_t_test_of_the_gaps() -> None:
    rng = np.random.default_rng(9)
    one, other = rng.normal(1.0, 0.2, 26), rng.normal(1.1, 0.2, 26)
    mean, low, high = paired_difference(one, other)
    expected = stats.ttest_rel(one, other).confidence_interval(0.95)
    assert (low, high) == pytest.approx((expected.low, expected.high), rel=1e-10)
    assert mean == pytest.approx(one.mean() - other.mean())
    with pytest.raises(ValueError, match="at least 2 occasions needed, found 1"):
        paired_difference([1.0], [2.0])
