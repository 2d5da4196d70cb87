"""Contracts of open statistics and geography (DS-03, DS-06)."""

from wib_lib.tables.contract import Column, Table

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
    owner="CBS",
    privacy="V0",
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
    owner="CBS",
    privacy="V0",
)  # fmt: skip

PC4 = Table(
    "pc4",
    (
        Column("pc4", "code", "viercijferige postcode", True, check="pc4_ontbreekt"),
        Column("gemeente_code", "gemeente", "gemeente waarin het punt van de postcode ligt"),
        Column("wijk_code", "wijk", "wijk waarin het punt van de postcode ligt"),
    ),
    key=("pc4",),
    owner="CBS",
    privacy="V0",
)  # fmt: skip
