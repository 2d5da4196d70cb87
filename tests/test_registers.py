"""What people do to a register or a form, one test each, with what must come of it."""

import logging
from datetime import date

import openpyxl
import pandas as pd
import pytest

from conftest import counts
from test_forms import GOUDA, LAAK, NAMES, book_of, header_row, read_back, sent  # noqa: F401
from wib_lib.delivery import read_bronnen
from wib_lib.errors import DeliveryError
from wib_lib.forms import write_forms
from wib_lib.ingest import ingest
from wib_lib.project import Dataset
from wib_lib.sources import read_source
from wib_lib.sources.reading import Context
from wib_lib.tables import REGISTERS

HEADERS = ["Nummer", "Gemeente", "Maatregel", "Typering", "Aantal gepland"]
ROW = ["1", "Gouda", "Flexcamera", "Repressief", "12"]


def book_with(path, rows, *, sheet="Blad1"):
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def measures(tmp_path, *rows, name="maatregelen", **more):
    return read_back(book_with(tmp_path / f"{name}.xlsx", rows), name, **more)


def the_row(reading):
    assert len(reading.checked.accepted) == 1
    return reading.checked.accepted.iloc[0]


# ---- headers


@pytest.mark.parametrize(
    "headers",
    [
        HEADERS,
        ["NUMMER *", "gemeente (verplicht)", "Maatregel*", "Typering ", "aantal gepland"],
        ["maatregel_id", "gemeente_code", "maatregel", "typering", "n_gepland"],
        ["Nr", "Gemeentenaam", "Interventie", "typéring", "Gepland aantal"],
    ],
)
def test_columns_are_found_by_name_label_or_alias(tmp_path, headers):
    row = the_row(measures(tmp_path, headers, ROW))
    found = row[["maatregel_id", "gemeente_code", "maatregel", "typering", "n_gepland"]].tolist()
    assert found == ["1", "GM0513", "flexcamera", "repressie", 12]


def test_the_order_of_columns_does_not_matter(tmp_path):
    one = the_row(measures(tmp_path, HEADERS, ROW))
    other = the_row(measures(tmp_path, HEADERS[::-1], ROW[::-1]))
    pd.testing.assert_series_equal(one, other)


def test_an_unknown_column_is_named_and_passed_over(tmp_path):
    reading = measures(tmp_path, [*HEADERS, "Kleur"], [*ROW, "rood"])
    assert reading.notes == ("kolom 'Kleur' hoort niet bij maatregelen en is overgeslagen",)
    assert "rood" not in reading.checked.accepted.to_string()


def test_a_note_does_not_repeat_what_points_at_a_person(tmp_path):
    reading = measures(tmp_path, [*HEADERS, "bel 06-12345678"], [*ROW, "ja"])
    assert reading.notes == ("kolom '(afgeschermd)' hoort niet bij maatregelen en is overgeslagen",)


def test_two_columns_for_one_field_are_refused(tmp_path):
    with pytest.raises(DeliveryError, match=r"^maatregelen\.xlsx: kolommen 'Nr' en 'Nummer' zijn "
                                            r"allebei 'Nummer'; laat er één staan\.$"):  # fmt: skip
        measures(tmp_path, ["Nr", *HEADERS], ["7", *ROW])


def test_a_missing_required_column_is_refused_with_the_headers_there_are(tmp_path):
    with pytest.raises(DeliveryError, match=r"^maatregelen\.xlsx: kolom 'Maatregel' \(voor "
                                            r"maatregel\) ontbreekt; aanwezig: Nummer, Gemeente, "
                                            r"Typering\.$"):  # fmt: skip
        measures(tmp_path, ["Nummer", "Gemeente", "Typering"], ["1", "Gouda", "preventie"])


def test_a_file_without_any_header_shows_none_of_its_rows(tmp_path):
    with pytest.raises(DeliveryError, match="geen enkele kolomkop is bekend") as caught:
        measures(tmp_path, ["A. Voorbeeld", "ergens"], ["nog iets", "anders"])
    assert "Voorbeeld" not in str(caught.value)


@pytest.mark.parametrize("header", ["BSN", "Naam verdachte", "Telefoonnummer", "Huisnr", "E-mail"])
def test_a_column_of_persons_refuses_the_form(tmp_path, header):
    with pytest.raises(DeliveryError, match="is een persoonsgegeven of adres") as caught:
        measures(tmp_path, [*HEADERS, header], [*ROW, "123456782"])
    assert "123456782" not in str(caught.value)


