"""Contracts of the tables that deliveries feed, and text to types by contract."""

from wib_lib.tables.approach import ACTIES
from wib_lib.tables.cbs import (
    ARBEID,
    INWONERS,
    KERNCIJFERS,
    NABIJHEID,
    PC4,
    SES,
    UITKERINGEN,
    VEILIGHEIDSMONITOR,
)
from wib_lib.tables.contract import Column, Kind, Table, heading, require_columns
from wib_lib.tables.divisions import ADRESSEN, BASISTEAMS, OVERGANGEN
from wib_lib.tables.parsing import Notation, contract_checks, parse
from wib_lib.tables.police import AANTALLEN, CODELIJST, INCIDENTEN
from wib_lib.tables.registers import REGISTERS

__all__ = [
    "AANTALLEN",
    "ACTIES",
    "ADRESSEN",
    "ARBEID",
    "BASISTEAMS",
    "CODELIJST",
    "INCIDENTEN",
    "INWONERS",
    "KERNCIJFERS",
    "NABIJHEID",
    "OVERGANGEN",
    "PC4",
    "REGISTERS",
    "SES",
    "UITKERINGEN",
    "VEILIGHEIDSMONITOR",
    "Column",
    "Kind",
    "Notation",
    "Table",
    "contract_checks",
    "heading",
    "parse",
    "require_columns",
]
