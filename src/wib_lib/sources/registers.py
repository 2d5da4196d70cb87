"""Registers and forms that people keep by hand: one reader for all of them.

Columns are found by name, label or alias, whatever their order. What stands above the table
(area, year) fills what its rows leave out. What cannot be read is emptied or rejected with its
reason, and what points at a person is taken out before anything else looks at it.
"""

import re
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd

from wib_lib.checks import RowCheck
from wib_lib.codes import normalise, normalise_names, parent
from wib_lib.delivery import Bron
from wib_lib.errors import DeliveryError
from wib_lib.periods import WEEKS
from wib_lib.screening import trace, traces
from wib_lib.sources.files import read_sheet
from wib_lib.sources.reading import (
    Context,
    Profile,
    Reading,
    check_table,
    pick,
    refuse_persons,
)
from wib_lib.sources.workbook import Sheet
from wib_lib.tables import REGISTERS, Column, Notation, Table, heading, parse

DATES = (
    "%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d-%m-%y", "%d/%m/%y", "%d.%m.%Y", "%Y/%m/%d",
)  # fmt: skip
TOTAL = r"(?i)(?:sub|eind)?-?tota(?:al|len)\b.{0,20}"
CODE = r"(?i)\b(GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})\b"
ABOVE = re.compile(r"(?i)(gebied|gemeente|jaar)\b[\s:*]*(.+)")
OPEN_KINDS = ("text", "place", "code", "word")


@dataclass(frozen=True)
class Filled:
    """What stands above the table and holds for all its rows."""

    gemeente: str | None = None
    year: int | None = None


def profiles() -> dict[str, Profile]:
    """Return the profile of every register, by name."""
    return {
        name: Profile(table.name, (table.name,), partial(read_register, table))
        for name, table in REGISTERS.items()
    }


def read_register(table: Table, bron: Bron, path: Path, context: Context) -> Reading:
    """
    Read a register or a returned form.

    Parameters
    ----------
    table : Table
    bron : Bron
        `kolommen` names the columns by hand; without it they are found.
    path : Path
    context : Context

    Raises
    ------
    DeliveryError
        One Dutch sentence when a required column is missing, two columns hold one field, or a
        column holds personal data.
    """
    headings = [name for column in table.columns for name in sorted(column.headings)]
    sheet = read_sheet(bron, path, headings)
    frame = sheet.frame
    if bron.kolommen:
        raw = pick(bron, frame, bron.kolommen, table, derived=_derived(table))
    else:
        raw = _found(bron, sheet, table)
    above = _above(sheet, bron, context)
    raw = _completed(raw, table, above, context)
    if raw.get("gemeente_code", pd.Series("")).eq("").all() and len(raw):
        raise DeliveryError(
            f"{bron.bestand}: kolom '{table['gemeente_code'].header}' is leeg of ontbreekt en het "
            "blad noemt boven de tabel geen gebied; vul de gemeente in."
        )
    notation = context.notation(bron, *DATES)
    raw, persons = _without_persons(raw, table, notation)
    typed = parse(raw, table, replace(notation, year=above.year))
    total = _totals(frame)
    scope = [total, *(check for check in persons if table.privacy != "V0")]
    checked = check_table(raw, typed, table, scope=scope, extra=_sense(table))
    return Reading(checked, notes=() if bron.kolommen else _passed_over(frame, table))


def _derived(table: Table) -> list[str]:
    return [name for name in ("gemeente_code", "periode") if name in table.names]


def _found(bron: Bron, sheet: Sheet, table: Table) -> pd.DataFrame:
    """Find the column of each field by its header."""
    frame = sheet.frame
    if not sheet.n_known:
        raise DeliveryError(
            f"{bron.bestand}: geen enkele kolomkop is bekend; verwacht onder andere "
            f"{', '.join(repr(table[name].header) for name in table.required)}."
        )
    headers = [_shown(name) for name in frame.columns]
    refuse_persons(bron, headers, table)
    places = {
        column.name: [i for i, name in enumerate(frame.columns) if heading(name) in column.headings]
        for column in table.columns
    }
    picked = {
        name: frame.iloc[:, _only(bron, frame, table[name], found)].fillna("").str.strip()
        for name, found in places.items()
        if found
    }
    missing = [n for n in table.required if n not in picked and n not in _derived(table)]
    if missing:
        column = table[missing[0]]
        raise DeliveryError(
            f"{bron.bestand}: kolom '{column.header}' (voor {column.name}) ontbreekt; aanwezig: "
            f"{', '.join(name for name in headers if name)}."
        )
    return pd.DataFrame(picked, index=frame.index, dtype="str")


