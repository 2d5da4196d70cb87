"""One form as a workbook: a sheet to fill in, its explanation, and the lists to choose from.

Everything can be seen: no hidden sheets, rows or columns. Headers and printed text are locked
without a password, so that they are not changed by accident. Columns that take weeks, codes or
"<5" are text, because a spreadsheet turns "3-4" into a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from wib_lib.tables import Column, Table

FILL, HELP, LISTS = "Invullen", "Toelichting", "Keuzelijsten"
INPUT_ROWS = 200
WIDE = 10  # columns that fit on the width of one page
MADE = datetime(2018, 1, 1)  # a fixed day: the same form is the same file
PRIVACY = (
    "Vul geen namen, adressen, telefoonnummers, kentekens of burgerservicenummers in. Wat op een "
    "persoon wijst, wordt bij het inlezen verwijderd."
)
FLAG = ("ja", "nee", "onbekend")
# How to fill in a column, its width, and the format of its cells.
KINDS: dict[str, tuple[str, int, str]] = {
    "code": ("korte code", 14, "@"),
    "text": ("tekst", 34, "@"),
    "word": ("keuze uit de lijst", 24, "@"),
    "place": ("wijk of buurt, of een naam", 26, "@"),
    "region": ("code van wijk of buurt", 26, "@"),
    "gemeente": ("naam of code", 18, "@"),
    "day": ("datum als 31-12-2018", 13, "dd-mm-yyyy"),
    "first_day": ("datum als 31-12-2018, of week als wk 3", 15, "@"),
    "last_day": ("datum als 31-12-2018, of week als wk 3", 15, "@"),
    "period": ("jaar (2018) of maanden (2018-01/2018-06)", 18, "@"),
    "flag": ("ja, nee of onbekend", 12, "@"),
    "count": ("heel getal vanaf 0", 13, "#,##0"),
    "guarded": ("heel getal, of <5 als het te klein is om te delen", 13, "@"),
    "number": ("getal, met een komma", 13, "General"),
    "euro": ("bedrag in euro", 14, "#,##0.00"),
}  # fmt: skip


@dataclass(frozen=True)
class Content:
    """
    What a workbook shows.

    Parameters
    ----------
    form, title, intro, send_to : str
    above : dict
        Label to value, in the cells above the table.
    table : Table
    columns : list of Column
        The contract's columns, as this form offers them.
    places : list of str
        Wijken and buurten to choose from; empty when not known.
    printed : list of dict
        Rows that are already there, by column name; empty for a blank form.
    """

    form: str
    title: str
    intro: str
    above: dict[str, Any]
    table: Table
    columns: list[Column]
    send_to: str
    places: list[str] = field(default_factory=list)
    printed: list[dict[str, str]] = field(default_factory=list)

    @property
    def header_row(self) -> int:
        """Row of the headers, from 0: below title, labels and one line of help."""
        return len(self.above) + 2

    @property
    def n_rows(self) -> int:
        """Rows to fill in."""
        return len(self.printed) or INPUT_ROWS


def write_workbook(path: Path, content: Content) -> None:
    """Write a form; the same content gives the same bytes."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"in_memory": True})
    book.set_properties({"title": content.title, "subject": content.form, "created": MADE})
    book.set_calc_mode("auto")
    looks = _formats(book)
    sheets = {name: book.add_worksheet(name) for name in (FILL, HELP, LISTS)}
    ranges = _write_lists(sheets[LISTS], content, looks)
    _write_fill(sheets[FILL], content, looks, ranges)
    _write_help(sheets[HELP], content, looks)
    for sheet in sheets.values():
        _set_page(sheet, content)
    sheets[FILL].repeat_rows(content.header_row)
    sheets[FILL].fit_to_pages(1 + (len(content.columns) > WIDE), 0)
    sheets[FILL].activate()
    book.close()


