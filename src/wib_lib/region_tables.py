"""Tables of the region's packs: what the areas state, side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from wib_lib import html
from wib_lib.absent import Missing, Value, is_known
from wib_lib.dutch import interval, listing, number
from wib_lib.fragment import Fragment
from wib_lib.goals import OTHER, shown, shown_target
from wib_lib.region import Member, ranks
from wib_lib.region_findings import DIFFERS, ROUNDED, UNCHECKED

SUMMARY = (  # what stands for an area in the werkgroep pack, from its own notebooks
    ("02_problem_analysis", "concentratie"),
    ("02_problem_analysis", "herhaling"),
    ("03_trends_hotspots", "trend"),
    ("04_evaluation", "doelen"),
    ("04_evaluation", "verandering"),
    ("04_evaluation", "acties"),
    ("04_evaluation", "borging"),
)
OUTSIDE = Missing("alleen voor de gebieden van de aanpak")
OF_AREAS = ("mean", "part", "rank", "dwellings", "interval", "distance", "under")
UNRANKED = Missing("alleen gebieden krijgen een rang")
UNTESTED = Missing("alleen per gebied getoetst")


def beside(members: Sequence[Member], whole: Member, others: Sequence[Member] = ()) -> pd.DataFrame:
    """
    Put areas, their total and benchmarks in rows, for the tables of counts, kinds and rates.

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


def rates_note(table: pd.DataFrame) -> str:
    """Say how to read a rank, and where shown figures do not give the shown difference."""
    notes = [
        "De rang volgt het getoonde cijfer. Waar intervallen elkaar raken, zegt een rang weinig."
    ]
    known = [row for row in table.to_dict("records") if is_known(row["distance"])]
    off = [
        row["name"]
        for row in known
        if round(round(row["rate"], 1) - round(row["rate"] - row["distance"], 1), 1)
        != round(row["distance"], 1)
    ]
    if off:
        notes.append(
            f"Verschil met het land: {ROUNDED} bij {listing(off)}; gerekend is met meer decimalen "
            "dan getoond."
        )
    return " ".join(notes)


def short(table: pd.DataFrame, effects: pd.DataFrame, goals: pd.DataFrame) -> pd.DataFrame:
    """Bring areas and total back to what fits one table of the summary, with all verdicts."""
    found = dict(zip(effects["name"], effects["found"], strict=True))
    is_joint = goals["indicator"].eq("per_1000_woningen")
    own = goals[~is_joint & goals["verdict"].ne(OTHER)]
    names = table["name"].tolist()
    added: dict[str, list[Any]] = {
        "found": [found.get(name, UNTESTED) for name in names],
        "joint": [_verdicts(goals[is_joint & goals["area"].eq(name)]) for name in names],
        "own": [_verdicts(own[own["area"].eq(name)], named=True) for name in names],
    }
    return table.assign(**added)


def goal_rows(goals: pd.DataFrame) -> pd.DataFrame:
    """Write targets and realised values as text, in the decimals of their indicator."""
    targets = zip(goals["indicator"], goals["operator"], goals["target"], strict=True)
    reached = zip(goals["indicator"], goals["realised"], strict=True)
    return goals.assign(
        target=[shown_target(*of) if is_known(of[-1]) else of[-1] for of in targets],
        realised=[shown(*of) if is_known(of[-1]) else of[-1] for of in reached],
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
    """Warn when a sum or percentage does not come out; say which cannot be checked."""
    wrong, open_ = (
        table.loc[table["outcome"].eq(outcome), "what"].tolist() for outcome in (DIFFERS, UNCHECKED)
    )
    if wrong:
        return html.note(f"Klopt niet: {'; '.join(wrong)}.", tone="warning")
    rest = "Alle sommen en percentages van het totaal zijn nagerekend en kloppen"
    if open_:
        rest += f", behalve wat niet te toetsen is omdat een deel ontbreekt of onderdrukt is: {'; '.join(open_)}"
    return html.paragraph(f"{rest}.")


def summaries(said: Mapping[str, Mapping[str, Mapping[str, str]]]) -> html.Fragment:
    """Fold the findings, goals and actions of each area, in the words of its own pack."""
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


def _verdicts(goals: pd.DataFrame, *, named: bool = False) -> Fragment | str:
    """Set verdicts below each other, with the goal when there may be several."""
    shown = [
        (html.verdict(word), f"({_brief(name)})" if named else "")
        for word, name in zip(goals["verdict"], goals["goal"], strict=True)
    ]
    lines = [Markup("{} <small>{}</small>").format(word, name) for word, name in shown]
    text = "; ".join(f"{word.text} {name}".strip() for word, name in shown)
    return Fragment(str(Markup("<br>").join(lines)), text) if shown else ""


def _brief(goal: str) -> str:
    """
    Shorten the name of a goal for a narrow column.

    Examples
    --------
    >>> _brief("aantal woninginbraken (voorbeelddoel)"), _brief("opheldering")
    ('aantal, voorbeelddoel', 'opheldering')
    """
    return goal.replace(" woninginbraken", "").replace(" (voorbeelddoel)", ", voorbeelddoel")


def _n_parts(n: int) -> str:
    return f"{n} onderdeel" if n == 1 else f"{n} onderdelen"
