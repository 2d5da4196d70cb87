"""Hotspots that stay or move: overlap beside chance, and parts that changed."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, false_discovery_control, norm

from wib_lib.absent import Missing
from wib_lib.errors import TableError
from wib_lib.hotspot_moves import ALIKE, LESS, MORE, changed_parts, compare_periods, moves, overlap

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder shared/ with golden cases is not beside this repository"
)


def members(n: int, *chosen: int) -> np.ndarray:
    found = np.zeros(n, dtype=bool)
    found[list(chosen)] = True
    return found


# ---- overlap


def test_overlap_by_hand_and_by_all_draws() -> None:
    # {0, 1, 2} and {2, 3} of six share one of four: 1/4. Over all 15 pairs drawn against the
    # first: 3 share none (0), 9 one (1/4), 3 two (2/3): mean 4.25 / 15; P(one or more) = 12 / 15.
    found = overlap(members(6, 0, 1, 2), members(6, 2, 3))
    assert (found.n_areas, found.n_first, found.n_second, found.n_both) == (6, 3, 2, 1)
    assert found.jaccard == pytest.approx(1 / 4)
    assert found.expected == pytest.approx(4.25 / 15, rel=1e-12)
    assert found.p == pytest.approx(12 / 15, rel=1e-12)
    first = {0, 1, 2}
    drawn = [len(first & set(pair)) / len(first | set(pair)) for pair in combinations(range(6), 2)]
    assert found.expected == pytest.approx(np.mean(drawn), rel=1e-12)


def test_overlap_is_the_same_both_ways_and_under_relabelling() -> None:
    rng = np.random.default_rng(2)
    first, second = rng.random(80) < 0.2, rng.random(80) < 0.3
    found, order = overlap(first, second), rng.permutation(80)
    again = overlap(second[order], first[order])
    assert (again.jaccard, again.n_both) == (found.jaccard, found.n_both)
    assert again.expected == pytest.approx(found.expected)
    assert again.p == pytest.approx(found.p)


def test_the_same_set_twice_is_full_overlap_and_none_is_missing() -> None:
    found = overlap(members(50, 1, 2, 3), members(50, 1, 2, 3))
    assert found.jaccard == 1
    assert found.p == pytest.approx(1 / 19_600)  # one of 50 over 3
    nothing = overlap(members(50), members(50, 1))
    assert nothing.jaccard == Missing("in een van beide is geen hotspot")


def test_compare_periods_adds_the_distance_between_mean_centres() -> None:
    frame = pd.DataFrame({"x": [0.0, 300.0, 0.0], "y": [0.0, 0.0, 400.0], "n": [1, 3, 5]})
    before = frame.assign(is_hot=[True, True, False])
    after = frame.assign(is_hot=[False, False, True])
    found = compare_periods(before, after, counts=("n", "n"))
    # Centre before: (1 x 0 + 3 x 300) / 4 = 225 on the x-axis; after (0, 400).
    assert found.apart_m == pytest.approx(np.hypot(225, 400))
    assert (found.jaccard, found.n_first, found.n_second) == (0, 2, 1)
    with pytest.raises(TableError, match="the same areas in the same order needed"):
        compare_periods(before, after.iloc[::-1], counts=("n", "n"))
    with pytest.raises(TableError, match="after: column is_hot is missing"):
        compare_periods(before, frame, counts=("n", "n"))


def test_each_area_is_named() -> None:
    found = moves(pd.Series([True, True, False, False]), pd.Series([True, False, True, False]))
    assert found.tolist() == ["gebleven", "weg", "nieuw", ""]


# ---- parts that changed


@pytest.fixture
def parts() -> pd.DataFrame:
    rng = np.random.default_rng(12)
    before, after = rng.poisson(20, 40), rng.poisson(16, 40)
    before[3], after[3], before[8], after[8] = 60, 4, 5, 45
    return pd.DataFrame({"code": [f"BU{i}" for i in range(40)], "before": before, "after": after})


def test_the_hotspot_that_moved_is_found_and_nothing_else(parts: pd.DataFrame) -> None:
    copy = parts.copy(deep=True)
    found = changed_parts(parts, "before", "after")
    pd.testing.assert_frame_equal(parts, copy)
    assert found["change"].to_dict() == {i: {3: LESS, 8: MORE}.get(i, ALIKE) for i in range(40)}
    again = changed_parts(parts.iloc[::-1], "before", "after").sort_index()
    pd.testing.assert_frame_equal(again, found)


def test_expected_and_p_are_their_definition(parts: pd.DataFrame) -> None:
    found = changed_parts(parts, "before", "after")
    share = parts["after"].sum() / (parts["before"] + parts["after"]).sum()
    n = parts["before"] + parts["after"]
    np.testing.assert_allclose(found["expected"], n * share)
    # Twice the smaller one-sided exact p, or a normal one widened by the dispersion if larger.
    after, both = parts["after"].to_numpy(), n.to_numpy()
    exact = [
        min(2 * binomtest(int(m), int(k), share, alternative=side).pvalue for side in ("less", "greater"))
        for m, k in zip(after, both, strict=True)
    ]  # fmt: skip
    z = (after - both * share) / np.sqrt(both * share * (1 - share) * found.attrs["dispersion"])
    p = np.minimum(1, np.maximum(exact, 2 * norm.sf(np.abs(z))))
    np.testing.assert_allclose(found["p_bh"], false_discovery_control(p), rtol=1e-9)


def test_the_dispersion_is_that_of_burglaries_that_come_twice() -> None:
    # Every burglary twice: variance twice the mean. Two parts that changed do not raise it.
    rng = np.random.default_rng(14)
    found = []
    for _ in range(40):
        pairs = 2 * rng.poisson(20, (100, 2))
        pairs[:2] = [[100, 0], [0, 100]]
        frame = pd.DataFrame(pairs, columns=["a", "b"])
        found.append(changed_parts(frame, "a", "b").attrs["dispersion"])
    assert np.mean(found) == pytest.approx(2, abs=0.2)


def test_chance_changes_nothing_even_when_burglaries_come_in_series() -> None:
    rng = np.random.default_rng(13)
    n_false = 0
    for _ in range(200):
        alone = rng.poisson(8, (30, 2))
        pairs = alone + rng.binomial(alone, 0.14)  # one in eight has another in its wake
        found = changed_parts(pd.DataFrame(pairs, columns=["a", "b"]), "a", "b")
        n_false += bool((found["change"] != ALIKE).any())
    assert n_false <= 18  # 99.9 % of the binomial at 5 %


def test_parts_without_burglaries_have_no_p_and_bad_counts_are_refused() -> None:
    found = changed_parts(pd.DataFrame({"a": [0, 30], "b": [0, 30]}), "a", "b")
    assert found["p_bh"].isna().tolist() == [True, False]
    assert found["change"].tolist() == [ALIKE, ALIKE]
    for rows in (
        {"a": [-1, 2], "b": [1, 1]},
        {"a": [0, 0], "b": [1, 1]},
        {"a": [None, 1], "b": [1, 1]},
    ):
        with pytest.raises(TableError, match="a and b must be 0 or more"):
            changed_parts(pd.DataFrame(rows), "a", "b")


@needs_shared
def test_adjusted_p_as_published_by_benjamini_and_hochberg() -> None:
    # The same function adjusts p in every module: their fifteen p-values, and R's p.adjust.
    case = json.loads((SHARED / "golden/fdr/expected.json").read_text(encoding="utf-8"))
    p = np.array(case["r"]["p"])
    np.testing.assert_allclose(false_discovery_control(p), case["r"]["bh"], atol=1e-9)
    np.testing.assert_allclose(false_discovery_control(p, method="by"), case["r"]["by"], atol=1e-9)
    assert (false_discovery_control(p) <= 0.05).sum() == case["n_reject_05"]["bh"] == 4