def _passed_over(frame: pd.DataFrame, table: Table) -> tuple[str, ...]:
    """Name the columns that nobody asked for."""
    known = frozenset[str]().union(*(column.headings for column in table.columns))
    others = [_shown(name) for name in frame.columns if name and heading(name) not in known]
    return tuple(
        f"kolom '{name}' hoort niet bij {table.name} en is overgeslagen" for name in others
    )


def _only(bron: Bron, frame: pd.DataFrame, column: Column, found: list[int]) -> int:
    """Choose the one column of a field; an empty twin, such as of a merged header, is no rival."""
    filled = [i for i in found if frame.iloc[:, i].fillna("").str.strip().ne("").any()]
    if len(filled) > 1:
        first, second = (_shown(frame.columns[i]) for i in filled[:2])
        raise DeliveryError(
            f"{bron.bestand}: kolommen '{first}' en '{second}' zijn allebei '{column.header}'; "
            "laat er één staan."
        )
    return (filled or found)[0]


def _shown(header: str) -> str:
    """Return a header for a message, unless it is no header but somebody's data."""
    return "(afgeschermd)" if trace(header) else header


def _above(sheet: Sheet, bron: Bron, context: Context) -> Filled:
    """Read area and year from the cells above the table; `jaar` in bronnen.yaml comes first."""
    gemeente, year = None, bron.jaar
    for row in sheet.above:
        match = ABOVE.match(" ".join(dict.fromkeys(cell for cell in row if cell)))
        if match is None:
            continue
        value = match[2].strip()
        if match[1].lower() == "jaar":
            written = re.match(r"\d{4}\b", value)
            year = year or (int(written[0]) if written else None)
        else:
            gemeente = gemeente or _gemeente(value, context)
    return Filled(gemeente, year)


def _gemeente(text: str, context: Context) -> str | None:
    code = re.search(CODE, text)
    if code:
        return parent(code[1].upper(), "gemeente")
    named = normalise_names(pd.Series([text]), context.gemeenten)
    return None if named.isna()[0] else str(named[0])


def _completed(raw: pd.DataFrame, table: Table, above: Filled, context: Context) -> pd.DataFrame:
    """Fill in what a row leaves to its place, its sheet or the column before it."""
    raw = raw.copy()
    for column in table.columns:
        if column.name in raw and column.kind in ("region", "place"):
            code = raw[column.name].str.extract(CODE, expand=False).str.upper()
            raw[column.name] = code.where(code.notna(), raw[column.name])
    if "gemeente_code" in table.names:
        own = raw.get("gemeente_code", pd.Series("", raw.index, dtype="str"))
        code = own.str.extract(r"(?i)\b(GM\d{4})\b", expand=False).str.upper()
        own = code.where(code.notna(), own)
        raw["gemeente_code"] = own.mask(own.eq(""), _parent(raw, above))
    if "periode" in table.names and above.year:
        own = raw.get("periode", pd.Series("", raw.index, dtype="str"))
        raw["periode"] = own.mask(own.eq(""), str(above.year))
    for first, last in _spans(table):
        if first in raw and last in raw:
            weeks = raw[first].str.lower().map(lambda text: WEEKS.fullmatch(text) is not None)
            closed = ~raw[first].str.contains(r"verder|e\.?v\.?", regex=True)
            raw[last] = raw[last].mask(raw[last].eq("") & weeks & closed, raw[first])
    return _named_places(raw, table, context)


def _parent(raw: pd.DataFrame, above: Filled) -> pd.Series:
    """Return the gemeente of a row's place, else that of the sheet."""
    place = raw.get("gebied", pd.Series("", raw.index, dtype="str"))
    coded = [
        parent(code, "gemeente") if re.fullmatch(CODE, code) else above.gemeente or ""
        for code in place
    ]
    return pd.Series(coded, raw.index, dtype="str")


