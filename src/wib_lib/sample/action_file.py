"""
`acties.csv`: the action register of the nine areas.

Actions come from the longlist of interventions of the working group. As in real
registers some have no period, no area or no party, and not every planned action was
carried out. No persons are named.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import numpy as np

from wib_lib.sample.places import Places
from wib_lib.sample.published import AREA_CODES, COMPARISON

HEADER = (
    "actie_id", "gemeente_code", "gebied", "probleem", "actie", "doel", "typering",
    "gericht_op", "partij", "periode_van", "periode_tot", "inzet", "uitgevoerd",
    "effect_vanaf", "resultaat", "borging",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """An intervention: what it is about, at whom it is aimed and who does it."""

    problem: str
    action: str
    goal: str
    type: str
    target: str
    party: str
    effort: str
    result: str
    lasts: str


_PATHS = "inbraken via achterpaden"
_LOCKS = "woningen slecht beveiligd"
_OPEN = "insluiping bij open ramen en deuren"
_KNOWN = "bekende daders actief"
_UNSEEN = "weinig toezicht in de avond"
KINDS = (
    Kind(_LOCKS, "PKVW-adviezen aan huis", "inbraakpreventie", "preventie", "domein",
         "gemeente", "2 adviseurs, 40 uur", "adviezen uitgebracht", "jaarlijks herhalen"),
    Kind(_LOCKS, "subsidie hang- en sluitwerk", "inbraakpreventie", "preventie", "domein",
         "gemeente", "25.000 euro", "aanvragen toegekend", "regeling loopt door"),
    Kind(_LOCKS, "afspraken woningbouwcorporaties", "inbraakpreventie", "preventie", "domein",
         "corporatie", "0,2 fte", "sloten vervangen bij onderhoud", "prestatieafspraken"),
    Kind(_OPEN, "voetjesactie", "bewustwording", "preventie", "slachtoffer",
         "buurtpreventie", "12 vrijwilligers, 1 avond", "voetjes achtergelaten", ""),
    Kind(_OPEN, "Doe de poort op slot", "bewustwording", "preventie", "slachtoffer",
         "gemeente", "folders en kaarten", "folders verspreid", ""),
    Kind(_PATHS, "schouwronde met bewoners", "inbraakpreventie", "proactie", "domein",
         "gemeente", "1 avond", "knelpunten gemeld", "groenbeheer"),
    Kind(_PATHS, "verlichting achterpaden", "inbraakpreventie", "preventie", "domein",
         "corporatie", "30 armaturen", "armaturen geplaatst", "onderhoudscontract"),
    Kind(_PATHS, "zichtlijnen, groen snoeien", "inbraakpreventie", "proactie", "domein",
         "gemeente", "0,1 fte", "", "groenbeheer"),
    Kind(_UNSEEN, "extra rondes stadstoezicht", "pakkans", "proactie", "dader",
         "stadstoezicht", "2 pers. tussen 19 en 23 uur", "rondes gelopen", ""),
    Kind(_UNSEEN, "hotspotsurveillance", "pakkans", "proactie", "dader",
         "politie", "4 diensten per week", "diensten gedraaid", "basisteam"),
    Kind(_UNSEEN, "flexcamera", "pakkans", "repressie", "dader",
         "gemeente", "1 camera", "", "evaluatie na zes maanden"),
    Kind(_UNSEEN, "WhatsApp-groepen werven", "meldingsbereidheid", "preventie", "slachtoffer",
         "bewoners", "", "groepen aangesloten", "straatcontactpersonen"),
    Kind(_KNOWN, "Top X, persoonsgerichte aanpak", "minder recidive", "repressie", "dader",
         "veiligheidshuis", "0,4 fte", "", "veiligheidshuis"),
    Kind(_KNOWN, "extra bezoeken veelplegers", "minder recidive", "proactie", "dader",
         "politie", "wekelijks", "bezoeken afgelegd", ""),
    Kind(_KNOWN, "controle opkopers (DOR)", "heling tegengaan", "repressie", "dader",
         "gemeente en politie", "6 controles", "controles gehouden", "APV"),
    Kind("donkere dagen", "bewonersbijeenkomst en preventiebus", "bewustwording", "preventie",
         "slachtoffer", "politie en gemeente", "1 middag", "bezoekers geteld", ""),
)  # fmt: skip

FEWEST, MOST = 6, 10
FIRST_START, LAST_START = date(2017, 11, 1), date(2018, 9, 30)


def write_actions(path: Path, rng: np.random.Generator, places: Places) -> int:
    """
    Write the register, with a byte order mark, as a spreadsheet saves it.

    Parameters
    ----------
    path : Path
        File to write.
    rng : Generator
        The one source of chance of the sample.
    places : Places
        For the buurten and wijken in which actions take place.

    Returns
    -------
    int
        Number of rows written, without the header.
    """
    rows = [row for code in AREA_CODES if code != COMPARISON for row in _area(rng, places, code)]
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode("utf-8-sig"))
    return len(rows)


def _area(rng: np.random.Generator, places: Places, code: str) -> list[list[str]]:
    """Return the actions of one area, in the order in which they start."""
    n = int(rng.integers(FEWEST, MOST + 1))
    kinds = [KINDS[i] for i in rng.permutation(len(KINDS))[:n]]
    span = (LAST_START - FIRST_START).days
    starts = sorted(int(day) for day in rng.integers(0, span + 1, n))
    return [
        [f"{code}-{k:02d}", code, *_row(rng, places, code, kind, FIRST_START + timedelta(days))]
        for k, (kind, days) in enumerate(zip(kinds, starts, strict=True), start=1)
    ]


def _row(rng: np.random.Generator, places: Places, code: str, kind: Kind, start: date) -> list[str]:
    """Return one action from its area on; some cells stay blank, as they do."""
    end = start + timedelta(weeks=int(rng.integers(1, 27)))
    effect = start + timedelta(weeks=int(rng.integers(1, 6)))
    done = str(rng.choice(["ja", "nee", ""], p=[0.72, 0.14, 0.14]))
    blank_period, blank_party = rng.random(2) < (0.10, 0.06)
    period = ["", ""] if blank_period else [_dutch(start), _dutch(end)]
    return [
        _where(rng, places, code),
        kind.problem,
        kind.action,
        kind.goal,
        kind.type,
        kind.target,
        "" if blank_party else kind.party,
        *period,
        kind.effort,
        done,
        "" if blank_period else _dutch(effect),
        kind.result if done == "ja" else "",
        kind.lasts,
    ]


def _where(rng: np.random.Generator, places: Places, code: str) -> str:
    """Return a buurt mostly, else a wijk, the whole area or nothing."""
    row = int(rng.choice(places.rows(gemeente=code)))
    choices = [places.code[row], places.wijk[row], code, ""]
    return choices[int(rng.choice(4, p=[0.62, 0.18, 0.12, 0.08]))]


def _dutch(day: date) -> str:
    """
    Spell a date as dd-mm-yyyy.

    >>> _dutch(date(2018, 3, 5))
    '05-03-2018'
    """
    return f"{day:%d-%m-%Y}"
