"""Open statistics: every edition gives the same table, and a symbol is never a figure."""

import json
from datetime import date

import pandas as pd
import pytest

from conftest import counts, lines, read_file
from wib_lib import assessment
from wib_lib.checklist import Available, coverage_table
from wib_lib.errors import DeliveryError
from wib_lib.housing import profile
from wib_lib.run import evidence_for
from wib_lib.sources.stems import plain_stem

# Column names as published: requirements 7.4 for 82339NED (2013) and 83487NED (2016); 85618NED
# (2023) by its OData metadata; the map of PDOK by its feature description.
STEMS = ("code", "n_inhabitants", "n_households", "n_single_households", "n_dwellings",
         "mean_value_keur", "pct_owner", "pct_rent", "n_bijstand", "n_cars", "km_winkels",
         "is_changed")  # fmt: skip
EDITIONS = {
    2013: "RegioS;AantalInwoners_4;HuishoudensTotaal_27;Eenpersoonshuishoudens_28;"
    "Woningvoorraad_33;GemiddeldeWoningwaarde_34;Koopwoningen_39;HuurwoningenTotaal_40;"
    "PersonenMetEenWWBUitkeringTotaal_73;PersonenautoSTotaal_85;AfstandTotGroteSupermarkt_95;"
    "IndelingswijzigingWijkenEnBuurten_122",
    2016: "WijkenEnBuurten;AantalInwoners_5;HuishoudensTotaal_28;Eenpersoonshuishoudens_29;"
    "Woningvoorraad_34;GemiddeldeWoningwaarde_35;Koopwoningen_40;HuurwoningenTotaal_41;"
    "PersonenPerSoortUitkeringBijstand_74;PersonenautoSTotaal_86;AfstandTotGroteSupermarkt_96;"
    "IndelingswijzigingWijkenEnBuurten_4",
    2023: "WijkenEnBuurten;AantalInwoners_5;HuishoudensTotaal_29;Eenpersoonshuishoudens_30;"
    "Woningvoorraad_35;GemiddeldeWOZWaardeVanWoningen_39;Koopwoningen_47;HuurwoningenTotaal_48;"
    "PersonenPerSoortUitkeringBijstand_83;PersonenautoSTotaal_104;AfstandTotGroteSupermarkt_111;"
    "IndelingswijzigingWijkenEnBuurten_4",
}
FIGURES = (
    "GM0513    ;72700;32000;11500;31708;204;55;45;2100;29000;0.7;1",
    "WK051301  ;12400;6700;3200;6500;190;50;50;430;4500;0,6;1",
    "BU05130101;1200;600;300;500;.;.;.;.;.;0.5;3",
)
# A short edition for what concerns one column.
HEADER = "WijkenEnBuurten;AantalInwoners_5;Woningvoorraad_34;Koopwoningen_40"


@pytest.fixture
def read(tmp_path):
    return lambda profiel, data, **more: read_file(tmp_path, profiel, data, **more)


# --- key figures -----------------------------------------------------------------------------


def test_every_edition_gives_the_same_table(read):
    tables = [
        read("kwb", lines(EDITIONS[year], *FIGURES), jaar=year).checked.accepted
        for year in EDITIONS
    ]
    first = tables[0].drop(columns="year")
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table.drop(columns="year"), first)
    row = first.set_index("code").loc["GM0513"]
    wanted = [72700, 32000, 11500, 31708, 204, 55, 45, 2100, 29000, 0.7, False]
    assert row[list(STEMS[1:])].tolist() == wanted
    buurt = first.set_index("code").loc["BU05130101"]
    assert buurt[["mean_value_keur", "pct_owner", "n_bijstand", "n_cars"]].isna().all()
    assert buurt["is_changed"]  # any code but 1 is a change


