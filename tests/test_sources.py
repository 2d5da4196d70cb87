"""Readers: small hand-made files with one flaw each, and what must come out of them."""

import json

import pandas as pd
import pytest

from conftest import (
    ACTIONS,
    COLUMNS,
    INCIDENTS,
    INCIDENTS_WANTED,
    KWB,
    MONTHS,
    counts,
    lines,
    read_file,
)
from wib_lib.errors import DeliveryError

PERIOD = {"van": "2013-01-01", "tot": "2018-12-31"}
KNOWN = pd.DataFrame({"code": ["NL00", "GM0513", "BU05130101"]})
HEADER, *ROWS = INCIDENTS.splitlines()
RD = "urn:ogc:def:crs:EPSG::28992"


def read_incidents(folder, data=INCIDENTS, **more):
    more.setdefault("tables", {"kerncijfers": KNOWN})
    more.setdefault("kolommen", COLUMNS)
    return read_file(folder, "bvh", data, periode=PERIOD, **more)


# --- bvh -------------------------------------------------------------------------------------


def test_bvh_sorts_every_row(tmp_path):
    checked = read_incidents(tmp_path).checked
    assert checked.n_read == INCIDENTS_WANTED["read"]
    assert checked.accepted["incident_id"].tolist() == INCIDENTS_WANTED["accepted"]
    assert counts(checked.rejected) == INCIDENTS_WANTED["rejected"]
    assert len(checked.duplicates) == INCIDENTS_WANTED["duplicates"]
    assert counts(checked.emptied) == INCIDENTS_WANTED["emptied"]


def test_bvh_gives_types(tmp_path):
    reading = read_incidents(tmp_path)
    rows = reading.checked.accepted.set_index("incident_id")
    first = rows.loc["PL1"]
    assert first["kennisname_dt"] == pd.Timestamp("2018-01-05")
    assert first["pleeg_van"] == pd.Timestamp("2018-01-04 22:00")
    assert first["pleeg_tot"] == pd.Timestamp("2018-01-05 07:00")
    # Written 108000,5 and rounded to 25 m.
    assert (first["rd_x"], first["rd_y"]) == (108_000.0, 447_000.0)
    assert first["opgehelderd_dt"] == pd.Timestamp("2018-01-09")
    assert rows["poging_jn"].tolist() == [True, False, False, False, False, True]
    assert rows["poging_jn"].dtype == "boolean"
    assert rows["gemeente_code"].eq("GM0513").all()  # written GM0513, 513 and padded
    assert pd.isna(rows.loc["PL3", "pleeg_van"])  # begin not known: no flaw
    assert rows.loc["PL3", "pleeg_tot"] == pd.Timestamp("2018-03-07 12:00")
    assert (str(reading.first), str(reading.last)) == ("2013-01-01", "2018-12-31")


def test_bvh_empties_what_cannot_be_and_keeps_the_burglary(tmp_path):
    checked = read_incidents(tmp_path).checked
    rows = checked.accepted.set_index("incident_id")
    assert rows.loc["PL9", ["pleeg_van", "pleeg_tot"]].isna().all()  # begin after end
    assert rows.loc["PL10", ["rd_x", "rd_y"]].isna().all()  # origin of the grid
    assert rows.loc["PL11", ["rd_x", "rd_y"]].isna().all()  # x and y swapped
    log = checked.emptied.set_index("rij")
    assert log.loc[12, "kolom"] == "pleeg_van, pleeg_tot"
    assert log.loc[12, "waarde"] == "12-04-2018 09:00 | 11-04-2018 09:00"
    assert log.loc[13, "waarde"] == "155000 | 463000"


