"""Workbooks as text: what people do to a spreadsheet, undone as far as it is certain.

Merged cells are filled from their first cell, a header in two rows is joined, title rows above
the header and empty rows are passed over. Sheets that are hidden are not read as data, but their
headers are searched for personal data, because hiding is not removing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd

from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.screening import person_columns
from wib_lib.tables import heading

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
# The header stands somewhere in the first rows, below a title or a logo.
HEADER_ROWS = 30


@dataclass(frozen=True)
class Sheet:
    """A table as text, what stands above its header, and how many expected headers it has."""

    frame: pd.DataFrame
    above: list[list[str]]
    n_known: int


def read_workbook(bron: Bron, path: Path, expected: Collection[str]) -> Sheet:
    """
    Read the sheet of a workbook that holds the table.

    Parameters
    ----------
    bron : Bron
        `blad` names the sheet; without it, the visible sheet with most expected headers.
    path : Path
    expected : collection of str
        Headers that the profile knows.

    Returns
    -------
    Sheet
        The index of its frame is the row number in the sheet.

    Raises
    ------
    DeliveryError
        When it is no workbook, the sheet is missing or empty, or a hidden sheet holds columns
        with personal data.
    """
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(str(path))
    except (calamine.CalamineError, calamine.ZipError, calamine.XmlError, OSError):
        raise DeliveryError(
            f"{bron.bestand}: dit is geen leesbare werkmap, of er staat een wachtwoord op; sla het "
            "bestand opnieuw op als xlsx zonder wachtwoord."
        ) from None
    visible = _visible_sheets(bron, book)
    words = {heading(word) for word in expected}
    if bron.blad is not None:
        if bron.blad not in visible:
            raise DeliveryError(
                f"{bron.bestand}: blad '{bron.blad}' ontbreekt of is verborgen; aanwezig: "
                f"{', '.join(visible)}."
            )
        visible = [bron.blad]
    sheets = [(_score(rows, words), rows) for rows in (_rows(book, name) for name in visible)]
    score, rows = max(sheets, key=lambda item: item[0][0], default=((0, 0, 0), []))
    if not rows:
        raise DeliveryError(
            f"{bron.bestand}: het bestand is leeg; vraag {bron.bronhouder} om een nieuwe levering."
        )
    n_known, top, depth = score
    header = _header(rows[top : top + depth])
    return Sheet(_body(header, rows[top + depth :], first=top + depth + 1), rows[:top], n_known)


def below_title(frame: pd.DataFrame, expected: Collection[str]) -> Sheet:
    """Find the header of a delimited file: the row with most expected headers, mostly the first."""
    words = {heading(word) for word in expected}
    rows = [frame.columns.tolist(), *frame.head(HEADER_ROWS).fillna("").to_numpy().tolist()]
    known = [len({heading(cell) for cell in row} & words) for row in rows]
    top = known.index(max(known))
    body = frame.iloc[top:]
    body.columns = pd.Index([cell.strip() for cell in rows[top]])
    return Sheet(body, rows[:top], known[top])


def _visible_sheets(bron: Bron, book: Any) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    sheets = [s for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    hidden = [s.name for s in sheets if s.visible != SheetVisibleEnum.Visible]
    for name in hidden:
        for row in _rows(book, name)[:HEADER_ROWS]:
            if person_columns([cell for cell in row if cell]):
                raise DeliveryError(
                    f"{bron.bestand}: het verborgen blad '{name}' heeft kolommen met "
                    f"persoonsgegevens; vraag {bron.bronhouder} om een bestand zonder dat blad."
                )
    return [s.name for s in sheets if s.name not in hidden]


def _rows(book: Any, name: str) -> list[list[str]]:
    """Return the cells of a sheet as text, merged cells filled from their first cell."""
    sheet = book.get_sheet_by_name(name)
    cells = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in cells[top : bottom + 1]:
            # A merged cell may reach beyond the last column that is used.
            row[left : right + 1] = [cells[top][left]] * len(row[left : right + 1])
    return [[_text(cell) for cell in row] for row in cells]


def _text(cell: Any) -> str:
    """Write a cell as a Dutch delimited file would hold it."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "ja" if cell else "nee"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    if isinstance(cell, datetime):
        shape = "%d-%m-%Y" if cell.time() == time() else "%d-%m-%Y %H:%M"
        return cell.strftime(shape)
    if isinstance(cell, date):
        return cell.strftime("%d-%m-%Y")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell).strip()


def _score(rows: Sequence[Sequence[str]], words: Collection[str]) -> tuple[int, int, int]:
    """
    Find the header: how many expected names, at which row, one or two rows deep.

    Without expected names, or when none is found, it is the first row that is not empty.
    """
    filled = next((i for i, row in enumerate(rows) if any(row)), 0)
    best = (0, filled, 1)
    for top in range(min(len(rows), HEADER_ROWS)):
        for depth in (1, 2):
            names = {heading(name) for name in _header(rows[top : top + depth])}
            n_known = len(names & set(words))
            if n_known > best[0]:
                best = (n_known, top, depth)
    return best


def _header(rows: Sequence[Sequence[str]]) -> list[str]:
    """Join the rows of a header per column; a cell merged over both counts once."""
    return [
        " ".join(dict.fromkeys(part for part in cells if part)) for cells in zip(*rows, strict=True)
    ]


def _body(header: list[str], rows: list[list[str]], *, first: int) -> pd.DataFrame:
    """Leave out columns without header and content, and rows without content."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header)
    frame = pd.DataFrame(
        {place: pd.array(list(cells), dtype="str") for place, cells in enumerate(columns)}
    )
    frame.index = pd.RangeIndex(first, first + len(rows))
    filled: pd.DataFrame = frame.apply(lambda cells: cells.ne(""))
    frame = frame[filled.any(axis=1)]
    kept = [i for i, name in enumerate(header) if name or filled[i].any()]
    frame = frame[kept]
    frame.columns = pd.Index([header[i] for i in kept])
    return frame
