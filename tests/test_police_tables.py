"""Open police tables: padded keys, blanks, totals beside months, and their real metadata."""

import json
from pathlib import Path

import pandas as pd
import pytest

from conftest import MONTHS, counts, lines, read_file
from wib_lib.errors import DeliveryError

HEADER, *_ = MONTHS.splitlines()
METADATA = Path(__file__).parents[2] / "shared" / "data" / "open" / "politie_metadata"
real = pytest.mark.skipif(
    not METADATA.is_dir(), reason="real data are not part of the project: shared/data is absent"
)


@pytest.fixture
def read(tmp_path):
    return lambda profiel, data, **more: read_file(tmp_path, profiel, data, **more)


def odata(text):
    """Write rows of a delimited text as the answer of OData."""
    names, *rows = [line.split(";") for line in text.splitlines()]
    records = [
        {name: (int(v) if v.isdigit() else v or None) for name, v in zip(names, row, strict=True)}
        for row in rows
    ]
    return json.dumps({"odata.metadata": "x", "value": records})


def year_of_months(region, total, monthly=5):
    months = [f"1.1.1 ;{region};2018MM{month:02};{monthly}" for month in range(1, 13)]
    return [*months, f"1.1.1 ;{region};2018JJ00;{total}"]


# --- months, quarters and years --------------------------------------------------------------


def test_csv_and_odata_are_the_same_table(read):
    text = MONTHS + "1.1.1 ;BU05130101;2018MM01;\n"
    one = read("politie_maand", text)
    other = read("politie_maand", odata(text), bestand="m.json")
    columns = ["region_code", "start", "end", "n_burglaries"]
    pd.testing.assert_frame_equal(
        one.checked.accepted[columns].reset_index(drop=True),
        other.checked.accepted[columns].reset_index(drop=True),
    )
    assert counts(one.checked.rejected) == counts(other.checked.rejected)


def test_columns_by_stem_whatever_their_number(read):
    moved = MONTHS.replace("GeregistreerdeMisdrijven_1", "GeregistreerdeMisdrijven_7")
    assert read("politie_maand", moved).checked.accepted["n_burglaries"].tolist() == [4000, 30, 20]


def test_years_of_wijken_and_buurten(read):
    data = lines(
        HEADER,
        "1.1.1 ;NL00      ;2018JJ00;42887",
        "1.1.1 ;WK051301  ;2018JJ00;61",
        "1.1.1 ;BU05130101;2018JJ00;9",
        "1.1.2 ;BU05130101;2018JJ00;3",
    )
    reading = read("politie_jaar", data)
    rows = reading.checked.accepted
    assert rows["region_code"].tolist() == ["NL00", "WK051301", "BU05130101"]
    assert rows["end"].eq(pd.Timestamp("2019-01-01")).all()
    assert not reading.covers_country  # the country is a row, not the sum of the rows


def test_gemeenten_with_reports_by_month_and_year(read):
    data = lines(
        "SoortMisdrijf;RegioS;Perioden;GeregistreerdeMisdrijven_1;Aangiften_2;Internetaangiften_3",
        "1.1.1 ;NL01  ;2018MM01;4521;4400;210",
        "1.1.1 ;GM0513;2018MM01;30;29;.",
        "1.1.1 ;RE06  ;2018MM01;400;390;20",
        "1.1.1 ;PV28  ;2018MM01;800;780;40",
        "1.1.1 ;GM0513;2018KW01;80;79;3",
        "1.1.1 ;GM0513;2018JJ00;300;290;9",
    )
    reading = read("politie_gemeente", data)
    rows = reading.checked.accepted
    assert rows[["region_code", "n_burglaries", "n_aangiften"]].values.tolist() == [
        ["NL00", 4521, 4400],
        ["GM0513", 30, 29],
    ]
    assert pd.isna(rows["n_internetaangiften"].iloc[1])
    assert counts(reading.checked.rejected) == {
        "buiten_gebiedsindeling": 2,
        "kwartaal_naast_maanden": 1,
        "jaartotaal_naast_maanden": 1,
    }
    only_years = lines(data.splitlines()[0], "1.1.1 ;GM0513;2018JJ00;300;290;9")
    assert read("politie_gemeente", only_years).checked.accepted["n_burglaries"].tolist() == [300]


