"""Tables of a pack: only the columns asked for, Dutch numbers, reasons for what is not there.

A column appears because it has a label, never because it is in the frame: a frame with an extra
column of addresses still shows none. What is missing or suppressed keeps its sign and its
reason, in the cell and below the table, so that it also survives on paper.
"""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup, escape

from wib_lib import blocks, dutch
from wib_lib.absent import UNKNOWN, Missing, Suppressed
from wib_lib.anchors import slug
from wib_lib.fragment import Fragment

FOLD_AFTER = 25
NARROW = 3  # columns that fit beside each other on a telephone
SORTED_FROM = 4  # rows; a shorter table is read as it stands

Formats = Mapping[str, Callable[[Any], str | Fragment]]


def table(
    frame: pd.DataFrame,
    *,
    caption: str,
    labels: Mapping[str, str] | None = None,
    formats: Formats | None = None,
    source: str = "",
    note: str = "",
    row_header: str | None = None,
    name: str = "",
    anchor: str = "",
) -> Fragment:
    """
    Show a frame as a table.

    Parameters
    ----------
    frame : DataFrame
        One row per line of the table; cells may be `Missing` or `Suppressed`.
    caption : str
        What the table shows, where and when.
    labels : mapping, optional
        Column to heading: these columns, in this order. Default all columns, by their own name.
    formats : mapping, optional
        Column to a function of one known cell. A `Fragment` or `Markup` (`verdict`, `spark`)
        stays HTML, any other text is escaped.
    source, note : str
        Lines below the table.
    row_header : str, optional
        Column that names the row.
    name : str
        Short name, unique in the document: that of the sheet with the same table.
    anchor : str
        What the ids of the rows begin with, before the row header; empty for rows without id.

    Raises
    ------
    KeyError
        When a labelled or formatted column, or the row header, is not in the frame.

    Examples
    --------
    >>> frame = pd.DataFrame({"buurt": ["Kort Haarlem"], "n": [1234], "straat": ["geheim"]})
    >>> print(table(frame, caption="Tabel", labels={"buurt": "Buurt", "n": "Aantal"}).text)
    Tabel
    Buurt | Aantal
    Kort Haarlem | 1.234
    """
    labels = dict(labels or {str(name): str(name) for name in frame.columns})
    formats = dict(formats or {})
    absent_columns = [name for name in (*labels, *formats) if name not in frame.columns]
    if absent_columns:
        raise KeyError(f"frame has no column {', '.join(map(repr, absent_columns))}")
    if row_header is not None and row_header not in labels:
        raise KeyError(f"row_header {row_header!r} is not among the labelled columns")
    columns = {name: frame[name].tolist() for name in labels}
    cells = {
        name: [_cell(v, formats.get(name)) for v in column] for name, column in columns.items()
    }
    numeric = {name for name, column in columns.items() if _is_numeric(column, cells[name])}
    ids = (
        [f"{anchor}-{slug(str(key))}" for key in columns[row_header]]
        if row_header and anchor
        else []
    )
    body = _grid(cells, labels, numeric, row_header, caption, ids)
    if len(frame) > FOLD_AFTER:
        body = Markup(
            '<details class="wib-vouw"><summary>Toon de tabel ({} rijen)</summary>{}</details>'
        ).format(dutch.number(len(frame)), body)
    signs = _reasons(columns)
    below = _below(source, note, signs)
    html = Markup('<figure class="wib-tabel"{}><figcaption>{}</figcaption>{}{}</figure>').format(
        Markup(' data-naam="{}"').format(name) if name else "", caption, body, below
    )
    rows = zip(*(_plain_column(columns[key], cells[key]) for key in labels), strict=True)
    header = list(labels).index(row_header) if row_header is not None else None
    block = blocks.Table(
        caption, tuple(labels.values()), tuple(rows), source, note, signs, header, name
    )
    return Fragment(str(html), _text(caption, labels, cells), (block,))


def _plain_column(values: list[Any], cells: list[Markup]) -> list[blocks.Cell]:
    """Return a column as data: what is written, the value itself, why it is not there."""
    return [_plain(value, cell) for value, cell in zip(values, cells, strict=True)]


def _plain(value: Any, cell: Markup) -> blocks.Cell:
    written = cell.striptags()
    if _is_nothing(value):
        value = Missing(UNKNOWN)
    if isinstance(value, Missing | Suppressed):
        return blocks.Cell(written, None, reason(value))
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, date):
        return blocks.Cell(written, value.isoformat())
    return blocks.Cell(written, value if isinstance(value, bool | int | float) else written)


