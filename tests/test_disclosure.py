"""Disclosure: small counts stay withheld, and nothing that is shown gives them away."""

import itertools

import numpy as np
import pandas as pd
import pytest

from wib_lib.absent import Missing, Suppressed, Value
from wib_lib.disclosure import merge_small, percentage, screened_part

OTHER = "overig (samengevoegd)"

# ---- a part of a published whole


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 40, 0),
        (1, 40, Suppressed(5)),
        (4, 40, Suppressed(5)),
        (5, 40, 5),
        (35, 40, 35),
        (36, 40, Suppressed(5)),
        (39, 40, Suppressed(5)),
        (40, 40, 40),
        (3, 3, Suppressed(5)),
        (0, 0, 0),
    ],
)
def test_a_part_is_shown_when_neither_it_nor_the_rest_is_small(
    part: int, whole: int, shown: Value
) -> None:
    assert screened_part(part, whole, minimum=5) == shown


@pytest.mark.parametrize("minimum", [1, 2, 5, 10])
def test_what_is_shown_tells_no_small_count_by_subtraction(minimum: int) -> None:
    small = range(1, minimum)
    for whole, part in itertools.product(range(25), repeat=2):
        if part <= whole:
            hidden = part in small or whole - part in small
            expected = Suppressed(minimum) if hidden else part
            assert screened_part(part, whole, minimum=minimum) == expected


def test_a_part_and_its_rest_are_withheld_together() -> None:
    for part in range(41):
        kept = screened_part(part, 40, minimum=10) == part
        assert kept == (screened_part(40 - part, 40, minimum=10) == 40 - part)


def test_absent_parts_stay_what_they_are() -> None:
    missing = Missing("niet geleverd")
    assert screened_part(missing, 40, minimum=5) == missing
    assert screened_part(Suppressed(10), 40, minimum=5) == Suppressed(10)


def test_a_small_part_of_an_unknown_whole_is_withheld() -> None:
    assert screened_part(3, Missing("niet geleverd"), minimum=5) == Suppressed(5)


# ---- percentages


def test_percentage_by_hand() -> None:
    # 8 of 40 is a fifth; 1,035 attempts of 2,898 in Den Haag in 2015 is 35.7 % (police).
    assert percentage(8, 40) == pytest.approx(20, rel=1e-12)
    assert percentage(1_035, 2_898) == pytest.approx(35.7, abs=0.05)


def test_percentages_of_all_parts_make_a_hundred_and_do_not_depend_on_scale() -> None:
    parts = [3, 0, 17, 29]
    assert sum(percentage(part, 49) for part in parts) == pytest.approx(100, rel=1e-12)
    assert percentage(30, 490) == pytest.approx(percentage(3, 49), rel=1e-12)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (2, 9, Missing("minder dan 10 woninginbraken")),
        (0, 0, Missing("minder dan 10 woninginbraken")),
        (2, 10, 20.0),
        (Missing("weg"), 40, Missing("weg")),
        (8, Missing("weg"), Missing("weg")),
        (Suppressed(5), 40, Suppressed(5)),
        (Suppressed(5), Missing("weg"), Suppressed(5)),
    ],
)
def test_a_percentage_of_little_or_nothing_is_absent(
    part: Value, whole: Value, expected: Value
) -> None:
    assert percentage(part, whole) == expected


def test_the_base_of_percentages_can_be_raised() -> None:
    assert percentage(5, 19, base=20) == Missing("minder dan 20 woninginbraken")
    assert percentage(5, 20, base=20) == 25


# ---- tables