def test_bvh_keeps_rejected_rows_with_their_reason(tmp_path):
    log = read_incidents(tmp_path).checked.rejected.set_index("rij")
    wanted = {  # row in the file: column, value, check
        6: ("incident_id", "", "incident_id_ontbreekt"),
        7: ("incident_id", "  ", "incident_id_ontbreekt"),
        8: ("kennisname_dt", "31-02-2018", "kennisname_onleesbaar"),
        9: ("mk_code", "A21", "buiten_delictselectie"),
        10: ("gemeente_code", "GM9999", "gemeente_onbekend"),
        11: ("kennisname_dt", "01-01-2019", "buiten_leverperiode"),
    }
    found = {row: tuple(log.loc[row, ["kolom", "waarde", "toets"]]) for row in log.index}
    assert found == wanted
    assert log["regel"].str.len().gt(10).all()


def test_bvh_calls_the_later_row_the_duplicate(tmp_path):
    doubles = read_incidents(tmp_path).checked.duplicates
    assert doubles[["rij", "kolom", "waarde", "toets"]].values.tolist() == [
        [5, "incident_id", "PL1", "dubbel"]
    ]


def test_bvh_does_not_judge_gemeenten_without_key_figures(tmp_path):
    checked = read_incidents(tmp_path, tables={}).checked
    assert "gemeente_onbekend" not in counts(checked.rejected)
    assert "PL7" in set(checked.accepted["incident_id"])


def test_bvh_row_order_does_not_matter(tmp_path):
    turned = "\n".join([HEADER, *ROWS[::-1]]) + "\n"
    here, there = read_incidents(tmp_path).checked, read_incidents(tmp_path, turned).checked
    assert counts(there.rejected) == counts(here.rejected)
    assert counts(there.emptied) == counts(here.emptied)
    assert sorted(there.accepted["incident_id"]) == sorted(here.accepted["incident_id"])


def test_bvh_in_cp1252_and_another_date_notation(tmp_path):
    text = "Nr;Plaats;Gemeente;Bekend\nPL1;Façade;513;2018/02/03\n"
    reading = read_file(
        tmp_path,
        "bvh",
        text.encode("cp1252"),
        codering="cp1252",
        datumnotatie="%Y/%m/%d",
        kolommen={
            "incident_id": "Nr",
            "gemeente_code": "Gemeente",
            "kennisname_dt": "Bekend",
            "woningtype": "Plaats",
        },
    )
    row = reading.checked.accepted.iloc[0]
    assert row["woningtype"] == "façade"
    assert row["kennisname_dt"] == pd.Timestamp("2018-02-03")
    assert (str(reading.first), str(reading.last)) == (
        "2018-02-03",
        "2018-02-03",
    )  # no period given


def test_bvh_shows_an_unreadable_optional_field_as_emptied(tmp_path):
    text = INCIDENTS.replace("108100;447100", "ergens;447100").replace("PL3;B20;N", "PL3;B20;?")
    checked = read_incidents(tmp_path, text).checked
    extra = counts(checked.emptied)
    assert (extra["rd_x_onleesbaar"], extra["poging_jn_onleesbaar"]) == (1, 1)
    assert pd.isna(checked.accepted.set_index("incident_id").loc["PL3", "poging_jn"])


# --- misdaad in kaart ------------------------------------------------------------------------

PLACES = pd.DataFrame(
    {
        "pc4": ["2801", "2802"],
        "gemeente_code": ["GM0513", None],
        "wijk_code": ["WK051301", None],
    }
)
MAP = """\
Postcode,Datum,Soort
2801,11-07-2023,Woninginbraak
2801,11-07-2023,Woninginbraak
2802,12-07-2023,Poging tot woninginbraak
9999,13-07-2023,Woninginbraak
2801,2023-07-11,Woninginbraak
2801,11-07-2026,Woninginbraak
2801,14-07-2023,Iets anders
"""


