"""Contracts of the approach itself: what was agreed, done, spent and thought of it (DS-16 to
DS-18, DS-26, DS-27), after the framework for actions of Slim Samen Toezien (AEF, bijlage 4).
"""

from wib_lib.tables import fields as f
from wib_lib.tables.contract import Column, Table
from wib_lib.tables.measures import MEASURES

TYPERING = {
    "proactie": ("proactie", "proactief"),
    "preventie": ("preventie", "preventief"),
    "repressie": ("repressie", "repressief"),
}
GERICHT_OP = {
    "dader": ("dader", "daders"),
    "domein": ("domein", "omgeving", "situatie"),
    "slachtoffer": ("slachtoffer", "slachtoffers", "bewoners"),
}
ROL = {
    "gemeente": ("gemeente",),
    "politie": ("politie", "basisteam"),
    "om": ("OM", "openbaar ministerie"),
    "corporatie": ("woningcorporatie", "corporatie", "woningbouwcorporatie"),
    "rsiv": ("RSIV",),
    "anders": ("anders",),
}
OVERLEG = {
    "operationeel": ("operationeel overleg", "operationeel", "werkoverleg"),
    "strategisch": ("strategisch overleg", "strategisch"),
    "tactisch": ("werkgroep (tactisch)", "tactisch", "werkgroep", "tactisch overleg"),
    "driehoek": ("driehoek", "gezagsdriehoek"),
    "anders": ("anders",),
}

_TYPERING = Column("typering", "word", "proactie, preventie of repressie", label="Typering",
                   choices=TYPERING, example="preventie")  # fmt: skip
_GERICHT_OP = Column("gericht_op", "word", "dader, domein of slachtoffer", label="Gericht op",
                     aliases=("gerichtheid",), choices=GERICHT_OP, example="domein")  # fmt: skip
_UITGEVOERD = Column("uitgevoerd", "flag", "uitgevoerd: ja, nee of onbekend", label="Uitgevoerd",
                     aliases=("uitgevoerd ja/nee",), example="ja")  # fmt: skip
_PARTIJ = Column("partij", "text", "uitvoerende organisatie, geen persoon", label="Partij",
                 aliases=("organisatie", "door wie"), example="stadstoezicht")  # fmt: skip

