"""Contracts of the tables that deliveries feed: columns, kinds, units and rules.

A reader turns a file into text columns with these names; `parse` gives them their types and
`contract_checks` the checks that follow from the contract. Names and meaning follow the
project's requirements register (DS-01, DS-03, DS-06, DS-16).
"""

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from wib_lib.checks import RowCheck
from wib_lib.codes import normalise, normalise_region
from wib_lib.errors import TableError

Kind = Literal[
    "text",
    "word",
    "region",
    "gemeente",
    "wijk",
    "buurt",
    "day",
    "moment",
    "flag",
    "count",
    "number",
]

TRUE_WORDS = ("j", "ja", "true", "1", "x")
FALSE_WORDS = ("n", "nee", "false", "0")


@dataclass(frozen=True)
class Column:
    """
    One column of a contract.

    `check` names what a broken required field is called in the counts; a broken optional field
    is emptied under `<name>_onleesbaar`.
    """

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    check: str = ""


@dataclass(frozen=True)
class Table:
    """A contract: the columns of a table and the columns that identify a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        """Names of the columns that a delivery must have."""
        return [column.name for column in self.columns if column.required]


INCIDENTEN = Table(
    "incidenten",
    (
        Column("incident_id", "text", "pseudoniem van de registratie", True,
               check="incident_id_ontbreekt"),
        Column("kennisname_dt", "day", "dag waarop de politie kennis nam", True,
               check="kennisname_onleesbaar"),
        Column("gemeente_code", "gemeente", "gemeente van het feit", True,
               check="gemeente_onbekend"),
        Column("mk_code", "text", "maatschappelijke klasse"),
        Column("poging_jn", "flag", "poging (ja) of voltooid (nee)"),
        Column("aangifte_jn", "flag", "aangifte gedaan"),
        Column("pleeg_van", "moment", "vroegste tijdstip van het feit"),
        Column("pleeg_tot", "moment", "laatste tijdstip van het feit"),
        Column("wijk_code", "wijk", "wijk van het feit"),
        Column("buurt_code", "buurt", "buurt van het feit"),
        Column("pc4", "text", "viercijferige postcode"),
        Column("straat_id", "text", "pseudoniem van de straat"),
        Column("adres_pseudo", "text", "pseudoniem van het adres"),
        Column("rd_x", "number", "x in meters, EPSG:28992"),
        Column("rd_y", "number", "y in meters, EPSG:28992"),
        Column("geocode_kwaliteit", "word", "nauwkeurigheid van de plaats"),
        Column("woningtype", "word", "type woning"),
        Column("corporatie_jn", "flag", "woning van een corporatie"),
        Column("mo_binnenkomst", "word", "braak, insluiping, babbeltruc of onbekend"),
        Column("mo_toegang", "word", "waar men binnenkwam"),
        Column("mo_methode", "word", "hoe men binnenkwam"),
        Column("mo_werktuig", "word", "gebruikt werktuig"),
        Column("buit_categorie", "word", "soort buit"),
        Column("heterdaad_jn", "flag", "op heterdaad"),
        Column("opgehelderd_jn", "flag", "minstens een verdachte bekend"),
        Column("opgehelderd_dt", "day", "dag van opheldering"),
        Column("n_verdachten", "count", "aantal verdachten", minimum=0),
    ),
    key=("incident_id",),
)  # fmt: skip

AANTALLEN = Table(
    "aantallen",
    (
        Column("region_code", "region", "NL00 of gemeentecode", True, check="regio_onbekend"),
        Column("start", "day", "eerste dag van de periode", True, check="periode_onleesbaar"),
        Column("end", "day", "dag na de periode", True, check="periode_onleesbaar"),
        Column("n_burglaries", "count", "geregistreerde misdrijven 1.1.1", True, minimum=0,
               check="aantal_onleesbaar"),
        Column("is_provisional", "flag", "voorlopig cijfer"),
    ),
    key=("region_code", "start", "end"),
)  # fmt: skip

KERNCIJFERS = Table(
    "kerncijfers",
    (
        Column("code", "region", "NL00, GM, WK of BU", True, check="gebied_onbekend"),
        Column("n_dwellings", "count", "woningen op 1 januari", minimum=0),
        Column("n_inhabitants", "count", "inwoners", minimum=0),
        Column("n_men", "count", "mannen", minimum=0),
        Column("n_women", "count", "vrouwen", minimum=0),
        Column("n_age_0_14", "count", "inwoners tot 15 jaar", minimum=0),
        Column("n_age_15_24", "count", "inwoners van 15 tot 25 jaar", minimum=0),
        Column("n_age_25_44", "count", "inwoners van 25 tot 45 jaar", minimum=0),
        Column("n_age_45_64", "count", "inwoners van 45 tot 65 jaar", minimum=0),
        Column("n_age_65_up", "count", "inwoners van 65 jaar of ouder", minimum=0),
        Column("n_single_households", "count", "eenpersoonshuishoudens", minimum=0),
        Column("pct_owner", "number", "koopwoningen, %", minimum=0, maximum=100),
        Column("pct_rent", "number", "huurwoningen, %", minimum=0, maximum=100),
        Column("pct_social", "number", "in bezit van een corporatie, %", minimum=0, maximum=100),
    ),
    key=("code",),
)  # fmt: skip

PC4 = Table(
    "pc4",
    (
        Column("pc4", "text", "viercijferige postcode", True, check="pc4_ontbreekt"),
        Column("gemeente_code", "gemeente", "gemeente waarin het punt van de postcode ligt"),
        Column("wijk_code", "wijk", "wijk waarin het punt van de postcode ligt"),
    ),
    key=("pc4",),
)  # fmt: skip

INWONERS = Table(
    "inwoners",
    (
        Column("code", "gemeente", "gemeente", True, check="gemeente_onbekend"),
        Column("year", "number", "jaar", True, check="jaar_onleesbaar"),
        Column("n_inhabitants", "count", "gemiddeld aantal inwoners", True, minimum=0,
               check="aantal_onleesbaar"),
    ),
    key=("code", "year"),
)  # fmt: skip

ACTIES = Table(
    "acties",
    (
        Column("actie_id", "text", "kenmerk", True, check="actie_id_ontbreekt"),
        Column("gemeente_code", "gemeente", "gemeente", True, check="gemeente_onbekend"),
        Column("gebied", "text", "probleemgebied"),
        Column("probleem", "text", "probleem"),
        Column("actie", "text", "wat er gedaan wordt", True, check="actie_ontbreekt"),
        Column("doel", "text", "doel"),
        Column("typering", "word", "proactie, preventie of repressie"),
        Column("gericht_op", "word", "dader, domein of slachtoffer"),
        Column("partij", "text", "uitvoerende organisatie"),
        Column("periode_van", "day", "eerste dag"),
        Column("periode_tot", "day", "laatste dag"),
        Column("inzet", "text", "inzet"),
        Column("uitgevoerd", "flag", "uitgevoerd"),
        Column("effect_vanaf", "day", "effect verwacht vanaf"),
        Column("resultaat", "text", "resultaat"),
        Column("borging", "text", "wordt regulier werk"),
    ),
    key=("actie_id",),
)  # fmt: skip


def parse(raw: pd.DataFrame, table: Table, *, dates: str = "%d-%m-%Y") -> pd.DataFrame:
    """
    Give text columns the types of a contract; what cannot be read becomes missing.

    Parameters
    ----------
    raw : DataFrame of str
        Columns named as in the contract; others are left out, absent ones become missing.
    table : Table
    dates : str
        How days are written, as in `strptime`; moments have " %H:%M" behind it.

    Returns
    -------
    DataFrame
        All columns of the contract, in its order; index kept.
    """
    typed = pd.DataFrame(index=raw.index)
    for column in table.columns:
        text = raw[column.name] if column.name in raw else pd.Series(None, raw.index, dtype="str")
        typed[column.name] = _parse(text.str.strip(), column, dates)
    return typed


def _parse(text: pd.Series, column: Column, dates: str) -> pd.Series:
    text = text.mask(text.eq(""))
    if column.kind in ("gemeente", "wijk", "buurt"):
        return normalise(text, column.kind)
    if column.kind == "day":
        return pd.to_datetime(text, format=dates, errors="coerce")
    if column.kind == "moment":
        return pd.to_datetime(text, format=f"{dates} %H:%M", errors="coerce")
    if column.kind == "flag":
        words = text.str.lower()
        known = words.isin(TRUE_WORDS + FALSE_WORDS)
        return words.isin(TRUE_WORDS).astype("boolean").mask(~known)
    if column.kind == "region":
        return normalise_region(text)
    if column.kind == "count":
        whole = text.str.fullmatch(r"\d+|\d{1,3}(\.\d{3})+").fillna(False).astype(bool)
        plain = text.where(whole).str.replace(".", "", regex=False)
        return pd.to_numeric(plain, errors="coerce").astype("Float64")
    if column.kind == "number":
        plain = text.str.replace(",", ".", regex=False)
        values = pd.to_numeric(plain, errors="coerce")
        low = -float("inf") if column.minimum is None else column.minimum
        high = float("inf") if column.maximum is None else column.maximum
        return values.where(values.between(low, high)).astype("Float64")
    return text.str.lower() if column.kind == "word" else text


def contract_checks(raw: pd.DataFrame, table: Table) -> list[RowCheck]:
    """
    Return the checks that follow from a contract alone.

    A required field that is missing or unreadable rejects its row; an optional field that was
    filled but unreadable is emptied and counted.
    """
    checks = []
    for column in table.columns:
        if column.required:
            checks.append(_required(column))
        elif column.name in raw and column.kind not in ("text", "word"):
            checks.append(_readable(column, raw[column.name].fillna("").str.strip().ne("")))
    return checks


def _required(column: Column) -> RowCheck:
    rule = f"{column.meaning}: verplicht en leesbaar"
    return RowCheck(column.check, (column.name,), rule, lambda rows: rows[column.name].notna())


def _readable(column: Column, filled: pd.Series) -> RowCheck:
    def ok(rows: pd.DataFrame) -> pd.Series:
        return rows[column.name].notna() | ~filled.reindex(rows.index)

    rule = f"{column.meaning}: leesbaar en binnen de grenzen"
    return RowCheck(f"{column.name}_onleesbaar", (column.name,), rule, ok, empties=True)


def require_columns(frame: pd.DataFrame, columns: list[str], *, name: str) -> None:
    """
    Refuse a table that lacks columns an analysis needs.

    Raises
    ------
    TableError
        Naming the missing columns.
    """
    missing = [column for column in columns if column not in frame]
    if missing:
        raise TableError(f"{name}: column {', '.join(missing)} is missing")
