"""The spreadsheet holds what the documents show: the same figures, as real numbers, and no more."""

import hashlib
import re
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from wib_lib import html
from wib_lib.absent import Missing, Suppressed
from wib_lib.blocks import Cell, Table
from wib_lib.document import tables
from wib_lib.dutch import number, percent
from wib_lib.pdf import Running
from wib_lib.sheet_cells import is_number, written
from wib_lib.sheets import CONTENTS, NAME_LENGTH, named, write_sheets

AS_OF = date(2019, 1, 15)
WARNING = "Fictieve voorbeelddata: geen enkel cijfer op deze pagina is echt"
RUNNING = Running("Gouda", "peildatum 15 januari 2019", "werkgroep en RBO (V1)", WARNING)
FORMULAS = ("=1+1", "+31 6", "-2", "@SUM(A1)", "'=1", '=HYPERLINK("http://x","y")', "{=1}")


def table(caption: str = "Woninginbraken per buurt", **frame: list) -> Table:
    return next(tables(html.table(pd.DataFrame(frame), caption=caption).blocks))


def sample() -> Table:
    frame = pd.DataFrame(
        {
            "buurt": ["Kort Haarlem", "Noord", "Oost"],
            "n": [1234, Suppressed(5), 0],
            "share": [12.345, Suppressed(5), Missing("niet geleverd")],
            "change": [-12.8472, 3.04, 0.0],
            "day": [date(2018, 3, 12), date(2019, 1, 15), None],
        }
    )
    return next(
        tables(
            html.table(
                frame,
                caption="Woninginbraken per buurt",
                labels={"buurt": "Buurt", "n": "Aantal", "share": "Aandeel",
                        "change": "Verandering", "day": "Peildatum"},
                formats={"share": percent, "change": lambda v: percent(v, 2, sign=True)},
                source="Politie, peildatum 15 januari 2019",
                note="Reeksbreuk in 2018.",
                row_header="buurt",
                name="per_buurt",
            ).blocks
        )
    )  # fmt: skip


def meanings() -> Table:
    frame = pd.DataFrame({"a": ["Woninginbraak", "Interval"], "b": ["code 1.1.1", "95 %"]})
    labels = {"a": "Begrip", "b": "Betekenis"}
    return next(
        tables(html.table(frame, caption="Begrippen", labels=labels, name="begrippen").blocks)
    )


def book(folder: Path, *made: Table, running: Running = RUNNING) -> openpyxl.Workbook:
    path = folder / "tabellen.xlsx"
    write_sheets({"Evaluatie": made}, path, title="Tabellen Gouda", running=running, as_of=AS_OF)
    return openpyxl.load_workbook(path)


def lines(sheet: Worksheet) -> list[str]:
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def header_row(sheet: Worksheet, labels: tuple[str, ...]) -> int:
    rows = sheet.iter_rows(max_col=len(labels))
    return next(i for i, row in enumerate(rows, 1) if tuple(c.value for c in row) == labels)


def shown_as(value: object, form: str) -> str:
    """Write a number by an Excel format, with Dutch signs; knows what the library writes."""
    assert isinstance(value, int | float)
    parts = form.split(";")
    part = parts[1] if value < 0 else parts[2] if value == 0 and len(parts) > 2 else parts[0]
    match = re.fullmatch(r'([+−]?)(#,##0|0)(?:\.(0+))?(?:"([^"]*)")?', part)
    assert match, form
    plain = number(abs(value), len(match[3] or ""))
    plain = plain if match[2] == "#,##0" else plain.replace(".", "")
    return match[1] + plain + (match[4] or "")


def check(sheet: Worksheet, wanted: Table) -> int:
    """Hold every cell of a table against its sheet; return how many numbers there were."""
    top, n_numbers = header_row(sheet, wanted.labels), 0
    for i, row in enumerate(wanted.rows, start=top + 1):
        for j, cell in enumerate(row, start=1):
            found = sheet.cell(i, j)
            if cell.value is None:
                assert (found.value, found.data_type) == (cell.shown, "s")
            elif is_number(cell):
                n_numbers += 1
                assert found.data_type == "n"
                assert shown_as(found.value, found.number_format) == cell.shown
            elif isinstance(found.value, datetime):
                assert found.value.date().isoformat() == cell.value
            else:
                assert (found.value or "", found.data_type) in {(cell.shown, "s"), ("", "n")}
    return n_numbers


