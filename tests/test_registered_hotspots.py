"""Registered hotspots beside the burglaries: who ran when, what they held, what chance gives."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wib_lib.absent import Missing
from wib_lib.errors import TableError
from wib_lib.periods import Window
from wib_lib.rates import share_interval
from wib_lib.registered_hotspots import OWN, compare_registered, registered_parts

SHARED = Path(__file__).parents[2] / "shared"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the folder shared/ with golden cases is not beside this repository"
)
WINDOW = Window(date(2018, 1, 1))


@pytest.fixture
def parts() -> pd.DataFrame:
    codes = ["BU05130101", "BU05130102", "BU05130201", "BU05130202"]
    return pd.DataFrame(
        {"code": codes, "n_dwellings": [100, 300, 400, 200], "n_burglaries": [6, 3, 1, 2]}
    )


@pytest.fixture
def register() -> pd.DataFrame:
    rows = [
        ("BU05130101", "gebiedsscan", "2017-10-01", "2018-03-31"),
        ("BU05130201", "gebiedsscan", "2017-01-01", "2017-12-31"),  # over before the window
        ("WK051302", "hotspotmonitor", "2018-12-31", None),  # the last day, still open
        ("BU05130102", "hotspotmonitor", "2019-01-01", None),  # after the window
        ("BU05030101", "gebiedsscan", None, None),  # of another gemeente
    ]
    frame = pd.DataFrame(rows, columns=["gebied", "bron", "van", "tot"])
    return frame.assign(van=pd.to_datetime(frame["van"]), tot=pd.to_datetime(frame["tot"]))


def test_the_register_by_hand(parts: pd.DataFrame, register: pd.DataFrame) -> None:
    found = registered_parts(register, parts, WINDOW)
    assert found["gebiedsscan"].tolist() == [True, False, False, False]
    assert found["hotspotmonitor"].tolist() == [False, False, True, True]
    assert found.attrs["n_elsewhere"] == 1


def test_what_hotspots_held_by_hand(parts: pd.DataFrame, register: pd.DataFrame) -> None:
    sets = registered_parts(register, parts, WINDOW)
    own = np.array([True, True, False, False])
    found = compare_registered(parts, dict(sets.items()), own=own).set_index("source")
    scan, monitor, mine = found.loc["gebiedsscan"], found.loc["hotspotmonitor"], found.loc[OWN]
    # 6 of 12 burglaries in 100 of 1,000 dwellings: five times their share.
    assert [scan["n_burglaries"], scan["share_burglaries"], scan["pai"]] == [6, 0.5, 5]
    assert (scan["low"], scan["high"]) == share_interval(6, 12)
    assert [monitor["share_burglaries"], monitor["pai"]] == pytest.approx([0.25, 0.25 / 0.6])
    assert [mine["n_parts"], mine["share_burglaries"]] == [2, 0.75]
    # One of two shared; two of four drawn with one: in it with chance 1/2.
    assert [scan["jaccard"], scan["jaccard_expected"], scan["p_overlap"]] == [0.5, 0.25, 0.5]
    assert monitor["jaccard"] == 0


def test_an_empty_set_says_so(parts: pd.DataFrame) -> None:
    found = compare_registered(parts, {"cas": np.zeros(4, dtype=bool)}).iloc[0]
    assert found["pai"] == Missing("geen hotspot in dit venster")
    none = compare_registered(parts.assign(n_burglaries=0), {"cas": np.ones(4, dtype=bool)}).iloc[0]
    assert none["share_burglaries"] == Missing("geen woninginbraken in dit venster")


def test_row_order_and_input_do_not_matter(parts: pd.DataFrame, register: pd.DataFrame) -> None:
    copies = parts.copy(deep=True), register.copy(deep=True)
    found = registered_parts(register, parts, WINDOW)
    again = registered_parts(register.iloc[::-1], parts.iloc[::-1], WINDOW)
    pd.testing.assert_frame_equal(again.sort_index(), found)
    pd.testing.assert_frame_equal(parts, copies[0])
    pd.testing.assert_frame_equal(register, copies[1])


def test_all_of_the_area_captures_all_of_it(parts: pd.DataFrame) -> None:
    found = compare_registered(parts, {"alles": np.ones(4, dtype=bool)}).iloc[0]
    assert [found["share_burglaries"], found["share_dwellings"], found["pai"]] == [1, 1, 1]


def test_a_missing_column_is_named(parts: pd.DataFrame, register: pd.DataFrame) -> None:
    with pytest.raises(TableError, match="register: column tot is missing"):
        registered_parts(register.drop(columns="tot"), parts, WINDOW)
    with pytest.raises(TableError, match="parts: column n_burglaries is missing"):
        compare_registered(parts.drop(columns="n_burglaries"), {})


@needs_shared
def test_the_index_is_that_of_chainey_as_by_r() -> None:
    # Chicago, 1 km cells ranked on 2016 and scored on 2017 (ptools): the share of dwellings is
    # that of cells here.
    case = json.loads((SHARED / "golden/pai/expected.json").read_text(encoding="utf-8"))
    cells = pd.read_csv(SHARED / "golden/gistar/chicago_1km_gistar_spdep.csv")
    ranked = cells.sort_values("n2016", ascending=False, kind="stable").reset_index(drop=True)
    ranked = ranked.assign(n_dwellings=1, n_burglaries=ranked["n2017"])
    checked = 0
    for top in case["chicago_top"]:
        chosen = np.arange(len(ranked)) < top["Order"]
        found = compare_registered(ranked, {"top": chosen}).iloc[0]
        if found["n_burglaries"] == top["CumCount"]:  # a tie at the edge may be cut otherwise
            assert found["pai"] == pytest.approx(top["PAI"], rel=1e-9)
            checked += 1
    assert checked >= 2