def test_merged_header_cells_over_an_empty_column(tmp_path):
    path = book_with(tmp_path / "maatregelen.xlsx", [["Nummer", "Gemeente", "Maatregel", None],
                                                     ["1", "Gouda", "PKVW", None]])  # fmt: skip
    book = openpyxl.load_workbook(path)
    book.active["C2"] = "Flexcamera"
    book.active.merge_cells("C1:D1")
    book.save(path)
    assert the_row(read_back(path, "maatregelen"))["maatregel"] == "flexcamera"


def test_a_group_header_above_from_and_until(tmp_path):
    rows = [["Nummer", "Gemeente", "Maatregel", "Gepland", None],
            [None, None, None, "van", "tot"],
            ["1", "Gouda", "Flexcamera", "05-01-2018", "31-01-2018"]]  # fmt: skip
    path = book_with(tmp_path / "maatregelen.xlsx", rows)
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("D1:E1")
    book.save(path)
    row = the_row(read_back(path, "maatregelen"))
    assert row["gepland_van"] == pd.Timestamp("2018-01-05")
    assert row["gepland_tot"] == pd.Timestamp("2018-01-31")


def test_title_rows_and_empty_rows(tmp_path):
    rows = [["Maatregelen woninginbraken"], [], ["Stand begin 2019"], [], HEADERS, [], ROW, []]
    reading = measures(tmp_path, *rows)
    assert reading.checked.n_read == 1
    assert reading.checked.accepted.index.tolist() == [7]  # the row as the sheet numbers it


def test_title_rows_in_a_delimited_file(tmp_path):
    path = tmp_path / "maatregelen.csv"
    path.write_text("Maatregelen 2018;;\n;;\nNummer;Gemeente;Maatregel\n1;513;PKVW\n", "utf-8")
    row = the_row(read_back(path, "maatregelen"))
    assert (row["maatregel"], row["gemeente_code"]) == ("pkvw", "GM0513")


# ---- rows


@pytest.mark.parametrize("word", ["Totaal", "TOTAAL:", "Subtotaal", "Totaal Gouda", "eindtotaal"])
def test_a_totals_row_is_not_counted_as_data(tmp_path, word):
    rows = [["Gemeente", "Kostenpost", "Periode", "Besteed"], ["Gouda", "camera", "2018", 100],
            [word, None, None, 100]]  # fmt: skip
    checked = measures(tmp_path, *rows, name="kosten").checked
    assert counts(checked.rejected) == {"totaalrij": 1}
    assert checked.accepted["besteed"].sum() == 100
    assert checked.n_read == 2


def test_hidden_sheets_are_not_read_and_not_trusted(tmp_path):
    path = book_with(tmp_path / "maatregelen.xlsx", [HEADERS, ROW])
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("oud")
    hidden.append(HEADERS)
    hidden.append(["99", *ROW[1:]])
    hidden.sheet_state = "veryHidden"
    book.save(path)
    assert the_row(read_back(path, "maatregelen"))["maatregel_id"] == "1"
    hidden["A1"] = "Naam verdachte"
    book.save(path)
    with pytest.raises(DeliveryError, match="het verborgen blad 'oud'"):
        read_back(path, "maatregelen")


def test_the_same_row_twice_is_a_duplicate(tmp_path):
    checked = measures(tmp_path, HEADERS, ROW, ROW, ["1", "Delft", *ROW[2:]]).checked
    assert (len(checked.accepted), len(checked.duplicates)) == (2, 1)  # Delft has its own 1


# ---- values


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("ja", True), ("Ja", True), ("j", True), ("X", True), ("nee", False), ("N", False)],
)
def test_yes_and_no(tmp_path, text, wanted):
    row = the_row(measures(tmp_path, [*HEADERS, "Uitgevoerd"], [*ROW, text]))
    assert row["uitgevoerd"] is wanted or row["uitgevoerd"] == wanted


def test_unknown_is_an_answer_and_nonsense_is_not(tmp_path):
    rows = [[*ROW, "onbekend"], ["2", *ROW[1:], "misschien"]]
    checked = measures(tmp_path, [*HEADERS, "Uitgevoerd"], *rows).checked
    assert checked.accepted["uitgevoerd"].isna().all()
    assert counts(checked.emptied) == {"uitgevoerd_onleesbaar": 1}