ACTIES = Table(
    "acties",
    (
        Column("actie_id", "code", "kenmerk", True, check="actie_id_ontbreekt", label="Nummer",
               aliases=("nr", "actienummer"), example="12"),
        f.gemeente(),
        Column("gebied", "place", "probleemgebied: wijk, buurt of naam", label="Gebied",
               aliases=("gebied_id", "probleemgebied", "wijk", "buurt"), example="BU05130101"),
        Column("probleem", "text", "probleem", label="Probleem",
               example="inbraken via achterpaden"),
        Column("actie", "text", "wat er gedaan wordt", True, check="actie_ontbreekt", label="Actie",
               aliases=("actie_wat", "wat", "actie wat"), example="extra toezicht"),
        Column("doel", "text", "doel", label="Doel", example="inbraakpreventie"),
        _TYPERING,
        _GERICHT_OP,
        _PARTIJ,
        Column("periode_van", "first_day", "eerste dag, of week", label="Periode van",
               aliases=("periode", "start", "startdatum", "begin"), example="wk 3"),
        Column("periode_tot", "last_day", "laatste dag, of week", label="Periode tot",
               aliases=("periode", "periode tot en met", "einddatum", "eind"), example="wk 4"),
        Column("inzet", "text", "inzet", label="Inzet", aliases=("inzet_tekst",),
               example="extra ronde tussen 19 en 23 uur"),
        Column("inzet_fte", "number", "inzet in fte", minimum=0, label="Inzet fte",
               aliases=("fte",), example="0,5"),
        f.number_of("inzet_personen", "inzet, aantal personen", "Inzet personen"),
        Column("inzet_uren", "number", "inzet in uren", minimum=0, label="Inzet uren",
               aliases=("uren",), example="40"),
        f.remark(),
        Column("afgesproken_week", "first_day", "week waarin de actie is afgesproken",
               label="Afgesproken week", aliases=("week afgesproken",), example="wk 2"),
        Column("horizon", "word", "korte of lange termijn", label="Termijn",
               choices={"kort": ("kort", "korte termijn"), "lang": ("lang", "lange termijn")}),
        _UITGEVOERD,
        Column("uitgevoerd_van", "first_day", "eerste dag van de uitvoering, of week",
               label="Uitgevoerd van"),
        Column("uitgevoerd_tot", "last_day", "laatste dag van de uitvoering, of week",
               label="Uitgevoerd tot"),
        Column("effect_vanaf", "first_day", "effect verwacht vanaf dag of week",
               label="Verwacht effect vanaf",
               aliases=("verwacht_effect_vanaf", "verwachte effect", "verwacht effect"),
               example="wk 8 en verder"),
        Column("effect_maat", "text", "waaraan het effect te zien is", label="Maat van het effect",
               aliases=("verwacht_effect_maat",), example="aantal vervangen sloten"),
        Column("resultaat", "text", "resultaat", label="Resultaat",
               aliases=("resultaten", "resultaat_tekst"), example="20 sloten vervangen"),
        Column("resultaat_maat", "number", "resultaat als getal", minimum=0,
               label="Resultaat in getal", example="20"),
        Column("borging", "text", "wordt regulier werk", label="Borging",
               aliases=("status_borging",), example="jaarlijks herhalen"),
        Column("bron_overleg", "word", "overleg waarin de actie is afgesproken",
               label="Afgesproken in", choices=OVERLEG, example="operationeel overleg"),
        Column("invoerder_rol", "word", "rol van de invoerder, geen naam", label="Ingevuld door",
               choices=ROL, example="gemeente"),
    ),
    key=("gemeente_code", "actie_id"),
    owner="Gemeente",
)  # fmt: skip

MAATREGELEN = Table(
    "maatregelen",
    (
        Column("maatregel_id", "code", "kenmerk, uniek binnen de gemeente", True,
               check="maatregel_id_ontbreekt", label="Nummer", aliases=("nr", "id"), example="1"),
        f.gemeente(),
        Column("maatregel", "word", "maatregel uit de lijst", True, check="maatregel_onbekend",
               label="Maatregel", aliases=("interventie",), choices=MEASURES, example="Preventiebus"),
        f.gebied(),
        _TYPERING,
        _GERICHT_OP,
        _PARTIJ,
        Column("gepland_van", "first_day", "gepland vanaf dag of week", label="Gepland van",
               aliases=("gepland", "plan van"), example="01-10-2018"),
        Column("gepland_tot", "last_day", "gepland tot en met dag of week", label="Gepland tot",
               aliases=("gepland", "plan tot"), example="31-12-2018"),
        f.number_of("n_gepland", "gepland aantal", "Aantal gepland", aliases=("gepland aantal",)),
        _UITGEVOERD,
        f.number_of("n_uitgevoerd", "uitgevoerd aantal", "Aantal uitgevoerd",
                    aliases=("gerealiseerd aantal", "aantal gerealiseerd"), example="10"),
        Column("eenheid", "text", "wat er geteld is", label="Wat geteld", example="adviezen"),
        Column("borging", "word", "wordt regulier werk: ja, deels of nee", label="Borging",
               choices={"ja": ("ja", "j"), "deels": ("deels", "gedeeltelijk"), "nee": ("nee", "n")},
               example="deels"),
        Column("borging_vanaf", "day", "dag waarop het regulier werk wordt", label="Borging vanaf",
               example="01-01-2019"),
        f.remark(),
    ),
    key=("gemeente_code", "maatregel_id"),
    owner="Gemeente",
)  # fmt: skip

