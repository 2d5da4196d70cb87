"""Contracts of what there is in an area: dwellings with a certificate or of a corporation, groups
and places, hotspots, stops and shops (DS-08, DS-11, DS-12, DS-15, DS-23, DS-24).
"""

from wib_lib.tables import fields as f
from wib_lib.tables.contract import Column, Table

PKVW = Table(
    "pkvw",
    (
        f.gemeente(),
        f.gebied(required=True),
        f.number_of("n_geldig", "woningen met een geldig certificaat", "Geldige certificaten",
                    aliases=("aantal geldig", "geldig"), required=True, example="240"),
        f.number_of("n_verlopen", "woningen met een verlopen certificaat", "Verlopen certificaten",
                    aliases=("aantal verlopen", "verlopen"), example="35"),
        f.peildatum(),
    ),
    key=("gemeente_code", "gebied", "peildatum"),
    owner="Gemeente",
)  # fmt: skip

CORPORATIES = Table(
    "corporaties",
    (
        f.gemeente(),
        Column("corporatie", "text", "naam van de corporatie", True, check="corporatie_ontbreekt",
               label="Corporatie", aliases=("woningcorporatie",), example="Woonstichting Voorbeeld"),
        f.gebied(required=True),
        f.number_of("n_woningen", "woningen in bezit", "Woningen",
                    aliases=("aantal woningen", "aantal huizen"), required=True, example="310"),
        Column("woningtype", "word", "soort woning", label="Soort woning", aliases=("type",),
               choices={"eengezins": ("eengezinswoning", "eengezins"),
                        "meergezins": ("meergezinswoning", "meergezins", "flat", "appartement"),
                        "gemengd": ("gemengd",)}, example="eengezinswoning"),
        Column("renovatieplan_jaar", "number", "jaar van de geplande renovatie", minimum=1990,
               maximum=2100, label="Jaar van renovatie", aliases=("renovatieplan",), example="2019"),
        Column("pkvw_bij_renovatie", "flag", "PKVW bij renovatie", label="PKVW bij renovatie",
               example="ja"),
        f.peildatum(),
    ),
    key=("gemeente_code", "corporatie", "gebied", "woningtype"),
    owner="Woningcorporaties",
)  # fmt: skip

GROEPEN = Table(
    "groepen",
    (
        f.gemeente(),
        f.gebied(),
        Column("methode", "word", "hoe er geteld is", label="Methode", example="groepsscan", choices={
            "shortlist": ("shortlist (tot 2016)", "shortlist", "beke", "beke-scan"),
            "groepsscan": ("groepsscan",), "anders": ("anders",)}),
        f.guarded("n_groepen", "hanggroepen", "Hanggroepen", aliases=("aantal groepen", "groepen")),
        f.guarded("n_plekken", "hangplaatsen", "Hangplaatsen", aliases=("aantal plekken", "plekken")),
        f.peildatum(required=True),
    ),
    key=("gemeente_code", "gebied", "methode", "peildatum"),
    owner="Politie",
    privacy="V2",
)  # fmt: skip

HOTSPOTS = Table(
    "hotspots",
    (
        Column("hotspot_id", "code", "kenmerk van de hotspot", True, check="hotspot_id_ontbreekt",
               label="Nummer", aliases=("id", "nr"), example="H1"),
        f.gemeente(),
        f.gebied(required=True),
        Column("bron", "word", "waar de hotspot uit komt", label="Bron", example="gebiedsscan",
               choices={"gebiedsscan": ("gebiedsscan",), "hotspotmonitor": ("Hotspotmonitor",),
                        "cas": ("CAS",), "eigen": ("eigen analyse", "eigen")}),
        Column("van", "first_day", "hotspot vanaf dag of week", label="Van", aliases=("vanaf",),
               example="01-10-2017"),
        Column("tot", "last_day", "hotspot tot en met dag of week", label="Tot",
               aliases=("tot en met",), example="31-03-2018"),
        Column("probleem", "text", "korte probleemanalyse, zonder personen of adressen",
               label="Probleem", example="achterpaden slecht verlicht"),
        Column("wijkagent", "flag", "besproken met de wijkagent", label="Besproken met wijkagent",
               example="ja"),
        f.remark(),
    ),
    key=("gemeente_code", "hotspot_id", "gebied"),
    owner="Politie",
    privacy="V2",
)  # fmt: skip

HALTES = Table(
    "haltes",
    (
        Column("halte_id", "code", "kenmerk van de halte", True, check="halte_id_ontbreekt",
               aliases=("haltecode", "haltenummer")),
        f.gemeente(),
        f.gebied("buurt van de halte"),
        Column("rd_x", "number", "x in meters, EPSG:28992", minimum=0, maximum=300_000),
        Column("rd_y", "number", "y in meters, EPSG:28992", minimum=300_000, maximum=640_000),
        Column("geldig_van", "day", "eerste dag van de halte"),
        Column("geldig_tot", "day", "laatste dag van de halte"),
    ),
    key=("halte_id",),
    owner="CBS",
    privacy="V0",
)  # fmt: skip

WINKELCENTRA = Table(
    "winkelcentra",
    (
        f.gemeente(),
        Column("naam", "text", "naam van het winkelcentrum", True, check="naam_ontbreekt",
               label="Winkelcentrum", aliases=("naam winkelcentrum",), example="De Voorbeeldpassage"),
        f.gebied(),
        f.number_of("n_winkels", "winkels in het centrum", "Winkels", example="24"),
        f.peildatum(),
    ),
    key=("gemeente_code", "naam"),
    owner="Gemeente",
)  # fmt: skip

BURGERSCHAPSSTIJLEN = Table(
    "burgerschapsstijlen",
    (
        f.gemeente(),
        f.gebied(),
        Column("stijl", "word", "burgerschapsstijl (Motivaction)", True, check="stijl_onbekend",
               label="Stijl", example="pragmatici", choices={
                   "plichtsgetrouwen": ("plichtsgetrouwen",),
                   "buitenstaanders": ("buitenstaanders", "structuurzoekers"),
                   "pragmatici": ("pragmatici",),
                   "verantwoordelijken": ("verantwoordelijken",)}),
        Column("pct", "number", "aandeel van de inwoners, %", True, minimum=0, maximum=100,
               check="aantal_onleesbaar", label="Aandeel in %", aliases=("percentage", "aandeel"),
               example="31"),
        f.peildatum(),
    ),
    key=("gemeente_code", "gebied", "stijl", "peildatum"),
    owner="Gemeente",
)  # fmt: skip
