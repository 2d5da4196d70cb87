"""The tables of a pack as a spreadsheet: one named sheet each, and a contents sheet.

Nothing is hidden, nothing calculates, and no text can become a formula. The same tables give the
same bytes: the only date written is that of the data.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from wib_lib.blocks import Cell, Table
from wib_lib.landing import land_file
from wib_lib.palette import INK, LINE
from wib_lib.pdf import Running
from wib_lib.sheet_cells import is_number, units, written
from wib_lib.sheet_page import LINE_LENGTH, Looks, Page

CONTENTS = "Inhoud"
DEFINITIONS = "begrippen"  # name of the table with definitions
NAME_LENGTH = 31  # of a sheet, by Excel
WIDEST = 42  # characters of a column
SIGNS = "Tekens: 0 is nul; . is niet bekend of niet geleverd; x is onderdrukt."
ROUNDED = "De getallen zijn afgerond zoals in de documenten van dit pakket."


@dataclass(frozen=True)
class Sheet:
    """A table, the document it stands in, and the name of its sheet."""

    name: str
    document: str
    table: Table


def write_sheets(
    documents: Mapping[str, Iterable[Table]],
    target: Path,
    *,
    title: str,
    running: Running,
    as_of: date,
) -> None:
    """
    Write every table of a pack on a sheet of its own.

    Parameters
    ----------
    documents : mapping
        Title of a document to its tables, in order.
    target : Path
        Written whole or not at all.
    title : str
        Of the workbook.
    running : Running
        What stands on every sheet.
    as_of : date
        Newest day of the data; the only date in the file's properties.
    """
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    moment = datetime(as_of.year, as_of.month, as_of.day)
    book.set_properties({"title": title, "subject": running.audience, "created": moment})
    sheets = named(documents)
    looks = Looks(book)
    contents = Page(book, CONTENTS, looks, running)
    _write_contents(contents, sheets, title)
    meanings = _meanings(sheets)
    for sheet in sheets:
        _write_table(Page(book, sheet.name, looks, running), sheet, meanings)
    book.close()
    land_file(target, stream.getvalue())


def named(documents: Mapping[str, Iterable[Table]]) -> list[Sheet]:
    """
    Give each table a sheet name that Excel takes: short, without its signs, and unique.

    Examples
    --------
    >>> empty = ((), (), "", "", "", None)
    >>> made = named({"Evaluatie": [Table("Doelen: 2018/2019", *empty), Table("a", *empty, "per_jaar"),
    ...                             Table("b", *empty, "PER_JAAR")]})
    >>> [sheet.name for sheet in made]
    ['Doelen 2018 2019', 'Per jaar', 'PER JAAR 2']
    """
    taken = {CONTENTS.casefold(), "history"}  # the second is Excel's own
    found = []
    for document, tables in documents.items():
        for table in tables:
            name = _free(table.name.replace("_", " ") or table.caption, taken)
            taken.add(name.casefold())
            found.append(Sheet(name, document, table))
    return found


def _free(text: str, taken: set[str]) -> str:
    """Return a name for a text that is not taken yet."""
    plain = re.sub(r"[\[\]*?/\\\x00-\x1f]", " ", text)
    plain = re.sub(r"^\W+", "", " ".join(plain.split())).strip("'") or "Tabel"
    plain = plain[0].upper() + plain[1:]
    number = 1
    while (name := _short(plain, f" {number}" if number > 1 else "")).casefold() in taken:
        number += 1
    return name


def _short(text: str, tail: str) -> str:
    """Cut a text to the length of a sheet name: at its colon, or else between words."""
    room = NAME_LENGTH - len(tail)
    if len(text) > room:
        text = text.partition(":")[0]
    if len(text) > room:
        text = text[: room + 1].rpartition(" ")[0] or text[:room]
        text = re.sub(r"( (en|of|per|van|naar|in|op|de|het|een|die|met|waarop))+$", "", text)
    return " ".join(text.replace(":", " ").split()).rstrip(" ,;.('") + tail


def _meanings(sheets: Sequence[Sheet]) -> dict[str, str]:
    """Return the definitions of the pack: term to meaning."""
    return {
        row[0].shown: row[1].shown
        for sheet in sheets
        if sheet.table.name == DEFINITIONS
        for row in sheet.table.rows
    }


def definitions(table: Table, meanings: Mapping[str, str]) -> list[str]:
    """
    Return the definitions of the terms that a table names; a plural differs at its end only.

    Examples
    --------
    >>> table = Table("Woninginbraken per jaar", ("Jaar",), (), "", "", "", None)
    >>> definitions(table, {"Woninginbraak": "politiecode 1.1.1", "Interval": "95 %"})
    ['Woninginbraak: politiecode 1.1.1']
    """
    said = " ".join([table.caption, *table.labels]).casefold()
    stems = {term: term.casefold() if " " in term else term.casefold()[:-2] for term in meanings}
    return [f"{term}: {meanings[term]}" for term, stem in stems.items() if stem in said]


def _write_contents(page: Page, sheets: Sequence[Sheet], title: str) -> None:
    page.lines(title, bold=True, font_size=16)
    page.marks()
    page.lines(f"{page.running.area}, {page.running.date}")
    page.lines(f"{SIGNS} {ROUNDED}")
    page.row += 1
    header, widths = page.row, (NAME_LENGTH + 2, 60, 30)
    for column, (label, width) in enumerate(
        zip(("Blad", "Tabel", "Document"), widths, strict=True)
    ):
        page.text(column, label, **_HEADER)
        page.sheet.set_column(column, column, width)
    for sheet in sheets:
        page.row += 1
        page.link(0, sheet.name, sheet.name)
        page.text(1, sheet.table.caption, text_wrap=True, valign="top")
        page.text(2, sheet.document, valign="top")
        page.heighten([sheet.name, sheet.table.caption], widths)
    page.sheet.freeze_panes(header + 1, 0)
    page.sheet.repeat_rows(header)
    page.fit(sum(widths))


_HEADER = {"bold": True, "bottom": 2, "bottom_color": INK, "text_wrap": True, "valign": "bottom"}
_BODY = {"valign": "top", "bottom": 1, "bottom_color": LINE}


def _write_table(page: Page, sheet: Sheet, meanings: Mapping[str, str]) -> None:
    table = sheet.table
    page.lines(table.caption, 70, bold=True, font_size=14)
    page.marks()
    page.text(0, f"{page.running.area}, {sheet.document}, {page.running.date}")
    page.row += 1
    page.link(0, CONTENTS, "Naar de inhoud")
    page.row += 2
    header = page.row
    columns = [tuple(row[i] for row in table.rows) for i in range(len(table.labels))]
    sides = [_side(cells) for cells in columns]
    widths = [_width(label, cells) for label, cells in zip(table.labels, columns, strict=True)]
    for column, (label, side, width) in enumerate(zip(table.labels, sides, widths, strict=True)):
        page.text(column, label, **_aligned(side, column), **_HEADER)
        page.sheet.set_column(column, column, width)
    page.heighten(table.labels, widths)
    for row in table.rows:
        page.row += 1
        for column, (cell, side) in enumerate(zip(row, sides, strict=True)):
            look = _aligned(side, column) | _BODY | {"bold": column == table.row_header}
            _write_cell(page, column, cell, look)
        page.heighten([cell.shown for cell in row], widths)
    page.row += 2
    _write_below(page, table, meanings)
    page.sheet.freeze_panes(header + 1, 1 if table.row_header == 0 else 0)
    page.sheet.repeat_rows(header)
    page.fit(max(sum(widths), LINE_LENGTH * 0.9))


def _write_cell(page: Page, column: int, cell: Cell, look: dict[str, Any]) -> None:
    made = written(cell)
    if isinstance(made.content, str):
        page.text(column, made.content, text_wrap=True, **look)
        return
    shape = page.looks(num_format=made.form, **look)
    if isinstance(made.content, date):
        moment = datetime(made.content.year, made.content.month, made.content.day)
        page.sheet.write_datetime(page.row, column, moment, shape)
    else:
        page.sheet.write_number(page.row, column, made.content, shape)


def _aligned(side: str, column: int) -> dict[str, Any]:
    """Line up a column; a text keeps its distance from a number left of it."""
    return {"align": side, "indent": int(side == "left" and column > 0)}


def _write_below(page: Page, table: Table, meanings: Mapping[str, str]) -> None:
    measured = "; ".join(f"{label} in {unit}" for label, unit in units(table))
    below = [
        ("Eenheid", measured),
        ("Toelichting", table.note),
        ("Tekens", table.signs),
        *(("Definitie", text) for text in definitions(table, meanings)),
        ("Bron", table.source),
    ]
    for name, text in below:
        if text and table.name != DEFINITIONS:
            page.lines(f"{name}: {text}", font_size=10)


def _side(cells: Sequence[Cell]) -> str:
    """Line up right what is numbers, with the signs of absence between them."""
    known = [cell for cell in cells if cell.value is not None]
    return "right" if cells and all(map(is_number, known)) else "left"


def _width(label: str, cells: Sequence[Cell]) -> float:
    """Return a width in which every number and word stands whole, and most texts on one line."""
    words = max(map(len, label.split()), default=0)
    longest = max((len(cell.shown) for cell in cells), default=0)
    return min(max(words + 1, longest, 8), WIDEST) + 3
