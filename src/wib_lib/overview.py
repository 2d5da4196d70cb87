"""Rows of the index: nine areas side by side, on one scale, from their key figures.

The key figures are those of `kerncijfers.json`, so the index can show nothing that the packs do
not. An absent figure arrives as null with a reason or a suppression flag and leaves as its sign;
it takes no part in a comparison and sorts last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from wib_lib import dutch
from wib_lib.absent import Missing, Value, figure_of, is_known
from wib_lib.goals import OTHER, elsewhere
from wib_lib.html import VERDICTS, verdict
from wib_lib.keyfigures import SMALL
from wib_lib.periods import Window
from wib_lib.sparks import gauge, spark

COLUMNS = (
    ("Gebied", False),
    ("Woninginbraken", True),
    ("Pogingen", True),
    ("Opheldering", True),
    ("Per 1.000 woningen", True),
    ("Doelen", False),
)
LEGEND = (
    "Woninginbraken: aantal in 12 maanden, met de verandering tegen de 12 maanden ervoor",
    "Pogingen: deel van de feiten waarvan bekend is of het een poging was, met het aantal",
    "Opheldering: deel van de woninginbraken, met het aantal",
    "Per 1.000 woningen: stip met 95%-interval; oranje streep: landelijk",
    "x = onderdrukt (te klein aantal); . = niet geleverd of niet te berekenen",
)


@dataclass(frozen=True)
class Cell:
    """Content of a cell, and what it sorts by: empty goes last."""

    html: Markup
    sort: str
    is_number: bool = True


def sentences(areas: Sequence[Mapping[str, Any]]) -> list[str]:
    """
    Sum up the areas in words: how many went down or up, how many goals were reached.

    Examples
    --------
    >>> sentences([{"kerncijfers": {"aantal": {"pct": -3.0}, "doelen": [{"oordeel": "behaald"}]}}])
    ['In 1 van de 1 gebieden daalde het aantal woninginbraken.', 'Van 1 doel: 1 behaald.']
    """
    figures = [area["kerncijfers"] for area in areas if not area.get("fout")]
    changes = [figure_of(block.get("aantal", {}), "pct") for block in figures]
    known = [change for change in changes if is_known(change)]
    down, up = sum(change < 0 for change in known), sum(change > 0 for change in known)
    same = len(known) - down - up
    first = f"In {down} van de {len(areas)} gebieden daalde het aantal woninginbraken"
    first += f", in {up} steeg het" if up else ""
    first += f", in {same} bleef het gelijk" if same else ""
    unknown = len(areas) - len(known)
    first += f"; voor {unknown} is dat niet bekend." if unknown else "."
    found = [goal["oordeel"] for block in figures for goal in block.get("doelen", [])]
    judged = [word for word in found if word != OTHER]
    if not judged:
        return [first]
    counts = [f"{judged.count(word)} {word}" for word in VERDICTS if word in judged]
    noun = "doel" if len(judged) == 1 else "doelen"
    rest = elsewhere(len(found) - len(judged))
    return [first, f"Van {len(judged)} {noun}: {dutch.listing(counts)}{rest}."]


def rows(areas: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """
    Return a row per area for the template of the index.

    Parameters
    ----------
    areas : sequence of mapping
        `slug`, `naam`, `kerncijfers`, `ontbreekt`, `fout`; see `export.write_index`.
    """
    good = [area["kerncijfers"] for area in areas if not area.get("fout")]
    top_line = max(
        (n for block in good for n in block.get("reeks", {}).get("aantal", []) if n is not None),
        default=1.0,
    )
    ends = ("venster", "hoog", "landelijk")
    rates = [block.get("per_1000_woningen", {}).get(end) for block in good for end in ends]
    top_rate = max((rate for rate in rates if rate is not None), default=1.0)
    return [_row(area, top_line=top_line, top_rate=top_rate) for area in areas]


def legend(areas: Sequence[Mapping[str, Any]]) -> list[str]:
    """Explain the columns and name the years of the lines."""
    series = [area["kerncijfers"].get("reeks", {}) for area in areas if not area.get("fout")]
    years = [str(label) for block in series for label in block.get("labels", [])]
    if not years:
        return list(LEGEND)
    line = f"Lijn: {min(years)} tot en met {max(years)}, voor alle gebieden op dezelfde schaal"
    return [LEGEND[0], f"{line} vanaf 0", *LEGEND[1:]]


def _row(area: Mapping[str, Any], *, top_line: float, top_rate: float) -> dict[str, Any]:
    row = {"name": area["naam"], "folder": area["slug"], "failure": area.get("fout")}
    if row["failure"]:
        return row | {"state": area.get("stand", "mislukt")}
    key = area["kerncijfers"]
    cells = [
        _count(key.get("aantal", {}), key.get("reeks", {}), area["naam"], top_line),
        _share(key.get("pogingen", {}), "share", 100.0),
        _share(key.get("opheldering", {}), "pct", 1.0),
        _rate(key, area["naam"], top_rate),
        _goals(key.get("doelen", [])),
    ]
    window = key.get("venster", {})
    beside = {"documents": area.get("documenten", []), "missing": area.get("ontbreekt", [])}
    return row | beside | {"cells": cells, "window": _window(window)}


def _sign(value: Value, text: str) -> Markup:
    """Write a figure, or its sign with the reason on hover and for screen readers."""
    if is_known(value):
        return Markup("{}").format(text)
    why = value.reason if isinstance(value, Missing) else "onderdrukt: te klein aantal"
    return Markup('<span class="wib-weg" title="{}">{}</span>').format(why, dutch.number(value))


def _cell(value: Value, text: str, below: Markup, graphic: Markup | str = "") -> Cell:
    html = Markup(
        '<div class="naast">{}<div><span class="groot">{}</span><small>{}</small></div></div>'
    ).format(graphic, _sign(value, text), below)
    return Cell(html, repr(float(value)) if is_known(value) else "")


def _count(block: Mapping[str, Any], series: Mapping[str, Any], name: str, top: float) -> Cell:
    value, change = figure_of(block, "venster"), figure_of(block, "pct")
    counts = [figure_of(block, name) for name in ("venster", "voorafgaand")]
    known = [n for n in counts if is_known(n)]
    below = _sign(change, dutch.percent(change, sign=True))
    if len(known) == 2 and min(known) < SMALL:
        below = Markup("was {}").format(dutch.number(known[1]))
    values = series.get("aantal", [])
    said = ", ".join(
        f"{label}: {'onbekend' if n is None else dutch.number(n)}"
        for label, n in zip(series.get("labels", []), values, strict=True)
    )
    line = spark(values, top=top, label=f"{name}, per 12 maanden: {said}") if values else ""
    return _cell(value, dutch.number(value), below, line)


def _share(block: Mapping[str, Any], field: str, factor: float) -> Cell:
    share, count = figure_of(block, field), figure_of(block, "venster")
    value = share * factor if is_known(share) else share
    return _cell(value, dutch.percent(value), _sign(count, dutch.number(count)))


def _rate(key: Mapping[str, Any], name: str, top: float) -> Cell:
    block = key.get("per_1000_woningen", {})
    value, mark = figure_of(block, "venster"), block.get("landelijk")
    low, high = block.get("laag"), block.get("hoog")
    text = dutch.number(value, 1)
    land = "landelijk niet bekend" if mark is None else f"landelijk {dutch.number(mark, 1)}"
    year = key.get("woningen_jaar")
    if year is not None and not str(key["venster"]["start"]).startswith(str(year)):
        land += f"; woningen van {year}"
    label = f"{name}: {text} per 1.000 woningen; {land}"
    known = value if is_known(value) else None
    picture = gauge(known, low=low, high=high, mark=mark, top=top, label=label)
    return _cell(value, text, Markup("{}").format(land), picture)


def _goals(goals: Sequence[Mapping[str, Any]]) -> Cell:
    items = Markup("").join(
        Markup("<li>{}<small>{}</small></li>").format(
            verdict(goal["oordeel"]), goal.get("naam", goal["id"])
        )
        for goal in goals
    )
    reached = sum(goal["oordeel"] == "behaald" for goal in goals)
    html = (
        Markup('<ul class="doelen">{}</ul>').format(items)
        if goals
        else Markup("geen doel vastgelegd")
    )
    return Cell(html, str(reached / len(goals)) if goals else "", is_number=False)


def _window(block: Mapping[str, str]) -> str:
    """Name the window of an area, as areas may have started in different months."""
    if "start" not in block or "eind" not in block:
        return ""
    first, last = date.fromisoformat(block["start"]), date.fromisoformat(block["eind"])
    n_months = (last.year - first.year) * 12 + last.month - first.month + 1
    return dutch.window(Window(first, n_months))