def table_of(rows: dict[str, list[int]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=["n_now", "n_before"])


def test_merging_by_hand() -> None:
    # Below 5: raam (before 4) and luik (now 2). Together 8 and 9: both can be shown.
    table = table_of({"raam": [6, 4], "deur": [30, 20], "luik": [2, 5], "schuur": [0, 7]})
    found = merge_small(table, minimum=5)
    assert found.to_dict("index") == {
        "deur": {"n_now": 30, "n_before": 20},
        "schuur": {"n_now": 0, "n_before": 7},
        OTHER: {"n_now": 8, "n_before": 9},
    }
    assert found.index[-1] == OTHER


def test_a_single_small_category_takes_the_smallest_other_along() -> None:
    # Alone, luik's 2 would follow from the total: raam, the smallest that is left, goes with it.
    table = table_of({"deur": [30, 20], "raam": [9, 8], "luik": [2, 0]})
    assert merge_small(table, minimum=5).to_dict("index") == {
        "deur": {"n_now": 30, "n_before": 20},
        OTHER: {"n_now": 11, "n_before": 8},
    }


def test_a_table_without_small_cells_is_only_sorted() -> None:
    table = table_of({"raam": [6, 0], "deur": [30, 20]})
    pd.testing.assert_frame_equal(merge_small(table, minimum=5), table.iloc[[1, 0]])
    anything = table_of({"raam": [1, 2], "deur": [3, 0]})
    pd.testing.assert_frame_equal(merge_small(anything, minimum=1), anything.iloc[[1, 0]])


def test_a_table_that_is_small_as_a_whole_is_withheld() -> None:
    found = merge_small(table_of({"raam": [1, 9], "deur": [2, 9]}), minimum=5)
    assert found.empty
    assert list(found) == ["n_now", "n_before"]


def random_tables(n_tables: int) -> list[pd.DataFrame]:
    rng = np.random.default_rng(3)
    tables = []
    for _ in range(n_tables):
        shape = (int(rng.integers(1, 9)), int(rng.integers(1, 4)))
        counts = rng.poisson(rng.choice([0.3, 2, 6, 30], size=(shape[0], 1)), size=shape)
        columns = [f"n_{i}" for i in range(shape[1])]
        tables.append(pd.DataFrame(counts, [f"c{i}" for i in range(shape[0])], columns))
    return tables


@pytest.mark.parametrize("minimum", [3, 5, 10])
def test_no_random_table_shows_a_small_cell_or_loses_a_count(minimum: int) -> None:
    n_withheld = 0
    for table in random_tables(150):
        before = table.copy(deep=True)
        found = merge_small(table, minimum=minimum)
        pd.testing.assert_frame_equal(table, before)
        assert ((found == 0) | (found >= minimum)).all(axis=None)
        if found.empty:
            n_withheld += 1
            assert table.sum().between(1, minimum - 1).any()
            continue
        assert found.sum().to_dict() == table.sum().to_dict()
        assert (found.dtypes == table.dtypes).all()
        kept = found.index.drop(OTHER, errors="ignore")
        pd.testing.assert_frame_equal(found.loc[kept], table.loc[kept])
    assert 0 < n_withheld < 150


def test_what_is_shown_of_random_tables_leaves_every_small_cell_uncertain() -> None:
    # Who knows the names and the shown table knows only the sum of what was merged. A cell is
    # certain when one category was merged (it is the sum) or when the sum is 0 (shown as 0).
    for table in random_tables(150):
        found = merge_small(table, minimum=5)
        merged = table.drop(index=found.index, errors="ignore")
        if found.empty or merged.empty:
            continue
        assert len(merged) >= 2
        small = (merged > 0) & (merged < 5)
        assert (merged.sum() >= 5)[small.any()].all()


def test_row_order_and_names_do_not_change_what_is_shown() -> None:
    # Distinct first columns: where categories are equal, either may go along.
    table = table_of({"a": [40, 3], "b": [12, 9], "c": [7, 7], "d": [2, 11], "e": [21, 0]})
    found = merge_small(table, minimum=5)
    shuffled = merge_small(table.iloc[[3, 1, 4, 0, 2]], minimum=5)
    pd.testing.assert_frame_equal(shuffled, found)
    renamed = merge_small(table.rename(index=str.upper), minimum=5)
    np.testing.assert_array_equal(renamed.to_numpy(), found.to_numpy())


def test_only_the_largest_categories_are_kept_by_name() -> None:
    table = table_of({"a": [40, 10], "b": [12, 30], "c": [9, 9], "d": [8, 20], "e": [30, 0]})
    # Over both periods: a 50, b 42, e 30, d 28, c 18.
    found = merge_small(table, minimum=5, top=3)
    assert found.to_dict("index") == {
        "a": {"n_now": 40, "n_before": 10},
        "e": {"n_now": 30, "n_before": 0},
        "b": {"n_now": 12, "n_before": 30},
        OTHER: {"n_now": 17, "n_before": 29},
    }
    assert len(merge_small(table, minimum=5, top=9)) == 5


def test_the_merged_category_can_be_named() -> None:
    table = table_of({"a": [40, 40], "b": [2, 9], "c": [4, 9]})
    assert merge_small(table, minimum=5, other="rest").index.tolist() == ["a", "rest"]