@pytest.mark.parametrize("text", ["<5", "< 5", "minder dan 5"])
def test_a_withheld_count_is_neither_zero_nor_missing(tmp_path, text):
    rows = [["Gemeente", "Periode", "Kenmerk", "Klasse", "Personen"],
            ["Gouda", "2018", "geslacht", "vrouw", text], ["Gouda", "2018", "geslacht", "man", "0"],
            ["Gouda", "2018", "geslacht", "onbekend", "geen idee"]]  # fmt: skip
    checked = measures(tmp_path, *rows, name="verdachten").checked
    assert counts(checked.rejected) == {"aantal_onleesbaar": 1}
    kept = checked.accepted
    assert kept["n_personen"].isna().tolist() == [True, False]
    assert kept["n_personen_below"].fillna(-1).tolist() == [5, -1]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [("€ 1.234,50", 1234.5), ("1.521", 1521), ("1521", 1521), ("12,5", 12.5), (1234.5, 1234.5),
     (1.234, 1.234), ("€ 2.000.000", 2_000_000), ("0", 0)],
)  # fmt: skip
def test_amounts(tmp_path, cell, wanted):
    rows = [["Gemeente", "Kostenpost", "Periode", "Besteed"], ["Gouda", "camera", "2018", cell]]
    assert the_row(measures(tmp_path, *rows, name="kosten"))["besteed"] == pytest.approx(wanted)


@pytest.mark.parametrize(
    "cell",
    ["5-1-2018", "05/01/2018", "2018-01-05", "5-1-18", "05.01.2018", 43105, "43105", "43105,0",
     date(2018, 1, 5)],
)  # fmt: skip
def test_days(tmp_path, cell):
    rows = [["Gemeente", "Overleg", "Datum"], ["Gouda", "driehoek", cell]]
    assert the_row(measures(tmp_path, *rows, name="overleg"))["datum"] == pd.Timestamp("2018-01-05")


def test_gemeente_by_name_code_or_place(tmp_path):
    rows = [["Gemeente", "Buurt", "Geldig"], ["'s-Gravenhage", "BU05183819", 1], ["513", "WK051301", 2],
            [None, "BU05030101", 3], ["gemeente Delft", "BU05130101", 4], ["Atlantis", "WK051302", 5]]  # fmt: skip
    checked = measures(tmp_path, *rows, name="pkvw").checked
    assert checked.accepted["gemeente_code"].tolist() == ["GM0518", "GM0513", "GM0503", "GM0503"]
    assert counts(checked.rejected) == {"gemeente_onbekend": 1}
    assert counts(checked.emptied) == {"gebied_buiten_gemeente": 1}


def test_a_place_by_name_where_boundaries_were_delivered(tmp_path):
    rows = [["Gemeente", "Buurt", "Geldig"], ["Gouda", "nieuwe markt", 1], ["Gouda", "Ergens", 2]]
    path = book_with(tmp_path / "pkvw.xlsx", rows)
    areas = pd.DataFrame({"code": ["BU05130101", "BU05030101"], "naam": ["Nieuwe Markt"] * 2,
                          "niveau": ["buurt"] * 2, "gemeente_code": ["GM0513", "GM0503"]})  # fmt: skip
    source = {"soort": "pkvw", "bestand": "pkvw.xlsx", "profiel": "pkvw", "bronhouder": "Gouda",
              "peildatum": "2019-01-15", "privacyklasse": "V1"}  # fmt: skip
    content = {"naam": "Proef", "fictief": True, "bronnen": [source]}
    bron = read_bronnen(content, source="bronnen.yaml").bronnen[0]
    context = Context((), {"gebieden": areas}, NAMES)
    checked = read_source(bron, path, context, source="bronnen.yaml").checked
    assert checked.accepted["gebied"].tolist() == ["BU05130101"]
    assert counts(checked.rejected) == {"gebied_ontbreekt": 1}


def test_without_any_gemeente_the_form_is_refused(tmp_path):
    with pytest.raises(DeliveryError, match=r"^maatregelen\.xlsx: kolom 'Gemeente' is leeg of "
                                            r"ontbreekt en het blad noemt .* geen gebied"):  # fmt: skip
        measures(tmp_path, ["Nummer", "Maatregel"], ["1", "Flexcamera"])


@pytest.mark.parametrize("above", ["Gemeente: Gouda", "Gebied: Gouda (GM0513)", "Gebied GM0513"])
def test_the_area_above_the_table_fills_its_rows(tmp_path, above):
    rows = [[above], ["Jaar: 2018"], ["Kostenpost", "Besteed"], ["camera", 1]]
    row = the_row(measures(tmp_path, *rows, name="kosten"))
    assert (row["gemeente_code"], row["periode"]) == ("GM0513", "2018")