KOSTEN = Table(
    "kosten",
    (
        f.gemeente(),
        Column("kostenpost", "text", "waaraan het geld is besteed", True,
               check="kostenpost_ontbreekt", label="Kostenpost", aliases=("post", "omschrijving"),
               example="preventieadviezen"),
        f.periode(),
        Column("maatregel", "word", "maatregel uit de lijst", label="Maatregel", choices=MEASURES,
               example="Gratis preventieadvies"),
        Column("begroot", "euro", "begroot bedrag in euro", minimum=0, label="Begroot",
               aliases=("budget", "begroting"), example="12.500,00"),
        Column("besteed", "euro", "besteed bedrag in euro", minimum=0, label="Besteed",
               aliases=("werkelijk", "realisatie", "uitgaven"), example="11.840,50"),
        Column("dekking", "text", "waaruit het wordt betaald", label="Dekking",
               example="veiligheidsbudget"),
        Column("extra", "flag", "extra, boven de reguliere inzet", label="Extra",
               aliases=("extra_jn",), example="ja"),
        f.remark(),
    ),
    key=("gemeente_code", "periode", "kostenpost"),
    owner="Gemeente",
)  # fmt: skip

OVERLEGGEN = Table(
    "overleg",
    (
        f.gemeente(),
        Column("overleg", "word", "soort overleg", True, check="overleg_onbekend", label="Overleg",
               choices=OVERLEG, example="operationeel overleg"),
        Column("datum", "day", "dag van het overleg", True, check="datum_onleesbaar",
               label="Datum", example="14-03-2018"),
        Column("gehouden", "flag", "gehouden; nee als het alleen gepland was", label="Gehouden",
               example="ja"),
        Column("partijen", "text", "aanwezige organisaties, geen personen",
               label="Aanwezige organisaties", aliases=("aanwezig", "partijen aanwezig"),
               example="gemeente, politie, OM"),
        Column("communicatie", "flag", "communicatie is besproken", label="Communicatie besproken",
               example="ja"),
        Column("escalatie", "text", "wat naar een hoger overleg ging", label="Escalatie"),
    ),
    key=("gemeente_code", "overleg", "datum"),
    owner="Gemeente",
)  # fmt: skip

DOELEN = Table(
    "doelen",
    (
        Column("doel_id", "code", "kenmerk van het doel", True, check="doel_id_ontbreekt",
               label="Kenmerk", aliases=("id", "nummer"), example="gouda-aantal-2018"),
        f.gemeente(),
        Column("indicator", "word", "wat gemeten wordt", True, check="indicator_onbekend",
               label="Indicator", example="aantal", choices={
                   "aantal": ("aantal woninginbraken", "aantal"),
                   "pogingen": ("aantal pogingen", "pogingen"),
                   "share_pogingen": ("aandeel pogingen (%)", "aandeel pogingen", "share_pogingen"),
                   "opheldering_pct": ("opheldering (%)", "opheldering", "opheldering_pct"),
                   "per_1000_woningen": ("per 1.000 woningen", "per_1000_woningen"),
                   "maatregel": ("aantal van een maatregel", "maatregel")}),
        Column("teller", "text", "wat in de teller telt", label="Teller"),
        Column("noemer", "text", "wat in de noemer telt", label="Noemer"),
        Column("basisperiode", "period", "periode van de basiswaarde", label="Basisperiode",
               aliases=("basisjaar",), example="2016"),
        Column("basiswaarde", "number", "waarde in de basisperiode", minimum=0,
               label="Basiswaarde", example="639"),
        Column("operator", "word", "hoogstens, minder dan of minstens", True,
               check="operator_onbekend", label="Richting", example="hoogstens", choices={
                   "<=": ("hoogstens", "maximaal", "max"), "<": ("minder dan", "onder"),
                   ">=": ("minstens", "minimaal", "min"), ">": ("meer dan", "boven")}),
        Column("doelwaarde", "number", "te bereiken waarde", minimum=0, label="Doelwaarde",
               example="575"),
        Column("mutatie_pct", "number", "of: verandering ten opzichte van de basis, in %",
               minimum=-100, label="Verandering in %", aliases=("mutatie", "verandering"),
               example="-10"),
        Column("benchmark", "word", "of: landelijk of regionaal gemiddelde", label="Vergelijking",
               choices={"landelijk": ("landelijk", "land"), "regionaal": ("regionaal", "eenheid")}),
        Column("doelperiode", "period", "periode waarin het doel geldt", True,
               check="doelperiode_onleesbaar", label="Doelperiode", aliases=("doeljaar",),
               example="2018"),
        Column("tussendoelen", "text", "tussenwaarden met jaar", label="Tussendoelen",
               example="2017: 600"),
        Column("partner", "word", "wie het doel haalt", label="Partner", choices=ROL,
               example="gemeente"),
        Column("bron", "text", "stuk waarin het doel staat", label="Bron", example="plan van aanpak"),
        Column("versie", "code", "versie van het doel", label="Versie", example="1"),
        Column("vastgesteld_door", "text", "bestuur of overleg, geen persoon",
               label="Vastgesteld door", example="driehoek"),
        Column("datum", "day", "dag van vaststelling", label="Datum", example="15-12-2017"),
    ),
    key=("gemeente_code", "doel_id", "versie"),
    owner="Gemeente",
)  # fmt: skip