def test_a_sheet_has_the_figures_of_the_table_as_numbers_and_dates(tmp_path: Path) -> None:
    made = sample()
    sheet = book(tmp_path, made)["Per buurt"]
    assert check(sheet, made) == 6  # by hand: 2 counts, 1 share, 3 changes
    top = header_row(sheet, made.labels)
    assert sheet.cell(top + 1, 2).value == 1234
    assert sheet.cell(top + 1, 2).number_format == "#,##0"
    assert (sheet.cell(top + 1, 3).value, sheet.cell(top + 1, 3).number_format) == (12.3, '0.0" %"')
    assert sheet.cell(top + 1, 4).value == -12.85
    assert sheet.cell(top + 1, 5).value == datetime(2018, 3, 12)
    assert sheet.cell(top + 1, 5).number_format.startswith("[$-413]d mmmm yyyy")


def test_what_is_not_there_is_text_at_the_right_with_its_reason_below(tmp_path: Path) -> None:
    made = sample()
    sheet = book(tmp_path, made)["Per buurt"]
    top = header_row(sheet, made.labels)
    hidden = [sheet.cell(top + 2, 2), sheet.cell(top + 2, 3), sheet.cell(top + 3, 3)]
    assert [cell.value for cell in hidden] == ["x", "x", "."]
    assert {cell.alignment.horizontal for cell in hidden} == {"right"}
    assert sheet.cell(top + 3, 2).value == 0  # a zero is a number
    (signs,) = [line for line in lines(sheet) if line.startswith("Tekens:")]
    assert "x = onderdrukt: te klein aantal (grens 5)" in signs
    assert ". = niet geleverd" in signs


def test_no_decimal_is_written_that_no_reader_sees(tmp_path: Path) -> None:
    made = sample()
    book(tmp_path, made)
    with ZipFile(tmp_path / "tabellen.xlsx") as parts:
        said = "".join(parts.read(name).decode() for name in parts.namelist())
    for figure in ("12.345", "12.8472", "3.04<", "-12.847"):
        assert (figure in said) == (figure == "3.04<")  # shown as +3,04 %


def test_a_sheet_says_what_it_is_for_whom_and_where_it_comes_from(tmp_path: Path) -> None:
    made = book(tmp_path, sample(), meanings())
    said = lines(made["Per buurt"])
    assert said[0] == "Woninginbraken per buurt"
    for line in (WARNING, "Bestemd voor: werkgroep en RBO (V1)",
                 "Gouda, Evaluatie, peildatum 15 januari 2019", "Toelichting: Reeksbreuk in 2018.",
                 "Eenheid: Aandeel in %; Verandering in %", "Definitie: Woninginbraak: code 1.1.1",
                 "Bron: Politie, peildatum 15 januari 2019"):  # fmt: skip
        assert line in said
    assert not [line for line in said if line.startswith("Definitie: Interval")]  # not named here


def test_class_and_warning_are_on_every_sheet_and_on_its_print(tmp_path: Path) -> None:
    long = Running("A & B", "peildatum 1 mei 2020", "driehoek (V2) · voor " + "burgemeester & OM " * 20,
                   WARNING)  # fmt: skip
    for sheet in book(tmp_path, sample(), meanings(), running=long):
        assert WARNING in lines(sheet)
        assert any(line.startswith("Bestemd voor: driehoek (V2)") for line in lines(sheet))
        assert sheet.oddHeader.left.text.startswith("A ")
        assert sheet.oddHeader.left.text.endswith(WARNING)
        assert sheet.oddFooter.left.text.startswith("driehoek (V2) · voor burgemeester")
        assert sheet.page_setup.paperSize == 9
        assert sheet.print_title_rows


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text: str, tmp_path: Path) -> None:
    made = table(text, naam=[text], n=[1])
    made = Table(text, (text, "n"), made.rows, text, text, "", None, "")
    for sheet in book(tmp_path, made):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n")
                if str(cell.value).startswith(("=", "+", "-", "@", "'")):
                    assert cell.quotePrefix  # also after someone edits the cell
    assert text in lines(sheet)