def _formats(book: Any) -> dict[str, Any]:
    """Return the looks of cells, by name; input cells by their number format."""
    line = {"border": 1, "border_color": "#B8C0CC", "valign": "top"}
    looks = {
        "title": {"bold": True, "font_size": 14},
        "label": {"bold": True},
        "value": {"align": "left"},
        "open": {**line, "locked": False, "align": "left"},
        "hint": {"italic": True, "font_color": "#444444"},
        "header": {**line, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A5F",
                   "text_wrap": True},
        "cell": {**line, "text_wrap": True},
        "printed": {**line, "text_wrap": True, "bg_color": "#F1F3F6"},
    }  # fmt: skip
    inputs = {
        shape: {**line, "locked": False, "num_format": shape, "text_wrap": shape == "@"}
        for _, _, shape in KINDS.values()
    }
    return {name: book.add_format(look) for name, look in (looks | inputs).items()}


def _write_fill(
    sheet: Any, content: Content, looks: dict[str, Any], ranges: dict[str, str]
) -> None:
    sheet.write(0, 0, content.title, looks["title"])
    for row, (label, value) in enumerate(content.above.items(), start=1):
        sheet.write(row, 0, label, looks["label"])
        sheet.write(row, 1, value, looks["open" if label == "Jaar" else "value"])
    top = content.header_row
    hint = f"Vul in vanaf rij {top + 2}. Kolommen met * zijn verplicht. Uitleg: blad {HELP}."
    sheet.write(top - 1, 0, hint, looks["hint"])
    last = top + content.n_rows
    for place, column in enumerate(content.columns):
        words, width, shape = KINDS[column.kind]
        sheet.set_column(place, place, _width(column, width))
        sheet.write(top, place, _header(column), looks["header"])
        for row in range(top + 1, last + 1):
            sheet.write_blank(row, place, None, looks[shape])
        rule = _rule(column, ranges, cell=_cell(top + 1, place))
        sheet.data_validation(top + 1, place, last, place, rule | _messages(column, words))
    _write_printed(sheet, content, looks)
    sheet.ignore_errors(
        {"number_stored_as_text": f"A{top + 2}:{_cell(last, len(content.columns))}"}
    )
    sheet.freeze_panes(top + 1, 1)
    allowed = ("format_columns", "format_rows", "sort", "autofilter")
    sheet.protect("", dict.fromkeys(allowed, True))


def _write_printed(sheet: Any, content: Content, looks: dict[str, Any]) -> None:
    names = [column.name for column in content.columns]
    for row, given in enumerate(content.printed, start=content.header_row + 1):
        for name, text in given.items():
            sheet.write_string(row, names.index(name), text, looks["printed"])
        sheet.set_row(row, 45)


def _header(column: Column) -> str:
    return f"{column.header} *" if column.required else column.header


def _width(column: Column, usual: int) -> int:
    longest = max((len(text) for text in column.shown.values()), default=0)
    return max(usual, min(longest + 3, 44))


def _cell(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column))


def _rule(column: Column, ranges: dict[str, str], *, cell: str) -> dict[str, Any]:
    """Return what a cell accepts, in the words of a spreadsheet."""
    if column.name in ranges:
        return {"validate": "list", "source": ranges[column.name]}
    if column.kind == "flag":
        return {"validate": "list", "source": list(FLAG)}
    if column.kind == "day":
        span = {"minimum": date(1990, 1, 1), "maximum": date(2099, 12, 31)}
        return {"validate": "date", "criteria": "between", **span}
    if column.kind == "guarded":
        test = f'=OR(LEFT({cell},1)="<",ISNUMBER(VALUE({cell})))'
        return {"validate": "custom", "value": test}
    if column.kind in ("count", "number", "euro"):
        low = -1e12 if column.minimum is None else column.minimum
        high = 1e12 if column.maximum is None else column.maximum
        kind = "integer" if column.kind == "count" else "decimal"
        return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
    return {"validate": "any"}


