"""Contracts of counts that their owner makes: suspects, clearance, receiving, advice and the like
(DS-02, DS-13, DS-14, DS-19 to DS-22, DS-25). Never rows of persons, only numbers of them.
"""

from wib_lib.tables import fields as f
from wib_lib.tables.contract import Column, Table

# What suspects may be counted by; nationality is left out unless purpose and decision are recorded.
KENMERKEN = {
    "woonplaats": ("woonplaats",),
    "leeftijdsgroep": ("leeftijdsgroep", "leeftijd"),
    "geslacht": ("geslacht",),
    "soort_delict": ("soort delict", "delict"),
    "motief": ("motief",),
    "groep": ("groep of solist", "groep", "groep of solo"),
    "afstandsklasse": ("afstand tot woonplek", "afstandsklasse", "afstand"),
    "mo_verhoor": ("werkwijze uit verhoren", "mo_verhoor", "mo verhoor"),
    "pleeglocatie": ("pleeglocatie (wijk)", "pleeglocatie"),
    "hanggroep": ("hanggroep of verzamelplaats", "hanggroep"),
}

VERDACHTEN = Table(
    "verdachten",
    (
        f.gemeente(),
        f.gebied(),
        f.periode(),
        Column("kenmerk", "word", "waarnaar geteld is", True, check="kenmerk_onbekend",
               label="Kenmerk", choices=KENMERKEN, example="leeftijdsgroep"),
        Column("klasse", "word", "klasse van het kenmerk", True, check="klasse_ontbreekt",
               label="Klasse", example="18 tot 25 jaar"),
        f.guarded("n_personen", "verschillende verdachten", "Personen",
                  aliases=("aantal personen", "verdachten", "aantal verdachten"), required=True),
        f.guarded("n_registraties", "registraties met een verdachte", "Registraties",
                  aliases=("aantal registraties",)),
    ),
    key=("gemeente_code", "gebied", "periode", "kenmerk", "klasse"),
    owner="Politie",
    privacy="V2",
)  # fmt: skip

PGA = Table(
    "pga",
    (
        f.gemeente(),
        f.periode(),
        Column("aanpak_loopt", "flag", "persoonsgerichte aanpak loopt", label="Aanpak loopt",
               example="ja"),
        f.guarded("n_topx", "personen in de Top X", "Top X", aliases=("aantal top x", "top 10")),
        f.guarded("n_isd", "opgelegde ISD-maatregelen", "ISD-maatregelen", aliases=("isd",)),
        f.guarded("n_vip", "personen in VIP", "VIP", aliases=("very irritating police",)),
        f.guarded("n_aangemeld", "bij het veiligheidshuis aangemelde personen", "Aangemeld",
                  aliases=("aangemeld bij veiligheidshuis",)),
        Column("profiel", "word", "profiel waarnaar geteld is", label="Profiel", example="", choices={
            "gelegenheidsdader": ("gelegenheidsdader",), "professioneel": ("professioneel",),
            "lokale veelpleger": ("lokale veelpleger", "veelpleger"), "onbekend": ("onbekend",)}),
        Column("antecedenten", "word", "soort delicten in de antecedenten waarnaar geteld is",
               label="Antecedenten", choices={
                   "vermogen": ("vermogen",), "geweld": ("geweld",), "drugs": ("drugs",),
                   "overig": ("overig",), "onbekend": ("onbekend",)}),
        f.guarded("n_personen", "personen met dit profiel of deze antecedenten", "Personen",
                  aliases=("aantal personen",)),
    ),
    key=("gemeente_code", "periode", "profiel", "antecedenten"),
    owner="Veiligheidshuis",
    privacy="V2",
)  # fmt: skip

OPHELDERING = Table(
    "opheldering",
    (
        f.gemeente(),
        f.gebied(),
        f.periode(),
        Column("poging", "flag", "pogingen (ja) of voltooide inbraken (nee); leeg is samen",
               label="Pogingen", aliases=("poging_jn", "poging"), example="nee"),
        f.number_of("n", "woninginbraken", "Inbraken", aliases=("aantal", "aantal inbraken"),
                    required=True, example="120"),
        f.number_of("n_opgehelderd", "opgehelderde woninginbraken", "Opgehelderd",
                    aliases=("aantal opgehelderd",), at_most="n", example="14"),
        f.peildatum("peildatum_opheldering"),
    ),
    key=("gemeente_code", "gebied", "periode", "poging", "peildatum_opheldering"),
    owner="Politie",
)  # fmt: skip

