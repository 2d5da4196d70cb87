"""Area codes: repaired only where certain, and areas matched by code at the deepest level."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wib_lib.codes import PATTERNS, Area, level_of, normalise, normalise_region, parent

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder shared/ with open data is not beside this repository"
)
# Requirements 7.5: stadsdeel Laak is two wijken, seven buurten.
LAAK = Area(
    "GM0518",
    ("BU05183819", "BU05183822", "BU05183823", "BU05183824", "BU05183825", "BU05183826",
     "BU05183960"),
    ("WK051838", "WK051839"),
)  # fmt: skip

# ---- codes


@pytest.mark.parametrize(
    ("text", "level", "code"),
    [
        ("GM0518", "gemeente", "GM0518"),
        (" gm0518  ", "gemeente", "GM0518"),
        ("518", "gemeente", "GM0518"),
        ("GM518", "gemeente", "GM0518"),
        ("3", "gemeente", "GM0003"),
        ("51838", "wijk", "WK051838"),
        ("WK051838 ", "wijk", "WK051838"),
        ("5183819", "buurt", "BU05183819"),
        ("BU0363NL01", "buurt", "BU0363NL01"),
        ("bu0363nl01", "buurt", "BU0363NL01"),
    ],
)
def test_what_is_certain_is_repaired(text: str, level: str, code: str) -> None:
    assert normalise(pd.Series([text]), level).tolist() == [code]


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("", "gemeente"), ("   ", "wijk"), ("Gouda", "gemeente"), ("GM05180", "gemeente"),
        ("518.0", "gemeente"), ("-518", "gemeente"), ("GM 0518", "gemeente"), (".", "gemeente"),
        ("WK051838", "gemeente"), ("BU05183819", "wijk"), ("GM0518", "buurt"), ("518", "buurt"),
        ("Laak", "buurt"), ("X", "buurt"), ("AB", "wijk"), ("nan", "buurt"), ("onb", "buurt"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_code_of_the_level_becomes_missing(text: str, level: str) -> None:
    assert normalise(pd.Series([text]), level).isna().all()


def test_numbers_get_their_zeros_back_and_missing_stays_missing() -> None:
    assert normalise(pd.Series([3, 518, 1916]), "gemeente").tolist() == [
        "GM0003", "GM0518", "GM1916",
    ]  # fmt: skip
    for empty in (None, np.nan, pd.NA):
        found = normalise(pd.Series(["GM0518", empty], dtype=object), "gemeente")
        assert found.isna().tolist() == [False, True]


@pytest.mark.parametrize("level", ["gemeente", "wijk", "buurt"])
def test_a_repaired_code_is_whole_keeps_its_place_and_is_not_changed_again(level: str) -> None:
    texts = pd.Series(["518", "51838", "5183819", "x", "GM0518", "WK051838", "BU05183819"])
    texts.index = list("abcdefg")
    before = texts.copy(deep=True)
    found = normalise(texts, level)
    known = found.dropna()
    assert found.index.tolist() == list("abcdefg")
    assert len(known) >= 2
    assert all(level_of(code) == level for code in known)
    pd.testing.assert_series_equal(normalise(found, level), found)
    shuffled = normalise(texts.iloc[::-1], level).iloc[::-1]
    pd.testing.assert_series_equal(shuffled, found)
    pd.testing.assert_series_equal(texts, before)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("NL00      ", "NL00"), ("gm0363", "GM0363"), ("513", "GM0513"), ("WK051301 ", "WK051301"),
        ("BU05130101", "BU05130101"), ("NL01", None), ("Gouda", None), ("", None), ("51301", None),
        ("GM513", None), ("nan", None),
    ],
)  # fmt: skip
def test_a_region_keeps_its_level_and_only_a_bare_number_is_a_gemeente(
    text: str, code: str | None
) -> None:
    found = normalise_region(pd.Series([text, None], dtype=object))
    assert found.isna().tolist() == [code is None, True]
    assert code is None or found.iloc[0] == code


def test_parents_are_the_first_figures_of_a_code() -> None:
    for code in LAAK.buurt_codes:
        assert parent(code, "wijk") in LAAK.wijk_codes
        assert parent(code, "gemeente") == "GM0518"
        assert parent(parent(code, "wijk"), "gemeente") == parent(code, "gemeente")


@pytest.mark.parametrize("code", ["GM051", "WK05183", "BU0518381", "NL00", "gm0518", "", "GM05185"])
def test_a_text_that_is_no_code_has_no_level(code: str) -> None:
    with pytest.raises(ValueError, match=f"not a GM, WK or BU code: '{code}'"):
        level_of(code)


# ---- areas


@pytest.fixture
def places() -> pd.DataFrame:
    """Rows with what each is and whether it lies in Laak."""
    rows = [
        ("GM0518", "WK051838", "BU05183819", True),
        ("GM0518", "WK051839", "BU05183960", True),
        ("GM0518", "WK051838", None, True),  # no buurt: the wijk decides
        ("GM0518", None, "BU05183823", True),  # no wijk: the buurt decides
        ("GM0518", "WK051801", "BU05180101", False),
        ("GM0518", "WK051801", None, False),
        ("GM0518", "WK051838", "BU05180101", False),  # buurt before wijk
        ("GM0518", None, None, False),  # only the gemeente: not certain
        (None, None, None, False),
        ("GM0307", "WK030731", "BU03073105", False),  # Vathorst-De Laak, Over de Laak
        ("GM0772", "WK077231", None, False),  # De Laak
    ]
    return pd.DataFrame(rows, columns=["gemeente_code", "wijk_code", "buurt_code", "in_laak"])


def test_laak_is_matched_by_buurt_then_wijk_and_never_by_gemeente(places: pd.DataFrame) -> None:
    found = LAAK.covers(places)
    assert found.tolist() == places["in_laak"].tolist()
    assert found.dtype == bool


def test_the_whole_gemeente_is_matched_by_its_code_alone(places: pd.DataFrame) -> None:
    found = Area("GM0518").covers(places)
    assert found.tolist() == places["gemeente_code"].eq("GM0518").tolist()
    assert found.dtype == bool


def test_a_delivery_without_buurten_or_without_wijken_can_be_matched(places: pd.DataFrame) -> None:
    by_wijk = LAAK.covers(places.drop(columns="buurt_code"))
    assert by_wijk.tolist() == places["wijk_code"].isin(LAAK.wijk_codes).tolist()
    by_buurt = LAAK.covers(places.drop(columns="wijk_code"))
    assert by_buurt.tolist() == places["buurt_code"].isin(LAAK.buurt_codes).tolist()
    assert not LAAK.covers(places[["gemeente_code"]]).any()


def test_buurten_without_wijken_leave_rows_without_buurt_outside(places: pd.DataFrame) -> None:
    area = Area("GM0518", LAAK.buurt_codes)
    expected = places["buurt_code"].isin(LAAK.buurt_codes)
    assert area.covers(places).tolist() == expected.tolist()


def test_names_play_no_part(places: pd.DataFrame) -> None:
    named = places.assign(naam="Laak", wijk_naam="Laak", gemeente_naam="Den Haag")
    assert LAAK.covers(named).tolist() == places["in_laak"].tolist()


def test_matching_keeps_the_index_does_not_depend_on_order_and_leaves_its_input_alone(
    places: pd.DataFrame,
) -> None:
    before = places.copy(deep=True)
    found = LAAK.covers(places)
    shuffled = places.sample(frac=1, random_state=2)
    pd.testing.assert_series_equal(LAAK.covers(shuffled), found.loc[shuffled.index])
    pd.testing.assert_frame_equal(places, before)


def test_a_row_and_its_code_agree() -> None:
    for code in (*LAAK.buurt_codes, *LAAK.wijk_codes, "BU05180101", "WK051801", "GM0518"):
        row = {"gemeente_code": [parent(code, "gemeente")]}
        if level_of(code) != "gemeente":
            row[f"{level_of(code)}_code"] = [code]
        places = pd.DataFrame(row)
        assert LAAK.has(code) == LAAK.covers(places).item()
        assert Area("GM0518").has(code)
        assert not Area("GM0513").has(code)


def test_without_the_gemeente_column_the_whole_gemeente_cannot_be_matched() -> None:
    with pytest.raises(KeyError, match="gemeente_code"):
        Area("GM0518").covers(pd.DataFrame({"wijk_code": ["WK051838"]}))


def test_a_text_that_is_no_code_lies_in_no_area() -> None:
    with pytest.raises(ValueError, match="not a GM, WK or BU code: 'Laak'"):
        LAAK.has("Laak")


def test_labels_identify_the_area() -> None:
    assert (LAAK.label, LAAK.is_whole) == ("GM0518+WK051838+WK051839", False)
    assert (Area("GM0513").label, Area("GM0513").is_whole) == ("GM0513", True)


@needs_shared
def test_the_police_code_list_has_whole_codes_and_laak_is_all_of_its_two_wijken() -> None:
    # Codes of the nine and Leiden, police table, division of 2024.
    codes = pd.read_csv(
        SHARED / "data" / "open" / "wijken_buurten_9gem_politie2024.csv", dtype="str"
    ).iloc[:, 0]
    for level, pattern in PATTERNS.items():
        own = codes[codes.str.fullmatch(pattern.pattern)]
        assert len(own) >= 10
        assert normalise(own, level).tolist() == own.tolist()
        assert normalise(own.str[2:].str.lstrip("0"), level).tolist() == own.tolist()
    buurten = codes[codes.str.startswith("BU")]
    inside = buurten[buurten.map(lambda code: parent(code, "wijk")).isin(LAAK.wijk_codes)]
    assert sorted(inside) == sorted(LAAK.buurt_codes)
