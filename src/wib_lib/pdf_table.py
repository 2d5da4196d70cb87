"""How a table is set on paper: which columns line up, how wide they are, how small the type is.

A page does not scroll, so a table that is too wide wraps its longest texts, then takes smaller
type, and only then a page on its side. A short text stays on one line as long as there is room.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wib_lib.blocks import Cell, Table
from wib_lib.typeface import width

GAP = 0.85  # em: the space left and right in a cell
UPRIGHT, SIDEWAYS = 53.5, 79.5  # width of the page's text in em of its type
SIZES = (0.9, 0.8, 0.72)  # of the type of the text
SHORT, ENOUGH = 10.0, 34.0  # em: a shorter text stays on one line; a longer one wraps anyhow
LONG = 700  # a row with a text of more characters than this may break over pages
FRACTION = re.compile(r",(\d+)\D*$")


def set_table(table: Table, *, sideways: bool = True) -> dict[str, Any]:
    """
    Return a table as the templates read it.

    Parameters
    ----------
    table : Table
    sideways : bool
        Whether it may take a page on its side.

    Returns
    -------
    dict
        `size` in em of the text around it; `widths` as shares, None where every text fits on one
        line; `is_wide` when it needs a page on its side, `is_tight` when words must break. A cell
        is its text, or its text with `pad`: what must be left blank behind it so that decimals
        line up.
    """
    columns = [[row[i] for row in table.rows] for i in range(len(table.labels))]
    numeric = [bool(column) and is_numeric(column) for column in columns]
    pads = [
        _pads(column) if yes else [""] * len(column)
        for column, yes in zip(columns, numeric, strict=True)
    ]
    fit = _fit(table, columns, sideways=sideways)
    cells = [
        [_cell(cell, pad) for cell, pad in zip(column, blank, strict=True)]
        for column, blank in zip(columns, pads, strict=True)
    ]
    lines = [table.note, table.signs, f"Bron: {table.source}" if table.source else ""]
    return {
        "kind": "table",
        "caption": table.caption,
        "labels": list(table.labels),
        "rows": [list(row) for row in zip(*cells, strict=True)],
        "numeric": numeric,
        "below": [line for line in lines if line],
        "size": fit.size,
        "widths": fit.widths,
        "is_wide": fit.is_wide,
        "is_tight": fit.is_tight,
        "long": any(len(cell.shown) > LONG for row in table.rows for cell in row),
    }


def is_numeric(column: Sequence[Cell]) -> bool:
    """
    Tell whether a column lines up right: numbers, and signs for what is not there.

    Examples
    --------
    >>> is_numeric([Cell("1.234", 1234), Cell("x", None, "onderdrukt")])
    True
    >>> is_numeric([Cell("ja", True)])
    False
    """
    known = [cell.value for cell in column if cell.value is not None]
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in known)


def _cell(cell: Cell, pad: str) -> str | dict[str, Any]:
    is_strong = _is_verdict(cell)
    if not pad and not is_strong:
        return cell.shown
    return {"text": cell.shown, "pad": pad, "strong": is_strong}


def _is_verdict(cell: Cell) -> bool:
    """Tell whether a cell starts with the sign of a verdict."""
    return cell.shown[:2] in ("✓ ", "✕ ", "? ", "– ")


def _pads(column: Sequence[Cell]) -> list[str]:
    """Return what keeps the decimal commas of a column under each other."""
    fractions = [match[1] if (match := FRACTION.search(c.shown)) else "" for c in column]
    longest = max(map(len, fractions), default=0)
    return [
        "0" * (longest - len(own)) if own or not longest else "," + "0" * longest
        for own in fractions
    ]


@dataclass(frozen=True)
class _Fit:
    """The largest type in which a table fits."""

    size: float
    widths: list[float] | None
    is_wide: bool = False
    is_tight: bool = False


def _fit(table: Table, columns: Sequence[Sequence[Cell]], *, sideways: bool) -> _Fit:
    least, short, whole = zip(*map(_widths, table.labels, columns), strict=True)
    for is_wide in (False, True) if sideways else (False,):
        for size in SIZES:
            room = (SIDEWAYS if is_wide else UPRIGHT) / size
            if sum(whole) <= room:
                return _Fit(size, None, is_wide)
            for narrow in (short, least):
                if sum(narrow) <= room:
                    return _Fit(size, _shares(narrow, whole, room), is_wide)
    return _Fit(SIZES[-1], list(least), sideways, is_tight=True)


def _widths(label: str, column: Sequence[Cell]) -> tuple[float, float, float]:
    """Measure a column: by its longest word, with short texts on one line, with all on one line."""
    words = [width(word, bold=True) for word in label.split()]
    words += [width(word) for cell in column for word in cell.shown.split()]
    texts = [width(cell.shown, bold=_is_verdict(cell)) for cell in column]
    least = max(words, default=0.0)
    short = max([least, *(text for text in texts if text <= SHORT)])
    return least + GAP, short + GAP, max([short, width(label, bold=True), *texts]) + GAP


def _shares(narrow: Sequence[float], whole: Sequence[float], room: float) -> list[float]:
    """Give each column what it needs, and what is left to those with more text."""
    most = [max(need, min(full, ENOUGH)) for need, full in zip(narrow, whole, strict=True)]
    spare, wanted = room - sum(narrow), sum(most) - sum(narrow)
    if wanted <= 0:
        return list(narrow)
    return [
        round(need + spare * (full - need) / wanted, 3)
        for need, full in zip(narrow, most, strict=True)
    ]
