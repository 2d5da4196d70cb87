"""The words around the two weeks: claims, headings, and how each table is shown."""

from functools import partial
from typing import Any

import pandas as pd

from wib_lib import claims, history, html
from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.claims import Claim
from wib_lib.dutch import day, interval, listing, number, percent
from wib_lib.forecast import Forecast
from wib_lib.fortnight import meeting, tally
from wib_lib.fortnight.changes import LESS, MORE, SAME
from wib_lib.fortnight.counts import YEARS
from wib_lib.fragment import Fragment
from wib_lib.near_repeat import RiskWindows
from wib_lib.steering import NO_STREETS, NOT_FOR_READERS, Steering

FOR_WHOM = (
    "Sturingsinformatie is er voor het operationeel overleg, de driehoek en de werkgroep; een "
    "openbaar pakket bevat haar niet."
)
NO_LIST = (
    "In welke buurten het risico na een woninginbraak nog verhoogd is, staat alleen in een pakket "
    "voor de driehoek. Het is een samenhang in plaats en tijd en zegt niet waardoor."
)
one, two = partial(number, decimals=1), partial(number, decimals=2)
TOTALS: dict[str, Any] = {
    "caption": "Dezelfde twee weken van vijf jaren, de twee weken ervoor en nu",
    "labels": {
        "label": "Twee weken tot en met",
        "n": "Woninginbraken",
        "rate": "Per 1.000 woningen",
    },
    "formats": {"n": number, "rate": two},
    "row_header": "label",
}
BUURTEN: dict[str, Any] = {
    "caption": "Laatste twee weken en verwachting per buurt (indicatief)",
    "labels": {"naam": "Buurt", "n_now": "Laatste twee weken", "n_before": "Twee weken ervoor",
               "expected": "Verwacht, komende twee weken", "low": "van", "high": "tot en met"},
    "formats": {"n_now": number, "n_before": number, "expected": one, "low": number,
                "high": number},
    "row_header": "naam",
    "note": "Een buurt waarvan niets groot genoeg is om te tonen, staat er niet bij; een verwachting "
    "staat er alleen waar de laatste 52 weken genoeg woninginbraken hadden om haar te tonen.",
}  # fmt: skip
STREETS: dict[str, Any] = {
    "caption": "Laatste twee weken en verwachting per straat (indicatief)",
    "labels": {"straat": "Straat (pseudoniem)", "naam": "Buurt", "n_now": "Laatste twee weken",
               "n_before": "Twee weken ervoor", "expected": "Verwacht, komende twee weken",
               "low": "van", "high": "tot en met"},
    "formats": {"n_now": number, "n_before": number, "expected": two, "low": number,
                "high": number},
    "row_header": "straat",
    "note": "Ten hoogste vijftien straten. Per straat ligt het aantal bijna altijd op 0 of 1.",
}  # fmt: skip
CARD: dict[str, Any] = {
    "caption": "Algoritmekaart bij de verwachting",
    "labels": {"term": "Onderwerp", "meaning": "Toelichting"},
    "row_header": "term",
}
WAYS: dict[str, Any] = {
    "caption": "Werkwijze en moment: deze twee weken tegen dezelfde dagen van vijf jaren",
    "labels": {"kind": "Kenmerk", "category": "Categorie", "n_now": "Nu", "pct_now": "Aandeel nu",
               "mean_years": "Gemiddeld per jaar", "pct_years": "Aandeel in die jaren",
               "verdict": "Verandering"},
    "formats": {"n_now": number, "pct_now": partial(percent, decimals=0), "mean_years": one,
                "pct_years": partial(percent, decimals=0)},
    "row_header": "category",
    "note": "Kleine categorieën zijn samengevoegd; een categorie met te weinig woninginbraken "
    "krijgt geen oordeel. Twee weken tonen zelden een verandering die geen toeval kan zijn.",
}  # fmt: skip
SUSPECTS: dict[str, Any] = {
    "labels": {"kenmerk": "Kenmerk", "klasse": "Klasse", "n_now": "Laatste periode",
               "n_before": "Periode ervoor"},
    "formats": {"n_now": number, "n_before": number,
                "klasse": lambda words: words.replace("nederland", "Nederland")},
    "row_header": "klasse",
    "source": "verdachten",
    "note": "Zoals de politie ze telde. Over twee weken zijn er geen aantallen verdachten.",
}  # fmt: skip
RISK: dict[str, Any] = {
    "caption": "Buurten waar na een recente woninginbraak het risico nog verhoogd is (indicatief)",
    "labels": {"naam": "Buurt", "n_burglaries": "Recente woninginbraken", "near": "Afstand",
               "until": "Loopt tot en met"},
    "formats": {"n_burglaries": number, "until": lambda moment: day(moment.date())},
    "row_header": "naam",
}  # fmt: skip
AGENDA: dict[str, Any] = {
    "caption": "Agenda operationeel overleg",
    "labels": {"number": "Nr", "item": "Onderwerp", "content": "Inhoud"},
    "row_header": "item",
    "source": ("woninginbraken", "acties"),
}
REGISTER: dict[str, Any] = {
    "caption": "Stand van de afgesproken acties, per partij",
    "labels": {"partij": "Partij", "te laat": "Te laat", "loopt": "Loopt",
               "nog te beginnen": "Nog te beginnen", "niet ingevuld": "Niet ingevuld",
               "uitgevoerd": "Uitgevoerd"},
    "row_header": "partij",
    "source": "acties",
}  # fmt: skip
INTRODUCTIONS = {
    "1 Ontwikkeling van het aantal": "De verwachting is indicatief: zij verdeelt aandacht over "
    "buurten en zegt niets over een woning of een persoon.",
    "2 Werkwijze": "Twee weken bevatten weinig woninginbraken. Daarom staat er alleen een "
    "verandering waar die groter is dan toeval, over alle kenmerken samen.",
    "3 Daderprofiel": "Alleen aantallen die de politie heeft geteld en geleverd, in klassen die "
    "groot genoeg zijn.",
    "4 Tijd en plaats": "Een verschoven zwaartepunt of een volgende woninginbraak in de buurt is een "
    "samenhang; waardoor, zegt het niet.",
    "Agenda": "Ingevuld waar de gegevens dat toelaten; de rest is aan het overleg.",
}


