"""Change against comparison areas: by hand, by simulation, and what it says when it cannot."""

import math

import numpy as np
import pytest
from scipy import stats

from wib_lib.absent import Missing, Suppressed
from wib_lib.effect import (
    RelativeChange,
    between_variance,
    compare,
    dispersion,
    judge,
    relative_change,
    smallest_detectable_reduction,
)

NO_SPREAD = Missing("de spreiding tussen de vergelijkingsgemeenten is niet te bepalen")
PANEL = [[100, 90, 80], [220, 180, 190], [60, 75, 40]]

# ---- ratio of ratios


def test_relative_change_by_hand() -> None:
    # 200 to 100 is a half, 400 to 300 three quarters: (1/2) / (3/4) = 2/3.
    # Variance of the log: 1/200 + 1/100 + 1/400 + 1/300 = 0.0208333 = 1/48.
    found = relative_change(200, 100, 400, 300)
    reach = 1.959963984540054 / math.sqrt(48)
    assert found.ratio == pytest.approx(2 / 3, rel=1e-12)
    assert found.low == pytest.approx(2 / 3 * math.exp(-reach), rel=1e-12)
    assert found.high == pytest.approx(2 / 3 * math.exp(reach), rel=1e-12)
    # Fourfold spread doubles the standard error.
    wide = relative_change(200, 100, 400, 300, phi=4)
    assert math.log(wide.high / wide.low) == pytest.approx(4 * reach, rel=1e-12)
    assert (wide.ratio, wide.phi) == (found.ratio, 4)


def test_relative_change_covers_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    draws = rng.poisson([120, 84, 900, 700], size=(4_000, 4)).tolist()
    truth = (84 / 120) / (700 / 900)
    found = [relative_change(*counts, level=0.9) for counts in draws]
    covered = np.mean([change.low <= truth <= change.high for change in found])
    # Standard error of the share is 0.5 points.
    assert covered == pytest.approx(0.90, abs=0.02)


def test_swapping_area_and_reference_or_the_years_inverts_the_ratio() -> None:
    found = relative_change(120, 100, 130, 150, phi=2)
    inverse = (1 / found.ratio, 1 / found.high, 1 / found.low)
    for counts in [(130, 150, 120, 100), (100, 120, 150, 130)]:
        other = relative_change(*counts, phi=2)
        assert (other.ratio, other.low, other.high) == pytest.approx(inverse, rel=1e-12)


@pytest.mark.parametrize("phi", [-1.0, 0.0, 0.3, 1.0])
def test_less_spread_than_chance_never_narrows_the_interval(phi: float) -> None:
    assert relative_change(120, 100, 130, 150, phi=phi) == relative_change(120, 100, 130, 150)


@pytest.mark.parametrize("counts", [(0, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, -2)])
def test_a_count_that_is_not_above_zero_is_refused(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="counts must be above 0, found"):
        relative_change(*counts)


def test_relative_change_as_printed_by_r() -> None:
    # R 4.2.2, glm(family = poisson) on 130, 150, 120, 100 (treat x post); Wald interval.
    found = relative_change(120, 100, 130, 150)
    assert found.ratio == pytest.approx(0.722222222222281, rel=1e-12)
    # The golden case states 1e-6: R's standard error comes from an iterative fit.
    assert found.low == pytest.approx(0.506716448492211, rel=1e-6)
    assert found.high == pytest.approx(1.02938229028045, rel=1e-6)


@pytest.mark.parametrize(
    ("low", "high", "side"),
    [
        (0.5, 0.99, "gunstiger dan de vergelijking"),
        (1.01, 1.5, "ongunstiger dan de vergelijking"),
        (0.9, 1.1, "niet te onderscheiden van de vergelijking"),
        (0.9, 1.0, "niet te onderscheiden van de vergelijking"),
        (1.0, 1.1, "niet te onderscheiden van de vergelijking"),
    ],
)
def test_only_an_interval_beside_one_has_a_side(low: float, high: float, side: str) -> None:
    assert judge(RelativeChange((low + high) / 2, low, high, 1.0)) == side


# ---- spread between areas


def test_dispersion_by_hand() -> None:
    # 30 and 10, 10 and 30: all expected 20, statistic 4 x 100/20 = 20, one degree of freedom.
    assert dispersion([[30, 10], [10, 30]]) == pytest.approx(20, rel=1e-12)
    # A third year like the second has statistic 0: the mean over the pairs halves it.
    assert dispersion([[30, 10, 10], [10, 30, 30]]) == pytest.approx(10, rel=1e-12)


def test_dispersion_is_pearsons_statistic_over_its_freedom() -> None:
    expected = []
    for year in (0, 1):
        pair = [row[year : year + 2] for row in PANEL]
        found = stats.chi2_contingency(pair, correction=False)
        expected.append(found.statistic / found.dof)
    assert dispersion(PANEL) == pytest.approx(np.mean(expected), rel=1e-12)