def _cell(value: Any, form: Callable[[Any], str | Fragment] | None) -> Markup:
    """Write one cell; what is not there bypasses the column's own format."""
    if isinstance(value, Missing | Suppressed):
        return Markup('<span class="wib-weg" title="{}">{}</span>').format(
            reason(value), dutch.number(value)
        )
    if _is_nothing(value):
        return _cell(Missing(UNKNOWN), None)
    if form is not None:
        return escape(form(value))
    return escape(value if hasattr(value, "__html__") else shown(value))


def reason(value: Missing | Suppressed) -> str:
    """
    Say in Dutch why a figure is not there.

    Examples
    --------
    >>> reason(Missing("niet geleverd")), reason(Suppressed(5))
    ('niet geleverd', 'onderdrukt: te klein aantal (grens 5)')
    """
    if isinstance(value, Missing):
        return value.reason
    return f"onderdrukt: te klein aantal (grens {value.minimum})"


def _is_nothing(value: Any) -> bool:
    return value is None or bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)


def shown(value: Any) -> str:
    """
    Write a known value by its kind.

    Examples
    --------
    >>> shown(1234), shown(2.25), shown(True), shown(date(2018, 1, 1)), shown("Gouda")
    ('1.234', '2,3', 'ja', '1 januari 2018', 'Gouda')
    """
    if isinstance(value, bool | np.bool_):
        return "ja" if value else "nee"
    if _is_number(value):
        return dutch.number(value, 0 if isinstance(value, int | np.integer) else 1)
    return dutch.day(value) if isinstance(value, date) else str(value)


def _is_numeric(column: list[Any], cells: list[Markup]) -> bool:
    """Tell whether a column lines up right: numbers not written as HTML, and signs for absence."""
    known = [
        (value, cell)
        for value, cell in zip(column, cells, strict=True)
        if not isinstance(value, Missing | Suppressed) and not _is_nothing(value)
    ]
    return bool(column) and all(_is_number(value) and "<" not in cell for value, cell in known)


def _grid(
    cells: Mapping[str, list[Markup]],
    labels: Mapping[str, str],
    numeric: set[str],
    row_header: str | None,
    caption: str,
    ids: list[str],
) -> Markup:
    """Lay out header and rows, in a container that scrolls by itself on a narrow screen."""

    def kind(name: str) -> Markup:
        return Markup(' class="getal"') if name in numeric else Markup("")

    head = Markup("").join(
        Markup('<th scope="col"{}>{}</th>').format(kind(name), label)
        for name, label in labels.items()
    )
    header_cell = Markup('<th scope="row"{}>{}</th>')
    data_cell = Markup("<td{}>{}</td>")
    n_rows = max(map(len, cells.values()), default=0)
    rows = Markup("\n").join(
        Markup("<tr{}>{}</tr>").format(
            Markup(' id="{}"').format(row_id) if row_id else "",
            Markup("").join(
                (header_cell if name == row_header else data_cell).format(kind(name), cell)
                for name, cell in zip(cells, row, strict=True)
            ),
        )
        for row, row_id in zip_longest(zip(*cells.values(), strict=True), ids)
    )
    return Markup(
        '<div class="wib-rol" role="region" tabindex="0" aria-label="{0}">'
        '<table{3} aria-label="{0}"><thead><tr>{1}</tr></thead><tbody>{2}</tbody></table></div>'
    ).format(caption, head, rows, _traits(len(labels), n_rows))


def _traits(n_columns: int, n_rows: int) -> Markup:
    """Say that a table fits a narrow screen, and that it is long enough to sort."""
    narrow = ' class="smal"' if n_columns <= NARROW else ""
    return Markup(narrow + (" data-sorteer" if n_rows >= SORTED_FROM else ""))


def _reasons(columns: Mapping[str, list[Any]]) -> str:
    """Explain the signs that occur, once each, in the order of the table."""
    found: dict[str, list[str]] = {"x": [], ".": []}
    for row in zip(*columns.values(), strict=True):
        for value in row:
            absent = Missing(UNKNOWN) if _is_nothing(value) else value
            if isinstance(absent, Missing | Suppressed):
                reasons = found[dutch.number(absent)]
                if reason(absent) not in reasons:
                    reasons.append(reason(absent))
    return "; ".join(f"{sign} = {', of '.join(why)}" for sign, why in found.items() if why)


def _below(source: str, note: str, reasons: str) -> Markup:
    lines = [note, reasons, f"Bron: {source}" if source else ""]
    return Markup("").join(
        Markup('<p class="wib-onder">{}</p>').format(line) for line in lines if line
    )


def _text(caption: str, labels: Mapping[str, str], cells: Mapping[str, list[Markup]]) -> str:
    rows = [
        " | ".join(cell.striptags() for cell in row) for row in zip(*cells.values(), strict=True)
    ]
    return "\n".join([caption, " | ".join(labels.values()), *rows])