@pytest.mark.parametrize("period", ["2018MM00", "2018MM13", "2018KW05", "2018", "18MM01", ""])
def test_a_period_that_is_none(read, period):
    data = lines(HEADER, "1.1.1;GM0513;2018MM01;5", f"1.1.1;GM0513;{period};5")
    assert counts(read("politie_maand", data).checked.rejected) == {"periode_onleesbaar": 1}


# --- blanks ----------------------------------------------------------------------------------

BLANKS = lines(
    HEADER,
    "1.1.1 ;BU05130101;2018MM01;",
    "1.1.1 ;BU05130101;2018MM02;4",
    "1.1.1 ;BU05130102;2018MM01;",
    "0.0.0 ;BU05130103;2018MM07;12",
    "1.1.1 ;BU05130103;2018MM01;",
    "1.1.1 ;BU05130103;2019MM01;",
    "1.1.1 ;BU05130101;2018MM03;.",
)


def test_a_blank_is_zero_only_where_the_region_exists_that_year(read):
    reading = read("politie_maand", BLANKS)
    rows = reading.checked.accepted
    assert rows[["region_code", "n_burglaries"]].values.tolist() == [
        ["BU05130101", 0],  # has another month of 2018
        ["BU05130101", 4],
        ["BU05130103", 0],  # has another crime in 2018
    ]
    assert reading.checked.rejected["rij"].tolist() == [5, 4, 7, 8]
    assert reading.notes == (
        "Aantal cijfers onbekend of geheim ('.'), dus niet bekend: 1.",
        "Aantal lege cellen gelezen als 0, omdat het gebied dat jaar bestaat: 2.",
        "Aantal lege cellen niet bekend, omdat niet blijkt dat het gebied dat jaar bestaat: 2.",
    )


def test_a_region_in_the_delivered_list_exists(read):
    listed = pd.DataFrame({"key": ["BU05130102"], "status": [None]})
    rows = read("politie_maand", BLANKS, tables={"codelijst": listed}).checked.accepted
    assert rows.set_index("region_code").loc["BU05130102", "n_burglaries"] == 0


def test_a_blank_of_47013ned_is_missing_as_its_metadata_say(read):
    data = lines(HEADER, "1.1.1 ;GM0513;2018MM01;", "1.1.1 ;GM0513;2018MM02;4")
    reading = read("politie_gemeente", data)
    assert reading.checked.accepted["n_burglaries"].tolist() == [4]
    assert reading.notes == (
        "Aantal lege cellen niet bekend, zoals de toelichting van 47013NED zegt: 1.",
    )


# --- totals ----------------------------------------------------------------------------------


def test_a_year_total_is_compared_with_its_months(read):
    data = lines(HEADER, *year_of_months("GM0513", 61), *year_of_months("GM0627", 60))
    reading = read("politie_maand", data)
    assert reading.notes == (
        "Jaartotaal en som van de maanden verschillen: GM0513 2018 (61 en 60).",
    )
    assert len(reading.checked.accepted) == 24


def test_a_total_of_a_year_that_is_not_over_is_not_compared(read):
    assert read("politie_maand", MONTHS.replace("JJ00;50", "JJ00;55")).notes == ()


def test_many_differences_are_counted(read):
    rows = [row for n in range(1, 8) for row in year_of_months(f"GM000{n}", 1000)]
    (note,) = read("politie_maand", lines(HEADER, *rows)).notes
    assert note.endswith("GM0005 2018 (1.000 en 60) en nog 2.")


# --- metadata --------------------------------------------------------------------------------


def read_metadata(folder, name, text=None):
    data = (METADATA / name).read_bytes() if text is None else text
    return read_file(folder, "politie_metadata", data, bestand=name)


@real
def test_the_real_list_of_crimes_says_what_burglary_is(tmp_path):
    reading = read_metadata(tmp_path, "SoortMisdrijf.csv")
    assert reading.checked.n_read == len(reading.checked.accepted) == 59
    (note,) = reading.notes
    assert note == (
        "Politiecode 1.1.1 Diefstal/inbraak woning: A20 Gekwal. Diefstal in/uit woning, A30 "
        "Diefstal in/uit woning (niet gekwal.), B20 Gekwal. Diefstal met geweld in/uit woning en "
        "B30 Diefstal met geweld in/uit woning (niet gekwal.)."
    )