def test_the_map_of_pdok_gives_the_same_columns(read):
    data = lines(
        "buurtcode;gemeentecode;aantalInwoners;woningvoorraad;percentageHuurwoningen;"
        "percentageKoopwoningen;percentagePersonen0Tot15Jaar;aantalHuishoudens;"
        "percentageEenpersoonshuishoudens;indelingswijzigingWijkenEnBuurten",
        "BU05130101;GM0513;1200;500;45;55;16;600;40;1",
        "BU05130102;GM0513;-99997;-99999999;-99995;-99997;-99997;-99997;-99997;1",
    )
    reading = read("kwb", data)
    rows = reading.checked.accepted.set_index("code")
    names = ["n_inhabitants", "n_dwellings", "pct_rent", "pct_owner", "pct_age_0_14",
             "n_households", "pct_single_households"]  # fmt: skip
    assert rows.loc["BU05130101", names].tolist() == [1200, 500, 45, 55, 16, 600, 40]
    assert rows.loc["BU05130102", names].isna().all()
    assert counts(reading.checked.emptied) == {}
    assert reading.notes == ("Aantal cijfers onbekend of geheim ('.'), dus niet bekend: 7.",)


def test_codes_come_from_the_column_that_holds_codes(read):
    data = lines("WijkenEnBuurten;Codering_3;Woningvoorraad_34", "Gouda;GM0513    ;31708")
    assert read("kwb", data).checked.accepted["code"].tolist() == ["GM0513"]


def test_two_columns_of_one_stem_are_refused_or_told_apart(read):
    twice = lines(HEADER.replace("AantalInwoners_5", "Koopwoningen_53"), "GM0513;9;100;55")
    with pytest.raises(DeliveryError, match=r"'Koopwoningen_53' en 'Koopwoningen_40' passen beide"):
        read("kwb", twice)
    chosen = read("kwb", twice, kolommen={"pct_owner": "Koopwoningen_40"}).checked.accepted
    assert chosen["pct_owner"].tolist() == [55]
    with pytest.raises(DeliveryError, match="veld 'koop' is onbekend; toegestaan: code, n_dwel"):
        read("kwb", twice, kolommen={"koop": "Koopwoningen_40"})


def test_old_and_new_name_side_by_side_are_refused(read):
    header = "RegioS;Woningvoorraad_33;GemiddeldeWoningwaarde_34;GemiddeldeWOZWaardeVanWoningen_35"
    with pytest.raises(DeliveryError, match="passen beide bij veld 'mean_value_keur'"):
        read("kwb", lines(header, "GM0513;31708;204;210"))


def test_symbols_are_missing_and_a_provisional_figure_is_noted(read):
    reading = read("kwb", lines(HEADER, "GM0513;72700*;31708;55", "GM0627;.;;*", "GM0001;7;0;."))
    rows = reading.checked.accepted.set_index("code")
    assert rows.loc["GM0513", "n_inhabitants"] == 72700
    assert rows.loc["GM0627", ["n_inhabitants", "n_dwellings", "pct_owner"]].isna().all()
    assert rows.loc["GM0001", "n_dwellings"] == 0  # a written 0 is a count
    assert reading.notes == (
        "Aantal cijfers onbekend of geheim ('.'), dus niet bekend: 2.",
        "Aantal cijfers voorlopig (*): 1.",
    )
    assert counts(reading.checked.emptied) == {}


def test_a_changed_division_is_said(read):
    reading = read("kwb", lines(EDITIONS[2016], *FIGURES), jaar=2016)
    assert any("andere indeling dan het jaar ervoor: 1;" in note for note in reading.notes)


def test_stems_ignore_number_capitals_and_punctuation():
    same = {"AantalInwoners_5", "aantalInwoners", "aantal_inwoners", " AantalInwoners_105"}
    assert {plain_stem(name) for name in same} == {"aantalinwoners"}
    assert plain_stem("k_0Tot15Jaar_8") != plain_stem("k_15Tot25Jaar_9")


# --- figures per region and year -------------------------------------------------------------


