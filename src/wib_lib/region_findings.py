"""What the areas together show: changes tested together, the selection replayed, sums checked.

From the key files of the areas, like `wib_lib.region`.
"""

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
from scipy.special import ndtr, ndtri

from wib_lib.absent import Missing, Value, figure_of, first_absent, is_known
from wib_lib.checklist import ABSENT
from wib_lib.checklist.parts import PARTS
from wib_lib.disclosure import percentage
from wib_lib.region import Member

SELECTION_YEAR = 2016  # burglary risk of that year against the region's mean (memo, beslispunt 2)
FALL, RISE, UNCLEAR = "gunstiger", "ongunstiger", "niet aantoonbaar"
AGREES, ROUNDED, DIFFERS, UNCHECKED = "klopt", "afrondingsverschil", "klopt niet", "niet te toetsen"
TOLERANCE = 1e-4  # key files have six decimals


def effects(members: Sequence[Member], *, level: float = 0.95) -> pd.DataFrame:
    """
    Tell for which areas the change differs from that of the comparison, tested together.

    A p-value is read back from each area's interval, which is symmetric on the log scale. Of many
    tests some succeed by chance: Benjamini & Hochberg (1995) keeps the expected share of false
    ones below 1 - `level`. All areas share one comparison; BH holds under that kind of dependence
    (Benjamini & Yekutieli, 2001).

    Returns
    -------
    DataFrame
        Per area `name`, Values `ratio`, `low`, `high`, `p`, `q`, and `found`: one of `FALL`,
        `RISE`, `UNCLEAR`, or Missing.
    """
    rows = [{"name": m.name, **_tested(m, level)} for m in members]
    known = [row for row in rows if is_known(row["p"])]
    if known:
        from scipy.stats import false_discovery_control  # a second, for this table only

        for row, q in zip(known, false_discovery_control([row["p"] for row in known]), strict=True):
            side = FALL if row["ratio"] < 1 else RISE
            row["q"], row["found"] = float(q), side if q <= 1 - level else UNCLEAR
    columns = ["name", "ratio", "low", "high", "p", "q", "found"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def _tested(member: Member, level: float) -> dict[str, Any]:
    ratio, low, high = (member.value("effect", field) for field in ("ratio", "laag", "hoog"))
    if not (is_known(ratio) and is_known(low) and is_known(high)):
        absent = first_absent(ratio, low, high)
        return dict.fromkeys(("ratio", "low", "high", "p", "q", "found"), absent)
    error = math.log(high / low) / (2 * ndtri((1 + level) / 2))
    p = float(2 * ndtr(-abs(math.log(ratio)) / error))
    return {"ratio": ratio, "low": low, "high": high, "p": p}


def selection(members: Sequence[Member], *, year: int = SELECTION_YEAR) -> pd.DataFrame:
    """
    Replay the selection: was the rate of `year` above the mean of the police region?

    Returns
    -------
    DataFrame
        Per area `name`, Values `rate` and `unit`, and `above`: True, False or why it is unknown.
    """
    rows = []
    for member in members:
        years = {item["id"]: item for item in (member.figures or {}).get("jaren", [])}
        unknown = {"reden": f"{year} ligt niet in de vergeleken jaren"}
        item = years.get(str(year), unknown)
        own, unit = (figure_of(item, name) for name in ("per_1000_woningen", "regionaal"))
        if member.figures is None:
            own = unit = member.value("", "")
        above = first_absent(own, unit) or own > unit  # type: ignore[operator]
        rows.append({"name": member.name, "rate": own, "unit": unit, "above": above})
    return pd.DataFrame(rows, dtype=object)


def goals(members: Sequence[Member]) -> pd.DataFrame:
    """Return a row per goal: `area`, `goal`, `operator`, `target`, `realised`, `verdict`, ..."""
    rows = [
        {
            "area": member.name,
            "goal": goal.get("naam", goal["id"]),
            "indicator": goal.get("indicator", ""),
            "operator": goal.get("operator", ""),
            "target": figure_of(goal, "doelwaarde"),
            "realised": figure_of(goal, "gerealiseerd"),
            "verdict": goal["oordeel"],
        }
        for member in members
        for goal in (member.figures or {}).get("doelen", [])
    ]
    columns = ["area", "goal", "indicator", "operator", "target", "realised", "verdict"]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def lacking(members: Sequence[Member]) -> pd.DataFrame:
    """Return the parts of the checklist that are missing: `number`, `text`, `owner`, `areas`."""
    rows = [
        {"number": part.number, "text": part.text, "owner": part.owner, "areas": areas}
        for part in PARTS
        if (
            areas := [
                member.name
                for member in members
                if (member.figures or {}).get("dekking", {}).get(part.number) == ABSENT
            ]
        )
    ]
    return pd.DataFrame(rows, columns=["number", "text", "owner", "areas"], dtype=object)


def checks(members: Sequence[Member], whole: Member, counted: Value) -> pd.DataFrame:
    """
    Hold the sums and percentages of the total against another way to get them.

    Parameters
    ----------
    members : sequence of Member
    whole : Member
        Their `total`.
    counted : Value
        The burglaries of all areas counted at once.

    Returns
    -------
    DataFrame
        `what`, Values `parts` and `whole`, `outcome`: `AGREES`, `ROUNDED`, `DIFFERS`, or
        `UNCHECKED` when a figure is absent.
    """
    n = [m.value("aantal", "venster") for m in members]
    before = [m.value("aantal", "voorafgaand") for m in members]
    known = [m.value("pogingen", "soort_bekend") for m in members]
    stock = [m.dwellings for m in members]
    means = [m.value("aantal", "gemiddelde_5_jaar") for m in members]
    margin = 0.05 * (len(members) + 1)  # what rounding to one decimal can do to a sum
    parts = [_shown(percentage(count, whole.value("aantal", "venster"), base=1)) for count in n]
    weighted = {
        "Verandering in %, gewogen naar het aantal van een jaar eerder": ("aantal", "pct", before),
        "Aandeel pogingen in %, gewogen naar feiten met bekende soort": (
            "pogingen",
            "share",
            known,
        ),
        "Opheldering in %, gewogen naar het aantal": ("opheldering", "pct", n),
        "Per 1.000 woningen, gewogen naar woningen": ("per_1000_woningen", "venster", stock),
    }
    rows = [
        ("Som van de gebieden tegen een telling in één keer", _sum(n), counted, 0),
        *(
            (what, _mean([_pct(m, *path) for m in members], weights), _pct(whole, *path), 0)
            for what, (*path, weights) in weighted.items()
        ),
        (
            "Gemiddelden van de jaren ervoor, opgeteld zoals getoond",
            _sum([_shown(mean) for mean in means]),
            whole.value("aantal", "gemiddelde_5_jaar"),
            margin,
        ),
        (
            "Delen van het totaal in %, opgeteld zoals getoond",
            _sum(parts),
            first_absent(*parts) or 100,
            margin,
        ),
    ]
    return pd.DataFrame(
        [
            {"what": what, "parts": parts, "whole": one, "outcome": _outcome(parts, one, margin)}
            for what, parts, one, margin in rows
        ],
        dtype=object,
    )


def _sum(values: Sequence[Value]) -> Value:
    return first_absent(*values) or sum(value for value in values if is_known(value))


def _pct(member: Member, block: str, field: str) -> Value:
    """Return a figure, a share in per cents."""
    value = member.value(block, field)
    return 100 * value if field == "share" and is_known(value) else value


def _shown(value: Value) -> Value:
    """Round as the tables do."""
    return round(value, 1) if is_known(value) else value


def _mean(values: Sequence[Value], weights: Sequence[Value]) -> Value:
    absent = first_absent(*values, *weights)
    if absent is not None:
        return absent
    pairs = [(v, w) for v, w in zip(values, weights, strict=True) if is_known(v) and is_known(w)]
    whole = sum(weight for _, weight in pairs)
    return sum(v * w for v, w in pairs) / whole if whole else Missing("geen gewicht")


def _outcome(parts: Value, whole: Value, margin: float) -> str:
    """Judge a difference; within what rounding the parts can do, it is named as that."""
    if not (is_known(parts) and is_known(whole)):
        return UNCHECKED
    difference = abs(parts - (round(whole, 1) if margin else whole))
    if difference <= TOLERANCE * max(1, abs(whole)):
        return AGREES
    return ROUNDED if difference <= margin else DIFFERS