def test_map_keeps_equal_rows_and_rows_without_gemeente(tmp_path):
    reading = read_file(
        tmp_path, "misdaad_in_kaart", MAP, tables={"pc4": PLACES}, peildatum="2025-12-31"
    )
    rows = reading.checked.accepted
    assert rows["pc4"].tolist() == ["2801", "2801", "2802", "9999", "2801"]
    assert rows["gemeente_code"].fillna("").tolist() == ["GM0513", "GM0513", "", "", "GM0513"]
    assert rows["wijk_code"].fillna("").tolist() == ["WK051301", "WK051301", "", "", "WK051301"]
    assert rows["poging_jn"].tolist()[:4] == [False, False, True, False]
    assert pd.isna(rows["poging_jn"].iloc[4])  # not a kind of the map
    assert rows["incident_id"].is_unique
    assert counts(reading.checked.rejected) == {
        "kennisname_onleesbaar": 1,
        "buiten_leverperiode": 1,
    }
    assert len(reading.checked.duplicates) == 0
    assert reading.covers_country
    assert (str(reading.first), str(reading.last)) == ("2023-07-11", "2023-07-14")


def test_map_needs_postcodes(tmp_path):
    with pytest.raises(DeliveryError, match=r"levering\.csv: zonder postcodetabel .*profiel pc4"):
        read_file(tmp_path, "misdaad_in_kaart", MAP)


# --- tables of counts ------------------------------------------------------------------------


def test_monthly_leaves_year_totals_and_sheds_out(tmp_path):
    reading = read_file(tmp_path, "politie_maand", MONTHS)
    rows = reading.checked.accepted
    assert rows[["region_code", "n_burglaries"]].values.tolist() == [
        ["NL00", 4000],
        ["GM0513", 30],
        ["GM0513", 20],
    ]
    own = rows[rows["region_code"].eq("GM0513")]
    assert own["n_burglaries"].sum() == 50  # the year total of the file, not twice that
    assert own["start"].tolist() == [pd.Timestamp("2018-01-01"), pd.Timestamp("2018-02-01")]
    assert own["end"].tolist() == [pd.Timestamp("2018-02-01"), pd.Timestamp("2018-03-01")]
    assert counts(reading.checked.rejected) == {
        "jaartotaal_naast_maanden": 1,
        "buiten_delictselectie": 1,
    }
    log = reading.checked.rejected.set_index("toets")
    assert log.loc["buiten_delictselectie", ["rij", "waarde"]].tolist() == [6, "1.1.2"]
    assert (str(reading.first), str(reading.last)) == ("2018-01-01", "2018-02-28")
    assert not reading.covers_country


def test_monthly_refuses_what_is_no_count_or_month(tmp_path):
    rows = [
        ["1.1.1", "GM0513", "2018MM01", "5"],
        ["1.1.1", "GM0513", "2018MM02", "<5"],
        ["1.1.1", "GM0513", "2018MM03", "."],
        ["1.1.1", "GM0513", "2018MM04", "-3"],
        ["1.1.1", "GM0513", "2018MM13", "5"],
        ["1.1.1", "GM0513", "2018KW01", "5"],
        ["1.1.1", "GM0513  ", "2018MM01", "6"],
    ]
    data = lines(MONTHS.splitlines()[0], *rows)
    checked = read_file(tmp_path, "politie_maand", data).checked
    assert checked.accepted["n_burglaries"].tolist() == [5]
    assert counts(checked.rejected) == {
        "aantal_onleesbaar": 3,
        "periode_onleesbaar": 1,
        "kwartaal_naast_maanden": 1,
    }
    assert checked.duplicates["rij"].tolist() == [8]  # the padded key is the same key