def head(found: Steering | Missing) -> dict[str, str]:
    """Say below the title what this is and which days it is about."""
    about = "" if isinstance(found, Missing) else found.days.label
    return {"subtitle": "Elke twee weken, voor het operationeel overleg", "about": about}


def section(found: Steering | Missing, title: str) -> Fragment:
    """Open a part, unless these readers get none of it."""
    if found == NOT_FOR_READERS:
        return html.join()
    return html.section(title, html.paragraph(INTRODUCTIONS[title]))


def answer(found: Steering | Missing) -> list[Claim]:
    """State what the meeting must know first; the same sentences open its agenda."""
    if found == NOT_FOR_READERS:
        return [Claim("twee_weken", FOR_WHOM)]
    if isinstance(found, Missing):
        return [Claim("twee_weken", f"Sturingsinformatie is niet te geven: {found.reason}.")]
    return [counted(found), expected(found.expected), attention(found)]


def counted(found: Steering) -> Claim:
    """State the count of the last two weeks beside those before and those of earlier years."""
    now, before = found.n(), found.n(1)
    years = found.totals["n"].iloc[:-2].tolist()
    known = [float(n) for n in years if is_known(n)]
    against = f"de twee weken ervoor {number(before)}"
    if len(known) == len(years):
        against += f", dezelfde dagen van vijf jaren gemiddeld {one(sum(known) / len(known))}"
    return Claim(
        "twee_weken",
        f"Van {found.days.label} zijn {number(now)} woninginbraken geregistreerd (pogingen "
        f"inbegrepen); {against}.",
        float(now) if is_known(now) else None,
        unit="woninginbraken",
    )


def expected(found: Forecast | Missing) -> Claim:
    """State the expected count, with its interval."""
    if isinstance(found, Missing):
        return Claim("verwacht", f"Een verwachting is niet te geven: {found.reason}.")
    return Claim(
        "verwacht",
        f"Verwacht van {day(found.first)} tot en met {day(found.last)}, indicatief: "
        f"{one(found.expected)} woninginbraken (95%-interval {interval(found.low, found.high, 0)}).",
        found.expected,
        found.low,
        found.high,
        "woninginbraken",
    )


def tested(found: Steering | Missing) -> list[Claim]:
    """State what is given and why; nothing without an expectation. The card has the numbers."""
    if isinstance(found, Missing) or isinstance(found.expected, Missing):
        return []
    test = found.expected.test
    sentence = (
        f"Getoond is {test.shown}: in de terugtoets voorspelde het model {test.verdict} dan het "
        f"{test.mean_label}. De cijfers staan in de algoritmekaart."
    )
    return [Claim("terugtoets", sentence)]


def trend(found: Steering | Missing, *, level: float) -> Claim:
    """State the trend over the five years up to the peildatum."""
    if isinstance(found, Missing):
        return claims.trend(found, level=level, label="")
    label = history.label(found.trend_months, years=YEARS - 1)
    return claims.trend(found.trend, level=level, label=label)


def trend_caption(found: Steering | Missing) -> str:
    """Name the years of the trend, which end before the peildatum when that is within a month."""
    last = "" if isinstance(found, Missing) else f" tot en met {day(found.trend_months.last)}"
    return f"Trend over vijf jaar{last}, gecorrigeerd voor het seizoen"


