"""Contracts of area tables (DS-05): which buurt became which, and what a basisteam was when."""

from wib_lib.tables.contract import Column, Table

OVERGANGEN = Table(
    "overgangen",
    (
        Column("code_from", "buurt", "buurt in de oude indeling", True, check="buurt_onbekend"),
        Column("year_from", "number", "laatste jaar van de oude indeling", True, minimum=1990,
               maximum=2100, check="jaar_onleesbaar"),
        Column("code_to", "buurt", "buurt in de nieuwe indeling", True, check="buurt_onbekend"),
        Column("year_to", "number", "eerste jaar van de nieuwe indeling", True, minimum=1990,
               maximum=2100, check="jaar_onleesbaar"),
        Column("n_dwellings", "count", "woningen (of adressen) die overgingen", True, minimum=0,
               check="aantal_onleesbaar"),
    ),
    key=("code_from", "year_from", "code_to", "year_to"),
    owner="gemeente",
)  # fmt: skip

# Only while reading: addresses are counted per pair of buurten and never kept. The file is open.
ADRESSEN = Table(
    "adressen",
    (
        Column("pc6", "code", "zescijferige postcode", True, check="pc6_ontbreekt"),
        Column("huisnummer", "code", "huisnummer", True, check="huisnummer_ontbreekt"),
        Column("buurt_code", "buurt", "buurt van het adres", True, check="buurt_onbekend"),
    ),
    key=("pc6", "huisnummer"),
    owner="CBS",
    privacy="V0",
)

BASISTEAMS = Table(
    "basisteams",
    (
        Column("basisteam", "code", "naam van het basisteam", True, check="basisteam_ontbreekt"),
        Column("buurt_code", "buurt", "buurt van het basisteam", True, check="buurt_onbekend"),
        Column("van", "day", "eerste dag", True, check="van_onleesbaar"),
        Column("tot", "day", "dag na de laatste; leeg: nog geldig"),
    ),
    key=("basisteam", "buurt_code", "van"),
    owner="Politie",
)
