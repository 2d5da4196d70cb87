"""Findings about a delivery in plain Dutch: what was found, how sure, what the owner can mend.

A sentence is built from the numbers of its finding. A count below the audience's minimum, or one
that leaves so few others, is written as a small number; places are counted and never named.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from wib_lib import dutch
from wib_lib.absent import Missing, is_known
from wib_lib.claims import Claim
from wib_lib.data_quality import Finding, Quality
from wib_lib.data_quality.registration import BOTH_MIDNIGHT, WHOLE_HOUR
from wib_lib.disclosure import percentage, screened_part
from wib_lib.tables import INCIDENTEN

WEEKDAYS = "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()
PLACES = {
    "address_pile": ("Op", "adres", "adressen", ", veel meer dan herhaald slachtofferschap verklaart"),
    "street_pile": ("In", "straat", "straten", ", veel meer dan in andere straten"),
    "point_pile": ("Op", "punt", "punten", " van verschillende adressen, veel meer dan op andere punten"),
}  # fmt: skip
SURE = ((0.0001, "1 op 10.000"), (0.001, "1 op 1.000"), (0.01, "1 op 100"), (0.05, "1 op 20"))

ASKS = {
    "not_delivered": "Neem deze velden op in de volgende uitdraai, of laat weten dat ze niet bestaan.",
    "all_empty": "Vul het veld in de uitdraai; controleer of de goede kolom is gekozen.",
    "empty_months": "Lever deze maanden opnieuw, met het veld gevuld.",
    "unknown": "Laat weten of de waarde in het systeem wel bekend is, en lever die dan mee.",
    "late": "Laat weten of dit late aangiften zijn of een achterstand in de registratie.",
    "before_offence": "Controleer de datum van kennisname en de pleegtijd van deze registraties.",
    "shift": "Laat weten of toen een codelijst, formulier, selectie of werkwijze is veranderd.",
    "silent_months": "Lever deze maanden alsnog, of bevestig dat er geen incidenten waren.",
    "weekday_heap": "Laat weten of op deze dag een achterstand wordt ingevoerd.",
    "weekday_gap": "Laat weten of op deze dag niet wordt geregistreerd of geselecteerd.",
    "time_heap": "Lever een leeg veld in plaats van een ingevulde standaardtijd.",
    "first_day_heap": "Lever een leeg veld in plaats van een ingevulde standaarddatum.",
    "address_pile": "Lever een leeg adres in plaats van een standaardadres, zoals dat van een bureau.",
    "street_pile": "Controleer of hier een standaardstraat is ingevuld; lever het veld dan leeg.",
    "point_pile": "Geef deze punten niet de kwaliteit 'adres', of lever het punt van het adres zelf.",
    "imprecise": "Lever het punt van het adres, waar dat bekend is.",
    "misplaced": "Laat weten welk van beide klopt, en volgens welke buurtindeling de code is.",
}


def sentences(
    findings: Sequence[Finding], *, minimum: int, names: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """
    Write findings as (what was found, how sure, what to do); absent fields share one line.

    Parameters
    ----------
    findings : sequence of Finding
    minimum : int
        Smallest count that may be shown.
    names : mapping of str to str
        Gemeente codes to names; a code without a name is shown as it is.

    Examples
    --------
    >>> sentences([Finding("all_empty", "woningtype", 40, 40)], minimum=5, names={})[0][0]
    'Het veld woningtype (type woning) heeft een kolom, maar is bij alle 40 incidenten leeg.'
    """
    absent = [_field(item.column) for item in findings if item.kind == "not_delivered"]
    lines = []
    if absent:
        noun = "Dit veld ontbreekt" if len(absent) == 1 else f"Deze {len(absent)} velden ontbreken"
        text = f"{noun} in de levering: {dutch.listing(absent)}."
        lines.append((text, "geteld", ASKS["not_delivered"]))
    for item in findings:
        if item.kind != "not_delivered":
            lines.append((_sentence(item, minimum, names), certainty(item.p), ASKS[item.kind]))
    return lines


def certainty(p: float | None) -> str:
    """
    Say how sure a finding is.

    Examples
    --------
    >>> certainty(None), certainty(0.004)
    ('geteld', 'toeval: hoogstens 1 op 100')
    """
    if p is None:
        return "geteld"
    words = next((word for limit, word in SURE if p <= limit), "1 op 20")
    return f"toeval: hoogstens {words}"


def table(
    quality: Quality | Missing, *, minimum: int, names: Mapping[str, str]
) -> pd.DataFrame | Missing:
    """Findings as a table: `Bevinding`, `Zekerheid`, `Vraag aan de bronhouder`."""
    if isinstance(quality, Missing):
        return quality
    columns = ["Bevinding", "Zekerheid", "Vraag aan de bronhouder"]
    return pd.DataFrame(sentences(quality.findings, minimum=minimum, names=names), columns=columns)


def summary(quality: Quality | Missing, *, minimum: int, names: Mapping[str, str]) -> Claim:
    """State in one sentence how many points the owner can mend."""
    if isinstance(quality, Missing):
        return Claim(
            "kwaliteit", f"De kwaliteit van incidenten is niet te beoordelen: {quality.reason}."
        )
    n = len(sentences(quality.findings, minimum=minimum, names=names))
    shown = {0: "geen punten die", 1: "1 punt dat"}.get(n, f"{dutch.number(n)} punten die")
    return Claim(
        "kwaliteit",
        f"De toetsen vonden {shown} de bronhouder van de incidenten kan verbeteren of verklaren.",
        n,
        unit="punten",
    )


def _sentence(item: Finding, minimum: int, names: Mapping[str, str]) -> str:
    name, share = _field(item.column) if item.column else "", _of(item.n, item.n_of, minimum)
    total, when = _count(item.n_of, minimum), _when(item.first, item.last)
    place = names.get(item.gemeente_code, item.gemeente_code)
    match item.kind:
        case "all_empty":
            return f"Het veld {name} heeft een kolom, maar is bij alle {total} incidenten leeg."
        case "empty_months":
            return (
                f"Het veld {name} is in {when} bij alle {total} incidenten leeg, en in andere "
                "maanden gevuld."
            )
        case "unknown":
            return f"Het veld {name} is leeg of onbekend bij {share}."
        case "late":
            return f"De politie nam meer dan 30 dagen na het feit kennis bij {share}."
        case "before_offence":
            return f"De dag van kennisname ligt voor het eind van het feit bij {share}."
        case "shift":
            return _shift(item, name, f"{when} in {place}" if place else when, minimum)
        case "silent_months":
            expected = dutch.number(item.numbers["expected"])
            return (
                f"Van {place} is in {when} geen enkel incident geleverd; ongeveer {expected} waren "
                "te verwachten."
            )
        case "address_pile" | "street_pile" | "point_pile":
            return _pile(item, minimum)
        case "imprecise":
            return f"De plaats is niet op het adres bepaald bij {share}."
        case "misplaced":
            return (
                f"In {place} ligt het punt in een andere buurt dan de buurtcode zegt bij {share}."
            )
        case _:
            return _heap(item, name, minimum)


def _shift(item: Finding, name: str, when: str, minimum: int) -> str:
    if not item.column:
        before = _count(int(item.numbers["before"]), minimum)
        return (
            f"Het aantal incidenten verspringt vanaf {when}: {_count(item.n, minimum)} tegen "
            f"{before} in dezelfde maanden een jaar eerder. Seizoen en trend verklaren de sprong "
            "niet; het kan een echte verandering zijn."
        )
    what = "pogingen" if item.column == "poging_jn" else f"leeg of onbekend van {name}"
    before, after = (dutch.percent(100 * item.numbers[key], 0) for key in ("before", "after"))
    return f"Het aandeel {what} verspringt vanaf {when}, van {before} naar {after}."


def _pile(item: Finding, minimum: int) -> str:
    n_places = int(item.numbers["n_places"])
    where, one, many, than = PLACES[item.kind]
    places = f"één {one}" if n_places == 1 else f"{n_places} {many}"
    return f"{where} {places} staan {_count(item.n, minimum)} incidenten{than}."


def _heap(item: Finding, name: str, minimum: int) -> str:
    expected = dutch.number(item.numbers["expected"])
    waits = "geen" if expected == "0" else f"ongeveer {expected}"
    if item.kind in ("weekday_heap", "weekday_gap"):
        where = f"Het veld {name} valt op een {WEEKDAYS[int(item.what)]}"
    elif item.kind == "first_day_heap":
        where = f"Het veld {name} valt op de eerste dag van een maand"
    elif item.what == BOTH_MIDNIGHT:
        where = "Het feit begint en eindigt precies om 00:00"
    elif item.what == WHOLE_HOUR:
        where = f"Het veld {name} is een heel uur"
    else:
        where = f"Het veld {name} is precies {item.what}"
    return f"{where} bij {_count(item.n, minimum)} incidenten; te verwachten: {waits}."


def _field(column: str) -> str:
    return f"{column} ({INCIDENTEN[column].meaning})"


def _count(n: int, minimum: int) -> str:
    shown = screened_part(n, n, minimum=minimum)
    return dutch.number(shown) if is_known(shown) else f"minder dan {minimum}"


def _of(n: int, n_of: int, minimum: int) -> str:
    total = f"de {_count(n_of, minimum)} incidenten"
    if not is_known(screened_part(n, n_of, minimum=minimum)):
        few = f"minder dan {minimum}" if n < minimum else f"op minder dan {minimum} na alle"
        return f"{few} van {total}"
    pct = percentage(n, n_of)
    return f"{dutch.number(n)} van {total}" + (
        f" ({dutch.percent(pct, 0)})" if is_known(pct) else ""
    )


def _when(first: date | None, last: date | None) -> str:
    if first is None or last is None:
        return ""
    start = dutch.month(first)
    return start if first == last else f"{start} tot en met {dutch.month(last)}"
