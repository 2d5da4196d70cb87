"""Sentences of a pack, each with the number it states and its uncertainty.

No number is typed into prose: a sentence is built from the figure it is about, and both are
saved together, so that the text can be checked against the data and two runs can be compared.
Wording is association, never cause. A change from or to fewer than 20 burglaries gets no
percentage.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from wib_lib.absent import Missing, Suppressed, Value, is_known
from wib_lib.checklist import ABSENT
from wib_lib.concentration import top_share
from wib_lib.disclosure import percentage
from wib_lib.dutch import interval, listing, number, percent
from wib_lib.dutch import window as window_label
from wib_lib.effect import NOTHING, Effect
from wib_lib.goals import MISSED, OPEN, OTHER, REACHED, Verdict
from wib_lib.keyfigures import SMALL, KeyFigures
from wib_lib.release import Release
from wib_lib.trend import Trend

ALL_PARTS = "woninginbraken (pogingen inbegrepen)"


@dataclass(frozen=True)
class Claim:
    """A sentence, and the value and bounds it rests on (None where it states no number)."""

    key: str
    sentence: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""


def goals(verdicts: Sequence[Verdict]) -> Claim:
    """State which goals were reached."""
    judged = [verdict for verdict in verdicts if verdict.oordeel != OTHER]
    if not judged:
        reason = verdicts[0].findings[0] if verdicts else "er zijn geen doelen opgegeven"
        return Claim("doelen", f"Er is geen doel te beoordelen: {reason}.")
    counts = Counter(verdict.oordeel for verdict in judged)
    parts = [f"{counts[word]} {word}" for word in (REACHED, MISSED, OPEN) if counts[word]]
    noun = "doel" if len(judged) == 1 else "doelen"
    named = "; ".join(f"{verdict.name}: {verdict.oordeel}" for verdict in judged)
    verb = _is(next(iter(counts[word] for word in (REACHED, MISSED, OPEN) if counts[word])))
    sentence = f"Van {len(judged)} {noun} {verb} {listing(parts)} ({named})."
    return Claim("doelen", sentence, counts[REACHED], unit="doelen behaald")


def change(figures: KeyFigures, effect: Effect, *, level: float) -> Claim:
    """State the change, and how it compares with what happened elsewhere."""
    if not is_known(figures.n):
        return Claim("verandering", f"Het aantal {ALL_PARTS} is niet te geven: {_why(figures.n)}.")
    text = f"Het aantal {ALL_PARTS} {_moved(figures)}"
    if is_known(figures.mean_before):
        text += f"; het gemiddelde van {_span(figures)} is {number(figures.mean_before, 1)}"
    found = effect.change
    if isinstance(found, Missing):
        return Claim(
            "verandering",
            f"{text}. Of dat afwijkt van wat te verwachten was, is niet vast te stellen: "
            f"{found.reason}.",
            _headline(figures),
            unit="%",
        )
    share = interval(found.low, found.high, 2)
    sentence = (
        f"{text}. Ten opzichte van {effect.n_reference} gemeenten die niet meedoen is de "
        f"verhouding {number(found.ratio, 2)} ({_level(level)} {share}): {effect.oordeel}."
    )
    return Claim("verandering", sentence, found.ratio, found.low, found.high, "verhouding")


def next_step(verdicts: Sequence[Verdict], table: pd.DataFrame, n_actions_open: Value) -> Claim:
    """
    State what the figures ask for next: a decision, open actions, data to request.

    Parameters
    ----------
    verdicts : sequence of Verdict
    table : DataFrame
        Coverage of the checklist.
    n_actions_open : Value
        Agreed actions that are known not to be done.
    """
    n_absent = int(table["status"].eq(ABSENT).sum())
    missed = [verdict for verdict in verdicts if verdict.oordeel == MISSED]
    undecided = [verdict for verdict in verdicts if verdict.oordeel == OPEN]
    if missed:
        goals = "een doel is" if len(missed) == 1 else f"{len(missed)} doelen zijn"
        asks = f"een besluit over voortzetten of bijstellen, want {goals} niet behaald"
    elif undecided:
        asks = (
            "een besluit op een langere periode of meer gegevens, want toeval is niet uitgesloten"
        )
        if all(not is_known(verdict.realised.value) for verdict in undecided):
            asks = "eerst de ontbrekende gegevens, want een doel is niet vast te stellen"
    elif any(verdict.oordeel == REACHED for verdict in verdicts):
        asks = "een besluit over wat regulier werk wordt, want de gestelde doelen zijn behaald"
    else:
        asks = "nieuwe doelen voor deze periode, want de opgegeven doelen gelden er niet voor"
    parts = [f"{n_absent} van de {len(table)} onderdelen van de checklist zijn nog op te vragen"]
    if is_known(n_actions_open):
        noun = "actie is" if n_actions_open == 1 else "acties zijn"
        parts.insert(0, f"{number(n_actions_open)} afgesproken {noun} nog niet uitgevoerd")
    return Claim("vervolg", f"Nu nodig: {asks}; {listing(parts)}.", n_absent, unit="onderdelen")


def attempts(figures: KeyFigures) -> Claim:
    """State the attempts, as count and share."""
    n, share = figures.n_attempts, figures.share_attempts
    if not is_known(n):
        return Claim("pogingen", f"Het aantal pogingen is niet te geven: {_why(n)}.")
    was = "was" if n == 1 else "waren"
    text = f"In {window_label(figures.window)} {was} {number(n)} van de feiten een poging"
    if not is_known(share):
        return Claim("pogingen", f"{text}; een percentage is niet te geven ({_why(share)}).", n)
    text += f" ({percent(100 * share)} van de {number(figures.n_kind_known)} feiten waarvan dat bekend is)"
    earlier = figures.share_attempts_before
    if is_known(earlier):
        points = 100 * (share - earlier)
        text += f", {number(points, 1, sign=True)} procentpunt ten opzichte van een jaar eerder"
    return Claim("pogingen", f"{text}.", 100 * share, unit="%")


def clearance(figures: KeyFigures) -> Claim:
    """State the clearance at equal follow-up."""
    pct = figures.pct_cleared
    if not is_known(pct) or not is_known(figures.n_cleared):
        absent = figures.n_cleared if not is_known(figures.n_cleared) else pct
        return Claim("opheldering", f"De opheldering is niet te geven: {_why(absent)}.")
    text = f"Opgehelderd {_is(int(figures.n_cleared))} {number(figures.n_cleared)} ({percent(pct)})"
    if is_known(figures.pct_cleared_before):
        points = pct - figures.pct_cleared_before
        text += (
            f", {number(points, 1, sign=True)} procentpunt ten opzichte van een jaar eerder bij "
            "even lange naloop"
        )
    return Claim("opheldering", f"{text}.", pct, unit="%")


def rate(figures: KeyFigures, *, level: float) -> Claim:
    """State the rate per 1,000 dwellings against the country."""
    own = figures.rate
    if not (is_known(own.value) and is_known(own.low) and is_known(own.high)):
        return Claim(
            "per_1000", f"Het aantal per 1.000 woningen is niet te geven: {_why(own.value)}."
        )
    text = (
        f"Per 1.000 woningen zijn het er {number(own.value, 1)} "
        f"({_level(level)} {interval(own.low, own.high)})"
    )
    country = figures.benchmarks.get("landelijk")
    if country and is_known(country.rate):
        side = "onder" if own.value < country.rate else "boven"
        sure = "" if not own.low <= country.rate <= own.high else "; toeval kan dat verklaren"
        text += f", {side} het landelijke cijfer van {number(country.rate, 1)}{sure}"
    if own.dwellings.year != figures.window.start.year:
        both = "beide " if country and is_known(country.rate) else ""
        text += f" ({both}met de woningen van {own.dwellings.year})"
    return Claim("per_1000", f"{text}.", own.value, own.low, own.high, "per 1.000 woningen")


def detectable(effect: Effect, *, level: float) -> Claim:
    """State what the comparison could have shown, before its result."""
    if not is_known(effect.detectable) or isinstance(effect.change, Missing):
        return Claim(
            "aantoonbaar",
            f"Een vergelijking met andere gemeenten is niet te geven: {_why(effect.change)}.",
        )
    if effect.detectable >= NOTHING:
        return Claim(
            "aantoonbaar",
            "Met deze aantallen is geen enkele daling ten opzichte van de vergelijking met "
            "redelijke zekerheid aan te tonen.",
            effect.detectable,
            unit="%",
        )
    return Claim(
        "aantoonbaar",
        f"Met deze aantallen is pas een daling van {percent(effect.detectable, 0)} of meer ten "
        "opzichte van de vergelijking met redelijke zekerheid aan te tonen (kans 80 %, eenzijdig "
        f"{number(50 * (1 - level), 1)} %, gerekend met een spreiding van "
        f"{number(effect.change.phi, 1)} keer toeval bij een gebied van deze omvang).",
        effect.detectable,
        unit="%",
    )


def trend(found: Trend | Missing, *, level: float, label: str) -> Claim:
    """State the trend per year."""
    if isinstance(found, Missing):
        return Claim("trend", f"Een trend is niet te geven: {found.reason}.")
    if found.low <= 0 <= found.high:
        direction = "is geen duidelijke stijging of daling te zien"
    else:
        direction = "daalt het aantal" if found.pct_per_year < 0 else "stijgt het aantal"
    return Claim(
        "trend",
        f"Over {label} {direction}: {percent(found.pct_per_year, sign=True)} per jaar "
        f"({_level(level)} {percent(found.low, sign=True)} tot {percent(found.high, sign=True)}).",
        found.pct_per_year,
        found.low,
        found.high,
        "% per jaar",
    )


def concentration(parts: pd.DataFrame | Missing, *, n_top: int) -> Claim:
    """State how concentrated burglary is over buurten (`problem.by_part`)."""
    if isinstance(parts, Missing):
        return Claim("concentratie", f"Waar het probleem zit, is niet te geven: {parts.reason}.")
    if not all(is_known(n) for n in parts["n_now"]):
        return Claim(
            "concentratie",
            "Waar het probleem zit, is niet te geven: van een of meer buurten wordt het aantal "
            "niet getoond.",
        )
    if parts["n_now"].sum() == 0:
        return Claim("concentratie", "In het venster is in geen enkele buurt ingebroken.", 0)
    n_top = min(n_top, len(parts))
    share = 100 * top_share(parts["n_now"], n_top=n_top)
    even = 100 * n_top / len(parts)
    return Claim(
        "concentratie",
        f"{percent(share)} van de in een buurt geplaatste woninginbraken viel in {n_top} van de "
        f"{len(parts)} buurten, "
        f"samen {percent(even)} van alle buurten.",
        share,
        unit="%",
    )


def repeats(n: Value, whole: Value) -> Claim:
    """State how many burglaries were at an address burgled in the year before."""
    if not is_known(n):
        return Claim("herhaling", f"Herhaald slachtofferschap is niet te geven: {_why(n)}.")
    share = percentage(n, whole)
    pct = f" ({percent(share)} van alle woninginbraken)" if is_known(share) else ""
    noun = f"1 woninginbraak{pct} was" if n == 1 else f"{number(n)} woninginbraken{pct} waren"
    return Claim(
        "herhaling",
        f"{noun} op een adres waar in de 365 dagen ervoor al was ingebroken.",
        n,
        unit="woninginbraken",
    )


def relative(effect: Effect, *, level: float) -> Claim:
    """State the change relative to the reference gemeenten."""
    found = effect.change
    if isinstance(found, Missing):
        return Claim("relatief", "Een uitspraak over de samenhang met de aanpak is niet te doen.")
    return Claim(
        "relatief",
        f"De verandering was {number(found.ratio, 2)} keer die van {effect.n_reference} gemeenten "
        f"van de eenheid die niet meedoen ({_level(level)} {interval(found.low, found.high, 2)}): "
        f"{effect.oordeel}.",
        found.ratio,
        found.low,
        found.high,
        "verhouding",
    )


def coverage(table: pd.DataFrame) -> Claim:
    """State how much of the checklist is covered."""
    n_absent = int(table["status"].eq(ABSENT).sum())
    counts = table["status"].value_counts()
    parts = [f"{n} {status}" for status, n in counts.items()]
    return Claim(
        "dekking",
        f"Van de {len(table)} onderdelen van de checklist: {listing(parts)}.",
        n_absent,
        unit="onderdelen niet geleverd",
    )


def kept(released: Release) -> Claim:
    """State how many of the released counts these readers get, and what is not among them."""
    share, n = 100 * released.share_kept, len(released.hidden)
    hidden = (
        f"{number(n)} {_is(n)} onderdrukt: kleiner dan {released.minimum}, of nodig om zo'n aantal "
        "te verbergen"
        if n
        else "er is niets onderdrukt"
    )
    text = (
        f"Van de {number(len(released.cells))} aantallen in de vrijgave (per jaar, maand, buurt en "
        f"kenmerk) wordt {percent(share)} getoond; {hidden}. Wat is samengevoegd, zoals buurten over "
        "twee weken, en aantallen verdachten zijn apart afgeschermd en tellen hierin niet mee."
    )
    if released.has_small_parts:
        text += (
            " Aantallen per buurt die de politie zelf publiceert, worden getoond, ook als zij klein "
            "zijn."
        )
    return Claim("getoond", text, share, unit="%")


def _moved(figures: KeyFigures) -> str:
    now, then = window_label(figures.window), window_label(figures.window.earlier(1))
    n, before = figures.n, figures.n_before
    assert is_known(n)
    if not is_known(before):
        return f"is {number(n)} in {now}; een jaar eerder: {_why(before)}"
    if min(n, before) < SMALL:
        return f"ging van {number(before)} ({then}) naar {number(n)} ({now})"
    if n == before:
        return f"bleef gelijk: {number(n)} in {then} en in {now}"
    verb = "daalde" if n < before else "steeg"
    change_text = percent(figures.pct_change, sign=True)
    return f"{verb} van {number(before)} ({then}) naar {number(n)} ({now}), {change_text}"


def _span(figures: KeyFigures) -> str:
    first, last = figures.earlier[-1][0], figures.earlier[0][0]
    months = "" if figures.window.is_calendar_year() else "dezelfde maanden van "
    return f"{months}{first.start.year} tot en met {last.last.year}"


def _is(n: int) -> str:
    return "is" if n == 1 else "zijn"


def _level(level: float) -> str:
    return f"{number(100 * level)}%-interval"


def _headline(figures: KeyFigures) -> float | None:
    """Return the percentage change, when both counts are large enough to state it."""
    counts = [n for n in (figures.n, figures.n_before) if is_known(n)]
    pct = figures.pct_change
    return float(pct) if is_known(pct) and min(counts) >= SMALL else None


def _why(value: object) -> str:
    if isinstance(value, Suppressed):
        return f"het aantal of de rest ervan is kleiner dan {value.minimum} en wordt niet getoond"
    return value.reason if isinstance(value, Missing) else ""