def test_sheet_names_fit_excel_and_are_unique() -> None:
    captions = [
        "a" * 50,
        "a" * 50,
        "History",
        "inhoud",
        "Wat: [x] / 'y'?*\\",
        "'",
        "Doelen",
        "DOELEN",
    ]
    names = [sheet.name for sheet in named({"d": [table(caption, n=[1]) for caption in captions]})]
    assert len({name.casefold() for name in [*names, CONTENTS, "history"]}) == len(captions) + 2
    for name in names:
        assert 0 < len(name) <= NAME_LENGTH
        assert not re.search(r"[\[\]:*?/\\]", name)
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_every_sheet_is_linked_from_the_contents(tmp_path: Path) -> None:
    made = book(tmp_path, sample(), meanings(), table("Doel's eind", n=[1]))
    contents = made[CONTENTS]
    targets = [
        cell.hyperlink.location for row in contents.iter_rows() for cell in row if cell.hyperlink
    ]
    assert [
        t.removesuffix("!A1").strip("'").replace("''", "'") for t in targets
    ] == made.sheetnames[1:]
    for name in made.sheetnames[1:]:
        assert any(
            c.hyperlink and c.hyperlink.location == "'Inhoud'!A1" for r in made[name] for c in r
        )
        assert made[name].freeze_panes


def test_nothing_is_hidden(tmp_path: Path) -> None:
    made = book(tmp_path, sample(), meanings())
    for sheet in made:
        assert sheet.sheet_state == "visible"
        assert not [d for d in sheet.column_dimensions.values() if d.hidden]
        assert not [d for d in sheet.row_dimensions.values() if d.hidden]
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.comment]
        assert not sheet.protection.sheet
        assert set(sheet.defined_names) <= {"Print_Titles", "Print_Area"}
    assert not made.defined_names
    about = made.properties
    assert (about.creator or "", about.lastModifiedBy or "") == ("", "")
    assert about.created == datetime(2019, 1, 15)
    assert about.title == "Tabellen Gouda"
    with ZipFile(tmp_path / "tabellen.xlsx") as parts:
        assert not [
            n for n in parts.namelist() if re.search("comment|external|vba|custom|media", n)
        ]


def test_the_same_tables_give_the_same_bytes_and_other_tables_do_not(tmp_path: Path) -> None:
    def digest(*made: Table) -> str:
        book(tmp_path, *made)
        return hashlib.sha256((tmp_path / "tabellen.xlsx").read_bytes()).hexdigest()

    assert digest(sample()) == digest(sample())
    assert digest(sample()) != digest(table(n=[2]))


def test_columns_are_wide_enough_for_numbers_and_words(tmp_path: Path) -> None:
    made = table("Breed", naam=["Leidschendam-Voorburg", "b"], n=[123456789, 1])
    sheet = book(tmp_path, made)["Breed"]
    assert sheet.column_dimensions["A"].width > len("Leidschendam-Voorburg")
    assert sheet.column_dimensions["B"].width > len("123.456.789")
    long = book(tmp_path, table("Lang", naam=["woord " * 40]))["Lang"]
    assert long.column_dimensions["A"].width < 50
    assert long.row_dimensions[header_row(long, ("naam",)) + 1].height > 60  # at least five lines


@pytest.mark.parametrize(
    ("shown", "value", "content", "form"),
    [
        ("2018", 2018, 2018, "0"),
        ("2.018", 2018, 2018, "#,##0"),
        ("0", 0, 0, "#,##0"),
        ("+12", 12.2, 12, "+#,##0;−#,##0;#,##0"),
        ("−1.234,5", -1234.54, -1234.5, "#,##0.0;−#,##0.0"),
        ("57 %", 57.0, 57, '0" %"'),
        ("n<10", 33.3, "n<10", "@"),
        ("7,4 (6,5 tot 8,4)", 7.4, "7,4 (6,5 tot 8,4)", "@"),
        ("ja", True, "ja", "@"),
        ("2018", "2018", "2018", "@"),
        ("2018-01-01", "2018-01-01", "2018-01-01", "@"),
    ],
)
def test_a_cell_becomes_what_it_shows(
    shown: str, value: object, content: object, form: str
) -> None:
    made = written(Cell(shown, value))  # type: ignore[arg-type]
    assert (made.content, made.form) == (content, form)