@pytest.mark.parametrize("phi", [1.0, 4.0])
def test_dispersion_finds_the_spread_that_was_put_in(phi: float) -> None:
    rng = np.random.default_rng(42)
    mean = rng.uniform(40, 400, size=(20, 1)) * 0.9 ** np.arange(6)
    # phi x Poisson(mean / phi) has the mean and phi times the variance.
    found = [dispersion(phi * rng.poisson(mean / phi)) for _ in range(300)]
    error = np.std(found) / math.sqrt(300)
    assert error < 0.05 * phi
    assert np.mean(found) == pytest.approx(phi, abs=4 * error)


def test_dispersion_does_not_depend_on_the_order_of_areas_nor_on_empty_ones() -> None:
    panel = np.array(PANEL)
    before = panel.copy()
    found = dispersion(panel)
    assert dispersion(panel[::-1]) == pytest.approx(found, rel=1e-12)
    assert dispersion([*PANEL, [0, 0, 0]]) == pytest.approx(found, rel=1e-12)
    assert dispersion(panel[:, ::-1]) == pytest.approx(found, rel=1e-12)
    np.testing.assert_array_equal(panel, before)


def test_the_same_change_everywhere_has_no_spread() -> None:
    assert dispersion([[100, 50, 150], [200, 100, 300]]) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("panel", [[[5, 5]], [[5], [5]], [5, 5], [[]]])
def test_one_area_or_one_year_has_no_spread_to_measure(panel: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="at least two areas and two years needed, found shape"):
        dispersion(panel)


@pytest.mark.parametrize("panel", [[[0, 0], [0, 0]], [[5, 4], [0, 0]], [[5, 0], [3, 0]]])
def test_a_panel_that_says_nothing_about_spread_does_not_pass_for_none(
    panel: list[list[int]],
) -> None:
    with pytest.raises(ValueError, match="no two consecutive years with burglaries in at least"):
        dispersion(panel)
    found = compare((100, 60), (1000, 900), panel)
    assert found.change == found.detectable == NO_SPREAD


def test_years_that_say_nothing_about_spread_are_left_out_of_the_mean() -> None:
    # The pair 30, 10 and 10, 30 has 20 (above); nothing at all in the third year says nothing.
    assert dispersion([[30, 10, 0], [10, 30, 0]]) == pytest.approx(20, rel=1e-12)


# ---- what can be seen at all


def test_detectable_reduction_by_its_definition() -> None:
    # At the reduction found, |log r| is (1.6449 + 0.8416) standard errors.
    reach = 1.6448536269514722 + 0.8416212335729143
    for before, ref_before, ref_after, phi in [(100, 900, 800, 1.0), (500, 4000, 3600, 3.5)]:
        ratio = 1 - smallest_detectable_reduction(before, ref_before, ref_after, phi=phi) / 100
        after = before * ref_after / ref_before * ratio
        variance = phi * (1 / before + 1 / after + 1 / ref_before + 1 / ref_after)
        assert math.log(ratio) == pytest.approx(-reach * math.sqrt(variance), rel=1e-8)


@pytest.mark.parametrize(("before", "drift"), [(150, 1.0), (400, 0.87)])
def test_detectable_reduction_is_found_in_four_of_five_simulations(
    before: int, drift: float
) -> None:
    reference, n_runs = 10 * before, 4_000
    ratio = 1 - smallest_detectable_reduction(before, reference, round(reference * drift)) / 100
    rng = np.random.default_rng(80)
    means = [before, before * drift * ratio, reference, reference * drift]
    draws = rng.poisson(means, size=(n_runs, 4)).tolist()
    # One-sided 5 % is the upper bound of a two-sided interval of 90 %.
    seen = np.mean([relative_change(*counts, level=0.9).high < 1 for counts in draws])
    assert seen == pytest.approx(0.80, abs=0.03)


def test_more_burglaries_show_smaller_reductions_and_more_spread_hides_them() -> None:
    by_size = [smallest_detectable_reduction(n, 10 * n, 9 * n) for n in (30, 60, 120, 240, 480)]
    assert by_size == sorted(by_size, reverse=True)
    by_phi = [smallest_detectable_reduction(200, 2000, 1800, phi=phi) for phi in (1, 2, 4, 8)]
    assert by_phi == sorted(by_phi)
    assert smallest_detectable_reduction(200, 2000, 1800, phi=0.2) == by_phi[0]


def test_too_few_burglaries_can_show_nothing() -> None:
    assert smallest_detectable_reduction(3, 1000, 1000) == 100
    assert smallest_detectable_reduction(100, 1000, 1000, phi=50) == 100


