"""Text to types by contract, and the checks that follow from it.

Nothing is guessed: a value that its column's kind cannot hold becomes missing, and the checks
say so per row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from wib_lib.checks import RowCheck
from wib_lib.codes import normalise, normalise_names, normalise_region
from wib_lib.periods import is_period, week_days
from wib_lib.screening import plain_name, traces
from wib_lib.tables.contract import Column, Table

TRUE_WORDS = ("j", "ja", "y", "yes", "true", "waar", "1", "x")
FALSE_WORDS = ("n", "nee", "no", "false", "onwaar", "0")
# Not known is an answer to a yes-or-no question; it reads as missing.
UNKNOWN = "onbekend"
PLACES = ("gemeente", "wijk", "buurt", "region", "place")
BELOW = r"^(?:<|minder dan|kleiner dan)\s*(\d+)$"
WHOLE = r"\d+|\d{1,3}(\.\d{3})+"
# A day that a spreadsheet lost the format of: days since 30 December 1899, 1954 to 2118 here.
SERIAL = r"[2-7]\d{4}([.,]\d+)?"
SERIAL_ORIGIN = "1899-12-30"
PSEUDONYM = r"[0-9A-Za-z_+/=-]{16,128}"  # and a digit, so that no long name is one


@dataclass(frozen=True)
class Notation:
    """
    How a file writes things.

    Parameters
    ----------
    dates : sequence of str
        Formats of days as in `strptime`, tried in turn.
    year : int, optional
        Year of week numbers that have none.
    gemeenten : mapping of str to str
        Gemeente codes by name, for files that write names.
    """

    dates: Sequence[str] = ("%d-%m-%Y",)
    year: int | None = None
    gemeenten: Mapping[str, str] = field(default_factory=dict)


def parse(raw: pd.DataFrame, table: Table, notation: Notation | None = None) -> pd.DataFrame:
    """
    Give text columns the types of a contract; what cannot be read becomes missing.

    Parameters
    ----------
    raw : DataFrame of str
        Columns named as in the contract; others are left out, absent ones become missing.
    table : Table
    notation : Notation, optional
        Default: days as 31-01-2018.

    Returns
    -------
    DataFrame
        All columns of the contract, in its order; index kept. A guarded count has a column
        `<name>_below` behind it: 5 where the owner wrote "<5".
    """
    how = notation or Notation()
    typed = pd.DataFrame(index=raw.index)
    for column in table.columns:
        given = raw.get(column.name)
        text = pd.Series(None, raw.index, dtype="str") if given is None else given.str.strip()
        text = text.mask(text.eq(""))
        typed[column.name] = _parse(text, column, how)
        if column.kind == "guarded":
            below = text.str.lower().str.extract(BELOW, expand=False)
            typed[f"{column.name}_below"] = pd.to_numeric(below).astype("Float64")
    return typed


def _parse(text: pd.Series, column: Column, how: Notation) -> pd.Series:
    if column.kind in PLACES:
        return _place(text, column.kind, how)
    if column.kind == "day":
        return _days(text, how.dates)
    if column.kind in ("first_day", "last_day"):
        days = _days(text, how.dates)
        weeks = text.where(days.isna()).dropna().map(lambda value: week_days(value, how.year))
        end = 0 if column.kind == "first_day" else 1
        found = weeks.map(lambda pair: pd.Timestamp(pair[end]) if pair else pd.NaT)
        return days.fillna(pd.to_datetime(found).reindex(text.index))
    if column.kind == "moment":
        clocks = [f"{day} {clock}" for day in how.dates for clock in ("%H:%M", "%H:%M:%S")]
        return _days(text, clocks)
    if column.kind == "flag":
        words = text.str.lower()
        known = words.isin(TRUE_WORDS + FALSE_WORDS)
        return words.isin(TRUE_WORDS).astype("boolean").mask(~known)
    if column.kind in ("count", "guarded"):
        whole = text.where(text.str.fullmatch(WHOLE).fillna(False).astype(bool))
        return _within(whole.str.replace(".", "", regex=False), column)
    if column.kind in ("number", "euro"):
        return _within(_decimal(text, thousands=column.kind == "euro"), column)
    if column.kind == "word":
        return _word(text, column)
    if column.kind == "period":
        return text.where(text.map(is_period, na_action="ignore").eq(True))
    if column.kind == "pseudonym":
        is_key = text.str.fullmatch(PSEUDONYM) & text.str.contains(r"\d")
        return text.where(is_key.fillna(False).astype(bool))
    return text


def _place(text: pd.Series, kind: str, how: Notation) -> pd.Series:
    if kind == "gemeente":
        codes = normalise(text, kind)
        return codes.where(codes.notna(), normalise_names(text, how.gemeenten))
    if kind in ("wijk", "buurt"):
        return normalise(text, kind)
    codes = normalise_region(text)
    return codes if kind == "region" else codes.where(codes.notna(), text)


def _days(text: pd.Series, formats: Sequence[str]) -> pd.Series:
    """Read days or moments in the first format that fits, or as a spreadsheet's number."""
    days = pd.to_datetime(text, format=formats[0], errors="coerce")
    for other in formats[1:]:
        left = text.where(days.isna())
        if left.isna().all():
            return days
        days = days.fillna(pd.to_datetime(left, format=other, errors="coerce"))
    serial = text.where(days.isna()).dropna()
    serial = serial[serial.str.fullmatch(SERIAL)].str.replace(",", ".", regex=False)
    if serial.empty:
        return days
    read = pd.to_datetime(pd.to_numeric(serial), unit="D", origin=SERIAL_ORIGIN).dt.round("min")
    return days.fillna(read.reindex(text.index))


