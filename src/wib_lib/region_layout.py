"""How the tables of the region's packs are laid out: caption, columns, formats and fixed notes.

Each is passed on as it is: `run.table(frame, name, **region_layout.COUNTS)`.
"""

from typing import Any

from wib_lib import html
from wib_lib.dutch import number, percent

SIGNED = {"pct": lambda value: percent(value, sign=True)}
COUNTS: dict[str, Any] = {
    "caption": "Aantal woninginbraken (pogingen inbegrepen)",
    "labels": {
        "name": "Gebied",
        "n": "Aantal",
        "n_before": "Jaar eerder",
        "pct": "Verandering",
        "mean": "Gemiddelde van de jaren ervoor",
        "part": "Deel van het totaal",
    },
    "formats": SIGNED | {"mean": lambda value: number(value, 1), "part": percent},
    "row_header": "name",
}
KINDS: dict[str, Any] = {
    "caption": "Pogingen en opheldering",
    "labels": {
        "name": "Gebied",
        "n_attempts": "Pogingen",
        "attempts_before": "Jaar eerder",
        "pct_attempts": "Aandeel pogingen",
        "n_cleared": "Opgehelderd",
        "cleared_before": "Jaar eerder, even lange naloop",
        "pct_cleared": "Opheldering",
    },
    "formats": {"pct_attempts": percent, "pct_cleared": percent},
    "row_header": "name",
    "note": "Aandeel pogingen: van de feiten waarvan bekend is of het een poging was.",
}
RATES: dict[str, Any] = {
    "caption": "Per 1.000 woningen, met het gezamenlijke doel: onder het landelijke cijfer",
    "labels": {
        "name": "Gebied",
        "dwellings": "Woningen",
        "rate": "Per 1.000 woningen",
        "interval": "Interval",
        "distance": "Verschil met het land",
        "under": "Onder het land",
        "rank": "Rang, laagste eerst",
    },
    "formats": {
        "rate": lambda value: number(value, 1),
        "distance": lambda value: number(value, 1, sign=True),
    },
    "row_header": "name",
}
GOALS: dict[str, Any] = {
    "caption": "Doel en realisatie per gebied",
    "labels": {
        "area": "Gebied",
        "goal": "Doel",
        "target": "Doelwaarde",
        "realised": "Gerealiseerd",
        "verdict": "Oordeel",
    },
    "formats": {"verdict": html.verdict},
    "row_header": "area",
}
SUMS: dict[str, Any] = {
    "caption": "Doelen voor het aantal woninginbraken, opgeteld",
    "labels": {"area": "Gebied", "target": "Doelwaarde", "realised": "Gerealiseerd"},
    "formats": {"target": lambda value: number(value, 1)},
    "row_header": "area",
}
CHECKS: dict[str, Any] = {
    "caption": "Sommen en percentages nagerekend",
    "labels": {
        "what": "Wat",
        "parts": "Uit de gebieden",
        "whole": "In het totaal",
        "outcome": "Uitkomst",
    },
    "formats": dict.fromkeys(("parts", "whole"), lambda value: number(value, 2)),
    "row_header": "what",
}
EFFECTS: dict[str, Any] = {
    "caption": "De verandering ten opzichte van gemeenten die niet meedoen",
    "labels": {
        "name": "Gebied",
        "ratio": "Verhouding",
        "interval": "Interval",
        "p": "p",
        "q": "q, voor alle toetsen samen",
        "found": "Uitkomst",
    },
    "formats": dict.fromkeys(("ratio",), lambda value: number(value, 2))
    | dict.fromkeys(("p", "q"), lambda value: "< 0,001" if value < 0.0005 else number(value, 3)),
    "row_header": "name",
    "note": "Onder 1 is gunstiger. De p toetst een gebied op zichzelf, zoals in zijn eigen pakket; de "
    "q rekent mee dat er veel gebieden getoetst zijn, en beslist hier. Een gebied kan dus in zijn "
    "eigen pakket gunstiger zijn en hier niet aantoonbaar. Het gaat om samenhang, niet om oorzaak.",
}
SELECTION: dict[str, Any] = {
    "caption": "De selectie nagerekend: lag het gebied toen boven het regionale gemiddelde?",
    "labels": {
        "name": "Gebied",
        "rate": "Per 1.000 woningen",
        "unit": "Politie-eenheid",
        "above": "Erboven",
    },
    "formats": dict.fromkeys(("rate", "unit"), lambda value: number(value, 2)),
    "row_header": "name",
    "note": "Het tweede deel van het criterium, geen duurzame afname, is nergens omschreven en "
    "daarom niet na te rekenen; te vragen aan: RSIV.",
}
LACKING: dict[str, Any] = {
    "caption": "Onderdelen van de checklist die ontbreken",
    "labels": {
        "number": "Nr",
        "text": "Onderdeel",
        "owner": "Te vragen aan",
        "where": "Ontbreekt bij",
    },
    "row_header": "number",
}
COSTS: dict[str, Any] = {
    "caption": "Kosten per gebied, in euro",
    "labels": {
        "area": "Gebied",
        "budget": "Begroot",
        "spent": "Besteed",
        "extra": "Waarvan extra",
        "n_posts": "Posten",
        "n_open": "Posten zonder bedrag",
    },
    "formats": dict.fromkeys(("budget", "spent", "extra"), number),
    "source": "kosten",
    "row_header": "area",
    "note": "Alleen ingevulde bedragen tellen mee; een post zonder bedrag is geen nul. "
    "Wat niet geleverd is, is te vragen aan de projectleider van de gemeente.",
}
MEETINGS: dict[str, Any] = {
    "caption": "Overleggen, en of communicatie daar besproken is",
    "labels": {
        "area": "Gebied",
        "n_planned": "Gepland",
        "n_held": "Gehouden",
        "n_talked": "Met communicatie",
    },
    "source": "overleg",
    "row_header": "area",
    "note": "Wat niet geleverd is, is te vragen aan de projectleider van de gemeente.",
}
STORIES: dict[str, Any] = {
    "labels": {"area": "Gebied", "topic": "Onderwerp", "text": "Tekst", "role": "Namens"},
    "source": "duiding",
    "row_header": "area",
}
SHORT: dict[str, Any] = {
    "caption": "De gebieden in één tabel",
    "labels": {
        "name": "Gebied",
        "n": "Aantal",
        "pct": "Verandering",
        "rate": "Per 1.000 woningen",
        "joint": "Doel: onder het land",
        "own": "Eigen doelen",
        "found": "Vergeleken met elders",
    },
    "formats": SIGNED | {"rate": lambda value: number(value, 1)},
    "row_header": "name",
}
