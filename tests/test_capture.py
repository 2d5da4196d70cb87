"""What a ranking captured: whole places, a fixed share of the dwellings, ties against the method."""

import numpy as np
import pytest

from wib_lib.capture import capture_curve, captured


def test_capture_by_hand() -> None:
    # Dwellings 100, 300, 100, 500; expected per dwelling .04, .02, .01, .002: order 0, 1, 2, 3.
    # Half of the thousand dwellings needs places 0, 1 and 2, which hold 500 and 4 + 3 + 2 of 10.
    found = captured([4, 3, 2, 1], [4, 6, 1, 1], [100, 300, 100, 500], share=0.5)
    assert found["share_size"] == pytest.approx(0.5)
    assert found["share_n"] == pytest.approx(0.9)
    assert found["pai"] == pytest.approx(0.9 / 0.5)
    # The best ranking by burglaries per dwelling takes the same three places first.
    assert found["pei"] == pytest.approx(1.0)
    assert found["rri"] == pytest.approx(11 / 9)


def test_places_are_taken_whole_until_the_share_is_reached() -> None:
    found = captured([1, 0, 0], [3, 2, 1], [100, 100, 100], share=0.34)
    assert found["share_size"] == pytest.approx(2 / 3)


def test_a_tie_goes_against_the_method_whatever_the_order_of_rows() -> None:
    rng = np.random.default_rng(4)
    seen, hoped = rng.poisson(1.0, 60), rng.integers(0, 3, 60).astype(float)
    first = captured(seen, hoped, share=0.2)
    for _ in range(5):
        order = rng.permutation(60)
        again = captured(seen[order], hoped[order], share=0.2)
        assert again == pytest.approx(first)
    assert first["pai"] < first["pai_for"]


def test_without_ties_the_rule_makes_no_difference() -> None:
    rng = np.random.default_rng(5)
    seen, hoped = rng.poisson(1.0, 40), rng.permutation(40) / 7
    found = captured(seen, hoped, rng.uniform(50, 500, 40), share=0.15)
    assert found["pai"] == found["pai_for"]


def test_a_share_is_the_same_as_its_row_of_the_curve() -> None:
    rng = np.random.default_rng(6)
    seen, hoped, size = rng.poisson(2, 30), rng.poisson(2, 30), rng.uniform(10, 90, 30)
    curve = capture_curve(seen, hoped, size)
    row = curve[curve["share_size"] >= 0.3].iloc[0]
    found = captured(seen, hoped, size, share=0.3)
    for name in ("pai", "pei", "rri", "share_n", "share_size"):
        assert found[name] == pytest.approx(row[name])
    assert curve["pai"].iloc[-1] == pytest.approx(1.0)


def test_units_of_size_and_expectation_do_not_matter() -> None:
    seen, hoped, size = [3, 0, 2], [1.0, 0.5, 0.2], [10.0, 20.0, 30.0]
    found = captured(seen, hoped, size, share=0.4)
    other = captured(seen, np.array(hoped) * 7, np.array(size) / 1000, share=0.4)
    assert {k: v for k, v in other.items() if k != "rri"} == pytest.approx(
        {k: v for k, v in found.items() if k != "rri"}
    )


def test_nothing_observed_gives_no_index_and_a_place_without_size_is_refused() -> None:
    found = captured([0, 0], [1.0, 2.0], share=0.5)
    assert np.isnan([found[name] for name in ("pai", "pai_for", "pei", "rri", "share_n")]).all()
    with pytest.raises(ValueError, match="size must be above 0 for every place"):
        captured([1, 0], [1.0, 2.0], [10, 0], share=0.5)
