"""The checklist: all 49 parts in every table, and counts that are checked one by one."""

import re
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from wib_lib.checklist import ABSENT, COMPUTED, DELIVERED, LEFT_OUT, Available, coverage_table
from wib_lib.checklist.parts import PARTS
from wib_lib.checklist.profile import by_category, n_repeats
from wib_lib.errors import TableError
from wib_lib.periods import Window
from wib_lib.tables import INCIDENTEN, KERNCIJFERS

WINDOWS = {"n_now": Window(date(2018, 1, 1)), "n_before": Window(date(2017, 1, 1))}
# Slim Samen Toezien, bijlage 2: the letters of the parts of each indicator.
LETTERS = {
    1: "AB", 2: "AB", 3: "", 4: "", 5: "AB", 6: "", 7: "ABCD", 8: "AB", 9: "AB", 10: "ABCD",
    11: "AB", 12: "", 13: "A", 14: "A", 15: "AB", 16: "", 17: "AB", 18: "", 19: "", 20: "AB",
    21: "ABCD", 22: "ABCD", 23: "ABC", 24: "ABC",
}  # fmt: skip


def everything() -> dict[str, Available]:
    """Every table that a part can come from, with every column."""
    pairs = [pair for part in PARTS for pair in ((part.table, ()), *part.alternatives)]
    names = {name for name, _ in pairs if name}
    columns = frozenset(column for part in PARTS for column in part.columns)
    return {name: Available(columns, f"eigenaar {name}", date(2019, 1, 15)) for name in names}


def status(available: dict[str, Available], **options: object) -> dict[str, str]:
    table = coverage_table(available, **options)
    return dict(zip(table["number"], table["status"], strict=True))


# ---- parts


def test_the_checklist_has_24_indicators_in_49_parts_as_printed() -> None:
    printed = [f"{n}{letter}" for n, letters in LETTERS.items() for letter in letters or [""]]
    assert [part.number for part in PARTS] == printed
    assert len(printed) == 49
    assert len({re.sub("[A-Z]", "", number) for number in printed}) == 24


def test_every_part_says_what_it_is_and_who_can_deliver_it() -> None:
    assert all(part.text and part.owner and part.perspective for part in PARTS)
    assert len({part.text for part in PARTS}) == 49
    assert [part.number for part in PARTS if part.opt_in] == ["11A", "11B", "21C"]
    assert all(bool(part.table and part.columns) != part.opt_in for part in PARTS)


@pytest.mark.parametrize("table", [INCIDENTEN, KERNCIJFERS], ids=lambda table: table.name)
def test_parts_ask_for_columns_that_the_table_has(table: object) -> None:
    asked = {column for part in PARTS if part.table == table.name for column in part.columns}
    assert asked
    assert asked <= set(table.names)


# ---- coverage


def test_nothing_delivered_still_prints_all_parts_with_whom_to_ask() -> None:
    table = coverage_table({})
    assert table["number"].tolist() == [part.number for part in PARTS]
    assert table["owner"].tolist() == [part.owner for part in PARTS]
    assert table["peildatum"].isna().all()
    assert table["status"].value_counts().to_dict() == {ABSENT: 46, LEFT_OUT: 3}


def test_everything_delivered_leaves_out_only_what_has_no_ground() -> None:
    table = coverage_table(everything())
    assert table["status"].value_counts().to_dict() == {DELIVERED: 46, LEFT_OUT: 3}
    left_out = table[table["status"].eq(LEFT_OUT)]
    assert left_out["number"].tolist() == ["11A", "11B", "21C"]
    assert left_out["peildatum"].isna().all()
    delivered = table.set_index("number").loc["3"]
    assert delivered[["owner", "peildatum"]].tolist() == ["eigenaar kerncijfers", date(2019, 1, 15)]


