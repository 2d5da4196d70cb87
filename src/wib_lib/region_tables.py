"""Tables of the region's packs: what the areas state, side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from wib_lib import html
from wib_lib.absent import Missing, Value, is_known
from wib_lib.dutch import interval, listing, number, percent
from wib_lib.fragment import Fragment
from wib_lib.goals import OTHER
from wib_lib.region import Member, ranks
from wib_lib.region_findings import AGREES, ROUNDED

SUMMARY = (  # what stands for an area in the werkgroep pack, from its own notebooks
    ("02_problem_analysis", "concentratie"),
    ("02_problem_analysis", "herhaling"),
    ("03_trends_hotspots", "trend"),
    ("04_evaluation", "doelen"),
    ("04_evaluation", "verandering"),
    ("04_evaluation", "maatregelen"),
    ("04_evaluation", "borging"),
)
OUTSIDE = Missing("alleen voor de gebieden van de aanpak")
OF_AREAS = ("mean", "part", "rank", "dwellings", "interval", "distance", "under")
UNRANKED = Missing("alleen gebieden krijgen een rang")
UNTESTED = Missing("alleen per gebied getoetst")
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
    "note": "De rang volgt het getoonde cijfer. Waar intervallen elkaar raken, zegt een rang weinig.",
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
    | dict.fromkeys(("p", "q"), lambda value: number(value, 3)),
    "row_header": "name",
    "note": "Onder 1 is gunstiger. Een uitkomst telt als q hoogstens de afgesproken foutkans is. "
    "Het gaat om samenhang, niet om oorzaak.",
}
SELECTION: dict[str, Any] = {
    "caption": "De selectie nagerekend: lag het gebied toen boven het regionale gemiddelde?",
    "labels": {
        "name": "Gebied",
        "rate": "Per 1.000 woningen",
        "unit": "Politie-eenheid",
        "above": "Erboven",
    },
    "formats": dict.fromkeys(("rate", "unit"), lambda value: number(value, 1)),
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
    "row_header": "area",
    "note": "Alleen ingevulde bedragen tellen mee; een post zonder bedrag is geen nul.",
}
MEETINGS: dict[str, Any] = {
    "caption": "Overleggen, en of communicatie daar besproken is",
    "labels": {
        "area": "Gebied",
        "n_planned": "Gepland",
        "n_held": "Gehouden",
        "n_talked": "Met communicatie",
    },
    "row_header": "area",
}
STORIES: dict[str, Any] = {
    "labels": {"area": "Gebied", "topic": "Onderwerp", "text": "Tekst", "role": "Namens"},
    "row_header": "area",
}
SHORT: dict[str, Any] = {
    "caption": "De gebieden in één tabel",
    "labels": {
        "name": "Gebied",
        "n": "Aantal",
        "pct": "Verandering",
        "rate": "Per 1.000 woningen",
        "under": "Onder het land",
        "found": "Ten opzichte van elders",
        "verdicts": "Doelen",
    },
    "row_header": "name",
}


def beside(members: Sequence[Member], whole: Member, others: Sequence[Member] = ()) -> pd.DataFrame:
    """
    Put areas, their total and benchmarks in rows, for `COUNTS`, `KINDS` and `RATES`.

    Only areas have a rank; a benchmark has no part of the total.
    """
    rank = ranks([m.value("per_1000_woningen", "venster") for m in members])
    n_all = whole.value("aantal", "venster")
    rows = []
    for i, member in enumerate([*members, whole, *others]):
        is_area, is_benchmark = i < len(members), i > len(members)
        rows.append(
            row(member)
            | {
                "part": _part(member.value("aantal", "venster"), n_all),
                "rank": rank[i] if is_area else UNRANKED,
            }
            | (dict.fromkeys(OF_AREAS, OUTSIDE) if is_benchmark else {})
        )
    return pd.DataFrame(rows, dtype=object)


def without_benchmarks(table: pd.DataFrame, members: Sequence[Member]) -> pd.DataFrame:
    """Keep the areas and their total: what benchmarks have no figures for."""
    return table.head(len(members) + 1)


def short(table: pd.DataFrame, effects: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    """Bring areas and total back to what fits one table of the summary, with all verdicts."""
    found = dict(zip(effects["name"], effects["found"], strict=True))
    verdicts = goals.groupby("area")["verdict"].agg(list).to_dict()
    return table.assign(
        found=[found.get(name, UNTESTED) for name in table["name"]],
        verdicts=[_verdicts(verdicts.get(name, [])) for name in table["name"]],
    )


def goal_rows(goals: pd.DataFrame) -> pd.DataFrame:
    """Write targets and realised values as text, in the decimals of their indicator."""
    targets = zip(goals["operator"], goals["target"], strict=True)
    reached = zip(goals["indicator"], goals["realised"], strict=True)
    return goals.assign(
        target=[_target(sign, value) if is_known(value) else value for sign, value in targets],
        realised=[
            number(value, 0 if name in ("aantal", "pogingen") else 1) if is_known(value) else value
            for name, value in reached
        ],
    )


def goal_sums(goals: pd.DataFrame) -> pd.DataFrame | Missing:
    """Add up the goals for the number of burglaries, over areas with exactly one that counts."""
    counts = goals[goals["indicator"].eq("aantal") & goals["verdict"].ne(OTHER)]
    is_there = counts[["target", "realised"]].map(is_known).all(axis=1).astype(bool)
    one = counts[is_there & ~counts["area"].duplicated(keep=False)]
    if one.empty:
        return Missing("geen gebied heeft precies één te beoordelen doel voor het aantal")
    sums = {name: sum(one[name]) for name in ("target", "realised")}
    rows = one[["area", "target", "realised"]].to_dict("records")
    name = f"Samen ({number(len(one))} gebieden)"
    return pd.DataFrame([*rows, {"area": name, **sums}], dtype=object)


def sums_note(sums: pd.DataFrame | Missing, members: Sequence[Member]) -> str:
    """Say which areas `goal_sums` leaves out, and whether what is shown adds up."""
    if isinstance(sums, Missing):
        return ""
    left_out = [member.name for member in members if member.name not in set(sums["area"])]
    notes = [f"Zonder {listing(left_out)}: geen of meer dan één doel."] if left_out else []
    *parts, whole = [round(float(target), 1) for target in sums["target"]]
    if difference := round(abs(sum(parts) - whole), 1):
        notes.append(f"De getoonde doelwaarden: {ROUNDED} van {number(difference, 1)}.")
    return " ".join(notes)


def effect_rows(effects: pd.DataFrame) -> pd.DataFrame:
    """Write the intervals of `region_findings.effects` as text."""
    pairs = zip(effects["low"], effects["high"], strict=True)
    return effects.assign(
        interval=[interval(low, high, 2) if is_known(low) else low for low, high in pairs]
    )


def lacking_rows(missing: pd.DataFrame, members: Sequence[Member]) -> pd.DataFrame:
    """Write at which areas a part is missing; all of them by number."""
    n = sum(member.figures is not None for member in members)
    every = f"alle {n} gebieden"
    where = [every if len(areas) == n else listing(areas) for areas in missing["areas"]]
    return missing.assign(where=where)


def lacking_by_owner(missing: pd.DataFrame, members: Sequence[Member]) -> html.Fragment:
    """List what is missing from whom, areas without results first."""
    items = [
        (m.name, "er zijn geen uitkomsten die gelden", "de analist: draai `wib run`")
        for m in members
        if m.figures is None
    ]
    items += [
        (_n_parts(len(group)), listing(group["number"].tolist()), str(owner))
        for owner, group in missing.groupby("owner", sort=False)
    ]
    return html.absent(items)


def check_note(table: pd.DataFrame) -> html.Fragment:
    """Warn when a sum or percentage does not come out, or say that all do."""
    wrong = table.loc[~table["outcome"].isin([AGREES, ROUNDED]), "what"].tolist()
    if wrong:
        return html.note(f"Niet nagerekend of niet kloppend: {'; '.join(wrong)}.", tone="warning")
    return html.paragraph("Alle sommen en percentages van het totaal zijn nagerekend en kloppen.")


def summaries(said: Mapping[str, Mapping[str, Mapping[str, str]]]) -> html.Fragment:
    """Fold the findings, goals and measures of each area, in the words of its own pack."""
    parts = [
        html.details(
            name,
            *(html.paragraph(claims[step][key]) for step, key in SUMMARY if key in claims[step]),
        )
        for name, claims in said.items()
    ]
    return html.join(*parts)


def row(member: Member) -> dict[str, Any]:
    """Return the figures of an area, the total or a benchmark as a row."""
    share = member.value("pogingen", "share")
    low, high = (member.value("per_1000_woningen", end) for end in ("laag", "hoog"))
    rate, country = (member.value("per_1000_woningen", f) for f in ("venster", "landelijk"))
    both = is_known(rate) and is_known(country)
    return {
        "name": member.name,
        "n": member.value("aantal", "venster"),
        "n_before": member.value("aantal", "voorafgaand"),
        "pct": member.value("aantal", "pct"),
        "mean": member.value("aantal", "gemiddelde_5_jaar"),
        "n_attempts": member.value("pogingen", "venster"),
        "attempts_before": member.value("pogingen", "voorafgaand"),
        "pct_attempts": 100 * share if is_known(share) else share,
        "n_cleared": member.value("opheldering", "venster"),
        "cleared_before": member.value("opheldering", "voorafgaand"),
        "pct_cleared": member.value("opheldering", "pct"),
        "dwellings": member.dwellings,
        "rate": rate,
        "low": low,
        "high": high,
        "interval": interval(low, high) if is_known(low) and is_known(high) else low,
        "distance": rate - country if both else rate if not is_known(rate) else country,  # type: ignore[operator]
        "under": rate < country if both else rate if not is_known(rate) else country,  # type: ignore[operator]
    }


def _part(n: Value, whole: Value) -> Value:
    if not (is_known(n) and is_known(whole)):
        return n if not is_known(n) else whole
    return 100 * n / whole if whole else Missing("het totaal is 0")


def _verdicts(words: Sequence[str]) -> Fragment | str:
    """Set the verdicts of an area below each other."""
    if not words:
        return ""
    shown = [html.verdict(word) for word in words]
    return Fragment("<br>".join(v.html for v in shown), "; ".join(v.text for v in shown))


def _target(operator: str, value: float) -> str:
    sign = {"<=": "≤", ">=": "≥"}.get(operator, operator)
    return f"{sign} {number(value, 0 if float(value).is_integer() else 1)}"


def _n_parts(n: int) -> str:
    return f"{n} onderdeel" if n == 1 else f"{n} onderdelen"