@real
def test_the_real_list_without_descriptions_has_the_code_too(tmp_path):
    assert read_metadata(tmp_path, "BrengDelicten.csv").checked.n_read == 58


@real
@pytest.mark.parametrize(
    ("name", "n_read", "key", "title"),
    [
        ("Perioden.csv", 12, "2018JJ00", "2018"),
        ("WijkenEnBuurten.csv", 18_313, "WK051838", "Wijk 38 Laakkwartier en Spoorwijk"),
        ("DataProperties.csv", 7, "GeregistreerdeMisdrijven_1", "Geregistreerde misdrijven"),
    ],
)
def test_the_real_lists(tmp_path, name, n_read, key, title):
    checked = read_metadata(tmp_path, name).checked
    assert checked.n_read == n_read
    rows = checked.accepted.set_index("key")
    assert rows.loc[key, "title"] == title
    assert rows["lijst"].eq(name.removesuffix(".csv")).all()


@real
def test_the_real_description_of_the_table(tmp_path):
    rows = read_metadata(tmp_path, "TableInfos.csv").checked.accepted
    assert rows["key"].tolist() == ["47018NED"]
    assert "indeling van 2024" in rows["description"].iloc[0]


@real
def test_the_real_file_with_all_lists_of_47013ned(tmp_path):
    reading = read_metadata(tmp_path, "47013NED_allemisdrijven_metadata_21122025.csv")
    rows = reading.checked.accepted
    lists = rows.groupby("lijst")["key"].agg(set)
    assert set(lists.index) == {
        "TableInfos",
        "DataProperties",
        "SoortMisdrijf",
        "RegioS",
        "Perioden",
    }
    assert {"GM0513", "RE06", "NL01"} <= lists["RegioS"]
    assert {"2012MM01", "2012JJ00", "2025MM11"} <= lists["Perioden"]
    assert {"Aangiften_2", "Internetaangiften_3"} <= lists["DataProperties"]
    assert reading.notes[0].startswith("Politiecode 1.1.1 Diefstal/inbraak woning: A20")
    assert rows.loc[rows["lijst"].eq("Perioden"), "status"].eq("definitief").all()


LIST = 'Key,Title,Description\n"1.1.1 ","1.1.1 {title}","A20 a\nA30 b\n{more}"\n'


def test_another_meaning_of_the_code_stops_the_reading(tmp_path):
    text = LIST.format(title="Diefstal fiets", more="B20 c\nB30 d")
    with pytest.raises(DeliveryError, match=r"code 1\.1\.1 is '1\.1\.1 Diefstal fiets', geen inb"):
        read_metadata(tmp_path, "SoortMisdrijf.csv", text)
    with pytest.raises(DeliveryError, match=r"code 1\.1\.1 is niet vermeld"):
        read_metadata(tmp_path, "SoortMisdrijf.csv", text.replace("1.1.1", "1.1.2"))


def test_other_classes_than_the_parameters_are_said(tmp_path):
    text = LIST.format(title="Diefstal/inbraak woning", more="B20 c\nB99 d")
    notes = read_metadata(tmp_path, "SoortMisdrijf.csv", text).notes
    assert "de codelijst van de politie A20, A30, B20 en B99" in notes[1]


def test_a_file_that_is_no_list(tmp_path):
    with pytest.raises(DeliveryError, match=r"x\.csv: dit is geen codelijst van een politietabel"):
        read_metadata(tmp_path, "x.csv", "a;b\n1;2\n")


def test_the_list_tells_which_periods_are_provisional(read):
    listed = pd.DataFrame({"key": ["2018MM01", "2018MM02"], "status": ["definitief", "voorlopig"]})
    rows = read("politie_maand", MONTHS, tables={"codelijst": listed}).checked.accepted
    assert rows["is_provisional"].tolist() == [False, False, True]
    assert read("politie_maand", MONTHS).checked.accepted["is_provisional"].isna().all()
