"""From one division to another: totals kept, missing kept missing, computed marked."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wib_lib.crosswalk import (
    apportion_counts,
    apportion_shares,
    carry_over,
    compose,
    to_division,
    weights,
)
from wib_lib.errors import TableError


def pairs_of(*rows: tuple[str, str, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["code_from", "code_to", "n_dwellings"])


def figures_of(**counts: float | None) -> pd.DataFrame:
    return pd.DataFrame({"code": list(counts), "n": pd.array(list(counts.values()), "Float64")})


def as_dict(frame: pd.DataFrame, column: str = "n") -> dict[str, object]:
    return dict(zip(frame["code"], frame[column], strict=True))


# A is split over X and Y, B is merged into Y, C only gets the new code Z.
CHANGES = pairs_of(("A", "X", 30), ("A", "Y", 10), ("B", "Y", 5), ("C", "Z", 7))

# Enough cases to meet ties, splits and merges; a slow machine is no failure.
few = settings(max_examples=40, deadline=None, database=None)


@st.composite
def divisions(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw a crosswalk of up to five old areas and their counts."""
    olds = [f"A{i}" for i in range(draw(st.integers(1, 5)))]
    rows = []
    for old in olds:
        new = draw(st.lists(st.sampled_from("UVWXYZ"), min_size=1, max_size=4, unique=True))
        rows += [(old, code, draw(st.integers(1, 5_000))) for code in new]
    counts = {old: draw(st.integers(0, 100_000)) for old in olds}
    return pairs_of(*rows), figures_of(**counts)


# --- values by hand --------------------------------------------------------------------------


def test_counts_by_hand():
    # A = 10: X gets 7,5 and Y 2,5; whole parts 7 and 2, one left, remainders equal, so it goes to
    # the first code, X: 8 and 2. Y = 2 + 4 of B. Z = 9 of C, no arithmetic.
    found = apportion_counts(figures_of(A=10, B=4, C=9), weights(CHANGES), ["n"])
    assert as_dict(found.frame) == {"X": 8, "Y": 6, "Z": 9}
    assert as_dict(found.frame, "is_computed") == {"X": True, "Y": True, "Z": False}
    assert found.unplaced.empty


def test_what_is_left_goes_to_the_largest_remainder():
    # A = 11: X 8,25 and Y 2,75, so the one that is left goes to Y, although X comes first.
    crosswalk = weights(pairs_of(("A", "X", 30), ("A", "Y", 10)))
    assert as_dict(apportion_counts(figures_of(A=11), crosswalk, ["n"]).frame) == {"X": 8, "Y": 3}


def test_shares_by_hand():
    # Y: 10 of the 40 dwellings of A at 60 % and 5 of 5 of B at 20 %: (6 + 1) / 15 = 46,67 %.
    # The mean of the two percentages would be 40 %, half as wrong again.
    old = pd.DataFrame({"code": ["A", "B", "C"], "n": [40, 5, 7], "pct": [60.0, 20.0, 33.0]})
    found = apportion_shares(old, weights(CHANGES), {"pct": "n"})
    values = as_dict(found.frame, "pct")
    assert values["Y"] == pytest.approx(700 / 15, abs=1e-12)
    assert (values["X"], values["Z"]) == (pytest.approx(60, abs=1e-12), 33)
    assert as_dict(found.frame, "is_computed") == {"X": True, "Y": True, "Z": False}


def test_chain_of_two_changes_by_hand():
    # A to X 3/4 and Y 1/4; X then to P and Q half each: A to P 3/8, Q 3/8, Y 2/8. D changes in the
    # second step only, and Y in neither.
    second = weights(pairs_of(("X", "P", 6), ("X", "Q", 6), ("D", "Q", 1)))
    found = compose(weights(pairs_of(("A", "X", 30), ("A", "Y", 10))), second)
    rows = list(found.itertuples(index=False, name=None))
    assert rows == [("A", "P", 0.375), ("A", "Q", 0.375), ("A", "Y", 0.25), ("D", "Q", 1.0)]


# --- the definition, checked another way -----------------------------------------------------


@few
@given(divisions())
def test_every_total_is_kept_to_the_unit(drawn):
    pairs, old = drawn
    found = apportion_counts(old, weights(pairs), ["n"])
    assert found.frame["n"].sum() == old["n"].sum()
    assert found.frame["n"].ge(0).all()