def _messages(column: Column, words: str) -> dict[str, Any]:
    """Return the help beside a cell, and what is said when its content is refused."""
    must = "Verplicht. " if column.required else ""
    example = f" Voorbeeld: {column.example}." if column.example else ""
    # A place may also be a name that is in no list.
    strict = column.kind != "place"
    return {
        "input_title": column.header[:32],
        "input_message": f"{must}{_sentence(column.meaning)} Vul in: {words}.{example}"[:255],
        "error_title": "Dit kan niet worden gelezen" if strict else "Niet in de lijst",
        "error_message": f"{column.header[:60]}: vul in {words}.",
        "error_type": "stop" if strict else "warning",
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _write_lists(sheet: Any, content: Content, looks: dict[str, Any]) -> dict[str, str]:
    """Write the choices of each column, and return where they stand."""
    from wib_lib.tables.measures import GROUPS, MEASURES

    sheet.write(0, 0, "Keuzelijsten bij dit formulier", looks["title"])
    ranges, at = {}, 0
    for column in content.columns:
        chosen: Sequence[str] = list(column.shown.values())
        if column.kind in ("region", "place"):
            chosen = content.places
        if not chosen:
            continue
        if column.choices is MEASURES:
            groups = [name for name, codes in GROUPS.items() for _ in codes]
            _write_list(sheet, at, f"Groep bij '{column.header}'", groups, looks)
            at += 1
        _write_list(sheet, at, f"Keuzes bij '{column.header}'", chosen, looks)
        first, last = _absolute(2, at), _absolute(len(chosen) + 1, at)
        ranges[column.name] = f"={LISTS}!{first}:{last}"
        at += 1
    sheet.freeze_panes(2, 0)
    sheet.protect("", {"format_columns": True})
    return ranges


def _write_list(
    sheet: Any, at: int, title: str, words: Sequence[str], looks: dict[str, Any]
) -> None:
    sheet.set_column(at, at, min(max(map(len, [title, *words])) + 2, 48))
    sheet.write(1, at, title, looks["header"])
    for row, word in enumerate(words, start=2):
        sheet.write_string(row, at, word, looks["cell"])


def _absolute(row: int, column: int) -> str:
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def _write_help(sheet: Any, content: Content, looks: dict[str, Any]) -> None:
    lines = {
        "Waarvoor": content.intro,
        "Wie vult in": content.table.owner,
        "Inleveren bij": content.send_to,
        "Privacy": f"{PRIVACY} Klasse van dit formulier: {content.table.privacy}.",
    }
    sheet.write(0, 0, f"Toelichting: {content.title}", looks["title"])
    for row, (label, text) in enumerate(lines.items(), start=1):
        sheet.write(row, 0, label, looks["label"])
        sheet.merge_range(row, 1, row, 5, text, looks["cell"])
        sheet.set_row(row, 15 * (1 + len(text) // 110))
    titles = ("Kolom", "Betekenis", "Invullen als", "Verplicht", "Keuzes", "Voorbeeld")
    top = len(lines) + 2
    for place, (title, width) in enumerate(zip(titles, (24, 40, 34, 10, 44, 28), strict=True)):
        sheet.set_column(place, place, width)
        sheet.write(top, place, title, looks["header"])
    for row, column in enumerate(content.columns, start=top + 1):
        texts = _explained(column)
        for place, text in enumerate(texts):
            sheet.write_string(row, place, text, looks["cell"])
        sheet.set_row(row, 15 * max(1 + len(text) // 38 for text in texts))
    sheet.freeze_panes(top + 1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _explained(column: Column) -> tuple[str, ...]:
    words = KINDS[column.kind][0]
    shown = list(column.shown.values())
    choices = ", ".join(shown) if len(shown) <= 12 else f"zie blad {LISTS}"
    return (
        column.header,
        _sentence(column.meaning),
        words if column.kind != "word" or shown else "tekst",
        "ja" if column.required else "nee",
        ", ".join(FLAG) if column.kind == "flag" else choices,
        column.example,
    )


def _set_page(sheet: Any, content: Content) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_header(f"&L{content.title} &R{content.above['Gebied']}")
    sheet.set_footer("&LGeen persoonsgegevens invullen&RPagina &P van &N")