def test_yearly_tells_provisional_figures_and_covers_the_country(tmp_path):
    data = lines(
        "SoortMisdrijf;Titel;Gemeente;Jaar;GeregistreerdeMisdrijven;Voorlopig",
        "1.1.1;Diefstal/inbraak woning;GM0513;2018;366;N",
        "1.1.2;Diefstal/inbraak box;GM0513;2018;99;N",
        "1.1.1;Diefstal/inbraak woning;GM0513;2025;100;J",
        "1.1.1;Diefstal/inbraak woning;GM0000;2018;7;N",
        "1.1.1;Diefstal/inbraak woning;GM0513;2018;366;N",
        "1.1.1;Diefstal/inbraak woning;GM0513;20x8;366;N",
    )
    reading = read_file(tmp_path, "politie_gemeente_jaar", data)
    rows = reading.checked.accepted
    assert rows[["region_code", "n_burglaries", "is_provisional"]].values.tolist() == [
        ["GM0513", 366, False],
        ["GM0513", 100, True],
        ["GM0000", 7, False],
    ]
    assert rows["end"].iloc[0] == pd.Timestamp("2019-01-01")
    assert counts(reading.checked.rejected) == {"buiten_delictselectie": 1, "periode_onleesbaar": 1}
    assert len(reading.checked.duplicates) == 1
    assert reading.covers_country


def test_national_series(tmp_path):
    data = "date,wib_nl\n2012-01-01,9787\n2012-02-01,8237\n2012-02-01,1\n2012-13-01,5\n"
    reading = read_file(tmp_path, "landelijke_reeks", data)
    rows = reading.checked.accepted
    assert rows["region_code"].eq("NL00").all()
    assert rows["n_burglaries"].tolist() == [9787, 8237]
    assert (str(reading.first), str(reading.last)) == ("2012-01-01", "2012-02-29")
    assert len(reading.checked.duplicates) == 1
    assert counts(reading.checked.rejected) == {"periode_onleesbaar": 1}


def test_counts_need_the_column_of_the_crime(tmp_path):
    data = MONTHS.replace("SoortMisdrijf", "Soort")
    with pytest.raises(DeliveryError, match=r"levering\.csv: kolom 'SoortMisdrijf' ontbreekt"):
        read_file(tmp_path, "politie_maand", data)


# --- key figures -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "suffixes"), [("RegioS", (4, 33, 39)), ("WijkenEnBuurten", (5, 34, 40))]
)
def test_kwb_finds_columns_whatever_their_number(tmp_path, key, suffixes):
    people, homes, owned = suffixes
    data = lines(
        f"{key};AantalInwoners_{people};Woningvoorraad_{homes};Koopwoningen_{owned}",
        "GM0513    ;72700;31708;55",
        "BU05130101;1200;.;.",
        "BU05130102;;20;5,5",
    )
    rows = read_file(tmp_path, "kwb", data, jaar=2013).checked.accepted.set_index("code")
    assert rows.loc["GM0513", ["n_dwellings", "n_inhabitants", "pct_owner"]].tolist() == [
        31708,
        72700,
        55,
    ]
    assert rows.loc["BU05130101", ["n_dwellings", "pct_owner"]].isna().all()  # '.', never 0
    assert pd.isna(rows.loc["BU05130102", "n_inhabitants"])
    assert rows.loc["BU05130102", "pct_owner"] == 5.5
    assert rows["year"].eq(2013).all()
    assert rows["n_men"].isna().all()  # a stem that this year does not have


def test_kwb_missing_is_no_flaw_and_impossible_is(tmp_path):
    checked = read_file(tmp_path, "kwb", KWB).checked
    assert counts(checked.emptied) == {}
    worse = read_file(tmp_path, "kwb", KWB.replace(";500;.", ";-500;101")).checked
    assert counts(worse.emptied) == {"n_dwellings_onleesbaar": 1, "pct_owner_onleesbaar": 1}
    assert len(worse.accepted) == 4


def test_kwb_without_dwellings_says_which_column(tmp_path):
    with pytest.raises(
        DeliveryError, match=r"kolom 'Woningvoorraad' \(voor n_dwellings\) ontbreekt"
    ):
        read_file(tmp_path, "kwb", KWB.replace("Woningvoorraad_34", "Woningen_34"))