@few
@given(divisions())
def test_no_area_is_further_than_its_parts_from_the_exact_share(drawn):
    pairs, old = drawn
    n = dict(zip(old["code"], old["n"], strict=True))
    whole = pairs.groupby("code_from")["n_dwellings"].sum()
    exact = pairs["code_from"].map(n).astype(float) * pairs["n_dwellings"]
    exact = (exact / pairs["code_from"].map(whole)).groupby(pairs["code_to"]).sum()
    found = apportion_counts(old, weights(pairs), ["n"]).frame.set_index("code")["n"].astype(float)
    n_parts = pairs.groupby("code_to").size()
    assert (found - exact).abs().lt(n_parts).all()  # each part is less than one unit off


@few
@given(divisions())
def test_a_mean_of_rounded_percentages_is_as_precise_as_they_are(drawn):
    pairs, old = drawn
    old = old.assign(n=old["n"] + 1, exact=np.linspace(0.4, 99.6, len(old)))
    old["rounded"] = old["exact"].round()
    found = apportion_shares(old, weights(pairs), {"exact": "n", "rounded": "n"}).frame
    assert (found["exact"] - found["rounded"]).abs().le(0.5 + 1e-9).all()
    assert found["exact"].between(0.4 - 1e-9, 99.6 + 1e-9).all()


@few
@given(divisions())
def test_weights_add_up_and_a_chain_with_nothing_new_changes_nothing(drawn):
    pairs, _ = drawn
    crosswalk = weights(pairs)
    sums = crosswalk.groupby("code_from")["weight"].sum()
    assert sums.to_numpy() == pytest.approx(np.ones(len(sums)), abs=1e-12)
    same = carry_over(crosswalk.iloc[:0], crosswalk["code_to"])
    pd.testing.assert_frame_equal(compose(crosswalk, same), crosswalk)


# --- what must make no difference ------------------------------------------------------------


@few
@given(divisions(), st.randoms(use_true_random=False))
def test_the_order_of_rows_plays_no_part(drawn, chance):
    pairs, old = drawn
    mixed = [frame.sample(frac=1, random_state=chance.randrange(99)) for frame in (pairs, old)]
    before = [frame.copy() for frame in (pairs, old)]
    found = [apportion_counts(old, weights(pairs), ["n"]).frame,
             apportion_counts(mixed[1], weights(mixed[0]), ["n"]).frame]  # fmt: skip
    pd.testing.assert_frame_equal(*found)
    for frame, same in zip((pairs, old), before, strict=True):
        pd.testing.assert_frame_equal(frame, same)


def test_ties_go_to_the_first_code():
    thirds = weights(pairs_of(("A", "Z", 1), ("A", "X", 1), ("A", "Y", 1)))
    assert as_dict(apportion_counts(figures_of(A=11), thirds, ["n"]).frame) == {
        "X": 4, "Y": 4, "Z": 3}  # fmt: skip


# --- missing, absent, unplaced ---------------------------------------------------------------


def test_missing_stays_missing_and_is_no_zero():
    found = apportion_counts(figures_of(A=None, B=4, C=0), weights(CHANGES), ["n"]).frame
    assert found["n"].isna().tolist() == [True, True, False]
    assert as_dict(found)["Z"] == 0


def test_a_part_that_is_not_in_the_table_makes_the_whole_missing():
    found = apportion_counts(figures_of(A=10), weights(CHANGES), ["n"]).frame
    assert found["n"].isna().tolist() == [False, True]  # Y needs B too; Z is not reached


def test_a_code_without_a_pair_is_reported():
    found = apportion_counts(figures_of(A=10, B=4, Q=3), weights(CHANGES), ["n"])
    assert as_dict(found.unplaced) == {"Q": 3}
    assert "Q" not in set(found.frame["code"])


def test_an_area_without_dwellings_that_kept_its_extent_needs_none():
    assert weights(pairs_of(("A", "B", 0)))["weight"].tolist() == [1.0]
    assert weights(pairs_of(("A", "B", 0), ("A", "C", 4)))["code_to"].tolist() == ["C"]


# --- bad input -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (pairs_of(("A", "B", 1)).drop(columns="code_to"), "column code_to is missing"),
        (pairs_of(("A", None, 1)), "code_from and code_to must be filled; 1 of 1 rows"),
        (pairs_of(("A", "B", 1), ("A", "B", 2)), "a pair of codes must occur once.*A to B"),
        (pairs_of(("A", "B", -1)), "n_dwellings must be 0 or more.*A to B"),
        (pairs_of(("A", "B", None)), "n_dwellings must be 0 or more"),
        (pairs_of(("A", "B", 0), ("A", "C", 0)), "an area that is split must have dwellings"),
    ],
)
def test_pairs_that_cannot_be_weighed_are_refused(pairs, message):
    with pytest.raises(TableError, match=message):
        weights(pairs)


