"""Workbooks and OData answers as text: what people do to a spreadsheet is undone, or said."""

import json
from datetime import date, datetime, time
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from conftest import read_file
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.sources.files import read_table

NAMES = ["Actie", "Periode van", "Periode tot"]


def bron(name="boek.xlsx", **more):
    return Bron(
        soort="acties", bestand=name, profiel="actieregister", bronhouder="Gouda",
        peildatum=date(2019, 1, 15), privacyklasse="V1", **more,
    )  # fmt: skip


class Book:
    """A workbook under construction: cells by row and column, sheets by name."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "boek.xlsx"
        self.book = xlsxwriter.Workbook(str(self.path))
        self.day = self.book.add_format({"num_format": "dd-mm-yyyy"})

    def sheet(self, name, rows, top=0):
        made = self.book.add_worksheet(name)
        for i, row in enumerate(rows, start=top):
            for j, cell in enumerate(row):
                if isinstance(cell, date | time):
                    made.write_datetime(i, j, cell, self.day)
                elif cell is not None:
                    made.write(i, j, cell)
        return made

    def read(self, expected=(), **more):
        self.book.close()
        return read_table(bron(**more), self.path, expected)


def test_cells_become_the_text_that_a_dutch_file_would_hold(tmp_path):
    book = Book(tmp_path)
    book.sheet("Blad1", [["a", "b", "c", "d", "e"],
                         ["x ", 12, 2.5, True, datetime(2018, 1, 31)],
                         [None, 513, 0.1, False, datetime(2018, 1, 31, 22, 15)]])  # fmt: skip
    frame = book.read()
    assert frame.to_numpy().tolist() == [
        ["x", "12", "2,5", "ja", "31-01-2018"],
        ["", "513", "0,1", "nee", "31-01-2018 22:15"],
    ]
    assert frame.index.tolist() == [2, 3]


def test_title_rows_and_a_header_in_two_rows_with_merged_cells(tmp_path):
    book = Book(tmp_path)
    sheet = book.sheet("Blad1", [["Actieregister Gouda"], [], [None] * 3, [None, "van", "tot"],
                                 ["sloten", "wk 3", "wk 4"], [], ["licht", "wk 5", "wk 6"]])  # fmt: skip
    sheet.merge_range(2, 1, 2, 2, "Periode")
    sheet.merge_range(2, 0, 3, 0, "Actie")
    frame = book.read(NAMES)
    assert frame.columns.tolist() == NAMES
    assert frame["Actie"].tolist() == ["sloten", "licht"]
    assert frame.index.tolist() == [5, 7]  # the row numbers that the analyst sees


def test_merged_cells_in_the_body_are_filled(tmp_path):
    book = Book(tmp_path)
    sheet = book.sheet("Blad1", [NAMES, [None, "1", "2"], [None, "3", "4"]])
    sheet.merge_range(1, 0, 2, 0, "sloten")
    assert book.read(NAMES)["Actie"].tolist() == ["sloten", "sloten"]


def test_the_sheet_with_the_known_headers_is_read(tmp_path):
    book = Book(tmp_path)
    book.sheet("Toelichting", [["Vul het andere blad in"], ["x", "y"]])
    book.sheet("Invullen", [NAMES, ["sloten", "1", "2"]])
    assert book.read(NAMES)["Actie"].tolist() == ["sloten"]


def test_a_named_sheet_is_read_or_missed(tmp_path):
    book = Book(tmp_path)
    book.sheet("A", [["k"], ["1"]])
    book.sheet("B", [["k"], ["2"]])
    assert book.read(["k"], blad="B")["k"].tolist() == ["2"]
    with pytest.raises(DeliveryError, match=r"boek\.xlsx: blad 'C' ontbreekt .*aanwezig: A, B\."):
        read_table(bron(blad="C"), book.path, [])


def test_a_hidden_sheet_is_not_read_and_persons_on_it_refuse_the_file(tmp_path):
    book = Book(tmp_path)
    book.sheet("Invullen", [["Actie"], ["sloten"]])
    book.sheet("Lijsten", [["Actie"], ["verborgen"]]).hide()
    assert book.read(["Actie"])["Actie"].tolist() == ["sloten"]
    book = Book(tmp_path)
    book.sheet("Invullen", [["Actie"], ["sloten"]])
    book.sheet("Bron", [["lijst"], ["Achternaam", "BSN"], ["Pietersen", "111222333"]]).hide()
    with pytest.raises(DeliveryError, match="het verborgen blad 'Bron'") as refusal:
        book.read(["Actie"])
    assert "Pietersen" not in str(refusal.value)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a zip", b"Actie;Van\nx;1\n"])
def test_no_workbook(tmp_path, content):
    (tmp_path / "boek.xlsx").write_bytes(content)
    with pytest.raises(DeliveryError, match=r"boek\.xlsx: dit is geen leesbare werkmap"):
        read_table(bron(), tmp_path / "boek.xlsx", [])


def test_an_empty_workbook(tmp_path):
    book = Book(tmp_path)
    book.sheet("Blad1", [])
    with pytest.raises(DeliveryError, match="het bestand is leeg; vraag Gouda"):
        book.read(NAMES)


def test_the_same_rows_from_a_workbook_and_from_text(tmp_path):
    rows = [["actie_id", "gemeente_code", "actie", "periode_van"],
            ["GM0513-1", "GM0513", "sloten", "15-01-2018"],
            ["GM0513-2", "513", "licht", "28-02-2018"]]  # fmt: skip
    as_text = read_file(tmp_path, "actieregister", "\n".join(";".join(row) for row in rows) + "\n")
    book = Book(tmp_path)
    book.sheet(
        "Blad1", [rows[0], [*rows[1][:3], datetime(2018, 1, 15)], ["GM0513-2", 513, "licht", 43159]]
    )
    book.book.close()
    as_book = read_file(tmp_path, "actieregister", None, bestand="boek.xlsx")
    pd.testing.assert_frame_equal(as_text.checked.accepted, as_book.checked.accepted)


def test_odata_answer(tmp_path):
    answer = {"odata.metadata": "x", "value": [
        {"ID": 0, "SoortMisdrijf": "1.1.1 ", "WijkenEnBuurten": "GM0513    ", "Perioden": "2018MM01", "GeregistreerdeMisdrijven_1": 30},
        {"ID": 1, "SoortMisdrijf": "1.1.1 ", "WijkenEnBuurten": "GM0513    ", "Perioden": "2018MM02", "GeregistreerdeMisdrijven_1": None},
    ]}  # fmt: skip
    path = tmp_path / "maand.json"
    path.write_text(json.dumps(answer), encoding="utf-8")
    frame = read_table(bron("maand.json"), path)
    assert frame["GeregistreerdeMisdrijven_1"].tolist() == ["30", ""]
    assert frame["WijkenEnBuurten"].tolist() == ["GM0513    "] * 2


@pytest.mark.parametrize("text", ['{"fout": 1}', "[1, 2]", "<html>", '{"value": 3}'])
def test_no_odata_answer(tmp_path, text):
    path = tmp_path / "maand.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeliveryError, match=r"maand\.json: dit is geen antwoord van OData"):
        read_table(bron("maand.json"), path)