def attention(found: Steering) -> Claim:
    """State what is different: the way of burglary, and where the risk is raised."""
    return Claim("aandacht", f"{_changed(found.ways)} {_risk(found)}")


def _changed(ways: pd.DataFrame | Missing) -> str:
    if isinstance(ways, Missing):
        return f"Of de werkwijze veranderde, is niet te zeggen: {ways.reason}."
    rows = ways[ways["verdict"].isin([MORE, LESS])]
    said = [f"{r.category} {r.verdict}" for r in rows.itertuples(index=False)]
    if said:
        return f"In deze twee weken anders dan in eerdere jaren: {listing(said)}."
    if not ways["verdict"].eq(SAME).any():
        return "Of de werkwijze veranderde, is niet te zeggen: te weinig woninginbraken."
    return "In de werkwijze en het moment van deze twee weken is geen verandering aan te tonen."


def _risk(found: Steering) -> str:
    if isinstance(found.risk, Missing):
        return f"Of het risico ergens verhoogd is, is {found.risk.reason}."
    if found.risk.bands.empty:
        return "Na een woninginbraak is in de buurt geen verhoogd risico aan te tonen."
    n: Value = found.n_risk
    shown = f"niet getoond (kleiner dan {n.minimum})" if isinstance(n, Suppressed) else number(n)
    return f"Buurten waar na een recente woninginbraak het risico nog verhoogd is: {shown}."


def shift(found: Steering | Missing) -> list[Claim]:
    """State whether the mean place moved further than chance makes it."""
    if isinstance(found, Missing):
        return []
    moved = found.shift
    if isinstance(moved, Missing):
        why = f"Of het zwaartepunt verschoof, is niet te zeggen: {moved.reason}."
        return [Claim("zwaartepunt", why)]
    verdict = "meer dan" if moved.is_more_than_chance else "niet meer dan"
    hundred = round(moved.distance, -2)
    sentence = (
        f"Het zwaartepunt ligt ongeveer {number(hundred)} meter van dat van de twee weken ervoor; "
        f"dat is {verdict} bij toeval."
    )
    return [Claim("zwaartepunt", sentence, hundred, unit="meter")]


def part(found: Steering | Missing, name: str) -> Any:
    """Return one of the results, or why there are none."""
    return found if isinstance(found, Missing) else getattr(found, name)


def risk(found: Steering | Missing) -> pd.DataFrame | Missing:
    """Return the buurten in a raised-risk window; missing where these readers see no places."""
    windows = part(found, "risk")
    if isinstance(windows, Missing):
        return windows
    if windows.table.empty:
        return NOT_FOR_READERS
    table: pd.DataFrame = windows.table
    return table


def buurten(found: Steering | Missing) -> pd.DataFrame | Missing:
    """Return the buurten of which these readers may see a count or an expectation."""
    table = part(found, "buurten")
    if isinstance(table, Missing):
        return table
    keys = zip(table["n_now"], table["n_before"], table["expected"], strict=True)
    shown: pd.DataFrame = table[[any(map(is_known, values)) for values in keys]]
    return shown if len(shown) else NOT_FOR_READERS


def streets(found: Steering | Missing) -> pd.DataFrame | Missing:
    """Return the streets; nothing is said of them to who may not see places."""
    table = part(found, "streets")
    if table == NO_STREETS if isinstance(table, Missing) else table.empty:
        return NOT_FOR_READERS
    shown: pd.DataFrame | Missing = table
    return shown


def suspects_caption(found: Steering | Missing) -> str:
    """Name the periods of the counts of suspects."""
    table = part(found, "suspects")
    if isinstance(table, Missing):
        return "Aantallen verdachten"
    before = table.attrs["before"]
    return f"Verdachten in {table.attrs['now']}" + (f" en in {before}" if before else "")


def agenda(found: Steering | Missing) -> pd.DataFrame | Missing:
    """Fill in the agenda of the meeting."""
    if isinstance(found, Missing):
        return found
    points = [claim.sentence for claim in answer(found)]
    return meeting(found.register, found.days, points=points)


def parties(found: Steering | Missing) -> pd.DataFrame | Missing:
    """Count the agreed actions by party and state."""
    register = part(found, "register")
    return register if isinstance(register, Missing) else tally(register, "partij")


def notes(found: Steering | Missing) -> Fragment:
    """Say what is too small to show, and what a raised risk means."""
    if isinstance(found, Missing):
        return html.join()
    said = []
    if isinstance(found.buurten, pd.DataFrame) and not any(map(is_known, found.buurten["n_now"])):
        said.append("Per buurt zijn de aantallen van twee weken te klein om deze lezers te tonen.")
    if isinstance(found.risk, RiskWindows):
        has_list = found.risk.bands.empty or len(found.risk.table) > 0
        said.append(found.risk.caption if has_list else NO_LIST)
    return html.join(*map(html.note, said))