B3W = Table(
    "b3w",
    (
        f.gemeente(),
        Column("vraag_id", "code", "nummer van de vraag", True, check="vraag_id_ontbreekt",
               label="Nummer", aliases=("vraagnummer", "nr"), example="P1"),
        Column("respondent", "word", "wie antwoordt: gemeente of basisteam", True,
               check="respondent_onbekend", label="Respondent", aliases=("respondent_rol", "rol"),
               choices={"gemeente": ("gemeente",), "basisteam": ("basisteam", "politie")},
               example="gemeente"),
        Column("strategie", "word", "strategie waar de vraag bij hoort", label="Strategie"),
        Column("vraag", "text", "tekst van de vraag", label="Vraag"),
        Column("antwoord", "word", "antwoord uit de lijst", label="Antwoord", example="deels"),
        f.remark(),
        Column("datum", "day", "dag van invullen", label="Datum", example="14-01-2019"),
    ),
    key=("gemeente_code", "respondent", "vraag_id"),
    owner="Gemeente en basisteam",
)  # fmt: skip

DUIDING = Table(
    "duiding",
    (
        f.gemeente(),
        Column("soort", "word", "duiding, succes, knelpunt of voorstel", True,
               check="soort_onbekend", label="Soort", example="succes", choices={
                   "duiding": ("duiding", "lokale duiding"), "succes": ("succes", "successen"),
                   "knelpunt": ("knelpunt", "knelpunten"),
                   "voorstel": ("vervolgvoorstel", "voorstel")}),
        Column("onderwerp", "word", "waar het over gaat", label="Onderwerp", example="hotspots",
               choices={name: (name,) for name in (
                   "cijfers", "hotspots", "hottimes", "hottargets", "hotfacilities", "hotvictims",
                   "hotshots", "hotgroups", "maatregelen", "samenwerking", "communicatie",
                   "kosten", "borging", "anders")}),
        Column("tekst", "text", "wat er te zeggen is, zonder personen of adressen", True,
               check="tekst_ontbreekt", label="Tekst", example="minder inbraken na afsluiten van paden"),
        Column("rol", "word", "wie dit vindt: rol, geen naam", label="Namens", choices=ROL,
               example="gemeente"),
        Column("datum", "day", "dag van invullen", label="Datum", example="14-01-2019"),
    ),
    owner="Gemeente",
)  # fmt: skip
