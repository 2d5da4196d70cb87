"""Sentences over all areas of the approach, each built from the figures it states.

Like `wib_lib.claims` for one area: association, never cause, and what is not known is said.
"""

from collections.abc import Sequence

import pandas as pd

from wib_lib.absent import Missing, Value, is_known
from wib_lib.claims import ALL_PARTS, Claim
from wib_lib.dutch import listing, number, percent
from wib_lib.dutch import window as window_label
from wib_lib.goals import MISSED, OPEN, OTHER, REACHED, elsewhere
from wib_lib.keyfigures import SMALL
from wib_lib.region import Member
from wib_lib.region_findings import FALL, RISE


def complete(members: Sequence[Member]) -> Claim:
    """State of which areas there are results, naming those of which there are none."""
    lacking = [member.name for member in members if member.figures is None]
    n = len(members) - len(lacking)
    text = f"Van {n} van de {len(members)} gebieden zijn er uitkomsten die gelden; niet van"
    if lacking:
        return Claim("volledig", f"{text} {listing(lacking)}.", n, unit="gebieden")
    return Claim("volledig", f"Van alle {n} gebieden zijn er uitkomsten.", n, unit="gebieden")


def goals(table: pd.DataFrame) -> Claim:
    """State how many goals of all areas were reached (`region_findings.goals`)."""
    judged = table[table["verdict"].ne(OTHER)]
    if judged.empty:
        return Claim(
            "doelen", "Voor deze periode is er in geen enkel gebied een doel te beoordelen."
        )
    counts = judged["verdict"].value_counts()
    parts = [f"{counts[word]} {word}" for word in (REACHED, MISSED, OPEN) if word in counts]
    noun = "doel" if len(judged) == 1 else "doelen"
    n_areas = judged["area"].nunique()
    return Claim(
        "doelen",
        f"Van {number(len(judged))} {noun} in {_areas(n_areas)} {_is(int(counts.iloc[0]))} "
        f"{listing(parts)}{elsewhere(len(table) - len(judged))}.",
        int(counts.get(REACHED, 0)),
        unit="doelen behaald",
    )


def below(members: Sequence[Member]) -> Claim:
    """State which areas are under the national rate, the joint goal."""
    rates = {m.name: _against_country(m) for m in members}
    known = {name: found for name, found in rates.items() if found is not None}
    if not known:
        return Claim("landelijk", "Of een gebied onder het landelijke cijfer ligt, is niet bekend.")
    under = [name for name, (is_under, _) in known.items() if is_under]
    unsure = [name for name in under if not known[name][1]]
    text = (
        f"Onder het landelijke cijfer per 1.000 woningen, het gezamenlijke doel, {_lies(len(under))} "
        f"{_of(len(under), len(members))}{_named(under)}"
    )
    if unsure:
        text += f"; {_at(unsure, under)} kan toeval dat verklaren"
    if len(known) < len(members):
        text += f"; voor {number(len(members) - len(known))} is het niet bekend"
    return Claim("landelijk", f"{text}.", len(under), unit="gebieden")


def change(whole: Member, others: Sequence[Member]) -> Claim:
    """State the change of the areas together beside that of the country and the police region."""
    n, before = whole.value("aantal", "venster"), whole.value("aantal", "voorafgaand")
    if not (is_known(n) and is_known(before)) or whole.window is None:
        absent = before if is_known(n) else n
        return Claim(
            "samen",
            f"Het aantal {ALL_PARTS} van alle gebieden samen is niet te geven: {_why(absent)}.",
        )
    now, then = window_label(whole.window), window_label(whole.window.earlier(1))
    verb = "daalde" if n < before else "steeg" if n > before else "bleef"
    text = (
        f"In de gebieden samen {verb} het aantal {ALL_PARTS} van {number(before)} ({then}) naar "
        f"{number(n)} ({now})"
    )
    pct = whole.value("aantal", "pct")
    if not is_known(pct) or min(n, before) < SMALL:
        return Claim("samen", f"{text}.", n, unit="woninginbraken")
    beside = [
        f"{other.name} {percent(found, sign=True)}"
        for other in others
        if is_known(found := other.value("aantal", "pct"))
    ]
    text += f", {percent(pct, sign=True)}" + (
        f" (ter vergelijking: {listing(beside)})" if beside else ""
    )
    return Claim("samen", f"{text}.", pct, unit="%")