HELING = Table(
    "heling",
    (
        f.gemeente(),
        f.periode(),
        f.number_of("n_opkopers", "opkopers in de gemeente", "Opkopers", example="30"),
        f.number_of("n_aangesloten", "opkopers aangesloten op het DOR", "Aangesloten op DOR",
                    aliases=("aangesloten", "dor-aansluitingen"), at_most="n_opkopers", example="22"),
        f.number_of("n_controles", "fysieke controles", "Controles", example="25"),
        f.number_of("n_hits", "hits in het DOR", "Hits"),
        f.number_of("n_best_rapportages", "bestuurlijke rapportages", "Bestuurlijke rapportages"),
        f.guarded("n_strafzaken", "strafzaken", "Strafzaken"),
        Column("apv", "flag", "helingartikelen in de APV", label="APV-helingartikelen",
               aliases=("apv_jn",), example="ja"),
        f.remark(),
    ),
    key=("gemeente_code", "periode"),
    owner="Gemeente",
)  # fmt: skip

PREVENTIEADVIES = Table(
    "preventieadvies",
    (
        f.gemeente(),
        f.gebied(),
        f.periode(),
        f.number_of("n_adviezen", "gegeven preventieadviezen", "Adviezen", required=True,
                    aliases=("aantal adviezen", "preventieadviezen"), example="85"),
        f.number_of("n_certificaten", "certificaten na advies", "Certificaten", at_most="n_adviezen"),
        f.number_of("n_businzet", "dagen inzet van de preventiebus", "Dagen preventiebus",
                    aliases=("businzet", "preventiebus"), example="4"),
        f.number_of("n_enquetes", "ingevulde enquêteformulieren", "Enquêtes", example="40"),
        Column("pct_tevreden", "number", "tevreden ontvangers, %", minimum=0, maximum=100,
               label="Tevreden in %", example="82,5"),
        f.guarded("n_herinbraak_na_advies", "adressen met een inbraak na het advies",
                  "Herinbraak na advies"),
        Column("dagen_na_incident", "number", "dagen tussen inbraak en advies, mediaan", minimum=0,
               label="Dagen na inbraak", example="9"),
        f.remark(),
    ),
    key=("gemeente_code", "gebied", "periode"),
    owner="Gemeente",
)  # fmt: skip

PARTICIPATIE = Table(
    "participatie",
    (
        f.gemeente(),
        f.gebied(),
        f.periode(),
        f.number_of("n_avonden", "voorlichtingsavonden", "Avonden",
                    aliases=("voorlichtingsavonden", "aantal avonden"), example="3"),
        f.number_of("n_bezoekers", "bezoekers van de avonden", "Bezoekers", example="140"),
        f.number_of("n_appgroepen", "buurt- of WhatsApp-groepen", "Appgroepen",
                    aliases=("whatsapp-groepen", "aantal appgroepen"), example="25"),
        Column("burgernet_pct", "number", "inwoners die meedoen met Burgernet, %", minimum=0,
               maximum=100, label="Burgernet in %", aliases=("burgernet",), example="9,2"),
        f.remark(),
    ),
    key=("gemeente_code", "gebied", "periode"),
    owner="Gemeente",
)  # fmt: skip

BUIT = Table(
    "buit",
    (
        f.gemeente(),
        f.periode(),
        Column("categorie", "word", "soort buit of schade", True, check="categorie_onbekend",
               label="Categorie", example="sieraden", choices={name: (name,) for name in (
                   "sieraden", "geld", "elektronica", "voertuigsleutels", "overig",
                   "braakschade", "onbekend")}),
        f.guarded("n", "schadegevallen", "Gevallen", aliases=("aantal", "aantal gevallen")),
        Column("bedrag", "euro", "bedrag in euro", minimum=0, label="Bedrag", example="48.250,00"),
    ),
    key=("gemeente_code", "periode", "categorie"),
    owner="Verzekeraar",
)  # fmt: skip

PKVW_INBRAKEN = Table(
    "pkvw_inbraken",
    (
        f.gemeente(),
        f.periode(),
        Column("poging", "flag", "pogingen (ja) of voltooide inbraken (nee); leeg is samen",
               label="Pogingen", aliases=("poging_jn",), example="nee"),
        f.guarded("n", "woninginbraken in woningen met een geldig certificaat", "Inbraken",
                  aliases=("aantal", "aantal inbraken"), required=True),
    ),
    key=("gemeente_code", "periode", "poging"),
    owner="Politie",
    privacy="V2",
)  # fmt: skip

MELDINGEN = Table(
    "meldingen",
    (
        Column("melding_id", "code", "pseudoniem van de melding", True,
               check="melding_id_ontbreekt", aliases=("meldingnummer",)),
        Column("melding_dt", "day", "dag van de melding", True, check="datum_onleesbaar",
               aliases=("dt", "datum", "datum melding")),
        Column("klasse", "word", "soort melding", aliases=("soort",)),
        f.gemeente(),
        f.gebied("buurt van de melding"),
        Column("afgehandeld", "flag", "melding is afgehandeld"),
    ),
    key=("melding_id",),
    owner="Politie",
    privacy="V3",
)  # fmt: skip