def test_parts_without_ground_are_never_delivered_or_computed() -> None:
    numbers = [part.number for part in PARTS]
    named = everything() | {"": Available(frozenset(), "iemand", date(2019, 1, 1))}
    found = status(named, computed=numbers)
    assert {number for number in numbers if found[number] == LEFT_OUT} == {"11A", "11B", "21C"}
    assert set(found.values()) == {COMPUTED, LEFT_OUT}


def test_computed_needs_data_and_a_column_that_is_not_filled_is_not_delivered() -> None:
    incidents = Available(frozenset({"kennisname_dt", "poging_jn"}), "Politie", date(2019, 1, 15))
    found = status({"incidenten": incidents}, computed=["1A", "14A", "3"])
    assert (found["1A"], found["2A"], found["14A"], found["3"]) == (
        COMPUTED, DELIVERED, ABSENT, ABSENT,
    )  # fmt: skip
    # 2B needs the flag and both times: one of three is not enough.
    assert found["2B"] == ABSENT


def test_counts_per_gemeente_serve_for_the_count_but_for_nothing_else() -> None:
    counts = Available(frozenset({"n_burglaries"}), "Politie (open)", date(2024, 8, 1))
    found = coverage_table({"aantallen": counts})
    delivered = found[found["status"].eq(DELIVERED)]
    assert delivered["number"].tolist() == ["1A"]
    assert delivered["owner"].tolist() == ["Politie (open)"]


def test_more_delivered_never_covers_less() -> None:
    given = everything()
    covered: set[str] = set()
    some: dict[str, Available] = {}
    for name in sorted(given):
        some[name] = given[name]
        now = {number for number, value in status(some).items() if value == DELIVERED}
        assert covered <= now
        covered = now
    assert len(covered) == 46


# ---- categories


@pytest.fixture
def incidents() -> pd.DataFrame:
    days = ["2018-01-01", "2018-12-31", "2018-06-01", "2017-06-01", "2017-06-02", "2016-12-31"]
    return pd.DataFrame(
        {
            "day": pd.to_datetime(days),
            "mo_toegang": ["deur", "deur", None, "raam", None, "deur"],
            "mo_methode": ["flipperen", "breken", None, "breken", "breken", "breken"],
        }
    )


def test_categories_by_hand(incidents: pd.DataFrame) -> None:
    found = by_category(incidents, ["mo_toegang"], WINDOWS)
    assert found.to_dict("index") == {
        "deur": {"n_now": 2, "n_before": 0},
        "raam": {"n_now": 0, "n_before": 1},
        "onbekend": {"n_now": 1, "n_before": 1},
    }
    assert [dtype.kind for dtype in found.dtypes] == ["i", "i"]


def test_two_columns_make_one_category(incidents: pd.DataFrame) -> None:
    found = by_category(incidents, ["mo_toegang", "mo_methode"], WINDOWS)
    assert found["n_now"][found["n_now"] > 0].to_dict() == {
        "deur, flipperen": 1, "deur, breken": 1, "onbekend": 1,
    }  # fmt: skip
    assert found["n_before"][found["n_before"] > 0].to_dict() == {
        "raam, breken": 1, "onbekend, breken": 1,
    }  # fmt: skip


def random_incidents(n: int) -> pd.DataFrame:
    rng = np.random.default_rng(17)
    days = pd.Timestamp("2016-10-01") + pd.to_timedelta(rng.integers(0, 900, n), unit="D")
    return pd.DataFrame(
        {
            "day": days,
            "woningtype": rng.choice(["hoek", "tussen", "flat", None], n),
            "adres_pseudo": rng.choice([*"abcdefghijklmnop", None], n),
        }
    )


def test_categories_are_counted_one_by_one_and_sum_to_the_window() -> None:
    incidents = random_incidents(300)
    found = by_category(incidents, ["woningtype"], WINDOWS)
    for name, year in (("n_now", 2018), ("n_before", 2017)):
        inside = incidents[incidents["day"].dt.year == year]
        assert found[name].sum() == len(inside)
        for category in ("hoek", "tussen", "flat"):
            assert found.loc[category, name] == sum(inside["woningtype"] == category)
        assert found.loc["onbekend", name] == inside["woningtype"].isna().sum()