def test_the_form_of_laak_is_of_den_haag(tmp_path):
    write_forms(tmp_path, [LAAK], forms=["kosten"])
    path = tmp_path / "den-haag-laak" / "kosten.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Invullen"]
    sheet.cell(header_row(sheet, REGISTERS["kosten"]) + 1, 2).value = "camera"
    book.save(path)
    assert the_row(read_back(path, "kosten"))["gemeente_code"] == "GM0518"


def test_a_part_cannot_exceed_its_whole(tmp_path):
    rows = [["Gemeente", "Periode", "Inbraken", "Opgehelderd"], ["Gouda", "2018", 10, 12],
            ["Delft", "2018", 10, 2]]  # fmt: skip
    checked = measures(tmp_path, *rows, name="opheldering").checked
    assert counts(checked.emptied) == {"n_opgehelderd_te_groot": 1}
    assert checked.accepted["n_opgehelderd"].fillna(-1).tolist() == [-1, 2]


def test_nationality_of_suspects_does_not_come_in(tmp_path):
    rows = [["Gemeente", "Periode", "Kenmerk", "Klasse", "Personen"],
            ["Gouda", "2018", "nationaliteit", "overig", 9], ["Gouda", "2018", "motief", "geld", 9]]  # fmt: skip
    checked = measures(tmp_path, *rows, name="verdachten").checked
    assert counts(checked.rejected) == {"kenmerk_onbekend": 1}
    assert checked.accepted["kenmerk"].tolist() == ["motief"]


# ---- weeks, and the worked examples of Slim Samen Toezien (AEF, bijlage 4)

FRAME = ["Nr", "Probleemgebied", "Probleem", "Actie (wat)", "Doel", "Typering", "Gericht op",
         "Partij", "Periode", "Inzet", "Verwachte effect", "Resultaten"]  # fmt: skip
WORKED = [
    ["1", "Gebied X", "inbraken m.n. via achterpaden", "intensivering toezicht", "inbraakpreventie",
     "proactie", "dader", "Stadstoezicht", "wk 3", "2 pers. tussen 19 en 23 uur extra ronde",
     "wk 8 en verder", None],
    ["2", "Gebied X", "woningen slecht beveiligd", "plaatsen sloten", "inbraakpreventie",
     "Preventief", "domein", None, "wk 3-4", "2 fte", "wk 5 en verder",
     "Hoeveel sloten zijn vervangen?"],
]  # fmt: skip


def worked(tmp_path, *above, **more):
    return measures(tmp_path, *above, FRAME, *WORKED, name="actieregister", **more)


def test_the_worked_examples(tmp_path):
    reading = worked(tmp_path, ["Gemeente: Gouda"], ["Jaar: 2018"])
    assert reading.notes == ()
    rows = reading.checked.accepted
    assert counts(reading.checked.emptied) == {}
    assert rows["gemeente_code"].tolist() == ["GM0513"] * 2
    assert rows["gebied"].tolist() == ["Gebied X"] * 2
    assert rows["typering"].tolist() == ["proactie", "preventie"]
    assert rows["gericht_op"].tolist() == ["dader", "domein"]
    assert rows["partij"].fillna("leeg").tolist() == ["Stadstoezicht", "leeg"]
    # ISO week 3 of 2018 begins on Monday 15 January, week 4 ends on Sunday 28 January.
    assert rows["periode_van"].dt.date.tolist() == [date(2018, 1, 15)] * 2
    assert rows["periode_tot"].dt.date.tolist() == [date(2018, 1, 21), date(2018, 1, 28)]
    # Week 8 begins on 19 February, week 5 on 29 January.
    assert rows["effect_vanaf"].dt.date.tolist() == [date(2018, 2, 19), date(2018, 1, 29)]
    assert rows["uitgevoerd"].isna().all()


def test_the_year_of_weeks_may_stand_in_bronnen(tmp_path):
    rows = worked(tmp_path, ["Gemeente: Gouda"], jaar=2018).checked.accepted
    assert rows["periode_van"].dt.date.tolist() == [date(2018, 1, 15)] * 2