def test_tmap_takes_na_as_missing(tmp_path):
    data = (
        '"code","name","population","dwelling_total","dwelling_ownership"\n'
        '"WK001400","Centrum",23065,12928,15\n"GM0014","Groningen",NA,NA,NA\n'
    )
    reading = read_file(tmp_path, "tmap_wijken_2022", data, jaar=2022)
    rows = reading.checked.accepted.set_index("code")
    assert rows.loc["WK001400", ["n_inhabitants", "n_dwellings", "pct_owner"]].tolist() == [
        23065,
        12928,
        15,
    ]
    assert rows.loc["GM0014", ["n_inhabitants", "n_dwellings", "pct_owner"]].isna().all()
    assert rows["year"].eq(2022).all()
    assert counts(reading.checked.emptied) == {}
    assert reading.covers_country


def test_inhabitants_per_year(tmp_path):
    data = lines(
        "Gemeente;Jaar;GemiddeldAantalInwoners",
        "GM0003;2012;12053",
        "3;2013;12058",
        "GM0003;2012;12053",
        "GM0003;x;1",
        "Gouda;2012;4",
        "GM0003;2014;",
    )
    checked = read_file(tmp_path, "inwoners_gemeente_jaar", data).checked
    assert checked.accepted[["code", "year", "n_inhabitants"]].values.tolist() == [
        ["GM0003", 2012, 12053],
        ["GM0003", 2013, 12058],
    ]
    assert counts(checked.rejected) == {
        "jaar_onleesbaar": 1,
        "gemeente_onbekend": 1,
        "aantal_onleesbaar": 1,
    }
    assert len(checked.duplicates) == 1


def test_postcodes(tmp_path):
    data = (
        "postcode,gm_code_2022,wk_code_2022\n1002,GM0363,WK036307\n1003,,\n"
        "1002,GM0363,WK036307\n,GM0363,\n1004,363,WK0363XX9\n"
    )
    checked = read_file(tmp_path, "pc4", data).checked
    rows = checked.accepted.set_index("pc4")
    assert rows["gemeente_code"].fillna("").to_dict() == {
        "1002": "GM0363",
        "1003": "",
        "1004": "GM0363",
    }
    assert pd.isna(rows.loc["1004", "wijk_code"])
    assert counts(checked.rejected) == {"pc4_ontbreekt": 1}
    assert counts(checked.emptied) == {"wijk_code_onleesbaar": 1}
    assert len(checked.duplicates) == 1


# --- boundaries ------------------------------------------------------------------------------