def test_ses_takes_the_total_score_of_four(read):
    data = lines(
        "WijkenEnBuurten;Perioden;ParticuliereHuishoudens_2;GemiddeldeScore_29;GemiddeldeScore_31;"
        "GemiddeldeScore_33;GemiddeldeScore_35;Waarde_16;Waarde_37",
        "WK051301  ;2019JJ00;6700;-.113;.2;.3;.4;12;.314",
        "BU05130101;2019JJ00;600;.;.;.;.;.;.",
        "WK051301  ;2018JJ00;6600;0,02;.2;.3;.4;12;.3",
        "WK051301  ;2019KW01;6600;0,02;.2;.3;.4;12;.3",
    )
    checked = read("ses", data).checked
    assert checked.accepted[["code", "year", "score", "spreiding"]].fillna(9).values.tolist() == [
        ["WK051301", 2019, -0.113, 0.314],
        ["BU05130101", 2019, 9, 9],
        ["WK051301", 2018, 0.02, 0.3],
    ]
    assert counts(checked.rejected) == {"jaar_onleesbaar": 1}
    other = data.replace("GemiddeldeScore_29", "GemiddeldeScore_28")
    with pytest.raises(DeliveryError, match="passen beide bij veld 'score'"):
        read("ses", other)


@pytest.mark.parametrize("number", [58, 89, 232])  # as seen in 86270NED, 84463NED and 85984NED
def test_nearness_by_stem_in_csv_and_odata(read, number):
    records = [{"WijkenEnBuurten": "BU05130101", f"AfstandTotOpritHoofdverkeersweg_{number}": 1.9,
                "AfstandTotGroteSupermarkt_20": 0.4, "AfstandTotWarenhuis_24": None}]  # fmt: skip
    reading = read("nabijheid", json.dumps({"value": records}), bestand="n.json", jaar=2019)
    row = reading.checked.accepted.iloc[0]
    assert row[["code", "year", "km_oprit", "km_winkels"]].tolist() == [
        "BU05130101", 2019, 1.9, 0.4]  # fmt: skip
    assert pd.isna(row["km_warenhuis"])
    data = lines(f"RegioS;AfstandTotOpritHoofdverkeersweg_{number}", "BU05130101;1,9")
    assert read("nabijheid", data, jaar=2019).checked.accepted["km_oprit"].tolist() == [1.9]


def test_work_and_benefits_as_tables_of_their_own(read):
    work = lines("RegioS;Perioden;NettoArbeidsparticipatie_3", "GM0513;2023JJ00;71.4")
    assert read("arbeid", work).checked.accepted["pct_werkzaam"].tolist() == [71.4]
    benefits = lines("code;jaar;n_bijstand;n_ww", "GM0513;2018;2100;1300")
    found = read("uitkeringen", benefits, kolommen={"code": "code"}).checked.accepted
    assert found[["n_bijstand", "n_ww"]].values.tolist() == [[2100, 1300]]


def test_a_table_without_any_of_its_columns_is_one_sentence(read):
    with pytest.raises(DeliveryError, match="geen kolom past bij profiel 'nabijheid'"):
        read("nabijheid", lines("RegioS;Iets_1", "GM0513;2"))
    with pytest.raises(DeliveryError, match=r"kolom 'WijkenEnBuurten' \(voor code\) ontbreekt"):
        read("nabijheid", lines("Plaats;AfstandTotGroteSupermarkt_1", "GM0513;2"))


# --- veiligheidsmonitor ----------------------------------------------------------------------

MONITOR = lines(
    "gebied;jaar;indicator;pct;onder;boven;n",
    "GM0518;2017;slachtoffer woninginbraak;3,1;2,4;3,9;2100",
    "eenheid Den Haag;2017;slachtoffer woninginbraak;2,9;2,6;3,2;",
    "GM0513;2017;slachtoffer woninginbraak;2,5;;;310",
    "GM0627;2017;slachtoffer woninginbraak;2,5;2,6;3,0;90",
    "GM0518;2017;slachtoffer woninginbraak;3,1;2,4;3,9;2100",
    "GM0503;2017;slachtoffer woninginbraak;.;.;.;.",
)


def test_a_share_needs_an_interval_that_encloses_it(read):
    checked = read("veiligheidsmonitor", MONITOR).checked
    assert checked.accepted["gebied"].tolist() == ["GM0518", "eenheid Den Haag"]
    assert checked.accepted["code"].fillna("").tolist() == ["GM0518", ""]
    assert counts(checked.rejected) == {
        "interval_ontbreekt": 1,
        "interval_omsluit_niet": 1,
        "aandeel_onleesbaar": 1,
    }
    assert len(checked.duplicates) == 1
    assert counts(checked.emptied) == {}


