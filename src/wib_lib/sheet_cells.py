"""What a cell of a table becomes in a spreadsheet: a real number or date that looks as it is shown.

The number is the one that is shown, not the one behind it: decimals that a reader may not see,
such as those of a percentage of a small count, are in no sheet either. Signs of thousands and
decimals come from the reader's own Excel.
"""

import re
from dataclasses import dataclass
from datetime import date

from wib_lib.blocks import Cell, Table
from wib_lib.dutch import day

NUMBER = re.compile(
    r"(?P<sign>[−+])?(?P<whole>\d{1,3}(?:\.\d{3})+|\d+)(?:,(?P<part>\d+))?(?P<unit>\D*)"
)
DATE_FORMAT = "[$-413]d mmmm yyyy"  # Dutch months wherever it is opened
GENERAL = "General"
TEXT = "@"


@dataclass(frozen=True)
class Written:
    """Content of a cell and the number format that shows it as the documents do."""

    content: float | int | date | str
    form: str = TEXT
    unit: str = ""


def written(cell: Cell) -> Written:
    """
    Return what stands in the spreadsheet for a cell.

    Examples
    --------
    >>> written(Cell("1.234", 1234))
    Written(content=1234, form='#,##0', unit='')
    >>> written(Cell("−12,8 %", -12.84724339043671))
    Written(content=-12.8, form='0.0" %";−0.0" %"', unit='%')
    >>> written(Cell("=1+1", "=1+1"))
    Written(content='=1+1', form='@', unit='')
    >>> written(Cell("15 januari 2019", "2019-01-15"))
    Written(content=datetime.date(2019, 1, 15), form='[$-413]d mmmm yyyy', unit='')
    """
    if isinstance(cell.value, bool) or cell.value is None:
        return Written(cell.shown)
    if isinstance(cell.value, str):
        found = _date(cell)
        return Written(found, DATE_FORMAT) if found else Written(cell.shown)
    match = NUMBER.fullmatch(cell.shown)
    return _number(match) if match else Written(cell.shown)


def _date(cell: Cell) -> date | None:
    """Return the day of a cell that shows one in full."""
    try:
        found = date.fromisoformat(str(cell.value))
    except ValueError:
        return None
    return found if day(found) == cell.shown and found.year >= 1901 else None  # Excel's first year


def _number(match: re.Match[str]) -> Written:
    whole, part = match["whole"].replace(".", ""), match["part"] or ""
    unit = match["unit"].replace('"', "")
    # A year is written without thousands, as it is shown.
    digits = "0" if "." not in match["whole"] and len(whole) > 3 else "#,##0"
    digits = "0" if len(whole) <= 3 and (part or unit) else digits
    decimals = f".{'0' * len(part)}" if part else ""
    shape = f'{digits}{decimals}"{unit}"' if unit else f"{digits}{decimals}"
    number = float(f"{whole}.{part}") if part else int(whole)
    forms = {"−": f"{shape};−{shape}", "+": f"+{shape};−{shape};{shape}"}
    sign = match["sign"] or ""
    content = -number if sign == "−" else number
    return Written(content, forms.get(sign, shape), unit.strip())


def units(table: Table) -> list[tuple[str, str]]:
    """
    Return the columns whose numbers are all shown with one and the same unit.

    Examples
    --------
    >>> rows = ((Cell("3", 3), Cell("4,0 %", 4.0)), (Cell("2", 2), Cell("x", None, "klein")))
    >>> units(Table("t", ("n", "aandeel"), rows, "", "", "", None))
    [('aandeel', '%')]
    """
    found = []
    for label, column in zip(table.labels, zip(*table.rows, strict=True), strict=False):
        shown = {written(cell).unit for cell in column if is_number(cell)}
        if len(shown) == 1 and (unit := shown.pop()):
            found.append((label, unit))
    return found


def is_number(cell: Cell) -> bool:
    """Tell whether a cell becomes a number."""
    return isinstance(written(cell).content, int | float)