def feature(code, ring, naam="Gouda"):
    return {
        "type": "Feature",
        "properties": {"code": code, "naam": naam},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def square(x, y, side=100.0):
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def collection(*features, crs=None):
    content = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(content)


def test_areas_in_rd(tmp_path):
    bow = [[108_000, 447_000], [108_100, 447_100], [108_100, 447_000], [108_000, 447_100],
           [108_000, 447_000]]  # fmt: skip
    data = collection(
        feature("GM0513 ", square(108_000, 447_000)),
        feature("BU05130101", bow, "kruisende grens"),
        feature("X1", square(100_000, 400_000), "geen code"),
        feature(None, square(100_000, 400_000), "lege code"),
        feature("GM0513", square(100_000, 400_000), "nog eens"),
        feature("WK051301", square(108_000, 447_000), "Wijk"),
        crs=RD,
    )
    checked = read_file(tmp_path, "cbs_gebieden", data, bestand="g.geojson").checked
    rows = checked.accepted.set_index("code")
    assert rows[["niveau", "gemeente_code"]].to_dict("index") == {
        "GM0513": {"niveau": "gemeente", "gemeente_code": "GM0513"},
        "WK051301": {"niveau": "wijk", "gemeente_code": "GM0513"},
    }
    assert rows.geometry.loc["GM0513"].bounds == (108_000, 447_000, 108_100, 447_100)
    assert checked.accepted.crs.to_epsg() == 28992
    assert checked.rejected[["rij", "toets"]].values.tolist() == [
        [3, "gebied_onbekend"],
        [4, "gebied_onbekend"],
        [2, "vorm_ongeldig"],
    ]
    assert len(checked.duplicates) == 1


def test_areas_without_crs_are_degrees(tmp_path):
    # RFC 7946: a GeoJSON without crs is WGS 84. The tower of Amersfoort, the origin of RD.
    data = collection(feature("GM0307", square(5.3872, 52.1552, 0.00001), "Amersfoort"))
    checked = read_file(tmp_path, "cbs_gebieden", data, bestand="g.geojson").checked
    x, y = checked.accepted.geometry.iloc[0].centroid.coords[0]
    assert x == pytest.approx(155_000, abs=15)
    assert y == pytest.approx(463_000, abs=15)


def test_areas_without_code_or_shape(tmp_path):
    nameless = {"type": "Feature", "properties": {"id": 1}, "geometry": None}
    with pytest.raises(DeliveryError, match=r"g\.geojson: kolom 'code' ontbreekt; aanwezig: id"):
        read_file(tmp_path, "cbs_gebieden", collection(nameless), bestand="g.geojson")
    shapeless = feature("GM0513", []) | {"geometry": None}
    data = collection(shapeless, feature("GM0512", square(108_000, 447_000)), crs=RD)
    checked = read_file(tmp_path, "cbs_gebieden", data, bestand="g.geojson").checked
    assert checked.accepted["code"].tolist() == ["GM0512"]
    assert counts(checked.rejected) == {"vorm_ongeldig": 1}


def test_areas_that_are_no_map(tmp_path):
    with pytest.raises(DeliveryError, match=r"g\.geojson: dit is geen leesbaar kaartbestand"):
        read_file(tmp_path, "cbs_gebieden", "dit is geen kaart", bestand="g.geojson")


# --- action register -------------------------------------------------------------------------


def test_actions(tmp_path):
    checked = read_file(tmp_path, "actieregister", "\ufeff" + ACTIONS).checked
    rows = checked.accepted.set_index("actie_id")
    assert rows["typering"].tolist() == ["preventie", "proactie"]  # written Preventie
    assert rows["uitgevoerd"].tolist()[0] is True
    assert pd.isna(rows["uitgevoerd"].iloc[1])  # not filled in is not "nee"
    assert rows["periode_van"].isna().all()
    assert len(checked.rejected) == 0


def test_actions_with_columns_of_their_own(tmp_path):
    data = "Nummer;Gemeente;Wat\n1;513;bus\n2;513;\n"
    kolommen = {"actie_id": "Nummer", "gemeente_code": "Gemeente", "actie": "Wat"}
    checked = read_file(tmp_path, "actieregister", data, kolommen=kolommen).checked
    assert checked.accepted[["actie_id", "gemeente_code"]].values.tolist() == [["1", "GM0513"]]
    assert counts(checked.rejected) == {"actie_ontbreekt": 1}


# --- text files ------------------------------------------------------------------------------

PROFILES_OF_TEXT = {
    "bvh": {"kolommen": COLUMNS, "data": INCIDENTS},
    "kwb": {"data": KWB},
    "politie_maand": {"data": MONTHS},
    "actieregister": {"data": ACTIONS},
    "landelijke_reeks": {"data": "date,wib_nl\n2012-01-01,9787\n"},
    "misdaad_in_kaart": {"data": MAP, "tables": {"pc4": PLACES}},
}


@pytest.mark.parametrize("profiel", PROFILES_OF_TEXT)
def test_empty_and_header_only(tmp_path, profiel):
    more = dict(PROFILES_OF_TEXT[profiel])
    header = more.pop("data").splitlines()[0] + "\n"
    for data in ("", "\n \n"):
        with pytest.raises(
            DeliveryError, match=r"levering\.csv: het bestand is leeg; vraag Politie"
        ):
            read_file(tmp_path, profiel, data, **more)
    with pytest.raises(
        DeliveryError, match=r"levering\.csv: het bestand bevat geen rijen; vraag Pol"
    ):
        read_file(tmp_path, profiel, header, **more)


def test_separator_is_found_or_declared(tmp_path):
    for mark in (",", "\t", ";"):
        data = ACTIONS.replace(";", mark)
        assert len(read_file(tmp_path, "actieregister", data).checked.accepted) == 2
    data = ACTIONS.replace(";", "|")
    assert len(read_file(tmp_path, "actieregister", data, scheiding="|").checked.accepted) == 2


def test_short_row_is_refused_and_not_filled(tmp_path):
    checked = read_incidents(tmp_path, "\n".join([HEADER, ROWS[0], "PL77;A20"]) + "\n").checked
    assert checked.accepted["incident_id"].tolist() == ["PL1"]
    assert counts(checked.rejected) == {"kennisname_onleesbaar": 1}


def test_long_row_is_one_sentence(tmp_path):
    data = "\n".join([HEADER, ROWS[0], ROWS[1] + ";te veel"]) + "\n"
    with pytest.raises(DeliveryError, match=r"levering\.csv: rij 3 heeft meer velden") as found:
        read_incidents(tmp_path, data)
    assert "\n" not in str(found.value)


def test_source_file_is_never_changed(tmp_path):
    path = tmp_path / "levering.csv"
    read_incidents(tmp_path)
    before = path.read_bytes()
    read_incidents(tmp_path, None)
    assert path.read_bytes() == before == INCIDENTS.encode()


def test_long_first_row_is_refused_too(tmp_path):
    data = "\n".join([HEADER, ROWS[0] + ";te veel", ROWS[1]]) + "\n"
    with pytest.raises(DeliveryError, match="meer velden dan de kop"):
        read_incidents(tmp_path, data)


def test_row_numbers_count_blank_lines(tmp_path):
    data = "\n".join([HEADER, ROWS[0], "", ROWS[6]]) + "\n"
    log = read_incidents(tmp_path, data).checked.rejected
    assert log["rij"].tolist() == [4]  # as the analyst sees it in an editor


def test_a_count_is_whole(tmp_path):
    data = lines(MONTHS.splitlines()[0], "1.1.1;NL00;2018MM01;4.521", "1.1.1;GM0513;2018MM01;30")
    checked = read_file(tmp_path, "politie_maand", data).checked
    assert 4.521 not in checked.accepted["n_burglaries"].tolist()
    kwb = lines("RegioS;Woningvoorraad_33", "GM0513;32.996", "GM0001;5,5", "GM0002;inf")
    rows = read_file(tmp_path, "kwb", kwb).checked.accepted
    assert set(rows["n_dwellings"].dropna()) <= {32_996}


def test_region_codes_get_their_full_form(tmp_path):
    months = MONTHS.replace("GM0513    ", "513       ")
    rows = read_file(tmp_path, "politie_maand", months).checked.accepted
    assert set(rows["region_code"]) == {"NL00", "GM0513"}
    kwb = KWB.replace("GM0513    ", "513       ")
    assert "GM0513" in set(read_file(tmp_path, "kwb", kwb).checked.accepted["code"])


def test_a_table_is_no_map(tmp_path):
    with pytest.raises(DeliveryError, match=r"g\.csv: dit is geen leesbaar kaartbestand"):
        read_file(tmp_path, "cbs_gebieden", "a,b\n1,2\n", bestand="g.csv")


def test_metres_without_crs_name_the_coordinate_system(tmp_path):
    data = collection(feature("GM0513", square(108_000, 447_000)))
    with pytest.raises(DeliveryError, match="coördinatenstelsel"):
        read_file(tmp_path, "cbs_gebieden", data, bestand="g.geojson")


def test_a_quote_that_is_not_closed_swallows_no_rows(tmp_path):
    with pytest.raises(DeliveryError, match=r"levering\.csv: rij 3"):
        read_incidents(tmp_path, INCIDENTS.replace("PL2;", '"PL2;'))


def test_a_separator_is_one_character(tmp_path):
    with pytest.raises(DeliveryError, match="scheiding"):
        read_file(tmp_path, "actieregister", ACTIONS, scheiding=";;")


def test_a_column_that_occurs_twice(tmp_path):
    with pytest.raises(DeliveryError, match=r"levering\.csv: kolom 'Nr'"):
        read_incidents(
            tmp_path,
            INCIDENTS.replace(";Adressleutel", ";Nr"),
            kolommen={name: column for name, column in COLUMNS.items() if column != "Adressleutel"},
        )


def test_the_buurt_of_a_point_is_found_before_rounding(tmp_path):
    """Two squares side by side: a point 1 m left of the border would round across it."""
    west, east = square(108_000, 447_000), square(108_100, 447_000)
    shapes = read_file(
        tmp_path,
        "cbs_gebieden",
        collection(feature("BU05130101", west), feature("BU05130102", east), crs="EPSG:28992"),
        bestand="kaart.geojson",
    ).checked.accepted
    text = lines(
        "Nr;Bekend;Gemeente;Buurt;X;Y",
        "P1;05-01-2018;513;BU05130101;108099;447050",  # rounds to 108.100, the border
        "P2;05-01-2018;513;BU05130101;108150;447050",  # says west, lies east
        "P3;05-01-2018;513;BU05130101;108500;447050",  # outside both
        "P4;05-01-2018;513;BU05130102;108100;447050",  # on the border: the first by code
        "P5;05-01-2018;513;BU05130102;;",
    )
    kolommen = {k: v for k, v in COLUMNS.items() if v in text.splitlines()[0].split(";")}
    for order in (shapes, shapes.iloc[::-1]):
        rows = read_file(
            tmp_path, "bvh", text, kolommen=kolommen, tables={"gebieden": order}
        ).checked.accepted
        assert rows["buurt_punt"].fillna("").tolist() == [
            "BU05130101", "BU05130102", "", "BU05130101", "",
        ]  # fmt: skip
    assert rows["rd_x"].dropna().mod(25).eq(0).all()


def test_values_are_translated_as_the_delivery_says(tmp_path):
    text = lines(
        "Nr;Bekend;Gemeente;Poging",
        "P1;05-01-2018;513;P ",
        "P2;05-01-2018;513;V",
        "P3;05-01-2018;513;?",
    )
    kolommen = {
        "incident_id": "Nr",
        "kennisname_dt": "Bekend",
        "gemeente_code": "Gemeente",
        "poging_jn": "Poging",
    }
    waarden = {"poging_jn": {"p": "ja", "V": "nee"}}
    checked = read_file(tmp_path, "bvh", text, kolommen=kolommen, waarden=waarden).checked
    assert checked.accepted["poging_jn"].tolist() == [True, False, pd.NA]
    assert counts(checked.emptied) == {"poging_jn_onleesbaar": 1}
    with pytest.raises(DeliveryError, match="'waarden' noemt veld 'woningtype'"):
        read_file(tmp_path, "bvh", text, kolommen=kolommen, waarden={"woningtype": {"a": "b"}})


def test_an_address_is_no_pseudonym(tmp_path):
    text = lines(
        "Nr;Bekend;Gemeente;Adres",
        "P1;05-01-2018;513;Kerkstraat 12",
        "P2;05-01-2018;513;75f3dd2d93534ca8",
    )
    kolommen = {
        "incident_id": "Nr",
        "kennisname_dt": "Bekend",
        "gemeente_code": "Gemeente",
        "adres_pseudo": "Adres",
    }
    checked = read_file(tmp_path, "bvh", text, kolommen=kolommen).checked
    assert checked.accepted["adres_pseudo"].isna().tolist() == [True, False]
    assert checked.emptied[["kolom", "waarde", "toets"]].to_numpy().tolist() == [
        ["adres_pseudo", "(afgeschermd)", "adres_pseudo_onleesbaar"]
    ]