def test_detectable_reduction_without_a_count_is_refused() -> None:
    with pytest.raises(ZeroDivisionError):
        smallest_detectable_reduction(0, 1000, 1000)


@pytest.mark.parametrize(
    ("before", "phi", "printed"), [(50, 1, 46), (100, 1, 34), (500, 1, 16), (100, 4, 62)]
)
def test_detectable_reduction_as_printed_in_the_methods(
    before: int, phi: float, printed: int
) -> None:
    # Methods, section 2 (80 % power, one-sided 5 %, controls ten times larger).
    found = smallest_detectable_reduction(before, 10 * before, 10 * before, phi=phi)
    assert found == pytest.approx(printed, abs=0.5)


# ---- the comparison as a whole


def test_compare_puts_the_parts_together() -> None:
    found = compare((200, 100), (2000, 1900), PANEL, level=0.9)
    chance = 1 / 200 + 1 / 100 + 1 / 2000 + 1 / 1900
    phi = max(dispersion(PANEL), 1 + between_variance(PANEL) / chance)
    assert phi > 1
    assert found.change == relative_change(200, 100, 2000, 1900, phi=phi, level=0.9)
    assert found.detectable == smallest_detectable_reduction(200, 2000, 1900, phi=phi, alpha=0.05)
    assert found.oordeel == "gunstiger dan de vergelijking"
    assert found.n_reference == 3


def test_the_wider_of_both_spreads_is_taken() -> None:
    # Small areas: chance rules, so phi. Large areas: what is on top of chance rules.
    few, many = compare((20, 18), (2000, 1900), PANEL), compare((5000, 4500), (9000, 8500), PANEL)
    assert isinstance(few.change, RelativeChange)
    assert isinstance(many.change, RelativeChange)
    assert few.change.phi == pytest.approx(dispersion(PANEL), rel=1e-12)
    assert many.change.phi > 2 * dispersion(PANEL)


# ---- spread on top of chance


def test_between_variance_by_hand() -> None:
    # Changes 0 and ln 2 with variances 0.02 and 0.015: weights 50 and 66.67, mean 0.396084,
    # Q = 7.8441 + 5.8831 = 13.7272, room = 116.667 - 6944.44 / 116.667 = 57.1429.
    assert between_variance([[100, 100], [100, 200]]) == pytest.approx(12.7272 / 57.1429, abs=1e-4)


def test_between_variance_finds_the_spread_that_was_put_in() -> None:
    rng = np.random.default_rng(1986)
    level = rng.uniform(300, 900, 4000)
    after = level * np.exp(rng.normal(-0.1, 0.2, 4000))
    panel = np.column_stack([rng.poisson(level), rng.poisson(after)])
    assert between_variance(panel.tolist()) == pytest.approx(0.04, abs=0.004)
    still = np.column_stack([rng.poisson(level), rng.poisson(0.9 * level)])
    assert between_variance(still.tolist()) < 0.0005


def test_between_variance_does_not_depend_on_order_and_skips_empty_areas() -> None:
    assert between_variance(PANEL[::-1]) == pytest.approx(between_variance(PANEL), rel=1e-12)
    assert between_variance([[0, 5, 4], *PANEL]) != between_variance([[5, 5, 4], *PANEL])
    assert between_variance([[100, 50]]) == 0


NONE = Missing("2017 is niet geleverd")


@pytest.mark.parametrize(
    ("own", "reference", "panel", "reason"),
    [
        ((NONE, 90), (1000, 900), PANEL, "2017 is niet geleverd"),
        ((100, NONE), (1000, 900), PANEL, "2017 is niet geleverd"),
        ((100, 90), (NONE, 900), PANEL, "2017 is niet geleverd"),
        ((100, 90), (1000, NONE), PANEL, "2017 is niet geleverd"),
        ((100, Suppressed(5)), (1000, 900), PANEL, "een aantal is onderdrukt"),
        ((100, 90), (1000, 900), Missing("eerdere jaren ontbreken"), "eerdere jaren ontbreken"),
        ((100, 0), (1000, 900), PANEL, "een van de aantallen is 0"),
        ((100, 90), (0, 900), PANEL, "een van de aantallen is 0"),
        ((NONE, 90), (1000, 900), Missing("eerdere jaren ontbreken"), "2017 is niet geleverd"),
    ],
)
def test_a_comparison_that_cannot_be_made_gives_its_reason(
    own: tuple, reference: tuple, panel: object, reason: str
) -> None:
    found = compare(own, reference, panel)
    assert found.change == found.detectable == Missing(reason)
    assert found.oordeel == "niet vast te stellen"


def test_one_earlier_year_is_a_reason_and_not_an_error() -> None:
    found = compare((100, 90), (1000, 900), [[400], [500]])
    assert found.change == found.detectable == NO_SPREAD
    assert found.oordeel == "niet vast te stellen"