def test_a_monitor_without_bounds_says_which_column(read):
    data = lines("gebied;jaar;indicator;pct", "GM0518;2017;slachtoffer;3,1")
    with pytest.raises(DeliveryError, match=r"kolom 'onder' \(voor onder\) ontbreekt"):
        read("veiligheidsmonitor", data)


# --- in the checklist and the profile --------------------------------------------------------


def test_key_figures_that_carry_a_figure_cover_its_part():
    columns = frozenset({"n_dwellings", "n_bijstand", "pct_werkzaam", "km_winkels"})
    table = coverage_table({"kerncijfers": Available(columns, "CBS", date(2018, 1, 1))})
    status = table.set_index("number")["status"]
    assert status[["10B", "10D", "7D"]].tolist() == ["geleverd"] * 3
    assert status[["10A", "7B"]].tolist() == ["niet geleverd"] * 2


def evidence_of(project, *, slug="gouda", **files):
    """Ingest key figures and more, and bind them to an area."""
    made = project.small()
    made.content["bronnen"] = [made.source("incidenten.csv"), made.source("maand.csv")]
    for profiel, data in files.items():
        soort = "kerncijfers_wijken" if profiel == "kwb" else profiel
        made.add(soort, f"{profiel}.csv", profiel, data, jaar=2018)
    made.save()
    store = project.ingest(made)
    params = project.project.params(slug, made.dataset(), {"venster_start": "2018-01-01"})
    return evidence_for(project.project, made.dataset(), store, params)


def test_own_tables_cover_their_parts_for_their_own_area_only(project):
    ses = lines("RegioS;Perioden;score", "GM0513;2018JJ00;0,1")
    near = lines("RegioS;AfstandTotGroteSupermarkt_20", "GM0627;0,4")
    kwb = lines(EDITIONS[2016], *FIGURES)
    found = assessment.coverage(evidence_of(project, kwb=kwb, ses=ses, nabijheid=near))
    status = found.set_index("number")["status"]
    assert status[["10A", "10D", "7D"]].tolist() == ["geleverd"] * 3  # 7D from the key figures
    assert status["7B"] == "niet geleverd"


def test_profile_shows_shares_as_counts_with_the_margin_of_rounding(project):
    rows = profile(evidence_of(project, kwb=lines(EDITIONS[2016], *FIGURES))).set_index("what")
    # 55 % of 31,708 is 17,439.4; 54.5 % is 17,280.86 and 55.5 % is 17,597.94.
    assert rows.loc["Koopwoningen", ["value", "bounds", "share"]].tolist() == [
        17439, "17.280 tot 17.598", "55 %"]  # fmt: skip
    assert rows.loc["Woningen", ["value", "bounds"]].tolist() == [31708, ""]
    assert rows.loc["Eenpersoonshuishoudens", "value"] == 11500  # published, so not computed
    assert rows.loc["Personen met bijstand", "value"] == 2100
    assert rows.loc["Mannen", "value"].reason == "niet geleverd"


def test_profile_of_a_part_of_a_gemeente_adds_up_its_wijken(project):
    kwb = lines(
        "WijkenEnBuurten;Woningvoorraad_34;Koopwoningen_40",
        "GM0513;31708;55",
        "GM0518;250000;41",
        "WK051838;1000;40",
        "WK051839;500;10",
    )
    rows = profile(evidence_of(project, slug="den-haag-laak", kwb=kwb)).set_index("what")
    # 400 + 50; from 39.5 % of 996 (393.42) + 9.5 % of 496 (47.12)
    # to 40.5 % of 1,004 (406.62) + 10.5 % of 504 (52.92), each wijk outward.
    assert rows.loc["Koopwoningen", ["value", "bounds", "share"]].tolist() == [
        450, "440 tot 460", "30 %"]  # fmt: skip
    assert rows.loc["Woningen", "value"] == 1500
