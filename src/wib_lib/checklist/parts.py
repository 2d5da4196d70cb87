"""The 24 indicators of the checklist informatie-analyse in their 49 parts.

Text after the checklist of Slim Samen Toezien (AEF, bijlage 2); the owner is who can deliver
the part first, which is not always who the checklist names (dwellings come from Statistics
Netherlands, not from the police).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """
    One part of the checklist.

    Parameters
    ----------
    number : str
        As printed, with the letter of the part.
    text, perspective, owner : str
        What it is, from which perspective, and who can deliver it. Dutch.
    table : str
        Table of the delivery that it needs; empty when nothing can be delivered for it.
    columns : tuple of str
        Columns of that table that must be filled.
    alternatives : tuple of (str, tuple of str)
        Tables that serve as well, with the columns that must be filled; first choice first.
    opt_in : bool
        Ethnicity and nationality: left out unless purpose, necessity and decision are recorded.
    """

    number: str
    text: str
    perspective: str
    owner: str
    table: str
    columns: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, tuple[str, ...]], ...] = ()
    opt_in: bool = False


PARTS = (
    Part("1A", "Aangiften woninginbraken: aantal per jaar", "Algemeen", "Politie", "incidenten", ("kennisname_dt",), alternatives=(("aantallen", ()),)),
    Part("1B", "Aangiften woninginbraken: tijdstippen", "Algemeen", "Politie", "incidenten", ("pleeg_van", "pleeg_tot")),
    Part("2A", "Pogingen woninginbraak: aantal per jaar", "Algemeen", "Politie", "incidenten", ("poging_jn",)),
    Part("2B", "Pogingen woninginbraak: tijdstippen", "Algemeen", "Politie", "incidenten", ("poging_jn", "pleeg_van", "pleeg_tot")),
    Part("3", "Totaal aan woningen", "Algemeen", "CBS", "kerncijfers", ("n_dwellings",)),
    Part("4", "Woningen met PKVW-certificaat", "Domein", "Gemeente", "pkvw", ("n_geldig",)),
    Part("5A", "Huurwoningen: aantal en typen", "Domein", "CBS", "kerncijfers", ("pct_rent",)),
    Part("5B", "Koopwoningen: aantal en typen", "Domein", "CBS", "kerncijfers", ("pct_owner",)),
    Part("6", "Woningen per woningcorporatie", "Domein", "Woningcorporaties", "corporaties", ("n_woningen",)),
    Part("7A", "Bushaltes: aantal", "Domein", "CBS", "haltes", ("halte_id",)),
    Part("7B", "Nabijheid van snelweg of ring", "Domein", "CBS", "nabijheid", ("km_oprit",), alternatives=(("kerncijfers", ("km_oprit",)),)),
    Part("7C", "Winkelcentra: aantal", "Domein", "Gemeente", "winkelcentra", ("naam",)),
    Part("7D", "Nabijheid van winkelcentra en andere voorzieningen", "Domein", "CBS", "nabijheid", ("km_winkels",), alternatives=(("kerncijfers", ("km_winkels",)),)),
    Part("8A", "Hanggroepen: aantal", "Domein", "Politie", "groepen", ("n_groepen",)),
    Part("8B", "Hangplaatsen: aantal", "Domein", "Politie", "groepen", ("n_plekken",)),
    Part("9A", "Inwoners naar leeftijd", "Domein", "CBS", "kerncijfers", ("n_age_0_14", "n_age_65_up"), alternatives=(("kerncijfers", ("pct_age_0_14", "pct_age_65_up")),)),
    Part("9B", "Inwoners naar geslacht", "Domein", "CBS", "kerncijfers", ("n_men", "n_women")),
    Part("10A", "Sociaaleconomische status: verdeling van de score", "Domein", "CBS", "ses", ("score",)),
    Part("10B", "Inwoners met betaald werk", "Domein", "CBS", "arbeid", ("pct_werkzaam",), alternatives=(("kerncijfers", ("pct_werkzaam",)),)),
    Part("10C", "Alleenstaanden: aantal", "Domein", "CBS", "kerncijfers", ("n_single_households",), alternatives=(("kerncijfers", ("pct_single_households",)),)),
    Part("10D", "Uitkeringsontvangers: aantal", "Domein", "CBS", "uitkeringen", ("n_bijstand",), alternatives=(("kerncijfers", ("n_bijstand",)),)),
    Part("11A", "Inwoners naar etniciteit", "Domein", "CBS", "", (), opt_in=True),
    Part("11B", "Inwoners met een niet-westerse achtergrond", "Domein", "CBS", "", (), opt_in=True),
    Part("12", "Burgerschapsstijlen: aantal per stijl", "Domein", "Gemeente", "burgerschapsstijlen", ("pct",)),
    Part("13A", "Direct en indirect slachtofferschap", "Slachtoffer", "CBS", "veiligheidsmonitor", ("pct",)),
    Part("14A", "Herhaald slachtofferschap: aantal", "Slachtoffer", "Politie", "incidenten", ("adres_pseudo",)),
    Part("15A", "Woninginbraken per type woning", "Dader: modus operandi", "Politie", "incidenten", ("woningtype",)),
    Part("15B", "Woninginbraken in woningen met PKVW-certificaat", "Dader: modus operandi", "Politie", "pkvw_inbraken", ("n",)),
    Part("16", "Kwetsbaarheden: top tien", "Dader: modus operandi", "Politie", "incidenten", ("mo_toegang", "mo_methode")),
    Part("17A", "Insluiping en braak: aantal", "Dader: modus operandi", "Politie", "incidenten", ("mo_binnenkomst",)),
    Part("17B", "Insluiping en braak: aantal per maand", "Dader: modus operandi", "Politie", "incidenten", ("mo_binnenkomst",)),
    Part("18", "Woninginbraken per vol uur", "Dader: modus operandi", "Politie", "incidenten", ("pleeg_van", "pleeg_tot")),
    Part("19", "Afstand van aanhouding tot woonplek verdachte", "Dader: modus operandi", "Politie", "verdachten", ("afstandsklasse",)),
    Part("20A", "Slotentrekken en ramen forceren, uit verhoren", "Dader: modus operandi", "Politie", "verdachten", ("mo_verhoor",)),
    Part("20B", "Gebruik van hulpmiddelen rond het huis, uit verhoren", "Dader: modus operandi", "Politie", "verdachten", ("mo_verhoor",)),
    Part("21A", "Verdachten naar woonplaats", "Dader: profiel", "Politie", "verdachten", ("woonplaats",)),
    Part("21B", "Verdachten naar leeftijdsgroep", "Dader: profiel", "Politie", "verdachten", ("leeftijdsgroep",)),
    Part("21C", "Verdachten naar nationaliteit", "Dader: profiel", "Politie", "", (), opt_in=True),
    Part("21D", "Verdachten naar geslacht", "Dader: profiel", "Politie", "verdachten", ("geslacht",)),
    Part("22A", "Verdachten naar soort delict", "Dader: profiel", "Politie", "verdachten", ("soort_delict",)),
    Part("22B", "Verdachten naar motief", "Dader: profiel", "Politie", "verdachten", ("motief",)),
    Part("22C", "Groep of solist", "Dader: profiel", "Politie", "verdachten", ("groep",)),
    Part("22D", "Type buit", "Dader: profiel", "Politie", "incidenten", ("buit_categorie",)),
    Part("23A", "Bekend bij veiligheidshuis of top X", "Dader: profiel", "Veiligheidshuis", "pga", ("n_topx",)),
    Part("23B", "Verdachten per profiel", "Dader: profiel", "Politie", "pga", ("profiel",)),
    Part("23C", "Soort delicten in de antecedenten", "Dader: profiel", "Politie", "pga", ("antecedenten",)),
    Part("24A", "Verdachten woonachtig binnen 1, 5 en 10 km", "Dader: profiel", "Politie", "verdachten", ("afstandsklasse",)),
    Part("24B", "Meest voorkomende pleeglocaties van lokale verdachten", "Dader: profiel", "Politie", "verdachten", ("pleeglocatie",)),
    Part("24C", "Verdachten uit hanggroep of verzamelplaats", "Dader: profiel", "Politie", "verdachten", ("hanggroep",)),
)  # fmt: skip
