"""The algorithm card: what a reader must know before an expectation is used.

Text for a pack, as a table of terms and meanings. Purpose, data, method, limits and oversight
are those of docs/methods/forecast.md; the results of the back-test are those of the run.
"""

import math

import pandas as pd

from wib_lib.absent import Missing
from wib_lib.dutch import day, number, percent
from wib_lib.forecast.backtest import LABELS, MEAN, MODEL, Backtest
from wib_lib.forecast.outlook import Forecast

ABOUT = {
    "Naam": "Verwacht aantal woninginbraken per buurt en straat; indicatief",
    "Doel": "Het operationeel overleg helpen toezicht en preventie over buurten te verdelen. Mensen "
    "beslissen; de verwachting is één van de gegevens die zij daarbij hebben",
    "Niet bedoeld voor": "Beslissingen over personen of adressen, controle of staandehouding, en "
    "het meten van het effect van maatregelen",
    "Gegevens": "Dag en buurt of straat van geregistreerde woninginbraken (1.1.1, pogingen "
    "inbegrepen) en het aantal woningen",
    "Geen gegevens over": "Personen, verdachten, slachtoffers, nationaliteit of herkomst, inkomen "
    "of andere kenmerken van bewoners",
    "Methode": "Het model: niveau (recente weken wegen het meest) × seizoen × aandeel van de buurt per woning, "
    "naar het gemiddelde van het gebied getrokken waar de aantallen klein zijn. Het interval komt "
    "uit een negatief-binomiale verdeling, zo breed als de eigen eerdere fouten",
}
LIMITS = {
    "Beperkingen": "Alleen wat de politie weet en zoals zij het registreert: waar minder aangifte "
    "wordt gedaan, is de verwachting te laag. Extra toezicht en meer aangiften werken in latere "
    "verwachtingen door. Per straat ligt het aantal bijna altijd op 0 of 1. Een samenhang, geen "
    "oorzaak",
    "Toezicht": "De projectleider en de analist bespreken elke twee weken verwachting en uitkomst; "
    "bij elke levering wordt de terugtoets opnieuw gedaan. Is het model niet aantoonbaar beter dan "
    "het gemiddelde, dan wordt het gemiddelde getoond",
    "Register": "Op te nemen in het algoritmeregister door de organisatie die de verwachting "
    "gebruikt",
}


def algorithm_card(found: Forecast | Missing) -> pd.DataFrame:
    """
    Describe the expectation for who has to decide with it.

    Parameters
    ----------
    found : Forecast or Missing

    Returns
    -------
    DataFrame
        `term` and `meaning`, Dutch, in order of reading.

    Examples
    --------
    >>> card = algorithm_card(Missing("incidenten zijn niet geleverd"))
    >>> card["term"].tolist()[:3], card["meaning"][6]
    (['Naam', 'Doel', 'Niet bedoeld voor'], 'Geen verwachting: incidenten zijn niet geleverd')
    """
    rows = ABOUT | _tested(found) | LIMITS
    return pd.DataFrame(list(rows.items()), columns=["term", "meaning"])


def _tested(found: Forecast | Missing) -> dict[str, str]:
    if isinstance(found, Missing):
        return {"Terugtoets": f"Geen verwachting: {found.reason}"}
    test = found.test
    shown = f"Getoond: {test.shown}. {ABOUT['Methode']}"
    return {
        "Methode": shown,
        "Gaat over": f"{day(found.first)} tot en met {day(found.last)}",
        "Terugtoets": f"Elke periode is voorspeld met wat toen bekend was. {test.reason}",
        "Aanwijzen van plekken": _pointed(test),
        "Betrouwbaarheid": _covered(test),
    }


def _pointed(test: Backtest) -> str:
    if not math.isfinite(test.score(MODEL, "share_n")):
        return "Niet te zeggen: in de terugtoets viel er geen woninginbraak in een bekende plek"
    places = "buurten" if test.share_of == "woningen" else "plekken"
    shares = "; ".join(
        f"{LABELS[test.per_year][name]} {percent(100 * test.score(name, 'share_n'), 0)} van de "
        f"woninginbraken, op {percent(100 * test.score(name, 'share_size'), 0)} van de "
        f"{test.share_of} (PAI {number(test.score(name, 'pai'), 1)})"
        for name in (MODEL, MEAN)
    )
    return (
        f"In de {places} met de hoogste verwachting, hele {places} tot samen minstens "
        f"{percent(100 * test.share, 0)} van de {test.share_of}, viel gemiddeld: {shares}. PAI: het "
        "eerste deel gedeeld door het tweede, per periode gerekend en dan gemiddeld. Gelijke "
        "verwachtingen tellen tegen de methode"
    )


def _covered(test: Backtest) -> str:
    total, part = (
        percent(100 * test.score(test.best, name), 0) for name in ("total_covered", "covered")
    )
    return (
        f"Het totaal lag in {total} van de perioden binnen het "
        f"{number(100 * test.level)}%-interval, een afzonderlijk gebied in {part}"
    )
