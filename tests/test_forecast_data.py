"""The forecast and the two weeks on the sample and on real data: what was planted comes out."""

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from conftest import Voorbeeld
from wib_lib.absent import Missing
from wib_lib.forecast import Forecast, Panel, forecast, fortnights, months
from wib_lib.fortnight import (
    METHOD,
    MOMENT,
    Covered,
    Fortnight,
    actions_at,
    by_place,
    changes,
    meeting,
    totals,
    with_moment,
)
from wib_lib.fortnight.changes import LESS, MORE

DATA = Path(__file__).parents[2] / "shared" / "data"
real = pytest.mark.skipif(
    not DATA.is_dir(), reason="real data are not part of the project: shared/data is absent"
)
PEILDATUM, COVERED = date(2018, 12, 16), Covered(date(2013, 1, 1), date(2018, 12, 31))
SPAN = {"first": COVERED.first, "last": COVERED.last}


def of_gemeente(voorbeeld: Voorbeeld, code: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return incidents with their day, and buurten with their dwellings of 2018."""
    rows = voorbeeld.store.table("incidenten", [code])
    figures = voorbeeld.store.table("kerncijfers", [code])
    assert rows is not None
    assert figures is not None
    own = figures[figures["code"].str.startswith("BU") & figures["year"].eq(2018)]
    day = rows["kennisname_dt"].dt.normalize()
    return rows.assign(day=day), own[["code", "n_dwellings"]].drop_duplicates("code")


def forecast_of(voorbeeld: Voorbeeld, code: str, peildatum: date) -> Forecast:
    rows, buurten = of_gemeente(voorbeeld, code)
    found = forecast(fortnights(rows, buurten, column="buurt_code", peildatum=peildatum, **SPAN))
    assert isinstance(found, Forecast)
    return found


def test_the_hotspot_of_the_sample_is_expected_where_it_is_and_not_where_it_was(
    voorbeeld: Voorbeeld,
) -> None:
    planted = voorbeeld.truth["geplant"]["hotspot"]
    first, following = planted["eerst"]["buurt"], planted["daarna"]["buurt"]
    before = forecast_of(voorbeeld, planted["gemeente"], date(2017, 12, 17)).parts["code"]
    after = forecast_of(voorbeeld, planted["gemeente"], PEILDATUM).parts["code"]
    assert before[0] == first
    assert after[0] == following
    assert before.tolist().index(following) > 5


def test_the_model_is_better_than_the_mean_on_the_season_of_the_sample(
    voorbeeld: Voorbeeld,
) -> None:
    found = forecast_of(voorbeeld, "GM0513", PEILDATUM)
    assert found.test.n_origins == 78
    assert found.test.best == "model"
    scores = found.test.scores.set_index("method")["crps"]
    assert scores["model"] < scores["gemiddelde"] < scores["laatste"]
    assert 0.9 <= found.test.score("model", "total_covered") <= 1


def test_streets_of_the_sample_add_up_to_its_buurten(voorbeeld: Voorbeeld) -> None:
    buurten = forecast_of(voorbeeld, "GM0503", PEILDATUM)
    rows, _ = of_gemeente(voorbeeld, "GM0503")
    streets = forecast(
        fortnights(rows, None, column="straat_id", peildatum=PEILDATUM, **SPAN),
        like=buurten,
    )
    assert isinstance(streets, Forecast)
    assert streets.expected == pytest.approx(buurten.expected)
    assert streets.parts["expected"].sum() + streets.elsewhere == pytest.approx(streets.expected)
    assert streets.elsewhere > 0
    # Per street nearly always nothing or one.
    assert (streets.parts["high"] <= 1).mean() > 0.9


def test_two_weeks_of_the_sample_add_up_and_raise_no_alarm(voorbeeld: Voorbeeld) -> None:
    rows, buurten = of_gemeente(voorbeeld, "GM0513")
    days = Fortnight(PEILDATUM)
    places = by_place(rows, buurten, days, column="buurt_code", covered=COVERED)
    whole = totals(rows, days, covered=COVERED)
    assert isinstance(places, pd.DataFrame)
    assert isinstance(whole, pd.DataFrame)
    for name, at in (("n_now", -1), ("n_before", -2), ("n_year_1", -3), ("n_year_5", 0)):
        assert places[name].sum() + places.attrs["n_unplaced"][name] == whole["n"].iloc[at]
    # No change of method or hour was planted anywhere.
    found = changes(with_moment(rows), METHOD | MOMENT, days, covered=COVERED)
    assert isinstance(found, pd.DataFrame)
    assert not found["verdict"].isin([MORE, LESS]).any()
    register = voorbeeld.store.table("acties", ["GM0513"])
    assert register is not None
    stand = actions_at(register, PEILDATUM)
    assert len(stand) == len(register)
    assert len(meeting(stand, days)) == 7


# ---- real data


@real
def test_the_fortnight_to_come_is_expected_per_gemeente_of_the_country() -> None:
    rows = pd.read_csv(DATA / "open" / "mik_nl_pc4_2023_2025.csv")
    points = pd.read_csv(DATA / "open" / "pc4_gm2022.csv").drop_duplicates("postcode")
    homes = pd.read_csv(DATA / "open" / "NLD_muni_attributes.csv")
    incidents = pd.DataFrame(
        {
            "day": pd.to_datetime(rows["Datum"], format="%d-%m-%Y"),
            "gm": rows["Postcode"].map(points.set_index("postcode")["gm_code_2022"]),
        }
    )
    parts = pd.DataFrame({"code": homes["code"], "n_dwellings": homes["dwelling_total"]})
    span = {"first": date(2023, 4, 20), "last": date(2025, 12, 31)}
    panel = fortnights(incidents, parts, column="gm", peildatum=span["last"], **span)
    assert isinstance(panel, Panel)
    # 987 days are 70 fortnights and seven days: the first seven are left out.
    last = incidents["day"] > pd.Timestamp("2023-04-26")
    assert panel.n_periods == 70
    assert panel.counts.sum() + panel.unplaced.sum() == last.sum()
    found = forecast(panel)
    assert isinstance(found, Forecast)
    assert found.test.n_origins == 26
    scores = found.test.scores.set_index("method")["crps"]
    assert scores["model"] < scores["gemiddelde"] < scores["laatste"]
    # January has a third more than the mean month (requirements 7.3): the model knows, the mean not.
    assert found.expected > 1.15 * found.parts["mean_year"].sum()


@real
def test_years_per_gemeente_give_no_expectation_for_a_month() -> None:
    rows = pd.read_csv(DATA / "open_jaren" / "politie_gemeente_jaar.csv", sep=";", dtype=str)
    assert len(rows) == 9_604
    own = rows[rows["Gemeente"].eq("GM0513") & rows["SoortMisdrijf"].eq("1.1.1")]
    year = pd.to_datetime(own["Jaar"])
    table = pd.DataFrame(
        {
            "region_code": "GM0513",
            "start": year,
            "end": year + pd.DateOffset(years=1),
            "n_burglaries": own["GeregistreerdeMisdrijven"].astype(int),
        }
    )
    assert len(table) == 14
    assert forecast(months(table, ["GM0513"])) == Missing(
        "een verwachting per maand vraagt maandcijfers van elk gebied; die zijn niet geleverd"
    )


@real
def test_the_months_of_the_country_are_expected_with_their_season() -> None:
    rows = pd.read_csv(DATA / "open" / "wib_nl_monthly.csv")
    start = pd.to_datetime(rows["date"])
    table = pd.DataFrame(
        {
            "region_code": "NL00",
            "start": start,
            "end": start + pd.offsets.MonthBegin(1),
            "n_burglaries": rows["wib_nl"],
        }
    )
    assert table["n_burglaries"][:12].sum() == 91_595
    found = forecast(months(table, ["NL00"]))
    assert isinstance(found, Forecast)
    assert (found.first, found.last) == (date(2024, 1, 1), date(2024, 1, 31))
    assert found.test.best == "model"
    scores = found.test.scores.set_index("method")["crps"]
    assert scores["model"] < 0.9 * scores["gemiddelde"]


@real
def test_one_year_of_vancouver_is_counted_and_not_forecast() -> None:
    rows = pd.read_csv(DATA / "bench" / "break_enter_residential_2020.csv")
    moment = pd.to_datetime(
        rows[["YEAR", "MONTH", "DAY", "HOUR", "MINUTE"]].rename(columns=str.lower)
    )
    incidents = pd.DataFrame(
        {
            "day": moment.dt.normalize(),
            "block": rows["HUNDRED_BLOCK"],
            "mo_toegang": np.where(rows["NEIGHBOURHOOD"].eq("West End"), "west", "elders"),
        }
    )
    year = Covered(date(2020, 1, 1), date(2020, 12, 31))
    days = Fortnight(date(2020, 12, 31))
    places = by_place(incidents, None, days, column="block", covered=year)
    whole = totals(incidents, days, covered=year)
    assert isinstance(places, pd.DataFrame)
    assert isinstance(whole, pd.DataFrame)
    assert places["n_now"].sum() + places.attrs["n_unplaced"]["n_now"] == whole["n"].iloc[-1]
    assert whole["n"].isna().sum() == 5
    assert changes(incidents, {"mo_toegang": "deel"}, days, covered=year) == Missing(
        "dezelfde twee weken van eerdere jaren zijn niet geleverd"
    )
    span = {"first": year.first, "last": year.last}
    found = forecast(fortnights(incidents, None, column="block", peildatum=year.last, **span))
    assert isinstance(found, Missing)
    assert found.reason.endswith("geleverd zijn er 26")
