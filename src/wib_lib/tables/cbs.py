"""Contracts of open statistics and geography (DS-03, DS-06, DS-07, DS-09, DS-10)."""

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
        Column("pct_other_landlord", "number", "in bezit van een andere verhuurder, %", minimum=0,
               maximum=100),
        Column("pct_owner_unknown", "number", "eigendom onbekend, %", minimum=0, maximum=100),
        Column("pct_single_family", "number", "eengezinswoningen, %", minimum=0, maximum=100),
        Column("pct_multi_family", "number", "meergezinswoningen, %", minimum=0, maximum=100),
        Column("pct_age_0_14", "number", "inwoners tot 15 jaar, %", minimum=0, maximum=100),
        Column("pct_age_15_24", "number", "inwoners van 15 tot 25 jaar, %", minimum=0, maximum=100),
        Column("pct_age_25_44", "number", "inwoners van 25 tot 45 jaar, %", minimum=0, maximum=100),
        Column("pct_age_45_64", "number", "inwoners van 45 tot 65 jaar, %", minimum=0, maximum=100),
        Column("pct_age_65_up", "number", "inwoners van 65 jaar of ouder, %", minimum=0,
               maximum=100),
        Column("n_households", "count", "particuliere huishoudens", minimum=0),
        Column("pct_single_households", "number", "eenpersoonshuishoudens, %", minimum=0,
               maximum=100),
        Column("mean_household_size", "number", "personen per huishouden", minimum=0),
        Column("mean_value_keur", "number", "gemiddelde WOZ-waarde, 1.000 euro", minimum=0),
        Column("mean_income_keur", "number", "gemiddeld inkomen per inwoner, 1.000 euro"),
        Column("pct_werkzaam", "number", "netto-arbeidsparticipatie, %", minimum=0, maximum=100),
        Column("n_bijstand", "count", "personen met bijstand", minimum=0),
        Column("n_ao", "count", "personen met een AO-uitkering", minimum=0),
        Column("n_ww", "count", "personen met een WW-uitkering", minimum=0),
        Column("n_cars", "count", "personenauto's", minimum=0),
        Column("km_winkels", "number", "afstand tot een grote supermarkt, km", minimum=0),
        Column("km_oprit", "number", "afstand tot een oprit van een hoofdweg, km", minimum=0),
        Column("is_changed", "flag", "indeling gewijzigd sinds het jaar ervoor"),
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

YEAR = Column("year", "number", "jaar", True, minimum=1995, check="jaar_onleesbaar")

SES = Table(
    "ses",
    (
        Column("code", "region", "NL00, GM, WK of BU", True, check="gebied_onbekend"),
        YEAR,
        Column("score", "number", "SES-WOA, totaalscore"),
        Column("spreiding", "number", "spreiding van de totaalscore", minimum=0),
        Column("n_huishoudens", "count", "particuliere huishoudens", minimum=0),
    ),
    key=("code", "year"),
    owner="CBS",
    privacy="V0",
)

NABIJHEID = Table(
    "nabijheid",
    (
        Column("code", "region", "NL00, GM, WK of BU", True, check="gebied_onbekend"),
        YEAR,
        Column("km_oprit", "number", "afstand tot een oprit van een hoofdweg, km", minimum=0),
        Column("km_winkels", "number", "afstand tot een grote supermarkt, km", minimum=0),
        Column("km_warenhuis", "number", "afstand tot een warenhuis, km", minimum=0),
        Column("km_treinstation", "number", "afstand tot een treinstation, km", minimum=0),
    ),
    key=("code", "year"),
    owner="CBS",
    privacy="V0",
)

ARBEID = Table(
    "arbeid",
    (
        Column("code", "region", "NL00, GM, WK of BU", True, check="gebied_onbekend"),
        YEAR,
        Column("pct_werkzaam", "number", "netto-arbeidsparticipatie, %", minimum=0, maximum=100),
    ),
    key=("code", "year"),
    owner="CBS",
    privacy="V0",
)

UITKERINGEN = Table(
    "uitkeringen",
    (
        Column("code", "region", "NL00, GM, WK of BU", True, check="gebied_onbekend"),
        YEAR,
        Column("n_bijstand", "count", "personen met bijstand", minimum=0),
        Column("n_ao", "count", "personen met een AO-uitkering", minimum=0),
        Column("n_ww", "count", "personen met een WW-uitkering", minimum=0),
    ),
    key=("code", "year"),
    owner="CBS",
    privacy="V0",
)

VEILIGHEIDSMONITOR = Table(
    "veiligheidsmonitor",
    (
        Column("gebied", "text", "gemeente, eenheid of land", True, check="gebied_ontbreekt"),
        Column("code", "region", "code van de gemeente, waar het gebied er een is"),
        YEAR,
        Column("indicator", "text", "wat gevraagd is", True, check="indicator_ontbreekt"),
        Column("pct", "number", "aandeel, %", True, minimum=0, maximum=100,
               check="aandeel_onleesbaar"),
        Column("onder", "number", "ondergrens van het interval, %", True, minimum=0, maximum=100,
               check="interval_ontbreekt"),
        Column("boven", "number", "bovengrens van het interval, %", True, minimum=0, maximum=100,
               check="interval_ontbreekt"),
        Column("n", "count", "respondenten", minimum=0),
    ),
    key=("gebied", "year", "indicator"),
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