def test_a_week_without_a_year_is_emptied_with_its_reason(tmp_path):
    checked = worked(tmp_path, ["Gemeente: Gouda"]).checked
    assert len(checked.accepted) == 2
    assert counts(checked.emptied) == {
        "periode_van_onleesbaar": 2, "periode_tot_onleesbaar": 2, "effect_vanaf_onleesbaar": 2}  # fmt: skip


def test_a_period_that_runs_backwards_is_emptied(tmp_path):
    rows = [[*HEADERS, "Gepland van", "Gepland tot"], [*ROW, "05-03-2018", "01-02-2018"]]
    checked = measures(tmp_path, *rows).checked
    assert counts(checked.emptied) == {"gepland_van_omgekeerd": 1}
    assert checked.accepted[["gepland_van", "gepland_tot"]].isna().all(axis=None)


# ---- persons

TRACES = {"name": "mevr. De Vries weet ervan", "phone": "bel 06-12345678", "plate": "12-ABC-3",
          "address": "Kerkstraat 12", "bsn": "123456782", "mail": "a.b@voorbeeld.nl"}  # fmt: skip


@pytest.mark.parametrize("kind", TRACES)
def test_a_person_in_any_cell_is_emptied_and_kept_nowhere(kind, tmp_path, caplog, capsys):
    text = TRACES[kind]
    headers = [*HEADERS, "Partij", "Gepland van", "Borging", "Toelichting"]
    rows = [headers, [*ROW[:4], text, text, text, text, text], ["2", *ROW[1:], *[None] * 4],
            [text, *ROW[1:], *[None] * 4]]  # fmt: skip
    folder = tmp_path / "levering"
    folder.mkdir()
    book_with(folder / "maatregelen.xlsx", rows)
    source = {"soort": "maatregelen", "bestand": "maatregelen.xlsx", "profiel": "maatregelen",
              "bronhouder": "Gouda", "peildatum": "2019-01-15", "privacyklasse": "V1"}  # fmt: skip
    content = {"naam": "Proef", "fictief": True, "bronnen": [source]}
    dataset = Dataset(folder, "levering", read_bronnen(content, source="bronnen.yaml"))
    with caplog.at_level(logging.DEBUG):
        store = ingest(dataset, tmp_path / "uit", klassen=("A20",), gemeenten=NAMES)
    item = store.delivered[0]
    number_itself = kind == "bsn"  # nine digits can be read as a count
    assert item.emptied["persoonsgegeven_in_tekst"] == (5 if number_itself else 6)
    assert (item.n_accepted, item.rejected) == (2, {"maatregel_id_ontbreekt": 1})
    said = [caplog.text, *capsys.readouterr()]
    for path in (tmp_path / "uit").rglob("*.parquet"):
        frame = pd.read_parquet(path).drop(columns=["n_gepland"], errors="ignore")
        said.append(frame.to_string())
    said += [path.read_text("utf-8") for path in (tmp_path / "uit").rglob("*.json")]
    assert not any(text in words for words in said)


def test_rows_of_two_files_with_one_key_count_once(tmp_path):
    folder = tmp_path / "levering"
    folder.mkdir()
    sources = []
    for name in ("een", "twee"):
        book_with(folder / f"{name}.xlsx", [HEADERS, ROW])
        sources.append({"soort": "maatregelen", "bestand": f"{name}.xlsx", "profiel": "maatregelen",
                        "bronhouder": "Gouda", "peildatum": "2019-01-15", "privacyklasse": "V1"})  # fmt: skip
    content = {"naam": "Proef", "fictief": True, "bronnen": sources}
    dataset = Dataset(folder, "levering", read_bronnen(content, source="bronnen.yaml"))
    store = ingest(dataset, tmp_path / "uit", klassen=("A20",), gemeenten=NAMES)
    assert [(item.n_accepted, item.n_duplicates) for item in store.delivered] == [(1, 0), (0, 1)]


def test_lists_that_are_no_forms(tmp_path):
    path = tmp_path / "haltes.csv"
    path.write_text("halte_id;buurt;rd_x;rd_y\n31000123;BU05130101;108000;447000\n", "utf-8")
    row = the_row(read_back(path, "haltes"))
    assert (row["gemeente_code"], row["gebied"]) == ("GM0513", "BU05130101")
    path = tmp_path / "meldingen.csv"
    path.write_text("melding_id;datum;klasse;buurt\nM1;05-01-2018;verdacht;BU05130101\n", "utf-8")
    assert the_row(read_back(path, "meldingen"))["melding_dt"] == pd.Timestamp("2018-01-05")
