"""Counts behind rounded percentages: the margin holds every truth, and no more than it must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wib_lib.rounding import Rounded, count_of_share


def test_by_hand():
    # 40 % of 500: 39.5 % of 496 is 195.92, 40.5 % of 504 is 204.12; outward to whole numbers.
    assert count_of_share(40, 500, total_step=5) == Rounded(200, 195, 205)
    assert count_of_share(40, 500) == Rounded(200, 197, 203)  # 197.5 to 202.5
    assert count_of_share(100, 20) == Rounded(20, 19, 20)
    assert count_of_share(0, 0, total_step=5) == Rounded(0, 0, 1)  # 0.5 % of 4 is 0.02


@given(st.integers(0, 3_000), st.data())
def test_the_truth_always_lies_within(total, data):
    """Round a true count and total as the publisher does, and find the count back."""
    n = data.draw(st.integers(0, total))
    published = data.draw(st.sampled_from([total // 5 * 5, -(-total // 5) * 5]))
    pct = round(100 * n / total) if total else 0
    found = count_of_share(pct, published, total_step=5)
    assert found.low <= n <= found.high
    assert found.low <= found.value <= found.high


@given(st.floats(0, 100), st.integers(0, 10_000))
def test_coarser_rounding_is_never_more_certain(pct, total):
    fine, coarse = count_of_share(pct, total), count_of_share(pct, total, total_step=5)
    assert coarse.low <= fine.low
    assert fine.high <= coarse.high
    assert coarse.value == fine.value


def test_areas_add_up_whatever_their_order():
    parts = [count_of_share(40, 1000, total_step=5), count_of_share(10, 500, total_step=5)]
    assert parts[0] + parts[1] == parts[1] + parts[0] == Rounded(450, 440, 460)


def test_published_percentage_of_gouda():
    # Gouda 2022: 34,065 dwellings, 56 % owner-occupied (CBS, NLD_muni_attributes.csv).
    # 55.5 % is 18,906.1 and 56.5 % is 19,246.7: known to within half a per cent of the total.
    assert count_of_share(56, 34_065) == Rounded(19_076, 18_906, 19_247)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"pct": 101, "total": 5}, "pct must lie between 0 and 100, found 101"),
        ({"pct": 5, "total": -1}, "total must be 0 or more, found -1"),
        ({"pct": 5, "total": 1, "pct_step": 0}, "steps must be above 0"),
    ],
)
def test_bad_input(given_, message):
    with pytest.raises(ValueError, match=message):
        count_of_share(**given_)