def test_categories_do_not_depend_on_row_order_or_windows_beside_them(
    incidents: pd.DataFrame,
) -> None:
    before = incidents.copy(deep=True)
    found = by_category(incidents, ["mo_toegang"], WINDOWS)
    shuffled = by_category(incidents.iloc[::-1], ["mo_toegang"], WINDOWS)
    pd.testing.assert_frame_equal(shuffled.sort_index(), found.sort_index())
    alone = by_category(incidents, ["mo_toegang"], {"n_now": WINDOWS["n_now"]})
    for category, n in alone["n_now"].items():
        assert found.loc[category, "n_now"] == n
    pd.testing.assert_frame_equal(incidents, before)


def test_no_incidents_give_an_empty_table_with_its_columns(incidents: pd.DataFrame) -> None:
    found = by_category(incidents.head(0), ["mo_toegang"], WINDOWS)
    assert found.empty
    assert list(found) == ["n_now", "n_before"]


def test_a_missing_category_column_is_named(incidents: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="incidents: column buit_categorie is missing"):
        by_category(incidents, ["mo_toegang", "buit_categorie"], WINDOWS)


# ---- repeats


def repeats_one_by_one(incidents: pd.DataFrame, window: Window, days: int) -> int:
    """Count, of each address, the burglaries in the window that follow another within `days`."""
    n = 0
    for _, at_address in incidents.dropna().groupby("adres_pseudo"):
        dates = sorted(at_address["day"].dt.date)
        n += sum(
            window.start <= later <= window.last and (later - earlier).days <= days
            for earlier, later in pairwise(dates)
        )
    return n


def test_repeats_by_hand() -> None:
    rows = [
        ("a", "2017-01-01"), ("a", "2018-01-01"),  # 365 days: counts
        ("b", "2017-01-01"), ("b", "2018-01-02"),  # 366 days: does not
        ("c", "2018-03-01"), ("c", "2018-03-01"), ("c", "2018-12-31"),  # two of the three
        ("d", "2018-12-31"), ("d", "2019-01-01"),  # the second is after the window
        (None, "2018-05-01"), (None, "2018-05-02"),  # no address: never
    ]  # fmt: skip
    incidents = pd.DataFrame(rows, columns=["adres_pseudo", "day"])
    incidents["day"] = pd.to_datetime(incidents["day"])
    assert n_repeats(incidents, WINDOWS["n_now"]) == 3


@pytest.mark.parametrize("days", [0, 14, 60, 365])
def test_repeats_equal_a_count_address_by_address(days: int) -> None:
    incidents = random_incidents(250)
    expected = repeats_one_by_one(incidents[["day", "adres_pseudo"]], WINDOWS["n_now"], days)
    assert n_repeats(incidents, WINDOWS["n_now"], days=days) == expected
    assert days == 0 or expected > 0


def test_repeats_do_not_depend_on_row_order_or_the_names_of_addresses() -> None:
    incidents = random_incidents(250)
    before = incidents.copy(deep=True)
    found = n_repeats(incidents, WINDOWS["n_now"])
    assert n_repeats(incidents.sample(frac=1, random_state=3), WINDOWS["n_now"]) == found
    renamed = incidents.assign(adres_pseudo=incidents["adres_pseudo"].str.upper() + "-7")
    assert n_repeats(renamed, WINDOWS["n_now"]) == found
    pd.testing.assert_frame_equal(incidents, before)


def test_longer_risk_windows_never_have_fewer_repeats() -> None:
    incidents = random_incidents(250)
    found = [n_repeats(incidents, WINDOWS["n_now"], days=days) for days in (0, 7, 30, 180, 365)]
    assert found == sorted(found)


def test_repeats_without_addresses_are_refused() -> None:
    with pytest.raises(TableError, match="incidents: column adres_pseudo is missing"):
        n_repeats(random_incidents(5).drop(columns="adres_pseudo"), WINDOWS["n_now"])
