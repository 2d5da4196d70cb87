"""The code list of measures: the longlist of Slim Samen Toezien (AEF, bijlage 6), in its groups.

Added are the measures that only the other plans name (preventiebus, DOR, APV, ISD and so on).
Codes never change; what a form shows may.
"""

GROUPS: dict[str, dict[str, str]] = {
    "Domein: hang- en sluitwerk": {
        "pkvw": "Politiekeurmerk Veilig Wonen (PKVW)",
        "voetjesactie": "Voetjesactie",
        "subsidie": "Subsidie gemeente",
        "kvo": "Keurmerk Veilig Ondernemen",
        "bezoek-corporaties": "Bezoek directeuren woningbouwcorporaties",
        "afspraken-corporaties": "Afspraken woningbouwcorporaties",
        "preventieadvies": "Gratis preventieadvies",
        "preventiebus": "Preventiebus",
    },
    "Domein: ruimtelijke ordening": {
        "schouwronde": "Schouwrondes",
        "zichtlijnen": "Zichtlijnen (groen snoeien)",
        "verlichting": "Verlichting",
        "achterpaden": "Straatinrichting (achterpaden afsluiten)",
    },
    "Domein: ogen en oren": {
        "buurtpreventie": "Buurtpreventie",
        "waaks": "Waaks (hondenbezitters)",
        "stadstoezicht": "Stadstoezicht of T&H",
        "politie": "Politie",
        "hotspotsurveillance": "Hotspotsurveillance",
        "cas": "CAS-inzet",
        "beveiligers": "Particuliere beveiligers",
        "cameratoezicht": "(Mobiel) cameratoezicht",
        "warmtebeeldcamera": "Warmtebeeldcamera",
        "flexcamera": "Flexcamera",
        "apv-werktuigen": "APV inbrekerswerktuigen",
    },
    "Dader": {
        "pga": "PGA veiligheidshuis",
        "kalender-veelplegers": "Kalender vastzitten en vrijkomen veelplegers",
        "bezoek-veelplegers": "Extra bezoeken (ex-)veelplegers",
        "topx": "Top X",
        "leefgebieden": "Leefgebiedenaanpak",
        "isd": "ISD-maatregel",
        "vip": "VIP (Very Irritating Police)",
        "dor-aansluiting": "DOR-aansluiting opkopers",
        "dor-controle": "DOR-controle opkopers",
    },
    "Slachtoffer: algemeen": {
        "social-media": "Social media",
        "burgernet": "Burgernet",
        "redactioneel": "Redactioneel artikel",
        "persbericht": "Persbericht",
        "week-veiligheid": "Landelijke actie: Week van de veiligheid",
        "ddo": "Landelijke actie: donkere dagen offensief (DDO)",
        "een-dag-niet": "Landelijke actie: Eén Dag Niet",
        "hic-kalender": "HIC-communicatiekalender",
        "leefstijl": "Leefstijlgericht communiceren",
    },
    "Slachtoffer: per hotspot": {
        "brief": "Brief politie en gemeente",
        "folder": "Folder, flyer of kaart: inbrekers actief",
        "preventie-team": "Informatie Inbraak Preventie Team",
        "straatcontact": "Straatcontactpersonen werven",
        "whatsapp": "WhatsApp-groep",
        "poort-op-slot": "Doe de poort op slot",
        "vakantie": "Meld uw vakantie",
        "poster": "Poster of spandoek",
        "matrixbord": "Matrixbord",
        "verkeersbord": "Verkeersbord attentie buurtpreventie",
        "visitekaartje": "Visitekaartje coördinator",
        "bijeenkomst": "Bewonersbijeenkomst",
        "vang-de-boef": "Vang de Boef-avond",
        "straatinterviews": "Straatinterviews",
        "aantal-wekelijks": "Wekelijks communiceren hoeveel woninginbraken",
        "zwakke-objecten": "Voorlichting met foto's van zwakke objecten",
    },
    "Overig": {"anders": "Anders, zie toelichting"},
}
MEASURES = {code: (shown,) for group in GROUPS.values() for code, shown in group.items()}