def _decimal(text: pd.Series, *, thousands: bool) -> pd.Series:
    """Bring numbers to a decimal point; "1.521" is 1521 only where thousands are usual."""
    plain = text
    for mark in (" ", "\u00a0", "€", "%"):
        plain = plain.str.replace(mark, "", regex=False)
    dutch = plain.str.contains(",", regex=False).fillna(False).astype(bool)
    if thousands:
        dutch |= plain.str.fullmatch(r"-?\d{1,3}(\.\d{3})+").fillna(False).astype(bool)
    without = plain.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    return plain.mask(dutch, without)


def _within(plain: pd.Series, column: Column) -> pd.Series:
    values = pd.to_numeric(plain, errors="coerce")
    low = -float("inf") if column.minimum is None else column.minimum
    high = float("inf") if column.maximum is None else column.maximum
    return values.where(values.between(low, high)).astype("Float64")


def _word(text: pd.Series, column: Column) -> pd.Series:
    if not column.choices:
        return text.str.lower()
    codes = {_plain(code): code for code in column.choices}
    codes |= {_plain(name): code for code, names in column.choices.items() for name in names}
    known = {word: codes.get(_plain(word)) for word in text.dropna().unique()}
    return text.map(known).astype("str")


def _plain(word: str) -> str:
    """Write a word without capitals, accents and marks; a mark alone ("<=") stays."""
    return plain_name(word.lower()) or word


def contract_checks(raw: pd.DataFrame, table: Table) -> list[RowCheck]:
    """
    Return the checks that follow from a contract alone.

    A required field that is missing or unreadable rejects its row; an optional field that was
    filled but unreadable is emptied and counted; free text that points at a person is emptied,
    and its content is kept nowhere.
    """
    checks = []
    for column in table.columns:
        if column.required:
            checks.append(_required(column))
        elif column.name in raw and _can_fail(column):
            checks.append(_readable(column, _filled(raw[column.name], column)))
        if column.kind in ("text", "place") and column.name in raw and table.privacy != "V0":
            checks.append(_impersonal(column, raw[column.name]))
        if column.at_most and column.name in raw and column.at_most in raw:
            checks.append(_part_of(column, table[column.at_most]))
    return checks


def _can_fail(column: Column) -> bool:
    return column.kind not in ("text", "code", "word", "place") or bool(column.choices)


def _filled(text: pd.Series, column: Column) -> pd.Series:
    blank = ("", UNKNOWN) if column.kind == "flag" else ("",)
    return ~text.fillna("").str.strip().str.lower().isin(blank)


def _required(column: Column) -> RowCheck:
    rule = f"{column.meaning}: verplicht en leesbaar"
    return RowCheck(column.check, (column.name,), rule, lambda rows: _known(rows, column))


def _known(rows: pd.DataFrame, column: Column) -> pd.Series:
    """Tell where a column has a value; a count that its owner withheld is one."""
    known = rows[column.name].notna()
    return known | rows[f"{column.name}_below"].notna() if column.kind == "guarded" else known


def _readable(column: Column, filled: pd.Series) -> RowCheck:
    def ok(rows: pd.DataFrame) -> pd.Series:
        return _known(rows, column) | ~filled.reindex(rows.index)

    rule = f"{column.meaning}: leesbaar en binnen de grenzen"
    return RowCheck(
        f"{column.name}_onleesbaar",
        (column.name,),
        rule,
        ok,
        empties=True,
        withheld=column.kind == "pseudonym",
    )


def _impersonal(column: Column, text: pd.Series) -> RowCheck:
    clean = traces(text).isna()
    return RowCheck(
        "persoonsgegeven_in_tekst",
        (column.name,),
        "een tekst noemt geen persoon, adres, telefoonnummer of kenteken",
        lambda rows: clean.reindex(rows.index),
        empties=True,
        withheld=True,
    )


def _part_of(column: Column, whole: Column) -> RowCheck:
    def ok(rows: pd.DataFrame) -> pd.Series:
        return rows[column.name].le(rows[whole.name]).fillna(True).astype(bool)

    rule = f"{column.meaning}: niet meer dan {whole.meaning}"
    return RowCheck(f"{column.name}_te_groot", (column.name, whole.name), rule, ok, empties=True)