def relative(table: pd.DataFrame, *, level: float) -> Claim:
    """State in how many areas the change differs from the comparison (`region_findings.effects`)."""
    tested = table[[is_known(p) for p in table["p"]]]
    if tested.empty:
        return Claim(
            "aantoonbaar",
            "Of de verandering afwijkt van die elders, is voor geen enkel gebied te toetsen.",
        )
    names = {side: tested.loc[tested["found"].eq(side), "name"].tolist() for side in (FALL, RISE)}
    text = (
        f"De verandering is in {_of(len(names[FALL]), len(table))} aantoonbaar gunstiger dan in "
        f"gemeenten die niet meedoen{_named(names[FALL])}"
    )
    if names[RISE]:
        text += f"; aantoonbaar ongunstiger in {number(len(names[RISE]))}{_named(names[RISE])}"
    if len(tested) > 1:
        text += (
            f"; er is rekening gehouden met {number(len(tested))} toetsen tegelijk "
            f"(Benjamini-Hochberg, {number(100 * (1 - level))} %)"
        )
    if len(tested) < len(table):
        text += f"; {number(len(table) - len(tested))} niet te toetsen"
    return Claim("aantoonbaar", f"{text}.", len(names[FALL]), unit="gebieden gunstiger")


def next_step(goal_table: pd.DataFrame, missing: pd.DataFrame) -> Claim:
    """State what the figures ask for: decisions on goals, and data from their owners."""
    asks = [
        f"{what} in {listing(names)}"
        for word, what in (
            (MISSED, "een besluit over voortzetten of bijstellen (doel niet behaald)"),
            (OPEN, "meer gegevens of een langere periode (oordeel niet vast te stellen)"),
        )
        if (names := _areas_with(goal_table, word))
    ]
    owners = missing["owner"].value_counts(sort=False)
    if len(owners):
        parts = [f"{owner} ({number(int(n))})" for owner, n in owners.items()]
        asks.append(
            f"{number(len(missing))} onderdelen van de checklist die bij een of meer gebieden "
            f"ontbreken, te vragen aan {listing(parts)}"
        )
    if not asks:
        return Claim("vervolg", "Nu nodig: een besluit over wat regulier werk wordt.")
    return Claim("vervolg", f"Nu nodig: {'; '.join(asks)}.", len(missing), unit="onderdelen")


def _areas_with(table: pd.DataFrame, verdict: str) -> list[str]:
    """Areas with a verdict; with a missed goal they are not named again for an open one."""
    chosen = table[table["verdict"].eq(verdict)]
    if verdict == OPEN:
        chosen = chosen[~chosen["area"].isin(table.loc[table["verdict"].eq(MISSED), "area"])]
    return list(dict.fromkeys(chosen["area"]))


def _against_country(member: Member) -> tuple[bool, bool] | None:
    """Tell whether a rate is under the national one, and whether its whole interval is."""
    fields = ("venster", "hoog", "landelijk")
    value, high, country = (member.value("per_1000_woningen", field) for field in fields)
    if not (is_known(value) and is_known(high) and is_known(country)):
        return None
    return value < country, high < country


def _of(n: int, n_all: int) -> str:
    return f"{'geen' if not n else number(n)} van de {number(n_all)} gebieden"


def _areas(n: int) -> str:
    return f"{number(n)} gebied" if n == 1 else f"{number(n)} gebieden"


def _named(names: Sequence[str]) -> str:
    return f": {listing(names)}" if names else ""


def _at(some: Sequence[str], every: Sequence[str]) -> str:
    """Say at which of the named ones, without naming all of them twice."""
    if len(some) == len(every):
        return "daar" if len(every) == 1 else "bij elk daarvan"
    return f"bij {listing(some)}"


def _lies(n: int) -> str:
    return "ligt" if n <= 1 else "liggen"


def _is(n: int) -> str:
    return "is" if n == 1 else "zijn"


def _why(value: Value) -> str:
    if isinstance(value, Missing):
        return value.reason
    return "een van de aantallen is onderdrukt"
