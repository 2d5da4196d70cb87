"""
The flaws themselves: how a spoilt cell of `incidenten.csv` reads.

Each function spoils one row in place. `turn` counts the rows with the same flaw, so
that its varieties take turns and none is left to chance.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wib_lib.sample import records as rec

Columns = dict[str, list[str]]

CLASS_TEXT = {
    "A20": "Gekwalificeerde diefstal in/uit woning",
    "A30": "Diefstal in/uit woning (niet gekwalificeerd)",
    "B20": "Gekwalificeerde diefstal met geweld in/uit woning",
    "B30": "Diefstal met geweld in/uit woning (niet gekwalificeerd)",
    "A10": "Gekwalificeerde diefstal uit/vanaf personenauto",
    "A11": "Gekwalificeerde diefstal uit/vanaf vaartuig",
    "A21": "Gekwalificeerde diefstal in/uit box/garage/schuur/tuinhuis",
    "A34": "Diefstal in/uit box/garage/schuur/tuinhuis (niet gekwalificeerd)",
    "B72": "Overval in woning",
    "A81": "Heling",
}
OTHER_CLASSES = ("A21", "A10", "A34", "A21", "A10", "A81", "A21", "A10", "A11", "A21", "A34", "B72")
UNREADABLE = ("31-02-2017", "onbekend", "", "00-00-0000", "29-02-2015", "13-2016")
ORIGIN = ("155000", "463000")  # RD's point of origin in Amersfoort


def spoil(columns: Columns, flaws: np.ndarray) -> None:
    """
    Apply the flaw of each row to its cells, in place.

    Parameters
    ----------
    columns : dict of lists
        The file, column by column.
    flaws : array of str
        The flaw of each row, blank for none.
    """
    for flaw, spoiler in SPOILERS.items():
        for turn, row in enumerate(np.flatnonzero(flaws == flaw).tolist()):
            spoiler(columns, row, turn)


def _spoil_id(columns: Columns, row: int, turn: int) -> None:
    columns["Registratienummer"][row] = ("", "  ")[turn % 2]


def _spoil_date(columns: Columns, row: int, turn: int) -> None:
    columns["Datum kennisname"][row] = UNREADABLE[turn % len(UNREADABLE)]


def _spoil_class(columns: Columns, row: int, turn: int) -> None:
    code = OTHER_CLASSES[turn % len(OTHER_CLASSES)]
    columns["Maatschappelijke klasse"][row] = code
    columns["Omschrijving klasse"][row] = CLASS_TEXT[code]


def _spoil_code(columns: Columns, row: int, turn: int) -> None:
    columns["Gemeentecode"][row] = ("GM9999", "")[turn % 2]
    columns["Gemeente"][row] = ("Onbekend", "")[turn % 2]


def _spoil_times(columns: Columns, row: int, turn: int) -> None:
    for one, other in (("Begindatum", "Einddatum"), ("Begintijd", "Eindtijd")):
        begin, end = columns[one][row], columns[other][row]
        columns[one][row], columns[other][row] = end, begin


def _spoil_point(columns: Columns, row: int, turn: int) -> None:
    swapped = columns["Y"][row], columns["X"][row]
    columns["X"][row], columns["Y"][row] = (("0", "0"), ORIGIN, swapped)[turn % 3]


def _odd_code(columns: Columns, row: int, turn: int) -> None:
    code = columns["Gemeentecode"][row]
    columns["Gemeentecode"][row] = (code[2:].lstrip("0"), f"{code}    ")[turn % 2]


SPOILERS: dict[str, Callable[[Columns, int, int], None]] = {
    rec.NO_ID: _spoil_id,
    rec.NO_DATE: _spoil_date,
    rec.OTHER_CLASS: _spoil_class,
    rec.NO_GEMEENTE: _spoil_code,
    rec.TIMES_TURNED: _spoil_times,
    rec.BAD_POINT: _spoil_point,
    rec.ODD_CODE: _odd_code,
}