def _named_places(raw: pd.DataFrame, table: Table, context: Context) -> pd.DataFrame:
    """Turn names of wijken and buurten into codes, where the delivery has boundaries."""
    areas = context.tables.get("gebieden")
    if areas is None or "gebied" not in raw or "gemeente_code" not in raw:
        return raw
    names = areas[areas["niveau"].ne("gemeente")].assign(naam=areas["naam"].map(heading))
    single = names[~names.duplicated(["gemeente_code", "naam"], keep=False)]
    known = single.set_index(["gemeente_code", "naam"])["code"].to_dict()
    codes = normalise(raw["gemeente_code"], "gemeente")
    own = codes.where(codes.notna(), normalise_names(raw["gemeente_code"], context.gemeenten))
    pairs = zip(own, raw["gebied"].map(heading), raw["gebied"], strict=True)
    raw["gebied"] = [known.get((code, name), text) for code, name, text in pairs]
    return raw


def _spans(table: Table) -> list[tuple[str, str]]:
    """Return the pairs of columns that begin and end something."""
    return [
        (column.name, last)
        for column in table.columns
        for last in [re.sub(r"van$", "tot", column.name)]
        if last != column.name and last in table.names
    ]


def _without_persons(
    raw: pd.DataFrame, table: Table, notation: Notation
) -> tuple[pd.DataFrame, list[RowCheck]]:
    """Blank what points at a person, also in a cell that was meant for a number or a day."""
    if table.privacy == "V0":
        return raw, []
    typed = parse(raw, table, notation)
    clean, checks = raw.copy(), []
    for name in raw:
        column = table[str(name)]
        if table.privacy == "V3" and column.kind not in ("text", "place"):
            continue
        odd = traces(raw[name]).notna()
        if column.kind not in OPEN_KINDS:
            odd &= typed[column.name].isna()
        if odd.any():
            clean[name] = raw[name].mask(odd, "")
            checks.append(_impersonal(column, odd))
    return clean, checks


def _impersonal(column: Column, odd: pd.Series) -> RowCheck:
    return RowCheck(
        "persoonsgegeven_in_tekst",
        (column.name,),
        "een cel noemt geen persoon, adres, telefoonnummer of kenteken",
        lambda rows: ~odd.reindex(rows.index),
        empties=True,
        withheld=True,
    )


def _totals(frame: pd.DataFrame) -> RowCheck:
    """Reject rows that add others up: their first filled cell says so."""
    rows = frame.fillna("").to_numpy().tolist()
    firsts = (next((cell.strip() for cell in row if cell.strip()), "") for row in rows)
    total = pd.Series([bool(re.fullmatch(TOTAL, cell)) for cell in firsts], frame.index, dtype=bool)
    return RowCheck(
        "totaalrij",
        ("gemeente_code",),
        "een totaalrij telt niet mee als gegeven",
        lambda rows: ~total.reindex(rows.index),
        withheld=True,
    )


def _sense(table: Table) -> list[RowCheck]:
    """Return the checks between columns that every register shares."""
    checks = [_forward(first, last) for first, last in _spans(table)]
    if {"gebied", "gemeente_code"} <= set(table.names):
        rule = "het gebied ligt in de gemeente van de rij"
        checks.append(RowCheck("gebied_buiten_gemeente", ("gebied",), rule, _inside, empties=True))
    return checks


def _forward(first: str, last: str) -> RowCheck:
    def ok(rows: pd.DataFrame) -> pd.Series:
        return (rows[last] >= rows[first]) | rows[last].isna() | rows[first].isna()

    rule = "het begin ligt niet na het eind"
    return RowCheck(f"{first}_omgekeerd", (first, last), rule, ok, empties=True)


def _inside(rows: pd.DataFrame) -> pd.Series:
    place = rows["gebied"].astype("str")
    coded = place.str.fullmatch(CODE).fillna(False).astype(bool)
    return ~coded | place.str[2:6].eq(rows["gemeente_code"].astype("str").str[2:6])