@pytest.mark.parametrize("n", [-1, 2.5])
def test_counts_are_whole_numbers_from_zero(n):
    with pytest.raises(TableError, match=r"counts must be whole numbers from 0.*first A"):
        apportion_counts(figures_of(A=n), weights(CHANGES), ["n"])


def test_a_code_occurs_once_in_the_figures():
    twice = pd.concat([figures_of(A=1), figures_of(A=2)])
    with pytest.raises(TableError, match="a code must occur once; 1 of 2"):
        apportion_counts(twice, weights(CHANGES), ["n"])


# --- key figures of several years ------------------------------------------------------------

# 2013: 0101 and 0102 in wijk 01, 0201 in wijk 02. In 2016 part of 0102 goes to wijk 02.
STEP = pd.DataFrame(
    {"code_from": ["BU05130102"] * 2, "code_to": ["BU05130102", "BU05130201"],
     "year_from": 2015.0, "year_to": 2016.0, "n_dwellings": [30.0, 10.0]}
)  # fmt: skip
YEAR = {
    "GM0513": 200, "WK051301": 140, "WK051302": 60,
    "BU05130101": 100, "BU05130102": 40, "BU05130201": 60,
}  # fmt: skip


def key_rows(year: int, **changes: float | None) -> pd.DataFrame:
    numbers = YEAR | changes
    return pd.DataFrame(
        {
            "code": list(numbers),
            "n_dwellings": pd.array(list(numbers.values()), "Float64"),
            "pct_owner": pd.array([50.0] * len(numbers), "Float64"),
            "year": year,
            "bestand": f"kwb_{year}.csv",
        }
    )


def test_older_years_come_to_the_newest_division():
    table = pd.concat([key_rows(2013), key_rows(2016)], ignore_index=True)
    found = to_division(table, STEP)
    old = found[found["year"].eq(2013)]
    assert as_dict(old, "n_dwellings") == {
        "GM0513": 200, "WK051301": 130, "WK051302": 70,
        "BU05130101": 100, "BU05130102": 30, "BU05130201": 70,
    }  # fmt: skip
    computed = set(old.loc[old["is_computed"], "code"])
    assert computed == {"WK051301", "WK051302", "BU05130102", "BU05130201"}
    new = found[found["year"].eq(2016)].drop(columns="is_computed").reset_index(drop=True)
    pd.testing.assert_frame_equal(new, key_rows(2016))
    assert found.dtypes[table.columns.tolist()].equals(table.dtypes)


def test_every_step_from_the_year_on_is_taken():
    later = STEP.assign(code_from="BU05130201", code_to=["BU05130203", "BU05130204"],
                        year_from=2017.0, year_to=2018.0, n_dwellings=1.0)  # fmt: skip
    table = pd.concat([key_rows(2013), key_rows(2016)], ignore_index=True)
    found = to_division(table, pd.concat([STEP, later])).set_index(["year", "code"])["n_dwellings"]
    # 2013: 0201 has 60 and 10 of 0102 are added, half of either to 0203 and 0204.
    assert found[2013, "BU05130203"] == found[2013, "BU05130204"] == 35
    assert found[2016, "BU05130203"] == found[2016, "BU05130204"] == 30
    assert found[2013, "BU05130102"] == 30
    assert found[2016, "BU05130102"] == 40


def test_a_missing_buurt_makes_its_new_wijk_missing():
    found = to_division(key_rows(2013, BU05130102=None), STEP).set_index("code")["n_dwellings"]
    assert found[["BU05130102", "BU05130201", "WK051301", "WK051302"]].isna().all()
    assert found["GM0513"] == 200


def test_every_percentage_keeps_its_own_whole() -> None:
    # Two buurten become one: 10 % of 100 and 40 % of 300 inhabitants are 130 of 400, 32.5 %; by
    # dwellings (100 and 100) it would have been 25 %. Employment has no published whole.
    figures = pd.DataFrame(
        {
            "code": ["BU05130101", "BU05130102"],
            "year": 2015,
            "bestand": "k.csv",
            "n_dwellings": [100, 100],
            "n_inhabitants": [100, 300],
            "pct_age_0_14": [10.0, 40.0],
            "pct_owner": [10.0, 40.0],
            "pct_werkzaam": [60.0, 70.0],
            "km_winkels": [0.5, 0.7],
        }
    )
    pairs = pd.DataFrame(
        {
            "code_from": figures["code"],
            "code_to": "BU05130103",
            "year_from": 2016,
            "year_to": 2017,
            "n_dwellings": [100, 100],
        }
    )
    (row,) = to_division(figures, pairs).to_dict("records")
    assert (row["pct_age_0_14"], row["pct_owner"]) == (32.5, 25.0)
    assert pd.isna(row["pct_werkzaam"])
    assert pd.isna(row["km_winkels"])
