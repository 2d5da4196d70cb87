"""Contracts of police deliveries (DS-01, DS-06)."""

from wib_lib.tables.contract import Column, Table

# Not the classes of the law: A20 is not braak, A30 is not insluiping (requirements 7.1).
WAYS_IN = {
    "braak": ("inbraak", "verbreking"),
    "insluiping": ("insluipen", "ingeslopen"),
    "babbeltruc": ("babbeltruuk",),
    "onbekend": ("onb", "niet bekend"),
}

INCIDENTEN = Table(
    "incidenten",
    (
        Column("incident_id", "code", "pseudoniem van de registratie", True,
               check="incident_id_ontbreekt"),
        Column("kennisname_dt", "day", "dag waarop de politie kennis nam", True,
               check="kennisname_onleesbaar"),
        Column("gemeente_code", "gemeente", "gemeente van het feit", True,
               check="gemeente_onbekend"),
        Column("mk_code", "code", "maatschappelijke klasse"),
        Column("poging_jn", "flag", "poging (ja) of voltooid (nee)"),
        Column("aangifte_jn", "flag", "aangifte gedaan"),
        Column("pleeg_van", "moment", "vroegste tijdstip van het feit"),
        Column("pleeg_tot", "moment", "laatste tijdstip van het feit"),
        Column("wijk_code", "wijk", "wijk van het feit"),
        Column("buurt_code", "buurt", "buurt van het feit"),
        Column("pc4", "code", "viercijferige postcode"),
        Column("straat_id", "pseudonym", "pseudoniem van de straat"),
        Column("adres_pseudo", "pseudonym", "pseudoniem van het adres"),
        Column("rd_x", "number", "x in meters, EPSG:28992"),
        Column("rd_y", "number", "y in meters, EPSG:28992"),
        Column("geocode_kwaliteit", "word", "nauwkeurigheid van de plaats"),
        Column("woningtype", "word", "type woning"),
        Column("corporatie_jn", "flag", "woning van een corporatie"),
        Column("mo_binnenkomst", "word", "braak, insluiping, babbeltruc of onbekend",
               choices=WAYS_IN),
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
    owner="Politie",
    privacy="V3",
)  # fmt: skip

AANTALLEN = Table(
    "aantallen",
    (
        Column("region_code", "region", "NL00, GM, WK of BU", True, check="regio_onbekend"),
        Column("start", "day", "eerste dag van de periode", True, check="periode_onleesbaar"),
        Column("end", "day", "dag na de periode", True, check="periode_onleesbaar"),
        Column("n_burglaries", "count", "geregistreerde misdrijven 1.1.1", True, minimum=0,
               check="aantal_onleesbaar"),
        Column("is_provisional", "flag", "voorlopig cijfer"),
        Column("n_aangiften", "count", "aangiften; meer dan een per misdrijf kan", minimum=0),
        Column("n_internetaangiften", "count", "waarvan via internet", minimum=0),
    ),
    key=("region_code", "start", "end"),
    owner="Politie",
    privacy="V0",
)  # fmt: skip

CODELIJST = Table(
    "codelijst",
    (
        Column("lijst", "code", "naam van de lijst", True, check="lijst_ontbreekt"),
        Column("key", "code", "code", True, check="code_ontbreekt"),
        Column("title", "text", "naam"),
        Column("description", "text", "omschrijving"),
        Column("status", "word", "definitief of voorlopig"),
    ),
    key=("lijst", "key"),
    owner="Politie",
    privacy="V0",
)
